//! User names are unique in a realm: an identity and the claim on its user name are written in one transaction.
//!
//! Identities of early versions have no claim. Their next write claims the name, unless another identity has claimed
//! it.

use binding::directory::Identity;
use binding::ids::{IdentityId, RealmRef};
use binding::unavailable::Unavailable;

use super::attribute::{IDENTITY_ID, UPDATE_MS};
use super::change::Condition;
use super::directory::identity_to_item;
use super::item::{Reader, Writer, n, s};
use super::keys::Key;
use super::write::{Transacted, Write};
use super::{Table, keys};

/// The result of writing an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityWritten {
    /// The identity is written.
    Yes,
    /// Nothing was written: the identity changed after it was read.
    Meanwhile,
    /// Nothing was written: this identity has the user name.
    UsernameTaken(IdentityId),
}

impl Table {
    /// Writes an identity with the claim on its user name, if it did not change since `seen` (`None`: if it does not
    /// exist).
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn put_identity(
        &self,
        identity: &Identity,
        seen: Option<&Identity>,
    ) -> Result<IdentityWritten, Unavailable> {
        let realm = &identity.reference.realm;
        let name = keys::username(realm, &identity.username);
        let old_name = seen.map(|seen| keys::username(realm, &seen.username));
        let unchanged = match seen {
            None => Condition::Missing,
            Some(seen) => Condition::Is(UPDATE_MS, n(seen.update_time.millis())),
        };
        let put = Write::Put(identity_to_item(identity), vec![unchanged]);
        let own = || Condition::Is(IDENTITY_ID, s(identity.reference.id.as_str()));
        let claim = Writer::new(name.clone(), "USERNAME").set(IDENTITY_ID, s(identity.reference.id.as_str())).0;
        let mut writes = vec![put.clone(), Write::Put(claim, vec![Condition::either(Condition::Missing, own())])];
        if let Some(old_name) = old_name.clone().filter(|old_name| *old_name != name) {
            writes.push(Write::Delete(old_name, vec![Condition::either(Condition::Missing, own())]));
        }
        match self.transact(writes.clone()).await? {
            Transacted::Done => return Ok(IdentityWritten::Yes),
            Transacted::Unmet(0, _) | Transacted::Conflict => return Ok(IdentityWritten::Meanwhile),
            // The name does not change, and another identity of an early version has it too.
            Transacted::Unmet(1, _) if old_name == Some(name) => writes.truncate(1),
            Transacted::Unmet(1, Some(holder)) => {
                let holder = Reader(&holder).name(IDENTITY_ID, |id| IdentityId::parse(id).ok())?;
                return Ok(IdentityWritten::UsernameTaken(holder));
            }
            Transacted::Unmet(1, None) => return Ok(IdentityWritten::Meanwhile),
            // Another identity of an early version has the old name too, and holds the claim.
            Transacted::Unmet(..) => writes.truncate(2),
        }
        match self.transact(writes).await? {
            Transacted::Done => Ok(IdentityWritten::Yes),
            Transacted::Unmet(..) | Transacted::Conflict => Ok(IdentityWritten::Meanwhile),
        }
    }

    /// Releases the claim on a user name, if this identity holds it.
    pub(super) async fn release_username(
        &self,
        realm: &RealmRef,
        identity: &str,
        username: &str,
    ) -> Result<(), Unavailable> {
        let key: Key = keys::username(realm, username);
        let own = Condition::either(Condition::Missing, Condition::Is(IDENTITY_ID, s(identity)));
        match self.transact(vec![Write::Delete(key, vec![own])]).await? {
            Transacted::Done | Transacted::Unmet(..) => Ok(()),
            Transacted::Conflict => Err(Unavailable::new("dynamodb", "the claim on a user name was not released")),
        }
    }
}
