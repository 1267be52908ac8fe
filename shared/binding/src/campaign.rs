//! Batches of credential binding jobs: their recipients, their pace, and when they pause or stop.
//!
//! A batch is data. [`judge`] decides what is done with a recipient, [`pace`] when the next invitation may be sent,
//! [`quiet`] when nothing is sent, and [`Batch::should_stop`] whether too many mails bounced.

mod judge;
pub mod pace;
pub mod quiet;
mod recipient;

pub use judge::{Known, Verdict, judge};
pub use quiet::QuietHours;
pub use recipient::{CHUNK_SIZE, Chunk, Outcome, RecipientCounts, SkipReason, Tally};

use crate::ids::{BatchRef, ConfigId};
use crate::reminder::Reminders;
use crate::time::Timestamp;

/// The maximum number of recipients of a batch.
pub const LARGEST_BATCH: usize = 1000;

/// The maximum number of recipients of all unfinished batches of a realm.
pub const LARGEST_QUEUE: u32 = 1_000_000;

/// How long a finished batch is stored, in seconds: 90 days.
pub const RETENTION_SECONDS: i64 = 90 * 24 * 60 * 60;

/// What a batch does with an identity that has an active passkey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum OnEnrolled {
    /// Does not invite it.
    #[default]
    Skip,
    /// Invites it to create another one.
    Invite,
}

proof::names!(OnEnrolled);

/// What a batch does with an identity that has a job which can still create a passkey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum OnPending {
    /// Does not invite it.
    #[default]
    Skip,
    /// Invites it and revokes the earlier jobs.
    Supersede,
}

proof::names!(OnPending);

/// Whether a batch sends invitations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Control {
    /// It does.
    Active,
    /// A caller has paused it.
    Paused,
    /// A caller has cancelled it. It cannot be resumed.
    Cancelled,
    /// Too many mails bounced, or too many recipients complained.
    StoppedByBounces,
}

proof::names!(Control);

/// The state of a batch, as published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum BatchState {
    /// Recipients remain to be invited.
    Running,
    /// Every recipient failed.
    Failed,
    /// Some recipients failed.
    PartialSuccess,
    /// No recipient failed.
    Success,
}

proof::names!(BatchState);

impl BatchState {
    /// The state of a batch with this tally.
    #[must_use]
    pub fn of(tally: &Tally) -> Self {
        match (tally.remaining(), tally.failed(), tally.total()) {
            (1.., _, _) => BatchState::Running,
            (_, 0, _) => BatchState::Success,
            (_, failed, total) if failed == total => BatchState::Failed,
            _ => BatchState::PartialSuccess,
        }
    }
}

/// The settings of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The authenticator config of the jobs.
    pub config: ConfigId,
    /// Whether that config is for this batch alone, and appears in no list.
    pub inline_config: bool,
    /// Where users are redirected after binding.
    pub post_binding_redirect_uri: Option<String>,
    /// The lifetime of each job. By default, the realm's.
    pub lifetime_seconds: Option<i64>,
    /// The language of the mails.
    pub locale: Option<String>,
    /// When the batch starts. Nothing is sent earlier.
    pub start_time: Timestamp,
    /// The most invitations a minute. By default, the installation's limit.
    pub max_per_minute: Option<u32>,
    /// The most invitations of the realm on the first day, the second, and so on; without limit after the last.
    pub ramp: Vec<u32>,
    /// When nothing is sent.
    pub quiet_hours: Option<QuietHours>,
    /// When recipients are reminded.
    pub reminders: Reminders,
    /// What is done with identities that have a passkey.
    pub on_enrolled: OnEnrolled,
    /// What is done with identities that have a job which can still create a passkey.
    pub on_pending: OnPending,
}

impl Settings {
    /// The most invitations that the realm may send on the UTC day of `now`, if the ramp has a limit for it.
    #[must_use]
    pub fn day_limit(&self, now: Timestamp) -> Option<u32> {
        let day = usize::try_from(pace::day(now) - pace::day(self.start_time)).unwrap_or_default();
        self.ramp.get(day).copied()
    }
}

/// The counts of mails, bounces and complaints so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailCounts {
    /// How many recipients were invited.
    pub invited: u32,
    /// How many mails bounced permanently.
    pub bounced: u32,
    /// How many recipients complained.
    pub complained: u32,
}

impl MailCounts {
    /// Whether bounces reach 4 % or complaints 0.08 %.
    #[must_use]
    pub fn too_many(&self) -> bool {
        let reach = |count: u32, of_ten_thousand: u64| {
            count > 0 && u64::from(count) * 10_000 >= u64::from(self.invited) * of_ten_thousand
        };
        reach(self.bounced, 400) || reach(self.complained, 8)
    }

    /// The difference to an earlier count.
    #[must_use]
    pub fn since(&self, before: MailCounts) -> MailCounts {
        MailCounts {
            invited: self.invited.saturating_sub(before.invited),
            bounced: self.bounced.saturating_sub(before.bounced),
            complained: self.complained.saturating_sub(before.complained),
        }
    }
}

/// A batch without its recipients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its reference.
    pub reference: BatchRef,
    /// The number of changes of state and control, from 1. An event is published for every version.
    pub version: u64,
    /// The settings that the caller chose.
    pub settings: Settings,
    /// How many recipients it has.
    pub size: u32,
    /// Whether it sends invitations.
    pub control: Control,
    /// When this was last changed.
    pub control_time: Timestamp,
    /// The state, as last written.
    pub state: BatchState,
    /// The counts of its recipients, once it has finished.
    pub finished: Option<RecipientCounts>,
    /// Mails and complaints so far.
    pub mails: MailCounts,
    /// These counts when the batch was last resumed, from which the share of bounces is computed.
    pub mails_at_resume: MailCounts,
    /// When it was created.
    pub create_time: Timestamp,
    /// When its state or control last changed.
    pub update_time: Timestamp,
}

/// Why the control of a batch cannot be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotControlled {
    /// No recipient is left.
    #[error("the batch has finished")]
    Finished,
    /// It was cancelled.
    #[error("the batch was cancelled")]
    Cancelled,
}

impl Batch {
    /// Whether the batch must stop: of the mails since it was created or last resumed, too many bounced or caused
    /// complaints.
    #[must_use]
    pub fn should_stop(&self) -> bool {
        self.control == Control::Active && self.mails.since(self.mails_at_resume).too_many()
    }

    /// Whether the control may change to `to`, or already is `to`.
    ///
    /// # Errors
    /// [`NotControlled`]: the reason.
    pub fn may_become(&self, to: Control) -> Result<(), NotControlled> {
        match (self.control, to) {
            (Control::Cancelled, Control::Cancelled) => Ok(()),
            (Control::Cancelled, _) => Err(NotControlled::Cancelled),
            _ if self.state != BatchState::Running => Err(NotControlled::Finished),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
