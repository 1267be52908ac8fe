//! The requests of the API: the one definition of each request's fields. OpenAPI and the TypeScript types are generated
//! from it, and `bindctl` uses it. Functions read requests field by field ([`crate::fields`]), to report all violations
//! at once.
//!
//! Members that are not listed are ignored, and `null` counts as absent.

mod batch;
mod realm;

pub use realm::{
    EmailSettings, LifetimeSettings, MailSettings, OwnTextsSettings, PageSettings, PreviewMail, PreviewPage, PutRealm,
    RealmSettings, RealmThemeSettings, SendTestMail, TestMailSettings, ThemeSettings, WriteTheme,
};

pub use binding::campaign::{LARGEST_BATCH, LARGEST_QUEUE};
use binding::directory::IdentityStatus;
use binding::job::DeliveryMethod;
use binding::policy::{Algorithm, Attestation, BackupEligibility, Certification, Mechanism, Requirement};
use binding::sign_in::OnClone;
use serde::Serialize;
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

pub use batch::{
    BatchDelivery, BatchSettings, BatchTemplateSettings, CreateBatch, OnExistingSettings, PacingSettings,
    QuietHoursSettings, ReminderSettings,
};

use crate::scalar::{Aaguid, ChosenId, Named, Names, UpTo};
use crate::view::{AndroidStatus, InvocationType, TraitsType, TrustLevel};

/// Changes a tenant.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UpdateTenant {
    /// The tenant.
    pub tenant: TenantSettings,
}

/// The settings of a tenant.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TenantSettings {
    /// The name that operators see. By default, the id.
    pub display_name: Option<UpTo<128>>,
}

/// Creates or replaces an identity.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutIdentity {
    /// The identity.
    pub identity: IdentitySettings,
}

/// The settings of an identity.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IdentitySettings {
    /// The name that the person and operators see. By default, the user name.
    pub display_name: Option<UpTo<128>>,
    /// Whether the identity can get passkeys. While it is `suspended`, no job is created, opened or completed for it,
    /// and no mail is sent to it. A new identity is `active`; an existing one keeps its status unless it is given.
    pub status: Option<Named<IdentityStatus>>,
    /// Your own id for the person, such as one from an HR system.
    pub external_id: Option<UpTo<128>>,
    /// The traits of the person.
    pub traits: TraitsSettings,
}

/// Erases identities.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BatchDelete {
    /// The ids of the identities.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 1000)))]
    pub ids: Vec<ChosenId>,
}

/// The traits of a person.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TraitsSettings {
    /// The version of this object.
    pub r#type: Option<TraitsType>,
    /// The user name. Passkeys are shown with it.
    pub username: UpTo<128>,
    /// The address that links are mailed to.
    pub primary_email_address: Option<UpTo<254>>,
    /// The language of mails (BCP 47), unless a job names another.
    pub locale: Option<UpTo<35>>,
    /// The IANA time zone, such as `Europe/Berlin`, for the quiet hours of batches.
    pub zoneinfo: Option<UpTo<64>>,
}

/// Creates an authenticator config.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateConfig {
    /// The config.
    pub authenticator_config: ConfigSettings,
}

/// The settings of an authenticator config.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConfigSettings {
    /// The name that operators see. By default, the type.
    pub display_name: Option<UpTo<128>>,
    /// Where passkeys are created.
    pub config: InvocationSettings,
    /// The relying party, where it is not the default.
    pub relying_party: Option<RelyingPartySettings>,
    /// The policy that a passkey must meet.
    pub passkey_policy: Option<PolicySettings>,
    /// Whether and how passkeys sign in.
    pub sign_in: Option<SignInSettings>,
}

/// Whether and how passkeys sign in under an authenticator config.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignInSettings {
    /// Whether passkeys sign in under this config. By default, they do not.
    pub enabled: Option<bool>,
    /// The claim `aud` of sign-in tokens. By default, the address of the config.
    pub audience: Option<UpTo<256>>,
    /// What happens when a signature counter did not increase, so that the passkey may have been cloned (WebAuthn Level 3
    /// §7.2, step 22). By default, the sign-in is rejected.
    pub on_clone: Option<Named<OnClone>>,
}

/// Where passkeys are created.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvocationSettings {
    /// On Bindery's own page, or on a page of your app.
    pub r#type: InvocationKind,
    /// `embedded`: the address that a link leads to; `/bind?…` is appended to it. Required.
    pub invoke_url: Option<UpTo<2048>>,
    /// `embedded`: the origins whose pages may act for a job. `hosted_web`: stored and returned; they have no effect.
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    pub trusted_origins: Option<Vec<UpTo<2048>>>,
    /// `embedded`: stored and returned; it has no effect.
    pub invocation_type: Option<InvocationType>,
    /// Stored and returned; they have no effect.
    pub authentication_methods: Option<Vec<Value>>,
}

/// Where passkeys are created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum InvocationKind {
    /// On Bindery's own page.
    HostedWeb,
    /// On a page of your app.
    Embedded,
}

/// The relying party of a config (WebAuthn Level 3 §4).
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RelyingPartySettings {
    /// The relying party id. By default, the host of the page that creates the passkey.
    pub id: Option<UpTo<2048>>,
    /// The name. By default, the realm's.
    pub name: Option<UpTo<64>>,
    /// Whether pages of other domains create passkeys for the id (WebAuthn Level 3 §5.11).
    pub related_origins: Option<bool>,
}

/// The policy that a passkey must meet. Absent members get their defaults.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicySettings {
    /// The ways to prove a key that are allowed.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub mechanisms: Option<Vec<Named<Mechanism>>>,
    /// Whether the device must verify its user (WebAuthn Level 3 §5.8.6).
    pub user_verification: Option<Named<Requirement>>,
    /// Whether the key must be discoverable (WebAuthn Level 3 §5.4.6).
    pub resident_key: Option<Named<Requirement>>,
    /// The attestation that is requested from the device (WebAuthn Level 3 §5.4.7).
    pub attestation: Option<Named<Attestation>>,
    /// Which attestation is trusted.
    pub trust: Option<TrustSettings>,
    /// The models of authenticators that are allowed and denied.
    pub aaguids: Option<AaguidSettings>,
    /// Whether passkeys that can be synced are allowed.
    pub backup_eligible: Option<Named<BackupEligibility>>,
    /// The algorithms of the key, most preferred first.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub algorithms: Option<Vec<Named<Algorithm>>>,
    /// The origins whose pages can create passkeys. By default, the page's own.
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    pub origins: Option<Vec<UpTo<2048>>>,
    /// The certificates that attestation may lead to: `google`, `apple`, or certificates in PEM or in base64 of their
    /// DER.
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    pub attestation_roots: Option<Vec<UpTo<16384>>>,
    /// Whether Android key attestation needs Google's list of revoked keys. By default, the list is used if the
    /// installation has it.
    pub android_status: Option<Named<AndroidStatus>>,
}

/// Models of authenticators. An empty `allow` allows all.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AaguidSettings {
    /// The models that are allowed.
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    pub allow: Option<Vec<Aaguid>>,
    /// The models that are denied.
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    pub deny: Option<Vec<Aaguid>>,
}

/// Which attestation is trusted: a level, or a level with a minimum certification.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum TrustSettings {
    /// A level.
    Level(Named<TrustLevel>),
    /// A level with a minimum certification.
    #[cfg_attr(feature = "schema", schemars(title = "CertifiedTrustSettings"))]
    Certified {
        /// The level.
        level: Named<TrustLevel>,
        /// The lowest certification that is accepted, for `fido_mds`.
        minimum_certification: Option<Named<MinimumCertification>>,
    },
}

/// A level of certification in a request. `FIDO_CERTIFIED` is the name of level 1 before there were levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinimumCertification(&'static str);

impl Names for MinimumCertification {
    const SET: &'static str = "MinimumCertification";

    fn all() -> impl Iterator<Item = Self> {
        std::iter::once("FIDO_CERTIFIED").chain(Certification::ALL.iter().map(|level| level.status())).map(Self)
    }

    fn name(self) -> &'static str {
        self.0
    }
}

/// Creates a job.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateJob {
    /// The job.
    pub job: JobSettings,
}

/// The settings of a job.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JobSettings {
    /// How the link reaches the user: mailed, or returned to you.
    pub delivery_method: Named<DeliveryMethod>,
    /// The authenticator config that the passkey must follow. Required, unless `authenticator_config` is given.
    pub authenticator_config_id: Option<ChosenId>,
    /// A config for this job alone, with the default policy, in place of `authenticator_config_id`. It appears in no
    /// list, and a link of it cannot be renewed.
    pub authenticator_config: Option<InlineConfig>,
    /// Where the user is sent after the passkey is created: one of the realm's.
    pub post_binding_redirect_uri: Option<UpTo<2048>>,
    /// The lifetime of the job. By default, the realm's.
    #[cfg_attr(feature = "schema", schemars(range(min = 60)))]
    pub expires_in_seconds: Option<u64>,
    /// The language of the mail (BCP 47). By default, the identity's.
    pub locale: Option<UpTo<35>>,
    /// When the recipient is reminded, for `EMAIL`. By default, as the realm says.
    #[cfg_attr(feature = "schema", schemars(length(max = 3)))]
    pub reminders: Option<Vec<ReminderSettings>>,
}

/// A config for one job.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InlineConfig {
    /// Where the passkey is created.
    pub config: InvocationSettings,
}

/// Mails the link of a job again.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Resend {
    /// A new lifetime of the job, from now on.
    #[cfg_attr(feature = "schema", schemars(range(min = 60)))]
    pub expires_in_seconds: Option<u64>,
}

/// Redeems a code for its job.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Redeem {
    /// The parameter `code` of the redirect URI.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub code: UpTo<256>,
}

/// Proves a key.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", content = "raw", rename_all = "UPPERCASE")]
pub enum Proof {
    /// `RegistrationResponseJSON` (WebAuthn Level 3 §5.1).
    Fido2(Map<String, Value>),
    /// JSON with `client_data_json_base64` and `attestation_object`.
    Webauthn(String),
    /// A compact JWS (RFC 7515 §3.1).
    Jwt(String),
}

/// Begins a sign-in.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BeginSignIn {
    /// The identity that signs in, if it is known. Without it, the user picks a passkey.
    pub identity_id: Option<ChosenId>,
    /// A nonce of your back end, of at most 128 bytes, which the sign-in token repeats.
    pub nonce: Option<UpTo<128>>,
}

/// Finishes a sign-in.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FinishSignIn {
    /// The token of `:beginSignIn`.
    pub token: UpTo<1024>,
    /// The response of the device.
    pub credential: Assertion,
}

/// What a device signs in with.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Assertion {
    /// `AuthenticationResponseJSON` (WebAuthn Level 3 §5.1), of a passkey.
    Passkey(Map<String, Value>),
    /// A compact JWS (RFC 7515 §3.1), of a software key.
    Jws(String),
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Assertion {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Assertion".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": ["object", "string"]})
    }
}

/// Defines a JSON Merge Patch (RFC 7396) of a request: members may be absent, and `null` removes them.
#[cfg(feature = "schema")]
macro_rules! patches {
    ($($(#[doc = $doc:literal])* $patch:ident of $whole:ident)+) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $patch;

        impl schemars::JsonSchema for $patch {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($patch).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let whole = <$whole as schemars::JsonSchema>::json_schema(generator);
                crate::schema::patch_of(whole, concat!($($doc),*).trim(), generator.definitions())
            }
        }
    )+};
}

#[cfg(feature = "schema")]
patches! {
    /// Changes a realm (JSON Merge Patch, RFC 7396).
    PatchRealm of PutRealm
    /// Changes an identity (JSON Merge Patch, RFC 7396).
    PatchIdentity of PutIdentity
    /// Creates the next version of an authenticator config (JSON Merge Patch, RFC 7396).
    PatchConfig of CreateConfig
}
