//! Passkey policies, as they are shown and as they are asked for.

use binding::policy::{Algorithm, Attestation, Certification, Mechanism, Trust};
use serde_json::{Value, json};

use super::schemas::{request, strings, up_to};
use crate::shape::{Member, may, must, object, one_of, pattern, text};

/// A config's policy, as it is shown.
pub(super) fn shown() -> Value {
    let models = || json!({"type": "array", "items": model()});
    object(vec![
        must("mechanisms", one_or_more(&Mechanism::ALL.map(Mechanism::name))),
        must("user_verification", wish()),
        must("resident_key", wish()),
        must("attestation", attestation()),
        must("trust", trust(object, &Certification::ALL.map(Certification::status))),
        must("aaguids", object(vec![must("allow", models()), must("deny", models())])),
        must("backup_eligible", backup()),
        may("algorithms", one_or_more(&Algorithm::ALL.map(Algorithm::name))),
        may("origins", strings()),
        may("attestation_roots", strings()),
        may("android_status", android_status()),
    ])
}

/// The same, as it is asked for: everything may be left out.
pub(super) fn asked() -> Value {
    let models = || json!({"type": "array", "items": model(), "maxItems": 200});
    // The name of level 1 before there were levels.
    let levels = [&["FIDO_CERTIFIED"], &Certification::ALL.map(Certification::status)[..]].concat();
    let texts = |most: u32, longest: u32| json!({"type": "array", "items": up_to(longest), "maxItems": most});
    request(vec![
        may("mechanisms", one_or_more(&Mechanism::ALL.map(Mechanism::name))),
        may("user_verification", wish()),
        may("resident_key", wish()),
        may("attestation", attestation()),
        may("trust", trust(request, &levels)),
        may("aaguids", request(vec![may("allow", models()), may("deny", models())])),
        may("backup_eligible", backup()),
        may("algorithms", one_or_more(&Algorithm::ALL.map(Algorithm::name))),
        may("origins", texts(50, 2048)),
        may("attestation_roots", texts(20, 16_384)),
        may("android_status", android_status()),
    ])
}

fn one_or_more(names: &[&str]) -> Value {
    json!({"type": "array", "items": one_of(names), "minItems": 1})
}

fn wish() -> Value {
    one_of(&["required", "preferred", "discouraged"])
}

fn attestation() -> Value {
    one_of(&Attestation::NAMES)
}

fn android_status() -> Value {
    one_of(&["if_available", "required"])
}

fn backup() -> Value {
    one_of(&["allowed", "required", "forbidden"])
}

fn trust(object: fn(Vec<Member>) -> Value, minimums: &[&str]) -> Value {
    let minimum = may("minimum_certification", one_of(minimums));
    let detailed = object(vec![must("level", one_of(&Trust::LEVELS)), minimum]);
    json!({"anyOf": [one_of(&Trust::LEVELS), detailed]})
}

/// An AAGUID (WebAuthn Level 3 §6.1).
fn model() -> Value {
    pattern("^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")
}

/// The stored proof of a credential.
pub(super) fn proof() -> Vec<Member> {
    use crate::shape::{base64url, chosen_id, made_id, time};
    let of_webauthn = object(vec![must("rp_id", text()), must("origins", strings()), must("challenge", base64url())]);
    let of_jwt = object(vec![must("nonce", text()), must("aud", text())]);
    let kinds = Mechanism::ALL.map(Mechanism::name);
    let raw = json!({"type": ["object", "string"], "description": "As :bind takes it."});
    vec![
        must("credential_id", made_id()),
        must("tenant_id", chosen_id()),
        must("realm_id", chosen_id()),
        must("identity_id", chosen_id()),
        must("job_id", made_id()),
        must("jwk_thumbprint", text()),
        must("verified_time", time()),
        must("authenticator_config_id", chosen_id()),
        must("authenticator_config_version", json!({"type": "integer", "minimum": 1})),
        must("passkey_policy", shown()),
        must("expected", json!({"anyOf": [of_webauthn, of_jwt]})),
        must("proof", object(vec![must("type", one_of(&kinds)), must("raw", raw)])),
    ]
}
