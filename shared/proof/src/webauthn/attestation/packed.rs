//! `packed` (§8.2).

use super::statement::leaf;
use super::{Attested, Outcome, Statement, aaguid_matches, certificate_invalid, invalid, is_leaf_of_version_3};
use crate::facts::AttestationType;
use crate::key::scheme;
use crate::refusal::{Reason, Refusal};
use crate::x509::{Certificate, Chain, Name};

pub(super) fn verify<'a>(statement: &Statement<'a>, attested: &Attested<'_>) -> Result<Outcome<'a>, Refusal> {
    if statement.get("ecdaaKeyId").is_some() {
        return Err(invalid("ECDAA was removed from WebAuthn"));
    }
    let (algorithm, signature) = (statement.algorithm()?, statement.bytes("sig")?);
    if statement.get("x5c").is_none() {
        if algorithm != attested.algorithm {
            return Err(invalid("alg is not that of the credential's key"));
        }
        if !attested.key.verifies(scheme(algorithm), attested.signed, signature) {
            return Err(Refusal::new(Reason::AttestationSignatureInvalid, "sig was not made by the credential's key"));
        }
        return Ok(Outcome {
            format: "packed",
            kind: AttestationType::SelfSigned,
            chain: Chain::default(),
            vouches_for_model: false,
        });
    }
    let chain = statement.certificates()?;
    let certificate = leaf(&chain)?;
    meets_requirements(certificate)?;
    aaguid_matches(certificate, attested)?;
    super::verify_signature(certificate, algorithm, attested.signed, signature)?;
    Ok(Outcome { format: "packed", kind: AttestationType::Basic, chain, vouches_for_model: true })
}

/// The certificate requirements of §8.2.1.
fn meets_requirements(certificate: &Certificate<'_>) -> Result<(), Refusal> {
    is_leaf_of_version_3(certificate)?;
    let subject = &certificate.subject;
    let country = subject.only(Name::COUNTRY).unwrap_or_default();
    if country.len() != 2 || !country.bytes().all(|letter| letter.is_ascii_alphabetic()) {
        return Err(certificate_invalid("the subject's C must be a country's two letters"));
    }
    if subject.only(Name::ORGANIZATION).unwrap_or_default().is_empty() {
        return Err(certificate_invalid("the subject's O must be the vendor's name"));
    }
    if subject.only(Name::UNIT) != Some("Authenticator Attestation") {
        return Err(certificate_invalid("the subject's OU must be \"Authenticator Attestation\""));
    }
    if subject.only(Name::COMMON_NAME).unwrap_or_default().is_empty() {
        return Err(certificate_invalid("the subject must have a CN"));
    }
    Ok(())
}
