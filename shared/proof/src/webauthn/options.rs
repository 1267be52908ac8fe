//! The options for the browser: `PublicKeyCredentialCreationOptionsJSON` and `PublicKeyCredentialRequestOptionsJSON`
//! (WebAuthn Level 3 §5.1.9).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::{Policy, Requirement};

/// How long a browser may wait for its user, in milliseconds (the upper limit that WebAuthn Level 3 recommends).
const TIMEOUT_MILLIS: u32 = 600_000;

/// The parameters of creation options.
#[derive(Clone, Debug)]
pub struct CreationOptions<'a> {
    /// The relying party id.
    pub rp_id: &'a str,
    /// The relying party's name.
    pub rp_name: &'a str,
    /// The user handle (§5.4.3): at most 64 bytes that reveal nothing about the person.
    pub user_id: &'a [u8],
    /// The name that distinguishes accounts.
    pub user_name: &'a str,
    /// The name that is shown to the person.
    pub user_display_name: &'a str,
    /// The challenge.
    pub challenge: &'a [u8],
    /// Credential ids, with transports, of the passkeys that the person already has.
    pub exclude: &'a [(Vec<u8>, Vec<String>)],
    /// The policy that the passkey must meet.
    pub policy: &'a Policy,
}

/// Creates the options for `parseCreationOptionsFromJSON`.
#[must_use]
pub fn creation_options(options: &CreationOptions<'_>) -> Value {
    let exclude = descriptors(options.exclude);
    let policy = options.policy;
    let params: Vec<Value> =
        policy.offered().iter().map(|alg| json!({"type": "public-key", "alg": alg.cose()})).collect();
    json!({
        "rp": {"id": options.rp_id, "name": options.rp_name},
        "user": {
            "id": base64url(options.user_id),
            "name": options.user_name,
            "displayName": options.user_display_name,
        },
        "challenge": base64url(options.challenge),
        "pubKeyCredParams": params,
        "timeout": TIMEOUT_MILLIS,
        "excludeCredentials": exclude,
        "authenticatorSelection": {
            "residentKey": policy.resident_key.name(),
            "requireResidentKey": policy.resident_key == Requirement::Required,
            "userVerification": policy.user_verification.name(),
        },
        "hints": policy.hints(),
        "attestation": policy.attestation.conveyance(),
        "extensions": {"credProps": true},
    })
}

/// The parameters of a sign-in's options.
#[derive(Clone, Debug)]
pub struct RequestOptions<'a> {
    /// The relying party id.
    pub rp_id: &'a str,
    /// The challenge.
    pub challenge: &'a [u8],
    /// Credential ids, with transports, of the passkeys that may be used; empty for any discoverable passkey.
    pub allow: &'a [(Vec<u8>, Vec<String>)],
    /// Whether the authenticator must verify its user.
    pub user_verification: Requirement,
    /// How long the browser may wait for its user, in milliseconds.
    pub timeout_millis: u32,
    /// The kinds of authenticators that the browser should offer first (§5.8.7), in order of preference.
    pub hints: &'a [&'a str],
}

/// Creates the options for `parseRequestOptionsFromJSON`.
#[must_use]
pub fn request_options(options: &RequestOptions<'_>) -> Value {
    json!({
        "challenge": base64url(options.challenge),
        "timeout": options.timeout_millis,
        "rpId": options.rp_id,
        "allowCredentials": descriptors(options.allow),
        "userVerification": options.user_verification.name(),
        "hints": options.hints,
    })
}

fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// `PublicKeyCredentialDescriptorJSON` (§5.8.3) of each.
fn descriptors(credentials: &[(Vec<u8>, Vec<String>)]) -> Vec<Value> {
    let one = |(id, transports): &(Vec<u8>, Vec<String>)| json!({"type": "public-key", "id": base64url(id), "transports": transports});
    credentials.iter().map(one).collect()
}
