//! Attestation statements (WebAuthn Level 3 §8), one file for each format. They are verified here as the format
//! requires; `trust` decides whether their certificates are trusted.

mod android_key;
mod apple;
mod compound;
mod fido_u2f;
mod none;
mod packed;
mod statement;
mod tpm;

use ::der::asn1::ObjectIdentifier;
use ciborium::Value;

use super::authenticator_data::AuthenticatorData;
use crate::Algorithm;
use crate::der::Element;
use crate::facts::AttestationType;
use crate::key::Key;
use crate::refusal::{Reason, Refusal};
use crate::x509::{Certificate, Chain};
use statement::Statement;

/// `id-fido-gen-ce-aaguid`: the extension with the model that a certificate attests (§8.2.1).
const ID_FIDO_GEN_CE_AAGUID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.45724.1.1.4");

/// What a statement attests.
pub(super) struct Attested<'a> {
    pub(super) data: &'a AuthenticatorData,
    pub(super) key: &'a Key,
    pub(super) algorithm: Algorithm,
    pub(super) client_data_hash: &'a [u8],
    /// Authenticator data and client data hash, which are signed.
    pub(super) signed: &'a [u8],
}

/// The result of a verified statement.
#[derive(Debug)]
pub(super) struct Outcome<'a> {
    /// The identifier of the statement's format.
    pub(super) format: &'static str,
    pub(super) kind: AttestationType,
    /// The certificates, the attesting one first; empty for `none` and self attestation.
    pub(super) chain: Chain<'a>,
    /// Whether the signature covers the authenticator's model.
    pub(super) vouches_for_model: bool,
}

/// Verifies a statement. Only a compound statement has several outcomes.
pub(super) fn verify<'a>(
    format: &str,
    statement: &'a Value,
    attested: &Attested<'_>,
) -> Result<Vec<Outcome<'a>>, Refusal> {
    if format == "compound" {
        compound::verify(statement, attested)
    } else {
        Ok(vec![verify_one(format, statement, attested)?])
    }
}

fn verify_one<'a>(format: &str, statement: &'a Value, attested: &Attested<'_>) -> Result<Outcome<'a>, Refusal> {
    let verify = match format {
        "none" => none::verify,
        "packed" => packed::verify,
        "tpm" => tpm::verify,
        "android-key" => android_key::verify,
        "apple" => apple::verify,
        "fido-u2f" => fido_u2f::verify,
        "android-safetynet" => {
            let detail =
                "android-safetynet is not supported: its service was shut down, and WebAuthn Level 3 deprecates it";
            return Err(Refusal::new(Reason::AttestationFormatNotSupported, detail));
        }
        other => {
            let detail = format!("the attestation statement format {other:?} is not supported");
            return Err(Refusal::new(Reason::AttestationFormatNotSupported, detail));
        }
    };
    verify(&Statement::read(statement)?, attested)
}

fn invalid(detail: impl Into<String>) -> Refusal {
    Refusal::new(Reason::AttestationInvalid, detail)
}

fn certificate_invalid(detail: impl Into<String>) -> Refusal {
    Refusal::new(Reason::AttestationCertificateInvalid, detail)
}

/// Verifies the signature with the attesting certificate's key and the algorithm that the statement names.
fn verify_signature(
    certificate: &Certificate<'_>,
    algorithm: Algorithm,
    signed: &[u8],
    signature: &[u8],
) -> Result<(), Refusal> {
    let key = certificate
        .key
        .as_ref()
        .ok_or_else(|| certificate_invalid("the certificate's key is of an unsupported kind"))?;
    if !key.fits(algorithm) {
        return Err(invalid("alg does not fit the attesting certificate's key"));
    }
    if !key.verifies(crate::key::scheme(algorithm), signed, signature) {
        return Err(Refusal::new(Reason::AttestationSignatureInvalid, "sig was not made by the attesting key"));
    }
    Ok(())
}

/// Requires that the certified key is the registered one.
fn is_of_credential(certificate: &Certificate<'_>, attested: &Attested<'_>) -> Result<(), Refusal> {
    if certificate.key.as_ref() == Some(attested.key) {
        Ok(())
    } else {
        Err(invalid("the first certificate's key is not the credential's"))
    }
}

/// Requires that the model in the certificate, if present, is that of the authenticator data, and that its extension is
/// not critical (§8.2.1).
fn aaguid_matches(certificate: &Certificate<'_>, attested: &Attested<'_>) -> Result<(), Refusal> {
    let Some(extension) = certificate.extension(ID_FIDO_GEN_CE_AAGUID) else { return Ok(()) };
    if extension.critical {
        return Err(certificate_invalid("the AAGUID extension must not be critical"));
    }
    let named = Element::of(extension.value).and_then(|value| value.is(::der::Tag::OctetString));
    if named.is_ok_and(|named| named == attested.data.aaguid) {
        Ok(())
    } else {
        Err(certificate_invalid("the certificate is for another AAGUID"))
    }
}

/// Requires version 3 and a certificate that is not a CA's (§8.2.1, §8.3.1). A certificate without basic constraints is
/// not a CA's (RFC 5280 §4.2.1.9); some authenticators have such certificates, and other verifiers accept them.
fn is_leaf_of_version_3(certificate: &Certificate<'_>) -> Result<(), Refusal> {
    if certificate.version != 3 {
        return Err(certificate_invalid("the attesting certificate must have version 3"));
    }
    match certificate.basic_constraints() {
        Ok(constraints) if constraints.is_none_or(|constraints| !constraints.ca) => Ok(()),
        _ => Err(certificate_invalid("the attesting certificate must not be a CA's (basic constraints)")),
    }
}
