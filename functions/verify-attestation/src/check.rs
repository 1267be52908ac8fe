//! What a device submits, held against what its ceremony and the policy demand.

use api::problem::Problem;
use api::view::FieldViolation;
use binding::policy::{Policy, Trust};
use binding::unavailable::Unavailable;
use cloud::metric::Metrics;
use proof::android_status::AndroidStatus;
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
    /// What is known of models. A policy that [needs](Policy::needs_metadata) it cannot be met without.
    pub metadata: Option<&'a Metadata>,
    /// Google's list of revoked Android attestation keys.
    pub android_status: Option<&'a AndroidStatus>,
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

/// Why there is no [`Verified`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unverified {
    /// The proof is not good.
    Refused(Refusal),
    /// It could not be checked: what the policy needs for that is missing or out of date.
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
    verified.map_err(|refusal| match refusal.reason {
        // The installation's fault, and not the device's.
        Reason::AttestationStatusUnknown => Unverified::Unavailable(Unavailable::new("android_status", refusal.detail)),
        _ => Unverified::Refused(refusal),
    })
}

/// Logs and counts a disagreement of the two verifiers, which is a defect of one of them. The alarm `VerifiersDisagree`
/// watches the count.
pub(crate) fn report(reason: Reason, detail: &str, metrics: &Metrics) {
    if reason == Reason::VerifiersDisagree {
        tracing::error!(detail, "the two verifiers disagree");
        metrics.count(&[("VerifiersDisagree", 1)]);
    }
}

/// The policy, as the verifier of registrations takes it.
fn demands<'a>(ceremony: &Ceremony<'a>) -> Result<webauthn::Policy<'a>, Unverified> {
    let policy = ceremony.policy;
    let metadata = match ceremony.metadata {
        None if policy.needs_metadata() => {
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
            if let Some(metadata) = metadata.filter(|_| policy.needs_metadata()) {
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
        root_sets: &policy.root_sets,
        android_status: ceremony.android_status,
        android_status_required: policy.android_status_required,
        aaguids_allowed: &policy.aaguids_allowed,
        aaguids_denied: &policy.aaguids_denied,
        backup_eligible: policy.backup_eligible,
        algorithms: &policy.algorithms,
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Result, Write};
    use std::sync::{Arc, Mutex};

    use cloud::clock::Clock;
    use cloud::env::Env;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> Result<()> {
            Ok(())
        }
    }

    #[test]
    fn only_a_disagreement_of_the_verifiers_is_counted() {
        let env = Env::new([("POWERTOOLS_SERVICE_NAME".to_owned(), "verify-attestation".to_owned())]);
        let metrics = Metrics::new(&env, Clock::default()).unwrap();
        let lines = Lines::default();
        let writer = lines.clone();
        let told = |reason| {
            report(reason, "why", &metrics);
            String::from_utf8(std::mem::take(&mut *lines.0.lock().unwrap())).unwrap()
        };
        tracing::subscriber::with_default(cloud::log::subscriber(&env, move || writer.clone()), || {
            assert_eq!(told(Reason::ChallengeMismatch), "");
            let text = told(Reason::VerifiersDisagree);
            let (log, metric) = text.split_once('\n').unwrap();
            let log: Value = serde_json::from_str(log).unwrap();
            assert_eq!((&log["level"], &log["detail"]), (&"ERROR".into(), &"why".into()));
            let metric: Value = serde_json::from_str(metric).unwrap();
            assert_eq!((&metric["VerifiersDisagree"], &metric["service"]), (&1.into(), &"verify-attestation".into()));
        });
    }
}
