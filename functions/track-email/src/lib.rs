//! Records the delivery status of mails. SES reports it to EventBridge, in any order and more than once, and the job
//! keeps the latest status. A rule puts the events on a queue, which holds them while this function or the table
//! fails.
//!
//! If a mail will never arrive and its link was not opened yet, the job becomes `FAILED_TO_SEND`. Events of other
//! mails, or of jobs that no longer exist, are ignored.

mod ses_event;

use std::sync::Arc;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use binding::mail::Letter;
use cloud::aws::Aws;
use cloud::boot::{Error, FromEnv};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::mail_tags::MailTags;
use cloud::table::{EmailReport, Table};

pub use ses_event::SesEvent;

/// The function's dependencies.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
}

impl FromEnv for Deps {
    async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let table = Table::new(&Aws::new(env)?, env)?;
        table.warm().await;
        Ok(Self { table, clock })
    }
}

/// Records the events of a batch. A message that cannot be handled is reported and stays on the queue; after a day it
/// moves to the dead-letter queue.
///
/// # Errors
/// None: failures are reported message by message.
pub async fn handle(deps: Arc<Deps>, batch: SqsEvent) -> Result<SqsBatchResponse, Error> {
    let mut response = SqsBatchResponse::default();
    for message in batch.records {
        if let Err(error) = record(&deps, &message).await {
            let id = message.message_id.unwrap_or_default();
            tracing::error!(message_id = id, %error, "an event of SES was not recorded yet");
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = id;
            response.batch_item_failures.push(failure);
        }
    }
    Ok(response)
}

async fn record(deps: &Deps, message: &SqsMessage) -> Result<(), Error> {
    let event: SesEvent = serde_json::from_str(message.body.as_deref().unwrap_or_default())
        .map_err(|error| format!("the message is not an event of SES: {error}"))?;
    let Some(tags) = MailTags::read(&event.detail.mail.tags) else {
        tracing::warn!(event_type = event.detail.event_type, "the mail of this event was not sent by Bindery");
        return Ok(());
    };
    let Some((status, reason)) = event.detail.status() else {
        tracing::info!(event_type = event.detail.event_type, job_id = %tags.job.id, "nothing to record");
        return Ok(());
    };
    tracing::info!(job_id = %tags.job.id, mail = tags.letter.name(), status = status.name(), reason, "delivery status");
    if tags.letter == Letter::Invitation {
        let report = EmailReport { mail: tags.number, status, reason: &reason, batch_id: tags.batch_id };
        deps.table.record_email_status(&tags.job, report, deps.clock.now()).await?;
    }
    Ok(())
}
