//! The compact serialization of a JWS (RFC 7515 §7.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// The header of a token (RFC 7515 §4.1).
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Header<'a> {
    pub(crate) alg: &'a str,
    pub(crate) kid: &'a str,
    pub(crate) typ: &'a str,
}

impl<'a> Header<'a> {
    /// The header of a token that is signed with ECDSA on P-256 (RFC 7518 §3.4).
    pub(crate) fn es256(kid: &'a str, typ: &'a str) -> Self {
        Self { alg: "ES256", kid, typ }
    }
}

/// The input of the signature (RFC 7515 §5.1).
pub(crate) fn signing_input(header: &Header<'_>, claims: &impl Serialize) -> String {
    format!("{}.{}", encode(header), encode(claims))
}

/// The token with its signature.
pub(crate) fn compact(signing_input: &str, signature: &[u8]) -> String {
    format!("{signing_input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Encodes a part of a JWS: JSON in base64url.
fn encode(part: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(part).unwrap_or_default())
}
