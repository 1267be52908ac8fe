//! Why a proof was refused.
/// The step that failed. The name is part of the API: `last_failure.reason` and the problem's `reason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Reason {
    /// The policy does not allow this mechanism.
    MechanismNotAllowed,
    /// The response does not have the form of `RegistrationResponseJSON` or `AuthenticationResponseJSON` (WebAuthn
    /// Level 3 §5.1.8).
    MalformedResponse,
    /// The client data is not of type `webauthn.create`, or `webauthn.get` for an assertion (§7.1, step 7; §7.2, step
    /// 10).
    WrongClientDataType,
    /// The client data has another challenge (§7.1, step 8).
    ChallengeMismatch,
    /// The client data has an origin that is not allowed (§7.1, step 9).
    OriginMismatch,
    /// The passkey was created in a frame of another site (§7.1, steps 10 and 11).
    CrossOrigin,
    /// The attestation object or the authenticator data in it is not well-formed.
    MalformedAttestation,
    /// The key is bound to another relying party (§7.1, step 14).
    RpIdMismatch,
    /// The user-present flag is not set (§7.1, step 15).
    UserNotPresent,
    /// The authenticator did not verify its user, as the policy requires (§7.1, step 16).
    UserNotVerified,
    /// The key is marked as backed up, but not as eligible for backup (§7.1, step 17).
    BackupFlagsInvalid,
    /// The key's algorithm was not offered, or does not fit its type or curve (§7.1, step 20).
    AlgorithmNotAllowed,
    /// The credential id is empty, too long, or not the same in all places (§7.1, step 25).
    CredentialIdInvalid,
    /// The attestation statement's format is unknown, or no longer supported (§7.1, step 21).
    AttestationFormatNotSupported,
    /// The attestation statement does not verify (§7.1, step 22).
    AttestationInvalid,
    /// The attestation statement's signature is not that of its key (§7.1, step 22).
    AttestationSignatureInvalid,
    /// The attesting certificate does not meet the format's requirements (§8.2.1, §8.3.1, §8.4.1).
    AttestationCertificateInvalid,
    /// A certificate of `x5c` did not issue the one before it (RFC 5280 §6.1).
    AttestationChainInvalid,
    /// The policy requires attestation, but the response has none (§7.1, step 24).
    AttestationDowngraded,
    /// The certificates do not lead to a trusted root (§7.1, step 24).
    AttestationUntrusted,
    /// A certificate of the chain is expired or not valid yet (RFC 5280 §6.1.3).
    AttestationExpired,
    /// A certificate of the chain is on Google's list of revoked attestation keys.
    AttestationRevoked,
    /// The policy requires Google's list of revoked attestation keys, which is missing or out of date.
    AttestationStatusUnknown,
    /// The policy does not allow this model of authenticator.
    AaguidNotAllowed,
    /// The policy requires or forbids eligibility for backup, and the key does not comply.
    BackupEligibilityNotAllowed,
    /// The policy requires a resident key, and the browser reports that the key is not one.
    ResidentKeyMissing,
    /// The authenticator's model is not in the metadata.
    AuthenticatorUnknown,
    /// The metadata report a status of the model that is refused, such as a compromised key.
    AuthenticatorStatusRefused,
    /// The model's certification is lower than the policy requires.
    CertificationTooLow,
    /// The second verifier rejects the registration.
    VerifiersDisagree,
    /// The text is not a compact JWS with a JSON header and JSON claims (RFC 7515 §7.1).
    MalformedJwt,
    /// A header parameter that is not allowed: `crit`, `b64`, or a `typ` other than `JWT`.
    JwtHeaderNotAllowed,
    /// The header's `jwk` is missing, private, symmetric, or does not fit the algorithm (RFC 7517).
    JwkNotAllowed,
    /// The signature was not made by the key.
    SignatureInvalid,
    /// `sub` does not name this identity.
    SubjectMismatch,
    /// Neither `token` nor `nonce` belongs to this ceremony.
    NonceMismatch,
    /// `aud` does not name this job.
    AudienceMismatch,
    /// The current time is outside the window that `iat`, `nbf` and `exp` allow.
    TimeOutsideWindow,
    /// The authenticator data of an assertion is not well-formed (§6.1).
    MalformedAuthenticatorData,
    /// The user handle is missing, or belongs to another user (§7.2, step 6).
    UserHandleMismatch,
    /// The key's eligibility for backup differs from that at registration (§7.2, step 19).
    BackupEligibilityChanged,
    /// The signature counter did not increase: another device may have a copy of the key (§7.2, step 22).
    SignCountRegressed,
}

crate::names!(Reason);

/// A refused proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", reason.name())]
pub struct Refusal {
    /// The step that failed.
    pub reason: Reason,
    /// What was wrong, for a developer. It contains no secret.
    pub detail: String,
}

impl Refusal {
    /// Creates a refusal. The detail is truncated to 300 characters.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        let detail: String = detail.into();
        // Details are stored on the job and returned, so their length does not depend on the device.
        let detail = detail.chars().filter(|c| !c.is_control()).take(300).collect();
        Self { reason, detail }
    }
}
