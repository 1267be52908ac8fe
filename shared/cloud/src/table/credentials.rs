//! Credentials: they are created only in the transaction that completes a job.

use binding::code::Redeemable;
use binding::credential::{Credential, CredentialState, Proof};
use binding::directory::Identity;
use binding::ids::{CredentialId, IdentityRef};
use binding::job::{Command, Job, NotDone, Revoker};
use binding::mail::Letter;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use proof::Verified;

use super::attribute::*;
use super::change::{Change, Condition};
use super::claims::claim_to_item;
use super::item::{b, n, s};
use super::jobs::{Holder, explain, step};
use super::records::{credential_from_item, credential_to_item, job_from_item};
use super::write::{Transacted, Write, Written};
use super::{Table, keys};
use crate::receipt::{self, Known};

/// What the completion of a job writes.
#[derive(Clone, Copy, Debug)]
pub struct Completion<'a> {
    /// The new credential.
    pub credential: &'a Credential,
    /// The proof that created it.
    pub proof: &'a Proof,
    /// Its binding receipt.
    pub receipt: &'a str,
    /// The code for the redirect URI, if there is one.
    pub code: Option<Redeemable>,
}

impl Table {
    /// Completes a job, if its identity is not suspended. One transaction sets the job to `COMPLETE` with its receipt
    /// and code, creates the credential, and claims the authenticator's credential id in the realm. The claim has the
    /// proof, so that there is an item less to write.
    ///
    /// The identity is read here, after the job was read. A suspension or erasure since then is noticed by the conditions
    /// on the job (docs/adr/0013).
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond. The inner error is [`NotDone`], when the job refuses it.
    pub async fn complete(
        &self,
        job: &Job,
        link_version: u32,
        verified: &Verified,
        completion: &Completion<'_>,
    ) -> Result<Result<(), NotDone>, Unavailable> {
        let Completion { credential, proof, receipt, code } = *completion;
        let known =
            Known { job: &job.reference, config: (&job.config_id, job.config_version), credential: credential.id };
        // Otherwise the identity was erased, and perhaps created again.
        let person = self.identity(&job.reference.identity).await?.filter(|person| job.is_for(person));
        let Some(person) = person else { return Ok(Err(NotDone::NotFound)) };
        if person.is_suspended() {
            return Ok(Err(NotDone::IdentitySuspended));
        }
        let since_the_read = match job.suspensions {
            0 => Condition::Lacks(SUSPENSIONS),
            number => Condition::Is(SUSPENSIONS, n(number)),
        };
        let holder = Holder::Ceremony(link_version);
        let command = Command::Bind { credential: credential.id, verified };
        let now = credential.create_time;
        let code_hash = code.map(|code| b(code.hash.as_bytes()));
        let code_end = code.map(|code| n(code.expire_time.millis()));
        let noticed = self.wants_notice(&person, now).await?;
        let completed = step(&job.reference, holder, command, now)
            .when(since_the_read)
            .maybe(letter(Letter::Notice).progress, noticed.then(|| s(WANTED)))
            .set(RECEIPT, receipt::to_value(receipt, known))
            .maybe(CODE_HASH, code_hash)
            .maybe(CODE_EXPIRE_MS, code_end);
        let put = |item| Write::Put(item, vec![Condition::Missing]);
        let writes =
            vec![Write::Change(completed), put(credential_to_item(credential)), put(claim_to_item(credential, proof))];
        match self.transact(writes).await? {
            Transacted::Done => Ok(Ok(())),
            Transacted::Unmet(0, item) => {
                let there = item.as_ref().map(job_from_item).transpose()?;
                let suspended = there.is_some_and(|there| {
                    there.suspensions != job.suspensions
                        && there.link_version == link_version
                        && there.apply(command, now).is_ok()
                });
                if suspended {
                    return Ok(Err(NotDone::IdentitySuspended));
                }
                Ok(explain(item.as_ref(), holder, command, now)?.map(drop))
            }
            Transacted::Unmet(..) => Ok(Err(NotDone::AlreadyRegistered)),
            Transacted::Conflict => {
                Err(Unavailable::new("dynamodb", "a completion was prevented by other transactions"))
            }
        }
    }

    /// Whether a new passkey of an identity is announced by mail. Without an address or a notice, `send-link` is not
    /// invoked. If the realm does not announce them any more, `send-link` notices that.
    async fn wants_notice(&self, person: &Identity, now: Timestamp) -> Result<bool, Unavailable> {
        if person.primary_email_address.is_none() {
            return Ok(false);
        }
        let realm = self.recent_realm(&person.reference.realm, now).await?;
        Ok(realm.is_none_or(|realm| realm.email.passkey_notice))
    }

    /// Reads a credential.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn credential(
        &self,
        identity: &IdentityRef,
        id: CredentialId,
    ) -> Result<Option<Credential>, Unavailable> {
        self.get(keys::credential(identity, id)).await?.map(|item| credential_from_item(&item)).transpose()
    }

    /// Revokes a credential permanently. Returns `None` when it does not exist, and the credential unchanged when it
    /// was already revoked.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn revoke_credential(
        &self,
        identity: &IdentityRef,
        id: CredentialId,
        by: Revoker,
        now: Timestamp,
    ) -> Result<Option<Credential>, Unavailable> {
        let change = Change::of(keys::credential(identity, id))
            .when(Condition::Is(STATE, s(CredentialState::Active.name())))
            .set(STATE, s(CredentialState::Revoked.name()))
            .set(REVOKED_BY, s(by.name()))
            .version(now);
        let (Written::Done(item) | Written::Unmet(Some(item))) = self.change(change).await? else { return Ok(None) };
        credential_from_item(&item).map(Some)
    }
}
