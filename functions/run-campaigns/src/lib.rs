//! Advances batches, every minute: creates their jobs, whose links `send-link` mails, and reminds recipients.
//!
//! 1. The sparse index `due` lists the realms with pending batches, and the jobs with due reminders.
//! 2. A realm's queue is claimed, so that one runner at a time serves it ([`serve`]). The claim of a runner that dies
//!    expires.
//! 3. It is decided what is done with each recipient, slots in time are taken, and each job is created in its slot
//!    ([`invite`]). The job's id is derived from batch and identity, so a second attempt creates no second job.
//! 4. The outcomes of the recipients are written, a hundred at a time. The next runner finds jobs whose outcome could
//!    not be written.
//!
//! A run ends 50 seconds after it began; the next run continues.

mod invite;
mod remind;
mod serve;

use std::sync::Arc;

use binding::campaign::pace::Allowance;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use cloud::aws::Aws;
use cloud::boot::{Error, FromEnv};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::keys::LinkKeys;
use cloud::metric::Metrics;
use cloud::sending::SendingQuota;
use cloud::table::Table;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

/// How long a run starts new work, in seconds. The function has 60 s.
const BUDGET_SECONDS: i64 = 50;

/// The maximum number of realms of a partition that a run serves.
const REALMS: i32 = 50;

/// The function's dependencies.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    link_keys: LinkKeys,
    quota: SendingQuota,
    metrics: Metrics,
}

impl FromEnv for Deps {
    async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let aws = Aws::new(env)?;
        let table = Table::new(&aws, env)?;
        let (link_keys, ()) = tokio::join!(LinkKeys::open(&aws, env), table.warm());
        let metrics = Metrics::new(env, clock.clone())?;
        Ok(Self { table, clock, link_keys: link_keys?, quota: SendingQuota::new(&aws), metrics })
    }
}

/// The event of the schedule. Its content is ignored.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Tick {}

/// The result of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ran {
    /// How many jobs it created.
    pub invited: u32,
    /// How many recipients it settled without an invitation.
    pub skipped: u32,
    /// How many slots it could not use in time.
    pub missed: u32,
    /// How many recipients it reminded.
    pub reminded: u32,
    /// How many batches it stopped because of bounces.
    pub stopped: u32,
    /// How many batches it finished.
    pub finished: u32,
}

impl Ran {
    fn add(&mut self, other: Ran) {
        self.invited += other.invited;
        self.skipped += other.skipped;
        self.missed += other.missed;
        self.reminded += other.reminded;
        self.stopped += other.stopped;
        self.finished += other.finished;
    }
}

/// The limits of a run.
#[derive(Clone, Debug)]
struct Run {
    deps: Arc<Deps>,
    /// When the run stops starting new work.
    until: Timestamp,
    /// How many mails batches may send in a minute.
    per_minute: u32,
    /// The remaining mails of the day's quota, shared by all tasks of the run.
    left_today: Arc<tokio::sync::Mutex<u64>>,
}

impl Run {
    /// Takes at most `wanted` of the installation's mails of a minute, and returns the number taken.
    async fn take(&self, minute: i64, wanted: u32) -> Result<u32, Unavailable> {
        let mut left = self.left_today.lock().await;
        let wanted = wanted.min(u32::try_from(*left).unwrap_or(u32::MAX));
        if wanted == 0 {
            return Ok(0);
        }
        let taken = self.deps.table.take_from_minute(minute, wanted, self.per_minute).await?;
        *left -= u64::from(taken);
        Ok(taken)
    }

    fn is_over(&self) -> bool {
        self.deps.clock.now() >= self.until
    }
}

/// One run.
///
/// # Errors
/// When a service does not respond. Completed writes stay, and the next run continues.
pub async fn handle(deps: Arc<Deps>, _: Tick) -> Result<Ran, Error> {
    let now = deps.clock.now();
    let mut realms = Vec::new();
    let mut failed = None;
    for due in deps.due_realms(now).await {
        match due {
            Ok(due) => realms.extend(due),
            Err(error) => failed = Some(error),
        }
    }
    let reminders = match remind::due(&deps, now).await {
        Ok(due) => due,
        Err(error) => {
            failed = Some(error);
            Vec::new()
        }
    };
    let mut ran = Ran::default();
    if !realms.is_empty() || !reminders.is_empty() {
        let run = deps.begin(now).await?;
        let mut work = JoinSet::new();
        for realm in realms {
            let run = run.clone();
            work.spawn(async move { serve::serve(&run, &realm).await });
        }
        work.spawn(async move { remind::remind_all(&run, reminders).await });
        while let Some(done) = work.join_next().await {
            let (part, error) = done?;
            ran.add(part);
            failed = error.or(failed);
        }
    }
    let Ran { invited, skipped, missed, reminded, stopped, finished } = ran;
    tracing::info!(invited, skipped, missed, reminded, stopped, finished, "campaigns advanced");
    deps.metrics.count(&[
        ("RecipientsInvited", invited.into()),
        ("RecipientsReminded", reminded.into()),
        ("BatchesStopped", stopped.into()),
    ]);
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(ran),
    }
}

impl Deps {
    async fn due_realms(&self, now: Timestamp) -> Vec<Result<Vec<binding::ids::RealmRef>, Unavailable>> {
        let mut reads = JoinSet::new();
        for shard in Table::QUEUE_SHARDS {
            let table = self.table.clone();
            reads.spawn(async move { table.due_queues(shard, REALMS, now).await });
        }
        reads.join_all().await
    }

    /// Reads the limits of this run from SES and the table.
    async fn begin(self: &Arc<Self>, now: Timestamp) -> Result<Run, Unavailable> {
        let (quota, throttled) = tokio::join!(self.quota.read(), self.table.is_throttled(now));
        let allowance = Allowance { throttled: throttled?, ..quota? };
        Ok(Run {
            deps: self.clone(),
            until: now.plus_seconds(BUDGET_SECONDS),
            per_minute: allowance.per_minute(),
            left_today: Arc::new(tokio::sync::Mutex::new(allowance.left_today())),
        })
    }
}
