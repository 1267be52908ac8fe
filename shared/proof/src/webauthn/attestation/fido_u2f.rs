//! `fido-u2f` (§8.6): authenticators that predate WebAuthn.

use ciborium::Value;

use super::statement::leaf;
use super::{Attested, Outcome, Statement, certificate_invalid, invalid};
use crate::Algorithm;
use crate::facts::AttestationType;
use crate::key::{Curve, Key};
use crate::refusal::Refusal;
use crate::x509::Certificate;

pub(super) fn verify<'a>(statement: &Statement<'a>, attested: &Attested<'_>) -> Result<Outcome<'a>, Refusal> {
    let signature = statement.bytes("sig")?;
    if statement.get("x5c").and_then(Value::as_array).is_none_or(|x5c| x5c.len() != 1) {
        return Err(invalid("x5c must be an array of exactly one certificate"));
    }
    let chain = statement.certificates_by(Certificate::read_of_u2f)?;
    let certificate = leaf(&chain)?;
    if !matches!(certificate.key, Some(Key::Ec { curve: Curve::P256, .. })) {
        return Err(certificate_invalid("the attesting certificate's key must be on P-256"));
    }
    let Key::Ec { curve: Curve::P256, point } = attested.key else {
        return Err(invalid("the credential's key must be on P-256"));
    };
    let data = attested.data;
    let signed =
        [&[0], data.rp_id_hash.as_slice(), attested.client_data_hash, &data.credential_id, point.as_slice()].concat();
    super::verify_signature(certificate, Algorithm::Es256, &signed, signature)?;
    // U2F does not sign the flags or the AAGUID.
    Ok(Outcome { format: "fido-u2f", kind: AttestationType::Basic, chain, vouches_for_model: data.aaguid == [0; 16] })
}
