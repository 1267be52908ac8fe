//! Verifies registrations: WebAuthn Level 3 §7.1.

use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest;
use serde_json::Value;
use webauthn_rs::prelude::Url;

use super::attestation::{self, Attested};
use super::authenticator_data::{AttestationObject, AuthenticatorData};
use super::client_data::{self, Challenge, Purpose};
use super::members::{BASE64URL, Members, malformed};
use super::{second_opinion, trust};
use crate::facts::{AttestationType, Facts, Material, Mechanism, WebauthnFacts};
use crate::key::Key;
use crate::refusal::{Reason, Refusal};
use crate::wish::{BackupEligibility, Requirement};
use crate::{Algorithm, Ceremony, Verified};

/// A parsed registration, and what it must match.
struct Registration<'a> {
    mechanism: Mechanism,
    client_data: Vec<u8>,
    attestation: Vec<u8>,
    /// The id beside the authenticator data, if the response's form has one.
    named_id: Option<Vec<u8>>,
    /// Whether the browser reports a resident key (§10.1.3).
    resident_key: Option<bool>,
    transports: Vec<String>,
    challenge: Challenge<'a>,
    /// The allowed algorithms; empty for all.
    algorithms: &'a [Algorithm],
    ceremony: &'a Ceremony<'a>,
}

/// Verifies a `RegistrationResponseJSON` (§5.1.8.1).
///
/// # Errors
/// [`Refusal`], with the step that failed.
pub fn verify_registration(response: &Value, ceremony: &Ceremony<'_>) -> Result<Verified, Refusal> {
    let mut members = Members::of(response);
    let id = members.text("id");
    let raw_id = members.bytes("rawId", &URL_SAFE_NO_PAD, BASE64URL);
    if response["type"] != "public-key" {
        members.refuse("type must be public-key");
    }
    let client_data = members.bytes("response.clientDataJSON", &URL_SAFE_NO_PAD, BASE64URL);
    let attestation = members.bytes("response.attestationObject", &URL_SAFE_NO_PAD, BASE64URL);
    let transports = members.transports();
    members.done()?;
    let registration = Registration {
        mechanism: Mechanism::Fido2,
        client_data,
        attestation,
        // If `id` and `rawId` differ, the id is empty, which is refused.
        named_id: Some(if response["rawId"] == id { raw_id } else { Vec::new() }),
        resident_key: response["clientExtensionResults"]["credProps"]["rk"].as_bool(),
        transports,
        challenge: Challenge::Bytes(&ceremony.expected.challenge),
        // An algorithm that was not offered is refused (§7.1, step 20).
        algorithms: ceremony.policy.offered(),
        ceremony,
    };
    registration.verify()
}

/// Verifies the response of a client of the published API: the text of a JSON object with `client_data_json_base64` and
/// `attestation_object` in padded standard base64.
///
/// # Errors
/// [`Refusal`], with the step that failed.
pub fn verify_client_registration(raw: &str, ceremony: &Ceremony<'_>) -> Result<Verified, Refusal> {
    let answer: Value = serde_json::from_str(raw).map_err(|_| malformed("raw must be the text of a JSON object"))?;
    let mut members = Members::of(&answer);
    let base64 = "padded standard base64";
    let client_data = members.bytes("client_data_json_base64", &STANDARD, base64);
    let attestation = members.bytes("attestation_object", &STANDARD, base64);
    members.done()?;
    let registration = Registration {
        mechanism: Mechanism::Webauthn,
        client_data,
        attestation,
        named_id: None,
        resident_key: None,
        transports: Vec::new(),
        challenge: Challenge::Claims { subject: ceremony.subject, token: ceremony.token },
        algorithms: &ceremony.policy.algorithms,
        ceremony,
    };
    registration.verify()
}

impl Registration<'_> {
    /// The steps of §7.1, in order. Policy checks come before signature checks where possible.
    fn verify(self) -> Result<Verified, Refusal> {
        let checked = client_data::check(
            Purpose::Registration,
            &self.client_data,
            &self.challenge,
            &self.ceremony.expected.origins,
        )?;
        let object = AttestationObject::parse(&self.attestation)?;
        let data = &object.data;
        let refuse = |reason, detail: &str| Err(Refusal::new(reason, detail));
        let origin = Url::parse(checked.origin)
            .map_err(|_| Refusal::new(Reason::OriginMismatch, "the allowed origin is not a URL"))?;
        let Some(rp_id) = self.rp_id(&origin, &data.rp_id_hash) else {
            return refuse(Reason::RpIdMismatch, "the key is bound to another relying party");
        };
        self.check_flags(data)?;
        let (key, algorithm) = Key::from_cose(&data.key)?;
        self.check_policy(data, algorithm)?;
        let named = self.named_id.as_ref().is_none_or(|id| *id == data.credential_id);
        if !named || !(1..=1023).contains(&data.credential_id.len()) {
            let detail = "id, rawId and the authenticator data must agree, in 1 to 1023 bytes";
            return refuse(Reason::CredentialIdInvalid, detail);
        }

        let client_data_hash = digest::digest(&digest::SHA256, &self.client_data);
        let signed = [object.raw_data.as_slice(), client_data_hash.as_ref()].concat();
        let attested =
            Attested { data, key: &key, algorithm, client_data_hash: client_data_hash.as_ref(), signed: &signed };
        let outcomes = attestation::verify(&object.format, &object.statement, &attested)?;
        let policy = self.ceremony.policy;
        let asked = policy.attestation.is_required(data.flags.backup_eligible());
        if asked && outcomes.iter().all(|outcome| outcome.kind == AttestationType::None) {
            return refuse(
                Reason::AttestationDowngraded,
                "the policy requests attestation, but the response contains none",
            );
        }
        let assessed = trust::assess(&outcomes, data, self.ceremony)?;
        let second = second_opinion::Registration {
            object: &object,
            key: &key,
            algorithm,
            rp_id: &rp_id,
            origin: &origin,
            challenge: &checked.challenge,
            user_verification: policy.user_verification,
            client_data_json: &self.client_data,
            attestation_object: &self.attestation,
        };
        second.ask()?;

        let kind = assessed.outcome.kind;
        let webauthn = facts_of(data, &object.format, kind, assessed.verified_by, &self.transports, rp_id);
        let jwk_json = key.jwk();
        let facts = Facts {
            mechanism: self.mechanism,
            jwk_thumbprint: crate::jwk::thumbprint(&jwk_json),
            jwk_json,
            algorithm: algorithm.name().to_owned(),
            webauthn: Some(webauthn),
        };
        let material = Material::Webauthn { client_data_json: self.client_data, attestation_object: self.attestation };
        Ok(Verified(facts, material))
    }

    /// Steps 15 to 19.
    fn check_flags(&self, data: &AuthenticatorData) -> Result<(), Refusal> {
        let refuse = |reason, detail: &str| Err(Refusal::new(reason, detail));
        let policy = self.ceremony.policy;
        if !data.flags.user_present() {
            return refuse(Reason::UserNotPresent, "the user-present flag is not set");
        }
        if policy.user_verification == Requirement::Required && !data.flags.user_verified() {
            return refuse(
                Reason::UserNotVerified,
                "the policy requires user verification, which the device did not perform",
            );
        }
        if data.flags.backup_state() && !data.flags.backup_eligible() {
            return refuse(
                Reason::BackupFlagsInvalid,
                "the key is marked as backed up, but not as eligible for backup",
            );
        }
        match (policy.backup_eligible, data.flags.backup_eligible()) {
            (BackupEligibility::Required, false) => {
                refuse(Reason::BackupEligibilityNotAllowed, "the policy requires a key that is eligible for backup")
            }
            (BackupEligibility::Forbidden, true) => {
                refuse(Reason::BackupEligibilityNotAllowed, "the policy requires a key that is not eligible for backup")
            }
            _ => Ok(()),
        }
    }

    /// Step 20, and the policy's rules on models and resident keys.
    fn check_policy(&self, data: &AuthenticatorData, algorithm: Algorithm) -> Result<(), Refusal> {
        let refuse = |reason, detail: &str| Err(Refusal::new(reason, detail));
        let policy = self.ceremony.policy;
        if !self.algorithms.is_empty() && !self.algorithms.contains(&algorithm) {
            return refuse(Reason::AlgorithmNotAllowed, &format!("the policy does not allow {}", algorithm.name()));
        }
        let model = &data.aaguid;
        let allowed = policy.aaguids_allowed.is_empty() || policy.aaguids_allowed.contains(model);
        if !allowed || policy.aaguids_denied.contains(model) {
            return refuse(Reason::AaguidNotAllowed, "the policy does not allow this model of authenticator");
        }
        if policy.resident_key == Requirement::Required && self.resident_key == Some(false) {
            let detail = "the policy requires a resident key, and the browser says that this one is not (credProps.rk)";
            return refuse(Reason::ResidentKeyMissing, detail);
        }
        Ok(())
    }

    /// The relying party id that the key is bound to: the config's, or, for a client that builds the options itself,
    /// the host of its page.
    fn rp_id(&self, origin: &Url, hash: &[u8; 32]) -> Option<String> {
        let of_page = origin.host_str().filter(|_| self.mechanism == Mechanism::Webauthn);
        let mut allowed = [Some(self.ceremony.expected.rp_id.as_str()), of_page].into_iter().flatten();
        allowed.find(|id| digest::digest(&digest::SHA256, id.as_bytes()).as_ref() == hash).map(str::to_owned)
    }
}

fn facts_of(
    data: &AuthenticatorData,
    format: &str,
    attestation_type: AttestationType,
    verified_by: Option<String>,
    transports: &[String],
    rp_id: String,
) -> WebauthnFacts {
    WebauthnFacts {
        credential_id: data.credential_id.clone(),
        cose_key: data.cose_key.clone(),
        aaguid: data.aaguid,
        attestation_format: format.to_owned(),
        attestation_type,
        verified_by,
        user_verified: data.flags.user_verified(),
        backup_eligible: data.flags.backup_eligible(),
        backup_state: data.flags.backup_state(),
        transports: known_transports(transports),
        sign_count: data.sign_count,
        rp_id,
    }
}

/// The transports of WebAuthn Level 3 §5.8.4, each once. Others are dropped, because the browser's report is not
/// verified.
fn known_transports(claimed: &[String]) -> Vec<String> {
    let known = ["ble", "hybrid", "internal", "nfc", "smart-card", "usb"];
    known.into_iter().filter(|known| claimed.iter().any(|claim| claim == known)).map(str::to_owned).collect()
}
