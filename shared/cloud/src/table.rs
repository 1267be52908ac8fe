//! The table: one DynamoDB table that stores everything.
//!
//! A job is changed by ONE conditional write without a preceding read: a [`change::Change`], carried out by [`write`].
//! One rule ([`binding::rule`]) is the condition here and the decision in [`binding::job::Job::apply`]. If the
//! condition fails, DynamoDB returns the item, and `apply` on that item gives the reason.

mod attribute;
mod audit;
mod batches;
mod bucket;
mod change;
mod claims;
mod codes;
mod configs;
mod credentials;
mod directory;
mod enrollment;
mod erasure;
mod expiry;
mod idempotency;
mod item;
mod jobs;
mod keys;
mod listing;
mod mail;
mod pages;
mod proofs;
mod queue;
mod recent;
mod records;
mod reminders;
mod renewal;
mod sheets;
mod sign_ins;
mod suspensions;
mod usernames;
mod write;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use binding::directory::{AuthenticatorConfig, Realm};
use binding::unavailable::Unavailable;

use crate::aws::{Aws, unavailable};
use crate::env::{BadVariable, Env};
use recent::Recent;

pub(crate) use attribute::REPLAYS;
pub use batches::{BatchCreated, batch_from_item};
pub use bucket::MailTime;
pub use claims::{RegisteredKey, RegisteredPasskey};
pub use credentials::Completion;
pub use directory::{Subjects, identity_from_item};
pub use erasure::RealmDeleted;
pub use expiry::Overdue;
pub use idempotency::{Earlier, IdempotencyKey, Once};
pub use item::Item;
pub use jobs::Holder;
pub use listing::{Choice, Found, Listed, Listing, Position};
pub use mail::{EmailReport, LEASE_SECONDS, Lease};
pub use queue::{Claim, ReadyBatch};
pub use records::{credential_from_item, job_from_item};
pub use sheets::{Enrolled, Enrolling, enrolling};
pub use sign_ins::{AuthenticatorState, NotSignedIn, SignIn, SignedIn};
pub use usernames::IdentityWritten;
pub use write::Changed;

/// The table.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    name: String,
    /// How long a page of a filtered list may read.
    list_time: Duration,
    /// Versions of configs never change, so a function caches those that it has read.
    configs: Arc<Mutex<HashMap<String, AuthenticatorConfig>>>,
    recent_configs: Recent<AuthenticatorConfig>,
    recent_realms: Recent<Realm>,
    /// For how many days entries of the audit log are stored; 0 disables it.
    audit_days: u32,
}

impl Table {
    /// Reads `TABLE_NAME`, and `AUDIT_DAYS` (default 90).
    ///
    /// # Errors
    /// [`BadVariable`] when the name is missing, or the days are not a number.
    pub fn new(aws: &Aws, env: &Env) -> Result<Self, BadVariable> {
        let name = env.require("TABLE_NAME")?.to_owned();
        let days = env.get("AUDIT_DAYS").map_or(Ok(90), str::parse);
        let audit_days = days.map_err(|_| BadVariable { name: "AUDIT_DAYS", why: "must be a number of days" })?;
        Ok(Self {
            client: aws.dynamodb(),
            name,
            list_time: aws.list_time(),
            configs: Arc::default(),
            recent_configs: Recent::default(),
            recent_realms: Recent::default(),
            audit_days,
        })
    }

    /// Opens a connection before the first request needs it. The result of the call is ignored.
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

    /// Reads several items, up to a hundred in one request, in no particular order. Keys that the table leaves
    /// unprocessed are requested again.
    async fn get_all(&self, keys: Vec<(String, String)>) -> Result<Vec<Item>, Unavailable> {
        self.read_all(keys, true).await
    }

    async fn read_all(&self, keys: Vec<(String, String)>, consistent: bool) -> Result<Vec<Item>, Unavailable> {
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
                let keys = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(consistent).build();
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
                return Err(Unavailable::new("dynamodb", "a batch read was not completed"));
            }
        }
        Ok(found)
    }
}
