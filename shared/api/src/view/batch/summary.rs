//! Batches as lists return them: without their recipients.

use binding::campaign::{self, BatchState, MailCounts, RecipientCounts};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::{BatchControl, Pacing};
use crate::scalar::{ChosenId, Named, Time, Uuid};

/// A batch in a list. It has the members of the batch except its recipients, and those that need a look at each job.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "BatchCredentialBindingJobSummary", deny_unknown_fields)
)]
pub struct BatchSummary {
    /// The id of the batch.
    pub id: Uuid,
    /// The tenant.
    pub tenant_id: ChosenId,
    /// The realm.
    pub realm_id: ChosenId,
    /// `RUNNING` while recipients remain to be invited.
    pub state: Named<BatchState>,
    /// Whether the batch sends invitations.
    pub control: BatchControl,
    /// The authenticator config of the jobs.
    pub authenticator_config_id: ChosenId,
    /// Nothing is sent before this time.
    pub start_time: Time,
    /// How fast invitations are sent.
    pub pacing: Pacing,
    /// The progress of the recipients.
    pub counts: BatchSummaryCounts,
    /// When the batch was created.
    pub create_time: Time,
    /// When its state or control last changed.
    pub update_time: Time,
}

/// The progress of a batch's recipients. Each is in one of `waiting`, `deferred`, `invited`, `skipped` and `failed`. To
/// see how many opened the link and created a passkey, read the batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BatchSummaryCounts {
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
    /// The mail bounced.
    pub bounced: u32,
    /// Complained about the mail.
    pub complained: u32,
}

impl BatchSummary {
    /// A batch and the counts of its recipients.
    #[must_use]
    pub fn of(batch: &campaign::Batch, counts: RecipientCounts) -> Self {
        let realm = &batch.reference.realm;
        let MailCounts { bounced, complained, .. } = batch.mails;
        let mut summary = Self {
            id: Uuid::of(&batch.reference.id),
            tenant_id: ChosenId::of(&realm.tenant),
            realm_id: ChosenId::of(&realm.id),
            state: Named(batch.state),
            control: BatchControl::from(batch),
            authenticator_config_id: ChosenId::of(&batch.settings.config),
            start_time: Time(batch.settings.start_time),
            pacing: Pacing::from(&batch.settings),
            counts: BatchSummaryCounts { total: batch.size, bounced, complained, ..Default::default() },
            create_time: Time(batch.create_time),
            update_time: Time(batch.update_time),
        };
        summary.counts.set(counts);
        summary
    }

    /// Whether no recipient remains to be invited.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.state.0 != BatchState::Running
    }
}

impl BatchSummaryCounts {
    /// Sets the counts of recipients.
    pub fn set(&mut self, counts: RecipientCounts) {
        let RecipientCounts { waiting, deferred, invited, skipped, failed } = counts;
        *self = Self { waiting, deferred, invited, skipped, failed, ..*self };
    }
}
