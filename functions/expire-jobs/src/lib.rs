//! Records expiry. A job is `EXPIRED` from its `expire_time` on, whatever the table contains; this sweep runs every
//! minute and writes the state, so that an event is published.
//!
//! 1. Each partition of the index `expiry` is queried for overdue jobs, the oldest first.
//! 2. Each becomes `EXPIRED` in one conditional write, which removes it from the index. If two sweeps overlap, or one
//!    is repeated, the second write fails its condition.
//! 3. A sweep continues until no job is overdue or its time is nearly over. The next sweep, a minute after this one
//!    began, continues with the rest.

use std::sync::Arc;
use std::time::Duration;

use binding::ids::JobRef;
use binding::job::{Command, DeliveryMethod, Job};
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use cloud::aws::Aws;
use cloud::boot::{Error, FromEnv};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::metric::Metrics;
use cloud::table::{Holder, Table};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How long a sweep starts new pages. The function has 60 s, and the schedule starts the next sweep after the same
/// time.
const BUDGET: Duration = Duration::from_secs(50);

/// The number of jobs of one partition that are read at a time. The sixteen partitions are swept in parallel.
const PAGE: i32 = 250;

/// The number of concurrent writes in one partition.
const AT_ONCE: usize = 8;

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

/// The result in one partition.
#[derive(Debug, Default)]
struct Shard {
    swept: Swept,
    /// The expiry time of the job that was overdue the longest.
    oldest: Option<Timestamp>,
    failed: Option<Unavailable>,
}

/// One sweep.
///
/// # Errors
/// When the table does not respond. Completed writes stay, and the next sweep continues.
pub async fn handle(deps: Arc<Deps>, _: Tick) -> Result<Swept, Error> {
    let (begun, now) = (Instant::now(), deps.clock.now());
    let mut shards = JoinSet::new();
    for shard in Table::EXPIRY_SHARDS {
        let deps = deps.clone();
        shards.spawn(async move { deps.sweep(shard, begun).await });
    }
    let (mut swept, mut failed, mut oldest) = (Swept::default(), None, now);
    while let Some(outcome) = shards.join_next().await {
        let shard = outcome?;
        swept.expired += shard.swept.expired;
        swept.never_mailed += shard.swept.never_mailed;
        swept.passed_over += shard.swept.passed_over;
        oldest = oldest.min(shard.oldest.unwrap_or(now));
        failed = shard.failed.or(failed);
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
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(swept),
    }
}

impl Deps {
    /// Sweeps one partition of the index, page by page.
    async fn sweep(&self, shard: &str, begun: Instant) -> Shard {
        let (mut done, mut after) = (Shard::default(), None);
        loop {
            let (overdue, next) = match self.table.overdue(shard, PAGE, self.clock.now(), after).await {
                Ok(page) => page,
                Err(error) => {
                    done.failed = Some(error);
                    return done;
                }
            };
            done.oldest = done.oldest.or_else(|| overdue.first().map(|(_, expired)| *expired));
            for jobs in overdue.chunks(AT_ONCE) {
                self.write(jobs, &mut done).await;
                if begun.elapsed() >= BUDGET {
                    return done;
                }
            }
            if next.is_none() || done.failed.is_some() {
                return done;
            }
            after = next;
        }
    }

    /// Records the expiry of some jobs concurrently.
    async fn write(&self, jobs: &[(JobRef, Timestamp)], done: &mut Shard) {
        let mut writes = JoinSet::new();
        for (job, _) in jobs {
            let (deps, job) = (self.clone(), job.clone());
            writes.spawn(async move { deps.expire(&job).await });
        }
        while let Some(written) = writes.join_next().await {
            match written {
                Ok(Ok(Some(job))) => {
                    done.swept.expired += 1;
                    let unsent = job.delivery_method == DeliveryMethod::Email && job.email_status.is_none();
                    done.swept.never_mailed += u32::from(unsent);
                }
                Ok(Ok(None)) => done.swept.passed_over += 1,
                Ok(Err(error)) => done.failed = Some(error),
                Err(broken) => done.failed = Some(Unavailable::new("dynamodb", broken.to_string())),
            }
        }
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

    /// The writes of a sweep in a second: 16 partitions with [`AT_ONCE`] concurrent writes, at 25 ms a write, which is
    /// slow, limited to what one core does, at 2 ms a write.
    const WRITES: u64 = {
        let by_waiting = 16 * AT_ONCE as u64 * 1000 / 25;
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
