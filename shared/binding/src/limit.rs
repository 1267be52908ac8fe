//! The limit on the requests of a tenant.
//!
//! Each tenant has a bucket in the table, which all running copies of the functions share. A copy reserves several
//! requests with one write and counts them in memory. It also admits a few requests a second without a reservation, so
//! that a tenant with little traffic causes no writes. After a reservation is refused, the copy refuses the tenant's
//! requests until the bucket has room again, without another write.
//!
//! So `n` copies admit at most `per_second + n * min(2, per_second / 50)` requests a second, after a burst.

use std::collections::HashMap;

use crate::throttle::{Rate, Throttle};
use crate::time::Timestamp;

/// How far the reservations of a tenant may be ahead of the clock, in milliseconds: the burst.
pub const BURST_MILLIS: i64 = 2_000;

/// How long a copy keeps a reservation that it does not use up, in milliseconds.
const KEPT_MILLIS: i64 = 5_000;

/// The maximum number of tenants that a copy counts at a time.
const MOST_TENANTS: usize = 10_000;

/// The number of requests that a tenant may send in a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TenantLimit {
    per_second: u32,
}

/// A tenant has sent too many requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    /// The limit, in requests a second.
    pub per_second: u32,
    /// When to repeat the request, in seconds from now; at least 1.
    pub retry_seconds: i64,
}

impl TenantLimit {
    /// A limit of this many requests a second; `None` for 0, which is no limit.
    #[must_use]
    pub fn new(per_second: u32) -> Option<Self> {
        (per_second > 0).then_some(Self { per_second })
    }

    /// The number of requests that one write reserves: those of a tenth of a second.
    #[must_use]
    pub fn chunk(self) -> u32 {
        (self.per_second / 10).max(1)
    }

    /// The time that requests take from the bucket, in milliseconds.
    #[must_use]
    pub fn millis(self, requests: u32) -> i64 {
        (i64::from(requests) * 1000).div_euclid(i64::from(self.per_second)).max(1)
    }

    /// The error of a request at `now`, when the bucket has room again at `room`.
    #[must_use]
    pub fn exceeded(self, room: Timestamp, now: Timestamp) -> Exceeded {
        let retry_seconds = (room.millis() - now.millis() + 999).div_euclid(1000).max(1);
        Exceeded { per_second: self.per_second, retry_seconds }
    }

    /// The requests that a copy admits without a reservation.
    fn unreserved(self) -> Rate {
        Rate { burst: self.chunk().min(10), interval_millis: (50_000 / i64::from(self.per_second)).max(500) }
    }
}

/// Whether a request is admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is admitted.
    Admitted,
    /// It is admitted if a [chunk](TenantLimit::chunk) can be reserved.
    Reserve,
    /// It is refused.
    Refused(Exceeded),
}

/// The requests of each tenant, as one copy counts them.
#[derive(Debug)]
pub struct Counter {
    limit: TenantLimit,
    unreserved: Throttle,
    tenants: HashMap<String, Tenant>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Tenant {
    /// The requests left of the last reservation.
    left: u32,
    /// When that reservation expires, or until when requests are refused.
    until: Option<Timestamp>,
}

impl Counter {
    /// A counter without counts.
    #[must_use]
    pub fn new(limit: TenantLimit) -> Self {
        Self { limit, unreserved: Throttle::new(limit.unreserved()), tenants: HashMap::new() }
    }

    /// Counts a request.
    pub fn count(&mut self, tenant: &str, now: Timestamp) -> Verdict {
        if let Some(Tenant { left, until: Some(until) }) = self.tenants.get_mut(tenant)
            && *until > now
        {
            if *left == 0 {
                return Verdict::Refused(self.limit.exceeded(*until, now));
            }
            *left -= 1;
            if *left == 0 {
                self.tenants.remove(tenant);
            }
            return Verdict::Admitted;
        }
        if self.unreserved.count(tenant, now).is_ok() { Verdict::Admitted } else { Verdict::Reserve }
    }

    /// Notes that a chunk was reserved. One of its requests is the one that asked for it.
    pub fn reserved(&mut self, tenant: &str, now: Timestamp) {
        let left = self.limit.chunk() - 1;
        if left > 0 {
            self.note(tenant, Tenant { left, until: Some(Timestamp::from_millis(now.millis() + KEPT_MILLIS)) }, now);
        }
    }

    /// Notes that the bucket has no room until `room`.
    pub fn refused(&mut self, tenant: &str, room: Timestamp, now: Timestamp) -> Exceeded {
        // Not before the time in `Retry-After`, so that a flood causes one write a second.
        let until = room.max(now.plus_seconds(1));
        self.note(tenant, Tenant { left: 0, until: Some(until) }, now);
        self.limit.exceeded(until, now)
    }

    fn note(&mut self, tenant: &str, noted: Tenant, now: Timestamp) {
        if self.tenants.len() >= MOST_TENANTS {
            self.tenants.retain(|_, tenant| tenant.until.is_some_and(|until| until > now));
        }
        if self.tenants.len() >= MOST_TENANTS {
            self.tenants.clear();
        }
        self.tenants.insert(tenant.to_owned(), noted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000 + millis)
    }

    /// The bucket of a tenant in the table.
    struct Bucket {
        due: i64,
        writes: u32,
    }

    impl Bucket {
        /// As `cloud::table::bucket` does it.
        fn reserve(&mut self, limit: TenantLimit, now: i64) -> Result<(), i64> {
            self.writes += 1;
            let due = self.due.max(now) + limit.millis(limit.chunk());
            if due - now > BURST_MILLIS {
                return Err(due - BURST_MILLIS);
            }
            self.due = due;
            Ok(())
        }
    }

    /// A tenant sends `rate` requests a second to `copies` copies, evenly, for ten seconds. The requests that were
    /// admitted, and the writes.
    fn flood(per_second: u32, copies: usize, rate: i64) -> (u32, u32) {
        let limit = TenantLimit::new(per_second).unwrap();
        let mut all: Vec<Counter> = (0..copies).map(|_| Counter::new(limit)).collect();
        let mut bucket = Bucket { due: 0, writes: 0 };
        let mut admitted = 0;
        for request in 0..rate * 10 {
            let millis = request * 1000 / rate;
            let counter = &mut all[usize::try_from(request).unwrap() % copies];
            let verdict = counter.count("t", at(millis));
            admitted += u32::from(match verdict {
                Verdict::Admitted => true,
                Verdict::Refused(_) => false,
                Verdict::Reserve => match bucket.reserve(limit, millis) {
                    Ok(()) => {
                        counter.reserved("t", at(millis));
                        true
                    }
                    Err(room) => {
                        counter.refused("t", at(room), at(millis));
                        false
                    }
                },
            });
        }
        (admitted, bucket.writes)
    }

    #[test]
    fn a_tenant_with_little_traffic_causes_no_writes() {
        assert_eq!(flood(100, 1, 2), (20, 0));
        assert_eq!(flood(100, 10, 20), (200, 0));
    }

    #[test]
    fn a_tenant_within_the_limit_is_not_refused() {
        for copies in [1, 3, 15] {
            let (admitted, writes) = flood(100, copies, 90);
            assert_eq!(admitted, 900, "{copies} copies");
            assert!(writes <= 90, "{copies} copies: {writes} writes");
        }
    }

    #[test]
    fn a_flood_is_admitted_at_the_limit_and_costs_few_writes() {
        for (per_second, copies) in [(100, 1), (100, 15), (100, 100), (1000, 15), (10, 3), (1, 1)] {
            let (admitted, writes) = flood(per_second, copies, 2000);
            let limit = TenantLimit::new(per_second).unwrap();
            let unreserved = u32::try_from(copies).unwrap() * (10 + 2 * 10).min(per_second.div_ceil(5) + limit.chunk());
            let most = per_second * 12 + unreserved + limit.chunk();
            assert!(admitted <= most, "{per_second}/s, {copies} copies: {admitted} of at most {most}");
            assert!(admitted >= per_second * 7, "{per_second}/s, {copies} copies: {admitted}");
            assert!(writes <= admitted / limit.chunk() + 11 * u32::try_from(copies).unwrap(), "{writes} writes");
        }
    }

    #[test]
    fn a_refusal_says_when_to_repeat_the_request() {
        let limit = TenantLimit::new(1).unwrap();
        let mut counter = Counter::new(limit);
        assert_eq!(counter.count("t", at(0)), Verdict::Admitted);
        assert_eq!(counter.count("t", at(0)), Verdict::Reserve);
        let exceeded = Exceeded { per_second: 1, retry_seconds: 3 };
        assert_eq!(counter.refused("t", at(2_001), at(0)), exceeded);
        assert_eq!(counter.count("t", at(0)), Verdict::Refused(exceeded));
        assert_eq!(counter.count("other", at(0)), Verdict::Admitted, "tenants are counted separately");
        assert_eq!(counter.count("t", at(2_001)), Verdict::Reserve);
        assert_eq!(counter.refused("t", at(2_001), at(2_001)).retry_seconds, 1);
    }

    #[test]
    fn the_number_of_tenants_is_bounded() {
        let mut counter = Counter::new(TenantLimit::new(100).unwrap());
        for tenant in 0..MOST_TENANTS + 10 {
            counter.reserved(&tenant.to_string(), at(0));
        }
        assert!(counter.tenants.len() <= MOST_TENANTS);
    }
}
