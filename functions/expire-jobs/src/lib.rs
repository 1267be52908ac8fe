//! Makes expiry visible. A job is `EXPIRED` from its `expire_time` on whatever the table says; this sweep, every minute,
//! writes it down, so that the change becomes an event.
//!
//! 1. Each partition of the index `expiry` is asked for jobs whose time is over, the oldest first.
//! 2. Each becomes `EXPIRED` in one conditional write, which takes it out of the index. Two sweeps at once, or one that
//!    is run again, do it once: for the second, the condition fails.
//! 3. A sweep does a bounded number of them; what is left is the next one's.

use std::sync::Arc;

use binding::ids::JobRef;
use binding::job::{Command, DeliveryMethod, Job};
use binding::unavailable::Unavailable;
use cloud::aws::Aws;
use cloud::boot::Error;
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::metric::Metrics;
use cloud::table::{Holder, Table};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

/// How many jobs of one partition a sweep does at most. There are sixteen partitions.
const MOST_PER_SHARD: i32 = 250;

/// How many jobs of one partition are written at once.
const AT_ONCE: usize = 4;

/// What the function needs.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    metrics: Metrics,
}

impl Deps {
    /// From the function's environment.
    ///
    /// # Errors
    /// What keeps the function from starting.
    pub async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let table = Table::new(&Aws::new(env)?, env)?;
        table.warm().await;
        let metrics = Metrics::new(env, clock.clone())?;
        Ok(Self { table, clock, metrics })
    }
}

/// The schedule's event. What is in it does not matter.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Tick {}

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// How many jobs it wrote down as expired.
    pub expired: u32,
    /// How many of them were to be mailed, and no mail ever left.
    pub never_mailed: u32,
    /// How many others the index named: they had ended meanwhile.
    pub passed_over: u32,
}

/// One sweep.
///
/// # Errors
/// When the table does not answer: what was done stays done, and the next sweep goes on.
pub async fn handle(deps: Arc<Deps>, _: Tick) -> Result<Swept, Error> {
    let mut shards = JoinSet::new();
    for shard in Table::EXPIRY_SHARDS {
        let deps = deps.clone();
        shards.spawn(async move { deps.sweep(shard).await });
    }
    let (mut swept, mut failed) = (Swept::default(), None);
    while let Some(outcome) = shards.join_next().await {
        match outcome? {
            Ok(shard) => {
                swept.expired += shard.expired;
                swept.never_mailed += shard.never_mailed;
                swept.passed_over += shard.passed_over;
            }
            Err(error) => failed = Some(error),
        }
    }
    tracing::info!(
        expired = swept.expired,
        never_mailed = swept.never_mailed,
        passed_over = swept.passed_over,
        "swept"
    );
    deps.metrics.count(&[("JobsExpired", swept.expired.into()), ("JobsNeverMailed", swept.never_mailed.into())]);
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(swept),
    }
}

impl Deps {
    async fn sweep(&self, shard: &str) -> Result<Swept, Unavailable> {
        let overdue = self.table.overdue(shard, MOST_PER_SHARD, self.clock.now()).await?;
        let (mut swept, mut failed) = (Swept::default(), None);
        for jobs in overdue.chunks(AT_ONCE) {
            let mut writes = JoinSet::new();
            for job in jobs {
                let (deps, job) = (self.clone(), job.clone());
                writes.spawn(async move { deps.expire(&job).await });
            }
            while let Some(written) = writes.join_next().await {
                match written {
                    Ok(Ok(Some(job))) => {
                        swept.expired += 1;
                        let unsent = job.delivery_method == DeliveryMethod::Email && job.email_status.is_none();
                        swept.never_mailed += u32::from(unsent);
                    }
                    Ok(Ok(None)) => swept.passed_over += 1,
                    Ok(Err(error)) => failed = Some(error),
                    Err(broken) => failed = Some(Unavailable::new("dynamodb", broken.to_string())),
                }
            }
        }
        failed.map_or(Ok(swept), Err)
    }

    /// The job, if it was still to be written down.
    async fn expire(&self, job: &JobRef) -> Result<Option<Job>, Unavailable> {
        match self.table.advance(job, Holder::Us, Command::Expire, self.clock.now()).await? {
            Ok(job) => Ok(Some(job)),
            Err(_) => Ok(None),
        }
    }
}
