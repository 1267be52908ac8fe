//! EventBridge's default bus: what SES tells of its mails, on its way to the functions whose rules fit it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::faults::{Fault, Faults};
use crate::functions::{Worker, fits};
use crate::record::Journal;

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
        self.set_aside.add(json!({"event": event}));
    }
}
