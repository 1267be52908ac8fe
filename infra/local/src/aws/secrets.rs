//! Secrets Manager: the template's secrets, generated at the first start.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::Response;
use binding::time::Timestamp;
use serde_json::{Value, json};

use crate::aws::wire::{failure, success};
use crate::folder::Folder;
use crate::record::lock;

const FILE: &str = "secrets.json";

/// The suffix of the key that stores when a version was created, in seconds since the Unix epoch.
const CREATED: &str = " created";

/// The secrets, with their labelled versions.
#[derive(Clone)]
pub(crate) struct Secrets {
    values: Arc<Mutex<BTreeMap<String, String>>>,
    folder: Folder,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Secrets").field(&lock(&self.values).keys()).finish()
    }
}

impl Secrets {
    /// Reads the secrets of the data folder, and generates those that do not exist yet.
    ///
    /// # Errors
    /// When the file is damaged or missing: new secrets would invalidate every link that was sent.
    pub(crate) fn open(names: Vec<String>, folder: &Folder) -> Result<Self, String> {
        let kept: Option<BTreeMap<String, String>> = folder.json(FILE)?;
        if kept.as_ref().is_some_and(|kept| kept.is_empty() || kept.values().any(String::is_empty)) {
            return Err(folder.damaged(FILE, &"a secret is empty, or all are missing"));
        }
        let mut values = kept.unwrap_or_default();
        let known = values.len();
        for name in names {
            let fresh = || cloud::random::bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
            values.entry(name).or_insert_with(fresh);
        }
        if values.len() > known {
            folder.write_json(FILE, &values)?;
        }
        Ok(Self { values: Arc::new(Mutex::new(values)), folder: folder.clone() })
    }

    /// `GetSecretValue`.
    pub(crate) fn get(&self, body: &[u8]) -> Response<Body> {
        let request: Value = serde_json::from_slice(body).unwrap_or_default();
        let name = request["SecretId"].as_str().unwrap_or_default();
        let (key, values) = (version(name, request["VersionStage"].as_str()), lock(&self.values));
        let created =
            values.get(&format!("{key}{CREATED}")).and_then(|seconds| seconds.parse::<i64>().ok()).unwrap_or(0);
        match values.get(&key) {
            Some(secret) => {
                success(&json!({"ARN": name, "Name": name, "SecretString": secret, "CreatedDate": created}))
            }
            None => failure(400, "ResourceNotFoundException", "no such secret, or no version with that label"),
        }
    }

    /// `PutSecretValue`: adds a version of a secret. When it becomes the current one, the old current version becomes
    /// the previous one.
    pub(crate) fn put(&self, body: &[u8], now: Timestamp) -> Response<Body> {
        let request: Value = serde_json::from_slice(body).unwrap_or_default();
        let name = request["SecretId"].as_str().unwrap_or_default();
        let mut values = lock(&self.values);
        let Some(current) = values.get(name).cloned() else {
            return failure(400, "ResourceNotFoundException", "no such secret");
        };
        let Some(secret) = request["SecretString"].as_str().filter(|secret| !secret.is_empty()) else {
            return failure(400, "InvalidParameterException", "a SecretString is expected");
        };
        let mut changed = values.clone();
        let stages = request["VersionStages"].as_array().cloned().unwrap_or_else(|| vec!["AWSCURRENT".into()]);
        if stages.iter().any(|stage| stage == "AWSCURRENT") {
            changed.insert(version(name, Some("AWSPREVIOUS")), current);
        }
        for stage in stages {
            let key = version(name, stage.as_str());
            changed.insert(format!("{key}{CREATED}"), now.seconds().to_string());
            changed.insert(key, secret.to_owned());
        }
        if let Err(error) = self.folder.write_json(FILE, &changed) {
            return failure(500, "InternalServiceError", &error);
        }
        *values = changed;
        success(&json!({"ARN": name, "Name": name}))
    }
}

/// The key under which a version of a secret is stored.
fn version(name: &str, stage: Option<&str>) -> String {
    match stage {
        None | Some("AWSCURRENT") => name.to_owned(),
        Some(stage) => format!("{name} {stage}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &Folder) -> Result<Secrets, String> {
        Secrets::open(vec!["LinkKey".to_owned(), "ReceiptKey".to_owned()], folder)
    }

    #[test]
    fn secrets_and_their_versions_survive_a_restart_and_are_never_regenerated() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::open(home.path()).unwrap();
        let secrets = open(&folder).unwrap();
        let put = json!({"SecretId": "ReceiptKey", "SecretString": "rotated", "VersionStages": ["AWSCURRENT"]});
        let now = Timestamp::from_millis(5000);
        assert_eq!(secrets.put(put.to_string().as_bytes(), now).status(), 200);
        let values = lock(&secrets.values).clone();
        assert_eq!(values["ReceiptKey"], "rotated");
        assert_eq!(values["ReceiptKey AWSPREVIOUS"].len(), 64);
        assert_eq!(values["ReceiptKey created"], "5");
        assert_eq!(*lock(&open(&folder).unwrap().values), values);

        let file = home.path().join(FILE);
        let whole = std::fs::read_to_string(&file).unwrap();
        for damaged in ["", "{}", "{\"LinkKey\":\"\"}", &whole[..whole.len() / 2]] {
            std::fs::write(&file, damaged).unwrap();
            assert!(open(&folder).unwrap_err().contains("secrets.json is damaged"), "{damaged}");
            assert_eq!(std::fs::read_to_string(&file).unwrap(), damaged, "the file is not changed");
        }
        std::fs::remove_file(&file).unwrap();
        assert!(open(&folder).unwrap_err().contains("secrets.json is missing"));
    }
}
