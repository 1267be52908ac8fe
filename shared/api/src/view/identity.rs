//! Identities.

use binding::directory::IdentityStatus;
use binding::enrollment::{Counts, EnrollmentStatus};
use binding::ids::RealmRef;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::scalar::{ChosenId, Named, Text, Time};

/// A person in a realm.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Identity {
    /// The id of the identity.
    pub id: ChosenId,
    /// The tenant.
    pub tenant_id: ChosenId,
    /// The realm.
    pub realm_id: ChosenId,
    /// The name that the person and operators see.
    pub display_name: Text,
    /// Whether the identity can get passkeys.
    pub status: Named<IdentityStatus>,
    /// Whether the identity has a passkey (`ENROLLED`), or a job that can create one (`PENDING`).
    pub enrollment_status: Option<Named<EnrollmentStatus>>,
    /// Your own id for the person.
    pub external_id: Option<Text>,
    /// The traits of the person.
    pub traits: Traits,
    /// When the identity was created.
    pub create_time: Time,
    /// When the identity was last changed.
    pub update_time: Time,
}

/// How many identities of a realm have each enrollment status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Enrollment {
    /// The tenant.
    pub tenant_id: ChosenId,
    /// The realm.
    pub realm_id: ChosenId,
    /// All identities.
    pub total: u32,
    /// Identities that have a passkey.
    pub enrolled: u32,
    /// Identities that have none, but a job that can still create one.
    pub pending: u32,
    /// Identities that have neither, and whose last mail could not be delivered.
    pub invite_failed: u32,
    /// All other identities.
    pub unenrolled: u32,
}

impl Enrollment {
    /// The counts of a realm.
    #[must_use]
    pub fn of(realm: &RealmRef, counts: &Counts) -> Self {
        Self {
            tenant_id: ChosenId::of(&realm.tenant),
            realm_id: ChosenId::of(&realm.id),
            total: counts.total(),
            enrolled: counts.of(EnrollmentStatus::Enrolled),
            pending: counts.of(EnrollmentStatus::Pending),
            invite_failed: counts.of(EnrollmentStatus::InviteFailed),
            unenrolled: counts.of(EnrollmentStatus::Unenrolled),
        }
    }
}

/// An identity in an event: without its name and traits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct PublishedIdentity {
    /// The id of the identity.
    pub id: ChosenId,
    /// The tenant.
    pub tenant_id: ChosenId,
    /// The realm.
    pub realm_id: ChosenId,
    /// Whether the identity can get passkeys.
    pub status: Named<IdentityStatus>,
    /// When the identity was created.
    pub create_time: Time,
    /// When the identity was last changed.
    pub update_time: Time,
}

impl From<&binding::directory::Identity> for PublishedIdentity {
    fn from(identity: &binding::directory::Identity) -> Self {
        let Identity { id, tenant_id, realm_id, status, create_time, update_time, .. } = Identity::from(identity);
        Self { id, tenant_id, realm_id, status, create_time, update_time }
    }
}

/// The traits of a person.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Traits {
    /// The version of this object.
    pub r#type: TraitsType,
    /// The user name. Passkeys are shown with it.
    pub username: Text,
    /// The address that links are mailed to.
    pub primary_email_address: Option<Text>,
    /// The language of mails (BCP 47), unless a job names another.
    pub locale: Option<Text>,
    /// The IANA time zone, for the quiet hours of batches.
    pub zoneinfo: Option<Text>,
}

/// The version of the traits object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TraitsType {
    /// The only version.
    #[default]
    #[serde(rename = "traits_v0")]
    V0,
}

impl From<&binding::directory::Identity> for Identity {
    fn from(identity: &binding::directory::Identity) -> Self {
        let realm = &identity.reference.realm;
        Self {
            id: ChosenId::of(&identity.reference.id),
            tenant_id: ChosenId::of(&realm.tenant),
            realm_id: ChosenId::of(&realm.id),
            display_name: Text::from(identity.display_name.as_str()),
            status: Named(identity.status),
            enrollment_status: None,
            external_id: identity.external_id.as_deref().map(Text::from),
            traits: Traits::from(identity),
            create_time: Time(identity.create_time),
            update_time: Time(identity.update_time),
        }
    }
}

impl Identity {
    /// The name of the member that is computed from jobs and credentials.
    pub const ENROLLMENT_STATUS: &str = "enrollment_status";

    /// The identity with its enrollment status.
    #[must_use]
    pub fn of(identity: &binding::directory::Identity, enrollment: EnrollmentStatus) -> Self {
        Self { enrollment_status: Some(Named(enrollment)), ..Self::from(identity) }
    }
}

impl From<&binding::directory::Identity> for Traits {
    fn from(identity: &binding::directory::Identity) -> Self {
        Self {
            r#type: TraitsType::V0,
            username: Text::from(identity.username.as_str()),
            primary_email_address: identity.primary_email_address.as_deref().map(Text::from),
            locale: identity.locale.as_deref().map(Text::from),
            zoneinfo: identity.time_zone.as_deref().map(Text::from),
        }
    }
}
