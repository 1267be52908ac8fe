//! The record of a job's mail: claimed before sending, noted after.

use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use binding::ids::JobRef;
use binding::job::{EmailStatus, Job};
use binding::state::State;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::item::{n, s};
use super::jobs::{fresh_op, old_item};
use super::records::job_from_item;
use super::{Table, condition_failed, keys, unless_conflict};

/// How long a claim on a mail keeps others from sending it, in seconds: longer than a function lives.
const LEASE_SECONDS: i64 = 60;

/// Whether a mail is ours to send.
#[derive(Clone, Debug)]
pub enum Claim {
    /// It is: nobody sent it, and nobody else will for a minute.
    Ours(Box<Job>),
    /// Somebody else is at it: come again later.
    Theirs,
    /// It was sent, or need not be any more.
    Done,
}

impl Table {
    /// Claims the mail of a job whose link was not opened yet.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer.
    pub async fn claim_mail(&self, job: &JobRef, now: Timestamp) -> Result<Claim, Unavailable> {
        let op = fresh_op();
        let write = self
            .update(keys::job(job))
            .update_expression("SET email_claim = :op, email_lease_ms = :lease")
            .condition_expression(
                "#state = :sent AND expire_ms > :now AND attribute_not_exists(email_status) \
                 AND (attribute_not_exists(email_lease_ms) OR email_lease_ms <= :now)",
            )
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":sent", s(State::LinkSent.name()))
            .expression_attribute_values(":now", n(now.millis()))
            .expression_attribute_values(":lease", n(now.plus_seconds(LEASE_SECONDS).millis()))
            .expression_attribute_values(":op", s(&op))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let outcome = unless_conflict(|| write.clone().send()).await;
        let item = match outcome {
            Ok(answer) => return Ok(Claim::Ours(Box::new(job_from_item(&answer.attributes.unwrap_or_default())?))),
            Err(error) => condition_failed(error, old_item)?,
        };
        let Some(item) = item else { return Ok(Claim::Done) };
        let claim_is = |op: &str| item.get("email_claim").and_then(|claim| claim.as_s().ok()).is_some_and(|c| c == op);
        let job = job_from_item(&item)?;
        let open = job.state_at(now) == State::LinkSent && job.email_status.is_none();
        Ok(match (open, claim_is(&op)) {
            (true, true) => Claim::Ours(Box::new(job)),
            (true, false) => Claim::Theirs,
            (false, _) => Claim::Done,
        })
    }

    /// Notes what became of a mail. It is a change of the job: its version counts on, and it yields an event.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer.
    pub async fn note_mail(
        &self,
        job: &JobRef,
        status: EmailStatus,
        message_id: &str,
        now: Timestamp,
    ) -> Result<(), Unavailable> {
        let write = self
            .update(keys::job(job))
            .update_expression(
                "SET email_status = :status, email_message_id = :message, update_ms = :now \
                 REMOVE email_claim, email_lease_ms ADD version :one",
            )
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(email_status)")
            .expression_attribute_values(":status", s(status.name()))
            .expression_attribute_values(":message", s(message_id))
            .expression_attribute_values(":now", n(now.millis()))
            .expression_attribute_values(":one", n(1));
        let outcome = unless_conflict(|| write.clone().send()).await;
        match outcome {
            Ok(_) => Ok(()),
            // Noted before, or the job is gone: nothing is left to note.
            Err(error) => condition_failed(error, old_item).map(drop),
        }
    }

    /// Gives a claim back after a failure, so that the next run need not wait for it to lapse.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer; the claim lapses by itself then.
    pub async fn release_mail(&self, job: &JobRef) -> Result<(), Unavailable> {
        let write = self
            .update(keys::job(job))
            .update_expression("REMOVE email_claim, email_lease_ms")
            .condition_expression("attribute_exists(pk)");
        let outcome = unless_conflict(|| write.clone().send()).await;
        match outcome {
            Ok(_) => Ok(()),
            Err(error) => condition_failed(error, old_item).map(drop),
        }
    }
}
