//! Verifies assertions: WebAuthn Level 3 §7.2.
//!
//! [`Assertion::read`] performs the steps that need no credential record, [`Assertion::verify`] the others.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use serde_json::Value;

use super::authenticator_data::{Flags, Header, registered_key};
use super::client_data::{self, Challenge, Purpose};
use super::members::{BASE64URL, Members};
use crate::key::{self, Key};
use crate::refusal::{Reason, Refusal};
use crate::wish::Requirement;

/// The maximum size of authenticator data or a signature, in bytes. The longest signature is that of ML-DSA-87, with
/// 4627 bytes.
/// 4627 bytes.
const LARGEST: usize = 16 * 1024;

/// What an assertion must match before the credential is known.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedAssertion<'a> {
    /// The relying party id.
    pub rp_id: &'a str,
    /// The origins whose pages may use passkeys, in the form that browsers send.
    pub origins: &'a [String],
    /// The challenge of this ceremony.
    pub challenge: &'a [u8],
    /// Whether the authenticator must verify its user.
    pub user_verification: Requirement,
}

/// The data recorded when the credential was registered (a credential record, §4).
#[derive(Clone, Copy, Debug)]
pub struct Registered<'a> {
    /// The authenticator's id of the credential.
    pub credential_id: &'a [u8],
    /// The public key as it was received: COSE (RFC 9052).
    pub cose_key: &'a [u8],
    /// Whether the key may be backed up.
    pub backup_eligible: bool,
    /// The user handle that was given to the authenticator. `None`: a client of the published API chose it, so it is
    /// unknown.
    pub user_handle: Option<&'a [u8]>,
}

/// An assertion that matches its ceremony. Its signature is not verified yet.
pub struct Assertion {
    credential_id: Vec<u8>,
    user_handle: Option<Vec<u8>>,
    flags: Flags,
    sign_count: u32,
    /// The signed bytes: the authenticator data, then the hash of the client data.
    signed: Vec<u8>,
    signature: Vec<u8>,
}

/// The result of a verified assertion. Only [`Assertion::verify`] creates it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asserted {
    user_verified: bool,
    backup_state: bool,
    sign_count: u32,
}

impl Asserted {
    /// Whether the authenticator verified its user.
    #[must_use]
    pub fn user_verified(&self) -> bool {
        self.user_verified
    }

    /// Whether the key is backed up.
    #[must_use]
    pub fn backup_state(&self) -> bool {
        self.backup_state
    }

    /// The signature counter.
    #[must_use]
    pub fn sign_count(&self) -> u32 {
        self.sign_count
    }

    /// Whether the counter should have increased and did not (step 22). An authenticator without a counter always
    /// returns 0.
    #[must_use]
    pub fn regresses(&self, stored: u32) -> bool {
        (self.sign_count != 0 || stored != 0) && self.sign_count <= stored
    }
}

impl Assertion {
    /// Parses an `AuthenticationResponseJSON` (§5.1.8.2) and performs steps 7 to 18 of §7.2.
    ///
    /// # Errors
    /// [`Refusal`], with the step that failed.
    pub fn read(response: &Value, expected: &ExpectedAssertion<'_>) -> Result<Self, Refusal> {
        let mut members = Members::of(response);
        let id = members.text("id");
        let credential_id = members.bytes("rawId", &URL_SAFE_NO_PAD, BASE64URL);
        if response["type"] != "public-key" {
            members.refuse("type must be public-key");
        }
        let client_data = members.bytes("response.clientDataJSON", &URL_SAFE_NO_PAD, BASE64URL);
        let data = members.bytes("response.authenticatorData", &URL_SAFE_NO_PAD, BASE64URL);
        let signature = members.bytes("response.signature", &URL_SAFE_NO_PAD, BASE64URL);
        let user_handle = members.optional_bytes("response.userHandle", &URL_SAFE_NO_PAD, BASE64URL);
        members.done()?;
        let refuse = |reason, detail: &str| Err(Refusal::new(reason, detail));
        if response["rawId"] != id || !(1..=1023).contains(&credential_id.len()) {
            return refuse(Reason::CredentialIdInvalid, "id and rawId must agree, in 1 to 1023 bytes");
        }
        if data.len().max(signature.len()) > LARGEST {
            return refuse(Reason::MalformedResponse, "authenticatorData and signature may each have 16 KB");
        }

        client_data::check(
            Purpose::Authentication,
            &client_data,
            &Challenge::Bytes(expected.challenge),
            expected.origins,
        )?;
        let Header { rp_id_hash, flags, sign_count } = Header::of_assertion(&data)
            .map_err(|refusal| Refusal { reason: Reason::MalformedAuthenticatorData, ..refusal })?;
        if digest::digest(&digest::SHA256, expected.rp_id.as_bytes()).as_ref() != rp_id_hash {
            return refuse(Reason::RpIdMismatch, "the assertion is for another relying party");
        }
        if !flags.user_present() {
            return refuse(Reason::UserNotPresent, "the user-present flag is not set");
        }
        if expected.user_verification == Requirement::Required && !flags.user_verified() {
            return refuse(
                Reason::UserNotVerified,
                "the policy requires user verification, which the device did not perform",
            );
        }
        if flags.backup_state() && !flags.backup_eligible() {
            return refuse(
                Reason::BackupFlagsInvalid,
                "the key is marked as backed up, but not as eligible for backup",
            );
        }
        let client_data_hash = digest::digest(&digest::SHA256, &client_data);
        let signed = [data.as_slice(), client_data_hash.as_ref()].concat();
        Ok(Self { credential_id, user_handle, flags, sign_count, signed, signature })
    }

    /// The authenticator's id of the credential, with which its record is looked up.
    #[must_use]
    pub fn credential_id(&self) -> &[u8] {
        &self.credential_id
    }

    /// Whether the authenticator names the user by the user handle. It must if the user was not known before.
    #[must_use]
    pub fn names_user(&self) -> bool {
        self.user_handle.is_some()
    }

    /// Verifies the assertion with the credential's record: steps 6 and 19 to 21. Step 22 is [`Asserted::regresses`].
    ///
    /// `identified` says whether the user was identified before the ceremony began. If not, the response must contain
    /// the user handle.
    ///
    /// # Errors
    /// [`Refusal`], with the step that failed.
    pub fn verify(&self, registered: &Registered<'_>, identified: bool) -> Result<Asserted, Refusal> {
        let refuse = |reason, detail: &str| Err(Refusal::new(reason, detail));
        if self.credential_id != registered.credential_id {
            return refuse(Reason::CredentialIdInvalid, "the assertion is for another credential");
        }
        match (self.user_handle.as_deref(), registered.user_handle) {
            (None, _) if !identified => {
                return refuse(
                    Reason::UserHandleMismatch,
                    "response.userHandle is required when no identity was given",
                );
            }
            (Some(handle), Some(known)) if handle != known => {
                return refuse(
                    Reason::UserHandleMismatch,
                    "response.userHandle does not belong to the credential's user",
                );
            }
            _ => {}
        }
        let (key, algorithm) = Key::from_cose(&registered_key(registered.cose_key)?)?;
        if !key.verifies(key::scheme(algorithm), &self.signed, &self.signature) {
            return refuse(Reason::SignatureInvalid, "the signature was not made by the credential's key");
        }
        if self.flags.backup_eligible() != registered.backup_eligible {
            return refuse(
                Reason::BackupEligibilityChanged,
                "the key's eligibility for backup has changed, which is not allowed (§6.1.3)",
            );
        }
        Ok(Asserted {
            user_verified: self.flags.user_verified(),
            backup_state: self.flags.backup_state(),
            sign_count: self.sign_count,
        })
    }
}
