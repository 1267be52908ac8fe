//! The responses that are problem documents.

use serde_json::{Map, Value, json};

use super::examples;
use super::operations::operations;
use super::parts::{header, problem_name, request_id};
use crate::view::{ProblemKind, ProblemType};

/// The responses of all problems, by name.
pub(super) fn all() -> Map<String, Value> {
    let all = operations().into_iter().flat_map(|operation| {
        let in_browsers = operation.in_browsers;
        operation.problems.into_iter().map(move |(status, types)| (status, types, in_browsers))
    });
    all.map(|(status, types, in_browsers)| {
        (problem_name(status, &types, in_browsers), problem(status, &types, in_browsers))
    })
    .collect()
}

fn problem(status: u16, types: &[ProblemType], in_browsers: bool) -> Value {
    let mut headers = request_id();
    match status {
        401 | 403 => headers["www-authenticate"] = header("The requirements on the access token (RFC 6750 §3)."),
        405 => headers["allow"] = header("The methods that this path supports."),
        409 | 429 | 503 => headers["retry-after"] = header("The number of seconds to wait before a retry."),
        _ => {}
    }
    if types.iter().any(|one| matches!(one.0, Some(ProblemKind::TooManyRequests | ProblemKind::QueueFull))) {
        headers["ratelimit-limit"] = header("The limit: of requests a second, or of recipients.");
        headers["ratelimit-remaining"] = header("What is left of the limit.");
    }
    let narrower = json!({"properties": {"type": {"enum": types}, "status": {"const": status}}});
    let mut described = json!({
        "description": examples::reason(status),
        "headers": headers,
        "content": {"application/problem+json": {
            "schema": {"allOf": [{"$ref": "#/components/schemas/Problem"}, narrower]},
            "example": examples::problem(status, types.first().copied().unwrap_or(ProblemType(None))),
        }},
    });
    if in_browsers {
        described["content"]["text/html"] = json!({"schema": {"type": "string"}});
    }
    described
}
