//! Whether an attestation is believed: WebAuthn Level 3 §7.1, steps 23 and 24.
//!
//! Certificates are compared with the time only here: without a demand for trust nobody relies on them. With one, all
//! must be valid now, the root too.

use super::attestation::Outcome;
use super::policy::{Policy, Trust};
use crate::facts::AttestationType;
use crate::refusal::{Reason, Refusal};
use crate::x509::{Broken, Certificate, verify_chain};

/// The statement that counts, and the root's subject that vouches for it.
pub(super) struct Assessed<'o, 'a> {
    pub(super) outcome: &'o Outcome<'a>,
    pub(super) verified_by: Option<String>,
}

/// Assesses the outcomes of a verified statement; only a compound one has several.
pub(super) fn assess<'o, 'a>(
    outcomes: &'o [Outcome<'a>],
    aaguid: [u8; 16],
    policy: &Policy<'_>,
    now: i64,
) -> Result<Assessed<'o, 'a>, Refusal> {
    let given = || policy.roots.iter().map(Vec::as_slice).collect();
    let (roots, demanded): (Vec<&[u8]>, bool) = match &policy.trust {
        Trust::Any => (given(), false),
        Trust::Attested => (given(), true),
        Trust::FidoMds(demand) => (demand.check(aaguid)?, true),
    };
    let by_model = !policy.aaguids_allowed.is_empty()
        || !policy.aaguids_denied.is_empty()
        || matches!(policy.trust, Trust::FidoMds(_));
    let mut broken = Broken::NoRoot;
    let roots = read(&roots)?;
    for outcome in outcomes.iter().filter(|outcome| !outcome.chain.is_empty()) {
        match verify_chain(&outcome.chain, &roots, now) {
            Ok(_) if demanded && by_model && !outcome.vouches_for_model => {
                let detail = "the attestation does not cover the AAGUID, so that it cannot be relied on";
                return Err(Refusal::new(Reason::AaguidNotAllowed, detail));
            }
            Ok(root) => return Ok(Assessed { outcome, verified_by: Some(root.subject.text()) }),
            Err(reason) => broken = reason,
        }
    }
    let attesting = outcomes.iter().find(|outcome| !outcome.chain.is_empty());
    let outcome = attesting.or(outcomes.first());
    let outcome = outcome.ok_or_else(|| Refusal::new(Reason::AttestationInvalid, "no statement"))?;
    if demanded { Err(refusal(outcome.kind, &broken)) } else { Ok(Assessed { outcome, verified_by: None }) }
}

fn read<'r>(roots: &[&'r [u8]]) -> Result<Vec<Certificate<'r>>, Refusal> {
    let read: Result<Vec<_>, _> = roots.iter().map(|der| Certificate::read(der)).collect();
    read.map_err(|_| Refusal::new(Reason::AttestationUntrusted, "a configured root is no DER certificate"))
}

fn refusal(kind: AttestationType, broken: &Broken) -> Refusal {
    let untrusted = |detail: String| Refusal::new(Reason::AttestationUntrusted, detail);
    match (kind, broken) {
        (AttestationType::None, _) => {
            Refusal::new(Reason::AttestationDowngraded, "the policy requires attestation, and none came")
        }
        (AttestationType::SelfSigned, _) => untrusted("self attestation leads to no root".into()),
        (_, Broken::NoRoot) => untrusted("the certificates lead to no trusted root".into()),
        (_, Broken::Link(position)) => untrusted(format!("certificate {position} of x5c did not issue the one before")),
        (_, Broken::NotACa(position)) => untrusted(format!("certificate {position} of the chain is not a CA's")),
        (_, Broken::TooLong(position)) => {
            untrusted(format!("the chain is longer than certificate {position} of it allows"))
        }
        (_, Broken::CriticalExtension(position)) => {
            untrusted(format!("certificate {position} of the chain has an unknown critical extension"))
        }
        (_, Broken::Expired(subject)) => {
            Refusal::new(Reason::AttestationExpired, format!("a certificate of the chain is not valid now: {subject}"))
        }
    }
}
