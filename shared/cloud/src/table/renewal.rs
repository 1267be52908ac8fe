//! A new job in place of an expired one.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use binding::job::Job;
use binding::unavailable::Unavailable;

use super::credentials::is_condition;
use super::item::s;
use super::jobs::{fresh_op, incomplete};
use super::records::job_to_item;
use super::{Changed, Table, keys};
use crate::aws::unavailable;

impl Table {
    /// Stores `new`, which takes the place of `expired`, unless another job took it since `expired` was read.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer.
    pub async fn renew(&self, expired: &Job, new: &Job) -> Result<Changed, Unavailable> {
        let op = fresh_op();
        let (pk, sk) = keys::job(&expired.job);
        let update = Update::builder()
            .table_name(&self.name)
            .key("pk", s(pk))
            .key("sk", s(sk))
            .update_expression("SET renewed_by = :new")
            .expression_attribute_values(":new", s(new.job.job.to_string()));
        let update = match expired.renewed_by {
            None => update.condition_expression("attribute_exists(pk) AND attribute_not_exists(renewed_by)"),
            Some(before) => update
                .condition_expression("renewed_by = :before")
                .expression_attribute_values(":before", s(before.to_string())),
        };
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(job_to_item(new, &op)))
            .condition_expression("attribute_not_exists(pk)");
        let update = update.build().map_err(|error| incomplete(&error))?;
        let put = put.build().map_err(|error| incomplete(&error))?;
        let items =
            vec![TransactWriteItem::builder().update(update).build(), TransactWriteItem::builder().put(put).build()];
        let request = self.client.transact_write_items().set_transact_items(Some(items));
        let Err(error) = request.client_request_token(&op).send().await else { return Ok(Changed::Yes) };
        match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled))
                if cancelled.cancellation_reasons().iter().any(is_condition) =>
            {
                Ok(Changed::Meanwhile)
            }
            _ => Err(unavailable("dynamodb", &error)),
        }
    }
}
