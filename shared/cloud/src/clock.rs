//! The only module that reads the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use binding::time::Timestamp;

/// The current time. The local stack can advance it and tests can stop it; clones share these changes.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_millis: Arc<AtomicI64>,
    /// The system time at which it was stopped; 0 while it runs.
    stopped_millis: Arc<AtomicI64>,
}

impl Clock {
    /// The current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let millis = match self.stopped_millis.load(Ordering::Relaxed) {
            0 => system_millis(),
            stopped => stopped,
        };
        Timestamp::from_millis(millis.saturating_add(self.ahead_millis.load(Ordering::Relaxed)))
    }

    /// Stops this clock and its clones. From then on only [`Clock::advance`] changes their time.
    pub fn stop(&self) {
        self.stopped_millis.store(system_millis(), Ordering::Relaxed);
    }

    /// How far this clock is ahead of the system time, in milliseconds.
    #[must_use]
    pub fn ahead_millis(&self) -> i64 {
        self.ahead_millis.load(Ordering::Relaxed)
    }

    /// Advances this clock and its clones, or sets them back if the value is negative.
    pub fn advance(&self, millis: i64) {
        self.ahead_millis.fetch_add(millis, Ordering::Relaxed);
    }

    /// Sets this clock and its clones to the system time and lets them run.
    pub fn reset(&self) {
        self.ahead_millis.store(0, Ordering::Relaxed);
        self.stopped_millis.store(0, Ordering::Relaxed);
    }
}

/// Milliseconds since the Unix epoch, from the system clock.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
fn system_millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_advance_moves_a_stopped_clock() {
        let clock = Clock::default();
        clock.advance(-5000);
        clock.stop();
        let stopped = clock.clone().now();
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert_eq!(clock.now(), stopped);
        clock.advance(1);
        assert_eq!(clock.now().millis(), stopped.millis() + 1);
        clock.reset();
        assert!(clock.now().millis() > stopped.millis() + 4000);
    }
}
