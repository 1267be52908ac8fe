//! The results of a batch's recipients.

use binding::campaign::{self, Outcome, SkipReason};
use binding::ids::{IdentityId, JobId};
use binding::job::DeliveryMethod;
use binding::mail::EmailStatus;
use binding::state::State;
use binding::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::scalar::{Base64Url, ChosenId, Named, Time, Uuid, WebUrl};

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

/// The ids of the jobs that a batch has created for some of its recipients.
pub fn job_ids<'a>(
    batch: &'a campaign::Batch,
    recipients: &'a [(IdentityId, Outcome)],
) -> impl Iterator<Item = (&'a IdentityId, JobId)> {
    let invited = recipients.iter().filter(|(_, outcome)| *outcome == Outcome::Invited);
    invited.map(|(identity, _)| (identity, JobId::of_batch(&batch.reference, batch.create_time, identity)))
}
