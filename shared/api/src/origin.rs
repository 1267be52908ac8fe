//! Pages of other origins (Fetch, "CORS protocol").
//!
//! A response depends only on the bearer token, never on a cookie, so every origin may read it. But only a page that
//! its config trusts may act: the server checks the `Origin` header before it changes anything.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use binding::directory::AuthenticatorConfig;
use binding::link::PublicUrl;

use crate::problem::Problem;

/// The origin of the page that makes a request, if it is not the installation's own. Clients other than browsers send
/// none.
#[must_use]
pub fn foreign<'a>(headers: &'a HeaderMap, public_url: &PublicUrl) -> Option<&'a str> {
    let origin = headers.get(header::ORIGIN)?.to_str().unwrap_or("null");
    (origin != public_url.origin()).then_some(origin)
}

/// Checks that a page of that origin may act under a config.
///
/// # Errors
/// A 403 that names the origin.
pub fn check(origin: Option<&str>, config: &AuthenticatorConfig) -> Result<(), Problem> {
    match origin {
        Some(origin) if !config.trusted_origins().iter().any(|trusted| trusted == origin) => {
            Err(Problem::untrusted_origin(config.id.as_str()))
        }
        _ => Ok(()),
    }
}

/// Whether a page of that origin may sign in under a config.
///
/// # Errors
/// A 403 that names the config.
pub fn check_sign_in(
    origin: Option<&str>,
    config: &AuthenticatorConfig,
    public_url: &PublicUrl,
) -> Result<(), Problem> {
    match origin {
        Some(origin) if !config.may_sign_in(origin, public_url) => {
            Err(Problem::untrusted_sign_in_origin(config.id.as_str()))
        }
        _ => Ok(()),
    }
}

/// The headers that a page may send: those that are used, and those that tracing libraries add to every request (W3C
/// Trace Context and Baggage, Sentry, AWS X-Ray).
const ALLOWED_HEADERS: &str =
    "authorization, content-type, accept, traceparent, tracestate, baggage, sentry-trace, x-amzn-trace-id";

/// The response to a preflight. It reveals nothing about jobs.
pub(crate) fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Whether a request is a preflight.
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Allows the requesting page to read the response.
pub(crate) fn share(response: &mut Response, origin: HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    // The date lets a device with a wrong clock sign with the correct time.
    let exposed = HeaderValue::from_static("date, retry-after, x-request-id");
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    headers.append(header::VARY, HeaderValue::from_static("origin"));
}
