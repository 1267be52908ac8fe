//! A blob in its published form: a JWS (RFC 7515) over JSON, signed by a certificate of `mds.fidoalliance.org`
//! (FIDO Metadata Service §3.2).

use ::der::DateTime;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::signature;
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

use super::metadata::{Metadata, Model, Status};
use crate::Certification;
use crate::key::{Curve, Hash, Key, Scheme};
use crate::x509::{Certificate, Name, find_path};

/// The maximum size of a blob, in bytes, which is five times the size of the real one.
const LARGEST: usize = 48 * 1024 * 1024;
/// The maximum number of certificates in its header.
const LONGEST_CHAIN: usize = 8;
/// The host whose certificate signs blobs.
const SIGNER: &str = "mds.fidoalliance.org";
const DAY: i64 = 86_400;

/// What a blob must match.
#[derive(Clone, Copy, Debug)]
pub struct BlobExpected<'a> {
    /// The trusted roots of the signer's certificate, in DER.
    pub roots: &'a [Vec<u8>],
    /// The current time, in seconds since the Unix epoch.
    pub now: i64,
    /// The number of the known blob; an older one is rejected.
    pub known_no: Option<u64>,
}

/// Why a blob was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlobError {
    /// It is not a JWS over metadata.
    #[error("the blob is not a JWS over FIDO metadata")]
    Malformed,
    /// Its certificates do not lead to a trusted root, or are not the signer's.
    #[error("the blob's certificates do not end at a known root, or are not the signer's")]
    Untrusted,
    /// Its signature is not the signer's.
    #[error("the blob's signature is not the signer's")]
    SignatureInvalid,
    /// Its next update is overdue.
    #[error("the blob's nextUpdate has passed")]
    Expired,
    /// A newer one is already known.
    #[error("a newer blob is known already")]
    RolledBack,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    x5c: Vec<String>,
    #[serde(default)]
    crit: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Payload {
    no: u64,
    #[serde(rename = "nextUpdate")]
    next_update: String,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    aaguid: Option<String>,
    #[serde(default, rename = "metadataStatement")]
    statement: Statement,
    #[serde(default, rename = "statusReports")]
    reports: Vec<Report>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Statement {
    description: String,
    #[serde(rename = "attestationRootCertificates")]
    roots: Vec<String>,
}

#[derive(Deserialize)]
struct Report {
    status: String,
    #[serde(rename = "effectiveDate")]
    effective: Option<String>,
}

impl Metadata {
    /// Verifies a blob and keeps the data that policies need.
    ///
    /// # Errors
    /// [`BlobError`].
    pub fn from_blob(blob: &[u8], expected: BlobExpected<'_>) -> Result<Self, BlobError> {
        let malformed = BlobError::Malformed;
        let blob = std::str::from_utf8(blob).map_err(|_| malformed)?.trim();
        if blob.len() > LARGEST {
            return Err(malformed);
        }
        let (signed, signature) = blob.rsplit_once('.').ok_or(malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(malformed)?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| malformed);
        let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| malformed)?;
        if header.crit.is_some() || !(1..=LONGEST_CHAIN).contains(&header.x5c.len()) {
            return Err(malformed);
        }
        verify_signature(&header, signed.as_bytes(), &decode(signature)?, expected)?;

        let payload: Payload = serde_json::from_slice(&decode(payload)?).map_err(|_| malformed)?;
        let next_update = day(&payload.next_update).ok_or(malformed)?;
        if expected.now >= next_update + DAY {
            return Err(BlobError::Expired);
        }
        if expected.known_no.is_some_and(|known| payload.no < known) {
            return Err(BlobError::RolledBack);
        }
        Ok(shrink(payload, next_update, expected.now))
    }
}

/// When the certificate that signed a blob expires, in seconds since the Unix epoch. A blob with a new certificate must
/// be published before.
#[must_use]
pub fn signer_ends(blob: &[u8]) -> Option<i64> {
    let (header, _) = std::str::from_utf8(blob).ok()?.trim().split_once('.')?;
    let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    let signer = STANDARD.decode(header.x5c.first()?).ok()?;
    Certificate::read(&signer).ok().map(|signer| signer.ends())
}

fn verify_signature(header: &Header, signed: &[u8], sig: &[u8], expected: BlobExpected<'_>) -> Result<(), BlobError> {
    let ders: Result<Vec<Vec<u8>>, _> = header.x5c.iter().map(|der| STANDARD.decode(der)).collect();
    let ders = ders.map_err(|_| BlobError::Malformed)?;
    let chain: Result<Vec<_>, _> = ders.iter().map(|der| Certificate::read(der)).collect();
    let chain = chain.map_err(|_| BlobError::Malformed)?;
    let roots: Result<Vec<_>, _> = expected.roots.iter().map(|root| Certificate::read(root)).collect();
    let roots = roots.map_err(|_| BlobError::Untrusted)?;
    // The service has included a cross-certificate that is needed with one root and not with the other.
    let roots: Vec<&Certificate<'_>> = roots.iter().collect();
    find_path(&chain, &roots, expected.now).map_err(|_| BlobError::Untrusted)?;
    let signer = chain.first().filter(|signer| signer.subject.only(Name::COMMON_NAME) == Some(SIGNER));
    let key = signer.and_then(|signer| signer.key.as_ref()).ok_or(BlobError::Untrusted)?;
    let verified = match (header.alg.as_str(), key) {
        // A JWS contains both numbers in full instead of DER (RFC 7518 §3.4).
        ("ES256", Key::Ec { curve: Curve::P256, point }) => {
            signature::UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point).verify(signed, sig).is_ok()
        }
        ("RS256", Key::Rsa { .. }) => key.verifies(Scheme::Pkcs1(Hash::Sha256), signed, sig),
        _ => false,
    };
    if verified { Ok(()) } else { Err(BlobError::SignatureInvalid) }
}

/// Midnight of a day in the form `2024-12-31`.
fn day(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let mut number = || parts.next()?.parse::<u16>().ok();
    let (year, month, day) = (number()?, u8::try_from(number()?).ok()?, u8::try_from(number()?).ok()?);
    let midnight = DateTime::new(year, month, day, 0, 0, 0).ok()?;
    i64::try_from(midnight.unix_duration().as_secs()).ok()
}

/// Drops entries without an AAGUID, which are those of U2F and UAF, and unreadable roots, which no chain can lead to.
fn shrink(payload: Payload, next_update: i64, now: i64) -> Metadata {
    let mut roots: Vec<Vec<u8>> = Vec::new();
    let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut models = Vec::new();
    for entry in payload.entries {
        let Some(aaguid) = entry.aaguid.as_deref().and_then(|text| Uuid::try_parse(text).ok()) else { continue };
        let mut of_model = Vec::new();
        for text in &entry.statement.roots {
            let text: String = text.split_whitespace().collect();
            let Some(der) = STANDARD.decode(text).ok().filter(|der| Certificate::read(der).is_ok()) else { continue };
            of_model.push(*places.entry(der).or_insert_with_key(|der| {
                roots.push(der.clone());
                roots.len() - 1
            }));
        }
        let in_force = |report: &&Report| {
            let begins = report.effective.as_deref().and_then(day);
            begins.is_none_or(|begins| begins <= now)
        };
        let in_force = entry.reports.iter().filter(in_force);
        let certification = in_force.filter_map(|report| Certification::from_status(&report.status)).max();
        let statuses = entry.reports.iter().filter_map(|report| Status::from_name(&report.status)).collect();
        let description = entry.statement.description.chars().take(100).collect();
        models.push(Model { aaguid: aaguid.into_bytes(), description, certification, statuses, roots: of_model });
    }
    models.sort_by_key(|model| model.aaguid);
    Metadata { no: payload.no, next_update, roots, models }
}
