//! Reminders: mails that send a job's link again if nothing has come of it.

use crate::time::Timestamp;

/// The most reminders of a job.
pub const MOST_REMINDERS: usize = 3;

/// The shortest time between two mails of a job, in seconds: an hour.
pub const SHORTEST_SECONDS: i64 = 60 * 60;

/// When a job's recipient is reminded: seconds after the creation of the job, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reminders(Vec<i64>);

/// Why times are not those of reminders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReminders {
    /// There are more than three.
    #[error("must have at most {MOST_REMINDERS} reminders")]
    TooMany,
    /// One comes too early, or too soon after the one before.
    #[error("must be in order, at least {SHORTEST_SECONDS} s after the invitation and apart from each other")]
    TooSoon,
}

impl Reminders {
    /// Reminders at these times.
    ///
    /// # Errors
    /// [`InvalidReminders`]: what is wrong with them.
    pub fn new(after_seconds: Vec<i64>) -> Result<Self, InvalidReminders> {
        if after_seconds.len() > MOST_REMINDERS {
            return Err(InvalidReminders::TooMany);
        }
        let before = std::iter::once(0).chain(after_seconds.iter().copied());
        if before.zip(&after_seconds).any(|(before, after)| after.saturating_sub(before) < SHORTEST_SECONDS) {
            return Err(InvalidReminders::TooSoon);
        }
        Ok(Self(after_seconds))
    }

    /// The times, in seconds after the creation of the job.
    #[must_use]
    pub fn after_seconds(&self) -> &[i64] {
        &self.0
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first reminder that is due after `now` for a job of this time and end.
    #[must_use]
    pub fn next(&self, create_time: Timestamp, expire_time: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let times = self.0.iter().map(|seconds| create_time.plus_seconds(*seconds));
        times.into_iter().find(|time| *time > now && *time < expire_time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = SHORTEST_SECONDS;

    #[test]
    fn reminders_are_few_and_in_order() {
        assert_eq!(Reminders::new(vec![HOUR, 2 * HOUR, 3 * HOUR]).unwrap().after_seconds(), [HOUR, 2 * HOUR, 3 * HOUR]);
        assert_eq!(Reminders::new(vec![HOUR; 4]), Err(InvalidReminders::TooMany));
        for soon in
            [vec![HOUR - 1], vec![0], vec![-5], vec![2 * HOUR, HOUR], vec![HOUR, HOUR], vec![i64::MAX, i64::MAX]]
        {
            assert_eq!(Reminders::new(soon.clone()), Err(InvalidReminders::TooSoon), "{soon:?}");
        }
    }

    #[test]
    fn the_next_reminder_is_before_the_end() {
        let reminders = Reminders::new(vec![HOUR, 2 * HOUR, 9 * HOUR]).unwrap();
        let begin = Timestamp::from_millis(1_000_000);
        let at = |hours| begin.plus_seconds(hours * HOUR);
        let next = |now| reminders.next(begin, at(9), now);
        assert_eq!(next(begin), Some(at(1)));
        assert_eq!(next(at(1)), Some(at(2)), "a reminder that is due now has been sent");
        assert_eq!(next(at(2)), None, "the third would come when the job has expired");
        assert_eq!(Reminders::default().next(begin, at(9), begin), None);
    }
}
