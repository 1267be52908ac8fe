//! A credential binding job, and the one function that changes its state.

use std::ops::Deref;

pub use proof::Reason;
use proof::Verified;

use crate::directory::Identity;
use crate::email_status::EmailStatus;
use crate::ids::{BatchId, ConfigId, CredentialId, JobId, JobRef};
use crate::reminder::Reminders;
use crate::rule::{Note, Step};
use crate::secret::LinkTokenHash;
use crate::state::State;
use crate::time::Timestamp;

/// How long a job stays readable after it ends, before DynamoDB's TTL purges it: thirty days.
pub const RETENTION_SECONDS: i64 = 30 * 24 * 60 * 60;

/// When DynamoDB may purge a job that expires at `expire_time`.
#[must_use]
pub fn purge_time(expire_time: Timestamp) -> Timestamp {
    expire_time.plus_seconds(RETENTION_SECONDS)
}

/// How the link reaches the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryMethod {
    /// Bindery mails it.
    Email,
    /// The caller gets it in the response.
    Return,
}

proof::names!(DeliveryMethod);

/// The latest refused proof. The user can retry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedAttempt {
    /// When the proof was refused.
    pub time: Timestamp,
    /// Why the proof was refused.
    pub reason: Reason,
    /// The reason in words, for a developer.
    pub detail: String,
}

/// A job as it is stored: plain data. [`Job`] controls how it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The job's reference.
    pub reference: JobRef,
    /// The state as last written. [`Job::state_at`] also applies the clock.
    pub state: State,
    /// The number of writes, from 1. An event is published for every version.
    pub version: u64,
    /// When the identity was created. An identity that was erased and created again is a different one, and the job is
    /// not for it.
    pub identity_create_time: Timestamp,
    /// How the link reaches the user.
    pub delivery_method: DeliveryMethod,
    /// The authenticator config that the job was created with.
    pub config_id: ConfigId,
    /// That config's version: a later change of the config does not change the job.
    pub config_version: u32,
    /// Where the user is redirected after binding.
    pub post_binding_redirect_uri: Option<String>,
    /// The language of the mail, as a BCP 47 tag.
    pub locale: Option<String>,
    /// SHA-256 of the link's secret.
    pub link_hash: LinkTokenHash,
    /// The number of the job's current link, from 1.
    pub link_version: u32,
    /// The generation of the key that the link's secret is derived from.
    pub link_key: u32,
    /// When the job was created.
    pub create_time: Timestamp,
    /// When it was last changed. It never decreases, though writers' clocks differ.
    pub update_time: Timestamp,
    /// When the job expires. From then on it accepts nothing.
    pub expire_time: Timestamp,
    /// When each state was entered, in order. The first is the creation.
    pub transitions: Vec<(State, Timestamp)>,
    /// The credential that the job created.
    pub credential_id: Option<CredentialId>,
    /// The binding receipt of the credential, as a JWS.
    pub receipt: Option<String>,
    /// The latest refused proof.
    pub last_failure: Option<FailedAttempt>,
    /// The number of refused proofs.
    pub failures: u32,
    /// How many times a mail with the link was requested.
    pub mails: u32,
    /// When the latest of these mails was requested.
    pub last_mail_time: Option<Timestamp>,
    /// The delivery status of the latest of them.
    pub email_status: Option<EmailStatus>,
    /// The reason for a failed or delayed delivery, as the mail service reports it.
    pub email_status_reason: Option<String>,
    /// The batch that created the job.
    pub batch_id: Option<BatchId>,
    /// When the recipient is reminded.
    pub reminders: Reminders,
    /// When the next reminder is due.
    pub next_reminder_time: Option<Timestamp>,
    /// How many reminders were requested.
    pub reminders_sent: u32,
    /// Which of the job's mails is the latest reminder, counted as `mails`.
    pub reminder_mail: Option<u32>,
    /// Who revoked the job.
    pub revoked_by: Option<Revoker>,
    /// The expired job that this one replaces, at the request of that job's link holder.
    pub renews: Option<JobId>,
    /// The job that replaced this one after it expired.
    pub renewed_by: Option<JobId>,
    /// The right to disown the passkey that the job created.
    pub disownment: Option<Disownment>,
    /// How often the identity was suspended while the job could be completed. A completion requires that the number is
    /// the one that was read before the identity was read (docs/adr/0013).
    pub suspensions: u32,
    /// How often the link was fetched without a user action, such as by a mail scanner or a preview.
    pub prefetches: u32,
    /// When it was last fetched in this way.
    pub last_prefetch_time: Option<Timestamp>,
}

/// Who revoked a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Revoker {
    /// An operator, over the API.
    Operator,
    /// The recipient of the link, who did not expect it.
    Recipient,
}

proof::names!(Revoker);

/// The right to disown a new passkey, with the secret in the mail that announced it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disownment {
    /// SHA-256 of the secret.
    pub hash: LinkTokenHash,
    /// When the secret expires.
    pub expire_time: Timestamp,
}

/// A change of a job's state, with what it needs.
#[derive(Clone, Copy, Debug)]
pub enum Command<'a> {
    /// The user opened the link.
    Open,
    /// The device fetched the binding request.
    Deliver,
    /// The device proved a new key. Only `proof` can create a [`Verified`], so a job cannot be completed without proof:
    ///
    /// ```compile_fail
    /// let facts: proof::Facts = unimplemented!();
    /// let verified = proof::Verified(facts);
    /// ```
    Bind {
        /// The id of the credential to create.
        credential: CredentialId,
        /// The verified facts.
        verified: &'a Verified,
    },
    /// The job is revoked.
    Revoke(Revoker),
    /// The mail cannot be delivered.
    FailToSend,
    /// The job's expiry is recorded.
    Expire,
}

impl Command<'_> {
    /// The step that this command takes.
    #[must_use]
    pub fn step(&self) -> Step {
        match self {
            Command::Open => Step::Open,
            Command::Deliver => Step::Deliver,
            Command::Bind { .. } => Step::Bind,
            Command::Revoke(_) => Step::Revoke,
            Command::FailToSend => Step::FailToSend,
            Command::Expire => Step::Expire,
        }
    }
}

/// Why a command was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The job has expired.
    #[error("the job has expired")]
    Expired,
    /// The job was revoked.
    #[error("the job was revoked")]
    Revoked,
    /// The job already created a credential.
    #[error("the job is already complete")]
    AlreadyComplete,
    /// The mail could not be delivered.
    #[error("the job's mail could not be sent")]
    FailedToSend,
    /// The command is too early: the job is still in this state.
    #[error("the job is still in state {0}")]
    TooEarly(State),
    /// The command is too late: the job is already in this state.
    #[error("the job is already in state {0}")]
    TooLate(State),
    /// The link that the device opened was replaced by a newer one.
    #[error("the job's link was replaced by a newer one")]
    LinkReplaced,
}

impl Refused {
    /// Why a job that ended in this state refuses commands; `None` if the state is not terminal.
    #[must_use]
    pub fn of(state: State) -> Option<Self> {
        match state {
            State::Complete => Some(Refused::AlreadyComplete),
            State::Expired => Some(Refused::Expired),
            State::Revoked => Some(Refused::Revoked),
            State::FailedToSend => Some(Refused::FailedToSend),
            State::LinkSent | State::LinkOpened | State::RequestDelivered => None,
        }
    }

    /// Why a job in this state refuses this step.
    fn step(step: Step, state: State) -> Self {
        match Refused::of(state) {
            Some(_) if step == Step::Expire => Refused::TooLate(state),
            Some(ended) => ended,
            None if state.rank() < step.to().rank() && step != Step::FailToSend => Refused::TooEarly(state),
            None => Refused::TooLate(state),
        }
    }
}

/// Why a write to a job was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// The job does not exist, or the caller does not have its secret. Both get the same answer.
    NotFound,
    /// The job refuses the change.
    Refused(Refused),
    /// The authenticator's credential id is already registered in the realm (WebAuthn Level 3 §7.1, step 26).
    AlreadyRegistered,
    /// The identity is suspended.
    IdentitySuspended,
}

impl From<Refused> for NotDone {
    fn from(refused: Refused) -> Self {
        NotDone::Refused(refused)
    }
}

/// A job. Its data can be read as a [`Record`]; it changes only through [`Job::apply`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job(Record);

impl Deref for Job {
    type Target = Record;

    fn deref(&self) -> &Record {
        &self.0
    }
}

/// The settings of a new job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How the link reaches the user.
    pub delivery_method: DeliveryMethod,
    /// Where the user is redirected after binding.
    pub post_binding_redirect_uri: Option<String>,
    /// The language of the mail.
    pub locale: Option<String>,
    /// The job's lifetime.
    pub lifetime_seconds: i64,
    /// When the recipient is reminded. Only mailed links have reminders.
    pub reminders: Reminders,
    /// The expired job that this one replaces.
    pub renews: Option<JobId>,
    /// The batch that creates the job.
    pub batch_id: Option<BatchId>,
}

/// What a new job needs.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// The job's reference.
    pub reference: JobRef,
    /// When the identity was created.
    pub identity_create_time: Timestamp,
    /// The authenticator config and its version.
    pub config: (ConfigId, u32),
    /// The other settings.
    pub settings: Settings,
    /// SHA-256 of the link's secret.
    pub link_hash: LinkTokenHash,
    /// The generation of the key that the link's secret is derived from.
    pub link_key: u32,
}

impl Job {
    /// Creates a job in state `LINK_SENT`, with link version 1.
    #[must_use]
    pub fn new(new: NewJob, now: Timestamp) -> Self {
        let settings = new.settings;
        let mailed = settings.delivery_method == DeliveryMethod::Email;
        let expire_time = now.plus_seconds(settings.lifetime_seconds);
        let reminders = if mailed { settings.reminders } else { Reminders::default() };
        Self(Record {
            reference: new.reference,
            state: State::LinkSent,
            version: 1,
            identity_create_time: new.identity_create_time,
            delivery_method: settings.delivery_method,
            config_id: new.config.0,
            config_version: new.config.1,
            post_binding_redirect_uri: settings.post_binding_redirect_uri,
            locale: settings.locale,
            link_hash: new.link_hash,
            link_version: 1,
            link_key: new.link_key,
            create_time: now,
            update_time: now,
            expire_time,
            transitions: vec![(State::LinkSent, now)],
            credential_id: None,
            receipt: None,
            last_failure: None,
            failures: 0,
            mails: u32::from(mailed),
            last_mail_time: mailed.then_some(now),
            email_status: None,
            email_status_reason: None,
            batch_id: settings.batch_id,
            next_reminder_time: reminders.next(now, expire_time, now),
            reminders,
            reminders_sent: 0,
            reminder_mail: None,
            revoked_by: None,
            renews: settings.renews,
            renewed_by: None,
            disownment: None,
            suspensions: 0,
            prefetches: 0,
            last_prefetch_time: None,
        })
    }

    /// Restores a job from storage.
    #[must_use]
    pub fn load(record: Record) -> Self {
        Self(record)
    }

    /// The state at `now`: `EXPIRED` if the stored state is not terminal and `expire_time` has passed.
    #[must_use]
    pub fn state_at(&self, now: Timestamp) -> State {
        if !self.state.is_terminal() && self.expire_time <= now { State::Expired } else { self.state }
    }

    /// The job at `now`, with its expiry applied even if it was not written yet.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Job {
        if self.state_at(now) == self.state { self.clone() } else { self.entered(State::Expired, self.expire_time) }
    }

    /// Whether the job is for this identity. An identity that was erased and created again under the same id is a
    /// different one. A job that was created during the erasure is for neither.
    #[must_use]
    pub fn is_for(&self, identity: &Identity) -> bool {
        identity.reference == self.reference.identity && identity.create_time == self.identity_create_time
    }

    /// When DynamoDB may purge the item.
    #[must_use]
    pub fn purge_time(&self) -> Timestamp {
        purge_time(self.expire_time)
    }

    /// Applies a command and returns the changed job. A repeat of a command that was already applied returns the job
    /// unchanged.
    ///
    /// # Errors
    /// [`Refused`]; then there is nothing to write.
    pub fn apply(&self, command: Command<'_>, now: Timestamp) -> Result<Job, Refused> {
        let step = command.step();
        if step.rule().allows(self.state, self.expire_time, now) {
            // A job expires at its `expire_time`, however late the expiry is recorded.
            let time = if step == Step::Expire { self.expire_time } else { now.max(self.update_time) };
            let mut job = step.path(self.state).iter().fold(self.clone(), |job, state| job.entered(*state, time));
            match command {
                Command::Bind { credential, .. } => job.0.credential_id = Some(credential),
                Command::Revoke(by) => job.0.revoked_by = Some(by),
                _ => {}
            }
            return Ok(job);
        }
        match (step, self.state_at(now)) {
            // Repeats. A second `Bind` is not a repeat, because it has another key.
            (Step::Open, State::LinkOpened | State::RequestDelivered)
            | (Step::Deliver, State::RequestDelivered)
            | (Step::Revoke, State::Revoked)
            | (Step::FailToSend, State::FailedToSend)
            | (Step::Expire, State::Expired) => Ok(self.clone()),
            (step, state) => Err(Refused::step(step, state)),
        }
    }

    /// Whether the job in its present state allows a note.
    ///
    /// # Errors
    /// [`Refused`]: the reason.
    pub fn allows(&self, note: Note, now: Timestamp) -> Result<(), Refused> {
        if note.rule().allows(self.state, self.expire_time, now) {
            return Ok(());
        }
        let state = self.state_at(now);
        Err(match Refused::of(state) {
            Some(ended) => ended,
            None if matches!(
                note,
                Note::Renew | Note::Redeem | Note::ClaimNotice | Note::RecordFailure | Note::Suspend
            ) =>
            {
                Refused::TooEarly(state)
            }
            None => Refused::TooLate(state),
        })
    }

    /// The versions that followed `before` in one write, the oldest first: one for each state that the write entered.
    #[must_use]
    pub fn versions_since(&self, before: &Job) -> Vec<Job> {
        let known = before.transitions.len();
        let earlier = (before.version + 1..self.version).zip(self.transitions.iter().enumerate().skip(known));
        let mut versions: Vec<Job> = earlier
            .map(|(version, (index, &(state, time)))| {
                let mut record = self.0.clone();
                (record.version, record.state, record.update_time) = (version, state, time);
                record.transitions.truncate(index + 1);
                Job(record)
            })
            .collect();
        if before.version != self.version {
            versions.push(self.clone());
        }
        versions
    }

    fn entered(&self, state: State, now: Timestamp) -> Job {
        let mut record = self.0.clone();
        record.state = state;
        record.version += 1;
        // An expiry can be recorded after a later report about a mail.
        record.update_time = now.max(record.update_time);
        record.transitions.push((state, now));
        Job(record)
    }
}

#[cfg(test)]
pub(crate) mod tests;
