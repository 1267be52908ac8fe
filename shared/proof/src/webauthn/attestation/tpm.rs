//! `tpm` (§8.3): a TPM 2.0 certifies the key with an attestation identity key (AIK).

mod structures;

use ::der::asn1::ObjectIdentifier;

use super::statement::leaf;
use super::{Attested, Outcome, Statement, aaguid_matches, certificate_invalid, invalid, is_leaf_of_version_3};
use crate::Algorithm;
use crate::facts::AttestationType;
use crate::key::{Hash, Key, Scheme, scheme};
use crate::refusal::{Reason, Refusal};
use crate::x509::{Attribute, Certificate, Name};
use ciborium::Value;
use structures::{Certified, PublicArea};

/// RSASSA-PKCS1-v1_5 with SHA-1 (RFC 8812), which older TPMs use.
const RS1: i64 = -65535;

const AIK_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.8.3");
const TPM_MANUFACTURER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.2.1");
const TPM_MODEL: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.2.2");
const TPM_VERSION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.2.3");

pub(super) fn verify<'a>(statement: &Statement<'a>, attested: &Attested<'_>) -> Result<Outcome<'a>, Refusal> {
    if statement.get("ver").and_then(Value::as_text) != Some("2.0") {
        return Err(invalid("ver must be 2.0"));
    }
    if statement.get("ecdaaKeyId").is_some() {
        return Err(invalid("ECDAA was removed from WebAuthn"));
    }
    let number = statement.algorithm_number()?;
    let algorithm = if number == RS1 { None } else { Some(statement.algorithm()?) };
    let scheme = algorithm.map_or(Scheme::Pkcs1(Hash::Sha1), scheme);
    let (Scheme::Ecdsa(hash) | Scheme::Pkcs1(hash) | Scheme::Pss(hash)) = scheme else {
        return Err(invalid("alg must be an algorithm that a TPM supports"));
    };

    let malformed = |what: &str| invalid(format!("{what} does not have the structure that TPM 2.0 defines"));
    let public_bytes = statement.bytes("pubArea")?;
    let public = PublicArea::read(public_bytes).ok_or_else(|| malformed("pubArea"))?;
    if public.key != *attested.key {
        return Err(invalid("pubArea's key is not the credential's"));
    }
    let certified_bytes = statement.bytes("certInfo")?;
    let certified = Certified::read(certified_bytes).ok_or_else(|| malformed("certInfo"))?;
    if certified.extra_data != hash.digest(attested.signed).as_ref() {
        return Err(invalid("certInfo's extraData is not the hash of what is attested"));
    }
    if certified.name != public.name(public_bytes) {
        return Err(invalid("certInfo does not name the object in pubArea"));
    }

    let chain = statement.certificates()?;
    let aik = leaf(&chain)?;
    meets_requirements(aik)?;
    aaguid_matches(aik, attested)?;
    verify_signature(aik, algorithm, scheme, certified_bytes, statement.bytes("sig")?)?;
    Ok(Outcome { format: "tpm", kind: AttestationType::AttCa, chain, vouches_for_model: true })
}

fn verify_signature(
    aik: &Certificate<'_>,
    algorithm: Option<Algorithm>,
    scheme: Scheme,
    signed: &[u8],
    signature: &[u8],
) -> Result<(), Refusal> {
    if let Some(algorithm) = algorithm {
        return super::verify_signature(aik, algorithm, signed, signature);
    }
    let key = aik.key.as_ref().filter(|key| matches!(key, Key::Rsa { .. }));
    let key = key.ok_or_else(|| invalid("alg does not fit the attesting certificate's key"))?;
    if key.verifies(scheme, signed, signature) {
        Ok(())
    } else {
        Err(Refusal::new(Reason::AttestationSignatureInvalid, "sig was not made by the AIK"))
    }
}

/// The certificate requirements of §8.3.1, and of the TPM 2.0 EK profile, §3.2.9, for the alternative name.
fn meets_requirements(aik: &Certificate<'_>) -> Result<(), Refusal> {
    is_leaf_of_version_3(aik)?;
    if !aik.subject.attributes.is_empty() {
        return Err(certificate_invalid("the AIK certificate's subject must be empty"));
    }
    if !aik.extended_key_usages().is_ok_and(|usages| usages.contains(&AIK_CERTIFICATE)) {
        return Err(certificate_invalid("the AIK certificate must have the extended key usage 2.23.133.8.3"));
    }
    let names = aik.alternative_directory_names().unwrap_or_default();
    if !names.iter().any(|name| names_a_tpm(&name.attributes)) {
        return Err(certificate_invalid("the AIK certificate must name the TPM's manufacturer, model and version"));
    }
    Ok(())
}

/// Whether the attributes name a TPM. Manufacturer and version are written as `id:` and hexadecimal digits. Roots
/// decide which manufacturers are trusted.
fn names_a_tpm(attributes: &[Attribute<'_>]) -> bool {
    let name = Name { der: &[], attributes: attributes.to_vec() };
    let hexadecimal = |id: ObjectIdentifier| {
        let digits = name.only(id).and_then(|text| text.strip_prefix("id:")).unwrap_or_default();
        (1..=16).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    };
    let manufacturer_fits = name.only(TPM_MANUFACTURER).is_some_and(|text| text.len() == 11);
    let model = name.only(TPM_MODEL).unwrap_or_default();
    manufacturer_fits && hexadecimal(TPM_MANUFACTURER) && hexadecimal(TPM_VERSION) && !model.is_empty()
}
