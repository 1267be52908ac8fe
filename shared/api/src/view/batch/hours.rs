//! What happened to a batch's recipients, by hour.

use std::collections::BTreeMap;

use binding::job::Job;
use binding::state::State;
use binding::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::scalar::Time;

const HOUR_SECONDS: i64 = 60 * 60;

/// What happened to a batch's recipients in an hour.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BatchHour {
    /// When the hour begins (UTC).
    pub hour: Time,
    /// How many were invited.
    pub invited: u32,
    /// How many opened the link.
    pub opened: u32,
    /// How many created a passkey.
    pub complete: u32,
}

impl BatchHour {
    /// The hours in which something happened to these jobs, in order.
    pub(super) fn all(jobs: &[Job]) -> Vec<Self> {
        let mut hours = BTreeMap::new();
        let mut count = |time: Timestamp, of: fn(&mut Self) -> &mut u32| {
            let hour = Timestamp::from_millis(0).plus_seconds(time.seconds() / HOUR_SECONDS * HOUR_SECONDS);
            let empty = Self { hour: Time(hour), invited: 0, opened: 0, complete: 0 };
            *of(hours.entry(hour).or_insert(empty)) += 1;
        };
        for job in jobs {
            count(job.create_time, |hour| &mut hour.invited);
            let first = |wanted: fn(State) -> bool| job.transitions.iter().find(|(state, _)| wanted(*state));
            if let Some((_, time)) = first(|state| matches!(state.rank(), 1 | 2)) {
                count(*time, |hour| &mut hour.opened);
            }
            if let Some((_, time)) = first(|state| state == State::Complete) {
                count(*time, |hour| &mut hour.complete);
            }
        }
        hours.into_values().collect()
    }
}
