//! Parts that operations and problems share.

use serde_json::{Value, json};

use crate::view::{ProblemKind, ProblemType};

/// The name of a problem's response among the document's components.
pub(super) fn problem_name(status: u16, types: &[ProblemType], in_browsers: bool) -> String {
    let kinds: Vec<&str> = types.iter().map(|one| one.0.map_or("blank", ProblemKind::name)).collect();
    format!("{status}.{}{}", kinds.join("."), if in_browsers { ".page" } else { "" })
}

/// The headers of every response.
pub(super) fn request_id() -> Value {
    json!({"x-request-id": header("The id of the request.")})
}

/// A response header.
pub(super) fn header(description: &str) -> Value {
    json!({"description": description, "schema": {"type": "string"}})
}
