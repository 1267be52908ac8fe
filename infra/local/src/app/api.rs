//! The sample app's client of Bindery: over HTTP, with an access token.

use api::operation::{CREATE_JOB, GET_IDENTITY, LIST_CREDENTIALS, Operation};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::aws::wire::http_client;

const LARGEST_ANSWER: usize = 1 << 20;

/// The error that the app returns to its page.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) status: StatusCode,
    pub(super) message: String,
}

impl Failed {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub(super) fn unreachable() -> Self {
        Self::new(StatusCode::BAD_GATEWAY, "Bindery does not answer.")
    }
}

/// A client of the REST API.
pub(super) struct Api {
    base: String,
    http: Client<HttpConnector, Body>,
}

impl Api {
    pub(super) fn new(base: &str) -> Self {
        Self { base: base.to_owned(), http: http_client() }
    }

    /// Reads a user of the app, which is an identity of the realm.
    pub(super) async fn identity(&self, id: &str) -> Result<Value, Failed> {
        self.call(GET_IDENTITY, id, &Value::Null).await
    }

    /// The user's passkeys that are not revoked.
    pub(super) async fn passkeys(&self, user: &str) -> Result<Vec<Value>, Failed> {
        let mut answer = self.call(LIST_CREDENTIALS, user, &Value::Null).await?;
        let Value::Array(mut passkeys) = answer["credentials"].take() else { return Ok(Vec::new()) };
        passkeys.retain(|passkey| passkey["state"] == "ACTIVE");
        Ok(passkeys)
    }

    /// Bindery's address, which is the issuer of its tokens.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// The keys that sign receipts and sign-in tokens (RFC 7517 §5).
    pub(super) async fn key_set(&self) -> Result<Value, Failed> {
        let (status, keys) =
            self.send(Request::get(format!("{}/.well-known/jwks.json", self.base)).body(Body::empty())).await?;
        if status.is_success() { Ok(keys) } else { Err(Failed::unreachable()) }
    }

    /// Creates a job and returns its link.
    pub(super) async fn create_job(&self, user: &str) -> Result<String, Failed> {
        let job = json!({"job": {"delivery_method": "RETURN", "authenticator_config_id": "embedded"}});
        let answer = self.call(CREATE_JOB, user, &job).await?;
        answer["credential_binding_link"].as_str().map(str::to_owned).ok_or_else(Failed::unreachable)
    }

    /// Performs an operation on a user, with a token that has only the scope for it.
    async fn call<P>(&self, operation: Operation<P>, user: &str, body: &Value) -> Result<Value, Failed> {
        let (route, scope) = (operation.route, operation.route.scope.unwrap_or_default());
        let path = route.at(["demo", "demo", segment(user)?]);
        let form = format!("grant_type=client_credentials&client_id=local&client_secret=local&scope={scope}");
        let token = Request::post(format!("{}/oauth2/token", self.base)).body(Body::from(form));
        let (_, token) = self.send(token).await?;
        let token = token["access_token"].as_str().ok_or_else(Failed::unreachable)?;

        let request = Request::builder().method(route.method).uri(format!("{}{path}", self.base));
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let request = request.header(header::AUTHORIZATION, format!("Bearer {token}")).body(body);
        let (status, answer) = self.send(request).await?;
        if status.is_success() {
            return Ok(answer);
        }
        Err(Failed::new(status, answer["detail"].as_str().unwrap_or("Bindery refused.")))
    }

    async fn send(&self, request: Result<Request<Body>, axum::http::Error>) -> Result<(StatusCode, Value), Failed> {
        let answer = self.http.request(request.map_err(|_| Failed::unreachable())?).await;
        let (parts, body) = answer.map_err(|_| Failed::unreachable())?.into_parts();
        let body = axum::body::to_bytes(Body::new(body), LARGEST_ANSWER).await.map_err(|_| Failed::unreachable())?;
        Ok((parts.status, serde_json::from_slice(&body).unwrap_or_default()))
    }
}

/// An id as a segment of a path.
fn segment(id: &str) -> Result<&str, Failed> {
    let plain = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._~-".contains(&b));
    let somebody = plain && !["-", ".", ".."].contains(&id);
    somebody.then_some(id).ok_or_else(|| Failed::new(StatusCode::NOT_FOUND, "There is nobody of this name."))
}
