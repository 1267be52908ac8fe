//! Codes of redirect URIs: redeemed once.

use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use binding::code::{NotRedeemed, RedirectCode};
use binding::job::Job;
use binding::link::LinkTokenHash;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::item::{Reader, b, n, s};
use super::jobs::{fresh_op, old_item};
use super::records::job_from_item;
use super::{Table, condition_failed, keys, unless_conflict};

impl Table {
    /// Redeems a code: the job that it is of. It changes no version, so it yields no event.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer; within, [`NotRedeemed`].
    pub async fn redeem(&self, code: &RedirectCode, now: Timestamp) -> Result<Result<Job, NotRedeemed>, Unavailable> {
        let (op, hash) = (fresh_op(), code.hash());
        let write = self
            .update(keys::job(&code.job))
            .update_expression("SET redeem_op = :op")
            .condition_expression("code_hash = :hash AND code_expire_ms > :now AND attribute_not_exists(redeem_op)")
            .expression_attribute_values(":op", s(&op))
            .expression_attribute_values(":hash", b(hash.as_bytes()))
            .expression_attribute_values(":now", n(now.millis()))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let outcome = unless_conflict(|| write.clone().send()).await;
        let item = match outcome {
            Ok(answer) => return job_from_item(&answer.attributes.unwrap_or_default()).map(Ok),
            Err(error) => condition_failed(error, old_item)?,
        };
        let Some(item) = item.filter(|item| item.contains_key("code_hash")) else {
            return Ok(Err(NotRedeemed::Unknown));
        };
        let there = Reader(&item);
        if LinkTokenHash::from_bytes(there.array("code_hash")?) != hash {
            return Ok(Err(NotRedeemed::Unknown));
        }
        match there.maybe_text("redeem_op") {
            // Our own write, whose first answer was lost.
            Some(there) if there == op => job_from_item(&item).map(Ok),
            Some(_) => Ok(Err(NotRedeemed::Redeemed)),
            None => Ok(Err(NotRedeemed::Expired)),
        }
    }
}
