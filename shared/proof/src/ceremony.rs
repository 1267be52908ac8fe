//! A ceremony: what its proof must match, and its verification.

#[cfg(feature = "verify")]
pub use verify::{Ceremony, Submitted, Unverified, verify};

/// What a proof must match. It is stored with the proof, so that the proof can be verified again. It does not contain
/// the ceremony token: the challenge and the nonce are derived from the token by a one-way function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// The relying party id.
    pub rp_id: String,
    /// The origins whose pages may create the passkey, in the form that browsers send.
    pub origins: Vec<String>,
    /// The challenge of Bindery's own creation options.
    pub challenge: Vec<u8>,
    /// The `nonce` claim of a JWT in Bindery's form.
    pub nonce: String,
    /// The `aud` claim of a JWT in Bindery's form.
    pub audience: String,
}

#[cfg(feature = "verify")]
mod verify {
    use serde_json::Value;

    use super::Expected;
    use crate::android_status::AndroidStatus;
    use crate::mds::Metadata;
    use crate::webauthn::{verify_client_registration, verify_registration};
    use crate::{Mechanism, Policy, Reason, Refusal, Verified, jwt};

    /// What a proof must match, the policy, and the available data about attestation.
    #[derive(Clone, Copy, Debug)]
    pub struct Ceremony<'a> {
        /// What the proof must match.
        pub expected: &'a Expected,
        /// What the passkey must meet.
        pub policy: &'a Policy,
        /// The identity, as [`jwt::subject`] writes it: `sub` of a JWT and of the challenge that a client of the
        /// published API makes.
        pub subject: &'a str,
        /// The ceremony token: `token` in the same places.
        pub token: &'a str,
        /// The FIDO metadata, if it is deployed.
        pub metadata: Option<&'a Metadata>,
        /// Google's list of revoked Android attestation keys, if it is deployed.
        pub android_status: Option<&'a AndroidStatus>,
        /// The current time, in seconds since the Unix epoch.
        pub now: i64,
    }

    /// A proof as a device submits it.
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
        /// Parses a proof: its type and its content.
        ///
        /// # Errors
        /// The invalid member, and what it must be.
        pub fn read(kind: Option<&Value>, raw: Option<&'a Value>) -> Result<Self, (&'static str, &'static str)> {
            match (kind.and_then(Value::as_str).and_then(Mechanism::from_name), raw) {
                (Some(Mechanism::Fido2), Some(raw)) if raw.is_object() => Ok(Self::Fido2(raw)),
                (Some(Mechanism::Webauthn), Some(Value::String(raw))) => Ok(Self::Webauthn(raw)),
                (Some(Mechanism::Jwt), Some(Value::String(raw))) => Ok(Self::Jwt(raw)),
                (Some(Mechanism::Fido2), _) => {
                    Err(("raw", "must be an object: RegistrationResponseJSON of WebAuthn Level 3"))
                }
                (Some(Mechanism::Webauthn), _) => {
                    Err(("raw", "must be a string: the JSON of the client data and the attestation object"))
                }
                (Some(Mechanism::Jwt), _) => Err(("raw", "must be a string: a compact JWS (RFC 7515)")),
                (None, _) => Err(("type", "must be FIDO2, WEBAUTHN or JWT")),
            }
        }

        /// The mechanism of the proof.
        #[must_use]
        pub fn mechanism(&self) -> Mechanism {
            match self {
                Self::Fido2(_) => Mechanism::Fido2,
                Self::Webauthn(_) => Mechanism::Webauthn,
                Self::Jwt(_) => Mechanism::Jwt,
            }
        }
    }

    /// Why a proof was not verified.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Unverified {
        /// The proof is invalid, or the policy does not allow it.
        Invalid(Refusal),
        /// The proof could not be checked: data that the policy requires is missing or out of date.
        Unavailable {
            /// The missing data.
            source: &'static str,
            /// A description for the log.
            detail: String,
        },
    }

    /// Verifies a proof.
    ///
    /// # Errors
    /// [`Unverified`].
    pub fn verify(submitted: Submitted<'_>, ceremony: &Ceremony<'_>) -> Result<Verified, Unverified> {
        let (mechanism, policy) = (submitted.mechanism(), ceremony.policy);
        if !policy.mechanisms.contains(&mechanism) {
            let detail = format!("the policy does not allow a proof by {}", mechanism.name());
            return Err(Unverified::Invalid(Refusal::new(Reason::MechanismNotAllowed, detail)));
        }
        if mechanism != Mechanism::Jwt && policy.needs_metadata() && ceremony.metadata.is_none() {
            let detail = "the policy requires FIDO metadata, and none is deployed".to_owned();
            return Err(Unverified::Unavailable { source: "fido_metadata", detail });
        }
        let verified = match submitted {
            Submitted::Fido2(raw) => verify_registration(raw, ceremony),
            Submitted::Webauthn(raw) => verify_client_registration(raw, ceremony),
            Submitted::Jwt(raw) => jwt::verify_jwt(raw, ceremony),
        };
        verified.map_err(|refusal| match refusal.reason {
            // A fault of the installation, not of the device.
            Reason::AttestationStatusUnknown => {
                Unverified::Unavailable { source: "android_status", detail: refusal.detail }
            }
            _ => Unverified::Invalid(refusal),
        })
    }
}
