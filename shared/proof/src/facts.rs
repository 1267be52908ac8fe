//! What is known of a key after it was proven.

/// How a key was proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Mechanism {
    /// WebAuthn over our own creation options.
    Fido2,
    /// WebAuthn over a challenge that the client makes of the ceremony token, as clients of the published API do.
    Webauthn,
    /// A JWS over claims that name the identity, signed by the key in its own header.
    Jwt,
}

crate::names!(Mechanism);

/// Plain data about a proven key. Having it proves nothing: see [`crate::Verified`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// How it was proven.
    pub mechanism: Mechanism,
    /// The public key as a JWK (RFC 7517) with its members in lexicographic order.
    pub jwk_json: String,
    /// The key's thumbprint: SHA-256 (RFC 7638), base64url with padding.
    pub jwk_thumbprint: String,
    /// The signature algorithm's name, such as `ES256`.
    pub algorithm: String,
    /// What WebAuthn adds.
    pub webauthn: Option<WebauthnFacts>,
}

impl Facts {
    /// What must be unique in a realm: the authenticator's credential id, or the thumbprint of a key that has none.
    #[must_use]
    pub fn key_id(&self) -> &[u8] {
        match &self.webauthn {
            Some(webauthn) => &webauthn.credential_id,
            None => self.jwk_thumbprint.as_bytes(),
        }
    }
}

/// How far an authenticator's word reaches (WebAuthn Level 3 §6.5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
pub enum AttestationType {
    /// It said nothing.
    #[strum(serialize = "none")]
    None,
    /// It signed with the new key itself.
    #[strum(serialize = "self")]
    SelfSigned,
    /// It signed with a key that many of its model share.
    #[strum(serialize = "basic")]
    Basic,
    /// It signed with a key of its own, certified by an attestation CA.
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
        /// The client data, as the browser made it.
        client_data_json: Vec<u8>,
        /// The attestation object, as it came.
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
    /// The public key as it was sent: COSE (RFC 9052).
    pub cose_key: Vec<u8>,
    /// The model of the authenticator; all zero when it does not say.
    pub aaguid: [u8; 16],
    /// The attestation statement's format, such as `none` or `packed`.
    pub attestation_format: String,
    /// What kind of attestation it is.
    pub attestation_type: AttestationType,
    /// The subject of the root that the attestation was verified against; without one it was not.
    pub verified_by: Option<String>,
    /// Whether the authenticator verified its user.
    pub user_verified: bool,
    /// Whether the key may be backed up.
    pub backup_eligible: bool,
    /// Whether it is.
    pub backup_state: bool,
    /// How the authenticator can be reached, as the browser says.
    pub transports: Vec<String>,
    /// The signature counter.
    pub sign_count: u32,
    /// The relying party id that the key is bound to.
    pub rp_id: String,
}
