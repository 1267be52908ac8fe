//! The JSON Schemas (draft 2020-12) of the events, generated from their types: the source of the files in
//! `shared/api/events`.
//!
//! A schema describes an event's `detail`. It is strict: an event with an undescribed member is not published.

use schemars::JsonSchema;
use serde_json::Value;

use super::{
    BATCH_STATE, BatchStateChange, CLONE_SUSPECTED, CREDENTIAL_STATE, CredentialCloneSuspected, CredentialSignIn,
    CredentialStateChange, Detail, EMAIL_STATUS, EmailStatusChange, IDENTITY_STATE, IdentityStateChange, JOB_STATE,
    JobStateChange, SIGN_IN,
};
use crate::schema::of_answers;

/// The base of the schemas' ids.
const IDS: &str = "https://bindery.dev/events/";

/// The schema of one kind of event.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The detail type of the event.
    pub detail_type: &'static str,
    /// The name of its file.
    pub file: String,
    /// The document.
    pub document: Value,
}

/// The schemas of all events.
#[must_use]
pub fn all() -> [Schema; 7] {
    [
        schema::<JobStateChange>(JOB_STATE),
        schema::<EmailStatusChange>(EMAIL_STATUS),
        schema::<CredentialStateChange>(CREDENTIAL_STATE),
        schema::<IdentityStateChange>(IDENTITY_STATE),
        schema::<BatchStateChange>(BATCH_STATE),
        schema::<CredentialSignIn>(SIGN_IN),
        schema::<CredentialCloneSuspected>(CLONE_SUSPECTED),
    ]
}

fn schema<D: JsonSchema>(detail_type: &'static str) -> Schema {
    let file = format!("{}.schema.json", detail_type.to_lowercase().replace(' ', "-"));
    let mut document = Value::from(of_answers("/$defs").into_root_schema_for::<Detail<D>>());
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    document["$id"] = format!("{IDS}{file}").into();
    document["title"] = detail_type.into();
    Schema { detail_type, file, document }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The files are generated from this module.
    #[test]
    fn the_files_are_up_to_date() {
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
            assert!(committed == document, "{file} is not up to date: run UPDATE=1 cargo test -p api");
            expected.push(schema.file);
        }
        let mut files: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        expected.sort();
        assert_eq!(files, expected);
    }
}
