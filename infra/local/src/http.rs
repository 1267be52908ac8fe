//! Responses of the stack's own addresses.

use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use serde_json::Value;

pub(crate) fn json_response(status: StatusCode, body: &Value) -> Response<Body> {
    let response = Response::builder().status(status).header(header::CONTENT_TYPE, "application/json");
    response.header(header::CACHE_CONTROL, "no-store").body(Body::from(body.to_string())).unwrap_or_default()
}
