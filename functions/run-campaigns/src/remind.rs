//! Reminders of all jobs, of batches and single ones.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use binding::campaign::pace::minute;
use binding::campaign::{Batch, QuietHours};
use binding::ids::{BatchId, BatchRef, JobRef};
use binding::job::Job;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use cloud::each::each;
use cloud::table::{Changed, Table};

use crate::{Deps, Ran, Run};

/// How many reminders of a partition are sent in a run.
const MOST: i32 = 500;

/// How many reminders are sent at once.
const AT_ONCE: usize = 16;

/// The jobs whose reminders are due.
pub(crate) async fn due(deps: &Deps, now: Timestamp) -> Result<Vec<JobRef>, Unavailable> {
    let read = |shard| {
        let table = deps.table.clone();
        async move { table.due_reminders(shard, MOST, now).await }
    };
    Ok(each(Table::REMINDER_SHARDS, AT_ONCE, read).await?.concat())
}

/// Sends reminders, as many as the installation's pace allows.
pub(crate) async fn remind_all(run: &Run, due: Vec<JobRef>) -> (Ran, Option<Unavailable>) {
    let mut ran = Ran::default();
    let mut batches = HashMap::new();
    for some in due.chunks(AT_ONCE) {
        if run.is_over() {
            break;
        }
        match remind_some(run, some, &mut batches, &mut ran).await {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return (ran, Some(error)),
        }
    }
    (ran, None)
}

/// Sends some reminders concurrently, and returns whether the pace allowed them.
async fn remind_some(
    run: &Run,
    some: &[JobRef],
    batches: &mut HashMap<BatchId, Option<Batch>>,
    ran: &mut Ran,
) -> Result<bool, Unavailable> {
    let (table, now) = (&run.deps.table, run.deps.clock.now());
    let mut wanted = Vec::new();
    // A job in the index may have ended, or been reminded, meanwhile.
    for job in table.jobs(some, true).await? {
        if job.next_reminder_time.is_none_or(|time| time > now) {
            continue;
        }
        match quiet_until(run, &job, batches, now).await? {
            _ if !job.may_be_reminded(now) => drop(table.postpone_reminder(&job, None).await?),
            Some(end) => drop(table.postpone_reminder(&job, Some(end)).await?),
            None => wanted.push(job),
        }
    }
    let count = u32::try_from(wanted.len()).unwrap_or(u32::MAX);
    let granted = run.take(minute(now), count).await?;
    wanted.truncate(granted as usize);
    let write = |job| {
        let deps = run.deps.clone();
        async move { deps.table.remind(&job, deps.clock.now()).await }
    };
    for changed in each(wanted, AT_ONCE, write).await? {
        ran.reminded += u32::from(changed == Changed::Yes);
    }
    Ok(granted == count)
}

/// When quiet hours end for the recipient of a batch's job, if it is quiet.
async fn quiet_until(
    run: &Run,
    job: &Job,
    batches: &mut HashMap<BatchId, Option<Batch>>,
    now: Timestamp,
) -> Result<Option<Timestamp>, Unavailable> {
    let Some(id) = job.batch_id else { return Ok(None) };
    let realm = &job.reference.identity.realm;
    let batch = match batches.entry(id) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(unknown) => {
            let batch = run.deps.table.batch(&BatchRef { realm: realm.clone(), id }).await?;
            unknown.insert(batch.map(|(batch, _)| batch))
        }
    };
    let quiet: Option<&QuietHours> = batch.as_ref().and_then(|batch| batch.settings.quiet_hours.as_ref());
    let Some(quiet) = quiet else { return Ok(None) };
    let person = run.deps.table.identity(&job.reference.identity).await?;
    Ok(quiet.end(person.and_then(|person| person.time_zone).as_deref(), now))
}
