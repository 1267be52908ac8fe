//! Client data (WebAuthn Level 3 §5.8.1): what the browser says of the ceremony.

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

/// Checks the client data: §7.1, steps 5 to 11. Strings are compared as they are; an origin is not parsed, since a
/// browser writes it in one way only.
/// Gives the origin of the list that the page had.
pub(super) fn check<'a>(json: &[u8], challenge: &str, origins: &'a [String]) -> Result<&'a str, Refusal> {
    let data: ClientData = serde_json::from_slice(json)
        .map_err(|_| Refusal::new(Reason::MalformedResponse, "clientDataJSON is not the JSON of client data"))?;
    if data.r#type != "webauthn.create" {
        return Err(Refusal::new(Reason::WrongClientDataType, "clientDataJSON.type must be webauthn.create"));
    }
    if data.challenge != challenge {
        return Err(Refusal::new(Reason::ChallengeMismatch, "clientDataJSON.challenge is not this ceremony's"));
    }
    let Some(origin) = origins.iter().find(|origin| **origin == data.origin) else {
        let detail = format!("the page's origin is not allowed to make passkeys here; allowed: {}", origins.join(", "));
        return Err(Refusal::new(Reason::OriginMismatch, detail));
    };
    if data.cross_origin || data.top_origin.is_some() {
        return Err(Refusal::new(Reason::CrossOrigin, "passkeys are not made inside a frame of another site"));
    }
    Ok(origin)
}
