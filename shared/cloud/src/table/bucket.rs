//! Buckets that all copies of the functions share. A bucket is a point in time. Taking from it moves that point
//! forward, from the present at the earliest. How far the point may be ahead of the clock is the burst. This is the generic
//! cell rate algorithm (ITU-T I.371), as [`binding::throttle`] has it in memory.

use binding::limit::{BURST_MILLIS, TenantLimit};
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::Table;
use super::attribute::{KIND, TAKEN_MS, THROTTLED_MS};
use super::change::{Change, Condition};
use super::item::{Item, Reader, n, s};
use super::keys::{self, Key};
use super::write::Written;

/// How many times a bucket is tried while others take from it.
const TRIES: usize = 5;

/// What taking from a bucket results in.
#[derive(Debug)]
pub(super) enum Taken {
    /// It was taken, from this time on. The item after it.
    From(Timestamp, Item),
    /// It was not taken; there is room at this time.
    Full(Timestamp),
}

/// A reserved time for sending mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailTime {
    /// When the first of them may be sent.
    pub from: Timestamp,
    /// Whether SES has throttled a mail recently.
    pub throttled: bool,
}

impl Table {
    /// Reserves `millis` of the time in which all copies of the function send mails, if it begins within `ahead` milliseconds.
    /// Otherwise it returns when that is the case.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn reserve_mail_time(
        &self,
        millis: i64,
        ahead: i64,
        now: Timestamp,
    ) -> Result<Result<MailTime, Timestamp>, Unavailable> {
        Ok(match self.take(keys::pacer(), "PACE", millis, ahead + millis, now).await? {
            Taken::From(from, item) => {
                let throttled = Reader(&item).maybe_time(THROTTLED_MS).is_some_and(|until| until > now);
                Ok(MailTime { from, throttled })
            }
            Taken::Full(room) => Err(room),
        })
    }

    /// Reserves some of a tenant's requests, or returns when that is possible.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn reserve_requests(
        &self,
        tenant: &str,
        limit: TenantLimit,
        requests: u32,
        now: Timestamp,
    ) -> Result<Result<(), Timestamp>, Unavailable> {
        let taken = self.take(keys::limit(tenant), "LIMIT", limit.millis(requests), BURST_MILLIS, now).await?;
        Ok(match taken {
            Taken::From(..) => Ok(()),
            Taken::Full(room) => Err(room),
        })
    }

    /// Takes `millis` of a bucket that may be `ahead` milliseconds ahead of the clock. A lost response may take it twice.
    pub(super) async fn take(
        &self,
        key: Key,
        kind: &'static str,
        millis: i64,
        ahead: i64,
        now: Timestamp,
    ) -> Result<Taken, Unavailable> {
        let (start, last) = (n(now.millis()), now.millis() + ahead - millis);
        let mut in_use = false;
        for _ in 0..TRIES {
            let change = Change::of(key.clone());
            let change = if in_use {
                change
                    .when(Condition::Greater(TAKEN_MS, start.clone()))
                    .when(Condition::AtMost(TAKEN_MS, n(last)))
                    .add(TAKEN_MS, millis)
            } else {
                change
                    .when(Condition::either(Condition::Lacks(TAKEN_MS), Condition::AtMost(TAKEN_MS, start.clone())))
                    .set(KIND, s(kind))
                    .set(TAKEN_MS, n(now.millis() + millis))
            };
            let there = match self.change(change).await? {
                Written::Done(item) => {
                    let from = Reader(&item).time(TAKEN_MS)?.millis() - millis;
                    return Ok(Taken::From(Timestamp::from_millis(from), item));
                }
                Written::Unmet(there) => there,
            };
            let taken = there.and_then(|item| Reader(&item).maybe_time(TAKEN_MS)).map_or(0, Timestamp::millis);
            if taken > last {
                return Ok(Taken::Full(Timestamp::from_millis(taken + millis - ahead)));
            }
            in_use = taken > now.millis();
        }
        Ok(Taken::Full(now))
    }
}
