//! Batches: created with their recipients in one transaction, then advanced by the runner ([`super::queue`]) and controlled
//! by callers.

use std::ops::Range;

use binding::campaign::{
    Batch, BatchState, CHUNK_SIZE, Chunk, Control, LARGEST_BATCH, LARGEST_QUEUE, MailCounts, OnEnrolled, OnPending,
    Outcome, QuietHours, RecipientCounts, Settings, Tally,
};
use binding::ids::{BatchId, BatchRef, ConfigId, IdentityId, RealmRef};
use binding::mail::EmailStatus;
use binding::reminder::Reminders;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::attribute::*;
use super::change::{Change, Condition};
use super::idempotency::{Earlier, IdempotencyKey};
use super::item::{Item, Reader, Writer, flag, n, numbers, s};
use super::write::{Changed, Transacted, Write};
use super::{Table, keys};

/// How long after its start a batch is kept, in seconds: a year.
const RETENTION_SECONDS: i64 = 365 * 24 * 60 * 60;

/// How long an idempotency key of a batch is remembered, in seconds: thirty days.
const MEMORY_SECONDS: i64 = 30 * 24 * 60 * 60;

/// The batch that was created with an idempotency key.
const BATCH_ID: &str = "batch_id";

/// The result of the creation of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchCreated {
    /// It was created.
    Yes,
    /// The key was already used.
    Earlier(Earlier<BatchId>),
    /// The realm's unfinished batches have so many recipients that there is no room for it.
    QueueFull(u32),
    /// A request with the same key is running, or others keep it from running.
    Running,
}

impl Table {
    /// Stores a new batch with its recipients, and wakes the realm's queue.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn create_batch(
        &self,
        batch: &Batch,
        chunks: &[Chunk],
        key: Option<&IdempotencyKey>,
    ) -> Result<BatchCreated, Unavailable> {
        let reference = &batch.reference;
        let (now, start) = (batch.create_time, batch.settings.start_time);
        let purge = start.plus_seconds(RETENTION_SECONDS);
        let room = Condition::AtMost(QUEUED, n(LARGEST_QUEUE.saturating_sub(batch.size)));
        let queue = woken(&reference.realm, now)
            .when(Condition::either(Condition::Lacks(QUEUED), room))
            .add(QUEUED, batch.size.into());
        let missing = |item| Write::Put(item, vec![Condition::Missing]);
        let mut writes = vec![Write::Change(queue), missing(batch_to_item(batch, purge))];
        if let Some(key) = key {
            let (place, id) = (key.batch_place(&reference.realm), (BATCH_ID, reference.id.to_string()));
            writes.push(key.claim(place, id, now, now.plus_seconds(MEMORY_SECONDS)));
        }
        writes.push(missing(Writer::new(keys::ready(reference, start), "READY").0));
        writes.extend(chunks.iter().map(|chunk| missing(chunk_to_item(reference, chunk, purge))));
        match self.transact(writes).await? {
            Transacted::Done => Ok(BatchCreated::Yes),
            Transacted::Unmet(index, there) => match (index, there, key) {
                (0, queue, _) => {
                    let queued = queue.and_then(|queue| Reader(&queue).maybe_number(QUEUED)).unwrap_or_default();
                    Ok(BatchCreated::QueueFull(queued))
                }
                (2, Some(record), Some(key)) => {
                    let earlier = key.earlier(&record, (BATCH_ID, BatchId::parse), now)?;
                    Ok(earlier.map_or(BatchCreated::Running, BatchCreated::Earlier))
                }
                _ => Err(Unavailable::new("dynamodb", "the id of a new batch is taken")),
            },
            Transacted::Conflict => Ok(BatchCreated::Running),
        }
    }

    /// The earlier use of an idempotency key.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn earlier_batch(
        &self,
        realm: &RealmRef,
        key: &IdempotencyKey,
        now: Timestamp,
    ) -> Result<Option<Earlier<BatchId>>, Unavailable> {
        let record = self.get(key.batch_place(realm)).await?;
        Ok(record.map(|record| key.earlier(&record, (BATCH_ID, BatchId::parse), now)).transpose()?.flatten())
    }

    /// Reads a batch with all its recipients, and how many of them were invited.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn batch(&self, batch: &BatchRef) -> Result<Option<(Batch, Vec<Chunk>)>, Unavailable> {
        let (mut found, mut chunks) = (None, Vec::new());
        // A batch has at most 150 KB.
        for item in self.pages(self.partition(&keys::batch_pk(batch), ""), 3).await?.0 {
            match Reader(&item).text("kind")?.as_str() {
                keys::BATCH => found = Some(batch_from_item(&item)?),
                _ => chunks.push(chunk_from_item(&item)?),
            }
        }
        let Some(mut batch) = found else { return Ok(None) };
        batch.mails.invited = Tally::of(&chunks).invited;
        Ok(Some((batch, chunks)))
    }

    /// Reads a batch with the chunks that have the recipients `positions`, counted from 0. How many were invited is not
    /// read.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn batch_part(
        &self,
        batch: &BatchRef,
        positions: Range<usize>,
    ) -> Result<Option<(Batch, Vec<Chunk>)>, Unavailable> {
        let end = positions.end.min(LARGEST_BATCH).div_ceil(CHUNK_SIZE);
        let number = |number| u32::try_from(number).unwrap_or(u32::MAX);
        let chunks = (positions.start / CHUNK_SIZE..end).map(|chunk| keys::chunk(batch, number(chunk)));
        let (mut found, mut chunks_found) = (None, Vec::new());
        for item in self.get_all(std::iter::once(keys::batch(batch)).chain(chunks).collect()).await? {
            match Reader(&item).text("kind")?.as_str() {
                keys::BATCH => found = Some(batch_from_item(&item)?),
                _ => chunks_found.push(chunk_from_item(&item)?),
            }
        }
        chunks_found.sort_by_key(|chunk| chunk.number);
        Ok(found.map(|batch| (batch, chunks_found)))
    }

    /// Counts the recipients of a batch that has not finished, with eventual consistency.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn recipient_counts(&self, batch: &BatchRef) -> Result<RecipientCounts, Unavailable> {
        let query = self.partition(&keys::batch_pk(batch), keys::CHUNK).consistent_read(false);
        let chunks = self.pages(query, 1).await?.0.iter().map(chunk_from_item).collect::<Result<Vec<_>, _>>()?;
        Ok(Tally::of(&chunks).counts())
    }

    /// Changes whether a batch sends invitations, if it did not change since it was read. Active and cancelled batches are
    /// pending: the runner invites the recipients of an active one, and settles those of a cancelled one.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn control_batch(&self, seen: &Batch, to: Control, now: Timestamp) -> Result<Changed, Unavailable> {
        let reference = &seen.reference;
        let wakes = matches!(to, Control::Active | Control::Cancelled);
        let ready = now.max(seen.settings.start_time);
        let ready = if to == Control::Active { ready } else { now };
        let old = self.ready_time(reference).await?;
        let mut change = Change::of(keys::batch(reference))
            .when(Condition::Is(VERSION, n(seen.version)))
            .when(Condition::Is(STATE, s(BatchState::Running.name())))
            .when(old.map_or(Condition::Lacks(READY_MS), |old| Condition::Is(READY_MS, n(old.millis()))))
            .set(CONTROL, s(to.name()))
            .version(now)
            .stamp(CONTROL_MS)
            .marked(OP);
        change = if wakes { change.set(READY_MS, n(ready.millis())) } else { change.remove(READY_MS) };
        if to == Control::Active {
            let MailCounts { invited, bounced, complained } = seen.mails;
            change = change.set(AT_RESUME, numbers(&[invited.into(), bounced.into(), complained.into()]));
        }
        let mut writes = vec![Write::Change(change)];
        if let Some(old) = old.filter(|old| !wakes || *old != ready) {
            writes.push(Write::Delete(keys::ready(reference, old), Vec::new()));
        }
        if wakes {
            writes.push(Write::Put(Writer::new(keys::ready(reference, ready), "READY").0, Vec::new()));
            writes.push(Write::Change(woken(&reference.realm, now)));
        }
        Ok(self.transact(writes).await?.into())
    }

    /// The time in the key of a batch's `READY#…` item.
    async fn ready_time(&self, batch: &BatchRef) -> Result<Option<Timestamp>, Unavailable> {
        Ok(self.get(keys::batch(batch)).await?.and_then(|item| Reader(&item).maybe_time(READY_MS)))
    }
}

/// A change that wakes a realm's queue.
pub(super) fn woken(realm: &RealmRef, now: Timestamp) -> Change {
    Change::of(keys::queue(realm))
        .set(KIND, s("QUEUE"))
        .set(DUE_SHARD, s(keys::queue_shard(realm)))
        .set(DUE_MS, n(now.millis()))
        .increment(WAKES)
}

/// The change that counts a report about a mail on its job's batch, if it is of the kind that stops batches.
pub(super) fn counted(batch: &BatchRef, status: EmailStatus) -> Option<Change> {
    let attribute = match status {
        EmailStatus::Bounced => BOUNCED,
        EmailStatus::Complained => COMPLAINED,
        _ => return None,
    };
    Some(Change::of(keys::batch(batch)).when(Condition::Has(STATE)).increment(attribute))
}

fn batch_to_item(batch: &Batch, purge: Timestamp) -> Item {
    let Batch { reference, settings, .. } = batch;
    let quiet = settings.quiet_hours.as_ref();
    let limits: Vec<i64> = settings.ramp.iter().copied().map(i64::from).collect();
    Writer::new(keys::batch(reference), keys::BATCH)
        .set(VERSION, n(batch.version))
        .set(STATE, s(batch.state.name()))
        .set(CONTROL, s(batch.control.name()))
        .set(CONTROL_MS, n(batch.control_time.millis()))
        .set(READY_MS, n(settings.start_time.millis()))
        .set("size", n(batch.size))
        .set("config_id", s(settings.config.as_str()))
        .maybe("inline_config", settings.inline_config.then(|| flag(true)))
        .maybe("redirect_uri", settings.post_binding_redirect_uri.as_ref().map(s))
        .maybe("lifetime_seconds", settings.lifetime_seconds.map(n))
        .maybe("locale", settings.locale.as_ref().map(s))
        .set("start_ms", n(settings.start_time.millis()))
        .maybe("max_per_minute", settings.max_per_minute.map(n))
        .maybe("ramp", (!limits.is_empty()).then(|| numbers(&limits)))
        .maybe("quiet_zone", quiet.map(|quiet| s(&quiet.time_zone)))
        .maybe("quiet_span", quiet.map(|quiet| numbers(&[quiet.from.into(), quiet.to.into()])))
        .maybe("reminders", (!settings.reminders.is_empty()).then(|| numbers(settings.reminders.after_seconds())))
        .set("on_enrolled", s(settings.on_enrolled.name()))
        .set("on_pending", s(settings.on_pending.name()))
        .set(CREATE_MS, n(batch.create_time.millis()))
        .set(UPDATE_MS, n(batch.update_time.millis()))
        .set(TTL, n(purge.seconds()))
        .set("realm_key", s(keys::realm_key(&reference.realm, keys::BATCH)))
        .set("realm_sort", s(keys::realm_sort(batch.create_time, &reference.id.to_string())))
        .0
}

/// Reads a batch. It is the image of a batch in the table's stream too. How many were invited is not in it.
///
/// # Errors
/// [`Unavailable`] when the item is no batch.
pub fn batch_from_item(item: &Item) -> Result<Batch, Unavailable> {
    let item = Reader(item);
    let span: Vec<u16> = item.numbers("quiet_span");
    let quiet_hours = match (item.maybe_text("quiet_zone"), span.as_slice()) {
        (Some(time_zone), [from, to]) => Some(QuietHours { time_zone, from: *from, to: *to }),
        _ => None,
    };
    let at_resume: Vec<u32> = item.numbers(AT_RESUME);
    let count = |index: usize| at_resume.get(index).copied().unwrap_or_default();
    Ok(Batch {
        reference: item.name("pk", keys::parse_batch)?,
        version: item.number(VERSION)?,
        settings: Settings {
            config: item.name("config_id", |id| ConfigId::parse(id).ok())?,
            inline_config: item.flag("inline_config"),
            post_binding_redirect_uri: item.maybe_text("redirect_uri"),
            lifetime_seconds: item.maybe_number("lifetime_seconds"),
            locale: item.maybe_text("locale"),
            start_time: item.time("start_ms")?,
            max_per_minute: item.maybe_number("max_per_minute"),
            ramp: item.numbers("ramp"),
            quiet_hours,
            reminders: Reminders::new(item.numbers("reminders")).unwrap_or_default(),
            on_enrolled: item.name("on_enrolled", OnEnrolled::from_name)?,
            on_pending: item.name("on_pending", OnPending::from_name)?,
        },
        size: item.number("size")?,
        control: item.name(CONTROL, Control::from_name)?,
        control_time: item.time(CONTROL_MS)?,
        state: item.name(STATE, BatchState::from_name)?,
        finished: match item.numbers(FINISHED).as_slice() {
            &[invited, skipped, failed] => Some(RecipientCounts { invited, skipped, failed, ..Default::default() }),
            _ => None,
        },
        mails: MailCounts {
            invited: 0,
            bounced: item.maybe_number(BOUNCED).unwrap_or_default(),
            complained: item.maybe_number(COMPLAINED).unwrap_or_default(),
        },
        mails_at_resume: MailCounts { invited: count(0), bounced: count(1), complained: count(2) },
        create_time: item.time(CREATE_MS)?,
        update_time: item.time(UPDATE_MS)?,
    })
}

/// The ids are one text: they have no blanks.
fn chunk_to_item(batch: &BatchRef, chunk: &Chunk, purge: Timestamp) -> Item {
    let ids: Vec<&str> = chunk.recipients.iter().map(|(identity, _)| identity.as_str()).collect();
    Writer::new(keys::chunk(batch, chunk.number), "CHUNK")
        .set(VERSION, n(chunk.version))
        .set("identities", s(ids.join(" ")))
        .set(PROGRESS, s(chunk.progress()))
        .set(TTL, n(purge.seconds()))
        .0
}

fn chunk_from_item(item: &Item) -> Result<Chunk, Unavailable> {
    let item = Reader(item);
    let identities = item.text("identities")?;
    let progress = item.text(PROGRESS)?;
    let recipients: Option<Vec<_>> = identities
        .split(' ')
        .zip(progress.chars())
        .map(|(id, code)| Some((IdentityId::parse(id).ok()?, Outcome::from_code(code)?)))
        .collect();
    Ok(Chunk {
        number: item.name("sk", |sk| sk.strip_prefix(keys::CHUNK)?.parse().ok())?,
        version: item.number(VERSION)?,
        recipients: recipients.ok_or_else(|| item.malformed(PROGRESS))?,
        deferred_until: item.maybe_time(DEFERRED_MS),
    })
}
