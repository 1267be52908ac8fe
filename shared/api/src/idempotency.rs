//! The header `Idempotency-Key`.

use axum::http::HeaderMap;
use binding::access::Claims;

use crate::problem::Problem;
use crate::view::FieldViolation;

/// The maximum length of a key, in characters.
const LONGEST: usize = 255;

/// The key of a request with the principal that it belongs to, if the request has a key.
///
/// # Errors
/// A 400 when the key is invalid, or the access token has no claim that distinguishes principals.
pub fn key<'a>(headers: &'a HeaderMap, claims: &'a Claims) -> Result<Option<(&'a str, &'a str)>, Problem> {
    let Some(header) = headers.get("idempotency-key") else { return Ok(None) };
    let refuse = |description: &str| Problem::invalid(vec![FieldViolation::new("Idempotency-Key", description)]);
    let key = header.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST {
        return Err(refuse("must be 1 to 255 printable ASCII characters"));
    }
    let Some(principal) = &claims.principal else {
        return Err(refuse(
            "requires an access token with a sub or client_id claim, which separates the keys of different callers",
        ));
    };
    Ok(Some((principal, key)))
}
