//! The pace of invitations.
//!
//! A realm's invitations have slots in time, at least an interval apart; a slot that is missed by more than
//! [`TOLERANCE_MILLIS`] is lost. The interval is long enough that no minute, wherever it begins, has more invitations
//! than the limit: `limit` slots take a minute and the tolerance.

use crate::time::Timestamp;

/// How late an invitation may be for its slot, in milliseconds.
pub const TOLERANCE_MILLIS: i64 = 1_500;

/// The highest limit of a batch, in invitations a minute.
pub const MOST_PER_MINUTE: u32 = 60_000;

const MINUTE_MILLIS: i64 = 60_000;

/// The minute that a time is in, counted since the Unix epoch.
#[must_use]
pub fn minute(time: Timestamp) -> i64 {
    time.millis() / MINUTE_MILLIS
}

/// The UTC day that a time is in, counted since the Unix epoch.
#[must_use]
pub fn day(time: Timestamp) -> i64 {
    time.seconds() / (24 * 60 * 60)
}

/// The end of the minute that a time is in.
#[must_use]
pub fn end_of_minute(time: Timestamp) -> Timestamp {
    Timestamp::from_millis((minute(time) + 1) * MINUTE_MILLIS)
}

/// The end of the UTC day that a time is in.
#[must_use]
pub fn end_of_day(time: Timestamp) -> Timestamp {
    Timestamp::from_millis((day(time) + 1) * 24 * 60 * MINUTE_MILLIS)
}

/// Slots in time: `count` of them from `first` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slots {
    first: Timestamp,
    per_minute: u32,
    count: u32,
}

impl Slots {
    /// The slots of a realm between now and `until`, after the ones that are taken; at most `most`.
    #[must_use]
    pub fn free(taken_until: Timestamp, now: Timestamp, until: Timestamp, per_minute: u32, most: u32) -> Self {
        let first = taken_until.max(now);
        let per_minute = per_minute.clamp(1, MOST_PER_MINUTE);
        let room = (until.millis() - first.millis()).max(0) * 1000;
        // The last slot begins before the end.
        let count = (room + interval_micros(per_minute) - 1) / interval_micros(per_minute);
        Self { first, per_minute, count: u32::try_from(count).unwrap_or(u32::MAX).min(most) }
    }

    /// The first `count` of these slots.
    #[must_use]
    pub fn first(self, count: u32) -> Self {
        Self { count: self.count.min(count), ..self }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// When the slot `index` begins, counted from 0.
    #[must_use]
    pub fn time(&self, index: u32) -> Timestamp {
        self.after(i64::from(index) * interval_micros(self.per_minute) / 1000)
    }

    /// When the slot after these begins.
    #[must_use]
    pub fn end(&self) -> Timestamp {
        self.after((i64::from(self.count) * interval_micros(self.per_minute) + 999) / 1000)
    }

    fn after(&self, millis: i64) -> Timestamp {
        Timestamp::from_millis(self.first.millis() + millis)
    }
}

/// Whether an invitation at `now` still uses the slot that began at `slot`: it is not too late, and the minute is the
/// same.
#[must_use]
pub fn in_time(slot: Timestamp, now: Timestamp) -> bool {
    now >= slot && now.millis() - slot.millis() <= TOLERANCE_MILLIS && minute(now) == minute(slot)
}

fn interval_micros(per_minute: u32) -> i64 {
    let span = (MINUTE_MILLIS + TOLERANCE_MILLIS) * 1000;
    // One more, so that the first slot of the next span is outside of it.
    span / i64::from(per_minute) + 1
}

/// The share of the SES account's sending quota that batches may use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allowance {
    /// The account's maximum send rate, in mails a second.
    pub per_second: f64,
    /// How many mails the account may send in 24 hours; `None` if there is no limit.
    pub per_day: Option<u64>,
    /// How many of them it has sent in the last 24 hours.
    pub sent_in_day: u64,
    /// Whether SES has throttled the account recently.
    pub throttled: bool,
}

impl Allowance {
    /// How many invitations batches may send in a minute: 80 % of the account's rate, and half of that after
    /// throttling.
    #[must_use]
    pub fn per_minute(&self) -> u32 {
        let share = if self.throttled { 0.4 } else { 0.8 };
        let limit = (self.per_second * 60.0 * share).floor();
        // In range: it is clamped.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range of u32")]
        let limit = limit.clamp(0.0, f64::from(MOST_PER_MINUTE)) as u32;
        limit
    }

    /// How many batches may still send today: a tenth of the day's quota is kept for single jobs.
    #[must_use]
    pub fn left_today(&self) -> u64 {
        self.per_day.map_or(u64::MAX, |quota| (quota / 10 * 9 + quota % 10 * 9 / 10).saturating_sub(self.sent_in_day))
    }
}
