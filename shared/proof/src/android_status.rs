//! Google's list of Android attestation keys that are revoked or suspended.
//!
//! Google publishes it as JSON at `https://android.googleapis.com/attestation/status`, by the serial numbers of
//! certificates, and protects it only by TLS. `infra/update-android-status` checks and shrinks it (feature `mds`); a
//! function reads the compact form, which is deployed with it.

use ciborium::Value;

/// The age at which the list is out of date, in seconds: 30 days.
const OUT_OF_DATE: i64 = 30 * 86_400;

/// The list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AndroidStatus {
    fetched: i64,
    /// Big-endian without leading zeros, sorted.
    serials: Vec<Vec<u8>>,
}

/// The bytes are not the compact form of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the compact form of Google's attestation status list")]
pub struct NotAndroidStatus;

impl AndroidStatus {
    /// When the list was fetched, in seconds since the Unix epoch.
    #[must_use]
    pub fn fetched(&self) -> i64 {
        self.fetched
    }

    /// The number of certificates in the list.
    #[must_use]
    pub fn len(&self) -> usize {
        self.serials.len()
    }

    /// Whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.serials.is_empty()
    }

    /// Whether the list was fetched more than 30 days ago.
    #[must_use]
    pub fn is_out_of_date(&self, now: i64) -> bool {
        self.fetched.saturating_add(OUT_OF_DATE) < now
    }

    /// Whether the list contains a certificate, by its serial number: big-endian, without leading zeros.
    #[must_use]
    pub fn names(&self, serial: &[u8]) -> bool {
        self.serials.binary_search_by(|one| one.as_slice().cmp(serial)).is_ok()
    }

    /// Encodes the compact form: CBOR.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let serials = self.serials.iter().map(|serial| Value::Bytes(serial.clone()));
        let value = Value::Array(vec![Value::from(self.fetched), Value::Array(serials.collect())]);
        let mut bytes = Vec::new();
        // Writing to memory does not fail.
        let _: Result<(), ciborium::ser::Error<std::io::Error>> = ciborium::into_writer(&value, &mut bytes);
        bytes
    }

    /// Decodes the compact form.
    ///
    /// # Errors
    /// [`NotAndroidStatus`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAndroidStatus> {
        let value = ciborium::de::from_reader_with_recursion_limit(bytes, 4).map_err(|_| NotAndroidStatus)?;
        Self::read(value).ok_or(NotAndroidStatus)
    }

    fn read(value: Value) -> Option<Self> {
        let [fetched, serials] = <[Value; 2]>::try_from(value.into_array().ok()?).ok()?;
        let serials = serials.into_array().ok()?.into_iter().map(|serial| serial.into_bytes().ok());
        Some(Self { fetched: fetched.as_integer()?.try_into().ok()?, serials: serials.collect::<Option<_>>()? })
    }
}

#[cfg(feature = "mds")]
mod published {
    use serde::Deserialize;
    use std::collections::BTreeMap;

    use super::AndroidStatus;

    /// The longest serial number of a certificate, in bytes (RFC 5280 §4.1.2.2).
    const LONGEST: usize = 20;

    /// Why a list was rejected.
    #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
    pub enum StatusError {
        /// It is not the JSON that Google publishes.
        #[error(r#"the list must be JSON of the form {{"entries": {{"<serial>": {{"status": "REVOKED"}}}}}}"#)]
        Malformed,
        /// An entry is not named by a hexadecimal serial number.
        #[error("{0:.60} is not a serial number in hexadecimal")]
        NotASerial(String),
        /// It names less than half of the certificates that the known list names.
        #[error("the list has {found} entries and the known one {known}: delete the known one if this is right")]
        Shrunk {
            /// The number of certificates in the known list.
            known: usize,
            /// The number of certificates in this one.
            found: usize,
        },
        /// The known list was fetched later.
        #[error("the known list was fetched later")]
        RolledBack,
    }

    #[derive(Deserialize)]
    struct Published {
        entries: BTreeMap<String, Entry>,
    }

    /// A listed certificate must not be trusted, whether its status is `REVOKED` or `SUSPENDED`.
    #[derive(Deserialize)]
    struct Entry {
        #[serde(rename = "status")]
        _status: String,
    }

    impl AndroidStatus {
        /// Reads the list as Google publishes it and compares it with the known one. `fetched` is in seconds since the
        /// Unix epoch.
        ///
        /// # Errors
        /// [`StatusError`].
        pub fn from_json(json: &[u8], fetched: i64, known: Option<&AndroidStatus>) -> Result<Self, StatusError> {
            let published: Published = serde_json::from_slice(json).map_err(|_| StatusError::Malformed)?;
            let mut serials = Vec::with_capacity(published.entries.len());
            for name in published.entries.keys() {
                serials.push(serial(name).ok_or_else(|| StatusError::NotASerial(name.clone()))?);
            }
            serials.sort_unstable();
            serials.dedup();
            if let Some(known) = known {
                if serials.len() < known.len() / 2 {
                    return Err(StatusError::Shrunk { known: known.len(), found: serials.len() });
                }
                if fetched < known.fetched {
                    return Err(StatusError::RolledBack);
                }
            }
            Ok(Self { fetched, serials })
        }
    }

    fn serial(name: &str) -> Option<Vec<u8>> {
        let digits = name.trim_start_matches('0');
        if digits.is_empty() || digits.len() > 2 * LONGEST || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let even = format!("{}{digits}", if digits.len() % 2 == 1 { "0" } else { "" });
        (0..even.len()).step_by(2).map(|at| u8::from_str_radix(even.get(at..at + 2)?, 16).ok()).collect()
    }
}

#[cfg(feature = "mds")]
pub use published::StatusError;
