//! Starts programs in turns, as Lambda does, and prints how long each takes to its first answer: `bench PLAN`.
//!
//! PLAN is JSON: see [`Plan`]. A program gets its events from a Runtime API on loopback and its AWS answers over TLS, each
//! service at an address of its own. It prints the medians of all rounds, as JSON.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a measurement that fails ends the run")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::process::Command;

mod aws;
mod runtime;

/// What is measured.
#[derive(Deserialize)]
struct Plan {
    /// How often each program is started.
    rounds: usize,
    /// The TLS server's certificate with its intermediates, and its key: PEM files.
    chain: String,
    /// See `chain`.
    key: String,
    /// The file to which the id of each process is written: `cgroup.procs` of a group with a share of the CPU.
    cpu_group: Option<String>,
    /// The programs, which are started in turns.
    programs: Vec<Program>,
}

/// A program.
#[derive(Deserialize)]
struct Program {
    name: String,
    command: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// The event of every invocation.
    event: Value,
    /// The AWS calls of an invocation, with their answers.
    #[serde(default)]
    calls: Vec<aws::Call>,
}

/// What was measured of a program: medians.
#[derive(Debug, Serialize)]
struct Figures {
    /// From the start of the process to the answer to its first event, in milliseconds.
    start_ms: f64,
    /// CPU time of that.
    cpu_ms: f64,
    /// From the first event to its answer.
    first_ms: f64,
    /// From an event to its answer, later on.
    warm_ms: f64,
    /// TLS connections until the first answer.
    connections: f64,
    /// Page faults until the first answer that needed no disk.
    page_faults: f64,
    /// Peak memory, in MiB.
    peak_mib: f64,
    /// The answer to the first event, of the last round.
    answer: Value,
}

#[tokio::main]
async fn main() {
    let file = std::env::args().nth(1).expect("usage: bench PLAN");
    let plan: Plan = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let services = aws::serve(Path::new(&plan.chain), Path::new(&plan.key)).await;
    let lambda = runtime::serve().await;
    let mut runs: BTreeMap<&str, Vec<Run>> = BTreeMap::new();
    for _ in 0..plan.rounds {
        for program in &plan.programs {
            let run = start(program, &services, &lambda, plan.cpu_group.as_deref()).await;
            runs.entry(&program.name).or_default().push(run);
        }
    }
    let figures: BTreeMap<&str, Figures> = runs.into_iter().map(|(name, runs)| (name, summarize(runs))).collect();
    println!("{}", serde_json::to_string_pretty(&figures).unwrap());
}

/// One start of a program.
struct Run {
    start: Duration,
    cpu: Duration,
    requests: Vec<Duration>,
    connections: usize,
    page_faults: u64,
    peak: f64,
    answer: Value,
}

/// How many events a program gets.
const EVENTS: usize = 6;

/// How long a program may take for all of them.
const PATIENCE: Duration = Duration::from_secs(60);

async fn start(program: &Program, services: &aws::Services, lambda: &runtime::Lambda, cpu_group: Option<&str>) -> Run {
    services.play(&program.calls);
    let mut command = Command::new(&program.command[0]);
    command.args(&program.command[1..]).env_clear().envs(&program.env);
    command.env("AWS_LAMBDA_RUNTIME_API", &lambda.address);
    for (name, url) in &services.urls {
        command.env(name, url);
    }
    let (mut answers, events) = (Vec::new(), vec![program.event.to_string(); EVENTS]);
    lambda.offer(events);
    command.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
    let begun = Instant::now();
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", program.name));
    let id = child.id().unwrap();
    if let Some(file) = cpu_group {
        std::fs::write(file, id.to_string()).unwrap();
    }
    let (mut cpu, mut connections, mut page_faults) = (Duration::ZERO, 0, 0);
    for event in 0..EVENTS {
        let answer = tokio::time::timeout(PATIENCE, lambda.answer()).await;
        let answer = answer.unwrap_or_else(|_| panic!("{} did not answer in time", program.name));
        if event == 0 {
            (cpu, connections, page_faults) = (cpu_time(id), services.connections(), minor_faults(id));
        }
        answers.push(answer);
    }
    let peak = peak_memory(id);
    child.kill().await.unwrap();
    Run {
        start: answers[0].answered.duration_since(begun),
        cpu,
        requests: answers.iter().map(|answer| answer.answered - answer.handed).collect(),
        connections,
        page_faults,
        peak,
        answer: serde_json::from_str(&answers[0].body).unwrap_or_else(|_| answers[0].body.clone().into()),
    }
}

/// The CPU time of a process's threads.
fn cpu_time(id: u32) -> Duration {
    let threads = std::fs::read_dir(format!("/proc/{id}/task")).unwrap();
    let nanoseconds = |thread: std::io::Result<std::fs::DirEntry>| {
        let text = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    };
    Duration::from_nanos(threads.filter_map(nanoseconds).sum())
}

/// The page faults of a process that needed no disk (proc(5), `minflt`).
fn minor_faults(id: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    after_name.split_whitespace().nth(7).unwrap().parse().unwrap()
}

/// The most memory that a process has had, in MiB.
fn peak_memory(id: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}

fn summarize(mut runs: Vec<Run>) -> Figures {
    let answer = runs.last_mut().map(|run| std::mem::take(&mut run.answer)).unwrap_or_default();
    let of = |figure: &dyn Fn(&Run) -> f64| median(runs.iter().map(figure).collect());
    let ms = |duration: Duration| duration.as_secs_f64() * 1000.0;
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let (connections, page_faults) = (of(&|run| run.connections as f64), of(&|run| run.page_faults as f64));
    Figures {
        start_ms: of(&|run| ms(run.start)),
        cpu_ms: of(&|run| ms(run.cpu)),
        first_ms: of(&|run| ms(run.requests[0])),
        warm_ms: of(&|run| median(run.requests[1..].iter().copied().map(ms).collect())),
        connections,
        page_faults,
        peak_mib: of(&|run| run.peak),
        answer,
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// What both servers share: the state of the run.
type Shared<T> = Arc<std::sync::Mutex<T>>;
