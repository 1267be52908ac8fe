//! Records sign-ins: one transaction changes the credential and checks the identity.
//!
//! Its conditions check everything that can change between the two requests of a sign-in: that the credential is
//! active, the token is unused, the signature counter increased, and the identity is not suspended.

use binding::credential::CredentialState;
use binding::directory::IdentityStatus;
use binding::sign_in::{OnClone, SignInToken};
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::attribute::*;
use super::change::{Change, Condition};
use super::claims::RegisteredKey;
use super::directory::identity_from_item;
use super::item::{Item, Reader, flag, n, s};
use super::records::credential_from_item;
use super::write::{Transacted, Write};
use super::{Table, keys};

/// A verified sign-in to record.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    /// The key that signed.
    pub key: &'a RegisteredKey,
    /// The token of the sign-in.
    pub token: &'a SignInToken,
    /// The authenticator's state; `None` for a software key.
    pub authenticator: Option<AuthenticatorState>,
    /// What happens when the signature counter did not increase.
    pub on_clone: OnClone,
    /// Whether an event is published.
    pub published: bool,
    /// When the sign-in was verified.
    pub now: Timestamp,
}

/// The state that an authenticator reports at each use of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthenticatorState {
    /// The signature counter.
    pub sign_count: u32,
    /// Whether the key is backed up.
    pub backup_state: bool,
}

/// A recorded sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Whether the signature counter did not increase and the sign-in was accepted nevertheless.
    pub clone_suspected: bool,
}

/// Why a verified sign-in was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSignedIn {
    /// The credential was revoked or erased.
    Unknown,
    /// The identity is suspended.
    Suspended,
    /// This token or a younger one of the same slot was used.
    TokenUsed,
    /// The signature counter did not increase. The sign-in was recorded as suspected cloning.
    CloneSuspected,
}

/// The index of the identity's check among the writes.
const IDENTITY: usize = 1;

impl Table {
    /// Records a sign-in.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond. The inner error is [`NotSignedIn`].
    pub async fn sign_in(&self, sign_in: &SignIn<'_>) -> Result<Result<SignedIn, NotSignedIn>, Unavailable> {
        let item = match self.record(sign_in, sign_in.change()).await? {
            Ok(()) => return Ok(Ok(SignedIn { clone_suspected: false })),
            Err(Unmet::Identity(not)) => return Ok(Err(not)),
            Err(Unmet::Credential(item)) => item,
        };
        match sign_in.explain(item.as_ref())? {
            Some(NotSignedIn::CloneSuspected) => {}
            Some(not) => return Ok(Err(not)),
            None => return Err(Unavailable::new("dynamodb", "the write of a sign-in failed without a reason")),
        }
        match self.record(sign_in, sign_in.suspicion()).await? {
            Ok(()) if sign_in.on_clone == OnClone::Accept => Ok(Ok(SignedIn { clone_suspected: true })),
            Ok(()) => Ok(Err(NotSignedIn::CloneSuspected)),
            Err(Unmet::Identity(not)) => Ok(Err(not)),
            Err(Unmet::Credential(item)) => {
                Ok(Err(sign_in.explain(item.as_ref())?.unwrap_or(NotSignedIn::CloneSuspected)))
            }
        }
    }

    async fn record(&self, sign_in: &SignIn<'_>, change: Change) -> Result<Result<(), Unmet>, Unavailable> {
        let is_active =
            Condition::either(Condition::Lacks(STATUS), Condition::Is(STATUS, s(IdentityStatus::Active.name())));
        let check = Write::Check(keys::identity(&sign_in.key.identity), vec![Condition::Has(PK), is_active]);
        match self.transact(vec![Write::Change(change), check]).await? {
            Transacted::Done => Ok(Ok(())),
            Transacted::Unmet(IDENTITY, Some(item)) if identity_from_item(&item)?.is_suspended() => {
                Ok(Err(Unmet::Identity(NotSignedIn::Suspended)))
            }
            Transacted::Unmet(IDENTITY, _) => Ok(Err(Unmet::Identity(NotSignedIn::Unknown))),
            Transacted::Unmet(_, item) => Ok(Err(Unmet::Credential(item))),
            Transacted::Conflict => {
                Err(Unavailable::new("dynamodb", "the record of a sign-in was prevented by other transactions"))
            }
        }
    }
}

/// A condition that failed.
enum Unmet {
    /// A condition on the identity.
    Identity(NotSignedIn),
    /// Of the credential. The stored item, if it exists.
    Credential(Option<Item>),
}

impl SignIn<'_> {
    /// The change that marks the token as used.
    fn use_of_token(&self) -> Change {
        let (slot, order) = (SIGN_IN_SLOTS[self.token.slot()], n(self.token.order()));
        Change::of(keys::credential(&self.key.identity, self.key.credential))
            .when(Condition::Is(STATE, s(CredentialState::Active.name())))
            .when(Condition::either(Condition::Lacks(slot), Condition::Less(slot, order.clone())))
            .set(slot, order)
            .marked(OP)
    }

    /// The change that an accepted sign-in makes.
    fn accepted(&self) -> Change {
        let backup_state = self.authenticator.map(|state| flag(state.backup_state));
        self.use_of_token()
            .set(LAST_USED_MS, n(self.now.millis()))
            .increment(USE_COUNT)
            .maybe(BACKUP_STATE, backup_state)
    }

    fn change(&self) -> Change {
        let mut change = self.accepted();
        if let Some(AuthenticatorState { sign_count, .. }) = self.authenticator {
            // An authenticator without a counter always reports 0.
            let increases = match sign_count {
                0 => Condition::AtMost(SIGN_COUNT, n(0)),
                count => Condition::Less(SIGN_COUNT, n(count)),
            };
            change = change.when(increases).set(SIGN_COUNT, n(sign_count));
        }
        if self.published { change.version(self.now) } else { change }
    }

    /// The change when the counter did not increase. It creates a new version, because its event is always published.
    /// The stored counter is kept, because it is the higher one.
    fn suspicion(&self) -> Change {
        let change = match self.on_clone {
            OnClone::Accept => self.accepted(),
            OnClone::Refuse => self.use_of_token(),
        };
        let sign_count = self.authenticator.map(|state| n(state.sign_count));
        change.version(self.now).stamp(CLONE_MS).maybe(CLONE_SIGN_COUNT, sign_count)
    }

    /// Why the item does not allow the sign-in. `None` if it does.
    fn explain(&self, item: Option<&Item>) -> Result<Option<NotSignedIn>, Unavailable> {
        let Some(item) = item else { return Ok(Some(NotSignedIn::Unknown)) };
        let credential = credential_from_item(item)?;
        if credential.state != CredentialState::Active {
            return Ok(Some(NotSignedIn::Unknown));
        }
        let used: Option<i64> = Reader(item).maybe_number(SIGN_IN_SLOTS[self.token.slot()]);
        if used.is_some_and(|used| used >= self.token.order()) {
            return Ok(Some(NotSignedIn::TokenUsed));
        }
        let stored = credential.facts.webauthn.map(|facts| facts.sign_count);
        let regresses = match (self.authenticator, stored) {
            (Some(state), Some(stored)) => (state.sign_count != 0 || stored != 0) && state.sign_count <= stored,
            _ => false,
        };
        Ok(regresses.then_some(NotSignedIn::CloneSuspected))
    }
}
