//! Jobs that are created at most once for a caller's `Idempotency-Key`.
//!
//! The record of a key stands beside the identity's jobs and is written together with the job, so that there is never one
//! without the other, and erasing the identity erases it too.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use binding::ids::{IdentityRef, JobId};
use binding::job::Job;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use ring::digest;

use super::credentials::is_condition;
use super::item::{Item, Reader, Writer, b, n, s};
use super::jobs::{fresh_op, incomplete};
use super::records::job_to_item;
use super::{Table, keys};
use crate::aws::unavailable;

/// How long a key is remembered, in seconds: a day.
const MEMORY_SECONDS: i64 = 24 * 60 * 60;

/// How often a creation is tried that another one with the same key keeps from running.
const TRIES: u64 = 4;

/// A caller's key, as the table knows it: a hash, which two callers never share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    hash: Vec<u8>,
    request: Vec<u8>,
}

impl IdempotencyKey {
    /// The key `key` of a principal, for a request with this body.
    #[must_use]
    pub fn new(principal: &str, key: &str, body: &str) -> Self {
        let hash = |text: &str| digest::digest(&digest::SHA256, text.as_bytes()).as_ref().to_vec();
        Self { hash: hash(&format!("{}\n{principal}\n{key}", principal.len())), request: hash(body) }
    }

    pub(super) fn place(&self, identity: &IdentityRef) -> keys::Key {
        keys::idempotency(identity, &self.hash)
    }
}

/// What a key was used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// The same request, which made this job.
    Same(JobId),
    /// Another one.
    Other,
}

/// What became of a creation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Once {
    /// The job was made.
    Created,
    /// The key was used before.
    Earlier(Earlier),
    /// A request with the same key is running.
    Running,
}

/// What the record of a key says of a request with this one, unless its time is over.
pub(super) fn read(item: &Item, key: &IdempotencyKey, now: Timestamp) -> Result<Option<Earlier>, Unavailable> {
    let item = Reader(item);
    if item.time("forget_ms")? <= now {
        return Ok(None);
    }
    let same = item.bytes("request")? == key.request;
    Ok(Some(if same { Earlier::Same(item.name("job_id", JobId::parse)?) } else { Earlier::Other }))
}

impl Table {
    /// Stores a new job together with the key that its creator gave, unless the key was used before.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer.
    pub async fn create_job_once(&self, job: &Job, key: &IdempotencyKey) -> Result<Once, Unavailable> {
        let (op, now) = (fresh_op(), job.create_time);
        let forget = now.plus_seconds(MEMORY_SECONDS);
        let record = Writer::new(key.place(&job.job.identity), "IDEMPOTENCY_KEY")
            .set("request", b(&key.request))
            .set("job_id", s(job.job.job.to_string()))
            .set("forget_ms", n(forget.millis()))
            .set("ttl", n(forget.seconds()));
        let put = |item: Item| Put::builder().table_name(&self.name).set_item(Some(item));
        let key_put = put(record.0)
            .condition_expression("attribute_not_exists(pk) OR forget_ms <= :now")
            .expression_attribute_values(":now", n(now.millis()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let job_put = put(job_to_item(job, &op)).condition_expression("attribute_not_exists(pk)");
        let mut items = Vec::new();
        for put in [key_put, job_put] {
            let put = put.build().map_err(|error| incomplete(&error))?;
            items.push(TransactWriteItem::builder().put(put).build());
        }
        for attempt in 1..=TRIES {
            let request = self.client.transact_write_items().set_transact_items(Some(items.clone()));
            let Err(error) = request.client_request_token(&op).send().await else { return Ok(Once::Created) };
            let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error()
            else {
                return Err(unavailable("dynamodb", &error));
            };
            let reasons = cancelled.cancellation_reasons();
            if let Some(used) = reasons.first().filter(|reason| is_condition(reason)) {
                let earlier = used.item.as_ref().map(|item| read(item, key, now)).transpose()?.flatten();
                return Ok(earlier.map_or(Once::Running, Once::Earlier));
            }
            if reasons.iter().any(is_condition) {
                return Err(Unavailable::new("dynamodb", "the id of a new job is taken"));
            }
            tokio::time::sleep(std::time::Duration::from_millis(attempt * 25)).await;
        }
        Ok(Once::Running)
    }
}
