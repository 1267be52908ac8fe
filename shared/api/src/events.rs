//! Events as they are published to EventBridge. They contain no mail addresses, names or secrets.

use std::fmt;

use binding::campaign::{Batch, BatchState, Control};
use binding::credential::{CloneSuspicion, Credential, CredentialState};
use binding::directory::{Identity, IdentityStatus};
use binding::ids::RealmRef;
use binding::job::Job;
use binding::state::State;
use binding::time::Timestamp;
use serde::{Deserialize, Serialize, de};
use serde_json::Value;
use serde_with::skip_serializing_none;

use crate::scalar::{ChosenId, Named, Time, True, Uuid, text_type};
use crate::view;

#[cfg(feature = "schema")]
pub mod schema;

/// The detail type of a change of a job's state.
pub const JOB_STATE: &str = "Credential Binding Job State Change";
/// The detail type of a change of a credential's state.
pub const CREDENTIAL_STATE: &str = "Credential State Change";
/// The detail type of a change of a mail's delivery status.
pub const EMAIL_STATUS: &str = "Credential Binding Email Status Change";

/// The detail type of a change of an identity's status.
pub const IDENTITY_STATE: &str = "Identity State Change";

/// The detail type of a change of a batch's state or control.
pub const BATCH_STATE: &str = "Credential Binding Batch State Change";
/// The detail type of a sign-in.
pub const SIGN_IN: &str = "Credential Sign In";
/// The detail type of a sign-in whose signature counter did not increase.
pub const CLONE_SUSPECTED: &str = "Credential Clone Suspected";

/// The version of the event schemas.
const VERSION: &str = "1";

/// The `detail` of an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Detail<D> {
    /// The metadata of the event.
    pub metadata: Metadata,
    /// The change.
    pub data: D,
}

/// The metadata that every event has.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Metadata {
    /// The id of the event: the id of the changed resource and its version. A repeated delivery has the same id. For an
    /// identity, whose own id is unique only in its realm, a UUID replaces that id.
    pub event_id: EventId,
    /// The version of the changed resource, from 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub sequence: u64,
    /// The version of this schema.
    pub schema_version: SchemaVersion,
    /// When the change was made.
    pub occurred_time: Time,
    /// The tenant.
    pub tenant_id: ChosenId,
    /// The realm.
    pub realm_id: ChosenId,
    /// The id of the job or batch. For an identity, the UUID in `event_id`.
    pub correlation_id: Uuid,
    /// Present if the state was published again on request. The other metadata is that of the version that is
    /// published again.
    pub replay: Option<True>,
}

text_type! {
    /// The id of the changed resource and its version.
    EventId {"pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[1-9][0-9]*$"}
}
text_type! {
    /// The version of the event schemas.
    SchemaVersion {"const": VERSION}
}

/// A job entered a state.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct JobStateChange {
    /// The job after the change.
    pub credential_binding_job: view::PublishedJob,
    /// The state before. Absent if the job is new.
    pub previous_state: Option<Named<State>>,
}

/// The delivery status of a job's mail changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct EmailStatusChange {
    /// The job after the change.
    pub credential_binding_job: view::PublishedJob,
}

/// A credential was created or revoked.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct CredentialStateChange {
    /// The credential after the change.
    pub credential: view::Credential,
    /// The state before. Absent if the credential is new.
    pub previous_state: Option<Named<CredentialState>>,
}

/// A credential was used to sign in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct CredentialSignIn {
    /// The credential after the sign-in.
    pub credential: view::Credential,
}

/// A signature counter did not increase: another device may have a copy of the passkey (WebAuthn Level 3 §7.2, step
/// 22).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct CredentialCloneSuspected {
    /// The credential after the attempt. Its `webauthn.sign_count` is the highest counter that was received.
    pub credential: view::Credential,
    /// The counter that was received.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 4_294_967_295_u32)))]
    pub received_sign_count: u32,
    /// Whether the sign-in was accepted, which `sign_in.on_clone` of the config decides.
    pub accepted: bool,
}

/// An identity was suspended, or is active again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct IdentityStateChange {
    /// The identity after the change.
    pub identity: view::PublishedIdentity,
    /// The status before.
    pub previous_status: Named<IdentityStatus>,
}

/// A batch was created, paused, resumed, cancelled or stopped, or has finished.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BatchStateChange {
    /// The batch after the change.
    pub batch_credential_binding_job: view::PublishedBatch,
    /// The state before. Absent if the batch is new.
    pub previous_state: Option<Named<BatchState>>,
    /// Whether it sent invitations before. Absent if the batch is new.
    pub previous_control: Option<Named<Control>>,
}

/// An event. Its `Display` is the JSON of the `detail`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// A change of a job's state.
    JobState(Detail<JobStateChange>),
    /// A change of a mail's delivery status.
    EmailStatus(Detail<EmailStatusChange>),
    /// A change of a credential's state.
    CredentialState(Detail<CredentialStateChange>),
    /// A change of an identity's status.
    IdentityState(Detail<IdentityStateChange>),
    /// A change of a batch's state or control.
    BatchState(Detail<BatchStateChange>),
    /// A sign-in.
    SignIn(Detail<CredentialSignIn>),
    /// A sign-in with a passkey that may have been cloned.
    CloneSuspected(Detail<CredentialCloneSuspected>),
}

impl Event {
    /// Reads the `detail` of an event of a detail type.
    ///
    /// # Errors
    /// When it is not such an event.
    pub fn read(detail_type: &str, detail: &Value) -> Result<Self, serde_json::Error> {
        match detail_type {
            JOB_STATE => Detail::deserialize(detail).map(Self::JobState),
            EMAIL_STATUS => Detail::deserialize(detail).map(Self::EmailStatus),
            CREDENTIAL_STATE => Detail::deserialize(detail).map(Self::CredentialState),
            IDENTITY_STATE => Detail::deserialize(detail).map(Self::IdentityState),
            BATCH_STATE => Detail::deserialize(detail).map(Self::BatchState),
            SIGN_IN => Detail::deserialize(detail).map(Self::SignIn),
            CLONE_SUSPECTED => Detail::deserialize(detail).map(Self::CloneSuspected),
            other => Err(de::Error::custom(format_args!("unknown detail type: {other}"))),
        }
    }

    /// The detail type.
    #[must_use]
    pub fn detail_type(&self) -> &'static str {
        match self {
            Self::JobState(_) => JOB_STATE,
            Self::EmailStatus(_) => EMAIL_STATUS,
            Self::CredentialState(_) => CREDENTIAL_STATE,
            Self::IdentityState(_) => IDENTITY_STATE,
            Self::BatchState(_) => BATCH_STATE,
            Self::SignIn(_) => SIGN_IN,
            Self::CloneSuspected(_) => CLONE_SUSPECTED,
        }
    }
}

impl Event {
    /// The event, marked as published again on request.
    fn replayed(mut self) -> Self {
        let metadata = match &mut self {
            Self::JobState(Detail { metadata, .. }) => metadata,
            Self::EmailStatus(Detail { metadata, .. }) => metadata,
            Self::CredentialState(Detail { metadata, .. }) => metadata,
            Self::IdentityState(Detail { metadata, .. }) => metadata,
            Self::BatchState(Detail { metadata, .. }) => metadata,
            Self::SignIn(Detail { metadata, .. }) => metadata,
            Self::CloneSuspected(Detail { metadata, .. }) => metadata,
        };
        metadata.replay = Some(True);
        self
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl Metadata {
    fn new(id: &str, version: u64, time: Timestamp, realm: &RealmRef, job: Uuid) -> Self {
        Self {
            event_id: format!("{id}:{version}").into(),
            sequence: version,
            schema_version: VERSION.into(),
            occurred_time: Time(time),
            tenant_id: ChosenId::of(&realm.tenant),
            realm_id: ChosenId::of(&realm.id),
            correlation_id: job,
            replay: None,
        }
    }
}

/// The events for a change of a job, in order: one for each version. None if the version is unchanged, such as after a
/// refused proof.
#[must_use]
pub fn job(before: Option<&Job>, after: &Job) -> Vec<Event> {
    let Some(before) = before else { return vec![version(None, after)] };
    let versions = after.versions_since(before);
    let befores = std::iter::once(before).chain(&versions);
    befores.zip(&versions).map(|(before, after)| version(Some(before), after)).collect()
}

/// The event for a version of a job.
fn version(before: Option<&Job>, after: &Job) -> Event {
    // The committed job, even if it has expired in the meantime: the expiry has its own event.
    let credential_binding_job = view::PublishedJob::of(after);
    let id = credential_binding_job.id.clone();
    let metadata = Metadata::new(&id, after.version, after.update_time, &after.reference.identity.realm, id.clone());
    // A version changes with the state, or with the status of the mail.
    match before {
        Some(before) if before.state == after.state => {
            Event::EmailStatus(Detail { metadata, data: EmailStatusChange { credential_binding_job } })
        }
        before => {
            let previous_state = before.map(|before| Named(before.state));
            Event::JobState(Detail { metadata, data: JobStateChange { credential_binding_job, previous_state } })
        }
    }
}

/// The event for a job whose present state is published again.
#[must_use]
pub fn replayed_job(of: &Job) -> Event {
    version(None, of).replayed()
}

/// The event for a credential whose present state is published again.
#[must_use]
pub fn replayed_credential(of: &Credential) -> Option<Event> {
    credential(None, of).map(Event::replayed)
}

/// The event for a change of a credential. `None` if the version is unchanged, as after a sign-in in a realm without
/// `sign_in_events`.
#[must_use]
pub fn credential(before: Option<&Credential>, after: &Credential) -> Option<Event> {
    if before.is_some_and(|before| before.version == after.version) {
        return None;
    }
    let credential = view::Credential::from(after);
    let (realm, job) = (&after.identity.realm, credential.job_id.clone());
    let metadata = Metadata::new(&credential.id, after.version, after.update_time, realm, job);
    // A version changes with the state, with a suspicion, or with a sign-in.
    Some(match (before, after.usage.clone_suspicion) {
        (Some(before), suspicion) if before.state == after.state => {
            let accepted = before.usage.count != after.usage.count;
            match suspicion.filter(|_| before.usage.clone_suspicion != suspicion) {
                Some(CloneSuspicion { sign_count: received_sign_count, .. }) => {
                    let data = CredentialCloneSuspected { credential, received_sign_count, accepted };
                    Event::CloneSuspected(Detail { metadata, data })
                }
                None => Event::SignIn(Detail { metadata, data: CredentialSignIn { credential } }),
            }
        }
        (before, _) => {
            let previous_state = before.map(|before| Named(before.state));
            Event::CredentialState(Detail { metadata, data: CredentialStateChange { credential, previous_state } })
        }
    })
}

/// The event for a change of an identity. `None` if its status is unchanged.
#[must_use]
pub fn identity(before: &Identity, after: &Identity) -> Option<Event> {
    if before.status == after.status {
        return None;
    }
    let id = Uuid::from(after.uuid().to_string());
    let metadata = Metadata::new(&id, after.version, after.update_time, &after.reference.realm, id.clone());
    let data = IdentityStateChange { identity: after.into(), previous_status: Named(before.status) };
    Some(Event::IdentityState(Detail { metadata, data }))
}

/// The event for a change of a batch. `None` if the version is unchanged, such as after a bounce.
#[must_use]
pub fn batch(before: Option<&Batch>, after: &Batch) -> Option<Event> {
    if before.is_some_and(|before| before.version == after.version) {
        return None;
    }
    let batch = view::PublishedBatch::from(after);
    let metadata = Metadata::new(&batch.id, after.version, after.update_time, &after.reference.realm, batch.id.clone());
    let data = BatchStateChange {
        batch_credential_binding_job: batch,
        previous_state: before.map(|before| Named(before.state)),
        previous_control: before.map(|before| Named(before.control)),
    };
    Some(Event::BatchState(Detail { metadata, data }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLES: &str = include_str!("../../../docs/samples/events.json");

    /// A client that parses an event loses no member.
    #[test]
    fn published_events_are_parsed_in_full() {
        let samples: Vec<Value> = serde_json::from_str(SAMPLES).unwrap();
        assert!(samples.len() > 5, "{}", samples.len());
        for sample in samples {
            let (detail_type, detail) = (sample["detail-type"].as_str().unwrap(), &sample["detail"]);
            let event = Event::read(detail_type, detail).unwrap();
            assert_eq!(event.detail_type(), detail_type);
            assert_eq!(serde_json::to_value(&event).unwrap(), *detail);
        }
        assert!(Event::read("Other", &Value::Null).is_err());
    }
}
