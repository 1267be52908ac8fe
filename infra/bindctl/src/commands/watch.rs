//! Following a job until it ends.

use serde_json::Value;

use super::Context;
use crate::error::Error;
use crate::print;

/// How long one request waits, in seconds; the API allows 20.
const WAIT: u32 = 20;

/// Prints each transition as it comes (with `--json`: the job, a line for each change), until the job has ended.
///
/// # Errors
/// [`Error::Ended`] when it ended without a passkey.
pub(super) fn run(context: &Context, path: &str) -> Result<(), Error> {
    let mut job = context.client.get(path)?;
    let mut shown = 0;
    let mut last = Value::Null;
    loop {
        if context.json {
            if job != last {
                print::line(&job.to_string());
            }
        } else {
            let transitions = job["transitions"].as_array().map(Vec::as_slice).unwrap_or_default();
            transitions.iter().skip(shown).for_each(|transition| print::line(&self::transition(transition)));
            shown = transitions.len();
            tell_mail(&last, &job);
        }
        let state = print::text(job.get("state"));
        match state.as_str() {
            "COMPLETE" => {
                context.say(&format!("passkey {}", print::text(job.get("credential_id"))));
                return Ok(());
            }
            "LINK_SENT" | "LINK_OPENED" | "REQUEST_DELIVERED" => {}
            _ => return Err(Error::Ended(format!("The job ended without a passkey: {state}"))),
        }
        let next = match state.as_str() {
            "LINK_SENT" => "LINK_OPENED",
            "LINK_OPENED" => "REQUEST_DELIVERED",
            _ => "COMPLETE",
        };
        last = std::mem::replace(&mut job, context.client.get(&format!("{path}?wait_seconds={WAIT}&state={next}"))?);
    }
}

/// A line of the timeline.
pub(super) fn transition(transition: &Value) -> String {
    format!("{}  {}", print::text(transition.get("time")), print::text(transition.get("state")))
}

/// What became of the mail, and of an attempt, when that is news.
fn tell_mail(last: &Value, job: &Value) {
    let news = |name: &str| job[name] != last[name] && !job[name].is_null();
    let said = |name: &str| print::text(job.get(name));
    if news("email_status") {
        let status = format!("{}  mail {} {}", said("update_time"), said("email_status"), said("email_status_reason"));
        print::line(status.trim_end());
    }
    if news("last_failure") {
        let said = |name: &str| print::text(job["last_failure"].get(name));
        print::line(&format!("{}  an attempt failed: {}", said("time"), said("detail")));
    }
}
