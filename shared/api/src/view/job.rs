//! Credential binding jobs.

use std::ops::Deref;

use binding::job::{DeliveryMethod, Reason, Revoker};
use binding::link::Link;
use binding::mail::EmailStatus;
use binding::reminder::Reminders;
use binding::state::State;
use binding::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::scalar::{ChosenId, Jws, LanguageTag, Named, Text, Time, Uri, Uuid, WebUrl};

/// A credential binding job as events publish it: all members whose change creates a new version of the job.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct PublishedJob {
    /// The id of the job.
    pub id: Uuid,
    /// The tenant.
    pub tenant_id: ChosenId,
    /// The realm.
    pub realm_id: ChosenId,
    /// The identity that gets the passkey.
    pub identity_id: ChosenId,
    /// How the link reaches the user.
    pub delivery_method: Named<DeliveryMethod>,
    /// The state of the job.
    pub state: Named<State>,
    /// The authenticator config that the job was created with.
    pub authenticator_config_id: ChosenId,
    /// The version of that config. Later changes of the config do not apply to the job.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub authenticator_config_version: u32,
    /// The job expires at this time.
    pub expire_time: Time,
    /// When the job was created.
    pub create_time: Time,
    /// When the job was last changed.
    pub update_time: Time,
    /// The states that the job has entered, in order. The first is its creation.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub transitions: Vec<Transition>,
    /// Where the user is sent after the passkey is created.
    pub post_binding_redirect_uri: Option<WebUrl>,
    /// The language of the mail.
    pub locale: Option<LanguageTag>,
    /// The credential that the job created.
    pub credential_id: Option<Uuid>,
    /// The signed receipt of the credential. Verify it with the keys at `/.well-known/jwks.json`.
    pub binding_receipt: Option<Jws>,
    /// The delivery status of the latest mail.
    pub email_status: Option<Named<EmailStatus>>,
    /// The mail service's reason for that status.
    pub email_status_reason: Option<Text>,
    /// Who revoked the job.
    pub revoked_by: Option<Named<Revoker>>,
    /// The expired job that this one replaces.
    pub renews_job_id: Option<Uuid>,
    /// The batch that created the job.
    pub batch_id: Option<Uuid>,
    /// When the recipient is reminded.
    #[cfg_attr(feature = "schema", schemars(length(max = 3)))]
    pub reminders: Option<Vec<Reminder>>,
    /// How many reminders were sent.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub reminders_sent: Option<u32>,
}

/// A mail that sends the link again if the user has not acted by then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Reminder {
    /// How long after the creation of the job, in seconds.
    #[cfg_attr(feature = "schema", schemars(range(min = 3600)))]
    pub after_seconds: i64,
}

impl Reminder {
    /// All reminders of a job.
    pub(crate) fn all(reminders: &Reminders) -> Vec<Self> {
        reminders.after_seconds().iter().map(|seconds| Self { after_seconds: *seconds }).collect()
    }
}

/// A credential binding job.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "CredentialBindingJob", deny_unknown_fields)
)]
pub struct Job {
    /// The members that events publish too.
    #[serde(flatten)]
    pub published: PublishedJob,
    /// The job that replaced this one after it expired.
    pub renewed_by_job_id: Option<Uuid>,
    /// How many mails with the link were requested. Reported for `EMAIL`.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub mail_count: Option<u32>,
    /// When the latest of them was requested.
    pub last_mail_time: Option<Time>,
    /// How many times the link was fetched without a user, such as by a scanner or a preview.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub prefetch_count: Option<u32>,
    /// When that last happened.
    pub last_prefetch_time: Option<Time>,
    /// The latest proof that was refused.
    pub last_failure: Option<LastFailure>,
}

impl Deref for Job {
    type Target = PublishedJob;

    fn deref(&self) -> &PublishedJob {
        &self.published
    }
}

/// When a job entered a state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Transition {
    /// The state.
    pub state: Named<State>,
    /// The time.
    pub time: Time,
}

/// A refused proof. The job is unchanged: the user can try again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct LastFailure {
    /// When the proof was refused.
    pub time: Time,
    /// The reason.
    pub reason: Named<Reason>,
    /// An explanation for developers.
    pub detail: Text,
}

/// A new job. Only this response contains `credential_binding_link`, and only for `RETURN`.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct CreatedJob {
    /// The job.
    pub credential_binding_job: Job,
    /// The link for the user. Its holder can create the passkey.
    pub credential_binding_link: Option<Uri>,
}

/// The job of a redeemed code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct RedeemedJob {
    /// The job.
    pub credential_binding_job: Job,
}

impl PublishedJob {
    /// The job in its stored state, whatever the current time is.
    #[must_use]
    pub fn of(job: &binding::job::Job) -> Self {
        let identity = &job.reference.identity;
        let transition = |(state, time): &(State, Timestamp)| Transition { state: Named(*state), time: Time(*time) };
        Self {
            id: Uuid::of(&job.reference.id),
            tenant_id: ChosenId::of(&identity.realm.tenant),
            realm_id: ChosenId::of(&identity.realm.id),
            identity_id: ChosenId::of(&identity.id),
            delivery_method: Named(job.delivery_method),
            state: Named(job.state),
            authenticator_config_id: ChosenId::of(&job.config_id),
            authenticator_config_version: job.config_version,
            expire_time: Time(job.expire_time),
            create_time: Time(job.create_time),
            update_time: Time(job.update_time),
            transitions: job.transitions.iter().map(transition).collect(),
            post_binding_redirect_uri: job.post_binding_redirect_uri.as_deref().map(WebUrl::from),
            locale: job.locale.as_deref().map(LanguageTag::from),
            credential_id: job.credential_id.as_ref().map(Uuid::of),
            binding_receipt: job.receipt.as_deref().map(Jws::from),
            email_status: job.email_status.map(Named),
            email_status_reason: job.email_status_reason.as_deref().map(Text::from),
            revoked_by: job.revoked_by.map(Named),
            renews_job_id: job.renews.as_ref().map(Uuid::of),
            batch_id: job.batch_id.as_ref().map(Uuid::of),
            reminders: (!job.reminders.is_empty()).then(|| Reminder::all(&job.reminders)),
            reminders_sent: (job.reminders_sent > 0).then_some(job.reminders_sent),
        }
    }
}

impl Job {
    /// The job at `now`: it is `EXPIRED` as soon as its `expire_time` has passed.
    #[must_use]
    pub fn of(job: &binding::job::Job, now: Timestamp) -> Self {
        let job = &job.at(now);
        Self {
            published: PublishedJob::of(job),
            renewed_by_job_id: job.renewed_by.as_ref().map(Uuid::of),
            mail_count: job.last_mail_time.map(|_| job.mails),
            last_mail_time: job.last_mail_time.map(Time),
            prefetch_count: job.last_prefetch_time.map(|_| job.prefetches),
            last_prefetch_time: job.last_prefetch_time.map(Time),
            last_failure: job.last_failure.as_ref().map(|failure| LastFailure {
                time: Time(failure.time),
                reason: Named(failure.reason),
                detail: Text::from(failure.detail.as_str()),
            }),
        }
    }
}

impl CreatedJob {
    /// The response to the creation of a job.
    #[must_use]
    pub fn of(job: &binding::job::Job, link: &Link, now: Timestamp) -> Self {
        let returned = job.delivery_method == DeliveryMethod::Return;
        Self {
            credential_binding_job: Job::of(job, now),
            credential_binding_link: returned.then(|| Uri::from(link.expose())),
        }
    }
}
