//! FIDO metadata: the file that `infra/update-mds` writes. It is deployed with the function and trusted like its code.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use binding::policy::{Attestation, Policy};
use binding::time::Timestamp;
use cloud::env::Env;
use proof::mds::Metadata;

/// The metadata. It is read when a policy first requires it, which most functions never need.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    file: Option<PathBuf>,
    read: Arc<OnceLock<Option<Metadata>>>,
}

impl Source {
    /// Reads `FIDO_METADATA_FILE`, which may name a missing file.
    pub(crate) fn new(env: &Env) -> Self {
        Self { file: env.get("FIDO_METADATA_FILE").map(PathBuf::from), read: Arc::default() }
    }

    /// The metadata, if the policy uses it: to check models, or to name models that attest.
    pub(crate) fn of(&self, policy: &Policy, now: Timestamp) -> Option<&Metadata> {
        if !policy.needs_metadata() && policy.attestation == Attestation::None {
            return None;
        }
        self.read.get_or_init(|| read(self.file.as_deref()?, now)).as_ref()
    }
}

fn read(file: &Path, now: Timestamp) -> Option<Metadata> {
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => {
            tracing::error!(%error, file = %file.display(), "the FIDO metadata cannot be read");
            return None;
        }
    };
    match Metadata::from_bytes(&bytes) {
        Ok(metadata) => {
            if metadata.next_update() < now.seconds() {
                // It is used all the same, because its reports about compromised models are still true.
                tracing::warn!(no = metadata.no(), "the FIDO metadata is out of date: run infra/update-mds and deploy");
            }
            Some(metadata)
        }
        Err(error) => {
            tracing::error!(%error, file = %file.display(), "the FIDO metadata cannot be read");
            None
        }
    }
}
