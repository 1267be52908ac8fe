//! The queue of a realm: which of its batches have something to do, and when its next invitation may be sent. One runner at
//! a time holds the claim on a queue. Each of its writes requires the claim, so a runner whose claim has expired changes
//! nothing.
//!
//! The queue is in the sparse index `due` while one of its batches is pending. The pending batches are read consistently
//! from the table (`READY#…`), so a delay of the index delays invitations by a minute at most.

use binding::campaign::{Batch, BatchState, Chunk, Control, RecipientCounts, Tally};
use binding::ids::{BatchRef, RealmRef};
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::attribute::*;
use super::change::{Change, Condition};
use super::item::{Reader, Writer, n, numbers, s};
use super::write::{Changed, Write, Written};
use super::{Table, keys};

/// How long a claim lasts, in seconds: longer than the runner lives.
const LEASE_SECONDS: i64 = 75;

/// How long the pace stays halved after SES throttled a mail, in seconds.
const THROTTLED_SECONDS: i64 = 10 * 60;

/// The claim on a realm's queue, with the state of the realm's pace.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The realm.
    pub realm: RealmRef,
    /// Until when its slots are taken.
    pub taken_until: Timestamp,
    /// The UTC day that `day_sent` is of, counted since the Unix epoch.
    pub day: i64,
    /// How many invitations had slots on that day.
    pub day_sent: u32,
    op: String,
    wakes: u64,
}

/// A pending batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyBatch {
    /// The batch.
    pub batch: BatchRef,
    /// When it is due.
    pub time: Timestamp,
}

impl Table {
    /// The partitions of the index `due` that hold queues.
    pub const QUEUE_SHARDS: [&str; 4] = ["QUEUE#0", "QUEUE#1", "QUEUE#2", "QUEUE#3"];

    /// The realms of a partition whose queues are due, the longest waiting first; at most `most`.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn due_queues(&self, shard: &str, most: i32, now: Timestamp) -> Result<Vec<RealmRef>, Unavailable> {
        let items = self.due(shard, most, now).await?;
        items.iter().map(|item| Reader(item).name("pk", keys::parse_queue)).collect()
    }

    /// The keys in a partition of the index `due` that are due.
    pub(super) async fn due(&self, shard: &str, most: i32, now: Timestamp) -> Result<Vec<super::Item>, Unavailable> {
        let query = self
            .client
            .query()
            .table_name(&self.name)
            .index_name("due")
            .key_condition_expression("due_shard = :shard AND due_ms <= :now")
            .expression_attribute_values(":shard", s(shard))
            .expression_attribute_values(":now", n(now.millis()))
            .limit(most);
        Ok(self.pages(query, 1).await?.0)
    }

    /// Claims a realm's queue, if it is due and nobody else has the claim.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn claim_queue(&self, realm: &RealmRef, now: Timestamp) -> Result<Option<Claim>, Unavailable> {
        let free = Condition::either(Condition::Lacks(LEASE_MS), Condition::AtMost(LEASE_MS, n(now.millis())));
        let change = Change::of(keys::queue(realm))
            .when(Condition::AtMost(DUE_MS, n(now.millis())))
            .when(free)
            .set(LEASE_MS, n(now.plus_seconds(LEASE_SECONDS).millis()))
            .marked(CLAIM);
        let Written::Done(item) = self.change(change).await? else { return Ok(None) };
        let item = Reader(&item);
        Ok(Some(Claim {
            realm: realm.clone(),
            taken_until: item.maybe_time(NEXT_SLOT_MS).unwrap_or(Timestamp::from_millis(0)),
            day: item.maybe_number(DAY).unwrap_or_default(),
            day_sent: item.maybe_number(DAY_SENT).unwrap_or_default(),
            op: item.text(CLAIM)?,
            wakes: item.maybe_number(WAKES).unwrap_or_default(),
        }))
    }

    /// Records which slots of the realm are taken, and returns whether the claim is still held.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond: then the slots may be taken, and are not to be used.
    pub async fn take_slots(&self, claim: &Claim) -> Result<bool, Unavailable> {
        let change = held(claim)
            .set(NEXT_SLOT_MS, n(claim.taken_until.millis()))
            .set(DAY, n(claim.day))
            .set(DAY_SENT, n(claim.day_sent));
        Ok(matches!(self.change(change).await?, Written::Done(_)))
    }

    /// Releases the claim. The queue is due again when its next batch is, or never if it has none.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond; the claim lapses by itself then.
    pub async fn release_queue(&self, claim: &Claim, next: Option<Timestamp>) -> Result<(), Unavailable> {
        let released = || held(claim).remove(LEASE_MS).remove(CLAIM);
        let settled = released().when(Condition::Is(WAKES, n(claim.wakes)));
        let settled = match next {
            Some(time) => settled.set(DUE_MS, n(time.millis())),
            None => settled.remove(DUE_SHARD).remove(DUE_MS),
        };
        if let Written::Unmet(Some(_)) = self.change(settled).await? {
            // Somebody woke it meanwhile: it stays due.
            self.change(released()).await?;
        }
        Ok(())
    }

    /// The first batches of a realm's queue, those that have been ready longest first.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn ready_batches(&self, realm: &RealmRef, most: i32) -> Result<Vec<ReadyBatch>, Unavailable> {
        let query = self.partition(&keys::queue_pk(realm), keys::READY).limit(most);
        let read = |item| {
            let (time, id) = Reader(item).name("sk", keys::parse_ready)?;
            Ok(ReadyBatch { batch: BatchRef { realm: realm.clone(), id }, time })
        };
        self.pages(query, 1).await?.0.iter().map(read).collect()
    }

    /// Writes the outcomes of the recipients of a chunk, if the chunk did not change since it was read.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn settle_chunk(&self, batch: &BatchRef, chunk: &Chunk) -> Result<Changed, Unavailable> {
        let change = Change::of(keys::chunk(batch, chunk.number))
            .when(Condition::Is(VERSION, n(chunk.version)))
            .set(PROGRESS, s(chunk.progress()))
            .increment(VERSION)
            .marked(OP);
        let change = match chunk.deferred_until {
            Some(time) => change.set(DEFERRED_MS, n(time.millis())),
            None => change.remove(DEFERRED_MS),
        };
        Ok(self.change(change).await?.into())
    }

    /// Moves a batch to a later place in its realm's queue, unless somebody has moved it since.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn postpone_batch(&self, ready: &ReadyBatch, time: Timestamp) -> Result<Changed, Unavailable> {
        let ReadyBatch { batch, time: old } = ready;
        let moved = Change::of(keys::batch(batch))
            .when(Condition::Is(READY_MS, n(old.millis())))
            .set(READY_MS, n(time.millis()))
            .marked(OP);
        self.settle(vec![
            Write::Change(moved),
            Write::Delete(keys::ready(batch, *old), Vec::new()),
            Write::Put(Writer::new(keys::ready(batch, time), "READY").0, Vec::new()),
        ])
        .await
    }

    /// Stops a batch because too many mails bounced, if it did not change since it was read.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn stop_batch(&self, ready: &ReadyBatch, seen: &Batch, now: Timestamp) -> Result<Changed, Unavailable> {
        let stopped = Change::of(keys::batch(&ready.batch))
            .when(Condition::Is(VERSION, n(seen.version)))
            .when(Condition::Is(READY_MS, n(ready.time.millis())))
            .set(CONTROL, s(Control::StoppedByBounces.name()))
            .remove(READY_MS)
            .version(now)
            .stamp(CONTROL_MS)
            .marked(OP);
        self.settle(vec![Write::Change(stopped), Write::Delete(keys::ready(&ready.batch, ready.time), Vec::new())])
            .await
    }

    /// Ends a batch whose recipients are all settled, unless that was done before.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn finish_batch(
        &self,
        ready: &ReadyBatch,
        batch: &Batch,
        tally: &Tally,
        now: Timestamp,
    ) -> Result<Changed, Unavailable> {
        let RecipientCounts { invited, skipped, failed, .. } = tally.counts();
        let finished = Change::of(keys::batch(&ready.batch))
            .when(Condition::Is(STATE, s(BatchState::Running.name())))
            .set(STATE, s(BatchState::of(tally).name()))
            .set(FINISHED, numbers(&[invited.into(), skipped.into(), failed.into()]))
            .remove(READY_MS)
            .version(now)
            .marked(OP);
        let queue = Change::of(keys::queue(&ready.batch.realm)).when(Condition::Has(QUEUED));
        self.settle(vec![
            Write::Change(finished),
            Write::Delete(keys::ready(&ready.batch, ready.time), Vec::new()),
            Write::Change(queue.add(QUEUED, -i64::from(batch.size))),
        ])
        .await
    }

    /// Removes a batch that is no longer pending from its realm's queue.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn drop_ready(&self, ready: &ReadyBatch) -> Result<(), Unavailable> {
        self.settle(vec![Write::Delete(keys::ready(&ready.batch, ready.time), Vec::new())]).await.map(drop)
    }

    async fn settle(&self, writes: Vec<Write>) -> Result<Changed, Unavailable> {
        Ok(self.transact(writes).await?.into())
    }

    /// Takes at most `wanted` of the `limit` invitations that all batches may send in a minute. How many are taken.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond, or others take them at the same time again and again.
    pub async fn take_from_minute(&self, minute: i64, wanted: u32, limit: u32) -> Result<u32, Unavailable> {
        for _ in 0..5 {
            let there = self.get(keys::pacer()).await?;
            let read = |name| there.as_ref().and_then(|item| Reader(item).maybe_number::<i64>(name));
            let (known, sent) = (read(MINUTE), read(SENT).unwrap_or_default());
            let used = if known == Some(minute) { sent } else { 0 };
            let granted = u32::try_from(i64::from(limit) - used).unwrap_or_default().min(wanted);
            // A runner whose clock is behind gets nothing of a minute that is over.
            if granted == 0 || known.is_some_and(|known| known > minute) {
                return Ok(0);
            }
            let unchanged =
                |name, value: Option<i64>| value.map_or(Condition::Lacks(name), |value| Condition::Is(name, n(value)));
            let change = Change::of(keys::pacer())
                .when(unchanged(MINUTE, known))
                .when(unchanged(SENT, read(SENT)))
                .set(KIND, s("PACE"))
                .set(MINUTE, n(minute))
                .set(SENT, n(used + i64::from(granted)))
                .marked(OP);
            if let Written::Done(_) = self.change(change).await? {
                return Ok(granted);
            }
        }
        Err(Unavailable::new("dynamodb", "others took the minute's invitations at the same time"))
    }

    /// Whether SES has throttled a mail recently.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn is_throttled(&self, now: Timestamp) -> Result<bool, Unavailable> {
        let pacer = self.get(keys::pacer()).await?;
        Ok(pacer.and_then(|item| Reader(&item).maybe_time(THROTTLED_MS)).is_some_and(|until| until > now))
    }

    /// Records that SES has throttled a mail: batches send at half the pace for ten minutes.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn note_throttled(&self, now: Timestamp) -> Result<(), Unavailable> {
        let until = now.plus_seconds(THROTTLED_SECONDS);
        let soon = n(now.plus_seconds(THROTTLED_SECONDS - 60).millis());
        let change = Change::of(keys::pacer())
            .when(Condition::either(Condition::Lacks(THROTTLED_MS), Condition::AtMost(THROTTLED_MS, soon)))
            .set(KIND, s("PACE"))
            .set(THROTTLED_MS, n(until.millis()));
        self.change(change).await.map(drop)
    }
}

/// A change of a queue that requires the claim.
fn held(claim: &Claim) -> Change {
    Change::of(keys::queue(&claim.realm)).when(Condition::Is(CLAIM, s(&claim.op)))
}
