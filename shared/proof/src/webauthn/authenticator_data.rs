//! Parses the attestation object (WebAuthn Level 3 §6.5) and its authenticator data (§6.1). No byte is left unread.

use ciborium::Value;

use crate::refusal::{Reason, Refusal};

/// The maximum size of an attestation object, in bytes.
const LARGEST: usize = 64 * 1024;
/// The maximum nesting of CBOR: a compound statement's certificates are at level 6.
const DEEPEST: usize = 8;

/// A parsed attestation object. Its content is not verified yet.
pub(super) struct AttestationObject {
    pub(super) format: String,
    pub(super) statement: Value,
    /// The authenticator data as received: the first part of what attestation signs.
    pub(super) raw_data: Vec<u8>,
    pub(super) data: AuthenticatorData,
}

/// The flags of authenticator data.
#[derive(Clone, Copy)]
pub(super) struct Flags(u8);

/// The fixed beginning of all authenticator data.
pub(super) struct Header {
    pub(super) rp_id_hash: [u8; 32],
    pub(super) flags: Flags,
    pub(super) sign_count: u32,
}

/// Authenticator data with attested credential data.
pub(super) struct AuthenticatorData {
    pub(super) rp_id_hash: [u8; 32],
    pub(super) flags: Flags,
    pub(super) sign_count: u32,
    pub(super) aaguid: [u8; 16],
    pub(super) credential_id: Vec<u8>,
    pub(super) cose_key: Vec<u8>,
    pub(super) key: Value,
}

impl Flags {
    pub(super) fn user_present(self) -> bool {
        self.0 & 0x01 != 0
    }

    pub(super) fn user_verified(self) -> bool {
        self.0 & 0x04 != 0
    }

    pub(super) fn backup_eligible(self) -> bool {
        self.0 & 0x08 != 0
    }

    pub(super) fn backup_state(self) -> bool {
        self.0 & 0x10 != 0
    }

    fn has_attested_data(self) -> bool {
        self.0 & 0x40 != 0
    }

    pub(super) fn has_extensions(self) -> bool {
        self.0 & 0x80 != 0
    }
}

fn malformed(detail: impl Into<String>) -> Refusal {
    Refusal::new(Reason::MalformedAttestation, detail)
}

/// Reads one CBOR item and returns its length in bytes.
fn cbor(bytes: &[u8], what: &str) -> Result<(Value, usize), Refusal> {
    let mut rest = bytes;
    let value = ciborium::de::from_reader_with_recursion_limit(&mut rest, DEEPEST)
        .map_err(|_| malformed(format!("{what} is not CBOR, or too deep")))?;
    Ok((value, bytes.len() - rest.len()))
}

impl AttestationObject {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > LARGEST {
            return Err(malformed("attestationObject is larger than 64 KB"));
        }
        let (value, used) = cbor(bytes, "attestationObject")?;
        if used != bytes.len() {
            return Err(malformed("attestationObject has trailing bytes"));
        }
        let map = value.into_map().map_err(|_| malformed("attestationObject is not a map"))?;
        let (mut format, mut statement, mut data) = (None, None, None);
        for (key, value) in map {
            let slot = match key.as_text() {
                Some("fmt") => &mut format,
                Some("attStmt") => &mut statement,
                Some("authData") => &mut data,
                _ => continue,
            };
            if slot.replace(value).is_some() {
                return Err(malformed("attestationObject has a duplicate member"));
            }
        }
        let format = format.and_then(|v| v.into_text().ok()).ok_or_else(|| malformed("fmt is not a text"))?;
        let statement = statement.ok_or_else(|| malformed("attStmt is missing"))?;
        let raw_data =
            data.and_then(|v| v.into_bytes().ok()).ok_or_else(|| malformed("authData is not a byte string"))?;
        let data = AuthenticatorData::parse(&raw_data)?;
        Ok(Self { format, statement, raw_data, data })
    }
}

impl Header {
    /// Reads the authenticator data of an assertion, to the last byte. It has no attested credential data (§6.3.3,
    /// step 10).
    pub(super) fn of_assertion(bytes: &[u8]) -> Result<Self, Refusal> {
        let (header, rest) = Self::split(bytes)?;
        if header.flags.has_attested_data() {
            return Err(malformed("authenticatorData of an assertion must not have attested credential data"));
        }
        header.end_with_extensions(rest)?;
        Ok(header)
    }

    fn split(bytes: &[u8]) -> Result<(Self, &[u8]), Refusal> {
        let (&rp_id_hash, rest) = bytes.split_first_chunk::<32>().ok_or_else(short)?;
        let (&[flags], rest) = rest.split_first_chunk::<1>().ok_or_else(short)?;
        let (&sign_count, rest) = rest.split_first_chunk::<4>().ok_or_else(short)?;
        let sign_count = u32::from_be_bytes(sign_count);
        Ok((Self { rp_id_hash, flags: Flags(flags), sign_count }, rest))
    }

    /// Requires extensions if the flags announce them, and nothing after them.
    fn end_with_extensions(&self, mut rest: &[u8]) -> Result<(), Refusal> {
        if self.flags.has_extensions() {
            let (extensions, used) = cbor(rest, "the extension data")?;
            if !extensions.is_map() {
                return Err(malformed("the extension data is not a map"));
            }
            rest = &rest[used..];
        }
        if rest.is_empty() { Ok(()) } else { Err(malformed("authData has trailing bytes")) }
    }
}

fn short() -> Refusal {
    malformed("authData is truncated")
}

impl AuthenticatorData {
    fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let (header, rest) = Header::split(bytes)?;
        if !header.flags.has_attested_data() {
            return Err(malformed("authData has no attested credential data"));
        }
        let (&aaguid, rest) = rest.split_first_chunk::<16>().ok_or_else(short)?;
        let (&length, rest) = rest.split_first_chunk::<2>().ok_or_else(short)?;
        let (id, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(length))).ok_or_else(short)?;
        let (key, used) = cbor(rest, "the public key")?;
        let (cose_key, rest) = rest.split_at(used);
        header.end_with_extensions(rest)?;
        let Header { rp_id_hash, flags, sign_count } = header;
        Ok(Self { rp_id_hash, flags, sign_count, aaguid, credential_id: id.to_vec(), cose_key: cose_key.to_vec(), key })
    }
}

/// Reads a registered COSE key.
pub(super) fn registered_key(cose_key: &[u8]) -> Result<Value, Refusal> {
    cbor(cose_key, "the public key").map(|(key, _)| key)
}
