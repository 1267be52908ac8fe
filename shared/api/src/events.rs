//! Events as EventBridge carries them. No mail address, no name and no secret is in them.

use binding::credential::Credential;
use binding::job::Job;
use serde_json::{Value, json};

pub mod schema;

/// The detail type of a change of a job's state.
pub const JOB_STATE: &str = "Credential Binding Job State Change";
/// The detail type of a change of a credential's state.
pub const CREDENTIAL_STATE: &str = "Credential State Change";
/// The detail type of news about a job's mail.
pub const EMAIL_STATUS: &str = "Credential Binding Email Status Change";

/// The version of the events' schema.
const SCHEMA_VERSION: &str = "1";

/// The event of a change of a job, or nothing when its version is the same: a failed try, say.
#[must_use]
pub fn job(before: Option<&Job>, after: &Job) -> Option<(&'static str, Value)> {
    if before.is_some_and(|before| before.version == after.version) {
        return None;
    }
    // What else changes a version changes the state.
    let of_mail = before.is_some_and(|before| before.state == after.state);
    let detail_type = if of_mail { EMAIL_STATUS } else { JOB_STATE };
    let id = after.job.job.to_string();
    let realm = &after.job.identity.realm;
    // As it was committed: that its time is over meanwhile is told by an event of its own.
    let mut view = crate::job::view(after, after.create_time);
    if let Some(view) = view.as_object_mut() {
        // What changes no version stays in the API: two events of one version tell the same.
        for member in ["last_failure", "prefetch_count", "last_prefetch_time", "renewed_by_job_id"] {
            view.remove(member);
        }
    }
    let mut data = json!({"credential_binding_job": view});
    if let Some(before) = before.filter(|_| !of_mail) {
        data["previous_state"] = before.state.name().into();
    }
    let metadata = json!({
        "event_id": format!("{id}:{}", after.version),
        "sequence": after.version,
        "schema_version": SCHEMA_VERSION,
        "occurred_time": after.update_time.to_string(),
        "tenant_id": realm.tenant.as_str(),
        "realm_id": realm.realm.as_str(),
        "correlation_id": id,
    });
    Some((detail_type, json!({"metadata": metadata, "data": data})))
}

/// The event of a change of a credential, or nothing when its version is the same.
#[must_use]
pub fn credential(before: Option<&Credential>, after: &Credential) -> Option<(&'static str, Value)> {
    if before.is_some_and(|before| before.version == after.version) {
        return None;
    }
    let realm = &after.identity.realm;
    let mut data = json!({"credential": crate::credential::view(after)});
    if let Some(before) = before {
        data["previous_state"] = before.state.name().into();
    }
    let metadata = json!({
        "event_id": format!("{}:{}", after.id, after.version),
        "sequence": after.version,
        "schema_version": SCHEMA_VERSION,
        "occurred_time": after.update_time.to_string(),
        "tenant_id": realm.tenant.as_str(),
        "realm_id": realm.realm.as_str(),
        "correlation_id": after.job.to_string(),
    });
    Some((CREDENTIAL_STATE, json!({"metadata": metadata, "data": data})))
}
