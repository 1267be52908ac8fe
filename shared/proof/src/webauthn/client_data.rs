//! Client data (WebAuthn Level 3 §5.8.1): what the browser states about the ceremony.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::refusal::{Reason, Refusal};

/// The byte order mark, which UTF-8 decoding strips at the beginning (Encoding Standard, "UTF-8 decode").
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The checked members. Others may have any value. A null member counts as absent.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ClientData {
    r#type: Member,
    challenge: Member,
    origin: Member,
    #[serde(rename = "crossOrigin")]
    cross_origin: Member,
    #[serde(rename = "topOrigin")]
    top_origin: Member,
}

/// A member's value, as far as it has an expected type.
#[derive(Default)]
enum Member {
    #[default]
    Absent,
    Bool(bool),
    Text(String),
    Other,
}

impl Member {
    fn text(self, name: &str) -> Result<String, Refusal> {
        match self {
            Member::Text(text) => Ok(text),
            _ => Err(malformed(format!("clientDataJSON.{name} must be a string"))),
        }
    }
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyMember)
    }
}

struct AnyMember;

impl<'de> Visitor<'de> for AnyMember {
    type Value = Member;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Member, E> {
        Ok(Member::Absent)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Member, E> {
        Ok(Member::Bool(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Member, E> {
        Ok(Member::Text(value.to_owned()))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Member, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Member::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Member, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Member::Other)
    }
}

fn malformed(detail: impl Into<String>) -> Refusal {
    Refusal::new(Reason::MalformedResponse, detail)
}

/// The expected challenge.
pub(super) enum Challenge<'a> {
    /// These bytes.
    Bytes(&'a [u8]),
    /// The JSON of an object with these two members, as clients of the published API build it.
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

/// The expected purpose of the client data.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// `navigator.credentials.create()`.
    Registration,
    /// `navigator.credentials.get()`.
    Authentication,
}

impl Purpose {
    /// The member `type`.
    fn name(self) -> &'static str {
        match self {
            Purpose::Registration => "webauthn.create",
            Purpose::Authentication => "webauthn.get",
        }
    }
}

/// The contents of valid client data.
pub(super) struct Checked<'a> {
    /// The allowed origin that matched.
    pub(super) origin: &'a str,
    /// The challenge as written in the client data: base64url.
    pub(super) challenge: String,
}

/// Checks the client data: §7.1, steps 5 to 11, and §7.2, steps 8 to 14. The bytes are decoded as step 5 requires: a
/// byte order mark is stripped, and invalid UTF-8 is replaced. Strings are compared unchanged. Origins are not parsed,
/// because browsers send each in one form only.
pub(super) fn check<'a>(
    purpose: Purpose,
    json: &[u8],
    challenge: &Challenge<'_>,
    origins: &'a [String],
) -> Result<Checked<'a>, Refusal> {
    let text = String::from_utf8_lossy(json.strip_prefix(BYTE_ORDER_MARK).unwrap_or(json));
    let data: ClientData = serde_json::from_str(&text)
        .map_err(|_| malformed("clientDataJSON must be the JSON of an object, with no member twice"))?;
    let kind = purpose.name();
    if data.r#type.text("type")? != kind {
        return Err(Refusal::new(Reason::WrongClientDataType, format!("clientDataJSON.type must be {kind}")));
    }
    // One spelling only: the decoder rejects padding and unused bits that are set.
    let spelt = data.challenge.text("challenge")?;
    if !URL_SAFE_NO_PAD.decode(&spelt).is_ok_and(|bytes| challenge.is(&bytes)) {
        return Err(Refusal::new(Reason::ChallengeMismatch, "clientDataJSON.challenge is not that of this ceremony"));
    }
    let page = data.origin.text("origin")?;
    let Some(origin) = origins.iter().find(|origin| **origin == page) else {
        let detail = format!("the page's origin may not create or use passkeys; allowed: {}", origins.join(", "));
        return Err(Refusal::new(Reason::OriginMismatch, detail));
    };
    let framed = match (data.cross_origin, data.top_origin) {
        (Member::Absent | Member::Bool(false), Member::Absent) => false,
        (Member::Text(_) | Member::Other, _) => {
            return Err(malformed("clientDataJSON.crossOrigin must be true or false, or absent"));
        }
        (_, Member::Bool(_) | Member::Other) => {
            return Err(malformed("clientDataJSON.topOrigin must be a string, or absent"));
        }
        _ => true,
    };
    if framed {
        return Err(Refusal::new(Reason::CrossOrigin, "passkeys cannot be created or used in a frame of another site"));
    }
    Ok(Checked { origin, challenge: spelt })
}
