//! What events look like, as JSON Schema (draft 2020-12): the one source of the files in `shared/api/events`.
//!
//! A schema describes an event's `detail`. It is strict: a member that is not listed here is not told to the world.

use binding::credential::CredentialState;
use binding::directory::Mechanism;
use binding::job::{DeliveryMethod, Revoker};
use binding::mail::EmailStatus;
use binding::state::State;
use serde_json::{Value, json};

use crate::shape::{Member, base64url, chosen_id, made_id, may, must, object, one_of, pattern, text, time, web_url};

use super::{CREDENTIAL_STATE, EMAIL_STATUS, JOB_STATE, SCHEMA_VERSION};

/// Where the schemas' ids stand.
const IDS: &str = "https://bindery.dev/events/";

/// The schema of one kind of event.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The kind of event.
    pub detail_type: &'static str,
    /// The name of its file.
    pub file: String,
    /// The document.
    pub document: Value,
}

/// The schemas of all events.
#[must_use]
pub fn all() -> [Schema; 3] {
    let job = || must("credential_binding_job", object(job_members()));
    let job_state = vec![job(), may("previous_state", one_of(&State::ALL.map(State::name)))];
    let email_status = vec![job()];
    let credential_state =
        vec![must("credential", object(credential_members())), may("previous_state", one_of(&credential_states()))];
    [(JOB_STATE, job_state), (EMAIL_STATUS, email_status), (CREDENTIAL_STATE, credential_state)]
        .map(|(detail_type, data)| schema(detail_type, object(data)))
}

fn schema(detail_type: &'static str, data: Value) -> Schema {
    let file = format!("{}.schema.json", detail_type.to_lowercase().replace(' ', "-"));
    let mut document = object(vec![must("metadata", object(metadata_members())), must("data", data)]);
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    document["$id"] = format!("{IDS}{file}").into();
    document["title"] = detail_type.into();
    Schema { detail_type, file, document }
}

fn metadata_members() -> Vec<Member> {
    vec![
        must("event_id", pattern("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[1-9][0-9]*$")),
        must("sequence", json!({"type": "integer", "minimum": 1})),
        must("schema_version", json!({"const": SCHEMA_VERSION})),
        must("occurred_time", time()),
        must("tenant_id", chosen_id()),
        must("realm_id", chosen_id()),
        must("correlation_id", made_id()),
    ]
}

/// A job in an event: as the API shows it, without what changes no version.
pub(crate) fn job_members() -> Vec<Member> {
    let transition = object(vec![must("state", one_of(&State::ALL.map(State::name))), must("time", time())]);
    vec![
        must("id", made_id()),
        must("tenant_id", chosen_id()),
        must("realm_id", chosen_id()),
        must("identity_id", chosen_id()),
        must("delivery_method", one_of(&[DeliveryMethod::Email, DeliveryMethod::Return].map(DeliveryMethod::name))),
        must("state", one_of(&State::ALL.map(State::name))),
        must("authenticator_config_id", chosen_id()),
        must("expire_time", time()),
        must("create_time", time()),
        must("update_time", time()),
        must("transitions", json!({"type": "array", "items": transition, "minItems": 1})),
        may("post_binding_redirect_uri", web_url()),
        may("locale", pattern("^[A-Za-z][A-Za-z0-9]{0,7}(-[A-Za-z0-9]{1,8})*$")),
        may("credential_id", made_id()),
        may("binding_receipt", pattern("^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$")),
        may("email_status", one_of(&EmailStatus::ALL.map(EmailStatus::name))),
        may("email_status_reason", text()),
        may("revoked_by", one_of(&Revoker::ALL.map(Revoker::name))),
        may("renews_job_id", made_id()),
    ]
}

pub(crate) fn credential_members() -> Vec<Member> {
    vec![
        must("id", made_id()),
        must("tenant_id", chosen_id()),
        must("realm_id", chosen_id()),
        must("identity_id", chosen_id()),
        must("job_id", made_id()),
        must("state", one_of(&credential_states())),
        must("csr_type", one_of(&Mechanism::ALL.map(Mechanism::name))),
        must("jwk_json", json!({"type": "string", "contentMediaType": "application/json"})),
        must("jwk_thumbprint", pattern("^[A-Za-z0-9_-]{43}=$")),
        must("algorithm", text()),
        must("create_time", time()),
        must("update_time", time()),
        may("revoked_by", one_of(&Revoker::ALL.map(Revoker::name))),
        may("webauthn", object(webauthn_members())),
    ]
}

fn webauthn_members() -> Vec<Member> {
    let flag = || json!({"type": "boolean"});
    vec![
        must("credential_id", base64url()),
        must("public_key_cose", base64url()),
        must("aaguid", made_id()),
        must("attestation_format", text()),
        must("attestation_type", text()),
        may("attestation_result", text()),
        may("verified_by", text()),
        may("model", text()),
        must("user_verified", flag()),
        must("backup_eligible", flag()),
        must("backup_state", flag()),
        must("transports", json!({"type": "array", "items": text()})),
        must("sign_count", json!({"type": "integer", "minimum": 0, "maximum": u32::MAX})),
        must("rp_id", text()),
    ]
}

fn credential_states() -> [&'static str; 2] {
    [CredentialState::Active, CredentialState::Revoked].map(CredentialState::name)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The files are for the world, and this module is where they are changed.
    #[test]
    fn the_files_are_what_this_module_says() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("events");
        let mut expected = Vec::new();
        for schema in all() {
            let path = folder.join(&schema.file);
            let document = format!("{}\n", serde_json::to_string_pretty(&schema.document).unwrap());
            if std::env::var_os("UPDATE").is_some() {
                std::fs::write(&path, &document).unwrap();
            }
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            let file = &schema.file;
            assert!(committed == document, "{file} is not up to date: run UPDATE=1 cargo test -p api schema");
            expected.push(schema.file);
        }
        let mut files: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        expected.sort();
        assert_eq!(files, expected);
    }
}
