//! Spreads requests over time, so that a long command leaves the rest of the tenant's limit to others.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The times at which requests may start. Threads can share it.
#[derive(Debug)]
pub(crate) struct Pace {
    gap: Duration,
    next: Mutex<Option<Instant>>,
}

impl Pace {
    /// A pace of at most this many requests a second; 0 counts as 1.
    pub(crate) fn of(requests_per_second: u32) -> Self {
        Self { gap: Duration::from_secs(1) / requests_per_second.max(1), next: Mutex::default() }
    }

    /// Waits until the next request may start.
    pub(crate) fn wait(&self) {
        std::thread::sleep(self.take(Instant::now()));
    }

    /// Takes the next slot, and returns how long it is until then.
    fn take(&self, now: Instant) -> Duration {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = next.unwrap_or(now).max(now);
        *next = Some(slot + self.gap);
        slot.duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_spread_and_a_pause_is_not_made_up_for() {
        let (pace, now) = (Pace::of(50), Instant::now());
        let waits = [0, 0, 0, 45, 1000, 1000].map(|after| pace.take(now + Duration::from_millis(after)).as_millis());
        assert_eq!(waits, [0, 20, 40, 15, 0, 20]);
    }
}
