//! Follows a job until it ends.

use std::time::Duration;

use api::scalar::State;
use api::view::{Job, Transition};
use serde_json::Value;

use super::{Context, typed};
use crate::error::Error;
use crate::print::{self, Shown as _};

/// How long one request may wait, in seconds. An installation may wait for a shorter time, and then says when to ask again.
const WAIT: u32 = 20;

/// Prints each transition (with `--json`: the job, one line for each change) until the job has ended.
///
/// # Errors
/// [`Error::Ended`] when the job ended without a passkey.
pub(super) fn run(context: &Context, path: &str) -> Result<(), Error> {
    let mut answer = context.client.get(path)?;
    let mut printed = Value::Null;
    let mut last: Option<Job> = None;
    let mut pause = Duration::ZERO;
    loop {
        let job: Job = typed(&answer)?;
        if !context.json {
            let shown = last.as_ref().map_or(0, |last| last.transitions.len());
            job.transitions.iter().skip(shown).for_each(|transition| print::line(&self::transition(transition)));
            tell_mail(last.as_ref(), &job);
        } else if answer != printed {
            print::line(&answer.to_string());
        }
        let next = match job.state.0 {
            State::Complete => {
                context.say(&format!("passkey {}", job.credential_id.shown()));
                return Ok(());
            }
            State::LinkSent => State::LinkOpened,
            State::LinkOpened => State::RequestDelivered,
            State::RequestDelivered => State::Complete,
            State::Expired | State::Revoked | State::FailedToSend => {
                return Err(Error::Ended(format!("The job ended without a passkey: {}", job.state)));
            }
        };
        last = Some(job);
        let wait = format!("{path}?wait_seconds={WAIT}&state={next}");
        std::thread::sleep(pause);
        let (new, retry_after) = context.client.get_waiting(&wait)?;
        pause = retry_after.unwrap_or_default();
        printed = std::mem::replace(&mut answer, new);
    }
}

/// A line of the timeline.
pub(super) fn transition(transition: &Transition) -> String {
    format!("{}  {}", transition.time.shown(), transition.state)
}

/// Prints the delivery status of the mail and the latest failed attempt, if they changed.
fn tell_mail(last: Option<&Job>, job: &Job) {
    if job.email_status.is_some() && job.email_status != last.and_then(|last| last.email_status) {
        let (status, reason) = (job.email_status.shown(), job.email_status_reason.shown());
        print::line(format!("{}  mail {status} {reason}", job.update_time.shown()).trim_end());
    }
    if let Some(failure) = &job.last_failure
        && last.is_none_or(|last| last.last_failure.as_ref() != Some(failure))
    {
        print::line(&format!("{}  an attempt failed: {}", failure.time.shown(), failure.detail.shown()));
    }
}
