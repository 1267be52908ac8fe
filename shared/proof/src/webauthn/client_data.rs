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
pub(super) fn check(json: &[u8], challenge: &str, origins: &[String]) -> Result<(), Refusal> {
    let data: ClientData = serde_json::from_slice(json)
        .map_err(|error| Refusal::new(Reason::MalformedResponse, format!("clientDataJSON: {error}")))?;
    if data.r#type != "webauthn.create" {
        return Err(Refusal::new(Reason::WrongClientDataType, "clientDataJSON.type must be webauthn.create"));
    }
    if data.challenge != challenge {
        return Err(Refusal::new(Reason::ChallengeMismatch, "clientDataJSON.challenge is not this ceremony's"));
    }
    if !origins.contains(&data.origin) {
        let origin: String = data.origin.chars().filter(|c| !c.is_control()).take(200).collect();
        return Err(Refusal::new(
            Reason::OriginMismatch,
            format!("{origin} is not allowed to make passkeys here; allowed: {}", origins.join(", ")),
        ));
    }
    if data.cross_origin || data.top_origin.is_some() {
        return Err(Refusal::new(Reason::CrossOrigin, "passkeys are not made inside a frame of another site"));
    }
    Ok(())
}
