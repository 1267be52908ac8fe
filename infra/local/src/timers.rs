//! Schedules, by the stack's own clock: when it is moved on, what is due runs.

use std::time::Duration;

use cloud::clock::Clock;
use serde_json::json;

use crate::functions::Running;

/// How often the clock is looked at.
const GLANCE: Duration = Duration::from_millis(200);

/// One schedule of a function.
pub(crate) struct Timer {
    pub(crate) function: Running,
    pub(crate) seconds: i64,
    pub(crate) clock: Clock,
}

impl Timer {
    /// Runs until the task is aborted.
    pub(crate) async fn run(self) {
        let mut due = self.clock.now().plus_seconds(self.seconds);
        loop {
            tokio::time::sleep(GLANCE).await;
            let now = self.clock.now();
            if now < due {
                continue;
            }
            due = now.plus_seconds(self.seconds);
            let event = json!({"source": "aws.events", "detail-type": "Scheduled Event", "time": now.to_string()});
            if let Err(error) = self.function.invoke(event).await {
                tracing::error!(%error, "a scheduled run failed");
            }
        }
    }
}
