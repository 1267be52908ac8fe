//! Credentials: they come into being only together with the completion of a job, in one transaction.

use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    CancellationReason, Put, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use binding::code::Redeemable;
use binding::credential::{Credential, CredentialState, Proof};
use binding::ids::{CredentialId, IdentityRef, JobRef};
use binding::job::{Command, Rejected, Revoker};
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use proof::Verified;

use super::item::{Writer, b, n, s};
use super::jobs::{Guard, Holder, explain, fresh_op, incomplete};
use super::proofs::proof_to_item;
use super::records::{credential_from_item, credential_to_item};
use super::{NOT_BEFORE, Table, keys, later, not_before};
use crate::aws::unavailable;

/// How often a transaction is tried that another one on the same items keeps from running.
const TRIES: u64 = 5;

/// What the completion of a job brings.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    /// The credential that comes to be.
    pub credential: &'a Credential,
    /// What it was proven with.
    pub proof: &'a Proof,
    /// The receipt of it.
    pub receipt: &'a str,
    /// The code that the user's browser is given, if the user goes on to somewhere.
    pub code: Option<Redeemable>,
}

impl Table {
    /// Completes a job: the job becomes `COMPLETE` and remembers its receipt and its code, the credential comes to be
    /// with its proof, and the authenticator's credential id is claimed for the realm, all or nothing.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer; within, [`Rejected`] when the job does not allow it.
    pub async fn complete(
        &self,
        job: &JobRef,
        link_version: u32,
        verified: &Verified,
        outcome: &Outcome<'_>,
    ) -> Result<Result<(), Rejected>, Unavailable> {
        let mut op = fresh_op();
        let holder = Holder::Ceremony(link_version);
        let command = Command::Bind { credential: outcome.credential.id, verified };
        let mut now = outcome.credential.create_time;
        for attempt in 1..=TRIES {
            let answer = self
                .client
                .transact_write_items()
                .set_transact_items(Some(self.completion(job, holder, command, outcome, now, &op)?))
                // The same token for every attempt at one time: one that was committed is not run again.
                .client_request_token(&op)
                .send()
                .await;
            let Err(error) = answer else { return Ok(Ok(())) };
            let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error()
            else {
                return Err(unavailable("dynamodb", &error));
            };
            let reasons = cancelled.cancellation_reasons();
            if let Some(job_reason) = reasons.first().filter(|reason| is_condition(reason)) {
                // As in `not_before`: the job was changed after `now`.
                if let Some(time) = later(job_reason.item.as_ref(), now) {
                    (now, op) = (time, fresh_op());
                    continue;
                }
                let explained = explain(job_reason.item.clone(), &op, holder, command, now)?;
                return Ok(explained.map(drop));
            }
            if reasons.iter().any(is_condition) {
                return Ok(Err(Rejected::AlreadyRegistered));
            }
            if attempt < TRIES {
                let jitter = u64::from(crate::random::bytes::<1>()[0]);
                tokio::time::sleep(Duration::from_millis(attempt * 20 + jitter / 8)).await;
            }
        }
        Err(Unavailable::new("dynamodb", "the transaction was kept from running by others"))
    }

    fn completion(
        &self,
        job: &JobRef,
        holder: Holder<'_>,
        command: Command<'_>,
        outcome: &Outcome<'_>,
        now: Timestamp,
        op: &str,
    ) -> Result<Vec<TransactWriteItem>, Unavailable> {
        let Outcome { credential, proof, receipt, code } = outcome;
        let (pk, sk) = keys::job(job);
        let mut guard = Guard::of(command.step(), holder, now);
        let mut update = guard.update(command, op).replacen("SET ", "SET receipt = :receipt, ", 1);
        guard.values.insert(":receipt".into(), s(*receipt));
        if let Some(code) = code {
            update = update.replacen("SET ", "SET code_hash = :code_hash, code_expire_ms = :code_end, ", 1);
            guard.values.insert(":code_hash".into(), b(code.hash.as_bytes()));
            guard.values.insert(":code_end".into(), n(code.expire_time.millis()));
        }
        let update = Update::builder()
            .table_name(&self.name)
            .key("pk", s(pk))
            .key("sk", s(sk))
            .update_expression(update)
            .condition_expression(guard.condition)
            .expression_attribute_names("#state", "state")
            .set_expression_attribute_values(Some(guard.values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|error| incomplete(&error))?;
        let put = |item| {
            Put::builder()
                .table_name(&self.name)
                .set_item(Some(item))
                .condition_expression("attribute_not_exists(pk)")
                .build()
                .map_err(|error| incomplete(&error))
        };
        let mut items = vec![
            TransactWriteItem::builder().update(update).build(),
            TransactWriteItem::builder().put(put(credential_to_item(credential, op))?).build(),
        ];
        let claim = Writer::new(keys::claim(&job.identity.realm, credential.facts.key_id()), "CLAIM")
            .set("credential_id", s(credential.id.to_string()))
            .set("identity_id", s(job.identity.identity.as_str()));
        items.push(TransactWriteItem::builder().put(put(claim.0)?).build());
        items.push(TransactWriteItem::builder().put(put(proof_to_item(credential, proof))?).build());
        Ok(items)
    }

    /// Reads a credential.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer.
    pub async fn credential(
        &self,
        identity: &IdentityRef,
        id: CredentialId,
    ) -> Result<Option<Credential>, Unavailable> {
        self.get(keys::credential(identity, id)).await?.map(|item| credential_from_item(&item)).transpose()
    }

    /// Revokes a credential for good. Nothing when there is none; the credential as it is when it was revoked before.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer.
    pub async fn revoke_credential(
        &self,
        identity: &IdentityRef,
        id: CredentialId,
        by: Revoker,
        now: Timestamp,
    ) -> Result<Option<Credential>, Unavailable> {
        let write = |now: Timestamp| {
            self.update(keys::credential(identity, id))
                .update_expression("SET #state = :revoked, revoked_by = :by, update_ms = :now ADD version :one")
                .condition_expression(format!("#state = :active AND {NOT_BEFORE}"))
                .expression_attribute_names("#state", "state")
                .expression_attribute_values(":active", s(CredentialState::Active.name()))
                .expression_attribute_values(":revoked", s(CredentialState::Revoked.name()))
                .expression_attribute_values(":by", s(by.name()))
                .expression_attribute_values(":now", n(now.millis()))
                .expression_attribute_values(":one", n(1))
                .return_values(ReturnValue::AllNew)
        };
        let item = match not_before(now, write).await? {
            Ok(answer) => answer.attributes,
            Err((item, _)) => item,
        };
        item.map(|item| credential_from_item(&item)).transpose()
    }
}

pub(super) fn is_condition(reason: &CancellationReason) -> bool {
    reason.code() == Some("ConditionalCheckFailed")
}
