//! Lambda's Invoke: calls a function directly. An HTTP function takes a request in API Gateway's payload format 2.0; the
//! gateway's authorizer is not involved.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use crate::aws::wire::failure;
use crate::deployment::Deployment;
use crate::http::json_response;
use crate::record::lock;

/// The function's name in the path of an Invoke.
pub(crate) fn function_of(path: &str) -> Option<&str> {
    path.strip_prefix("/2015-03-31/functions/")?.strip_suffix("/invocations")
}

/// Invokes the function with that name, its logical id or `{stack}-{logical id}`, and waits for its response.
pub(crate) async fn answer(
    stack: &Deployment,
    method: &str,
    name: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Response<Body> {
    let waits = headers.get("x-amz-invocation-type").is_none_or(|kind| kind == "RequestResponse");
    if method != "POST" || !waits {
        return failure(501, "UnknownOperationException", "only POST with the invocation type RequestResponse is here");
    }
    let id = name.rsplit('-').next().unwrap_or(name);
    let Some(worker) = lock(&stack.workers).get(id).cloned() else {
        return failure(404, "ResourceNotFoundException", &format!("no such function: {name}"));
    };
    let Ok(event) = serde_json::from_slice::<Value>(body) else {
        return failure(400, "InvalidRequestContentException", "the payload is no JSON");
    };
    // A separate task, so that a panic ends the invocation and not the stack.
    let outcome = tokio::spawn(async move { worker.invoke(event).await.map_err(|error| error.to_string()) });
    match outcome.await.unwrap_or_else(|panicked| Err(panicked.to_string())) {
        Ok(answer) => json_response(StatusCode::OK, &answer),
        Err(message) => {
            tracing::warn!(message, function = name, "the function failed");
            let mut response = json_response(StatusCode::OK, &json!({"errorType": "Error", "errorMessage": message}));
            response.headers_mut().insert("x-amz-function-error", HeaderValue::from_static("Unhandled"));
            response
        }
    }
}
