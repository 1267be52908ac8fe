//! The only writer: carries out conditional writes of single items, and of several items in a transaction.
//!
//! It marks each write with an operation id, so that a retry recognises its own write if the response was lost. It
//! retries when a concurrent transaction on the same item interferes, which the SDK does not do. It returns the stored
//! item when a condition fails.

use std::time::Duration;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld;
use aws_sdk_dynamodb::types::{
    CancellationReason, ConditionCheck, Delete, Put, ReturnValue, TransactWriteItem, Update,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use binding::unavailable::Unavailable;

use super::Table;
use super::attribute::OP;
use super::change::{Change, Condition, Expression};
use super::item::{Item, s};
use super::keys::Key;
use crate::aws::unavailable;
use crate::random;

/// How many times a write is tried when transactions on the same item conflict with it.
const TRIES: u64 = 5;

/// How many times a change is tried when the item has a later update time, because others changed it meanwhile.
const CATCH_UPS: usize = 4;

/// One write of a transaction.
#[derive(Clone, Debug)]
pub(super) enum Write {
    /// A change of an item.
    Change(Change),
    /// Writes a whole item, under conditions on the stored one.
    Put(Item, Vec<Condition>),
    /// Deletes an item, under these conditions.
    Delete(Key, Vec<Condition>),
    /// Writes nothing: the transaction requires these conditions of an item.
    Check(Key, Vec<Condition>),
}

/// The result of a write.
#[derive(Debug)]
pub(super) enum Written {
    /// It was written. For a change, the item after it.
    Done(Item),
    /// A condition failed. The stored item, if it exists.
    Unmet(Option<Item>),
}

/// The result of a transaction.
#[derive(Debug)]
pub(super) enum Transacted {
    /// Everything was written.
    Done,
    /// A condition of the write with this index failed, and nothing was written. The stored item, if it exists.
    Unmet(usize, Option<Item>),
    /// Other transactions on the same items conflicted, and nothing was written.
    Conflict,
}

/// Whether a change was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It was written.
    Yes,
    /// It was not written, because the item changed after it was read.
    Meanwhile,
}

impl From<Written> for Changed {
    fn from(written: Written) -> Self {
        match written {
            Written::Done(_) => Changed::Yes,
            Written::Unmet(_) => Changed::Meanwhile,
        }
    }
}

impl From<Transacted> for Changed {
    fn from(transacted: Transacted) -> Self {
        match transacted {
            Transacted::Done => Changed::Yes,
            Transacted::Unmet(..) | Transacted::Conflict => Changed::Meanwhile,
        }
    }
}

impl Table {
    /// Carries out a change.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub(super) async fn change(&self, mut change: Change) -> Result<Written, Unavailable> {
        for _ in 1..CATCH_UPS {
            match self.try_change(change.clone()).await? {
                Written::Unmet(Some(there)) if change.catch_up(&there) => {}
                settled => return Ok(settled),
            }
        }
        self.try_change(change).await
    }

    async fn try_change(&self, change: Change) -> Result<Written, Unavailable> {
        let (op, mark) = (fresh_op(), change.mark);
        let (pk, sk) = change.key.clone();
        let Expression { update, condition, names, values } = change.expression(&op);
        let request = self
            .client
            .update_item()
            .table_name(&self.name)
            .key("pk", s(pk))
            .key("sk", s(sk))
            .update_expression(update)
            .set_condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(AllOld);
        match unless_conflict(|| request.clone().send()).await {
            Ok(answer) => Ok(Written::Done(answer.attributes.unwrap_or_default())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    Ok(settle(failed.item().cloned(), mark, &op))
                }
                _ => Err(unavailable("dynamodb", &error)),
            },
        }
    }

    /// Puts an item.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub(super) async fn put(&self, mut item: Item, conditions: Vec<Condition>) -> Result<Written, Unavailable> {
        let op = fresh_op();
        item.insert(OP.to_owned(), s(&op));
        let Expression { condition, names, values, .. } = Expression::condition(conditions);
        let request = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .set_condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values_on_condition_check_failure(AllOld);
        match unless_conflict(|| request.clone().send()).await {
            Ok(_) => Ok(Written::Done(Item::new())),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                    Ok(settle(failed.item().cloned(), Some(OP), &op))
                }
                _ => Err(unavailable("dynamodb", &error)),
            },
        }
    }

    /// Carries out several writes, all or none.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub(super) async fn transact(&self, mut writes: Vec<Write>) -> Result<Transacted, Unavailable> {
        for _ in 1..CATCH_UPS {
            let outcome = self.try_transact(writes.clone()).await?;
            let Transacted::Unmet(index, Some(there)) = &outcome else { return Ok(outcome) };
            let Some(Write::Change(change)) = writes.get_mut(*index) else { return Ok(outcome) };
            if !change.catch_up(there) {
                return Ok(outcome);
            }
        }
        self.try_transact(writes).await
    }

    async fn try_transact(&self, writes: Vec<Write>) -> Result<Transacted, Unavailable> {
        let op = fresh_op();
        let marks: Vec<_> =
            writes.iter().map(|write| if let Write::Change(change) = write { change.mark } else { None }).collect();
        let items = writes.into_iter().map(|write| self.part(write, &op)).collect::<Result<Vec<_>, _>>()?;
        for attempt in 1..=TRIES {
            let request = self.client.transact_write_items().set_transact_items(Some(items.clone()));
            // The same token for every attempt, so that a committed transaction is not repeated.
            let Err(error) = request.client_request_token(&op).send().await else { return Ok(Transacted::Done) };
            match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    let reasons = cancelled.cancellation_reasons();
                    let is = |reason: &CancellationReason, code| reason.code() == Some(code);
                    if let Some(index) = reasons.iter().position(|reason| is(reason, "ConditionalCheckFailed")) {
                        let mark = marks.get(index).copied().flatten();
                        return Ok(match settle(reasons[index].item.clone(), mark, &op) {
                            Written::Done(_) => Transacted::Done,
                            Written::Unmet(item) => Transacted::Unmet(index, item),
                        });
                    }
                    if !reasons.iter().any(|reason| is(reason, "TransactionConflict")) {
                        return Err(unavailable("dynamodb", &error));
                    }
                }
                Some(TransactWriteItemsError::TransactionInProgressException(_)) => {}
                _ => return Err(unavailable("dynamodb", &error)),
            }
            pause(attempt).await;
        }
        Ok(Transacted::Conflict)
    }

    fn part(&self, write: Write, op: &str) -> Result<TransactWriteItem, Unavailable> {
        // The four builders have these members and no trait in common.
        macro_rules! built {
            ($builder:expr, $expression:expr) => {{
                let Expression { condition, names, values, .. } = $expression;
                let built = $builder
                    .table_name(&self.name)
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .return_values_on_condition_check_failure(AllOld)
                    .build();
                built.map_err(|error| unavailable("dynamodb", &error))?
            }};
        }
        let part = TransactWriteItem::builder();
        let part = match write {
            Write::Change(change) => {
                let (pk, sk) = change.key.clone();
                let mut expression = change.expression(op);
                let update = Update::builder().update_expression(std::mem::take(&mut expression.update));
                part.update(built!(update.key("pk", s(pk)).key("sk", s(sk)), expression))
            }
            Write::Put(item, conditions) => {
                part.put(built!(Put::builder().set_item(Some(item)), Expression::condition(conditions)))
            }
            Write::Delete((pk, sk), conditions) => {
                let delete = Delete::builder().key("pk", s(pk)).key("sk", s(sk));
                part.delete(built!(delete, Expression::condition(conditions)))
            }
            Write::Check((pk, sk), conditions) => {
                let check = ConditionCheck::builder().key("pk", s(pk)).key("sk", s(sk));
                part.condition_check(built!(check, Expression::condition(conditions)))
            }
        };
        Ok(part.build())
    }
}

/// 128 random bits in 22 characters, because an item is charged by its bytes.
fn fresh_op() -> String {
    URL_SAFE_NO_PAD.encode(random::bytes::<16>())
}

/// A condition failed, because of this operation's own write, whose response was lost, or because of another one.
fn settle(item: Option<Item>, mark: Option<&str>, op: &str) -> Written {
    let ours = |item: &Item| mark.and_then(|mark| item.get(mark)).is_some_and(|value| *value == s(op));
    match item {
        Some(item) if ours(&item) => Written::Done(item),
        // Some engines return an empty item if a condition fails and no item exists.
        item => Written::Unmet(item.filter(|item| !item.is_empty())),
    }
}

/// Retries a write of one item while a transaction on the same item conflicts with it.
async fn unless_conflict<T, E, F>(mut write: impl FnMut() -> F) -> Result<T, SdkError<E>>
where
    E: ProvideErrorMetadata,
    F: Future<Output = Result<T, SdkError<E>>>,
{
    for attempt in 1..TRIES {
        match write().await {
            Err(error) if error.code() == Some("TransactionConflictException") => pause(attempt).await,
            settled => return settled,
        }
    }
    write().await
}

/// Waits 20 ms, then longer, plus up to 32 ms, so that two writers do not collide again.
async fn pause(attempt: u64) {
    let jitter = u64::from(random::bytes::<1>()[0]) / 8;
    tokio::time::sleep(Duration::from_millis(attempt * 20 + jitter)).await;
}
