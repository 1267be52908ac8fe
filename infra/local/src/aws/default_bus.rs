//! EventBridge's default bus: what SES reports of its mails, on its way through a queue to the function that consumes it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::faults::{Fault, Faults};
use crate::journal::Journal;
use crate::lambda::functions::{Worker, fits};
use crate::template::QueueMapping;

/// How long a message is invisible after it was received. On AWS that is two minutes.
const INVISIBLE: Duration = Duration::from_millis(50);

/// Where events are put.
#[derive(Clone, Debug)]
pub(crate) struct DefaultBus {
    queue: UnboundedSender<Value>,
    waiting: Arc<AtomicUsize>,
}

impl DefaultBus {
    /// A bus, and the end that [`Delivery`] reads.
    pub(crate) fn new() -> (Self, UnboundedReceiver<Value>) {
        let (queue, events) = unbounded_channel();
        (Self { queue, waiting: Arc::default() }, events)
    }

    pub(crate) fn put(&self, event: Value) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        // Nobody listens when the stack stops.
        drop(self.queue.send(event));
    }

    /// Puts events one after another, after a pause.
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

    /// How many events have not reached their functions.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

/// Brings events to functions, each as a batch of one message of SQS.
pub(crate) struct Delivery<'a> {
    pub(crate) bus: &'a DefaultBus,
    pub(crate) faults: &'a Faults,
    pub(crate) set_aside: &'a Journal,
    /// Which queue which function consumes.
    pub(crate) queues: Vec<(QueueMapping, Worker)>,
}

impl Delivery<'_> {
    /// Delivers one event, or puts it behind those that wait.
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
                Ok(_) => tracing::warn!(attempt, function = worker.id, "a message was not taken"),
                Err(error) => tracing::error!(%error, attempt, function = worker.id, "the function failed"),
            }
            tokio::time::sleep(INVISIBLE).await;
        }
        if let Err(error) = self.set_aside.add(json!({"queue": mapping.dead_letters, "event": event})) {
            tracing::error!(%error, "an event that was not taken cannot be kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_put_after_a_pause_comes_later_and_is_waited_for() {
        let (bus, mut events) = DefaultBus::new();
        bus.put_after(Duration::from_millis(50), vec![json!(2), json!(3)]);
        bus.put(json!(1));
        assert_eq!(bus.waiting(), 3);
        for expected in 1..=3 {
            assert_eq!(events.recv().await, Some(json!(expected)));
        }
    }
}
