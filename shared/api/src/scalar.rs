//! The scalar types of the contract: ids, times, enumerations, and texts of a known form.
//!
//! Each type has a JSON Schema, which OpenAPI and the event schemas publish.

use std::fmt;

use binding::credential::CredentialState;
use binding::directory::{IdentityStatus, ReturnDelivery};
use binding::enrollment::EnrollmentStatus;
use binding::ids::{AuditEntryId, BatchId, ConfigId, CredentialId, IdentityId, JobId, RealmId, TenantId};
use binding::mail::EmailStatus;
use binding::policy::{Attestation, BackupEligibility, Mechanism, Requirement};
use binding::sign_in::OnClone;
use binding::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use binding::campaign::{BatchState, Control, OnEnrolled, OnPending, SkipReason};
pub use binding::job::{DeliveryMethod, Reason, Revoker};
pub use binding::policy::Algorithm;
pub use binding::state::State;

/// An enumeration whose members have names.
pub trait Names: Copy + Eq + 'static {
    /// The name of the enumeration in the published schemas.
    const SET: &'static str;

    /// All members.
    fn all() -> impl Iterator<Item = Self>;

    /// The name of a member.
    fn name(self) -> &'static str;
}

macro_rules! names {
    ($($set:ident => $published:literal),+ $(,)?) => {$(
        impl Names for $set {
            const SET: &'static str = $published;

            fn all() -> impl Iterator<Item = Self> {
                $set::ALL.iter().copied()
            }

            fn name(self) -> &'static str {
                $set::name(self)
            }
        }
    )+};
}

names! {
    Algorithm => "Algorithm",
    Attestation => "AttestationConveyance",
    BackupEligibility => "BackupEligibility",
    BatchState => "BatchState",
    Control => "BatchControlState",
    CredentialState => "CredentialState",
    DeliveryMethod => "DeliveryMethod",
    EmailStatus => "EmailStatus",
    EnrollmentStatus => "EnrollmentStatus",
    IdentityStatus => "IdentityStatus",
    Mechanism => "Mechanism",
    OnClone => "OnClone",
    OnEnrolled => "OnEnrolled",
    OnPending => "OnPending",
    Reason => "FailureReason",
    Requirement => "Requirement",
    ReturnDelivery => "ReturnDelivery",
    Revoker => "Revoker",
    SkipReason => "RecipientReason",
    State => "JobState",
}

/// A member of an enumeration, written as its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named<T>(pub T);

impl<T: Names> Named<T> {
    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Wraps the members of a list.
    pub(crate) fn list(members: &[T]) -> Vec<Self> {
        members.iter().copied().map(Self).collect()
    }
}

impl<T: Names> fmt::Display for Named<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl<T: Names> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de, T: Names> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let unknown = || de::Error::custom(format_args!("unknown {}: {name}", T::SET));
        T::all().find(|member| member.name() == name).map(Self).ok_or_else(unknown)
    }
}

/// A point in time: RFC 3339 in UTC, with milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub Timestamp);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Timestamp::parse(&text).map(Self).ok_or_else(|| de::Error::custom("a time must be RFC 3339"))
    }
}

/// `true`. A member of this type is absent where it would be `false`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct True;

impl True {
    /// The value of a member that is present only if `holds`.
    #[must_use]
    pub fn when(holds: bool) -> Option<Self> {
        holds.then_some(Self)
    }
}

impl Serialize for True {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(true)
    }
}

impl<'de> Deserialize<'de> for True {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if bool::deserialize(deserializer)? { Ok(Self) } else { Err(de::Error::custom("must be true or absent")) }
    }
}

/// Defines a type for texts of one form, with the keywords of its JSON Schema.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident { $($keyword:literal: $value:expr),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl<T: Into<String>> From<T> for $name {
            fn from(text: T) -> Self {
                Self(text.into())
            }
        }

        impl std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "string" $(, $keyword: $value)*})
            }
        }
    };
}
pub(crate) use text_type;

text_type! {
    /// A text that is not empty.
    Text {"minLength": 1}
}
text_type! {
    /// An id that a caller can choose ([`binding::ids`]).
    ChosenId {"pattern": "^[A-Za-z0-9._~-]{1,128}$"}
}
text_type! {
    /// A UUID.
    Uuid {"format": "uuid"}
}
text_type! {
    /// Bytes in base64url without padding (RFC 4648 §5).
    Base64Url {"pattern": "^[A-Za-z0-9_-]+$"}
}
text_type! {
    /// The JWK thumbprint of a key: SHA-256 (RFC 7638) in base64url with padding.
    Thumbprint {"pattern": "^[A-Za-z0-9_-]{43}=$"}
}
text_type! {
    /// A compact JWS (RFC 7515 §3.1).
    Jws {"pattern": "^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$"}
}
text_type! {
    /// A point in time in a request: RFC 3339, with any offset.
    DateTime {"format": "date-time"}
}
text_type! {
    /// A time of day, in hours and minutes.
    TimeOfDay {"pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
}
text_type! {
    /// A JWK (RFC 7517), as JSON in a string.
    JwkJson {"contentMediaType": "application/json"}
}
text_type! {
    /// A URI (RFC 3986).
    Uri {"format": "uri"}
}
text_type! {
    /// A URL as browsers read it (WHATWG), which can hold more than a URI of RFC 3986.
    WebUrl {"pattern": "^https?://"}
}
text_type! {
    /// A language tag (BCP 47).
    LanguageTag {"pattern": "^[A-Za-z][A-Za-z0-9]{0,7}(-[A-Za-z0-9]{1,8})*$"}
}
text_type! {
    /// A model of authenticator (WebAuthn Level 3 §6.1).
    Aaguid {"pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"}
}

/// Writes an id as a type of the contract.
macro_rules! written_as {
    ($text:ident: $($id:ty),+) => {
        impl $text {
            /// The text of an id.
            pub(crate) fn of(id: &impl Id<Text = Self>) -> Self {
                Self(id.text())
            }
        }
        $(
            impl Id for $id {
                type Text = $text;

                fn text(&self) -> String {
                    self.to_string()
                }
            }
        )+
    };
}

/// An id of the domain.
pub(crate) trait Id {
    /// The type of its text.
    type Text;

    /// Its text.
    fn text(&self) -> String;
}

written_as!(ChosenId: TenantId, RealmId, IdentityId, ConfigId);
written_as!(Uuid: JobId, CredentialId, AuditEntryId, BatchId);

/// A text of at most `N` characters, in a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UpTo<const N: usize>(pub String);

#[cfg(feature = "schema")]
mod schema {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    use super::{Named, Names, Time, True, UpTo};

    impl<T: Names> JsonSchema for Named<T> {
        fn schema_name() -> Cow<'static, str> {
            T::SET.into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({"type": "string", "enum": T::all().map(T::name).collect::<Vec<_>>()})
        }
    }

    impl JsonSchema for Time {
        fn inline_schema() -> bool {
            true
        }

        fn schema_name() -> Cow<'static, str> {
            "Time".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({"type": "string", "format": "date-time", "pattern": "\\.[0-9]{3}Z$"})
        }
    }

    impl JsonSchema for True {
        fn inline_schema() -> bool {
            true
        }

        fn schema_name() -> Cow<'static, str> {
            "True".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({"const": true})
        }
    }

    impl<const N: usize> JsonSchema for UpTo<N> {
        fn inline_schema() -> bool {
            true
        }

        fn schema_name() -> Cow<'static, str> {
            format!("UpTo{N}").into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({"type": "string", "maxLength": N})
        }
    }
}
