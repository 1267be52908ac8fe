//! Serves a realm: its batches in sequence, those that have been ready longest first.

use binding::campaign::pace::end_of_day;
use binding::campaign::{Batch, BatchState, Chunk, Control, Outcome, SkipReason, Tally};
use binding::ids::{JobRef, RealmRef};
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use cloud::table::{Changed, Claim, ReadyBatch};

use crate::invite::{Pass, own_job, pass, sent_today};
use crate::{Ran, Run};

/// The number of batches of a realm that are read at a time.
const READY: i32 = 10;

/// The maximum number of steps of a run in one realm. Each invites up to a hundred recipients, or ends a batch.
const STEPS: u32 = 2_000;

/// Serves a realm, if no other runner does. Returns what was done, and the error that ended it, if any.
pub(crate) async fn serve(run: &Run, realm: &RealmRef) -> (Ran, Option<Unavailable>) {
    let mut ran = Ran::default();
    let outcome = steps(run, realm, &mut ran).await;
    (ran, outcome.err())
}

async fn steps(run: &Run, realm: &RealmRef, ran: &mut Ran) -> Result<(), Unavailable> {
    let table = &run.deps.table;
    let Some(mut claim) = table.claim_queue(realm, run.deps.clock.now()).await? else { return Ok(()) };
    for _ in 0..STEPS {
        let now = run.deps.clock.now();
        let ready = table.ready_batches(realm, READY).await?;
        let Some(first) = ready.first() else { return table.release_queue(&claim, None).await };
        if first.time > now {
            return table.release_queue(&claim, Some(first.time)).await;
        }
        if run.is_over() || step(run, &mut claim, first, ran).await? == Next::Later {
            break;
        }
    }
    // The realm stays due, and the next run continues.
    table.release_queue(&claim, Some(run.deps.clock.now())).await
}

/// When to continue with the realm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// At once.
    Now,
    /// In the next run.
    Later,
}

/// Advances a batch by one step.
async fn step(run: &Run, claim: &mut Claim, ready: &ReadyBatch, ran: &mut Ran) -> Result<Next, Unavailable> {
    let (table, now) = (&run.deps.table, run.deps.clock.now());
    let Some((batch, mut chunks)) = table.batch(&ready.batch).await? else {
        table.drop_ready(ready).await?;
        return Ok(Next::Now);
    };
    if batch.state != BatchState::Running || !matches!(batch.control, Control::Active | Control::Cancelled) {
        table.drop_ready(ready).await?;
        return Ok(Next::Now);
    }
    if batch.should_stop() {
        if table.stop_batch(ready, &batch, now).await? == Changed::Yes {
            tracing::warn!(batch_id = %batch.reference.id, "a batch was stopped: too many mails bounced");
            ran.stopped += 1;
        }
        return Ok(Next::Now);
    }
    if batch.control == Control::Cancelled {
        settle_cancelled(run, &batch, &mut chunks, ran).await?;
    }
    // The ramp lets the realm send no more today.
    if batch.control == Control::Active
        && batch.settings.day_limit(now).is_some_and(|limit| sent_today(claim, now) >= limit)
    {
        return postpone(run, ready, end_of_day(now)).await;
    }
    let next = chunks.iter().filter_map(|chunk| chunk.next_time(now)).min();
    match next {
        None => finish(run, &batch, &chunks, ready, ran).await,
        Some(time) if time > now => postpone(run, ready, time).await,
        Some(_) => {
            let Some(chunk) = chunks.iter_mut().find(|chunk| chunk.ready(now).next().is_some()) else {
                return Ok(Next::Later);
            };
            match pass(run, claim, &batch, chunk, ran).await? {
                Pass::Done => Ok(Next::Now),
                Pass::AllDeferred(until) => postpone(run, ready, until).await,
                Pass::NoRoom => Ok(Next::Later),
            }
        }
    }
}

async fn postpone(run: &Run, ready: &ReadyBatch, time: Timestamp) -> Result<Next, Unavailable> {
    if time != ready.time {
        run.deps.table.postpone_batch(ready, time).await?;
    }
    Ok(Next::Now)
}

async fn finish(
    run: &Run,
    batch: &Batch,
    chunks: &[Chunk],
    ready: &ReadyBatch,
    ran: &mut Ran,
) -> Result<Next, Unavailable> {
    let tally = Tally::of(chunks);
    if run.deps.table.finish_batch(ready, batch, &tally, run.deps.clock.now()).await? == Changed::Yes {
        let state = BatchState::of(&tally).name();
        tracing::info!(batch_id = %batch.reference.id, state, "a batch has finished");
        ran.finished += 1;
    } else {
        run.deps.table.drop_ready(ready).await?;
    }
    Ok(Next::Now)
}

/// Settles the recipients of a cancelled batch. A job whose outcome could not be written is found by its id.
async fn settle_cancelled(run: &Run, batch: &Batch, chunks: &mut [Chunk], ran: &mut Ran) -> Result<(), Unavailable> {
    for chunk in chunks.iter_mut() {
        let open: Vec<usize> =
            (0..chunk.recipients.len()).filter(|index| !chunk.recipients[*index].1.is_settled()).collect();
        if open.is_empty() {
            continue;
        }
        let jobs: Vec<JobRef> = open.iter().map(|index| own_job(batch, &chunk.recipients[*index].0)).collect();
        let created = run.deps.table.jobs(&jobs, true).await?;
        for (index, job) in open.into_iter().zip(&jobs) {
            let invited = created.iter().any(|created| created.reference == *job);
            chunk.recipients[index].1 =
                if invited { Outcome::Invited } else { Outcome::Skipped(SkipReason::Cancelled) };
            ran.skipped += u32::from(!invited);
        }
        run.deps.table.settle_chunk(&batch.reference, chunk).await?;
    }
    Ok(())
}
