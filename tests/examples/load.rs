//! Load on a stack that runs elsewhere: `load BASE JOBS CLIENTS PROBABILITY SEED`. See `tests/load`.

#![expect(clippy::unwrap_used, reason = "a failure of the test's device ends the run")]

use std::process::ExitCode;

#[path = "../integration/authenticator.rs"]
#[expect(dead_code, reason = "only a part of its device is used here")]
mod authenticator;
#[path = "../integration/load/mod.rs"]
mod load;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(plan) = plan(&arguments) else {
        eprintln!("usage: load BASE JOBS CLIENTS PROBABILITY SEED");
        return ExitCode::from(2);
    };
    let report = load::run(plan).await;
    for line in &report.lines {
        println!("{line}");
    }
    for violation in report.violations.iter().take(20) {
        eprintln!("violation: {violation}");
    }
    println!("violations: {}", report.violations.len());
    if report.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn plan(arguments: &[String]) -> Option<load::Plan> {
    let [base, jobs, clients, probability, seed] = arguments else { return None };
    Some(load::Plan {
        base: base.clone(),
        jobs: jobs.parse().ok()?,
        clients: clients.parse().ok()?,
        probability: probability.parse().ok()?,
        seed: seed.parse().ok()?,
    })
}
