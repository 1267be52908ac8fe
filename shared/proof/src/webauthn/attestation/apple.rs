//! `apple` (§8.8): Apple's anonymous attestation, which certifies the new key itself.

use ::der::Tag;
use ::der::asn1::ObjectIdentifier;

use super::statement::leaf;
use super::{Attested, Outcome, Statement, certificate_invalid, invalid, is_of_credential};
use crate::der::{Element, NotDer, constructed};
use crate::facts::AttestationType;
use crate::key::Hash;
use crate::refusal::Refusal;

const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113635.100.8.2");

pub(super) fn verify<'a>(statement: &Statement<'a>, attested: &Attested<'_>) -> Result<Outcome<'a>, Refusal> {
    let chain = statement.certificates()?;
    let certificate = leaf(&chain)?;
    let extension = certificate
        .extension(NONCE)
        .ok_or_else(|| certificate_invalid("the certificate lacks Apple's extension with the nonce"))?;
    let nonce = nonce(extension.value).map_err(|NotDer| certificate_invalid("Apple's extension is malformed"))?;
    if nonce != Hash::Sha256.digest(attested.signed).as_ref() {
        return Err(invalid("the certificate's nonce is not the hash of what is attested"));
    }
    is_of_credential(certificate, attested)?;
    Ok(Outcome { format: "apple", kind: AttestationType::AnonCa, chain, vouches_for_model: true })
}

/// `SEQUENCE { [1] OCTET STRING }`
fn nonce(value: &[u8]) -> Result<&[u8], NotDer> {
    let mut parts = Element::of(value)?.within(Tag::Sequence)?;
    let explicit = parts.content(constructed(1))?;
    parts.finish()?;
    Element::of(explicit)?.is(Tag::OctetString)
}
