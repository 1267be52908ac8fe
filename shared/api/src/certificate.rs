//! Certificates in requests: PEM (RFC 7468) or base64 of DER.
//!
//! Only the form is checked, so that an invalid certificate is rejected when the config is saved. Its content is
//! interpreted when attestation is verified.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use der::{AnyRef, Decode as _, Reader as _, SliceReader, Tag, Tagged as _};

/// The maximum size of a certificate, in bytes.
const LARGEST: usize = 4096;

/// Decodes one certificate to DER.
///
/// # Errors
/// What the text must be.
pub(crate) fn read(text: &str) -> Result<Vec<u8>, String> {
    let wrong = || "must be one X.509 certificate, in PEM or in base64 of its DER".to_owned();
    let text = text.trim();
    let body = match text.strip_prefix("-----BEGIN CERTIFICATE-----") {
        Some(rest) => rest.strip_suffix("-----END CERTIFICATE-----").ok_or_else(wrong)?,
        None => text,
    };
    let body: String = body.split_ascii_whitespace().collect();
    let der = STANDARD.decode(body).map_err(|_| wrong())?;
    if der.len() > LARGEST {
        return Err(format!("must have at most {LARGEST} bytes"));
    }
    if has_form(&der).is_some() { Ok(der) } else { Err(wrong()) }
}

/// Checks the structure of `Certificate` and `TBSCertificate` (RFC 5280 §4.1) by their tags.
fn has_form(der: &[u8]) -> Option<()> {
    let outer = members(AnyRef::from_der(der).ok().filter(|outer| outer.tag() == Tag::Sequence)?)?;
    let tags: Vec<Tag> = outer.iter().map(|part| part.tag()).collect();
    if tags != [Tag::Sequence, Tag::Sequence, Tag::BitString] {
        return None;
    }
    let inner = members(*outer.first()?)?;
    let tags = inner.iter().map(|part| part.tag()).skip_while(|tag| matches!(tag, Tag::ContextSpecific { .. }));
    let wanted = [Tag::Integer, Tag::Sequence, Tag::Sequence, Tag::Sequence, Tag::Sequence, Tag::Sequence];
    tags.take(wanted.len()).eq(wanted).then_some(())
}

fn members(sequence: AnyRef<'_>) -> Option<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(sequence.value()).ok()?;
    let mut found = Vec::new();
    while !reader.is_finished() {
        found.push(AnyRef::decode(&mut reader).ok()?);
    }
    Some(found)
}
