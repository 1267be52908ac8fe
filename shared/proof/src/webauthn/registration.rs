//! The check of a registration: WebAuthn Level 3 §7.1.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use serde::Deserialize;
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    PasskeyRegistration, RegisterPublicKeyCredential, Url, Uuid, WebauthnBuilder, WebauthnError,
};

use super::authenticator_data::AttestationObject;
use super::client_data;
use super::public_key::PublicKey;
use crate::Verified;
use crate::facts::{Facts, Mechanism, WebauthnFacts};
use crate::refusal::{Reason, Refusal};
use crate::wish::Requirement;

/// What a registration must match.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The relying party id.
    pub rp_id: &'a str,
    /// The origins whose pages may make passkeys, spelt as browsers do.
    pub origins: &'a [String],
    /// The challenge of this ceremony.
    pub challenge: &'a [u8],
    /// Whether the authenticator must have verified its user.
    pub user_verification: Requirement,
}

#[derive(Deserialize)]
struct RegistrationResponse {
    id: String,
    #[serde(rename = "rawId")]
    raw_id: String,
    r#type: String,
    response: AttestationResponse,
}

#[derive(Deserialize)]
struct AttestationResponse {
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    #[serde(rename = "attestationObject")]
    attestation_object: String,
    #[serde(default)]
    transports: Vec<String>,
}

/// Verifies a `RegistrationResponseJSON` (§5.1.8.1).
///
/// # Errors
/// [`Refusal`], with the step that failed.
pub fn verify_registration(response: &Value, expected: Expected<'_>) -> Result<Verified, Refusal> {
    let malformed = |detail: String| Refusal::new(Reason::MalformedResponse, detail);
    let answer = RegistrationResponse::deserialize(response).map_err(|_| {
        // What serde says would repeat the input.
        malformed("raw must have id, rawId, type, response.clientDataJSON and response.attestationObject".into())
    })?;
    let decode = |name: &str, text: &str| {
        URL_SAFE_NO_PAD.decode(text).map_err(|_| malformed(format!("{name} is not base64url without padding")))
    };
    let raw_id = decode("rawId", &answer.raw_id)?;
    let client_data = decode("response.clientDataJSON", &answer.response.client_data_json)?;
    let attestation = decode("response.attestationObject", &answer.response.attestation_object)?;
    if answer.r#type != "public-key" {
        return Err(malformed("type must be public-key".into()));
    }

    let origin = client_data::check(&client_data, &URL_SAFE_NO_PAD.encode(expected.challenge), expected.origins)?;
    let object = AttestationObject::parse(&attestation)?;
    let data = &object.data;
    let refuse = |reason, detail: &str| Err(Refusal::new(reason, detail));
    if data.rp_id_hash != digest::digest(&digest::SHA256, expected.rp_id.as_bytes()).as_ref() {
        return refuse(Reason::RpIdMismatch, "the key is bound to another relying party");
    }
    if !data.user_present() {
        return refuse(Reason::UserNotPresent, "the user-present flag is not set");
    }
    if expected.user_verification == Requirement::Required && !data.user_verified() {
        return refuse(Reason::UserNotVerified, "the policy requires user verification and the device did none");
    }
    if data.backup_state() && !data.backup_eligible() {
        return refuse(Reason::BackupFlagsInvalid, "backed up without being eligible for backup");
    }
    let key = PublicKey::from_cose(&data.key)?;
    if object.format == "none" && !object.statement_is_empty {
        return refuse(Reason::AttestationInvalid, "the format none comes with a statement");
    }
    if answer.id != answer.raw_id || data.credential_id != raw_id || !(1..=1023).contains(&raw_id.len()) {
        return refuse(
            Reason::CredentialIdInvalid,
            "id, rawId and the authenticator data must agree, in 1 to 1023 bytes",
        );
    }
    verify_attestation(&answer, origin, expected)?;

    Ok(Verified(Facts {
        mechanism: Mechanism::Fido2,
        jwk_json: key.jwk_json,
        jwk_thumbprint: key.jwk_thumbprint,
        algorithm: key.algorithm.to_owned(),
        webauthn: Some(WebauthnFacts {
            credential_id: raw_id,
            cose_key: data.cose_key.clone(),
            aaguid: data.aaguid,
            attestation_format: object.format.clone(),
            user_verified: data.user_verified(),
            backup_eligible: data.backup_eligible(),
            backup_state: data.backup_state(),
            transports: known_transports(&answer.response.transports),
            sign_count: data.sign_count,
            rp_id: expected.rp_id.to_owned(),
        }),
    }))
}

/// The transports of WebAuthn Level 3 §5.8.4, each once; others are dropped, since the browser is not bound to tell.
fn known_transports(claimed: &[String]) -> Vec<String> {
    let known = ["ble", "hybrid", "internal", "nfc", "smart-card", "usb"];
    known.into_iter().filter(|known| claimed.iter().any(|claim| claim == known)).map(str::to_owned).collect()
}

/// Has webauthn-rs verify the whole, the attestation statement with it. Its state between the two calls is made here
/// with the challenge that we derived, so that nothing has to be stored.
fn verify_attestation(answer: &RegistrationResponse, origin: &str, expected: Expected<'_>) -> Result<(), Refusal> {
    let configuration = |detail: &str| Refusal::new(Reason::RpIdMismatch, format!("relying party: {detail}"));
    let origin = Url::parse(origin).map_err(|_| configuration("the allowed origin is not a URL"))?;
    let webauthn = WebauthnBuilder::new(expected.rp_id, &origin)
        .and_then(WebauthnBuilder::build)
        .map_err(|_| configuration("its id is not a domain of the page's origin"))?;

    let engine = |error: WebauthnError| Refusal::new(Reason::AttestationInvalid, error.to_string());
    let (_, state) = webauthn.start_passkey_registration(Uuid::nil(), "-", "-", None).map_err(engine)?;
    let state = with_challenge(&state, expected)
        .map_err(|error| Refusal::new(Reason::AttestationInvalid, format!("ceremony state: {error}")))?;
    let credential = json!({
        "id": answer.id,
        "rawId": answer.raw_id,
        "type": answer.r#type,
        "response": {
            "clientDataJSON": answer.response.client_data_json,
            "attestationObject": answer.response.attestation_object,
        },
        "extensions": {},
    });
    let credential = RegisterPublicKeyCredential::deserialize(credential)
        .map_err(|_| Refusal::new(Reason::MalformedResponse, "the response is not that of a registration"))?;
    webauthn.finish_passkey_registration(&credential, &state).map(|_| ()).map_err(engine)
}

fn with_challenge(
    state: &PasskeyRegistration,
    expected: Expected<'_>,
) -> Result<PasskeyRegistration, serde_json::Error> {
    let mut state = serde_json::to_value(state)?;
    state["rs"]["challenge"] = URL_SAFE_NO_PAD.encode(expected.challenge).into();
    state["rs"]["policy"] = expected.user_verification.name().into();
    serde_json::from_value(state)
}
