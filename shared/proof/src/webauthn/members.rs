//! The members of a device's response.

use base64::Engine;
use serde_json::Value;

use crate::refusal::{Reason, Refusal};

/// The encoding of bytes in WebAuthn Level 3's JSON (§5.1, `Base64URLString`).
pub(super) const BASE64URL: &str = "base64url without padding";

pub(super) fn malformed(detail: impl Into<String>) -> Refusal {
    Refusal::new(Reason::MalformedResponse, detail)
}

/// Reads the members of a response and reports all malformed ones at once. A null optional member counts as absent.
pub(super) struct Members<'a> {
    raw: &'a Value,
    malformed: Vec<String>,
}

impl<'a> Members<'a> {
    pub(super) fn of(raw: &'a Value) -> Self {
        Self { raw, malformed: Vec::new() }
    }

    pub(super) fn text(&mut self, path: &str) -> &'a str {
        let text = path.split('.').try_fold(self.raw, |value, name| value.get(name)).and_then(Value::as_str);
        if text.is_none() {
            self.malformed.push(format!("{path} must be a string"));
        }
        text.unwrap_or_default()
    }

    pub(super) fn bytes(&mut self, path: &str, encoding: &impl Engine, name: &str) -> Vec<u8> {
        let before = self.malformed.len();
        let decoded = encoding.decode(self.text(path));
        if decoded.is_err() && self.malformed.len() == before {
            self.malformed.push(format!("{path} must be {name}"));
        }
        decoded.unwrap_or_default()
    }

    pub(super) fn transports(&mut self) -> Vec<String> {
        let transports = match self.raw.pointer("/response/transports") {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(all)) => all.iter().map(|one| one.as_str().map(str::to_owned)).collect(),
            Some(_) => None,
        };
        if transports.is_none() {
            self.malformed.push("response.transports must be a list of strings".to_owned());
        }
        transports.unwrap_or_default()
    }

    /// The bytes of an optional member.
    pub(super) fn optional_bytes(&mut self, path: &str, encoding: &impl Engine, name: &str) -> Option<Vec<u8>> {
        let pointer = format!("/{}", path.replace('.', "/"));
        self.raw.pointer(&pointer).filter(|value| !value.is_null())?;
        Some(self.bytes(path, encoding, name))
    }

    pub(super) fn refuse(&mut self, what: &str) {
        self.malformed.push(what.to_owned());
    }

    pub(super) fn done(self) -> Result<(), Refusal> {
        if self.malformed.is_empty() { Ok(()) } else { Err(malformed(format!("raw: {}", self.malformed.join("; ")))) }
    }
}
