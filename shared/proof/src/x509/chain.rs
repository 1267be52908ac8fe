//! The way from a certificate to a trusted root: RFC 5280 §6.1, without policies, name constraints and revocation.
//!
//! A root is trusted by its key. A certificate that is itself among the roots ends the way, the first one included,
//! since the FIDO Metadata Service also lists attesting certificates themselves.

use super::certificate::Certificate;

/// Why a chain is not trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It leads to no root.
    NoRoot,
    /// One certificate is not the issuer of the one before it; which, counted from 0.
    Link(usize),
    /// A certificate that is not one of a CA issued another.
    NotACa(usize),
    /// The chain is longer than a CA allows.
    TooLong(usize),
    /// A critical extension that is not understood.
    CriticalExtension(usize),
    /// A certificate, or the root, is not valid now.
    Expired(String),
}

/// Follows a chain, the attesting certificate first, to one of the roots, which it answers.
pub(crate) fn verify_chain<'r>(
    chain: &[Certificate<'_>],
    roots: &'r [Certificate<'r>],
    now: i64,
) -> Result<&'r Certificate<'r>, Broken> {
    let mut found = Broken::NoRoot;
    for (position, certificate) in chain.iter().enumerate() {
        check(position, certificate, now)?;
        if position > 0 && !chain.get(position - 1).is_some_and(|issued| issues(certificate, issued)) {
            return Err(Broken::Link(position));
        }
        if let Some(root) =
            roots.iter().find(|root| root.subject.der == certificate.subject.der && same_key(root, certificate))
        {
            return if root.is_valid_at(now) { Ok(root) } else { Err(Broken::Expired(root.subject.text())) };
        }
        for root in roots.iter().filter(|root| issues(root, certificate)) {
            match check(position + 1, root, now) {
                Ok(()) => return Ok(root),
                Err(broken) => found = broken,
            }
        }
    }
    Err(found)
}

fn same_key(one: &Certificate<'_>, other: &Certificate<'_>) -> bool {
    one.key.is_some() && one.key == other.key
}

fn issues(issuer: &Certificate<'_>, issued: &Certificate<'_>) -> bool {
    let key = issuer.key.as_ref().filter(|_| issuer.subject.der == issued.issuer.der);
    key.is_some_and(|key| issued.is_signed_by(key))
}

/// A certificate on its own, by its place in the chain: the first one attests, all others issue.
fn check(position: usize, certificate: &Certificate<'_>, now: i64) -> Result<(), Broken> {
    if !certificate.is_valid_at(now) {
        return Err(Broken::Expired(certificate.subject.text()));
    }
    if certificate.unknown_critical_extension().is_some() {
        return Err(Broken::CriticalExtension(position));
    }
    let Some(before) = position.checked_sub(1) else { return Ok(()) };
    // A root of version 1 has no extensions to say that it is a CA.
    let constraints = certificate.basic_constraints().map_err(|_| Broken::NotACa(position))?;
    let is_ca = constraints.map_or(certificate.version < 3, |constraints| constraints.ca);
    if !is_ca || !certificate.may_sign_certificates() {
        return Err(Broken::NotACa(position));
    }
    let allowed = constraints.and_then(|constraints| constraints.path_length);
    if allowed.is_some_and(|allowed| allowed < before as u64) { Err(Broken::TooLong(position)) } else { Ok(()) }
}
