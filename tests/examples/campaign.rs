//! Campaigns on stacks in this process: `campaign LIMIT RECIPIENTS…`. See `tests/campaign`.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a failure of the test's own stack ends the run")]
#![expect(clippy::cast_precision_loss, reason = "figures are printed with three digits")]

use std::process::ExitCode;

#[path = "../integration/authenticator.rs"]
#[expect(dead_code, reason = "nobody enrols here")]
mod authenticator;
#[path = "../integration/campaigns/many.rs"]
mod many;
#[path = "../integration/world.rs"]
#[expect(dead_code, reason = "only a part of the world is used here")]
mod world;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Option<Vec<usize>> = std::env::args().skip(1).map(|text| text.parse().ok()).collect();
    let Some([limit, sizes @ ..]) = arguments.as_deref() else {
        eprintln!("usage: campaign LIMIT RECIPIENTS…");
        return ExitCode::from(2);
    };
    let mut all = Vec::new();
    for recipients in sizes {
        all.push(many::run(*recipients, *limit).await);
    }
    for line in many::table(&all) {
        println!("{line}");
    }
    let violations: Vec<&String> = all.iter().flat_map(|one| &one.violations).collect();
    for violation in violations.iter().take(20) {
        eprintln!("violation: {violation}");
    }
    let grows = all.iter().any(|one| one.per_recipient() > all[0].per_recipient() * 1.1);
    if grows {
        eprintln!("violation: a recipient needs more requests in a larger campaign");
    }
    println!("violations: {}", violations.len() + usize::from(grows));
    if violations.is_empty() && !grows { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
