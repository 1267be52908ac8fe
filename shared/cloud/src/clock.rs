//! The one place that reads the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use binding::time::Timestamp;

/// The time of day. The local stack can move it on; its clones move together.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_millis: Arc<AtomicI64>,
}

impl Clock {
    /// The time now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    pub fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(millis.saturating_add(self.ahead_millis.load(Ordering::Relaxed)))
    }

    /// How far this clock is ahead of the system's time, in milliseconds.
    #[must_use]
    pub fn ahead_millis(&self) -> i64 {
        self.ahead_millis.load(Ordering::Relaxed)
    }

    /// Moves this clock and its clones on (or back, when negative).
    pub fn advance(&self, millis: i64) {
        self.ahead_millis.fetch_add(millis, Ordering::Relaxed);
    }

    /// Sets this clock and its clones to the system's time.
    pub fn reset(&self) {
        self.ahead_millis.store(0, Ordering::Relaxed);
    }
}
