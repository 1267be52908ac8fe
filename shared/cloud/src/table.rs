//! The table: one DynamoDB table holds everything.
//!
//! A change to a job is ONE conditional write with no read before it. The same list of steps
//! ([`binding::state::Step::from`]) yields the condition here and the rule in [`binding::job::Job::apply`]; when the
//! condition fails, the item that comes back lets `apply` say why.

mod codes;
mod configs;
mod credentials;
mod directory;
mod expiry;
mod idempotency;
mod item;
mod jobs;
mod keys;
mod listing;
mod mail;
mod proofs;
mod records;
mod renewal;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use binding::directory::AuthenticatorConfig;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use crate::aws::{Aws, unavailable};
use crate::env::{BadVariable, Env};

pub use credentials::Outcome;
pub use directory::{Changed, Subjects};
pub use idempotency::{Earlier, IdempotencyKey, Once};
pub use item::Item;
pub use jobs::Holder;
pub use listing::{Choice, Listed, Listing, Position};
pub use mail::{Claim, EmailNews, LEASE_SECONDS};
pub use records::{credential_from_item, job_from_item};

/// The table.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    name: String,
    /// Versions of configs never change, so a function keeps those that it has seen.
    configs: Arc<Mutex<HashMap<String, AuthenticatorConfig>>>,
}

impl Table {
    /// From `TABLE_NAME`.
    ///
    /// # Errors
    /// [`BadVariable`] when it is missing.
    pub fn new(aws: &Aws, env: &Env) -> Result<Self, BadVariable> {
        let name = env.require("TABLE_NAME")?.to_owned();
        Ok(Self { client: aws.dynamodb(), name, configs: Arc::default() })
    }

    /// Opens the first connection before the first request needs it. What comes back does not matter.
    pub async fn warm(&self) {
        let key = AttributeValue::S("WARM".to_owned());
        drop(self.client.get_item().table_name(&self.name).key("pk", key.clone()).key("sk", key).send().await);
    }

    async fn get(&self, key: (String, String)) -> Result<Option<Item>, Unavailable> {
        self.read(key, true).await
    }

    async fn read(&self, (pk, sk): (String, String), consistent: bool) -> Result<Option<Item>, Unavailable> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(pk))
            .key("sk", AttributeValue::S(sk))
            .consistent_read(consistent)
            .send()
            .await;
        Ok(answer.map_err(|error| unavailable("dynamodb", &error))?.item)
    }

    /// The beginning of an update of one item.
    fn update(&self, (pk, sk): (String, String)) -> UpdateItemFluentBuilder {
        let update = self.client.update_item().table_name(&self.name);
        update.key("pk", AttributeValue::S(pk)).key("sk", AttributeValue::S(sk))
    }

    /// Several items in one request (per hundred), in no order. What the table left out for its size is asked again.
    async fn get_all(&self, keys: Vec<(String, String)>) -> Result<Vec<Item>, Unavailable> {
        use aws_sdk_dynamodb::types::KeysAndAttributes;
        let mut found = Vec::with_capacity(keys.len());
        for chunk in keys.chunks(100) {
            let keys = chunk.iter().map(|(pk, sk)| {
                HashMap::from([
                    ("pk".to_owned(), AttributeValue::S(pk.clone())),
                    ("sk".to_owned(), AttributeValue::S(sk.clone())),
                ])
            });
            let mut wanted: Vec<Item> = keys.collect();
            for _ in 0..5 {
                let keys = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build();
                let keys = keys.map_err(|error| unavailable("dynamodb", &error))?;
                let answer = self.client.batch_get_item().request_items(&self.name, keys).send().await;
                let mut answer = answer.map_err(|error| unavailable("dynamodb", &error))?;
                found.extend(
                    answer.responses.take().and_then(|mut tables| tables.remove(&self.name)).unwrap_or_default(),
                );
                let rest = answer.unprocessed_keys.take().and_then(|mut tables| tables.remove(&self.name));
                wanted = rest.map(|rest| rest.keys).unwrap_or_default();
                if wanted.is_empty() {
                    break;
                }
            }
            if !wanted.is_empty() {
                return Err(Unavailable::new("dynamodb", "a batch was not read to its end"));
            }
        }
        Ok(found)
    }
}

/// Runs a write again that a transaction on the same item kept from running (`TransactionConflictException`), which
/// the SDK does not do by itself.
async fn unless_conflict<T, E, F>(mut write: impl FnMut() -> F) -> Result<T, SdkError<E>>
where
    E: ProvideErrorMetadata,
    F: Future<Output = Result<T, SdkError<E>>>,
{
    for attempt in 1..4 {
        match write().await {
            Err(error) if error.code() == Some("TransactionConflictException") => {
                tokio::time::sleep(Duration::from_millis(attempt * 40)).await;
            }
            settled => return settled,
        }
    }
    write().await
}

/// The part of a condition that keeps `update_ms` from decreasing, for a write that sets it to `:now`.
const NOT_BEFORE: &str = "update_ms <= :now";

/// How many attempts a write gets whose item was changed at a later time.
const LATER: u32 = 4;

/// What a write that sets `update_ms` found when its condition failed: the item, if any, and the time of the write.
type NotWritten = (Option<Item>, Timestamp);

/// Sends a write that sets `update_ms` to `:now` and requires [`NOT_BEFORE`]. Clocks of functions differ, and a write can
/// be late: if the item was changed after `now`, the write is repeated with the item's own time. Otherwise it is one
/// write.
async fn not_before(
    mut now: Timestamp,
    write: impl Fn(Timestamp) -> UpdateItemFluentBuilder,
) -> Result<Result<UpdateItemOutput, NotWritten>, Unavailable> {
    for _ in 0..LATER {
        let write = write(now).return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let error = match unless_conflict(|| write.clone().send()).await {
            Ok(answer) => return Ok(Ok(answer)),
            Err(error) => error,
        };
        let item = condition_failed(error, jobs::old_item)?;
        match later(item.as_ref(), now) {
            Some(time) => now = time,
            None => return Ok(Err((item, now))),
        }
    }
    Err(Unavailable::new("dynamodb", "the item was changed at a later time again and again"))
}

/// The time of the item's last change, if that is after `now`.
fn later(item: Option<&Item>, now: Timestamp) -> Option<Timestamp> {
    item::Reader(item?).maybe_time("update_ms").filter(|time| *time > now)
}

/// The error of a conditional write whose condition did not hold, or the table's failure.
fn condition_failed<E>(
    error: SdkError<E>,
    old_item: impl FnOnce(&E) -> Option<Option<Item>>,
) -> Result<Option<Item>, Unavailable>
where
    E: std::error::Error + Send + Sync + 'static,
{
    match error.as_service_error().and_then(old_item) {
        Some(item) => Ok(item),
        None => Err(unavailable("dynamodb", &error)),
    }
}
