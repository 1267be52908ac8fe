//! Schedules by the stack's clock: when it is advanced, due schedules run.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use cloud::clock::Clock;
use serde_json::json;

use crate::lambda::functions::Worker;

/// The polling interval of the clock.
const GLANCE: Duration = Duration::from_millis(50);

/// When a schedule's next run is due, in milliseconds of the stack's clock. It lies in the past while a run is going
/// on.
pub(crate) type Due = Arc<AtomicI64>;

/// One schedule of a function.
pub(crate) struct Timer {
    pub(crate) worker: Worker,
    pub(crate) seconds: i64,
    pub(crate) clock: Clock,
    pub(crate) due: Due,
}

impl Timer {
    pub(crate) fn new(worker: Worker, seconds: i64, clock: Clock) -> Self {
        let due = Arc::new(AtomicI64::new(clock.now().plus_seconds(seconds).millis()));
        Self { worker, seconds, clock, due }
    }

    /// Runs until the task is aborted.
    pub(crate) async fn run(self) {
        loop {
            tokio::time::sleep(GLANCE).await;
            let now = self.clock.now();
            if now.millis() < self.due.load(Ordering::Relaxed) {
                continue;
            }
            let event = json!({"source": "aws.events", "detail-type": "Scheduled Event", "time": now.to_string()});
            if let Err(error) = self.worker.invoke(event).await {
                tracing::error!(%error, "a scheduled run failed");
            }
            self.due.store(now.plus_seconds(self.seconds).millis(), Ordering::Relaxed);
        }
    }
}
