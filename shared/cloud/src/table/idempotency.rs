//! Jobs and batches that are created at most once for a caller's `Idempotency-Key`.
//!
//! The record of a key is written in one transaction with what is created, so neither exists without the other. That of a
//! job is stored in the identity's partition: erasing the identity erases both.

use binding::ids::{IdentityRef, JobId, RealmRef};
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
const FORGET_MS: &str = "forget_ms";

/// The job that was created with a key.
pub(super) const JOB_ID: &str = "job_id";

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

    /// Writes the record of this key with the id of what is created, unless the key is in use. It can be used again from
    /// `forget`.
    pub(super) fn claim(
        &self,
        place: keys::Key,
        (attribute, id): (&str, String),
        now: Timestamp,
        forget: Timestamp,
    ) -> Write {
        let record = Writer::new(place, "IDEMPOTENCY_KEY")
            .set("request", b(&self.request))
            .set(attribute, s(id))
            .set(FORGET_MS, n(forget.millis()))
            .set("ttl", n(forget.seconds()));
        let unused = Condition::either(Condition::Missing, Condition::AtMost(FORGET_MS, n(now.millis())));
        Write::Put(record.0, vec![unused])
    }

    /// Compares the record of this key with this request; `None` if the record has expired.
    pub(super) fn earlier<Id>(
        &self,
        item: &Item,
        (attribute, parse): (&str, fn(&str) -> Option<Id>),
        now: Timestamp,
    ) -> Result<Option<Earlier<Id>>, Unavailable> {
        let item = Reader(item);
        if item.time(FORGET_MS)? <= now {
            return Ok(None);
        }
        let same = item.bytes("request")? == self.request;
        Ok(Some(if same { Earlier::Same(item.name(attribute, parse)?) } else { Earlier::Other }))
    }

    pub(super) fn batch_place(&self, realm: &RealmRef) -> keys::Key {
        keys::batch_idempotency(realm, &self.hash)
    }

    pub(super) fn place(&self, identity: &IdentityRef) -> keys::Key {
        keys::idempotency(identity, &self.hash)
    }
}

/// The earlier use of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earlier<Id> {
    /// The same request, which created this.
    Same(Id),
    /// A different request.
    Other,
}

/// The result of a creation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Once {
    /// The job was created.
    Created,
    /// The key was already used.
    Earlier(Earlier<JobId>),
    /// A request with the same key is running.
    Running,
}

impl Table {
    /// Stores a new job with its creator's idempotency key, unless the key was already used.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn create_job_once(&self, job: &Job, key: &IdempotencyKey) -> Result<Once, Unavailable> {
        let now = job.create_time;
        let forget = now.plus_seconds(MEMORY_SECONDS);
        let id = (JOB_ID, job.reference.id.to_string());
        let claim = key.claim(key.place(&job.reference.identity), id, now, forget);
        let writes = vec![claim, Write::Put(job_to_item(job), vec![Condition::Missing])];
        match self.transact(writes).await? {
            Transacted::Done => Ok(Once::Created),
            Transacted::Unmet(0, item) => {
                let earlier = item.map(|item| key.earlier(&item, (JOB_ID, JobId::parse), now)).transpose()?.flatten();
                Ok(earlier.map_or(Once::Running, Once::Earlier))
            }
            Transacted::Unmet(..) => Err(Unavailable::new("dynamodb", "the id of a new job is taken")),
            Transacted::Conflict => Ok(Once::Running),
        }
    }
}
