//! The edge of every HTTP function: request ids, problem documents, and headers of every response.

use std::borrow::Cow;

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use binding::access::Admission;

use crate::operation::{self, Route};
use crate::origin;
use crate::problem::Problem;
use crate::view;

/// The header with the request's id, which is also in the problem document.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Completes a function's router: an unknown route becomes a problem, and every problem gets a document.
pub fn finish(router: Router) -> Router {
    router
        .fallback(async || Problem::no_such_route())
        .method_not_allowed_fallback(async |method: Method| match method {
            // The gateway handles a GET without an operation like an unknown path.
            Method::GET | Method::HEAD => Problem::no_such_route(),
            _ => Problem::method_not_allowed(),
        })
        .layer(from_fn(document))
}

/// Like [`finish`], for a router that devices call from pages of any origin: preflights are answered, and responses are
/// shared.
pub fn finish_for_devices(router: Router) -> Router {
    finish(router).layer(from_fn(async |request: Request, next: Next| {
        let origin = request.headers().get(header::ORIGIN).cloned();
        let mut response = if origin::is_preflight(request.method(), request.headers()) {
            origin::preflight()
        } else {
            next.run(request).await
        };
        if let Some(origin) = origin {
            origin::share(&mut response, origin);
        }
        response
    }))
}

async fn document(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<Admission>().map(|admission| admission.request_id.clone()).unwrap_or_default();
    let path = request.uri().path().to_owned();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    // axum's own responses to requests that it cannot route or read have no problem yet.
    if response.status().is_client_error() && response.extensions().get::<Problem>().is_none() {
        response = replace(response);
    }
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let path = as_written(&path, matched.as_ref());
        let instance = instance(&path);
        let document = problem.document(instance, &id);
        *response.body_mut() = Body::from(document_json(&document));
        let json = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        response.headers_mut().remove(header::CONTENT_LENGTH);
        let (status, problem) = (response.status().as_u16(), document.r#type.uri());
        tracing::info!(request_id = id, status, path = instance, problem, "refused");
    }
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    response
}

/// The path as callers write it: `{id}:verb` in place of an operation's `{id}/verb`.
fn as_written<'a>(path: &'a str, matched: Option<&MatchedPath>) -> Cow<'a, str> {
    let is_verb = |route: &Route| matched.is_some_and(|matched| *route.template() == *matched.as_str());
    let verb = operation::ALL.iter().filter(|route| route.path.contains(':')).any(is_verb);
    match path.rsplit_once('/') {
        Some((id, verb_name)) if verb => format!("{id}:{verb_name}").into(),
        _ => path.into(),
    }
}

fn document_json(document: &view::Problem) -> String {
    serde_json::to_string(document).unwrap_or_default()
}

/// A path that can be returned and logged: no longer than the longest valid path, and without the secret of a link
/// whose `?` was encoded.
fn instance(path: &str) -> &str {
    let secret = path.to_ascii_lowercase().find("token").unwrap_or(path.len());
    path.get(..path.len().min(700).min(secret)).filter(|path| !path.is_empty()).unwrap_or("/")
}

fn replace(response: Response) -> Response {
    let problem = match response.status().as_u16() {
        404 => Problem::no_such_route(),
        405 => Problem::method_not_allowed(),
        413 => Problem::too_large(crate::body::LIMIT),
        _ => Problem::unreadable("The request could not be read."),
    };
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut replaced = problem.into_response();
    replaced.headers_mut().extend(allow.map(|allow| (header::ALLOW, allow)));
    replaced
}
