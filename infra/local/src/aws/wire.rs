//! The JSON protocols of AWS: responses, errors and ids.

use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

/// An error of the engine: its type (`ResourceNotFoundException`) and its message.
pub type EngineError = (String, String);

pub(crate) fn http_client() -> Client<HttpConnector, Body> {
    Client::builder(TokioExecutor::new()).build(HttpConnector::new())
}

pub(crate) fn success(answer: &Value) -> Response<Body> {
    respond(StatusCode::OK, "application/x-amz-json-1.1", None, answer)
}

/// An error as the JSON protocols write it: the type in the header (REST JSON) and in the body (AWS JSON).
pub(crate) fn failure(status: u16, kind: &str, message: &str) -> Response<Body> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    respond(status, "application/x-amz-json-1.1", Some(kind), &json!({"__type": kind, "message": message}))
}

pub(crate) fn respond(status: StatusCode, content_type: &str, kind: Option<&str>, body: &Value) -> Response<Body> {
    let mut response = Response::builder().status(status).header(header::CONTENT_TYPE, content_type);
    if let Some(kind) = kind {
        response = response.header("x-amzn-errortype", kind);
    }
    response.body(Body::from(body.to_string())).unwrap_or_default()
}

/// An id in the form of a UUID.
pub(crate) fn fresh_id() -> String {
    let hex = format!("{:032x}", u128::from_be_bytes(cloud::random::bytes()));
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
