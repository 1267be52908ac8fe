//! Reminders: jobs whose links are mailed again by themselves, by the sparse index `due`.

use binding::ids::JobRef;
use binding::job::Job;
use binding::mail::{EmailStatus, Letter};
use binding::rule::Note;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::attribute::*;
use super::change::{Change, Condition};
use super::item::{Reader, n, s};
use super::jobs::note;
use super::write::Changed;
use super::{Table, keys, records};

impl Table {
    /// The partitions of the index `due` that hold jobs with reminders.
    pub const REMINDER_SHARDS: [&str; 16] = [
        "REMIND#0", "REMIND#1", "REMIND#2", "REMIND#3", "REMIND#4", "REMIND#5", "REMIND#6", "REMIND#7", "REMIND#8",
        "REMIND#9", "REMIND#a", "REMIND#b", "REMIND#c", "REMIND#d", "REMIND#e", "REMIND#f",
    ];

    /// The jobs of a partition whose reminders are due, the longest waiting first; at most `most`.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn due_reminders(&self, shard: &str, most: i32, now: Timestamp) -> Result<Vec<JobRef>, Unavailable> {
        self.due(shard, most, now).await?.iter().map(|item| records::job_ref(&Reader(item))).collect()
    }

    /// Asks for the link of a job to be mailed as a reminder, if the job still is as it was read.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn remind(&self, job: &Job, now: Timestamp) -> Result<Changed, Unavailable> {
        let reaches = EmailStatus::ALL
            .into_iter()
            .filter(|status| !matches!(status, EmailStatus::Bounced | EmailStatus::Rejected | EmailStatus::Complained));
        let reaches = Condition::OneOf(EMAIL_STATUS, reaches.map(|status| s(status.name())).collect());
        let LetterAttributes { progress, claim, lease_ms } = letter(Letter::Invitation);
        let change = due(note(&job.reference, Note::Remind, now), job)
            .when(Condition::Is(MAILS, n(job.mails)))
            .when(Condition::either(Condition::Lacks(EMAIL_STATUS), reaches))
            .set(progress, s(WANTED))
            .remove(claim)
            .remove(lease_ms)
            .set(LAST_MAIL_MS, n(now.millis()))
            .set(REMINDER_MAIL, n(job.mails + 1))
            .increment(MAILS)
            .increment(REMINDERS_SENT)
            .remove(EMAIL_STATUS)
            .remove(EMAIL_STATUS_REASON)
            .version(now)
            .marked(OP);
        let next = job.reminders.next(job.create_time, job.expire_time, now);
        Ok(self.change(later(change, next)).await?.into())
    }

    /// Moves the next reminder of a job to a later time, or drops its reminders, if the job still is as it was read.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn postpone_reminder(&self, job: &Job, time: Option<Timestamp>) -> Result<Changed, Unavailable> {
        Ok(self.change(later(due(Change::of(keys::job(&job.reference)), job), time)).await?.into())
    }
}

/// A change that requires that the job's next reminder is the one that was read.
fn due(change: Change, job: &Job) -> Change {
    let time = job.next_reminder_time.map(|time| Condition::Is(DUE_MS, n(time.millis())));
    change.when(time.unwrap_or(Condition::Has(DUE_MS)))
}

fn later(change: Change, time: Option<Timestamp>) -> Change {
    match time {
        Some(time) => change.set(DUE_MS, n(time.millis())),
        None => change.remove(DUE_SHARD).remove(DUE_MS),
    }
}
