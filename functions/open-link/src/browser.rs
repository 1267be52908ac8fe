//! For a person's browser, replaces a problem document by the hosted page, which explains what to do. The page can also
//! repair many damaged addresses.

use api::accept;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::Value;

use crate::page::Page;

/// The maximum size of a problem document, in bytes.
const LONGEST: usize = 1 << 16;

/// Answers requests that accept HTML with a page in place of a problem document.
pub(crate) async fn show_problems_as_pages(State(page): State<Page>, request: Request, next: Next) -> Response {
    let reads = [Method::GET, Method::HEAD].contains(request.method());
    let headers = request.headers().clone();
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !reads || !accept::wants_html(&headers) || kind.is_none_or(|kind| kind != "application/problem+json") {
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
