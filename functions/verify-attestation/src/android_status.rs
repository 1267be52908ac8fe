//! Google's list of revoked Android attestation keys: the file that `infra/update-android-status` writes. It is
//! deployed with the function and trusted like its code.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use binding::policy::{Policy, Trust};
use binding::time::Timestamp;
use cloud::env::Env;
use proof::android_status::AndroidStatus;

/// The list. It is read when a policy first requires trust, which most functions never need.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    file: Option<PathBuf>,
    read: Arc<OnceLock<Option<AndroidStatus>>>,
}

impl Source {
    /// Reads `ANDROID_STATUS_FILE`, which may name a missing file.
    pub(crate) fn new(env: &Env) -> Self {
        Self { file: env.get("ANDROID_STATUS_FILE").map(PathBuf::from), read: Arc::default() }
    }

    /// The list, if the policy uses it.
    pub(crate) fn of(&self, policy: &Policy, now: Timestamp) -> Option<&AndroidStatus> {
        if policy.trust == Trust::Any {
            return None;
        }
        self.read.get_or_init(|| read(self.file.as_deref()?, now)).as_ref()
    }
}

fn read(file: &Path, now: Timestamp) -> Option<AndroidStatus> {
    const REMEDY: &str = "run infra/update-android-status and deploy";
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            tracing::warn!(
                REMEDY,
                "Google's attestation status list is missing: revoked Android keys are not recognised"
            );
            return None;
        }
        Err(error) => {
            tracing::error!(%error, file = %file.display(), "Google's attestation status list cannot be read");
            return None;
        }
    };
    match AndroidStatus::from_bytes(&bytes) {
        Ok(list) => {
            if list.is_out_of_date(now.seconds()) {
                let fetched = Timestamp::from_millis(list.fetched() * 1000).to_string();
                tracing::warn!(fetched, REMEDY, "Google's attestation status list is out of date");
            }
            Some(list)
        }
        Err(error) => {
            tracing::error!(%error, file = %file.display(), "Google's attestation status list cannot be read");
            None
        }
    }
}
