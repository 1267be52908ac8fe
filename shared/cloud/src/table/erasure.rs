//! Erases identities and realms with what belongs to them.

use std::time::Duration;

use aws_sdk_dynamodb::types::{DeleteRequest, WriteRequest};
use binding::ids::{IdentityRef, RealmRef};
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::attribute::{CLOSED_MS, QUEUED, UPDATE_MS};
use super::change::{Change, Condition};
use super::item::{Item, Reader, n, s};
use super::listing::Listing;
use super::records::credential_from_item;
use super::write::{Transacted, Write, Written};
use super::{Table, keys};
use crate::aws::unavailable;

/// How long a realm is closed while it is deleted, in seconds. A function that deletes one has less time.
const CLOSED_SECONDS: i64 = 60;

/// How long the index that lists identities may lack one that was created.
const INDEX_DELAY: Duration = Duration::from_secs(1);

/// The number of configs that one transaction deletes.
const AT_ONCE: usize = 50;

/// The result of deleting a realm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RealmDeleted {
    /// It was deleted.
    Yes,
    /// It does not exist.
    Missing,
    /// It has identities, and was not deleted.
    HasIdentities,
    /// It has batches that have not ended, and was not deleted.
    HasBatches,
    /// It was changed meanwhile, and was not deleted.
    Meanwhile,
}

impl Table {
    /// Erases an identity with its jobs, its credentials and their claims in the realm, and returns whether it existed.
    /// The identity itself is erased last, so that a repeated call continues after a crash.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn erase_identity(&self, identity: &IdentityRef) -> Result<bool, Unavailable> {
        let pk = keys::identity_pk(identity);
        let mut existed = false;
        loop {
            let items = self.some_of_partition(&pk).await?;
            existed |= !items.is_empty();
            let mut doomed = Vec::new();
            for item in &items {
                if Reader(item).text("kind")? == "CREDENTIAL" {
                    let facts = credential_from_item(item)?.facts;
                    doomed.push(keys::claim(&identity.realm, facts.key_id()));
                }
            }
            let only_identity = items.len() == 1;
            for item in &items {
                let sk = Reader(item).text("sk")?;
                if sk == keys::IDENTITY && only_identity {
                    let username = Reader(item).text_or_empty("username");
                    self.release_username(&identity.realm, identity.id.as_str(), &username).await?;
                }
                if sk != keys::IDENTITY || only_identity {
                    doomed.push((pk.clone(), sk));
                }
            }
            if doomed.is_empty() {
                return Ok(existed);
            }
            self.delete_all(doomed).await?;
        }
    }

    /// Deletes a realm with its configs, unless it has identities or unfinished batches. Its audit log stays.
    ///
    /// 1. The realm is closed for a minute: what is created in it meanwhile is taken back ([`Table::is_open`]).
    /// 2. The list of identities is read again when it has those that were created before. If there is one, the realm is
    ///    opened again.
    /// 3. The realm is deleted before its configs, so that no config disappears from a realm that stays. A repeated call
    ///    continues after a crash.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn delete_realm(&self, reference: &RealmRef, now: Timestamp) -> Result<RealmDeleted, Unavailable> {
        let Some(realm) = self.realm(reference).await? else {
            let left = self.erase_configs(reference).await?;
            return Ok(if left { RealmDeleted::Yes } else { RealmDeleted::Missing });
        };
        if let Some(occupied) = self.occupied(reference).await? {
            return Ok(occupied);
        }
        let closed = n(now.plus_seconds(CLOSED_SECONDS).millis());
        let as_read = Condition::Is(UPDATE_MS, n(realm.update_time.millis()));
        let close = Change::of(keys::realm(reference)).when(as_read.clone()).set(CLOSED_MS, closed.clone());
        let Written::Done(_) = self.change(close).await? else { return Ok(RealmDeleted::Meanwhile) };
        tokio::time::sleep(INDEX_DELAY).await;
        let still_closed = Condition::Is(CLOSED_MS, closed);
        if let Some(occupied) = self.occupied(reference).await? {
            self.change(Change::of(keys::realm(reference)).when(still_closed).remove(CLOSED_MS)).await?;
            return Ok(occupied);
        }
        match self.transact(vec![Write::Delete(keys::realm(reference), vec![as_read, still_closed])]).await? {
            Transacted::Done => {}
            Transacted::Unmet(..) | Transacted::Conflict => return Ok(RealmDeleted::Meanwhile),
        }
        self.erase_configs(reference).await?;
        Ok(RealmDeleted::Yes)
    }

    /// Whether a realm exists and is not being deleted. Code that creates an identity calls this after the write, and
    /// erases the identity if the realm is closed: either this call notices the deletion, or the deletion finds the
    /// identity.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn is_open(&self, realm: &RealmRef, now: Timestamp) -> Result<bool, Unavailable> {
        let item = self.get(keys::realm(realm)).await?;
        Ok(item.is_some_and(|item| Reader(&item).maybe_time(CLOSED_MS).is_none_or(|until| until <= now)))
    }

    /// What a transaction requires of a realm in which it creates something.
    pub(super) fn open_realm(realm: &RealmRef, now: Timestamp) -> Write {
        let open = Condition::either(Condition::Lacks(CLOSED_MS), Condition::AtMost(CLOSED_MS, n(now.millis())));
        Write::Check(keys::realm(realm), vec![Condition::Has(UPDATE_MS), open])
    }

    /// Why a realm cannot be deleted.
    async fn occupied(&self, realm: &RealmRef) -> Result<Option<RealmDeleted>, Unavailable> {
        if self.count(Listing::Identities(realm), 1).await? > 0 {
            return Ok(Some(RealmDeleted::HasIdentities));
        }
        let queue = self.get(keys::queue(realm)).await?;
        let queued = queue.and_then(|queue| Reader(&queue).maybe_number::<u32>(QUEUED)).unwrap_or_default();
        Ok((queued > 0).then_some(RealmDeleted::HasBatches))
    }

    /// Deletes the configs of a realm that does not exist, and returns whether there were any. If the realm was created
    /// again meanwhile, the configs may be its own, and stay.
    async fn erase_configs(&self, realm: &RealmRef) -> Result<bool, Unavailable> {
        let (pk, realm_sk) = keys::realm(realm);
        let mut existed = false;
        loop {
            let items = self.some_of_partition(&pk).await?;
            let keys = items.iter().take(AT_ONCE).map(|item| Ok((pk.clone(), Reader(item).text("sk")?)));
            let keys = keys.collect::<Result<Vec<keys::Key>, Unavailable>>()?;
            if keys.is_empty() || keys.iter().any(|(_, sk)| *sk == realm_sk) {
                return Ok(existed);
            }
            let mut writes = vec![Write::Check((pk.clone(), realm_sk.clone()), vec![Condition::Missing])];
            writes.extend(keys.into_iter().map(|key| Write::Delete(key, Vec::new())));
            match self.transact(writes).await? {
                Transacted::Done => existed = true,
                Transacted::Unmet(..) => return Ok(existed),
                Transacted::Conflict => return Err(Unavailable::new("dynamodb", "configs were not deleted")),
            }
        }
    }

    /// The first items of a partition, at most 100.
    async fn some_of_partition(&self, pk: &str) -> Result<Vec<Item>, Unavailable> {
        Ok(self.pages(self.partition(pk, "").limit(100), 1).await?.0)
    }

    async fn delete_all(&self, doomed: Vec<keys::Key>) -> Result<(), Unavailable> {
        for chunk in doomed.chunks(25) {
            let requests = chunk.iter().map(|(pk, sk)| {
                let delete = DeleteRequest::builder().key("pk", s(pk)).key("sk", s(sk)).build();
                delete.map(|delete| WriteRequest::builder().delete_request(delete).build())
            });
            let mut requests =
                requests.collect::<Result<Vec<_>, _>>().map_err(|error| unavailable("dynamodb", &error))?;
            for _ in 0..5 {
                let answer = self.client.batch_write_item().request_items(&self.name, requests).send().await;
                let left = answer.map_err(|error| unavailable("dynamodb", &error))?.unprocessed_items;
                requests = left.and_then(|mut tables| tables.remove(&self.name)).unwrap_or_default();
                if requests.is_empty() {
                    break;
                }
            }
            if !requests.is_empty() {
                return Err(Unavailable::new("dynamodb", "a batch deletion was not completed"));
            }
        }
        Ok(())
    }
}
