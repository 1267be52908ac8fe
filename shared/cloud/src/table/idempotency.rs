//! Jobs that are created at most once for a caller's `Idempotency-Key`.
//!
//! The record of a key is stored in the identity's partition and written in one transaction with the job, so neither exists
//! without the other, and erasing the identity erases both.

use binding::ids::{BatchRef, IdentityRef, JobId, RealmRef};
use binding::job::Job;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use ring::digest;

use super::change::Condition;
use super::item::{Item, Reader, Writer, b, n, s};
use super::records::job_to_item;
use super::write::{Transacted, Write};
use super::{Table, keys};

/// How long a key is stored, in seconds: a day.
const MEMORY_SECONDS: i64 = 24 * 60 * 60;

/// When the record of a key expires, in milliseconds.
pub(super) const FORGET_MS: &str = "forget_ms";

/// A caller's key as the table stores it: a hash that includes the principal, so two callers never share one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    hash: Vec<u8>,
    request: Vec<u8>,
}

impl IdempotencyKey {
    /// Hashes the key `key` of a principal, for a request with this body.
    #[must_use]
    pub fn new(principal: &str, key: &str, body: &str) -> Self {
        let hash = |text: &str| digest::digest(&digest::SHA256, text.as_bytes()).as_ref().to_vec();
        Self { hash: hash(&format!("{}\n{principal}\n{key}", principal.len())), request: hash(body) }
    }

    /// The record of this key for a batch, which keeps what was made of it until `forget`.
    pub(super) fn batch_record(&self, batch: &BatchRef, forget: Timestamp) -> Item {
        Writer::new(self.batch_place(&batch.realm), "IDEMPOTENCY_KEY")
            .set("request", b(&self.request))
            .set("batch_id", s(batch.id.to_string()))
            .set(FORGET_MS, n(forget.millis()))
            .set("ttl", n(forget.seconds()))
            .0
    }

    pub(super) fn batch_place(&self, realm: &RealmRef) -> keys::Key {
        keys::batch_idempotency(realm, &self.hash)
    }

    /// Whether a record is of the same request.
    pub(super) fn is_of(&self, record: &Reader<'_>) -> Result<bool, Unavailable> {
        Ok(record.bytes("request")? == self.request)
    }

    pub(super) fn place(&self, identity: &IdentityRef) -> keys::Key {
        keys::idempotency(identity, &self.hash)
    }
}

/// The earlier use of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// The same request, which created this job.
    Same(JobId),
    /// A different request.
    Other,
}

/// The result of a creation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Once {
    /// The job was created.
    Created,
    /// The key was already used.
    Earlier(Earlier),
    /// A request with the same key is running.
    Running,
}

/// Compares the record of a key with a request; `None` if the record has expired.
pub(super) fn read(item: &Item, key: &IdempotencyKey, now: Timestamp) -> Result<Option<Earlier>, Unavailable> {
    let item = Reader(item);
    if item.time(FORGET_MS)? <= now {
        return Ok(None);
    }
    let same = key.is_of(&item)?;
    Ok(Some(if same { Earlier::Same(item.name("job_id", JobId::parse)?) } else { Earlier::Other }))
}

impl Table {
    /// Stores a new job with its creator's idempotency key, unless the key was already used.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn create_job_once(&self, job: &Job, key: &IdempotencyKey) -> Result<Once, Unavailable> {
        let now = job.create_time;
        let forget = now.plus_seconds(MEMORY_SECONDS);
        let record = Writer::new(key.place(&job.reference.identity), "IDEMPOTENCY_KEY")
            .set("request", b(&key.request))
            .set("job_id", s(job.reference.id.to_string()))
            .set(FORGET_MS, n(forget.millis()))
            .set("ttl", n(forget.seconds()));
        let unused = Condition::either(Condition::Missing, Condition::AtMost(FORGET_MS, n(now.millis())));
        let writes = vec![Write::Put(record.0, vec![unused]), Write::Put(job_to_item(job), vec![Condition::Missing])];
        match self.transact(writes).await? {
            Transacted::Done => Ok(Once::Created),
            Transacted::Unmet(0, item) => {
                let earlier = item.as_ref().map(|item| read(item, key, now)).transpose()?.flatten();
                Ok(earlier.map_or(Once::Running, Once::Earlier))
            }
            Transacted::Unmet(..) => Err(Unavailable::new("dynamodb", "the id of a new job is taken")),
            Transacted::Conflict => Ok(Once::Running),
        }
    }
}
