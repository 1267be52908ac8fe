//! EventBridge's default bus: what SES tells of its mails, on its way to the functions whose rules fit it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::faults::{Fault, Faults};
use crate::functions::{Worker, fits};
use crate::journal::Journal;

/// How often an event is brought to a function that fails.
const TRIES: u32 = 50;

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

/// Brings events to functions.
pub(crate) struct Delivery<'a> {
    pub(crate) bus: &'a DefaultBus,
    pub(crate) faults: &'a Faults,
    pub(crate) set_aside: &'a Journal,
    /// Which events go to which function.
    pub(crate) rules: Vec<(Value, Worker)>,
}

impl Delivery<'_> {
    /// Delivers one event, or puts it behind those that wait.
    pub(crate) async fn deliver(&self, event: Value) {
        for (_, worker) in self.rules.iter().filter(|(rule, _)| fits(rule, &event)) {
            match self.faults.of_batch(&worker.id) {
                Some(Fault::Duplicate) => {
                    self.bring(worker, &event).await;
                    self.bring(worker, &event).await;
                }
                Some(Fault::Reorder) => self.bus.put(event.clone()),
                _ => self.bring(worker, &event).await,
            }
        }
        self.bus.waiting.fetch_sub(1, Ordering::Relaxed);
    }

    async fn bring(&self, worker: &Worker, event: &Value) {
        for attempt in 1..=TRIES {
            match worker.invoke(event.clone()).await {
                Ok(_) => return,
                Err(error) => tracing::error!(%error, attempt, "an event was not taken"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        if let Err(error) = self.set_aside.add(json!({"event": event})) {
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
