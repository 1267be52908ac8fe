//! Batches of credential binding jobs.

mod hours;
mod result;
mod summary;

use std::collections::BTreeMap;

use binding::campaign::{
    self, BatchState, Chunk, Control, OnEnrolled, OnPending, Outcome, RecipientCounts, SkipReason, Tally, Verdict,
};
use binding::job::DeliveryMethod;
use binding::state::State;
use binding::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

pub use hours::BatchHour;
pub use result::{BatchResult, BatchResults, Standing, job_ids};
pub use summary::{BatchSummary, BatchSummaryCounts};

use super::Reminder;
use crate::scalar::{ChosenId, LanguageTag, Named, Text, Time, TimeOfDay, Uuid, WebUrl};

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

/// A batch as events publish it: without its recipients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct PublishedBatch {
    /// The id of the batch.
    pub id: Uuid,
    /// The tenant.
    pub tenant_id: ChosenId,
    /// The realm.
    pub realm_id: ChosenId,
    /// The state of the batch.
    pub state: Named<BatchState>,
    /// Whether it sends invitations.
    pub control: BatchControl,
    /// How many recipients it has.
    pub size: u32,
    /// How many mails bounced so far.
    pub bounced: u32,
    /// How many recipients complained so far.
    pub complained: u32,
    /// When the batch was created.
    pub create_time: Time,
    /// When its state or control last changed.
    pub update_time: Time,
}

impl From<&campaign::Settings> for Pacing {
    fn from(settings: &campaign::Settings) -> Self {
        let ramp = (!settings.ramp.is_empty()).then(|| settings.ramp.clone());
        Self { max_per_minute: settings.max_per_minute, ramp }
    }
}

impl From<&campaign::Batch> for BatchControl {
    fn from(batch: &campaign::Batch) -> Self {
        Self { state: Named(batch.control), since: Time(batch.control_time) }
    }
}

impl From<&campaign::Batch> for PublishedBatch {
    fn from(batch: &campaign::Batch) -> Self {
        let realm = &batch.reference.realm;
        Self {
            id: Uuid::of(&batch.reference.id),
            tenant_id: ChosenId::of(&realm.tenant),
            realm_id: ChosenId::of(&realm.id),
            state: Named(batch.state),
            control: BatchControl::from(batch),
            size: batch.size,
            bounced: batch.mails.bounced,
            complained: batch.mails.complained,
            create_time: Time(batch.create_time),
            update_time: Time(batch.update_time),
        }
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
            pacing: Pacing::from(settings),
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
        let RecipientCounts { waiting, deferred, invited, skipped, failed } = tally.counts();
        Self {
            total: tally.total(),
            waiting,
            deferred,
            invited,
            skipped,
            failed,
            opened: count(&opened),
            complete: count(&|job| job.state_at(now) == State::Complete),
            bounced: batch.mails.bounced,
            complained: batch.mails.complained,
        }
    }
}
