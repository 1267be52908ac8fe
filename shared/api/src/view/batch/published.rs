//! Batches as events publish them.

use binding::campaign::{self, BatchState};
use serde::{Deserialize, Serialize};

use super::BatchControl;
use crate::scalar::{ChosenId, Named, Time, Uuid};

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
