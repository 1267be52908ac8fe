//! The local stack's events.

use std::time::Duration;

use api::events::{
    BatchStateChange, CredentialCloneSuspected, CredentialSignIn, CredentialStateChange, Detail, EmailStatusChange,
    Event, IdentityStateChange, JobStateChange,
};
use serde_json::Value;

use super::{Context, understood};
use crate::args::Events;
use crate::error::Error;
use crate::print::{self, Shown as _};

/// The polling interval.
const INTERVAL: Duration = Duration::from_millis(300);

pub(super) fn run(context: &Context, command: &Events) -> Result<(), Error> {
    let Events::Tail { no_follow } = command;
    let mut seen = 0;
    loop {
        let answer = match context.client.get(&format!("/_local/events?skip={seen}")) {
            Err(Error::Problem(status, _)) => {
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
            print::line(&if context.json { event.to_string() } else { line(&read(event)?) });
        }
        if *no_follow {
            return Ok(());
        }
        std::thread::sleep(INTERVAL);
    }
}

fn read(event: &Value) -> Result<Event, Error> {
    let detail_type = event["detail-type"].as_str().unwrap_or_default();
    understood(Event::read(detail_type, &event["detail"]))
}

/// An event as a line: its time, its kind and its subject.
fn line(event: &Event) -> String {
    let (metadata, status, identity, id) = match event {
        Event::JobState(Detail { metadata, data: JobStateChange { credential_binding_job: job, .. } }) => {
            (metadata, job.state.shown(), &job.identity_id, &job.id)
        }
        Event::EmailStatus(Detail { metadata, data: EmailStatusChange { credential_binding_job: job } }) => {
            (metadata, job.email_status.shown(), &job.identity_id, &job.id)
        }
        Event::IdentityState(Detail { metadata, data: IdentityStateChange { identity, .. } }) => {
            (metadata, identity.status.shown(), &identity.id, &metadata.correlation_id)
        }
        Event::BatchState(Detail { metadata, data: BatchStateChange { batch_credential_binding_job: batch, .. } }) => {
            (metadata, batch.state.shown(), &batch.realm_id, &batch.id)
        }
        Event::CredentialState(Detail { metadata, data: CredentialStateChange { credential, .. } })
        | Event::SignIn(Detail { metadata, data: CredentialSignIn { credential } })
        | Event::CloneSuspected(Detail { metadata, data: CredentialCloneSuspected { credential, .. } }) => {
            (metadata, credential.state.shown(), &credential.identity_id, &credential.id)
        }
    };
    let (time, kind) = (metadata.occurred_time.shown(), event.detail_type());
    format!("{time}  {kind:<38}  {status:<17}  {identity}  {id}")
}
