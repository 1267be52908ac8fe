//! EventBridge: where changes are told to the world.

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use aws_smithy_types::DateTime;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use crate::aws::{Aws, unavailable};
use crate::env::{BadVariable, Env};

/// How many entries one call takes (the service's limit).
pub const BATCH: usize = 10;

/// An event bus.
#[derive(Clone, Debug)]
pub struct Bus {
    client: Client,
    name: String,
    source: String,
}

/// One event.
#[derive(Clone, Debug)]
pub struct Message {
    /// The kind of event, in words.
    pub detail_type: &'static str,
    /// When it happened.
    pub time: Timestamp,
    /// The event as JSON.
    pub detail: String,
}

impl Bus {
    /// From `EVENT_BUS_NAME` and `EVENT_SOURCE`.
    ///
    /// # Errors
    /// [`BadVariable`] when one is missing.
    pub fn new(aws: &Aws, env: &Env) -> Result<Self, BadVariable> {
        let (name, source) = (env.require("EVENT_BUS_NAME")?, env.require("EVENT_SOURCE")?);
        Ok(Self { client: aws.eventbridge(), name: name.to_owned(), source: source.to_owned() })
    }

    /// Puts at most [`BATCH`] events. Each can fail alone: the answer has one element a message, `None` where it was
    /// accepted and the service's error code where it was not.
    ///
    /// # Errors
    /// [`Unavailable`] when the call as a whole failed.
    pub async fn put(&self, messages: &[Message]) -> Result<Vec<Option<String>>, Unavailable> {
        let entries = messages.iter().map(|message| {
            PutEventsRequestEntry::builder()
                .event_bus_name(&self.name)
                .source(&self.source)
                .detail_type(message.detail_type)
                .time(DateTime::from_millis(message.time.millis()))
                .detail(&message.detail)
                .build()
        });
        let answer = self.client.put_events().set_entries(Some(entries.collect())).send().await;
        let answer = answer.map_err(|error| unavailable("eventbridge", &error))?;
        let mut outcomes: Vec<Option<String>> =
            answer.entries().iter().map(|entry| entry.error_code().map(str::to_owned)).collect();
        // An entry that the answer does not speak of was not accepted.
        outcomes.resize(messages.len(), Some("NoAnswer".to_owned()));
        Ok(outcomes)
    }
}
