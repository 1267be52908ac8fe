//! Google's list of Android attestation keys that are revoked or suspended.

use std::path::Path;

use proof::android_status::AndroidStatus;

use crate::{day, now, read, write};

/// The address that Google publishes the list at.
pub(crate) const SOURCE: &str = "https://android.googleapis.com/attestation/status";

pub(crate) fn update(out: &Path, source: &str) -> Result<String, String> {
    let known = std::fs::read(out).ok().and_then(|bytes| AndroidStatus::from_bytes(&bytes).ok());
    let list = AndroidStatus::from_json(&read(source)?, now(), known.as_ref()).map_err(|error| error.to_string())?;
    let bytes = list.to_bytes();
    write(out, &bytes)?;
    let (before, size) = (known.map_or(0, |known| known.len()), bytes.len());
    Ok(format!("{} certificates ({before} before) in {size} bytes, as of {}", list.len(), day(list.fetched())))
}
