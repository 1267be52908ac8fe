//! Authenticator configs.

use binding::sign_in::{OnClone, SignInSettings};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_with::skip_serializing_none;

use super::Policy;
use crate::scalar::{ChosenId, Named, Text, Time, True};

/// An authenticator config: where passkeys are created, and the policy that they must meet. Each change creates a new
/// version.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct AuthenticatorConfig {
    /// The id of the config.
    pub id: ChosenId,
    /// The tenant.
    pub tenant_id: ChosenId,
    /// The realm.
    pub realm_id: ChosenId,
    /// The version, counted from 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub version: u32,
    /// The name that operators see.
    pub display_name: Text,
    /// Where passkeys are created.
    pub config: Invocation,
    /// The relying party, where it is not the default.
    pub relying_party: Option<RelyingParty>,
    /// The policy that a passkey must meet.
    pub passkey_policy: Policy,
    /// Whether and how passkeys sign in. Absent if they do not.
    pub sign_in: Option<SignIn>,
    /// When the config was created.
    pub create_time: Time,
    /// When the config was last changed.
    pub update_time: Time,
}

/// Whether and how passkeys sign in under a config.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct SignIn {
    /// Whether passkeys can sign in.
    pub enabled: bool,
    /// The claim `aud` of sign-in tokens. By default, the address of the config.
    pub audience: Option<Text>,
    /// What happens when a passkey may have been cloned.
    pub on_clone: Named<OnClone>,
}

/// Where passkeys are created.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Invocation {
    /// On Bindery's own page.
    HostedWeb {
        /// The ways to sign in. Stored and returned; they have no effect.
        authentication_methods: Vec<Value>,
        /// Stored and returned; they have no effect: only Bindery's own page may act for a job.
        trusted_origins: Vec<String>,
    },
    /// On a page of your app.
    Embedded {
        /// The address that a link leads to; `/bind?…` is appended to it.
        invoke_url: String,
        /// The origins whose pages may act for a job.
        trusted_origins: Vec<String>,
        /// Stored and returned; it has no effect. By default, `automatic`.
        invocation_type: InvocationType,
        /// The ways to sign in. Stored and returned; they have no effect.
        authentication_methods: Vec<Value>,
    },
}

/// How an app is invoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum InvocationType {
    /// By the user.
    Manual,
    /// By a redirect.
    Automatic,
}

/// The relying party of a config (WebAuthn Level 3 §4). Absent members have their defaults.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct RelyingParty {
    /// The relying party id. By default, the host of the page that creates the passkey.
    pub id: Option<Text>,
    /// The name. By default, the realm's.
    pub name: Option<Text>,
    /// Present if pages of other domains create passkeys for the id (WebAuthn Level 3 §5.11).
    pub related_origins: Option<True>,
}

impl From<&binding::directory::AuthenticatorConfig> for AuthenticatorConfig {
    fn from(config: &binding::directory::AuthenticatorConfig) -> Self {
        let relying_party = RelyingParty {
            id: config.relying_party_id.as_deref().map(Text::from),
            name: config.relying_party_name.as_deref().map(Text::from),
            related_origins: True::when(config.related_origins),
        };
        Self {
            id: ChosenId::of(&config.id),
            tenant_id: ChosenId::of(&config.realm.tenant),
            realm_id: ChosenId::of(&config.realm.id),
            version: config.version,
            display_name: Text::from(config.display_name.as_str()),
            config: Invocation::from(config),
            relying_party: (relying_party != RelyingParty::default()).then_some(relying_party),
            passkey_policy: Policy::from(&config.policy),
            sign_in: (config.sign_in != SignInSettings::default()).then(|| SignIn::from(&config.sign_in)),
            create_time: Time(config.create_time),
            update_time: Time(config.update_time),
        }
    }
}

impl From<&SignInSettings> for SignIn {
    fn from(settings: &SignInSettings) -> Self {
        Self {
            enabled: settings.enabled,
            audience: settings.audience.as_deref().map(Text::from),
            on_clone: Named(settings.on_clone),
        }
    }
}

impl From<&binding::directory::AuthenticatorConfig> for Invocation {
    fn from(config: &binding::directory::AuthenticatorConfig) -> Self {
        use binding::directory::Invocation as Stored;
        let methods = config.unused_members.authentication_methods.as_deref();
        let methods = methods.and_then(|json| serde_json::from_str(json).ok());
        let authentication_methods = |usual: &[&str]| {
            methods.unwrap_or_else(|| usual.iter().map(|method| serde_json::json!({"type": method})).collect())
        };
        match &config.invocation {
            Stored::HostedWeb => Self::HostedWeb {
                authentication_methods: authentication_methods(&["webauthn_passkey"]),
                trusted_origins: config.unused_members.hosted_origins.clone(),
            },
            Stored::Embedded { invoke_url, trusted_origins, invocation_type } => Self::Embedded {
                invoke_url: invoke_url.clone(),
                trusted_origins: trusted_origins.clone(),
                invocation_type: invocation_type
                    .as_deref()
                    .and_then(InvocationType::from_name)
                    .unwrap_or(InvocationType::Automatic),
                authentication_methods: authentication_methods(&[
                    "email_one_time_password",
                    "software_passkey",
                    "webauthn_passkey",
                ]),
            },
        }
    }
}

impl Invocation {
    /// The value of `type`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::HostedWeb { .. } => "hosted_web",
            Self::Embedded { .. } => "embedded",
        }
    }
}

impl InvocationType {
    /// Parses a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "manual" => Some(Self::Manual),
            "automatic" => Some(Self::Automatic),
            _ => None,
        }
    }
}
