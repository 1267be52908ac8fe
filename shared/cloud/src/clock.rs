//! The only module that reads the clock.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use binding::time::Timestamp;
use tokio::sync::Notify;

/// The current time. The local stack can advance it and tests can stop it; clones share these changes.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_millis: Arc<AtomicI64>,
    /// The system time at which it was stopped; 0 while it runs.
    stopped_millis: Arc<AtomicI64>,
    sleepers: Arc<Sleepers>,
}

/// Those who wait for a time of the clock.
#[derive(Debug, Default)]
struct Sleepers {
    /// How many wait for each time, in milliseconds.
    times: Mutex<BTreeMap<i64, usize>>,
    moved: Notify,
}

/// One who waits, until it is dropped.
struct Sleeper<'a>(&'a Sleepers, i64);

impl<'a> Sleeper<'a> {
    fn new(sleepers: &'a Sleepers, millis: i64) -> Self {
        *sleepers.times.lock().unwrap_or_else(PoisonError::into_inner).entry(millis).or_default() += 1;
        Self(sleepers, millis)
    }
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        let mut times = self.0.times.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = times.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                times.remove(&self.1);
            }
        }
    }
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
        self.sleepers.moved.notify_waiters();
    }

    /// Sets this clock and its clones to the system time and lets them run.
    pub fn reset(&self) {
        self.ahead_millis.store(0, Ordering::Relaxed);
        self.stopped_millis.store(0, Ordering::Relaxed);
        self.sleepers.moved.notify_waiters();
    }

    /// Waits until this clock shows `time`.
    pub async fn sleep_until(&self, time: Timestamp) {
        let _sleeper = Sleeper::new(&self.sleepers, time.millis());
        loop {
            let moved = self.sleepers.moved.notified();
            let left = time.millis() - self.now().millis();
            let Ok(left @ 1..) = u64::try_from(left) else { return };
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(left)) => {}
                () = moved => {}
            }
        }
    }

    /// The first time that somebody waits for. Tests move the clock there.
    #[must_use]
    pub fn next_wake(&self) -> Option<Timestamp> {
        let times = self.sleepers.times.lock().unwrap_or_else(PoisonError::into_inner);
        times.keys().next().map(|millis| Timestamp::from_millis(*millis))
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

    #[tokio::test]
    async fn a_sleeper_wakes_when_the_clock_is_moved() {
        let clock = Clock::default();
        let time = clock.now().plus_seconds(3600);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(time).await }
        });
        while clock.next_wake().is_none() {
            tokio::task::yield_now().await;
        }
        assert_eq!(clock.next_wake(), Some(time));
        clock.advance(3_600_000);
        sleeper.await.unwrap();
        assert_eq!(clock.next_wake(), None);
    }
}
