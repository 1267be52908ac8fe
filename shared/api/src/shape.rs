//! Parts of JSON Schemas (draft 2020-12): events and OpenAPI are described with them.

use serde_json::{Map, Value, json};

/// A member of an object.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) schema: Value,
    pub(crate) required: bool,
}

/// A member that is always there.
pub(crate) fn must(name: &'static str, schema: Value) -> Member {
    Member { name, schema, required: true }
}

/// A member that can be absent. It is never null.
pub(crate) fn may(name: &'static str, schema: Value) -> Member {
    Member { name, schema, required: false }
}

pub(crate) fn object(members: Vec<Member>) -> Value {
    let required: Vec<&str> = members.iter().filter(|member| member.required).map(|member| member.name).collect();
    let properties: Map<String, Value> =
        members.iter().map(|member| (member.name.to_owned(), member.schema.clone())).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

pub(crate) fn one_of(names: &[&str]) -> Value {
    json!({"type": "string", "enum": names})
}

pub(crate) fn text() -> Value {
    json!({"type": "string", "minLength": 1})
}

pub(crate) fn pattern(pattern: &str) -> Value {
    json!({"type": "string", "pattern": pattern})
}

pub(crate) fn base64url() -> Value {
    pattern("^[A-Za-z0-9_-]+$")
}

/// RFC 3339 in UTC, with milliseconds.
pub(crate) fn time() -> Value {
    json!({"type": "string", "format": "date-time", "pattern": "\\.[0-9]{3}Z$"})
}

/// An id that we made.
pub(crate) fn made_id() -> Value {
    json!({"type": "string", "format": "uuid"})
}

/// An id that a caller can choose ([`binding::ids`]).
pub(crate) fn chosen_id() -> Value {
    pattern("^[A-Za-z0-9._~-]{1,128}$")
}

/// A URL as browsers read it (WHATWG), which can hold more than a URI of RFC 3986.
pub(crate) fn web_url() -> Value {
    pattern("^https?://")
}
