//! Checks every event against its published schema.

use std::collections::HashMap;
use std::sync::Arc;

use api::events::schema;
use jsonschema::Validator;
use serde_json::Value;

/// The schemas of events, by detail type.
#[derive(Clone, Debug)]
pub(crate) struct EventSchemas(Arc<HashMap<&'static str, Validator>>);

impl EventSchemas {
    /// Loads the published schemas.
    pub(crate) fn new() -> Result<Self, String> {
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        let validators = schema::all().into_iter().map(|schema| {
            let validator = options.build(&schema.document).map_err(|error| format!("{}: {error}", schema.file))?;
            Ok((schema.detail_type, validator))
        });
        Ok(Self(Arc::new(validators.collect::<Result<_, String>>()?)))
    }

    /// Checks an event's detail. The error describes the violations without values.
    pub(crate) fn check(&self, detail_type: &str, detail: &Value) -> Result<(), String> {
        let validator = self.0.get(detail_type).ok_or_else(|| format!("no schema for {detail_type:?}"))?;
        let violations: Vec<String> = validator
            .iter_errors(detail)
            .map(|error| format!("{}: {}", error.instance_path(), error.masked()))
            .collect();
        if violations.is_empty() { Ok(()) } else { Err(violations.join("; ")) }
    }
}

#[cfg(test)]
mod tests {
    use api::events::{EMAIL_STATUS, JOB_STATE};

    use serde_json::json;

    use super::*;

    fn detail() -> Value {
        let (id, time) = ("0198c0de-0000-7000-8000-000000000001", "2026-01-31T12:00:00.000Z");
        json!({
            "metadata": {
                "event_id": format!("{id}:1"), "sequence": 1, "schema_version": "1", "occurred_time": time,
                "tenant_id": "demo", "realm_id": "demo", "correlation_id": id,
            },
            "data": {"credential_binding_job": {
                "id": id, "tenant_id": "demo", "realm_id": "demo", "identity_id": "ada", "delivery_method": "EMAIL",
                "state": "LINK_SENT", "authenticator_config_id": "hosted",
                "authenticator_config_version": 1, "expire_time": time, "create_time": time, "update_time": time,
                "transitions": [{"state": "LINK_SENT", "time": time}],
            }},
        })
    }

    #[test]
    fn an_event_is_checked_against_its_schema() {
        let contracts = EventSchemas::new().unwrap();
        assert_eq!(contracts.check(JOB_STATE, &detail()), Ok(()));
        assert!(contracts.check("Another", &detail()).is_err());
        for (pointer, bad) in [
            ("/metadata/event_id", json!("1")),
            ("/metadata/sequence", json!(0)),
            ("/metadata/schema_version", json!("2")),
            ("/metadata/occurred_time", json!("2026-01-31T12:00:00Z")),
            ("/metadata/correlation_id", json!("a-job")),
            ("/metadata/tenant_id", json!("a b")),
            ("/data/credential_binding_job/state", json!("OPEN")),
            ("/data/credential_binding_job/expire_time", json!("2026-02-30T12:00:00.000Z")),
            ("/data/credential_binding_job/transitions", json!([])),
        ] {
            let mut event = detail();
            *event.pointer_mut(pointer).unwrap() = bad;
            let violations = contracts.check(JOB_STATE, &event).unwrap_err();
            assert!(violations.contains(pointer), "{violations}");
        }
        for (object, member) in [("/metadata", "note"), ("/data", "link"), ("/data/credential_binding_job", "email")] {
            let mut event = detail();
            event.pointer_mut(object).unwrap()[member] = "x".into();
            assert!(contracts.check(JOB_STATE, &event).unwrap_err().contains(member));
        }
        let mut changed = detail();
        changed["data"]["previous_state"] = "LINK_SENT".into();
        assert_eq!(contracts.check(JOB_STATE, &changed), Ok(()));
        assert!(contracts.check(EMAIL_STATUS, &changed).is_err());
    }
}
