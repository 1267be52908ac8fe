//! Many clients at once, while services fail: nothing is lost and nothing is double. The program behind `tests/load`,
//! and a short run of it as a test.
//!
//! 1. Each client makes whole jobs, one after another: create, open, getInfo, bind; every second one by mail. It asks
//!    again when it is not told what happened, as a client of the API should.
//! 2. One more reads the stack's mailbox and events. When mail that is waited for does not come, it moves the clock on
//!    by a minute: the claim of a mailer that died is over then.
//! 3. When all is done and the stream has come to its end, the API, the mails and the events are compared with what
//!    the clients were told.

mod client;
mod verdict;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::{Value, json};

use client::Client;

/// How many jobs share an identity: its credentials are all named in each `getInfo`.
const JOBS_PER_IDENTITY: usize = 20;

/// What is to be done.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) base: String,
    pub(crate) jobs: usize,
    pub(crate) clients: usize,
    /// How likely a call of AWS goes wrong.
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
    /// Milliseconds of each step.
    pub(crate) steps: BTreeMap<&'static str, f64>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Report {
    /// Lines to be read.
    pub(crate) lines: Vec<String>,
    /// What is not as it must be.
    pub(crate) violations: Vec<String>,
}

/// Runs the plan on a fresh stack.
pub(crate) async fn run(plan: Plan) -> Report {
    let client = Arc::new(Client::new(&plan.base));
    let kinds = ["throttle", "error", "timeout", "lost_response", "kill_before", "kill_after", "duplicate", "reorder"];
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
    lines.push(format!("all told and mailed {:.1} s after the beginning", drained.as_secs_f64()));
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
    // A ceremony lives fifteen minutes: when the clock is moved on meanwhile, the link is opened again.
    for _ in 0..5 {
        let ceremony = client.open(identity, &id, &secret).await?;
        note("open");
        let Some(options) = client.get_info(identity, &id, &ceremony).await? else { continue };
        note("getInfo");
        let registration = crate::authenticator::register(&options, &client.base);
        // What the device itself takes for its key is nobody's time.
        note("device");
        let Some(credential) = client.bind(identity, &id, &ceremony, &registration).await? else { continue };
        note("bind");
        let whole = begun.elapsed().as_secs_f64() * 1000.0;
        steps.insert(if mailed { "job by mail" } else { "job by return" }, whole);
        return Ok(Done { identity, id, credential, mailed, steps });
    }
    Err(format!("{id}: its ceremonies ended too early"))
}

/// A short run, in this process and without optimisation.
#[cfg(test)]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_double_under_load() {
    let world = crate::world::World::new().await;
    let base = world.stack.base().to_owned();
    let run = run(Plan { base, jobs: 100, clients: 16, probability: 0.02, seed: 1 });
    let report = tokio::time::timeout(crate::world::PATIENCE * 5, run).await.unwrap();
    assert!(report.violations.is_empty(), "{:#?}", report.violations);
    assert!(report.lines.iter().any(|line| line.contains("100 jobs")), "{:#?}", report.lines);
}
