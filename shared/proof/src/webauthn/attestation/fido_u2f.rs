//! `fido-u2f` (§8.6): authenticators of before WebAuthn.

use super::statement::leaf;
use super::{Attested, Outcome, Statement, certificate_invalid, invalid};
use crate::Algorithm;
use crate::facts::AttestationType;
use crate::key::{Curve, Key};
use crate::refusal::Refusal;

pub(super) fn verify<'a>(statement: &Statement<'a>, attested: &Attested<'_>) -> Result<Outcome<'a>, Refusal> {
    let signature = statement.bytes("sig")?;
    let chain = statement.certificates()?;
    if chain.len() != 1 {
        return Err(invalid("x5c must have exactly one certificate"));
    }
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
    // U2F signs neither the flags nor the AAGUID.
    Ok(Outcome { kind: AttestationType::Basic, chain, vouches_for_model: data.aaguid == [0; 16] })
}
