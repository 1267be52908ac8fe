//! Client data (WebAuthn Level 3 §5.8.1): what the browser says of the ceremony.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::refusal::{Reason, Refusal};

#[derive(Deserialize)]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
    #[serde(rename = "topOrigin")]
    top_origin: Option<serde::de::IgnoredAny>,
}

/// What the challenge must be.
pub(super) enum Challenge<'a> {
    /// These bytes.
    Bytes(&'a [u8]),
    /// The JSON of an object with these two members, as clients of the published API make it.
    Claims {
        /// `sub`: the identity.
        subject: &'a str,
        /// `token`: the ceremony token.
        token: &'a str,
    },
}

impl Challenge<'_> {
    fn is(&self, bytes: &[u8]) -> bool {
        match self {
            Challenge::Bytes(expected) => bytes == *expected,
            Challenge::Claims { subject, token } => serde_json::from_slice::<serde_json::Value>(bytes)
                .is_ok_and(|claims| claims["sub"] == *subject && claims["token"] == *token),
        }
    }
}

/// What client data tells, when it is as it must be.
pub(super) struct Checked<'a> {
    /// The origin of the list that the page had.
    pub(super) origin: &'a str,
    /// The challenge as it stands there: base64url.
    pub(super) challenge: String,
}

/// Checks the client data: §7.1, steps 5 to 11. Strings are compared as they are; an origin is not parsed, since a
/// browser writes it in one way only.
pub(super) fn check<'a>(json: &[u8], challenge: &Challenge<'_>, origins: &'a [String]) -> Result<Checked<'a>, Refusal> {
    let data: ClientData = serde_json::from_slice(json)
        .map_err(|_| Refusal::new(Reason::MalformedResponse, "clientDataJSON is not the JSON of client data"))?;
    if data.r#type != "webauthn.create" {
        return Err(Refusal::new(Reason::WrongClientDataType, "clientDataJSON.type must be webauthn.create"));
    }
    // One spelling only: the decoder takes neither padding nor stray bits.
    if !URL_SAFE_NO_PAD.decode(&data.challenge).is_ok_and(|bytes| challenge.is(&bytes)) {
        return Err(Refusal::new(Reason::ChallengeMismatch, "clientDataJSON.challenge is not this ceremony's"));
    }
    let Some(origin) = origins.iter().find(|origin| **origin == data.origin) else {
        let detail = format!("the page's origin is not allowed to make passkeys here; allowed: {}", origins.join(", "));
        return Err(Refusal::new(Reason::OriginMismatch, detail));
    };
    if data.cross_origin || data.top_origin.is_some() {
        return Err(Refusal::new(Reason::CrossOrigin, "passkeys are not made inside a frame of another site"));
    }
    Ok(Checked { origin, challenge: data.challenge })
}
