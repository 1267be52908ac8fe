//! EventBridge's default bus: delivers SES's reports about mails through a queue to the function that consumes it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::faults::{Fault, Faults};
use crate::journal::Journal;
use crate::lambda::functions::{Worker, fits};
use crate::template::QueueMapping;

/// How long a message is invisible after it was received. On AWS this is two minutes.
const INVISIBLE: Duration = Duration::from_millis(50);

/// Where events are put.
#[derive(Clone, Debug)]
pub(crate) struct DefaultBus {
    queue: UnboundedSender<Value>,
    waiting: Arc<AtomicUsize>,
}

impl DefaultBus {
    /// Creates a bus, and the receiver that [`Delivery`] reads.
    pub(crate) fn new() -> (Self, UnboundedReceiver<Value>) {
        let (queue, events) = unbounded_channel();
        (Self { queue, waiting: Arc::default() }, events)
    }

    pub(crate) fn put(&self, event: Value) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        // There is no receiver while the stack stops.
        drop(self.queue.send(event));
    }

    /// Puts events in sequence, after a pause.
    pub(crate) fn put_after(&self, pause: Duration, events: Vec<Value>) {
        self.waiting.fetch_add(events.len(), Ordering::Relaxed);
        let queue = self.queue.clone();
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            for event in events {
                drop(queue.send(event));
            }
        });
    }

    /// The number of events that have not been delivered yet.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

/// Delivers events to functions, each as an SQS batch of one message.
pub(crate) struct Delivery<'a> {
    pub(crate) bus: &'a DefaultBus,
    pub(crate) faults: &'a Faults,
    pub(crate) set_aside: &'a Journal,
    /// The queues and the functions that consume them.
    pub(crate) queues: Vec<(QueueMapping, Worker)>,
}

impl Delivery<'_> {
    /// Delivers one event, or appends it to those that wait.
    pub(crate) async fn deliver(&self, event: Value) {
        for (mapping, worker) in &self.queues {
            if !mapping.rules.iter().any(|rule| fits(rule, &event)) {
                continue;
            }
            match self.faults.of_batch(&worker.id) {
                Some(Fault::Duplicate) => {
                    self.bring(mapping, worker, &event).await;
                    self.bring(mapping, worker, &event).await;
                }
                Some(Fault::Reorder) => self.bus.put(event.clone()),
                _ => self.bring(mapping, worker, &event).await,
            }
        }
        self.bus.waiting.fetch_sub(1, Ordering::Relaxed);
    }

    async fn bring(&self, mapping: &QueueMapping, worker: &Worker, event: &Value) {
        let message = json!({
            "messageId": crate::aws::wire::fresh_id(), "receiptHandle": crate::aws::wire::fresh_id(), "body": event.to_string(),
            "attributes": {}, "messageAttributes": {}, "eventSource": "aws:sqs", "eventSourceARN": mapping.queue,
            "awsRegion": "local",
        });
        for attempt in 1..=mapping.receives {
            match worker.invoke(json!({"Records": [message]})).await {
                Ok(answer) if answer["batchItemFailures"].as_array().is_none_or(Vec::is_empty) => return,
                Ok(_) => tracing::warn!(attempt, function = worker.id, "a message was not processed"),
                Err(error) => tracing::error!(%error, attempt, function = worker.id, "the function failed"),
            }
            tokio::time::sleep(INVISIBLE).await;
        }
        if let Err(error) = self.set_aside.add(json!({"queue": mapping.dead_letters, "event": event})) {
            tracing::error!(%error, "an unprocessed event cannot be stored");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn events_put_after_a_pause_are_counted_as_waiting() {
        let (bus, mut events) = DefaultBus::new();
        bus.put_after(Duration::from_millis(50), vec![json!(2), json!(3)]);
        bus.put(json!(1));
        assert_eq!(bus.waiting(), 3);
        for expected in 1..=3 {
            assert_eq!(events.recv().await, Some(json!(expected)));
        }
    }
}
