//! The facts about a proven key.

/// How a key was proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Mechanism {
    /// WebAuthn with Bindery's own creation options.
    Fido2,
    /// WebAuthn with a challenge that the client builds from the ceremony token, as clients of the published API do.
    Webauthn,
    /// A JWS over claims that identify the identity, signed by the key in its own header.
    Jwt,
}

crate::names!(Mechanism);

/// Plain data about a proven key. Only [`crate::Verified`] shows that it was proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The mechanism of the proof.
    pub mechanism: Mechanism,
    /// The public key as a JWK (RFC 7517) with its members in lexicographic order.
    pub jwk_json: String,
    /// The key's thumbprint: SHA-256 (RFC 7638), base64url with padding.
    pub jwk_thumbprint: String,
    /// The signature algorithm's name, such as `ES256`.
    pub algorithm: String,
    /// The facts of a WebAuthn registration.
    pub webauthn: Option<WebauthnFacts>,
}

impl Facts {
    /// The id that must be unique in a realm: the authenticator's credential id, or the thumbprint of a key without
    /// one.
    #[must_use]
    pub fn key_id(&self) -> &[u8] {
        match &self.webauthn {
            Some(webauthn) => &webauthn.credential_id,
            None => self.jwk_thumbprint.as_bytes(),
        }
    }
}

/// The type of an attestation (WebAuthn Level 3 §6.5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
pub enum AttestationType {
    /// No attestation.
    #[strum(serialize = "none")]
    None,
    /// Signed with the new key itself.
    #[strum(serialize = "self")]
    SelfSigned,
    /// Signed with a key that is shared by many authenticators of the model.
    #[strum(serialize = "basic")]
    Basic,
    /// Signed with a key of the authenticator, certified by an attestation CA.
    #[strum(serialize = "attca")]
    AttCa,
    /// A CA certified the new key itself, anonymously.
    #[strum(serialize = "anonca")]
    AnonCa,
}

crate::names!(AttestationType);

/// The proof of a key as it was received, so that it can be verified again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Material {
    /// A WebAuthn registration.
    Webauthn {
        /// The client data, as the browser sent it.
        client_data_json: Vec<u8>,
        /// The attestation object, as it was received.
        attestation_object: Vec<u8>,
    },
    /// A compact JWS.
    Jwt(String),
}

/// The facts that a WebAuthn registration states about the key and its authenticator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebauthnFacts {
    /// The authenticator's id of the credential: 1 to 1023 bytes (WebAuthn Level 3 §7.1, step 25).
    pub credential_id: Vec<u8>,
    /// The public key as it was received: COSE (RFC 9052).
    pub cose_key: Vec<u8>,
    /// The authenticator's model; all zeros if it is not given.
    pub aaguid: [u8; 16],
    /// The attestation statement's format, such as `none` or `packed`.
    pub attestation_format: String,
    /// The type of the attestation.
    pub attestation_type: AttestationType,
    /// The subject of the root that the attestation chain leads to; `None` if no trust was verified.
    pub verified_by: Option<String>,
    /// Whether the authenticator verified its user.
    pub user_verified: bool,
    /// Whether the key may be backed up (BE).
    pub backup_eligible: bool,
    /// Whether the key is backed up (BS).
    pub backup_state: bool,
    /// The authenticator's transports, as the browser reports them.
    pub transports: Vec<String>,
    /// The signature counter.
    pub sign_count: u32,
    /// The relying party id that the key is bound to.
    pub rp_id: String,
}
