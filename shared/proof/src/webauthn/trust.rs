//! Whether an attestation is trusted: WebAuthn Level 3 §7.1, steps 23 and 24.
//!
//! Only here are certificates compared with the current time and with Google's list of revoked keys. A policy that
//! requires no trust does not need these checks.

use super::attestation::Outcome;
use super::authenticator_data::AuthenticatorData;
use crate::facts::AttestationType;
use crate::refusal::{Reason, Refusal};
use crate::wish::Attestation;
use crate::x509::{Broken, Certificate, Profile, verify_chain};
use crate::{Ceremony, Trust};

/// The format of Android's key attestation, which has its own rules for chains.
const ANDROID_KEY: &str = "android-key";

/// The statement that decides, and the subject of the root that its chain leads to.
pub(super) struct Assessed<'o, 'a> {
    pub(super) outcome: &'o Outcome<'a>,
    pub(super) verified_by: Option<String>,
}

/// Assesses the outcomes of a verified statement; only a compound one has several.
pub(super) fn assess<'o, 'a>(
    outcomes: &'o [Outcome<'a>],
    data: &AuthenticatorData,
    ceremony: &Ceremony<'_>,
) -> Result<Assessed<'o, 'a>, Refusal> {
    let policy = ceremony.policy;
    let excused = policy.attestation == Attestation::RequiredIfDeviceBound && data.flags.backup_eligible();
    let demanded = policy.trust != Trust::Any && !excused;
    let by_any_format: Vec<&[u8]> = match (policy.trust, ceremony.metadata) {
        (Trust::FidoMds(_), None) => Vec::new(),
        (Trust::FidoMds(minimum), Some(metadata)) => match metadata.accept(data.aaguid, minimum) {
            Err(_) if excused => Vec::new(),
            roots => roots?,
        },
        (Trust::Attested, Some(metadata)) if policy.needs_metadata() => {
            metadata.all_roots().iter().map(Vec::as_slice).collect()
        }
        (Trust::Any | Trust::Attested, _) => policy.roots.iter().map(Vec::as_slice).collect(),
    };
    let by_model = !policy.aaguids_allowed.is_empty()
        || !policy.aaguids_denied.is_empty()
        || matches!(policy.trust, Trust::FidoMds(_));
    let mut why_not = None;
    for outcome in outcomes.iter().filter(|outcome| !outcome.chain.is_empty()) {
        match verify(outcome, &by_any_format, ceremony) {
            Ok(_) if demanded && by_model && !outcome.vouches_for_model => {
                let detail = "the attestation does not cover the AAGUID, so the AAGUID is not verified";
                return Err(Refusal::new(Reason::AaguidNotAllowed, detail));
            }
            Ok(root) => return Ok(Assessed { outcome, verified_by: Some(root) }),
            Err(refusal) => why_not = Some(refusal),
        }
    }
    let attesting = outcomes.iter().find(|outcome| !outcome.chain.is_empty());
    let outcome = attesting.or(outcomes.first());
    let outcome = outcome.ok_or_else(|| Refusal::new(Reason::AttestationInvalid, "no statement"))?;
    if demanded {
        return Err(why_not.unwrap_or_else(|| without_certificates(outcome.kind)));
    }
    Ok(Assessed { outcome, verified_by: None })
}

/// Verifies an outcome's chain and returns the subject of the root that it leads to.
fn verify(outcome: &Outcome<'_>, by_any_format: &[&[u8]], ceremony: &Ceremony<'_>) -> Result<String, Refusal> {
    let policy = ceremony.policy;
    let sets = if matches!(policy.trust, Trust::FidoMds(_)) { &[] } else { policy.root_sets.as_slice() };
    let sets = sets.iter().filter(|set| set.format() == outcome.format);
    let by_any_format = read(by_any_format)?;
    let roots: Vec<&Certificate<'_>> = by_any_format.iter().chain(sets.flat_map(|set| set.parsed())).collect();
    let android = outcome.format == ANDROID_KEY;
    let profile = if android { Profile::AndroidKey } else { Profile::Pkix };
    let root = verify_chain(&outcome.chain, &roots, profile, ceremony.now).map_err(|broken| refusal(&broken))?;
    if android {
        check_status(&outcome.chain, ceremony)?;
    }
    Ok(root.subject.text())
}

/// Requires that no certificate of the chain is on Google's list.
fn check_status(chain: &[Certificate<'_>], ceremony: &Ceremony<'_>) -> Result<(), Refusal> {
    let required = ceremony.policy.android_status_required;
    let unknown = |why: &str| {
        let detail = format!("the policy requires Google's attestation status list, and this installation's {why}");
        Refusal::new(Reason::AttestationStatusUnknown, detail)
    };
    match ceremony.android_status {
        None if required => Err(unknown("is missing")),
        None => Ok(()),
        Some(list) if required && list.is_out_of_date(ceremony.now) => Err(unknown("is out of date")),
        Some(list) => match chain.iter().position(|certificate| list.names(certificate.serial)) {
            None => Ok(()),
            Some(place) => {
                let detail = format!("certificate {place} of x5c is in Google's list of revoked attestation keys");
                Err(Refusal::new(Reason::AttestationRevoked, detail))
            }
        },
    }
}

fn read<'r>(roots: &[&'r [u8]]) -> Result<Vec<Certificate<'r>>, Refusal> {
    let read: Result<Vec<_>, _> = roots.iter().map(|der| Certificate::read(der)).collect();
    read.map_err(|_| Refusal::new(Reason::AttestationUntrusted, "a configured root is not a certificate in DER"))
}

fn without_certificates(kind: AttestationType) -> Refusal {
    match kind {
        AttestationType::None => Refusal::new(
            Reason::AttestationDowngraded,
            "the policy requires attestation, but the response contains none",
        ),
        _ => Refusal::new(Reason::AttestationUntrusted, "self attestation does not lead to a root"),
    }
}

fn refusal(broken: &Broken) -> Refusal {
    let untrusted = |detail: String| Refusal::new(Reason::AttestationUntrusted, detail);
    match broken {
        Broken::NoRoot => untrusted("the certificate chain does not end at a trusted root".into()),
        Broken::Link(position) => {
            untrusted(format!("the signature of certificate {} of x5c is not accepted", position - 1))
        }
        Broken::NotACa(position) => untrusted(format!("certificate {position} of the chain is not a CA's")),
        Broken::TooLong(position) => untrusted(format!("the chain is longer than certificate {position} of it allows")),
        Broken::CriticalExtension(position) => {
            untrusted(format!("certificate {position} of the chain has an unknown critical extension"))
        }
        Broken::Expired(subject) => Refusal::new(
            Reason::AttestationExpired,
            format!("a certificate of the chain is expired or not valid yet: {subject}"),
        ),
    }
}
