//! `none` (§8.7): no attestation, with an empty statement.

use super::{Attested, Outcome, Statement, invalid};
use crate::facts::AttestationType;
use crate::refusal::Refusal;
use crate::x509::Chain;

pub(super) fn verify<'a>(statement: &Statement<'a>, _: &Attested<'_>) -> Result<Outcome<'a>, Refusal> {
    if statement.is_empty() {
        Ok(Outcome { format: "none", kind: AttestationType::None, chain: Chain::default(), vouches_for_model: false })
    } else {
        Err(invalid("format none requires an empty statement"))
    }
}
