//! The record of a job's mails: requested, claimed before sending, recorded after it, and their delivery status.
//!
//! The progress of an invitation or notice is `WANTED` when a mail is to be sent, which the stream's filter selects;
//! `SENDING` from the first claim on; and finally `DONE`. A failed attempt leaves `SENDING`, so that the same record of
//! the stream is retried and no new one is created.

use binding::ids::{BatchId, BatchRef, JobRef};
use binding::job::{Command, DeliveryMethod, Disownment, Job};
use binding::mail::{EmailStatus, Letter, MOST_MAILS, NotAgain, PAUSE_SECONDS};
use binding::rule::Note;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::Table;
use super::attribute::*;
use super::batches::counted;
use super::change::{Change, Condition};
use super::item::{Reader, b, n, s};
use super::jobs::{Holder, note, step, unexplained};
use super::records::job_from_item;
use super::write::{Transacted, Write, Written};

/// The progress of a mail that was claimed.
const SENDING: &str = "SENDING";
/// The progress of a mail that was sent, or need not be.
const DONE: &str = "DONE";

/// How long a claim prevents others from sending the mail, in seconds: longer than a function can run.
pub const LEASE_SECONDS: i64 = 60;

/// The result of claiming a mail.
#[derive(Clone, Debug)]
pub enum Lease {
    /// The caller sends it. Nobody has sent it, and nobody else can claim it for a minute.
    Ours(Box<Job>),
    /// Another invocation has claimed it. Retry later.
    Theirs,
    /// It was already sent, or need not be sent any more.
    Done,
}

/// A report about the delivery of one of a job's invitations.
#[derive(Clone, Copy, Debug)]
pub struct EmailReport<'a> {
    /// The number of the mail among the job's invitations, from 1.
    pub mail: u32,
    /// The delivery status.
    pub status: EmailStatus,
    /// The reason for the status; empty if there is none.
    pub reason: &'a str,
    /// The batch that created the job.
    pub batch_id: Option<BatchId>,
}

impl Table {
    /// Claims a mail: the invitation of a job that has not ended, or the notice of a complete one. The claim on a
    /// notice also stores the right to disown the passkey.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn lease_mail(
        &self,
        job: &JobRef,
        kind: Letter,
        disownment: Option<Disownment>,
        now: Timestamp,
    ) -> Result<Lease, Unavailable> {
        let LetterAttributes { progress, claim, lease_ms } = letter(kind);
        let rule = claim_note(kind);
        let free = Condition::either(Condition::Lacks(lease_ms), Condition::AtMost(lease_ms, n(now.millis())));
        let change = note(job, rule, now)
            .when(Condition::OneOf(progress, vec![s(WANTED), s(SENDING)]))
            .when(free)
            .set(progress, s(SENDING))
            .set(lease_ms, n(now.plus_seconds(LEASE_SECONDS).millis()))
            .maybe(DISOWN_HASH, disownment.map(|right| b(right.hash.as_bytes())))
            .maybe(DISOWN_EXPIRE_MS, disownment.map(|right| n(right.expire_time.millis())))
            .marked(claim);
        let item = match self.change(change).await? {
            Written::Done(item) => return Ok(Lease::Ours(Box::new(job_from_item(&item)?))),
            Written::Unmet(None) => return Ok(Lease::Done),
            Written::Unmet(Some(item)) => item,
        };
        let wanted = [WANTED, SENDING].contains(&Reader(&item).text_or_empty(progress).as_str());
        let open = wanted && job_from_item(&item)?.allows(rule, now).is_ok();
        Ok(if open { Lease::Theirs } else { Lease::Done })
    }

    /// Records that SES accepted an invitation. If SES has already reported a status of that mail, which ends the
    /// claim, nothing changes and no outdated status is published.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn note_sent(
        &self,
        job: &JobRef,
        mail: u32,
        message_id: &str,
        now: Timestamp,
    ) -> Result<(), Unavailable> {
        let sent = settled(note(job, Note::RecordMail, now), Letter::Invitation)
            .when(Condition::Is(MAILS, n(mail)))
            .when(Condition::Has(letter(Letter::Invitation).claim))
            .when(Condition::Lacks(EMAIL_STATUS))
            .set(EMAIL_STATUS, s(EmailStatus::Sent.name()))
            .set(EMAIL_MESSAGE_ID, s(message_id))
            .version(now);
        self.change(sent).await.map(drop)
    }

    /// Records that a notice was sent or need not be. The version does not change, so no event is published.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn note_notice(&self, job: &JobRef, now: Timestamp) -> Result<(), Unavailable> {
        self.change(settled(note(job, Note::RecordMail, now), Letter::Notice)).await.map(drop)
    }

    /// Releases a claim after a failure, so that the retry need not wait until it expires.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond. The claim then expires by itself.
    pub async fn release_mail(&self, job: &JobRef, kind: Letter, now: Timestamp) -> Result<(), Unavailable> {
        self.change(released(note(job, Note::RecordMail, now), kind)).await.map(drop)
    }

    /// Records the delivery status of an invitation. Reports may arrive in any order and more than once; a status that
    /// does not follow the recorded one is dropped. If the mail will never arrive and its link was not opened, the job
    /// becomes
    /// `FAILED_TO_SEND` in the same write.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn record_email_status(
        &self,
        job: &JobRef,
        report: EmailReport<'_>,
        now: Timestamp,
    ) -> Result<(), Unavailable> {
        if report.status.is_failure() {
            let ends = step(job, Holder::Us, Command::FailToSend, now);
            if self.write_email_status(job, with_email_status(ends, report), report).await? {
                return Ok(());
            }
        }
        let noted = note(job, Note::RecordMail, now).version(now).marked(OP);
        self.write_email_status(job, with_email_status(noted, report), report).await.map(drop)
    }

    /// Writes a status, if the job's conditions hold. A bounce or complaint about a mail of a batch is counted on the batch
    /// in the same transaction, so each is counted once.
    async fn write_email_status(
        &self,
        job: &JobRef,
        change: Change,
        report: EmailReport<'_>,
    ) -> Result<bool, Unavailable> {
        let batch = report.batch_id.map(|id| BatchRef { realm: job.identity.realm.clone(), id });
        if let Some(counted) = batch.and_then(|batch| counted(&batch, report.status)) {
            match self.transact(vec![Write::Change(change.clone()), Write::Change(counted)]).await? {
                Transacted::Done => return Ok(true),
                Transacted::Unmet(0, _) => return Ok(false),
                // The batch was purged.
                Transacted::Unmet(..) => {}
                Transacted::Conflict => {
                    return Err(Unavailable::new("dynamodb", "other transactions kept a status from being written"));
                }
            }
        }
        Ok(matches!(self.change(change).await?, Written::Done(_)))
    }

    /// Requests that the job's link be mailed again, and extends the job to `expire_time` if that is given.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond. The inner error is `None` when the job does not exist, or
    /// [`NotAgain`].
    pub async fn resend(
        &self,
        job: &JobRef,
        expire_time: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Option<Result<Job, NotAgain>>, Unavailable> {
        let change = released(note(job, Note::Resend, now), Letter::Invitation)
            .when(Condition::Is(DELIVERY_METHOD, s(DeliveryMethod::Email.name())))
            .when(Condition::Less(MAILS, n(MOST_MAILS)))
            .when(Condition::AtMost(LAST_MAIL_MS, n(now.plus_seconds(-PAUSE_SECONDS).millis())))
            .set(letter(Letter::Invitation).progress, s(WANTED))
            .set(LAST_MAIL_MS, n(now.millis()))
            .maybe(EXPIRE_MS, expire_time.map(|end| n(end.millis())))
            .maybe(TTL, expire_time.map(|end| n(binding::job::purge_time(end).seconds())))
            .remove(EMAIL_STATUS)
            .remove(EMAIL_STATUS_REASON)
            .increment(MAILS)
            .version(now)
            .marked(RESEND_OP);
        let item = match self.change(change).await? {
            Written::Done(item) => return job_from_item(&item).map(|job| Some(Ok(job))),
            Written::Unmet(None) => return Ok(None),
            Written::Unmet(Some(item)) => item,
        };
        match job_from_item(&item)?.may_be_mailed_again(now) {
            Err(not) => Ok(Some(Err(not))),
            Ok(()) => Err(unexplained()),
        }
    }
}

fn claim_note(kind: Letter) -> Note {
    match kind {
        Letter::Invitation => Note::ClaimInvitation,
        Letter::Notice => Note::ClaimNotice,
    }
}

fn released(change: Change, kind: Letter) -> Change {
    let LetterAttributes { claim, lease_ms, .. } = letter(kind);
    change.remove(claim).remove(lease_ms)
}

fn settled(change: Change, kind: Letter) -> Change {
    released(change, kind).set(letter(kind).progress, s(DONE))
}

/// Adds a status to a change, if it follows the status of the job's newest mail.
fn with_email_status(change: Change, report: EmailReport<'_>) -> Change {
    let earlier = report.status.follows().map(|status| s(status.name())).collect();
    settled(change, Letter::Invitation)
        .when(Condition::Is(MAILS, n(report.mail)))
        .when(Condition::either(Condition::Lacks(EMAIL_STATUS), Condition::OneOf(EMAIL_STATUS, earlier)))
        .set(EMAIL_STATUS, s(report.status.name()))
        .maybe(EMAIL_STATUS_REASON, (!report.reason.is_empty()).then(|| s(report.reason)))
}
