//! EventBridge's `PutEvents`. Every event is checked against its published schema; one that violates it is rejected and
//! logged as an error.

use axum::body::Body;
use axum::http::Response;
use serde_json::{Value, json};

use crate::aws::Aws;
use crate::aws::wire::{failure, fresh_id, success};

impl Aws {
    /// Puts the entries, or all but the last, for which the response then has no entry.
    pub(crate) fn put_events(&self, function: &str, body: &[u8], partial: bool) -> Response<Body> {
        let request: Value = serde_json::from_slice(body).unwrap_or_default();
        let mut entries = request["Entries"].as_array().cloned().unwrap_or_default();
        if entries.is_empty() || entries.len() > 10 {
            return failure(400, "ValidationException", "1 to 10 entries");
        }
        if partial {
            entries.pop();
        }
        let outcomes: Vec<Value> = entries.iter().map(|entry| self.put_entry(function, entry)).collect();
        let failed = outcomes.iter().filter(|outcome| outcome["ErrorCode"].is_string()).count();
        success(&json!({"FailedEntryCount": failed, "Entries": outcomes}))
    }

    fn put_entry(&self, function: &str, entry: &Value) -> Value {
        if let Some(code) = self.faults.entry_error(function) {
            return json!({"ErrorCode": code, "ErrorMessage": "injected"});
        }
        let detail: Value = serde_json::from_str(entry["Detail"].as_str().unwrap_or_default()).unwrap_or_default();
        let detail_type = entry["DetailType"].as_str().unwrap_or_default();
        if let Err(violations) = self.event_schemas.check(detail_type, &detail) {
            tracing::error!(detail_type, violations, "an event violates its schema");
            return json!({"ErrorCode": "MalformedDetail", "ErrorMessage": violations});
        }
        let id = fresh_id();
        let event = json!({
            "version": "0",
            "id": id,
            "source": entry["Source"],
            "account": "000000000000",
            "region": "local",
            "resources": [],
            "detail-type": detail_type,
            "time": self.event_time(entry),
            "detail": detail,
        });
        match self.events.add(event) {
            Ok(()) => json!({"EventId": id}),
            Err(error) => {
                json!({"ErrorCode": "InternalFailure", "ErrorMessage": format!("it cannot be kept: {error}")})
            }
        }
    }

    fn event_time(&self, entry: &Value) -> String {
        let millis = entry["Time"].as_f64().map(|seconds| (seconds * 1000.0).round() as i64);
        let time = millis.map_or_else(|| self.clock.now(), binding::time::Timestamp::from_millis);
        // EventBridge's times have whole seconds.
        format!("{}Z", &time.to_string()[..19])
    }
}

/// Describes a bus. Every name is accepted.
pub(crate) fn describe(body: &[u8]) -> Response<Body> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let name = request["Name"].as_str().unwrap_or("default");
    success(&json!({"Name": name, "Arn": format!("arn:aws:events:local:000000000000:event-bus/{name}")}))
}
