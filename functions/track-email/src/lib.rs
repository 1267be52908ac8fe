//! What became of a mail: SES tells it by EventBridge, in any order and more than once, and the job remembers the latest.
//!
//! A mail that will never arrive ends its job, if the link was not opened yet: `FAILED_TO_SEND`. What is no mail of ours, or
//! of a job that is gone, is passed over.

mod news;

use std::sync::Arc;

use binding::mail::Letter;
use cloud::aws::Aws;
use cloud::boot::Error;
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::mail_tags::MailTags;
use cloud::table::{EmailNews, Table};

pub use news::SesEvent;

/// What the function needs.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
}

impl Deps {
    /// From the function's environment.
    ///
    /// # Errors
    /// What keeps the function from starting.
    pub async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let table = Table::new(&Aws::new(env)?, env)?;
        table.warm().await;
        Ok(Self { table, clock })
    }
}

/// Notes one event.
///
/// # Errors
/// When the table does not answer: Lambda tries again.
pub async fn handle(deps: Arc<Deps>, event: SesEvent) -> Result<(), Error> {
    let Some(tags) = MailTags::read(&event.detail.mail.tags) else {
        tracing::warn!(event_type = event.detail.event_type, "an event of a mail that is not ours");
        return Ok(());
    };
    let Some((status, reason)) = event.detail.status() else {
        tracing::info!(event_type = event.detail.event_type, job_id = %tags.job.job, "nothing to note");
        return Ok(());
    };
    tracing::info!(job_id = %tags.job.job, mail = tags.letter.name(), status = status.name(), reason, "news of a mail");
    if tags.letter == Letter::Invitation {
        let news = EmailNews { mail: tags.number, status, reason: &reason };
        deps.table.note_news(&tags.job, news, deps.clock.now()).await?;
    }
    Ok(())
}
