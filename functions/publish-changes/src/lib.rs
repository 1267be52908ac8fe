//! From the table's stream to EventBridge: the only publisher, so that an event tells of a committed change and every
//! committed change is told, at least once.
//!
//! 1. Each record of the batch becomes at most one event, in the stream's order, which is the order per job.
//! 2. Events go out ten at a time. An entry that the bus refuses is tried again a few times.
//! 3. What is left is reported: Lambda begins again at the first record that was not told. What was told after it is
//!    told twice then, with the same `event_id`.

use std::sync::Arc;
use std::time::Duration;

use api::events;
use cloud::aws::Aws;
use cloud::boot::Error;
use cloud::bus::{BATCH, Bus, Message};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::stream::{Change, Failures, StreamEvent, change};

/// How often an entry is put in one run.
const TRIES: u32 = 3;

/// What the function needs.
#[derive(Clone, Debug)]
pub struct Deps {
    bus: Bus,
}

impl Deps {
    /// From the function's environment.
    ///
    /// # Errors
    /// What keeps the function from starting.
    pub async fn from_env(env: &Env, _: Clock) -> Result<Self, Error> {
        Ok(Self { bus: Bus::new(&Aws::new(env)?, env)? })
    }
}

/// Publishes a batch.
///
/// # Errors
/// When the first of several records cannot be read. What else fails is reported record by record.
pub async fn handle(deps: Arc<Deps>, batch: StreamEvent) -> Result<Failures, Error> {
    let mut messages = Vec::new();
    let mut unreadable = None;
    for (index, record) in batch.records.iter().enumerate() {
        match change(record) {
            Ok(change) => messages.extend(message(&change).map(|message| (index, message))),
            Err(error) => {
                // Lambda halves a batch whose run failed until the record is alone, and sets it aside then. Reported
                // as a partial failure it would take those behind it along.
                tracing::error!(detail = %error, "a stream record cannot be read");
                if index == 0 && batch.records.len() > 1 {
                    return Err("the first record of the batch cannot be read".into());
                }
                unreadable = Some(index);
                break;
            }
        }
    }
    for chunk in messages.chunks(BATCH) {
        if let Some(index) = deps.publish(chunk).await {
            return Ok(Failures::from_record(&batch.records[index]));
        }
    }
    Ok(unreadable.map(|index| Failures::from_record(&batch.records[index])).unwrap_or_default())
}

fn message(change: &Change) -> Option<Message> {
    let (time, event) = match change {
        Change::Job { before, after } => (after.update_time, events::job(before.as_deref(), after)),
        Change::Credential { before, after } => (after.update_time, events::credential(before.as_deref(), after)),
        Change::Other => return None,
    };
    let (detail_type, detail) = event?;
    Some(Message { detail_type, time, detail: detail.to_string() })
}

impl Deps {
    /// Puts a chunk; the index of the first record that was not told, if any.
    async fn publish(&self, chunk: &[(usize, Message)]) -> Option<usize> {
        let mut left: Vec<&(usize, Message)> = chunk.iter().collect();
        for attempt in 1..=TRIES {
            let messages: Vec<Message> = left.iter().map(|(_, message)| message.clone()).collect();
            match self.bus.put(&messages).await {
                Ok(outcomes) => {
                    let refused =
                        left.iter().zip(&outcomes).filter_map(|(entry, code)| code.as_ref().map(|code| (*entry, code)));
                    let refused: Vec<_> = refused.collect();
                    for (_, code) in &refused {
                        tracing::warn!(code = code.as_str(), attempt, "the bus refused an event");
                    }
                    left = refused.into_iter().map(|(entry, _)| entry).collect();
                }
                Err(error) => {
                    tracing::error!(detail = %error, "the bus does not answer");
                    break;
                }
            }
            if left.is_empty() {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(100 * u64::from(attempt))).await;
        }
        left.first().map(|(index, _)| *index)
    }
}
