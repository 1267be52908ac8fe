//! Rate limits that are counted in memory: the brake on sign-ins by address and by identity.
//!
//! Each running copy of a function counts separately, so this slows attackers down without an exact limit. Nothing is
//! written, because a write for each attempt would let an attacker cause costs.

use std::collections::HashMap;

use crate::time::Timestamp;

/// The maximum number of keys that are counted at a time.
const MOST_KEYS: usize = 10_000;

/// The allowed rate of requests with the same key: `burst` at once, and then one each `interval_millis`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The number of requests that are allowed at once.
    pub burst: u32,
    /// The interval of further requests, in milliseconds.
    pub interval_millis: i64,
}

/// Counts requests by key: a generic cell rate algorithm (ITU-T I.371).
#[derive(Debug)]
pub struct Throttle {
    rate: Rate,
    /// When all requests of a key would have been allowed in sequence.
    due: HashMap<String, Timestamp>,
}

impl Throttle {
    /// Creates a throttle without counts.
    #[must_use]
    pub fn new(rate: Rate) -> Self {
        Self { rate, due: HashMap::new() }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// The time until the next request is allowed, in seconds, if this one is not.
    pub fn count(&mut self, key: &str, now: Timestamp) -> Result<(), i64> {
        let Rate { burst, interval_millis } = self.rate;
        let due = self.due.get(key).copied().filter(|due| *due > now).unwrap_or(now);
        let next = due.millis() + interval_millis;
        let ahead = next - now.millis() - i64::from(burst) * interval_millis;
        if ahead > 0 {
            return Err((ahead + 999) / 1000);
        }
        if self.due.len() >= MOST_KEYS {
            self.due.retain(|_, due| *due > now);
        }
        // Counting does not stop an attacker with that many addresses.
        if self.due.len() >= MOST_KEYS {
            self.due.clear();
        }
        self.due.insert(key.to_owned(), Timestamp::from_millis(next));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000 + millis)
    }

    #[test]
    fn a_burst_is_allowed_and_then_one_each_interval() {
        let mut throttle = Throttle::new(Rate { burst: 3, interval_millis: 2_000 });
        assert_eq!([0, 0, 1].map(|millis| throttle.count("a", at(millis))), [Ok(()); 3]);
        assert_eq!(throttle.count("a", at(2)), Err(2));
        assert_eq!(throttle.count("b", at(2)), Ok(()), "keys are counted separately");
        assert_eq!(throttle.count("a", at(1_999)), Err(1));
        assert_eq!(throttle.count("a", at(2_000)), Ok(()));
        assert_eq!(throttle.count("a", at(2_001)), Err(2));
        assert_eq!([60_000; 3].map(|millis| throttle.count("a", at(millis))), [Ok(()); 3]);
        assert_eq!(throttle.count("a", at(60_000)), Err(2));
    }

    #[test]
    fn the_number_of_keys_is_bounded() {
        let mut throttle = Throttle::new(Rate { burst: 1, interval_millis: 60_000 });
        for key in 0..MOST_KEYS + 10 {
            assert_eq!(throttle.count(&key.to_string(), at(0)), Ok(()));
        }
        assert!(throttle.due.len() <= MOST_KEYS);
        assert_eq!(throttle.count(&(MOST_KEYS + 9).to_string(), at(0)), Err(60));
    }
}
