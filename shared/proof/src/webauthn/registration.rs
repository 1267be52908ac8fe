//! The check of a registration: WebAuthn Level 3 §7.1.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest;
use serde::Deserialize;
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    PasskeyRegistration, RegisterPublicKeyCredential, Url, Uuid, WebauthnBuilder, WebauthnError,
};

use super::authenticator_data::AttestationObject;
use super::client_data::{self, Challenge, Checked};
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

/// What a registration by a client of the published API must match. It makes the creation options itself, with the
/// host of its page as relying party id.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedOfClient<'a> {
    /// The relying party id of the config, which is taken as well.
    pub rp_id: &'a str,
    /// The origins whose pages may make passkeys, spelt as browsers do.
    pub origins: &'a [String],
    /// `sub` in the challenge: the identity, as [`crate::jwt::subject`] writes it.
    pub subject: &'a str,
    /// `token` in the challenge: the ceremony token.
    pub token: &'a str,
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

#[derive(Deserialize)]
struct ClientResponse {
    client_data_json_base64: String,
    attestation_object: String,
}

/// A registration taken out of its wrapping, and what it must match.
struct Registration<'a> {
    mechanism: Mechanism,
    client_data: Vec<u8>,
    attestation: Vec<u8>,
    /// The id that the answer names beside the authenticator data, if its form has one.
    named_id: Option<Vec<u8>>,
    transports: Vec<String>,
    origins: &'a [String],
    challenge: Challenge<'a>,
    rp_id: &'a str,
    user_verification: Requirement,
}

fn malformed(detail: impl Into<String>) -> Refusal {
    Refusal::new(Reason::MalformedResponse, detail)
}

/// Verifies a `RegistrationResponseJSON` (§5.1.8.1).
///
/// # Errors
/// [`Refusal`], with the step that failed.
pub fn verify_registration(response: &Value, expected: Expected<'_>) -> Result<Verified, Refusal> {
    let answer = RegistrationResponse::deserialize(response).map_err(|_| {
        // What serde says would repeat the input.
        malformed("raw must have id, rawId, type, response.clientDataJSON and response.attestationObject")
    })?;
    let decode = |name: &str, text: &str| {
        URL_SAFE_NO_PAD.decode(text).map_err(|_| malformed(format!("{name} is not base64url without padding")))
    };
    let raw_id = decode("rawId", &answer.raw_id)?;
    if answer.r#type != "public-key" {
        return Err(malformed("type must be public-key"));
    }
    let registration = Registration {
        mechanism: Mechanism::Fido2,
        client_data: decode("response.clientDataJSON", &answer.response.client_data_json)?,
        attestation: decode("response.attestationObject", &answer.response.attestation_object)?,
        // An id that is spelt in two ways names nothing.
        named_id: Some(if answer.id == answer.raw_id { raw_id } else { Vec::new() }),
        transports: answer.response.transports,
        origins: expected.origins,
        challenge: Challenge::Bytes(expected.challenge),
        rp_id: expected.rp_id,
        user_verification: expected.user_verification,
    };
    registration.verify()
}

/// Verifies what a client of the published API sends: the text of a JSON object with `client_data_json_base64` and
/// `attestation_object` in padded standard base64.
///
/// # Errors
/// [`Refusal`], with the step that failed.
pub fn verify_client_registration(raw: &str, expected: ExpectedOfClient<'_>) -> Result<Verified, Refusal> {
    let answer: ClientResponse = serde_json::from_str(raw).map_err(|_| {
        malformed("raw must be the text of an object with client_data_json_base64 and attestation_object")
    })?;
    let decode = |name: &str, text: &str| {
        STANDARD.decode(text).map_err(|_| malformed(format!("{name} is not padded standard base64")))
    };
    let registration = Registration {
        mechanism: Mechanism::Webauthn,
        client_data: decode("client_data_json_base64", &answer.client_data_json_base64)?,
        attestation: decode("attestation_object", &answer.attestation_object)?,
        named_id: None,
        transports: Vec::new(),
        origins: expected.origins,
        challenge: Challenge::Claims { subject: expected.subject, token: expected.token },
        rp_id: expected.rp_id,
        user_verification: expected.user_verification,
    };
    registration.verify()
}

impl Registration<'_> {
    fn verify(self) -> Result<Verified, Refusal> {
        let checked = client_data::check(&self.client_data, &self.challenge, self.origins)?;
        let object = AttestationObject::parse(&self.attestation)?;
        let data = &object.data;
        let refuse = |reason, detail: &str| Err(Refusal::new(reason, detail));
        let origin = Url::parse(checked.origin)
            .map_err(|_| Refusal::new(Reason::OriginMismatch, "the allowed origin is not a URL"))?;
        let Some(rp_id) = self.rp_id(&origin, &data.rp_id_hash) else {
            return refuse(Reason::RpIdMismatch, "the key is bound to another relying party");
        };
        if !data.user_present() {
            return refuse(Reason::UserNotPresent, "the user-present flag is not set");
        }
        if self.user_verification == Requirement::Required && !data.user_verified() {
            return refuse(Reason::UserNotVerified, "the policy requires user verification and the device did none");
        }
        if data.backup_state() && !data.backup_eligible() {
            return refuse(Reason::BackupFlagsInvalid, "backed up without being eligible for backup");
        }
        let key = PublicKey::from_cose(&data.key)?;
        if object.format == "none" && !object.statement_is_empty {
            return refuse(Reason::AttestationInvalid, "the format none comes with a statement");
        }
        let named = self.named_id.as_ref().is_none_or(|id| *id == data.credential_id);
        if !named || !(1..=1023).contains(&data.credential_id.len()) {
            let detail = "id, rawId and the authenticator data must agree, in 1 to 1023 bytes";
            return refuse(Reason::CredentialIdInvalid, detail);
        }
        self.verify_attestation(&data.credential_id, &rp_id, &origin, &checked)?;

        Ok(Verified(Facts {
            mechanism: self.mechanism,
            jwk_json: key.jwk_json,
            jwk_thumbprint: key.jwk_thumbprint,
            algorithm: key.algorithm.to_owned(),
            webauthn: Some(WebauthnFacts {
                credential_id: data.credential_id.clone(),
                cose_key: data.cose_key.clone(),
                aaguid: data.aaguid,
                attestation_format: object.format.clone(),
                user_verified: data.user_verified(),
                backup_eligible: data.backup_eligible(),
                backup_state: data.backup_state(),
                transports: known_transports(&self.transports),
                sign_count: data.sign_count,
                rp_id,
            }),
        }))
    }

    /// The relying party id that the key is bound to: the config's, or for a client that makes the options itself the
    /// host of its page.
    fn rp_id(&self, origin: &Url, hash: &[u8; 32]) -> Option<String> {
        let of_page = origin.host_str().filter(|_| self.mechanism == Mechanism::Webauthn);
        let mut allowed = [Some(self.rp_id), of_page].into_iter().flatten();
        allowed.find(|id| digest::digest(&digest::SHA256, id.as_bytes()).as_ref() == hash).map(str::to_owned)
    }

    /// Has webauthn-rs verify the whole, the attestation statement with it. Its state between the two calls is made
    /// here with the challenge that was checked, so that nothing has to be stored.
    fn verify_attestation(&self, id: &[u8], rp_id: &str, origin: &Url, checked: &Checked<'_>) -> Result<(), Refusal> {
        let webauthn = WebauthnBuilder::new(rp_id, origin).and_then(WebauthnBuilder::build).map_err(|_| {
            Refusal::new(Reason::RpIdMismatch, "the relying party id is not a domain of the page's origin")
        })?;
        let engine = |error: WebauthnError| Refusal::new(Reason::AttestationInvalid, error.to_string());
        let (_, state) = webauthn.start_passkey_registration(Uuid::nil(), "-", "-", None).map_err(engine)?;
        let state = self
            .with_challenge(&state, &checked.challenge)
            .map_err(|error| Refusal::new(Reason::AttestationInvalid, format!("ceremony state: {error}")))?;
        let id = URL_SAFE_NO_PAD.encode(id);
        let credential = json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(&self.client_data),
                "attestationObject": URL_SAFE_NO_PAD.encode(&self.attestation),
            },
            "extensions": {},
        });
        let credential = RegisterPublicKeyCredential::deserialize(credential)
            .map_err(|_| malformed("the response is not that of a registration"))?;
        webauthn.finish_passkey_registration(&credential, &state).map(|_| ()).map_err(engine)
    }

    fn with_challenge(
        &self,
        state: &PasskeyRegistration,
        challenge: &str,
    ) -> Result<PasskeyRegistration, serde_json::Error> {
        let mut state = serde_json::to_value(state)?;
        state["rs"]["challenge"] = challenge.into();
        state["rs"]["policy"] = self.user_verification.name().into();
        serde_json::from_value(state)
    }
}

/// The transports of WebAuthn Level 3 §5.8.4, each once; others are dropped, since the browser is not bound to tell.
fn known_transports(claimed: &[String]) -> Vec<String> {
    let known = ["ble", "hybrid", "internal", "nfc", "smart-card", "usb"];
    known.into_iter().filter(|known| claimed.iter().any(|claim| claim == known)).map(str::to_owned).collect()
}
