//! Decides what is done with each recipient.

use super::recipient::SkipReason;
use super::{OnEnrolled, OnPending, Settings};
use crate::credential::{Credential, CredentialState};
use crate::directory::Identity;
use crate::email_status::EmailStatus;
use crate::ids::JobId;
use crate::job::Job;
use crate::state::State;
use crate::time::Timestamp;

/// The data about a recipient.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The identity, if it exists.
    pub identity: Option<Identity>,
    /// Its credentials.
    pub credentials: Vec<Credential>,
    /// Its jobs.
    pub jobs: Vec<Job>,
}

/// What is done with a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The batch has created its job.
    Invited {
        /// Earlier jobs that are to be revoked.
        supersede: Vec<JobId>,
    },
    /// Create the job.
    Invite {
        /// Earlier jobs that are to be revoked afterwards.
        supersede: Vec<JobId>,
    },
    /// Wait for the end of the quiet hours.
    Defer(Timestamp),
    /// Do not invite.
    Skip(SkipReason),
}

/// Decides what is to be done with a recipient whose job in this batch has or would have the id `own`.
#[must_use]
pub fn judge(settings: &Settings, own: JobId, known: &Known, now: Timestamp) -> Verdict {
    let Known { identity, credentials, jobs } = known;
    let alive = |job: &&Job| job.reference.id != own && !job.state_at(now).is_terminal();
    let mut supersede: Vec<JobId> = jobs.iter().filter(alive).map(|job| job.reference.id).collect();
    if settings.on_pending == OnPending::Skip {
        supersede.clear();
    }
    if let Some(created) = jobs.iter().find(|job| job.reference.id == own) {
        // A job that was created later is not superseded.
        let earlier =
            |id: &JobId| jobs.iter().any(|job| job.reference.id == *id && job.create_time <= created.create_time);
        supersede.retain(earlier);
        return Verdict::Invited { supersede };
    }
    let Some(person) = identity else { return Verdict::Skip(SkipReason::NotFound) };
    if person.is_suspended() {
        return Verdict::Skip(SkipReason::Suspended);
    }
    if person.primary_email_address.is_none() {
        return Verdict::Skip(SkipReason::NoEmail);
    }
    let enrolled = credentials.iter().any(|credential| credential.state == CredentialState::Active);
    if enrolled && settings.on_enrolled == OnEnrolled::Skip {
        return Verdict::Skip(SkipReason::AlreadyEnrolled);
    }
    if settings.on_pending == OnPending::Skip && jobs.iter().any(|job| alive(&job)) {
        return Verdict::Skip(SkipReason::AlreadyPending);
    }
    if let Some(reason) = undeliverable(person, jobs) {
        return Verdict::Skip(reason);
    }
    match settings.quiet_hours.as_ref().and_then(|quiet| quiet.end(person.time_zone.as_deref(), now)) {
        Some(end) => Verdict::Defer(end),
        None => Verdict::Invite { supersede },
    }
}

/// Why mail to the identity's address cannot be delivered, according to the latest mail to it, if the identity has not
/// changed since.
fn undeliverable(person: &Identity, jobs: &[Job]) -> Option<SkipReason> {
    let mailed = jobs.iter().filter_map(|job| Some((job.last_mail_time?, job)));
    let (time, job) = mailed.max_by_key(|(time, _)| *time)?;
    if person.update_time > time {
        return None;
    }
    match job.email_status? {
        EmailStatus::Complained => Some(SkipReason::Suppressed),
        EmailStatus::Bounced if is_suppressed(job.email_status_reason.as_deref()) => Some(SkipReason::Suppressed),
        EmailStatus::Bounced => Some(SkipReason::Bounced),
        EmailStatus::Rejected if job.state == State::FailedToSend => Some(SkipReason::Bounced),
        _ => None,
    }
}

/// Whether SES refused a mail because the address is on a suppression list (bounce subtypes of SES event publishing).
fn is_suppressed(reason: Option<&str>) -> bool {
    matches!(reason, Some("Suppressed" | "OnAccountSuppressionList"))
}
