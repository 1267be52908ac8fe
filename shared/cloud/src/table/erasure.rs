//! Erases identities and realms with what belongs to them.

use aws_sdk_dynamodb::types::{DeleteRequest, WriteRequest};
use binding::ids::{IdentityRef, RealmRef};
use binding::unavailable::Unavailable;

use super::attribute::{QUEUED, UPDATE_MS};
use super::change::Condition;
use super::item::{Item, Reader, n, s};
use super::listing::Listing;
use super::records::credential_from_item;
use super::write::{Transacted, Write};
use super::{Table, keys};
use crate::aws::unavailable;

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
    /// The realm is deleted before its configs, so that no config disappears from a realm that stays; a repeated call
    /// continues after a crash. The list of identities is eventually consistent, and is read again after the deletion: if
    /// an identity was created meanwhile, the realm is restored.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn delete_realm(&self, reference: &RealmRef) -> Result<RealmDeleted, Unavailable> {
        let Some(realm) = self.realm(reference).await? else {
            let left = self.erase_partition(&keys::realm_pk(reference)).await?;
            return Ok(if left { RealmDeleted::Yes } else { RealmDeleted::Missing });
        };
        if let Some(occupied) = self.occupied(reference).await? {
            return Ok(occupied);
        }
        let unchanged = vec![Condition::Is(UPDATE_MS, n(realm.update_time.millis()))];
        match self.transact(vec![Write::Delete(keys::realm(reference), unchanged)]).await? {
            Transacted::Done => {}
            Transacted::Unmet(..) | Transacted::Conflict => return Ok(RealmDeleted::Meanwhile),
        }
        if let Some(occupied) = self.occupied(reference).await? {
            self.put_realm(&realm, None).await?;
            return Ok(occupied);
        }
        self.erase_partition(&keys::realm_pk(reference)).await?;
        Ok(RealmDeleted::Yes)
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

    /// Deletes the items of a partition, and returns whether there were any.
    async fn erase_partition(&self, pk: &str) -> Result<bool, Unavailable> {
        let mut existed = false;
        loop {
            let items = self.some_of_partition(pk).await?;
            if items.is_empty() {
                return Ok(existed);
            }
            existed = true;
            let doomed = items.iter().map(|item| Ok((pk.to_owned(), Reader(item).text("sk")?)));
            self.delete_all(doomed.collect::<Result<Vec<_>, Unavailable>>()?).await?;
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
