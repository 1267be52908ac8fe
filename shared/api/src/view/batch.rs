//! Batches of credential binding jobs.

mod hours;
mod published;

use std::collections::BTreeMap;

use binding::campaign::{self, BatchState, Chunk, Control, OnEnrolled, OnPending, Outcome, SkipReason, Tally, Verdict};
use binding::ids::{IdentityId, JobId};
use binding::job::DeliveryMethod;
use binding::mail::EmailStatus;
use binding::state::State;
use binding::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

pub use hours::BatchHour;
pub use published::PublishedBatch;

use super::Reminder;
use crate::scalar::{Base64Url, ChosenId, LanguageTag, Named, Text, Time, TimeOfDay, Uuid, WebUrl};

/// A batch of credential binding jobs.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "BatchCredentialBindingJob", deny_unknown_fields)
)]
pub struct Batch {
    /// The id of the batch. Absent for a dry run.
    pub id: Option<Uuid>,
    /// The tenant.
    pub tenant_id: ChosenId,
    /// The realm.
    pub realm_id: ChosenId,
    /// The identities that it invites.
    pub identity_ids: Vec<ChosenId>,
    /// `RUNNING` while recipients remain to be invited. Absent for a dry run.
    pub state: Option<Named<BatchState>>,
    /// Which recipients failed, and why.
    pub state_commentary: BatchErrors,
    /// The settings of the jobs.
    pub job_template: BatchJobTemplate,
    /// Nothing is sent before this time.
    pub start_time: Time,
    /// How fast invitations are sent.
    pub pacing: Pacing,
    /// When nothing is sent.
    pub quiet_hours: Option<QuietHours>,
    /// When recipients are reminded.
    #[cfg_attr(feature = "schema", schemars(length(max = 3)))]
    pub reminders: Vec<Reminder>,
    /// The handling of identities that need no invitation.
    pub on_existing: OnExisting,
    /// Whether the batch sends invitations. Absent for a dry run.
    pub control: Option<BatchControl>,
    /// The progress of the recipients.
    pub counts: BatchCounts,
    /// The hours in which recipients were invited, opened the link or created a passkey, in order.
    pub hours: Vec<BatchHour>,
    /// For a dry run: what would be done with each recipient.
    pub plan: Option<Vec<PlannedRecipient>>,
    /// When the batch was created. Absent for a dry run.
    pub create_time: Option<Time>,
    /// When its state or control last changed. Absent for a dry run.
    pub update_time: Option<Time>,
}

/// The recipients of a batch that failed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BatchErrors {
    /// By identity id.
    pub errors: BTreeMap<String, RecipientError>,
}

/// Why a recipient was not invited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct RecipientError {
    /// The error.
    pub last_error: Text,
    /// Whether the batch does not try again.
    pub failed_permanently: bool,
}

/// The settings of a batch's jobs.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BatchJobTemplate {
    /// The authenticator config.
    pub authenticator_config_id: ChosenId,
    /// Where users are sent after the passkey is created.
    pub post_binding_redirect_uri: Option<WebUrl>,
    /// How the links reach the users: always by mail.
    pub delivery_method: Named<DeliveryMethod>,
    /// The lifetime of each job. Absent if it is the realm's.
    #[cfg_attr(feature = "schema", schemars(range(min = 60)))]
    pub expires_in_seconds: Option<i64>,
    /// The language of the mails.
    pub locale: Option<LanguageTag>,
}

/// How fast invitations are sent.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Pacing {
    /// The most invitations a minute. Absent if it is the installation's limit.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 60_000)))]
    pub max_per_minute: Option<u32>,
    /// The most invitations of the realm on the first day (UTC), the second, and so on.
    pub ramp: Option<Vec<u32>>,
}

/// A daily span in which nothing is sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct QuietHours {
    /// The IANA time zone of recipients whose identity has no `zoneinfo`.
    pub time_zone: Text,
    /// When the span begins.
    pub from: TimeOfDay,
    /// When it ends; on the next day, if that is earlier than `from`.
    pub to: TimeOfDay,
}

/// The handling of identities that need no invitation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct OnExisting {
    /// Identities that have a passkey.
    pub enrolled: Named<OnEnrolled>,
    /// Identities that have a job which can still create a passkey.
    pub pending: Named<OnPending>,
}

/// Whether a batch sends invitations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BatchControl {
    /// `active`, or why the batch sends none.
    pub state: Named<Control>,
    /// When this was last changed.
    pub since: Time,
}

/// The progress of a batch's recipients. Each is in one of `waiting`, `deferred`, `invited`, `skipped` and `failed`;
/// the others count the outcomes of the invited ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BatchCounts {
    /// All recipients.
    pub total: u32,
    /// Still to be invited.
    pub waiting: u32,
    /// To be invited when quiet hours are over.
    pub deferred: u32,
    /// Invited: the job was created.
    pub invited: u32,
    /// Not invited, because they have a passkey or a pending job.
    pub skipped: u32,
    /// Not invited, for another reason.
    pub failed: u32,
    /// Opened the link.
    pub opened: u32,
    /// Created a passkey.
    pub complete: u32,
    /// The mail bounced.
    pub bounced: u32,
    /// Complained about the mail.
    pub complained: u32,
}

/// What a dry run would do with a recipient.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct PlannedRecipient {
    /// The identity.
    pub identity_id: ChosenId,
    /// What would be done now.
    pub plan: Plan,
    /// Why the recipient would not be invited.
    pub reason: Option<Named<SkipReason>>,
    /// When quiet hours end for the recipient.
    pub not_before: Option<Time>,
}

/// What would be done with a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// The recipient would be invited.
    Invite,
    /// The recipient would be invited when quiet hours are over.
    Defer,
    /// The recipient would not be invited.
    Skip,
}

/// The results of a batch's recipients.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "BatchCredentialBindingJobResults", deny_unknown_fields)
)]
pub struct BatchResults {
    /// The recipients of this page, in the order of the request.
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    pub job_results: Vec<BatchResult>,
    /// How many recipients have a passkey by now.
    pub total_success_count: u32,
    /// How many recipients failed: no job was created, or it ended without a passkey.
    pub total_failure_count: u32,
    /// How many recipients can still get a passkey.
    pub total_pending_count: u32,
    /// How many recipients there are.
    pub total_size: u32,
    /// The `page_token` of the next page. Absent on the last page.
    pub next_page_token: Option<Base64Url>,
}

/// A recipient with its job. Without a job, it has no `id` and no `state`.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BatchResult {
    /// The id of the job.
    pub id: Option<Uuid>,
    /// The tenant.
    pub tenant_id: ChosenId,
    /// The realm.
    pub realm_id: ChosenId,
    /// The identity.
    pub identity_id: ChosenId,
    /// The batch.
    pub batch_id: Uuid,
    /// How the link reaches the user.
    pub delivery_method: Named<DeliveryMethod>,
    /// The state of the job.
    pub state: Option<Named<State>>,
    /// The authenticator config of the job.
    pub authenticator_config_id: ChosenId,
    /// Where the user is sent after the passkey is created.
    pub post_binding_redirect_uri: Option<WebUrl>,
    /// The credential that the job created.
    pub credential_id: Option<Uuid>,
    /// The delivery status of the latest mail.
    pub email_status: Option<Named<EmailStatus>>,
    /// How many reminders were sent.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub reminders_sent: Option<u32>,
    /// Why the recipient was not invited, or why the mail did not arrive.
    pub reason: Option<Named<SkipReason>>,
    /// The job expires at this time.
    pub expire_time: Option<Time>,
    /// When the job was created.
    pub create_time: Option<Time>,
    /// When the job was last changed.
    pub update_time: Option<Time>,
}

impl From<&campaign::Batch> for BatchControl {
    fn from(batch: &campaign::Batch) -> Self {
        Self { state: Named(batch.control), since: Time(batch.control_time) }
    }
}

impl Batch {
    /// A batch with its recipients and the jobs of those who were invited.
    #[must_use]
    pub fn of(batch: &campaign::Batch, chunks: &[Chunk], jobs: &[binding::job::Job], now: Timestamp) -> Self {
        let recipients = chunks.iter().flat_map(|chunk| &chunk.recipients);
        let errors = recipients.clone().filter_map(|(identity, outcome)| match outcome {
            Outcome::Skipped(reason) if reason.is_failure() => {
                let error = RecipientError { last_error: reason.words().into(), failed_permanently: true };
                Some((identity.to_string(), error))
            }
            _ => None,
        });
        let realm = &batch.reference.realm;
        let settings = &batch.settings;
        Self {
            id: Some(Uuid::of(&batch.reference.id)),
            tenant_id: ChosenId::of(&realm.tenant),
            realm_id: ChosenId::of(&realm.id),
            identity_ids: recipients.map(|(identity, _)| ChosenId::of(identity)).collect(),
            state: Some(Named(batch.state)),
            state_commentary: BatchErrors { errors: errors.collect() },
            job_template: BatchJobTemplate {
                authenticator_config_id: ChosenId::of(&settings.config),
                post_binding_redirect_uri: settings.post_binding_redirect_uri.as_deref().map(WebUrl::from),
                delivery_method: Named(DeliveryMethod::Email),
                expires_in_seconds: settings.lifetime_seconds,
                locale: settings.locale.as_deref().map(LanguageTag::from),
            },
            start_time: Time(settings.start_time),
            pacing: Pacing {
                max_per_minute: settings.max_per_minute,
                ramp: (!settings.ramp.is_empty()).then(|| settings.ramp.clone()),
            },
            quiet_hours: settings.quiet_hours.as_ref().map(|quiet| QuietHours {
                time_zone: quiet.time_zone.as_str().into(),
                from: campaign::quiet::time_of_day(quiet.from).into(),
                to: campaign::quiet::time_of_day(quiet.to).into(),
            }),
            reminders: Reminder::all(&settings.reminders),
            on_existing: OnExisting { enrolled: Named(settings.on_enrolled), pending: Named(settings.on_pending) },
            control: Some(BatchControl::from(batch)),
            counts: BatchCounts::of(&Tally::of(chunks), batch, jobs, now),
            hours: BatchHour::all(jobs),
            plan: None,
            create_time: Some(Time(batch.create_time)),
            update_time: Some(Time(batch.update_time)),
        }
    }

    /// The response to a dry run.
    #[must_use]
    pub fn planned(batch: &campaign::Batch, chunks: &[Chunk], verdicts: &[Verdict], now: Timestamp) -> Self {
        let recipients = chunks.iter().flat_map(|chunk| &chunk.recipients).zip(verdicts);
        let plan = recipients.map(|((identity, _), verdict)| {
            let (plan, reason, not_before) = match verdict {
                Verdict::Invite { .. } | Verdict::Invited { .. } => (Plan::Invite, None, None),
                Verdict::Defer(time) => (Plan::Defer, None, Some(Time(*time))),
                Verdict::Skip(reason) => (Plan::Skip, Some(Named(*reason)), None),
            };
            PlannedRecipient { identity_id: ChosenId::of(identity), plan, reason, not_before }
        });
        Self {
            id: None,
            state: None,
            control: None,
            create_time: None,
            update_time: None,
            plan: Some(plan.collect()),
            ..Self::of(batch, chunks, &[], now)
        }
    }
}

impl BatchCounts {
    fn of(tally: &Tally, batch: &campaign::Batch, jobs: &[binding::job::Job], now: Timestamp) -> Self {
        let count = |fits: &dyn Fn(&binding::job::Job) -> bool| {
            u32::try_from(jobs.iter().filter(|job| fits(job)).count()).unwrap_or(u32::MAX)
        };
        let opened = |job: &binding::job::Job| job.transitions.iter().any(|(state, _)| matches!(state.rank(), 1 | 2));
        Self {
            total: tally.total(),
            waiting: tally.waiting,
            deferred: tally.deferred,
            invited: tally.invited,
            skipped: tally.total() - tally.remaining() - tally.invited - tally.failed(),
            failed: tally.failed(),
            opened: count(&opened),
            complete: count(&|job| job.state_at(now) == State::Complete),
            bounced: batch.mails.bounced,
            complained: batch.mails.complained,
        }
    }
}

/// How a recipient counts in the totals of the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The recipient has a passkey.
    Success,
    /// The recipient failed.
    Failure,
    /// The recipient can still get a passkey.
    Pending,
}

impl BatchResult {
    /// A recipient and the job that the batch created for it, if it did.
    #[must_use]
    pub fn of(
        batch: &campaign::Batch,
        identity: &IdentityId,
        outcome: Outcome,
        job: Option<&binding::job::Job>,
        now: Timestamp,
    ) -> Self {
        let realm = &batch.reference.realm;
        let job = job.map(|job| job.at(now));
        let undelivered = job.as_ref().and_then(|job| match job.email_status? {
            EmailStatus::Bounced | EmailStatus::Rejected => Some(SkipReason::Bounced),
            EmailStatus::Complained => Some(SkipReason::Suppressed),
            _ => None,
        });
        let reason = match outcome {
            Outcome::Skipped(reason) => Some(reason),
            _ => undelivered,
        };
        Self {
            id: job.as_ref().map(|job| Uuid::of(&job.reference.id)),
            tenant_id: ChosenId::of(&realm.tenant),
            realm_id: ChosenId::of(&realm.id),
            identity_id: ChosenId::of(identity),
            batch_id: Uuid::of(&batch.reference.id),
            delivery_method: Named(DeliveryMethod::Email),
            state: job.as_ref().map(|job| Named(job.state)),
            authenticator_config_id: ChosenId::of(&batch.settings.config),
            post_binding_redirect_uri: batch.settings.post_binding_redirect_uri.as_deref().map(WebUrl::from),
            credential_id: job.as_ref().and_then(|job| job.credential_id.as_ref().map(Uuid::of)),
            email_status: job.as_ref().and_then(|job| job.email_status.map(Named)),
            reminders_sent: job.as_ref().map(|job| job.reminders_sent).filter(|count| *count > 0),
            reason: reason.map(Named),
            expire_time: job.as_ref().map(|job| Time(job.expire_time)),
            create_time: job.as_ref().map(|job| Time(job.create_time)),
            update_time: job.as_ref().map(|job| Time(job.update_time)),
        }
    }

    /// How the recipient counts.
    #[must_use]
    pub fn standing(&self, outcome: Outcome) -> Standing {
        match (self.state.map(|state| state.0), outcome) {
            (Some(State::Complete), _) | (_, Outcome::Skipped(SkipReason::AlreadyEnrolled)) => Standing::Success,
            (Some(state), _) if state.is_terminal() => Standing::Failure,
            (None, Outcome::Skipped(reason)) if reason.is_failure() => Standing::Failure,
            // The job was erased with its identity, or purged.
            (None, Outcome::Invited) => Standing::Failure,
            _ => Standing::Pending,
        }
    }

    /// The columns of [`BatchResult::row`].
    pub const COLUMNS: &str =
        "identity_id,job_id,state,email_status,reason,reminders_sent,create_time,update_time,expire_time";

    /// The recipient as a row of a CSV file (RFC 4180). No value needs quotes.
    #[must_use]
    pub fn row(&self) -> String {
        let text = |value: Option<String>| value.unwrap_or_default();
        [
            self.identity_id.to_string(),
            text(self.id.as_ref().map(ToString::to_string)),
            text(self.state.map(|state| state.to_string())),
            text(self.email_status.map(|status| status.to_string())),
            text(self.reason.map(|reason| reason.to_string())),
            text(self.reminders_sent.map(|count| count.to_string())),
            text(self.create_time.map(|time| time.to_string())),
            text(self.update_time.map(|time| time.to_string())),
            text(self.expire_time.map(|time| time.to_string())),
        ]
        .join(",")
    }
}

/// The ids of the jobs that a batch has created.
pub fn job_ids<'a>(batch: &'a campaign::Batch, chunks: &'a [Chunk]) -> impl Iterator<Item = (&'a IdentityId, JobId)> {
    let invited = chunks.iter().flat_map(|chunk| &chunk.recipients).filter(|(_, outcome)| *outcome == Outcome::Invited);
    invited.map(|(identity, _)| (identity, JobId::of_batch(&batch.reference, batch.create_time, identity)))
}
