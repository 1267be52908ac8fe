//! What a person's browser gets in the place of a problem document: the hosted page, which says what to do. It can also
//! repair many a damaged address.

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::Value;

use crate::page::Page;

/// The longest problem document, in bytes.
const LONGEST: usize = 1 << 16;

/// Answers requests that accept HTML with a page instead of a problem document.
pub(crate) async fn show_problems_as_pages(State(page): State<Page>, request: Request, next: Next) -> Response {
    let reads = [Method::GET, Method::HEAD].contains(request.method());
    let headers = request.headers().clone();
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !reads || !accepts_html(&headers) || kind.is_none_or(|kind| kind != "application/problem+json") {
        return response;
    }
    let (parts, body) = response.into_parts();
    let document: Value =
        to_bytes(body, LONGEST).await.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    let named =
        document["type"].as_str().and_then(|kind| kind.rsplit_once("/problems/")).map(|(_, name)| name.to_owned());
    let problem = named.unwrap_or_else(|| parts.status.as_u16().to_string());
    let mut answer = page.instead_of(&problem, &headers);
    *answer.status_mut() = parts.status;
    for name in [api::edge::REQUEST_ID, header::RETRY_AFTER] {
        answer.headers_mut().extend(parts.headers.get(&name).cloned().map(|value| (name, value)));
    }
    answer
}

/// Whether HTML is among what a client accepts by name, as it is with browsers (RFC 9110 §12.5.1). Clients of the API
/// accept everything, or JSON.
fn accepts_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let html = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("text/html"));
        let refused = |parameter: &str| {
            let weight = parameter.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
            weight.and_then(|(_, weight)| weight.trim().parse::<f32>().ok()) == Some(0.0)
        };
        html && !parts.any(refused)
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn browsers_accept_html() {
        for (accept, expected) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("application/json, Text/HTML;q=0.5", true),
            ("text/html;q=0", false),
            ("text/html; Q=0.000", false),
            ("application/json", false),
            ("*/*", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(accepts_html(&headers), expected, "{accept}");
        }
        assert!(!accepts_html(&HeaderMap::new()));
    }
}
