//! The local stack's events.

use std::time::Duration;

use super::Context;
use crate::args::Events;
use crate::error::Error;
use crate::print;

/// How often it looks for new events.
const INTERVAL: Duration = Duration::from_millis(300);

pub(super) fn run(context: &Context, command: &Events) -> Result<(), Error> {
    let Events::Tail { no_follow } = command;
    let mut seen = 0;
    loop {
        let answer = match context.client.get(&format!("/_local/events?skip={seen}")) {
            Err(Error::Refused(status, _)) => {
                let url = &context.client.connection.url;
                let words =
                    "only `cargo local` keeps events to look at; on AWS, make a rule on the bus (docs/events.md)";
                return Err(Error::Usage(format!("{url} answered {status}: {words}")));
            }
            other => other?,
        };
        let events = answer.as_array().cloned().unwrap_or_default();
        seen += events.len();
        for event in &events {
            if context.json {
                print::line(&event.to_string());
                continue;
            }
            let data = &event["detail"]["data"];
            let (job, credential) = (&data["credential_binding_job"], &data["credential"]);
            let subject = if job.is_object() { job } else { credential };
            let said = |name: &str| print::text(subject.get(name));
            let about =
                if event["detail-type"] == "Credential Binding Email Status Change" { "email_status" } else { "state" };
            let time = print::text(event["detail"]["metadata"].get("occurred_time"));
            let kind = print::text(event.get("detail-type"));
            print::line(&format!("{time}  {kind:<38}  {:<17}  {}  {}", said(about), said("identity_id"), said("id")));
        }
        if *no_follow {
            return Ok(());
        }
        std::thread::sleep(INTERVAL);
    }
}
