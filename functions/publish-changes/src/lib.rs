//! Publishes changes from the table's stream to EventBridge. It is the only publisher, so events are published only for
//! committed changes, and at least once for each of them.
//!
//! 1. Each record of the batch becomes an event for each new version: none, one, or two if a job entered two states in one
//!    write.
//! 2. Events are put in waves ([`publish`]), so that those of one job are published in order.
//! 3. A record that can never be published is set aside with its content, and the shard goes on.
//! 4. The first record that is not published yet is reported, and Lambda retries from there. Later records that were
//!    published are published again, with the same `event_id`.
//! 5. The counts of the realm's identities by enrollment status follow the same records ([`enrollment`]).
//!
//! A caller of `:publish`, or an operator ([`republish`]), can publish a job's present state again. An operator can count
//! a realm's identities again ([`recount`]).

mod enrollment;
mod publish;
mod recount;
mod republish;
mod waves;

use std::sync::Arc;
use std::time::Duration;

use api::events::{self, Event};
use cloud::aws::Aws;
use cloud::boot::{Error, FromEnv};
use cloud::bus::{Bus, Message};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::metric::Metrics;
use cloud::set_aside::SetAside;
use cloud::stream::{Change, Failures, change_in};
use cloud::table::Table;
use serde_json::Value;
use tokio::time::Instant;

use crate::publish::{Poison, Report};
use crate::waves::Entry;

/// How long records are set aside, from the start of the batch. One takes 3 s at most, and the function has 20 s.
const SET_ASIDE_BUDGET: Duration = Duration::from_secs(15);

/// The function's dependencies.
#[derive(Clone, Debug)]
pub struct Deps {
    bus: Bus,
    table: Table,
    clock: Clock,
    set_aside: SetAside,
    metrics: Metrics,
}

impl FromEnv for Deps {
    async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let aws = Aws::new(env)?;
        let bus = Bus::new(&aws, env)?;
        bus.warm().await;
        Ok(Self {
            bus,
            table: Table::new(&aws, env)?,
            clock: clock.clone(),
            set_aside: SetAside::new(&aws, env)?,
            metrics: Metrics::new(env, clock)?,
        })
    }
}

/// Publishes a batch of stream records (`{"Records": […]}`), or a job again (`{"republish": {…}}`), or counts the
/// identities of a realm again (`{"recount": {…}}`). Records are parsed one by one, so that an unreadable one does not
/// affect the others.
///
/// # Errors
/// When the payload is none of these, or such a request fails. Failures within a batch are part of the response.
pub async fn handle(deps: Arc<Deps>, payload: Value) -> Result<Value, Error> {
    if let Some(request) = payload.get("republish") {
        return Ok(serde_json::to_value(deps.republish(request).await?)?);
    }
    if let Some(request) = payload.get("recount") {
        return Ok(serde_json::to_value(deps.recount(request).await?)?);
    }
    match payload.get("Records").and_then(Value::as_array) {
        Some(records) => Ok(serde_json::to_value(deps.publish_batch(records).await)?),
        None => Err("the payload has none of Records, republish and recount".into()),
    }
}

impl Deps {
    async fn publish_batch(&self, records: &[Value]) -> Failures {
        let begun = Instant::now();
        let mut entries = Vec::new();
        let mut unreadable = Vec::new();
        for (index, record) in records.iter().enumerate() {
            match change_in(record) {
                Ok(change) => {
                    let messages = messages(&change).into_iter();
                    entries.extend(messages.map(|(key, message)| Entry::new(index, key, message)));
                }
                Err(error) => unreadable.push(Poison { index, reason: error.detail }),
            }
        }
        // The counts must not delay events: neither these, nor those of the next batch.
        let publishing = publish::in_waves(&self.bus, entries);
        let (report, uncounted) = tokio::join!(publishing, self.enroll(records, begun));
        let Report { published, refusals, poison, mut unpublished } = report;
        unreadable.extend(poison);
        unreadable.sort_by_key(|poison| poison.index);
        // A record can have two events that the bus will never accept.
        unreadable.dedup_by_key(|poison| poison.index);
        let mut set_aside = 0;
        // Records after the first reported one are delivered again anyway.
        for poison in unreadable.iter().take_while(|poison| unpublished.is_none_or(|first| poison.index < first)) {
            if begun.elapsed() < SET_ASIDE_BUDGET && self.set_aside(&records[poison.index], &poison.reason).await {
                set_aside += 1;
            } else {
                unpublished = Some(poison.index);
                break;
            }
        }
        unpublished = [unpublished, uncounted].into_iter().flatten().min();
        let counts = [("EventsPublished", published), ("EntriesRefused", refusals), ("RecordsSetAside", set_aside)];
        self.metrics.count(&counts);
        let report = |index: usize| Failures::from_sequence_number(sequence_number(&records[index]));
        unpublished.map(report).unwrap_or_default()
    }

    /// Sets a record aside, and returns whether that succeeded.
    async fn set_aside(&self, record: &Value, reason: &str) -> bool {
        let sequence_number = sequence_number(record);
        match self.set_aside.put(sequence_number, record, reason).await {
            Ok(()) => {
                tracing::error!(sequence_number, reason, "a record was set aside");
                true
            }
            Err(error) => {
                tracing::error!(sequence_number, reason, detail = %error, "a record could not be set aside yet");
                false
            }
        }
    }
}

fn sequence_number(record: &Value) -> &str {
    record["dynamodb"]["SequenceNumber"].as_str().unwrap_or_default()
}

/// The events of a change that are published, in order, with the id of the job or identity that they belong to.
fn messages(change: &Change) -> Vec<(String, Message)> {
    let one = |event: Option<Event>| event.into_iter().collect();
    let (key, time, events): (_, _, Vec<Event>) = match change {
        Change::Job { before, after } => {
            (after.reference.id.to_string(), after.update_time, events::job(before.as_deref(), after))
        }
        Change::Credential { before, after } => {
            (after.job.to_string(), after.update_time, one(events::credential(before.as_deref(), after)))
        }
        Change::Identity { before, after } => {
            (after.uuid().to_string(), after.update_time, one(events::identity(before, after)))
        }
        Change::Batch { before, after } => {
            (after.reference.id.to_string(), after.update_time, one(events::batch(before.as_deref(), after)))
        }
        Change::ReplayedJob(job) => (job.reference.id.to_string(), job.update_time, vec![events::replayed_job(job)]),
        Change::ReplayedCredential(credential) => {
            (credential.job.to_string(), credential.update_time, one(events::replayed_credential(credential)))
        }
        Change::Other => return Vec::new(),
    };
    let of = |event: Event| Message { detail_type: event.detail_type(), time, detail: event.to_string() };
    events.into_iter().map(|event| (key.clone(), of(event))).collect()
}
