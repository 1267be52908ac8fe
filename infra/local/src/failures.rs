//! The last requests of the API that failed, so that a request id can be looked up.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::Response;
use binding::time::Timestamp;
use serde_json::{Value, json};

use crate::record::lock;

/// The number of requests that are kept.
const KEPT: usize = 500;

/// The members of a problem document (RFC 9457) that are kept. None of them contains a secret.
const MEMBERS: [&str; 6] = ["request_id", "code", "title", "detail", "reason", "type"];

/// The last failed requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failures(Arc<Mutex<VecDeque<Value>>>);

impl Failures {
    /// Records a response if its status is an error. The path must not contain a query, because that can hold a secret.
    pub(crate) async fn note(
        &self,
        method: &str,
        path: &str,
        now: Timestamp,
        response: Response<Body>,
    ) -> Response<Body> {
        let status = response.status();
        if !(status.is_client_error() || status.is_server_error()) {
            return response;
        }
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
        let mut failure = json!({"time": now.to_string(), "method": method, "path": path, "status": status.as_u16()});
        for name in MEMBERS {
            if problem[name].is_string() {
                failure[name] = problem[name].clone();
            }
        }
        let mut failures = lock(&self.0);
        if failures.len() == KEPT {
            failures.pop_front();
        }
        failures.push_back(failure);
        Response::from_parts(parts, Body::from(body))
    }

    /// The newest failures, up to so many; newest first.
    pub(crate) fn newest(&self, count: usize) -> Vec<Value> {
        lock(&self.0).iter().rev().take(count).cloned().collect()
    }

    /// The number of failures that are kept.
    pub(crate) fn len(&self) -> usize {
        lock(&self.0).len()
    }

    /// Removes all.
    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn noted(failures: &Failures, status: u16, body: &str) -> String {
        let response = Response::builder().status(status).body(Body::from(body.to_owned())).unwrap();
        let response = failures.note("POST", "/v1/x", Timestamp::from_millis(0), response).await;
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn errors_are_kept_with_their_request_id_and_passed_on() {
        let failures = Failures::default();
        let problem = r#"{"request_id":"r-1","detail":"no","status":404,"details":[]}"#;
        assert_eq!(noted(&failures, 404, problem).await, problem);
        assert_eq!(noted(&failures, 200, "{}").await, "{}");
        assert_eq!(noted(&failures, 502, "<html>").await, "<html>");
        let [second, first] = &failures.newest(9)[..] else { panic!("two failures") };
        assert_eq!((&first["request_id"], &first["status"]), (&json!("r-1"), &json!(404)));
        assert_eq!(first["details"], Value::Null);
        assert_eq!((&second["status"], &second["request_id"]), (&json!(502), &Value::Null));
        for _ in 0..KEPT {
            noted(&failures, 400, "").await;
        }
        assert_eq!(failures.len(), KEPT);
        failures.clear();
        assert_eq!(failures.len(), 0);
    }
}
