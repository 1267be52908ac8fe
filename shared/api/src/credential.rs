//! Credentials: views.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use binding::credential::Credential;
use binding::model;
use serde_json::{Value, json};

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
        view["webauthn"] = json!({
            "credential_id": URL_SAFE_NO_PAD.encode(&webauthn.credential_id),
            "public_key_cose": URL_SAFE_NO_PAD.encode(&webauthn.cose_key),
            "aaguid": uuid(&webauthn.aaguid),
            "attestation_format": webauthn.attestation_format,
            "attestation_type": webauthn.attestation_type.name(),
            "user_verified": webauthn.user_verified,
            "backup_eligible": webauthn.backup_eligible,
            "backup_state": webauthn.backup_state,
            "transports": webauthn.transports,
            "sign_count": webauthn.sign_count,
            "rp_id": webauthn.rp_id,
        });
        if let Some(name) = model::name(&webauthn.aaguid) {
            view["webauthn"]["model"] = name.into();
        }
        if let Some(root) = &webauthn.verified_by {
            view["webauthn"]["verified_by"] = root.as_str().into();
        }
    }
    view
}

/// An AAGUID is written like a UUID (WebAuthn Level 3 §6.1).
fn uuid(bytes: &[u8; 16]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
