//! Errors, as messages for people and exit codes for scripts.

use std::fmt;
use std::process::ExitCode;

use serde_json::Value;

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Error {
    /// The command is invalid: a setting is missing, or a file cannot be read.
    Usage(String),
    /// The API returned an error: the status, and the problem document (RFC 9457) or other body.
    Problem(u16, Value),
    /// The API refused several requests of one command.
    Refused(String),
    /// The API cannot be reached, or one of its dependencies fails. A later retry may succeed.
    Unavailable(String),
    /// The job that was watched ended without a passkey, or the campaign was stopped.
    Ended(String),
}

impl Error {
    /// 1 refused, 2 usage, 3 unavailable, 4 ended without a passkey, as documented in `--help`.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Problem(..) | Self::Refused(_) => 1,
            Self::Usage(_) => 2,
            Self::Unavailable(_) => 3,
            Self::Ended(_) => 4,
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(words) | Self::Refused(words) | Self::Unavailable(words) | Self::Ended(words) => {
                f.write_str(words)
            }
            Self::Problem(status, problem) => refused(f, *status, problem),
        }
    }
}

fn refused(f: &mut fmt::Formatter<'_>, status: u16, problem: &Value) -> fmt::Result {
    let text = |name: &str| problem[name].as_str().unwrap_or_default();
    // The gateway's own responses have only a message.
    let title = if text("title").is_empty() { text("message") } else { text("title") };
    let title = if title.is_empty() { "Refused" } else { title };
    write!(f, "{title} ({status})")?;
    let details = problem["details"].as_array().into_iter().flatten();
    let violations: Vec<&Value> =
        details.filter_map(|detail| detail["field_violations"].as_array()).flatten().collect();
    // For an invalid request, the lines below contain more than the detail.
    if violations.is_empty() && !text("detail").is_empty() {
        write!(f, ": {}", text("detail"))?;
    }
    for violation in violations {
        let part = |name: &str| violation[name].as_str().unwrap_or_default();
        write!(f, "\n  {}: {}", part("field"), part("description"))?;
    }
    match status {
        401 => {
            f.write_str("\nThe access token is missing, expired or not for this API. See `bindctl login --help`.")?
        }
        403 if text("detail").is_empty() => f.write_str("\nThe access token lacks a scope that this needs.")?,
        _ => {}
    }
    if !text("request_id").is_empty() {
        write!(f, "\nrequest id: {}", text("request_id"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_problem_is_printed_with_its_fields() {
        let problem = json!({
            "title": "Invalid request", "detail": "Invalid field: job.locale (no such).", "request_id": "r-1",
            "details": [
                {"type": "ResourceInfo", "id": "x"},
                {"type": "FieldViolations", "field_violations": [{"field": "job.locale", "description": "no such"}]},
            ],
        });
        insta::assert_snapshot!(Error::Problem(400, problem), @r"
        Invalid request (400)
          job.locale: no such
        request id: r-1
        ");
    }

    #[test]
    fn the_gateways_own_responses_are_printed() {
        insta::assert_snapshot!(Error::Problem(401, json!({"message": "Unauthorized"})), @r"
        Unauthorized (401)
        The access token is missing, expired or not for this API. See `bindctl login --help`.
        ");
        insta::assert_snapshot!(Error::Problem(404, Value::Null), @"Refused (404)");
    }
}
