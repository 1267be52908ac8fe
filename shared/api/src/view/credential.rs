//! Credentials and the proofs that created them.

use std::ops::Deref;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use binding::credential::{CredentialState, Material, Proof};
use binding::job::Revoker;
use binding::model;
use binding::policy::Mechanism;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::Policy;
use crate::aaguid;
use crate::scalar::{Base64Url, ChosenId, JwkJson, Jws, Named, Text, Thumbprint, Time, Uuid, WebUrl};

/// The attestation leads to a root that the policy, or the FIDO metadata, names.
const VERIFIED: &str = "verified_against_root";
/// The attestation leads to no such root: its statements about the authenticator are the authenticator's own claims.
const NOT_VERIFIED: &str = "not_verified_against_root";

/// A credential: a passkey, or a software key.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Credential {
    /// The id of the credential. The authenticator's own is `webauthn.credential_id`.
    pub id: Uuid,
    /// The tenant.
    pub tenant_id: ChosenId,
    /// The realm.
    pub realm_id: ChosenId,
    /// The identity whose credential it is.
    pub identity_id: ChosenId,
    /// The job that created the credential.
    pub job_id: Uuid,
    /// Whether the credential may be used.
    pub state: Named<CredentialState>,
    /// How the key was proven: `FIDO2` and `WEBAUTHN` are passkeys, `JWT` is a software key.
    pub csr_type: Named<Mechanism>,
    /// The public key.
    pub jwk_json: JwkJson,
    /// The thumbprint of the public key.
    pub jwk_thumbprint: Thumbprint,
    /// The signature algorithm of the key, such as `ES256`.
    pub algorithm: Text,
    /// When the credential was created.
    pub create_time: Time,
    /// When the credential was last changed.
    pub update_time: Time,
    /// Who revoked the credential.
    pub revoked_by: Option<Named<Revoker>>,
    /// When the credential was last used to sign in. Absent if it never was.
    pub last_used_time: Option<Time>,
    /// How often the credential was used to sign in. Absent if it never was.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub use_count: Option<u64>,
    /// When the signature counter last did not increase: another device may have a copy of the passkey.
    pub clone_suspected_time: Option<Time>,
    /// The facts of the WebAuthn registration.
    pub webauthn: Option<WebauthnCredential>,
}

/// The facts that a WebAuthn registration states about a passkey and its authenticator.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct WebauthnCredential {
    /// The authenticator's id of the credential.
    pub credential_id: Base64Url,
    /// The public key as COSE (RFC 9052).
    pub public_key_cose: Base64Url,
    /// The model of the authenticator. All zeros if it is not given.
    pub aaguid: Uuid,
    /// The format of the attestation statement.
    pub attestation_format: Text,
    /// The type of the attestation (WebAuthn Level 3 §6.5.3).
    pub attestation_type: Text,
    /// Whether the attestation was verified against a root certificate.
    pub attestation_result: Option<Text>,
    /// The subject of that root certificate.
    pub verified_by: Option<Text>,
    /// The name of the model.
    pub model: Option<Text>,
    /// Whether the authenticator verified its user.
    pub user_verified: bool,
    /// Whether the passkey can be synced.
    pub backup_eligible: bool,
    /// Whether the passkey is synced, as of its last use.
    pub backup_state: bool,
    /// The transports of the authenticator.
    pub transports: Vec<Text>,
    /// The signature counter, as of its last use.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 4_294_967_295_u32)))]
    pub sign_count: u32,
    /// The relying party id.
    pub rp_id: Text,
    /// The user handle (WebAuthn Level 3 §5.4.3). Absent if the client chose it, as for `WEBAUTHN`.
    pub user_handle: Option<Base64Url>,
}

/// A credential that was just created.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BoundCredential {
    /// The credential.
    #[serde(flatten)]
    pub credential: Credential,
    /// The signed receipt of the credential. Verify it with the keys at `/.well-known/jwks.json`.
    pub binding_receipt: Jws,
    /// Where the user is sent next. Its `code` can be redeemed for the job, once.
    pub post_binding_redirect_uri: Option<WebUrl>,
}

impl Deref for BoundCredential {
    type Target = Credential;

    fn deref(&self) -> &Credential {
        &self.credential
    }
}

/// The proof of a credential, with everything that is needed to verify it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct CredentialProof {
    /// The id of the credential.
    pub credential_id: Uuid,
    /// The tenant.
    pub tenant_id: ChosenId,
    /// The realm.
    pub realm_id: ChosenId,
    /// The identity.
    pub identity_id: ChosenId,
    /// The job.
    pub job_id: Uuid,
    /// The thumbprint of the public key.
    pub jwk_thumbprint: Text,
    /// When the proof was verified.
    pub verified_time: Time,
    /// The authenticator config whose policy the proof met.
    pub authenticator_config_id: ChosenId,
    /// The version of that config.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub authenticator_config_version: u32,
    /// That policy.
    pub passkey_policy: Policy,
    /// What the proof had to match.
    pub expected: Expected,
    /// The proof.
    pub proof: StoredProof,
}

/// What a proof had to match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
#[serde(untagged)]
pub enum Expected {
    /// A WebAuthn registration.
    #[cfg_attr(feature = "schema", schemars(title = "ExpectedRegistration"))]
    Webauthn {
        /// The relying party id.
        rp_id: Text,
        /// The origins whose pages could create the passkey.
        origins: Vec<String>,
        /// The challenge.
        challenge: Base64Url,
    },
    /// A JWT.
    #[cfg_attr(feature = "schema", schemars(title = "ExpectedJwt"))]
    Jwt {
        /// The claim `nonce`.
        nonce: Text,
        /// The claim `aud`.
        aud: Text,
    },
}

/// A proof in the form of a request to `:bind`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct StoredProof {
    /// The mechanism of the proof.
    pub r#type: Named<Mechanism>,
    /// The `raw` member of the request.
    pub raw: RawProof,
}

/// A proof as a device sends it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RawProof {
    /// A registration, for `FIDO2`.
    Registration(Box<RegistrationResponse>),
    /// JSON in a string for `WEBAUTHN`, a compact JWS for `JWT`.
    Text(String),
}

/// The stored members of a `RegistrationResponseJSON` (WebAuthn Level 3 §5.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationResponse {
    id: String,
    raw_id: String,
    r#type: String,
    response: AttestationResponse,
    client_extension_results: serde_json::Map<String, serde_json::Value>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttestationResponse {
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    attestation_object: String,
    transports: Option<Vec<String>>,
}

/// The `raw` of a proof of type `WEBAUTHN`.
#[derive(Serialize)]
struct ClientRegistration {
    attestation_object: String,
    client_data_json_base64: String,
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for RawProof {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RawProof".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": ["object", "string"]})
    }
}

impl From<&binding::credential::Credential> for Credential {
    fn from(credential: &binding::credential::Credential) -> Self {
        let binding::credential::Credential { identity, facts, .. } = credential;
        Self {
            id: Uuid::of(&credential.id),
            tenant_id: ChosenId::of(&identity.realm.tenant),
            realm_id: ChosenId::of(&identity.realm.id),
            identity_id: ChosenId::of(&identity.id),
            job_id: Uuid::of(&credential.job),
            state: Named(credential.state),
            csr_type: Named(facts.mechanism),
            jwk_json: facts.jwk_json.as_str().into(),
            jwk_thumbprint: facts.jwk_thumbprint.as_str().into(),
            algorithm: facts.algorithm.as_str().into(),
            create_time: Time(credential.create_time),
            update_time: Time(credential.update_time),
            revoked_by: credential.revoked_by.map(Named),
            last_used_time: credential.usage.last_time.map(Time),
            use_count: Some(credential.usage.count).filter(|count| *count > 0),
            clone_suspected_time: credential.usage.clone_suspicion.map(|suspicion| Time(suspicion.time)),
            webauthn: facts.webauthn.as_ref().map(|webauthn| WebauthnCredential {
                credential_id: URL_SAFE_NO_PAD.encode(&webauthn.credential_id).into(),
                public_key_cose: URL_SAFE_NO_PAD.encode(&webauthn.cose_key).into(),
                aaguid: aaguid::text(&webauthn.aaguid).into(),
                attestation_format: webauthn.attestation_format.as_str().into(),
                attestation_type: webauthn.attestation_type.name().into(),
                attestation_result: Some(if webauthn.verified_by.is_some() { VERIFIED } else { NOT_VERIFIED }.into()),
                verified_by: webauthn.verified_by.as_deref().map(Text::from),
                model: credential.model.as_deref().or_else(|| model::name(&webauthn.aaguid)).map(Text::from),
                user_verified: webauthn.user_verified,
                backup_eligible: webauthn.backup_eligible,
                backup_state: webauthn.backup_state,
                transports: webauthn.transports.iter().map(|transport| transport.as_str().into()).collect(),
                sign_count: webauthn.sign_count,
                rp_id: webauthn.rp_id.as_str().into(),
                user_handle: (facts.mechanism == Mechanism::Fido2)
                    .then(|| URL_SAFE_NO_PAD.encode(identity.user_handle()).into()),
            }),
        }
    }
}

impl CredentialProof {
    /// The stored proof of a credential. `policy` is that of the proof's config version.
    #[must_use]
    pub fn of(credential: &binding::credential::Credential, proof: &Proof, policy: &binding::policy::Policy) -> Self {
        let identity = &credential.identity;
        let expected = &proof.expected;
        Self {
            credential_id: Uuid::of(&credential.id),
            tenant_id: ChosenId::of(&identity.realm.tenant),
            realm_id: ChosenId::of(&identity.realm.id),
            identity_id: ChosenId::of(&identity.id),
            job_id: Uuid::of(&credential.job),
            jwk_thumbprint: credential.facts.jwk_thumbprint.as_str().into(),
            verified_time: Time(proof.verified_time),
            authenticator_config_id: ChosenId::of(&proof.config_id),
            authenticator_config_version: proof.config_version,
            passkey_policy: Policy::from(policy),
            expected: match &proof.material {
                Material::Jwt(_) => {
                    Expected::Jwt { nonce: expected.nonce.as_str().into(), aud: expected.audience.as_str().into() }
                }
                Material::Webauthn { .. } => Expected::Webauthn {
                    rp_id: expected.rp_id.as_str().into(),
                    origins: expected.origins.clone(),
                    challenge: URL_SAFE_NO_PAD.encode(&expected.challenge).into(),
                },
            },
            proof: StoredProof { r#type: Named(credential.facts.mechanism), raw: raw(credential, proof) },
        }
    }
}

fn raw(credential: &binding::credential::Credential, proof: &Proof) -> RawProof {
    let facts = &credential.facts;
    match (&proof.material, facts.mechanism) {
        (Material::Jwt(jws), _) => RawProof::Text(jws.clone()),
        (Material::Webauthn { client_data_json, attestation_object }, Mechanism::Fido2) => {
            let id = URL_SAFE_NO_PAD.encode(facts.key_id());
            RawProof::Registration(Box::new(RegistrationResponse {
                id: id.clone(),
                raw_id: id,
                r#type: "public-key".to_owned(),
                response: AttestationResponse {
                    client_data_json: URL_SAFE_NO_PAD.encode(client_data_json),
                    attestation_object: URL_SAFE_NO_PAD.encode(attestation_object),
                    transports: facts.webauthn.as_ref().map(|webauthn| webauthn.transports.clone()),
                },
                client_extension_results: serde_json::Map::new(),
            }))
        }
        (Material::Webauthn { client_data_json, attestation_object }, _) => {
            let raw = ClientRegistration {
                attestation_object: STANDARD.encode(attestation_object),
                client_data_json_base64: STANDARD.encode(client_data_json),
            };
            RawProof::Text(serde_json::to_string(&raw).unwrap_or_default())
        }
    }
}
