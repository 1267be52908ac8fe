//! What a device submits, held against what its ceremony and the policy demand.

use api::problem::Problem;
use api::view::FieldViolation;
use binding::policy::{Policy, Trust};
use binding::unavailable::Unavailable;
use proof::mds::{COMPROMISED, Demand, Metadata};
use proof::webauthn::{self, Expected, ExpectedOfClient, verify_client_registration, verify_registration};
use proof::{Mechanism, Reason, Refusal, Verified, jwt};
use serde_json::{Map, Value};

/// A proof as a device sends it.
#[derive(Clone, Copy, Debug)]
pub enum Submitted<'a> {
    /// `{"type":"FIDO2","raw":RegistrationResponseJSON}`
    Fido2(&'a Value),
    /// `{"type":"WEBAUTHN","raw":"{\"client_data_json_base64\":…,\"attestation_object\":…}"}`
    Webauthn(&'a str),
    /// `{"type":"JWT","raw":"<compact JWS>"}`
    Jwt(&'a str),
}

impl<'a> Submitted<'a> {
    /// Reads the body of `:bind`.
    ///
    /// # Errors
    /// A 400 that names the field.
    pub fn read(body: &'a Map<String, Value>) -> Result<Self, Problem> {
        let refuse = |field, description| Err(Problem::invalid(vec![FieldViolation::new(field, description)]));
        match (body.get("type").and_then(Value::as_str), body.get("raw")) {
            (Some("FIDO2"), Some(raw)) if raw.is_object() => Ok(Submitted::Fido2(raw)),
            (Some("FIDO2"), _) => refuse("raw", "must be an object: RegistrationResponseJSON of WebAuthn Level 3"),
            (Some("WEBAUTHN"), Some(Value::String(raw))) => Ok(Submitted::Webauthn(raw)),
            (Some("WEBAUTHN"), _) => {
                refuse("raw", "must be a string: the JSON of the client data and the attestation object")
            }
            (Some("JWT"), Some(Value::String(raw))) => Ok(Submitted::Jwt(raw)),
            (Some("JWT"), _) => refuse("raw", "must be a string: a compact JWS (RFC 7515)"),
            _ => refuse("type", "must be FIDO2, WEBAUTHN or JWT"),
        }
    }

    /// How it proves a key.
    #[must_use]
    pub fn mechanism(&self) -> Mechanism {
        match self {
            Submitted::Fido2(_) => Mechanism::Fido2,
            Submitted::Webauthn(_) => Mechanism::Webauthn,
            Submitted::Jwt(_) => Mechanism::Jwt,
        }
    }
}

/// What a proof must match.
#[derive(Clone, Copy, Debug)]
pub struct Ceremony<'a> {
    /// What the passkey must be.
    pub policy: &'a Policy,
    /// What is known of models. A policy that [needs](needs_metadata) it cannot be met without.
    pub metadata: Option<&'a Metadata>,
    /// The relying party id of the config.
    pub rp_id: &'a str,
    /// The origins whose pages may make passkeys.
    pub origins: &'a [String],
    /// The challenge of our creation options.
    pub challenge: &'a [u8],
    /// The identity, as [`jwt::subject`] writes it.
    pub subject: &'a str,
    /// The ceremony token.
    pub token: &'a str,
    /// `nonce` of `jwt_binding`.
    pub nonce: &'a str,
    /// `aud` of `jwt_binding`.
    pub audience: &'a str,
    /// The time of the ceremony, in seconds since the Unix epoch.
    pub now: i64,
}

/// Whether a policy cannot be checked without FIDO metadata.
#[must_use]
pub fn needs_metadata(policy: &Policy) -> bool {
    match policy.trust {
        Trust::Any => false,
        Trust::Attested => policy.roots.is_empty(),
        Trust::FidoMds(_) => true,
    }
}

/// Why there is no [`Verified`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unverified {
    /// The proof is not good.
    Refused(Refusal),
    /// It could not be checked: the metadata that the policy needs is missing.
    Unavailable(Unavailable),
}

/// Verifies a proof.
///
/// # Errors
/// [`Unverified`].
pub fn verify(submitted: Submitted<'_>, ceremony: &Ceremony<'_>) -> Result<Verified, Unverified> {
    let Ceremony { rp_id, origins, subject, now, .. } = *ceremony;
    let mechanism = submitted.mechanism();
    if !ceremony.policy.mechanisms.contains(&mechanism) {
        let detail = format!("the policy does not allow a proof by {}", mechanism.name());
        return Err(Unverified::Refused(Refusal::new(Reason::MechanismNotAllowed, detail)));
    }
    let verified = match submitted {
        Submitted::Fido2(raw) => {
            // What was not offered is not taken (§7.1, step 20).
            let policy = webauthn::Policy { algorithms: ceremony.policy.offered(), ..demands(ceremony)? };
            let challenge = ceremony.challenge;
            verify_registration(raw, Expected { rp_id, origins, challenge, policy, now })
        }
        Submitted::Webauthn(raw) => {
            let (policy, token) = (demands(ceremony)?, ceremony.token);
            verify_client_registration(raw, ExpectedOfClient { rp_id, origins, subject, token, policy, now })
        }
        Submitted::Jwt(raw) => {
            let Ceremony { token, nonce, audience, policy, .. } = *ceremony;
            let algorithms = &policy.algorithms;
            jwt::verify_jwt(raw, jwt::Expected { subject, token, nonce, audience, algorithms, now })
        }
    };
    verified.map_err(Unverified::Refused)
}

/// The policy, as the verifier of registrations takes it.
fn demands<'a>(ceremony: &Ceremony<'a>) -> Result<webauthn::Policy<'a>, Unverified> {
    let policy = ceremony.policy;
    let metadata = match ceremony.metadata {
        None if needs_metadata(policy) => {
            let detail = "the policy needs FIDO metadata, and there is none";
            return Err(Unverified::Unavailable(Unavailable::new("fido_metadata", detail)));
        }
        metadata => metadata,
    };
    let (mut trust, mut roots) = (webauthn::Trust::Any, policy.roots.as_slice());
    match (policy.trust, metadata) {
        (Trust::Any, _) => {}
        (Trust::Attested, metadata) => {
            trust = webauthn::Trust::Attested;
            if let Some(metadata) = metadata.filter(|_| roots.is_empty()) {
                roots = metadata.all_roots();
            }
        }
        (Trust::FidoMds(min_certification), Some(metadata)) => {
            let refused_statuses = &COMPROMISED;
            trust = webauthn::Trust::FidoMds(Demand { metadata, min_certification, refused_statuses });
        }
        // Told above.
        (Trust::FidoMds(_), None) => {}
    }
    Ok(webauthn::Policy {
        user_verification: policy.user_verification,
        resident_key: policy.resident_key,
        attestation: policy.attestation,
        trust,
        roots,
        aaguids_allowed: &policy.aaguids_allowed,
        aaguids_denied: &policy.aaguids_denied,
        backup_eligible: policy.backup_eligible,
        algorithms: &policy.algorithms,
    })
}
