//! Points in time, as the table stores them and the API prints them.

use std::fmt;

use ::time::format_description::well_known::Rfc3339;
use ::time::{Duration, OffsetDateTime};

/// A point in time, in whole milliseconds since the Unix epoch (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The latest time that RFC 3339 can express: the end of the year 9999.
    const MAX_MILLIS: i64 = 253_402_300_799_999;

    /// Creates a time from milliseconds since the Unix epoch. Values outside the years 1970 to 9999 are clamped.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(0, Self::MAX_MILLIS))
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, as used by DynamoDB's TTL and JWT's `NumericDate`.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0 / 1000
    }

    /// This time plus `seconds`, which may be negative.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_millis(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    /// Parses an RFC 3339 date-time; digits below the millisecond are dropped.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(time.unix_timestamp_nanos() / 1_000_000).ok().map(Self::from_millis)
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, with milliseconds: `2026-01-31T12:00:00.000Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(self.0);
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            time.year(),
            u8::from(time.month()),
            time.day(),
            time.hour(),
            time.minute(),
            time.second(),
            time.millisecond()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_reads_rfc_3339() {
        let time = Timestamp::from_millis(1_767_225_600_007);
        assert_eq!(time.to_string(), "2026-01-01T00:00:00.007Z");
        assert_eq!(Timestamp::parse(&time.to_string()), Some(time));
        assert_eq!(Timestamp::parse("2026-01-01T01:00:00+01:00"), Some(Timestamp::from_millis(1_767_225_600_000)));
        assert_eq!(Timestamp::parse("yesterday"), None);
    }

    #[test]
    fn stays_within_what_rfc_3339_can_write() {
        assert_eq!(Timestamp::from_millis(i64::MAX).to_string(), "9999-12-31T23:59:59.999Z");
        assert_eq!(Timestamp::from_millis(0).plus_seconds(i64::MIN).millis(), 0);
    }

    #[test]
    fn seconds_are_whole_and_digits_below_the_millisecond_are_cut() {
        assert_eq!([999, 1_999, 3_000].map(|millis| Timestamp::from_millis(millis).seconds()), [0, 1, 3]);
        assert_eq!(Timestamp::from_millis(2_000).plus_seconds(-1).millis(), 1_000);
        assert_eq!(Timestamp::parse("1970-01-01T00:00:01.0079999Z"), Some(Timestamp::from_millis(1_007)));
        assert_eq!(Timestamp::from_millis(-1).millis(), 0);
    }
}
