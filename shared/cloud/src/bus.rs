//! EventBridge, which changes are published to.

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::{PutEventsRequestEntry, PutEventsResultEntry};
use aws_smithy_types::DateTime;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use crate::aws::{Aws, unavailable};
use crate::env::{BadVariable, Env};

/// The maximum number of entries in one call (a limit of the service).
pub const BATCH: usize = 10;

/// An event bus.
#[derive(Clone, Debug)]
pub struct Bus {
    client: Client,
    name: String,
    source: String,
}

/// An event.
#[derive(Clone, Debug)]
pub struct Message {
    /// EventBridge's `detail-type`.
    pub detail_type: &'static str,
    /// When the event occurred.
    pub time: Timestamp,
    /// The event's `detail` as JSON.
    pub detail: String,
}

impl Bus {
    /// Reads `EVENT_BUS_NAME` and `EVENT_SOURCE`.
    ///
    /// # Errors
    /// [`BadVariable`] when one is missing.
    pub fn new(aws: &Aws, env: &Env) -> Result<Self, BadVariable> {
        let (name, source) = (env.require("EVENT_BUS_NAME")?, env.require("EVENT_SOURCE")?);
        Ok(Self { client: aws.eventbridge(), name: name.to_owned(), source: source.to_owned() })
    }

    /// Opens a connection before the first events need it. The result of the call is ignored.
    pub async fn warm(&self) {
        drop(self.client.describe_event_bus().name(&self.name).send().await);
    }

    /// Puts at most [`BATCH`] events. Each can fail separately: the result has one element for each message, in order.
    ///
    /// # Errors
    /// [`Unavailable`] when the call as a whole failed.
    pub async fn put(&self, messages: &[Message]) -> Result<Vec<Result<(), Refusal>>, Unavailable> {
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
        let refused = |code: &str| Err(Refusal { code: code.to_owned() });
        let outcome = |entry: &PutEventsResultEntry| entry.error_code().map_or(Ok(()), refused);
        let mut outcomes: Vec<_> = answer.entries().iter().map(outcome).collect();
        // An entry that is missing from the response was not accepted.
        outcomes.resize_with(messages.len(), || refused("NoAnswer"));
        Ok(outcomes)
    }
}

/// Why the bus did not accept an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The service's error code.
    pub code: String,
}

impl Refusal {
    /// Whether the fault is in the event, so that every retry fails too. All other codes, including unknown ones, are
    /// temporary faults of the service or its configuration. The codes are those of `PutEventsResultEntry` in
    /// EventBridge's API reference.
    #[must_use]
    pub fn is_for_good(&self) -> bool {
        ["InvalidArgument", "MalformedDetail", "RedactionFailure"].contains(&self.code.as_str())
    }
}
