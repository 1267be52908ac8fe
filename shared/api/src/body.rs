//! Reads bodies: JSON whatever the Content-Type is, and at most 64 KB.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::{Map, Value};

use crate::problem::Problem;

/// The maximum size of a body, in bytes.
pub const LIMIT: usize = 64 * 1024;

/// A body that is a JSON object. Published clients also send it as `text/plain`, so the Content-Type is ignored.
#[derive(Clone, Debug)]
pub struct JsonBody<const MOST: usize = LIMIT>(pub Map<String, Value>);

/// A body with a list of up to 1 000 ids.
pub type LargeJsonBody = JsonBody<{ 256 * 1024 }>;

impl<S: Send + Sync, const MOST: usize> FromRequest<S> for JsonBody<MOST> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        object(&read(request.into_body(), MOST).await?).map(Self)
    }
}

/// A body that is a JSON object, or an empty body, which is read as an object without members.
#[derive(Clone, Debug)]
pub struct OptionalJsonBody(pub Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for OptionalJsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let bytes = read(request.into_body(), LIMIT).await?;
        if bytes.is_empty() { Ok(Self(Map::new())) } else { object(&bytes).map(Self) }
    }
}

fn object(bytes: &[u8]) -> Result<Map<String, Value>, Problem> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Problem::unreadable("The body must be a JSON object.")),
        Err(_) if bytes.is_empty() => Err(Problem::unreadable("The body is empty; it must be a JSON object.")),
        Err(error) => Err(Problem::unreadable(format!("The body is not JSON: {error}."))),
    }
}

async fn read(body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    match Limited::new(body, limit).collect().await {
        Ok(body) => {
            let bytes = body.to_bytes();
            // A byte order mark may be ignored (RFC 8259 §8.1); some clients send one.
            Ok(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes).trim_ascii().to_vec())
        }
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::too_large(limit)),
        Err(_) => Err(Problem::unreadable("The body could not be read completely.")),
    }
}
