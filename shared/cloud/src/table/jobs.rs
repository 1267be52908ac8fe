//! Jobs: created once, then moved on by single conditional writes.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use binding::ids::JobRef;
use binding::job::{Command, Failure, Job, Rejected};
use binding::link::LinkTokenHash;
use binding::state::Step;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::item::{Item, Reader, b, n, s};
use super::mail::WANTED;
use super::records::{entered, job_from_item, job_to_item};
use super::{NOT_BEFORE, Table, condition_failed, keys, not_before, unless_conflict};
use crate::aws::unavailable;
use crate::random;

/// In whose name a job is moved on. It is part of the write's condition.
#[derive(Clone, Copy, Debug)]
pub enum Holder<'a> {
    /// Somebody with the link: the hash of its secret must be the job's.
    Link(&'a LinkTokenHash),
    /// A device with a ceremony token for this version of the link.
    Ceremony(u32),
    /// We ourselves, or a caller whose access token was checked.
    Us,
}

/// The text of a fresh operation id. It is written with each change and tells our own retried write, whose first
/// answer was lost, from somebody else's.
pub(super) fn fresh_op() -> String {
    format!("{:032x}", u128::from_be_bytes(random::bytes()))
}

/// The condition that a step needs, with the names and values that it speaks of. `#state`, `:now` and so on are for
/// the update expression too.
pub(super) struct Guard {
    pub(super) condition: String,
    pub(super) values: Item,
}

impl Guard {
    /// The row of the table of steps, as a condition.
    pub(super) fn of(step: Step, holder: Holder<'_>, now: Timestamp) -> Self {
        let mut values = Item::from([(":now".into(), n(now.millis()))]);
        let mut states = Vec::new();
        for (index, state) in step.from().iter().enumerate() {
            states.push(format!(":from{index}"));
            values.insert(format!(":from{index}"), s(state.name()));
        }
        let clock = if step == Step::Expire { "expire_ms <= :now" } else { "expire_ms > :now" };
        let mut condition = format!("attribute_exists(pk) AND #state IN ({}) AND {clock}", states.join(", "));
        match holder {
            Holder::Link(hash) => {
                condition.push_str(" AND link_hash = :hash");
                values.insert(":hash".into(), b(hash.as_bytes()));
            }
            Holder::Ceremony(version) => {
                condition.push_str(" AND link_version = :link_version");
                values.insert(":link_version".into(), n(version));
            }
            Holder::Us => {}
        }
        Self { condition, values }
    }

    /// The update that takes the step: state, time, version and operation id, and what the command brings. A job that
    /// ends leaves the index of jobs that will expire. An update that sets `update_ms` adds [`NOT_BEFORE`] to the
    /// condition.
    pub(super) fn update(&mut self, command: Command<'_>, op: &str) -> String {
        let to = command.step().to();
        self.values.insert(":to".into(), s(to.name()));
        self.values.insert(":op".into(), s(op));
        self.values.insert(":one".into(), n(1));
        let brings = match command {
            Command::Bind { credential, .. } => {
                self.values.insert(":credential".into(), s(credential.to_string()));
                self.values.insert(":wanted".into(), s(WANTED));
                ", credential_id = :credential, notice = :wanted"
            }
            Command::Revoke(by) => {
                self.values.insert(":by".into(), s(by.name()));
                ", revoked_by = :by"
            }
            _ => "",
        };
        let entered = entered(to);
        let times = if matches!(command, Command::Expire) {
            // A job expires at its time, however late that is written; `job_from_item` derives its `update_time`.
            format!("{entered} = expire_ms")
        } else {
            self.condition = format!("{} AND {NOT_BEFORE}", self.condition);
            format!("{entered} = :now, update_ms = :now")
        };
        let remove = if to.is_terminal() { " REMOVE expiry_shard" } else { "" };
        format!("SET #state = :to, {times}, op = :op{brings} ADD version :one{remove}")
    }
}

/// What to say when the condition of a write did not hold, given the item that was there.
pub(super) fn explain(
    item: Option<Item>,
    op: &str,
    holder: Holder<'_>,
    command: Command<'_>,
    now: Timestamp,
) -> Result<Result<Job, Rejected>, Unavailable> {
    let Some(item) = item.filter(|item| item.contains_key("state")) else { return Ok(Err(Rejected::NotFound)) };
    let job = job_from_item(&item)?;
    if Reader(&item).maybe_text("op").as_deref() == Some(op) {
        return Ok(Ok(job));
    }
    match holder {
        Holder::Link(hash) if *hash != job.link_hash => return Ok(Err(Rejected::NotFound)),
        Holder::Ceremony(version) if version != job.link_version => {
            return Ok(Err(binding::job::Refused::LinkReplaced.into()));
        }
        _ => {}
    }
    match job.apply(command, now) {
        Ok(after) if after == job => Ok(Ok(job)),
        Ok(_) => Err(Unavailable::new("dynamodb", "a condition failed that the item fulfils")),
        Err(refused) => Ok(Err(refused.into())),
    }
}

impl Table {
    /// Stores a new job.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer, or the id is taken, which does not happen.
    pub async fn create_job(&self, job: &Job) -> Result<(), Unavailable> {
        let op = fresh_op();
        let outcome = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(job_to_item(job, &op)))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = outcome else { return Ok(()) };
        let there = condition_failed(error, |error| match error {
            aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException(failed) => {
                Some(failed.item().cloned())
            }
            _ => None,
        })?;
        match there {
            Some(item) if Reader(&item).maybe_text("op").as_deref() == Some(&op) => Ok(()),
            _ => Err(Unavailable::new("dynamodb", "the id of a new job is taken")),
        }
    }

    /// Reads a job.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer.
    pub async fn job(&self, job: &JobRef) -> Result<Option<Job>, Unavailable> {
        self.get(keys::job(job)).await?.map(|item| job_from_item(&item)).transpose()
    }

    /// Reads a job, perhaps as it was a moment ago: half the price.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer.
    pub async fn job_eventually(&self, job: &JobRef) -> Result<Option<Job>, Unavailable> {
        self.read(keys::job(job), false).await?.map(|item| job_from_item(&item)).transpose()
    }

    /// Moves a job on by one step, in one conditional write. `Bind` is not taken here but by [`Table::complete`].
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer; within, [`Rejected`] when the job does not allow it.
    pub async fn advance(
        &self,
        job: &JobRef,
        holder: Holder<'_>,
        command: Command<'_>,
        now: Timestamp,
    ) -> Result<Result<Job, Rejected>, Unavailable> {
        let op = fresh_op();
        let write = |now| {
            let mut guard = Guard::of(command.step(), holder, now);
            let update = guard.update(command, &op);
            self.update(keys::job(job))
                .update_expression(update)
                .condition_expression(guard.condition)
                .expression_attribute_names("#state", "state")
                .set_expression_attribute_values(Some(guard.values))
                .return_values(ReturnValue::AllNew)
        };
        match not_before(now, write).await? {
            Ok(answer) => job_from_item(&answer.attributes.unwrap_or_default()).map(Ok),
            Err((item, now)) => explain(item, &op, holder, command, now),
        }
    }

    /// Counts a look at the link of a job by something that is no user. It changes neither state nor
    /// version, so it yields no event.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer; within, [`Rejected`] when the link is not to be opened any more.
    pub async fn record_prefetch(
        &self,
        job: &JobRef,
        hash: &LinkTokenHash,
        now: Timestamp,
    ) -> Result<Result<Job, Rejected>, Unavailable> {
        let write = self
            .update(keys::job(job))
            .update_expression("SET prefetch_ms = :now ADD prefetches :one")
            .condition_expression("link_hash = :hash")
            .expression_attribute_values(":now", n(now.millis()))
            .expression_attribute_values(":hash", b(hash.as_bytes()))
            .expression_attribute_values(":one", n(1))
            .return_values(ReturnValue::AllNew);
        let outcome = unless_conflict(|| write.clone().send()).await;
        match outcome {
            Ok(answer) => {
                let job = job_from_item(&answer.attributes.unwrap_or_default())?;
                // Asks the rule, and drops the answer: nothing is opened.
                Ok(job.apply(Command::Open, now).map(|_| job).map_err(Rejected::from))
            }
            Err(error) => condition_failed(error, old_item).map(|_| Err(Rejected::NotFound)),
        }
    }

    /// Notes a failed try on a job that lives. It changes neither state nor version, so it yields no event. A job that
    /// ended meanwhile stays as it is.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer.
    pub async fn record_failure(&self, job: &JobRef, failure: &Failure) -> Result<(), Unavailable> {
        let guard = Guard::of(Step::Bind, Holder::Us, failure.time);
        let write = self
            .update(keys::job(job))
            .update_expression(
                "SET failure_ms = :now, failure_reason = :reason, failure_detail = :detail ADD failures :one",
            )
            .condition_expression(guard.condition)
            .expression_attribute_names("#state", "state")
            .set_expression_attribute_values(Some(guard.values))
            .expression_attribute_values(":reason", s(&failure.reason))
            .expression_attribute_values(":detail", s(&failure.detail))
            .expression_attribute_values(":one", AttributeValue::N("1".into()));
        let outcome = unless_conflict(|| write.clone().send()).await;
        match outcome {
            Ok(_) => Ok(()),
            Err(error) => condition_failed(error, old_item).map(drop),
        }
    }
}

pub(super) fn old_item(error: &UpdateItemError) -> Option<Option<Item>> {
    match error {
        UpdateItemError::ConditionalCheckFailedException(failed) => Some(failed.item().cloned()),
        _ => None,
    }
}

/// Makes an error of the SDK's builders, which name a missing member, into ours.
pub(super) fn incomplete(error: &aws_smithy_types::error::operation::BuildError) -> Unavailable {
    unavailable("dynamodb", error)
}
