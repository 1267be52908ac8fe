//! Records expiry. A job is `EXPIRED` from its `expire_time` on, whatever the table contains; this sweep runs every
//! minute and writes the state, so that an event is published.
//!
//! 1. The partitions of the index `expiry` are queried for overdue jobs, a page of each.
//! 2. Each job becomes `EXPIRED` in one conditional write, which removes it from the index. The oldest is first. If two
//!    sweeps overlap, or one is repeated, the second write fails its condition.
//! 3. A sweep continues with the next pages until no job is overdue or its time is nearly over. The next sweep, a minute
//!    after this one began, continues with the rest.

use std::sync::Arc;
use std::time::Duration;

use binding::ids::JobRef;
use binding::job::{Command, DeliveryMethod, Job};
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use cloud::aws::Aws;
use cloud::boot::{Error, FromEnv};
use cloud::clock::Clock;
use cloud::each::{QUERIES, each};
use cloud::env::Env;
use cloud::metric::Metrics;
use cloud::table::{Holder, Overdue, Table};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// How long a sweep starts new pages. The function has 60 s, and the schedule starts the next sweep after the same
/// time.
const BUDGET: Duration = Duration::from_secs(50);

/// The number of jobs of one partition that are read at a time.
const PAGE: i32 = 250;

/// The number of concurrent writes.
const AT_ONCE: usize = 32;

/// The function's dependencies.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    metrics: Metrics,
}

impl FromEnv for Deps {
    async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let table = Table::new(&Aws::new(env)?, env)?;
        table.warm().await;
        let metrics = Metrics::new(env, clock.clone())?;
        Ok(Self { table, clock, metrics })
    }
}

/// The event of the schedule. Its content is ignored.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Tick {}

/// The result of a sweep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// The number of jobs whose expiry was recorded.
    pub expired: u32,
    /// The number of these jobs whose mail was never sent.
    pub never_mailed: u32,
    /// The number of other jobs in the index, which had ended meanwhile.
    pub passed_over: u32,
}

/// A partition of the index in a sweep.
#[derive(Debug)]
struct Shard {
    name: &'static str,
    /// Where its next page begins, after the first one.
    after: Option<Overdue>,
    /// Whether it has another page.
    more: bool,
    failed: Option<Unavailable>,
}

impl Shard {
    /// Ends the sweep of this partition.
    fn fail(&mut self, error: Unavailable) {
        (self.more, self.failed) = (false, Some(error));
    }
}

/// An overdue job.
#[derive(Clone, Debug)]
struct Due {
    job: JobRef,
    expired: Timestamp,
    /// The index of its partition.
    shard: usize,
}

/// One sweep.
///
/// # Errors
/// When the table does not respond. Completed writes stay, and the next sweep continues.
pub async fn handle(deps: Arc<Deps>, _: Tick) -> Result<Swept, Error> {
    let (begun, now) = (Instant::now(), deps.clock.now());
    let mut shards = Table::EXPIRY_SHARDS.map(|name| Shard { name, after: None, more: true, failed: None });
    let (mut swept, mut oldest) = (Swept::default(), now);
    while begun.elapsed() < BUDGET && shards.iter().any(|shard| shard.more) {
        let overdue = deps.overdue(&mut shards).await?;
        oldest = overdue.first().map_or(oldest, |due| oldest.min(due.expired));
        for some in overdue.chunks(AT_ONCE) {
            deps.write(some, &mut shards, &mut swept).await?;
            if begun.elapsed() >= BUDGET {
                break;
            }
        }
    }
    tracing::info!(
        expired = swept.expired,
        never_mailed = swept.never_mailed,
        passed_over = swept.passed_over,
        "swept"
    );
    deps.metrics.count(&[("JobsExpired", swept.expired.into()), ("JobsNeverMailed", swept.never_mailed.into())]);
    let late = u64::try_from(now.seconds() - oldest.seconds()).unwrap_or_default();
    deps.metrics.seconds("OldestOverdueSeconds", late);
    match shards.into_iter().find_map(|shard| shard.failed) {
        Some(error) => Err(error.into()),
        None => Ok(swept),
    }
}

impl Deps {
    /// Reads the next page of each partition that has one, and returns their jobs, the oldest first.
    async fn overdue(&self, shards: &mut [Shard]) -> Result<Vec<Due>, Unavailable> {
        let now = self.clock.now();
        let open: Vec<_> = (0..).zip(&*shards).filter(|(_, shard)| shard.more).map(|(index, _)| index).collect();
        let pages = each(open, QUERIES, |index: usize| {
            let (table, name, after) = (self.table.clone(), shards[index].name, shards[index].after.clone());
            async move { Ok((index, table.overdue(name, PAGE, now, after).await)) }
        });
        let mut overdue = Vec::new();
        for (shard, page) in pages.await? {
            match page {
                Ok((jobs, next)) => {
                    overdue.extend(jobs.into_iter().map(|(job, expired)| Due { job, expired, shard }));
                    (shards[shard].more, shards[shard].after) = (next.is_some(), next);
                }
                Err(error) => shards[shard].fail(error),
            }
        }
        overdue.sort_by_key(|due| due.expired);
        Ok(overdue)
    }

    /// Records the expiry of some jobs concurrently. A failure ends the sweep of its partition.
    async fn write(&self, some: &[Due], shards: &mut [Shard], swept: &mut Swept) -> Result<(), Unavailable> {
        let written = each(some.to_vec(), AT_ONCE, |Due { job, shard, .. }| {
            let deps = self.clone();
            async move { Ok((shard, deps.expire(&job).await)) }
        });
        for (shard, written) in written.await? {
            match written {
                Ok(Some(job)) => {
                    swept.expired += 1;
                    let unsent = job.delivery_method == DeliveryMethod::Email && job.email_status.is_none();
                    swept.never_mailed += u32::from(unsent);
                }
                Ok(None) => swept.passed_over += 1,
                Err(error) => shards[shard].fail(error),
            }
        }
        Ok(())
    }

    /// Records the expiry of a job, and returns the job if it was not recorded before.
    async fn expire(&self, job: &JobRef) -> Result<Option<Job>, Unavailable> {
        match self.table.advance(job, Holder::Us, Command::Expire, self.clock.now()).await? {
            Ok(job) => Ok(Some(job)),
            Err(_) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The writes of a sweep in a second: [`AT_ONCE`] concurrent writes, at 50 ms a write, which is slow, limited to what
    /// one core does, at 2 ms a write.
    const WRITES: u64 = {
        let by_waiting = AT_ONCE as u64 * 1000 / 50;
        if by_waiting < 500 { by_waiting } else { 500 }
    };

    /// A number of the template: the first one after `name` in the part that begins with `part`.
    fn setting(part: &str, name: &str) -> u64 {
        let template = include_str!("../../../template.yaml");
        let rest = template.split_once(&format!("\n  {part}:\n")).and_then(|(_, rest)| rest.split_once(name));
        let number: String = rest.unwrap().1.chars().take_while(char::is_ascii_digit).collect();
        number.parse().unwrap()
    }

    /// The events that the publisher puts in a second, for one shard of the stream: a batch of 100 records takes ten
    /// calls in sequence, at 50 ms a call, and two batches run concurrently.
    fn events() -> u64 {
        let batch = setting("PublishChanges", "BatchSize: ");
        setting("StreamParallelism", "Default: ") * batch * 1000 / (batch / 10 * 50)
    }

    /// A simulation in steps of a second: a million jobs that expire evenly within an hour are published within five
    /// minutes of their expiry, although the writes are slow and the stream has one shard.
    #[test]
    fn a_million_jobs_that_expire_in_an_hour_are_published_in_five_minutes() {
        let (jobs, hour) = (1_000_000, 3600);
        let expired = |second: u64| jobs * second.min(hour) / hour;
        let events = events();
        let (mut written, mut published, mut latest) = (0, 0, 0);
        // Until the last event is published.
        for second in 0..2 * hour {
            if second % 60 < BUDGET.as_secs() {
                // A sweep queries the jobs that are overdue now.
                written = expired(second).min(written + WRITES);
            }
            published = written.min(published + events);
            // The expiry time of the job that is published next.
            if published < expired(second) {
                latest = latest.max(second - published * hour / jobs);
            }
        }
        assert_eq!(published, jobs);
        assert!(latest <= 300, "an event was published {latest} s late");
    }
}
