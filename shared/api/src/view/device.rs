//! Responses for the holder of a link (the hosted page, an app's page, and the device), and public documents at
//! well-known addresses.

use binding::credential::CredentialState;
use binding::directory::{OwnTexts, Realm};
use binding::job::Revoker;
use binding::language::Language;
use binding::state::State;
use binding::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_with::skip_serializing_none;

use super::{Credential, Invocation, Theme, Traits};
use crate::scalar::{self, Base64Url, ChosenId, LanguageTag, Text, Time, True, Uri, Uuid, WebUrl};

/// Information about a link, shown before the user opens it.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Preview {
    /// The state of the job.
    pub state: scalar::Named<State>,
    /// The link expires at this time.
    pub expire_time: Time,
    /// The realm that asks for the passkey.
    pub realm: DisplayName,
    /// The person who gets it.
    pub identity: DisplayName,
    /// The look of the page.
    pub theme: Theme,
    /// The language of the page: the job's, the identity's, the browser's or the realm's, in this order.
    pub locale: LanguageTag,
    /// The realm's own text above the button.
    pub intro: Option<Text>,
    /// The realm's own line about where users find help.
    pub help: Option<Text>,
    /// Who revoked the job.
    pub revoked_by: Option<scalar::Named<Revoker>>,
    /// Present if the link has expired and a new one can be mailed.
    pub renewable: Option<True>,
    /// The job that replaces this expired one. Present if its link was mailed and has not expired.
    pub renewal: Option<Renewal>,
    /// Where the user is sent after the passkey is created.
    pub post_binding_redirect_uri: Option<WebUrl>,
}

impl Preview {
    /// What the page of a realm shows of a job in this state, without what belongs to the job alone.
    #[must_use]
    pub fn of(realm: &Realm, identity: &str, language: Language, state: State, expire_time: Timestamp) -> Self {
        Self {
            state: scalar::Named(state),
            expire_time: Time(expire_time),
            realm: DisplayName::new(realm.name_in(language)),
            identity: DisplayName::new(identity),
            theme: Theme::of_page(&realm.theme),
            locale: LanguageTag::from(language.tag()),
            intro: own_text(realm, language, |own| &own.intro),
            help: own_text(realm, language, |own| &own.help),
            revoked_by: None,
            renewable: None,
            renewal: None,
            post_binding_redirect_uri: None,
        }
    }
}

/// One of the realm's own texts in a language, if the realm has it.
pub fn own_text(realm: &Realm, language: Language, text: impl Fn(&OwnTexts) -> &str) -> Option<Text> {
    realm.texts_in(language).map(text).filter(|text| !text.is_empty()).map(Text::from)
}

/// The job that replaces one whose link has expired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Renewal {
    /// The state of the new job.
    pub state: scalar::Named<State>,
    /// When its link was last mailed.
    pub mail_time: Time,
}

/// The passkey that a notice is about, shown before the recipient removes it.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct DisownPreview {
    /// The passkey.
    pub credential: NotedCredential,
    /// The link of the notice expires at this time.
    pub expire_time: Time,
    /// Present if the link can still remove the passkey.
    pub removable: Option<True>,
    /// The realm that asked for the passkey.
    pub realm: DisplayName,
    /// The person whose passkey it is.
    pub identity: DisplayName,
    /// The look of the page.
    pub theme: Theme,
    /// The language of the page: the job's, the identity's, the browser's or the realm's, in this order.
    pub locale: LanguageTag,
    /// The realm's own line about where users find help.
    pub help: Option<Text>,
}

/// The parts of a credential that the recipient of its notice sees.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct NotedCredential {
    /// Whether the credential may be used.
    pub state: scalar::Named<CredentialState>,
    /// When the credential was created.
    pub create_time: Time,
    /// The name of the authenticator's model.
    pub model: Option<Text>,
    /// Who revoked the credential.
    pub revoked_by: Option<scalar::Named<Revoker>>,
    /// When the credential was revoked.
    pub revoke_time: Option<Time>,
}

/// Something that is shown by its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct DisplayName {
    /// The name.
    pub display_name: Text,
}

/// The data that a device needs after the link is opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Instruction {
    /// The address of the API.
    pub api_base_url: Uri,
    /// The tenant.
    pub tenant_id: ChosenId,
    /// The realm.
    pub realm_id: ChosenId,
    /// The identity.
    pub identity_id: ChosenId,
    /// The job.
    pub job_id: Uuid,
    /// The ceremony token: the bearer token of `:getInfo` and `:bind`. It expires after fifteen minutes.
    pub token: Text,
}

/// The binding request: the identity that the key is for, and how it can be proven.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BindingRequest {
    /// The tenant.
    pub tenant: IdAndDisplayName,
    /// The realm.
    pub realm: IdAndDisplayName,
    /// The person who gets the passkey.
    pub identity: BindingRequestIdentity,
    /// The look of the page.
    pub theme: Theme,
    /// The authenticator config of the job.
    pub authenticator_config: BindingRequestConfig,
    /// Where the user is sent after the passkey is created.
    pub post_binding_redirect_uri: Option<WebUrl>,
    /// The options of a WebAuthn registration, if the policy allows `FIDO2`.
    pub creation_options: Option<CreationOptions>,
    /// The claims of a proof by JWT, if the policy allows `JWT`.
    pub jwt_binding: Option<JwtBinding>,
    /// The ceremony token: the bearer token of `:bind`. Present if the request had the link's secret. It expires after
    /// fifteen minutes.
    pub token: Option<Text>,
}

/// An id with its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct IdAndDisplayName {
    /// The id.
    pub id: ChosenId,
    /// The name.
    pub display_name: Text,
}

/// The person in a binding request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BindingRequestIdentity {
    /// The id of the identity.
    pub id: ChosenId,
    /// The name of the person.
    pub display_name: Text,
    /// The traits of the person.
    pub traits: Traits,
}

/// The authenticator config in a binding request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BindingRequestConfig {
    /// The id of the config.
    pub id: ChosenId,
    /// The realm.
    pub realm_id: ChosenId,
    /// The tenant.
    pub tenant_id: ChosenId,
    /// Where passkeys are created.
    pub config: Invocation,
}

/// `PublicKeyCredentialCreationOptionsJSON` (WebAuthn Level 3 §5.1.9).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CreationOptions(pub Value);

#[cfg(feature = "schema")]
impl schemars::JsonSchema for CreationOptions {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CreationOptions".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "PublicKeyCredentialCreationOptionsJSON (WebAuthn Level 3 §5.1.9).",
            "required": ["rp", "user", "challenge", "pubKeyCredParams"],
            "properties": {
                "rp": {"type": "object", "description": "The relying party."},
                "user": {"type": "object", "description": "The user account."},
                "challenge": {"type": "string", "description": "The challenge, in base64url."},
                "pubKeyCredParams": {
                    "type": "array",
                    "description": "The algorithms that are accepted, the preferred one first.",
                    "items": {"type": "object"},
                },
            },
        })
    }
}

/// The claims of a proof by JWT.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct JwtBinding {
    /// The claim `nonce`.
    pub nonce: Text,
    /// The claim `aud`.
    pub aud: Text,
    /// The algorithms that are accepted.
    pub alg: Vec<String>,
}

/// A renewed link. It is mailed; the response does not contain it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Renewed {
    /// How the new link reaches the user.
    pub delivery_method: Emailed,
    /// The new link expires at this time.
    pub expire_time: Time,
}

/// The delivery method of a renewed link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
pub enum Emailed {
    /// By mail.
    #[serde(rename = "EMAIL")]
    Email,
}

/// The state of something that was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
pub enum Withdrawn {
    /// It was revoked.
    #[serde(rename = "REVOKED")]
    Revoked,
}

/// A job that its recipient declined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Declined {
    /// The state of the job.
    pub state: Withdrawn,
}

/// A passkey that its recipient disowned.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Disowned {
    /// The state of the credential.
    pub state: Withdrawn,
    /// The passkey, for a page that asks the device to forget it (WebAuthn Level 3 §5.1.10).
    pub webauthn: Option<DisownedPasskey>,
}

/// What a device needs to forget a passkey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct DisownedPasskey {
    /// The relying party id.
    pub rp_id: Text,
    /// The authenticator's id of the credential.
    pub credential_id: Base64Url,
}

/// The origins that may use the host as their relying party id (WebAuthn Level 3 §5.11).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct RelatedOrigins {
    /// The origins.
    pub origins: Vec<String>,
}

/// Where users create and manage passkeys (W3C, Passkey Endpoints).
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct PasskeyEndpoints {
    /// The page to create passkeys.
    pub enroll: Option<Uri>,
    /// The page to manage them.
    pub manage: Option<Uri>,
}

/// The Android apps that share passkeys with the host (Digital Asset Links, statement list).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AssetLinks(pub Vec<AssetLink>);

/// A statement that an app may use the host's passkeys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct AssetLink {
    /// What the app may do: `delegate_permission/common.handle_all_urls`, which passkeys require, and
    /// `delegate_permission/common.get_login_creds`.
    pub relation: Vec<Text>,
    /// The app.
    pub target: AndroidApp,
}

/// An Android app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct AndroidApp {
    /// `android_app`.
    pub namespace: Text,
    /// The application id.
    pub package_name: Text,
    /// SHA-256 of the app's signing certificates, in hexadecimal with colons.
    pub sha256_cert_fingerprints: Vec<Text>,
}

/// The Apple apps that share passkeys with the host (Supporting associated domains).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct AppleAppSiteAssociation {
    /// The service that passkeys belong to.
    pub webcredentials: AppleApps,
}

/// A list of Apple apps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct AppleApps {
    /// Application identifiers: team identifier and bundle identifier with a dot between them.
    pub apps: Vec<Text>,
}

/// The public keys that verify receipts (RFC 7517 §5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct KeySet {
    /// The keys.
    pub keys: Vec<Map<String, Value>>,
}

impl DisplayName {
    /// A name.
    #[must_use]
    pub fn new(display_name: &str) -> Self {
        Self { display_name: display_name.into() }
    }
}

impl From<&binding::credential::Credential> for NotedCredential {
    fn from(credential: &binding::credential::Credential) -> Self {
        let shown = Credential::from(credential);
        Self {
            state: shown.state,
            create_time: shown.create_time,
            model: shown.webauthn.and_then(|webauthn| webauthn.model),
            revoked_by: shown.revoked_by,
            // A revoked credential does not change any more.
            revoke_time: shown.revoked_by.map(|_| shown.update_time),
        }
    }
}

impl Renewed {
    /// The response for a job whose link is mailed.
    #[must_use]
    pub fn until(expire_time: Timestamp) -> Self {
        Self { delivery_method: Emailed::Email, expire_time: Time(expire_time) }
    }
}
