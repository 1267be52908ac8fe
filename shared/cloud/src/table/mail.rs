//! The record of a job's mails: wanted, claimed before sending, noted after; and what SES tells of them later.
//!
//! `invitation` and `notice` are `WANTED` when a mail is to go out, which is what the stream's filter looks for,
//! `SENDING` from the first claim on, and `DONE`. A failed try leaves `SENDING`, so that it is the same record of the
//! stream that is tried again, and no new one.

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use binding::ids::JobRef;
use binding::job::{Command, DeliveryMethod, Disownment, Job};
use binding::mail::{EmailStatus, Letter, MOST_MAILS, NotAgain, PAUSE_SECONDS};
use binding::state::State;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::item::{Item, Reader, b, n, s};
use super::jobs::{Guard, Holder, fresh_op, old_item};
use super::records::job_from_item;
use super::{NOT_BEFORE, Table, condition_failed, keys, not_before, unless_conflict};

/// A mail that is to go out.
pub(super) const WANTED: &str = "WANTED";

/// How long a claim on a mail keeps others from sending it, in seconds: longer than a function lives.
pub const LEASE_SECONDS: i64 = 60;

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

/// What a mail service told of one of a job's invitations.
#[derive(Clone, Copy, Debug)]
pub struct EmailNews<'a> {
    /// Which of the job's mails, counted from 1.
    pub mail: u32,
    /// How far it got.
    pub status: EmailStatus,
    /// Why no further; empty if there is nothing to say.
    pub reason: &'a str,
}

impl Table {
    /// Claims a mail: of a job that lives for an invitation, of a complete one for a notice. With the claim on a notice
    /// goes the right to take back the passkey.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer.
    pub async fn claim_mail(
        &self,
        job: &JobRef,
        letter: Letter,
        disownment: Option<Disownment>,
        now: Timestamp,
    ) -> Result<Claim, Unavailable> {
        let op = fresh_op();
        let name = letter.name();
        let states = match letter {
            Letter::Invitation => "#state IN (:a, :b, :c) AND expire_ms > :now",
            Letter::Notice => "#state = :a",
        };
        let mut update = format!("SET {name} = :sending, {name}_claim = :op, {name}_lease_ms = :lease");
        let mut values = Item::from([
            (":wanted".into(), s(WANTED)),
            (":sending".into(), s("SENDING")),
            (":now".into(), n(now.millis())),
            (":lease".into(), n(now.plus_seconds(LEASE_SECONDS).millis())),
            (":op".into(), s(&op)),
        ]);
        let allowed: &[State] = match letter {
            Letter::Invitation => &[State::LinkSent, State::LinkOpened, State::RequestDelivered],
            Letter::Notice => &[State::Complete],
        };
        values.extend([":a", ":b", ":c"].iter().zip(allowed).map(|(name, state)| ((*name).into(), s(state.name()))));
        if let Some(disownment) = disownment {
            update.push_str(", disown_hash = :hash, disown_expire_ms = :end");
            values.insert(":hash".into(), b(disownment.hash.as_bytes()));
            values.insert(":end".into(), n(disownment.expire_time.millis()));
        }
        let write = self
            .update(keys::job(job))
            .update_expression(update)
            .condition_expression(format!(
                "{states} AND {name} IN (:wanted, :sending) \
                 AND (attribute_not_exists({name}_lease_ms) OR {name}_lease_ms <= :now)"
            ))
            .expression_attribute_names("#state", "state")
            .set_expression_attribute_values(Some(values))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let outcome = unless_conflict(|| write.clone().send()).await;
        let item = match outcome {
            Ok(answer) => return Ok(Claim::Ours(Box::new(job_from_item(&answer.attributes.unwrap_or_default())?))),
            Err(error) => condition_failed(error, old_item)?,
        };
        let Some(item) = item else { return Ok(Claim::Done) };
        let text = |name: String| Reader(&item).text_or_empty(&name);
        let job = job_from_item(&item)?;
        let open = allowed.contains(&job.state_at(now)) && [WANTED, "SENDING"].contains(&text(name.into()).as_str());
        Ok(match (open, text(format!("{name}_claim")) == op) {
            (true, true) => Claim::Ours(Box::new(job)),
            (true, false) => Claim::Theirs,
            (false, _) => Claim::Done,
        })
    }

    /// Notes that SES took an invitation. It is a change of the job: its version counts on, and it yields an event. If
    /// the mail has a status already, from news that implies this one, nothing changes.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer.
    pub async fn note_sent(
        &self,
        job: &JobRef,
        mail: u32,
        message_id: &str,
        now: Timestamp,
    ) -> Result<(), Unavailable> {
        let write = |now: Timestamp| {
            self.update(keys::job(job))
                .update_expression(
                    "SET invitation = :done, email_status = :sent, email_message_id = :message, update_ms = :now \
                     REMOVE invitation_claim, invitation_lease_ms ADD version :one",
                )
                .condition_expression(format!(
                    "mails = :mail AND attribute_exists(invitation_claim) AND attribute_not_exists(email_status) \
                     AND {NOT_BEFORE}"
                ))
                .expression_attribute_values(":done", s("DONE"))
                .expression_attribute_values(":sent", s(EmailStatus::Sent.name()))
                .expression_attribute_values(":message", s(message_id))
                .expression_attribute_values(":mail", n(mail))
                .expression_attribute_values(":now", n(now.millis()))
                .expression_attribute_values(":one", n(1))
        };
        // If the condition fails, there is nothing to note: it was noted before, or the job is gone.
        not_before(now, write).await.map(drop)
    }

    /// Notes that a notice is out, or not to go out at all. It changes no version, so it yields no event.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer.
    pub async fn note_notice(&self, job: &JobRef) -> Result<(), Unavailable> {
        let write = self
            .update(keys::job(job))
            .update_expression("SET notice = :done REMOVE notice_claim, notice_lease_ms")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":done", s("DONE"));
        let outcome = unless_conflict(|| write.clone().send()).await;
        match outcome {
            Ok(_) => Ok(()),
            Err(error) => condition_failed(error, old_item).map(drop),
        }
    }

    /// Gives a claim back after a failure, so that the next run need not wait for it to lapse.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer; the claim lapses by itself then.
    pub async fn release_mail(&self, job: &JobRef, letter: Letter) -> Result<(), Unavailable> {
        let name = letter.name();
        let write = self
            .update(keys::job(job))
            .update_expression(format!("REMOVE {name}_claim, {name}_lease_ms"))
            .condition_expression("attribute_exists(pk)");
        let outcome = unless_conflict(|| write.clone().send()).await;
        match outcome {
            Ok(_) => Ok(()),
            Err(error) => condition_failed(error, old_item).map(drop),
        }
    }

    /// Notes news of an invitation, in whatever order they come and however often. When the mail will never arrive and
    /// its link was not opened, the job becomes `FAILED_TO_SEND` in the same write.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer.
    pub async fn note_news(&self, job: &JobRef, news: EmailNews<'_>, now: Timestamp) -> Result<(), Unavailable> {
        if news.status.is_failure() && self.write_news(job, news, true, now).await? {
            return Ok(());
        }
        self.write_news(job, news, false, now).await.map(drop)
    }

    async fn write_news(
        &self,
        job: &JobRef,
        news: EmailNews<'_>,
        ends: bool,
        now: Timestamp,
    ) -> Result<bool, Unavailable> {
        let op = fresh_op();
        let written = not_before(now, |now| self.news(job, news, ends, now, &op)).await?;
        Ok(match written {
            Ok(_) => true,
            // Our own write, whose first answer was lost?
            Err((there, _)) => there.is_some_and(|item| Reader(&item).maybe_text("op").as_deref() == Some(&op)),
        })
    }

    fn news(&self, job: &JobRef, news: EmailNews<'_>, ends: bool, now: Timestamp, op: &str) -> UpdateItemFluentBuilder {
        let mut guard = Guard::of(Command::FailToSend.step(), Holder::Us, now);
        // The mail was sent, even if its sender has not noted that yet, so the claim ends.
        let claim = "invitation_claim, invitation_lease_ms";
        let (step, condition) = if ends {
            (format!("{}, {claim}", guard.update(Command::FailToSend, op)), guard.condition)
        } else {
            guard.values = Item::from([(":now".into(), n(now.millis())), (":one".into(), n(1)), (":op".into(), s(op))]);
            (format!("SET update_ms = :now, op = :op ADD version :one REMOVE {claim}"), NOT_BEFORE.to_owned())
        };
        let mut earlier = Vec::new();
        for (index, status) in news.status.follows().enumerate() {
            earlier.push(format!(":earlier{index}"));
            guard.values.insert(format!(":earlier{index}"), s(status.name()));
        }
        let earlier =
            if earlier.is_empty() { String::new() } else { format!(" OR email_status IN ({})", earlier.join(", ")) };
        let reason = if news.reason.is_empty() { "" } else { ", email_status_reason = :reason" };
        let step = step.replacen("SET ", &format!("SET email_status = :status, invitation = :done{reason}, "), 1);
        let mut write = self
            .update(keys::job(job))
            .update_expression(step)
            .condition_expression(format!(
                "{condition} AND mails = :mail AND (attribute_not_exists(email_status){earlier})"
            ))
            .set_expression_attribute_values(Some(guard.values))
            .expression_attribute_values(":mail", n(news.mail))
            .expression_attribute_values(":status", s(news.status.name()))
            .expression_attribute_values(":done", s("DONE"));
        if ends {
            write = write.expression_attribute_names("#state", "state");
        }
        if !news.reason.is_empty() {
            write = write.expression_attribute_values(":reason", s(news.reason));
        }
        write
    }

    /// Asks for the job's link to be mailed again, and lets the job live until `expire_time` if that is given.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer; within, nothing when there is no such job, or [`NotAgain`].
    pub async fn resend(
        &self,
        job: &JobRef,
        expire_time: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Option<Result<Job, NotAgain>>, Unavailable> {
        let op = fresh_op();
        let (item, now) = match not_before(now, |now| self.mail_again(job, expire_time, now, &op)).await? {
            Ok(answer) => return job_from_item(&answer.attributes.unwrap_or_default()).map(|job| Some(Ok(job))),
            Err(not_written) => not_written,
        };
        let Some(item) = item else { return Ok(None) };
        let there = job_from_item(&item)?;
        // An attribute of its own: the mailer, SES or the user may have changed the job before our retry.
        if Reader(&item).maybe_text("resend_op").as_deref() == Some(&op) {
            return Ok(Some(Ok(there)));
        }
        match there.may_be_mailed_again(now) {
            Err(not) => Ok(Some(Err(not))),
            Ok(()) => Err(Unavailable::new("dynamodb", "a condition failed that the item fulfils")),
        }
    }

    fn mail_again(
        &self,
        job: &JobRef,
        expire_time: Option<Timestamp>,
        now: Timestamp,
        op: &str,
    ) -> UpdateItemFluentBuilder {
        let guard = Guard::of(Command::Revoke(binding::job::Revoker::Operator).step(), Holder::Us, now);
        let mut update = "SET invitation = :wanted, last_mail_ms = :now, update_ms = :now, resend_op = :op".to_owned();
        let mut values = guard.values;
        values.extend([
            (":wanted".into(), s(WANTED)),
            (":op".into(), s(op)),
            (":one".into(), n(1)),
            (":email".into(), s(DeliveryMethod::Email.name())),
            (":most".into(), n(MOST_MAILS)),
            (":free".into(), n(now.plus_seconds(-PAUSE_SECONDS).millis())),
        ]);
        if let Some(end) = expire_time {
            update.push_str(", expire_ms = :end, #ttl = :ttl");
            values.insert(":end".into(), n(end.millis()));
            values.insert(":ttl".into(), n(binding::job::purge_time(end).seconds()));
        }
        update.push_str(" REMOVE email_status, email_status_reason, invitation_claim, invitation_lease_ms");
        let mut write = self
            .update(keys::job(job))
            .update_expression(format!("{update} ADD version :one, mails :one"))
            .condition_expression(format!(
                "{} AND {NOT_BEFORE} AND delivery_method = :email AND mails < :most AND last_mail_ms <= :free",
                guard.condition
            ))
            .expression_attribute_names("#state", "state")
            .set_expression_attribute_values(Some(values))
            .return_values(ReturnValue::AllNew);
        if expire_time.is_some() {
            write = write.expression_attribute_names("#ttl", "ttl");
        }
        write
    }
}
