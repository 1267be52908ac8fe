//! Credentials: views.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use binding::credential::{Credential, Material, Proof};
use binding::model;
use binding::policy::{Mechanism, Policy};
use serde_json::{Value, json};

use crate::filter::{Attribute, Kind};
use crate::{aaguid, policy};

/// The attestation leads to a root that the policy, or the FIDO metadata, names.
const VERIFIED: &str = "verified_against_root";
/// It does not: what it says of the authenticator is the authenticator's own word.
const NOT_VERIFIED: &str = "not_verified_against_root";

/// What credentials can be filtered by.
pub const ATTRIBUTES: [Attribute; 2] = [
    Attribute { name: "state", kind: Kind::Name(&["ACTIVE", "REVOKED"]) },
    Attribute { name: "create_time", kind: Kind::Time },
];

/// A credential as the API shows it.
#[must_use]
pub fn view(credential: &Credential) -> Value {
    let Credential { identity, facts, .. } = credential;
    let mut view = json!({
        "id": credential.id.to_string(),
        "tenant_id": identity.realm.tenant.as_str(),
        "realm_id": identity.realm.realm.as_str(),
        "identity_id": identity.identity.as_str(),
        "job_id": credential.job.to_string(),
        "state": credential.state.name(),
        "csr_type": facts.mechanism.name(),
        "jwk_json": facts.jwk_json,
        "jwk_thumbprint": facts.jwk_thumbprint,
        "algorithm": facts.algorithm,
        "create_time": credential.create_time.to_string(),
        "update_time": credential.update_time.to_string(),
    });
    if let Some(revoker) = credential.revoked_by {
        view["revoked_by"] = revoker.name().into();
    }
    if let Some(webauthn) = &facts.webauthn {
        let result = if webauthn.verified_by.is_some() { VERIFIED } else { NOT_VERIFIED };
        view["webauthn"] = json!({
            "credential_id": URL_SAFE_NO_PAD.encode(&webauthn.credential_id),
            "public_key_cose": URL_SAFE_NO_PAD.encode(&webauthn.cose_key),
            "aaguid": aaguid::text(&webauthn.aaguid),
            "attestation_format": webauthn.attestation_format,
            "attestation_type": webauthn.attestation_type.name(),
            "attestation_result": result,
            "user_verified": webauthn.user_verified,
            "backup_eligible": webauthn.backup_eligible,
            "backup_state": webauthn.backup_state,
            "transports": webauthn.transports,
            "sign_count": webauthn.sign_count,
            "rp_id": webauthn.rp_id,
        });
        if let Some(name) = credential.model.as_deref().or_else(|| model::name(&webauthn.aaguid)) {
            view["webauthn"]["model"] = name.into();
        }
        if let Some(root) = &webauthn.verified_by {
            view["webauthn"]["verified_by"] = root.as_str().into();
        }
    }
    view
}

/// What a credential was proven with, and what that had to match: all that is needed to verify it again. `proof` has
/// the form in which `:bind` took it.
#[must_use]
pub fn proof_view(credential: &Credential, proof: &Proof, policy: &Policy) -> Value {
    let Credential { identity, facts, .. } = credential;
    let raw = match (&proof.material, facts.mechanism) {
        (Material::Jwt(jws), _) => jws.as_str().into(),
        (Material::Webauthn { client_data_json, attestation_object }, Mechanism::Fido2) => {
            let id = URL_SAFE_NO_PAD.encode(facts.key_id());
            json!({
                "id": id, "rawId": id, "type": "public-key",
                "response": {
                    "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data_json),
                    "attestationObject": URL_SAFE_NO_PAD.encode(attestation_object),
                    "transports": facts.webauthn.as_ref().map(|webauthn| &webauthn.transports),
                },
                "clientExtensionResults": {},
            })
        }
        (Material::Webauthn { client_data_json, attestation_object }, _) => json!({
            "client_data_json_base64": STANDARD.encode(client_data_json),
            "attestation_object": STANDARD.encode(attestation_object),
        })
        .to_string()
        .into(),
    };
    let expected = &proof.expected;
    let expected = match &proof.material {
        Material::Jwt(_) => json!({"nonce": expected.nonce, "aud": expected.audience}),
        Material::Webauthn { .. } => json!({
            "rp_id": expected.rp_id,
            "origins": expected.origins,
            "challenge": URL_SAFE_NO_PAD.encode(&expected.challenge),
        }),
    };
    json!({
        "credential_id": credential.id.to_string(),
        "tenant_id": identity.realm.tenant.as_str(),
        "realm_id": identity.realm.realm.as_str(),
        "identity_id": identity.identity.as_str(),
        "job_id": credential.job.to_string(),
        "jwk_thumbprint": facts.jwk_thumbprint,
        "verified_time": proof.verified_time.to_string(),
        "authenticator_config_id": proof.config_id.as_str(),
        "authenticator_config_version": proof.config_version,
        "passkey_policy": policy::view(policy),
        "expected": expected,
        "proof": {"type": facts.mechanism.name(), "raw": raw},
    })
}
