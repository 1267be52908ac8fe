//! Many concurrent clients while services fail: nothing is lost and nothing happens twice. The program behind
//! `tests/load`, and a short run of it as a test.
//!
//! 1. Each client runs complete jobs in sequence: create, open, getInfo, bind; every second one by mail. It repeats a
//!    request whose outcome is unknown, as a client of the API should.
//! 2. Another client reads the stack's mailbox and events. When an expected mail does not arrive, it advances the clock
//!    by a minute, because the claim of a mailer that died has then expired.
//! 3. When all jobs are complete and the stream is drained, the API, the mails and the events are compared with the
//!    responses that the clients got.

mod client;
mod verdict;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::{Value, json};

use client::Client;

/// The number of jobs of one identity. Each `getInfo` lists all credentials of the identity.
const JOBS_PER_IDENTITY: usize = 20;

/// The parameters of a run.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) base: String,
    pub(crate) jobs: usize,
    pub(crate) clients: usize,
    /// The probability that a call of AWS fails.
    pub(crate) probability: f64,
    pub(crate) seed: u64,
}

/// A job as its client saw it.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    pub(crate) identity: usize,
    pub(crate) id: String,
    pub(crate) credential: String,
    pub(crate) mailed: bool,
    /// The duration of each step, in milliseconds.
    pub(crate) steps: BTreeMap<&'static str, f64>,
}

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Report {
    /// Lines to print.
    pub(crate) lines: Vec<String>,
    /// Violations of the guarantees.
    pub(crate) violations: Vec<String>,
}

/// Runs the plan on a fresh stack.
pub(crate) async fn run(plan: Plan) -> Report {
    let client = Arc::new(Client::new(&plan.base));
    let kinds = ["throttle", "error", "timeout", "lost_response", "kill_before", "kill_after", "duplicate", "reorder"];
    // Mails as fast as the functions can send them.
    let account = json!({"max_send_rate": 10_000, "max_24_hour_send": 10_000_000});
    client.local("POST", "account", &account).await;
    if plan.probability > 0.0 {
        let faults = json!({"seed": plan.seed, "probability": plan.probability, "kinds": kinds});
        client.local("POST", "faults", &faults).await;
    }
    let reader = tokio::spawn({
        let client = client.clone();
        async move { client.read_journals().await }
    });
    let (begun, next) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    let clients: Vec<_> = (0..plan.clients)
        .map(|_| {
            let (client, next, jobs) = (client.clone(), next.clone(), plan.jobs);
            tokio::spawn(async move {
                let (mut done, mut failed) = (Vec::new(), Vec::new());
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= jobs {
                        return (done, failed);
                    }
                    match whole_job(&client, number).await {
                        Ok(job) => done.push(job),
                        Err(error) => failed.push(format!("job {number}: {error}")),
                    }
                }
            })
        })
        .collect();
    let (mut done, mut violations) = (Vec::new(), Vec::new());
    for client in clients {
        match client.await {
            Ok((jobs, failed)) => {
                done.extend(jobs);
                violations.extend(failed);
            }
            Err(error) => violations.push(error.to_string()),
        }
    }
    let took = begun.elapsed();
    reader.abort();
    let injected = client.local("DELETE", "faults", &Value::Null).await["injected"].clone();
    violations.extend(client.drain().await.err());
    let drained = begun.elapsed();
    violations.extend(verdict::violations(&client, &done, injected.as_array().map_or(&[], Vec::as_slice)).await);
    let mut lines = verdict::figures(&client, &done, took, &injected).await;
    lines.push(format!("everything published and mailed {:.1} s after the beginning", drained.as_secs_f64()));
    Report { lines, violations }
}

async fn whole_job(client: &Client, number: usize) -> Result<Done, String> {
    let (identity, mailed) = (number / JOBS_PER_IDENTITY, number.is_multiple_of(2));
    let mut steps = BTreeMap::new();
    client.identity(identity).await?;
    let begun = Instant::now();
    let mut lap = begun;
    let mut note = |name: &'static str| {
        steps.insert(name, lap.elapsed().as_secs_f64() * 1000.0);
        lap = Instant::now();
    };
    let (id, secret) = client.create(identity, number, mailed).await?;
    note("create");
    let secret = match secret {
        Some(secret) => secret,
        None => client.mailed_secret(&id).await?,
    };
    if mailed {
        note("mail");
    }
    // A ceremony lasts fifteen minutes. If the clock was advanced meanwhile, the link is opened again.
    for _ in 0..5 {
        let ceremony = client.open(identity, &id, &secret).await?;
        note("open");
        let Some(options) = client.get_info(identity, &id, &ceremony).await? else { continue };
        note("getInfo");
        let registration = crate::authenticator::register(&options, &client.base);
        // The time that the device needs for its key is not counted for any function.
        note("device");
        let Some(credential) = client.bind(identity, &id, &ceremony, &registration).await? else { continue };
        note("bind");
        let whole = begun.elapsed().as_secs_f64() * 1000.0;
        steps.insert(if mailed { "job by mail" } else { "job by return" }, whole);
        return Ok(Done { identity, id, credential, mailed, steps });
    }
    Err(format!("{id}: its ceremonies expired too early"))
}

/// A short run, in this process and without optimisation.
#[cfg(test)]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_repeated_under_load() {
    let world = crate::world::World::new().await;
    let base = world.stack.base().to_owned();
    let run = run(Plan { base, jobs: 100, clients: 16, probability: 0.02, seed: 1 });
    let report = tokio::time::timeout(crate::world::PATIENCE * 5, run).await.unwrap();
    assert!(report.violations.is_empty(), "{:#?}", report.violations);
    assert!(report.lines.iter().any(|line| line.contains("100 jobs")), "{:#?}", report.lines);
}
