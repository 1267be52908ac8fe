//! Batches.

use binding::campaign::{OnEnrolled, OnPending};
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::InlineConfig;
use crate::scalar::{ChosenId, DateTime, Named, TimeOfDay, UpTo};

/// Invites identities by a batch of jobs.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateBatch {
    /// The batch.
    pub batch_credential_binding_job: BatchSettings,
}

/// The recipients and settings of a batch.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BatchSettings {
    /// The identities, each once.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 1000)))]
    pub identity_ids: Vec<ChosenId>,
    /// The settings of the jobs.
    pub job_template: BatchTemplateSettings,
    /// Nothing is sent before this time. By default, the batch starts at once.
    pub start_time: Option<DateTime>,
    /// How fast invitations are sent.
    pub pacing: Option<PacingSettings>,
    /// When nothing is sent.
    pub quiet_hours: Option<QuietHoursSettings>,
    /// When recipients are reminded. By default, as the realm says.
    #[cfg_attr(feature = "schema", schemars(length(max = 3)))]
    pub reminders: Option<Vec<ReminderSettings>>,
    /// The handling of identities that need no invitation.
    pub on_existing: Option<OnExistingSettings>,
    /// Whether to create nothing and only report what would be done with each recipient.
    pub dry_run: Option<bool>,
}

/// The settings of a batch's jobs.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BatchTemplateSettings {
    /// The authenticator config that the passkeys must follow. Required, unless `authenticator_config` is given.
    pub authenticator_config_id: Option<ChosenId>,
    /// A config for this batch alone, with the default policy, instead of `authenticator_config_id`.
    pub authenticator_config: Option<InlineConfig>,
    /// Where users are sent after the passkey is created: one of the realm's.
    pub post_binding_redirect_uri: Option<UpTo<2048>>,
    /// `EMAIL`: the links of a batch are mailed.
    pub delivery_method: Option<BatchDelivery>,
    /// The lifetime of each job. By default, the realm's.
    #[cfg_attr(feature = "schema", schemars(range(min = 60)))]
    pub expires_in_seconds: Option<u64>,
    /// The language of the mails (BCP 47). By default, each identity's.
    pub locale: Option<UpTo<35>>,
}

/// How the links of a batch reach the users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum BatchDelivery {
    /// They are mailed.
    Email,
}

/// How fast invitations are sent.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PacingSettings {
    /// The most invitations a minute. By default, the installation's limit.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 60_000)))]
    pub max_per_minute: Option<u32>,
    /// The most invitations of the realm on the first day (UTC), the second, and so on; without limit after the last.
    #[cfg_attr(feature = "schema", schemars(length(max = 60)))]
    pub ramp: Option<Vec<u32>>,
}

/// A daily span in which nothing is sent.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QuietHoursSettings {
    /// The IANA time zone of recipients whose identity has no `zoneinfo`.
    pub time_zone: UpTo<64>,
    /// When the span begins.
    pub from: TimeOfDay,
    /// When it ends; on the next day, if that is earlier than `from`.
    pub to: TimeOfDay,
}

/// A mail that sends the link again if the user has not acted by then.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReminderSettings {
    /// How long after the creation of the job, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 3600)))]
    pub after_seconds: u64,
}

/// The handling of identities that need no invitation.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OnExistingSettings {
    /// Identities that have a passkey. By default, `skip`.
    pub enrolled: Option<Named<OnEnrolled>>,
    /// Identities that have a job which can still create a passkey. By default, `skip`.
    pub pending: Option<Named<OnPending>>,
}
