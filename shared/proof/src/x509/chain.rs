//! The way from a certificate to a trusted root: RFC 5280 §6.1, without policies, name constraints and revocation.
//!
//! A root is trusted by its name and key, so that a newer certificate for the same key serves as well. A certificate
//! that is itself among the roots ends the way, the first one included, since the FIDO Metadata Service also lists
//! attesting certificates themselves.

use super::certificate::Certificate;
use super::name::Name;

/// The most ways that are tried through certificates in no order.
#[cfg(feature = "mds")]
const MOST_PATHS: usize = 64;

/// The rules that a chain is held to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// RFC 5280: every certificate is valid now, the root too, and every issuer says that it is a CA.
    Pkix,
    /// As Google verifies Android key attestation. The dates of the first certificate are set on the device and are not
    /// checked. A chain that was provisioned in a factory is allowed to be expired, since its keys are never replaced;
    /// one that was provisioned remotely is not. Issuers without basic constraints are accepted.
    AndroidKey,
}

/// Why a chain is not trusted. Positions count from 0, the attesting certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It leads to no root.
    NoRoot,
    /// A certificate is not the issuer of the one before it.
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

/// Follows a chain, the attesting certificate first, to one of the roots, which it returns.
pub(crate) fn verify_chain<'r>(
    chain: &[Certificate<'_>],
    roots: &'r [Certificate<'r>],
    profile: Profile,
    now: i64,
) -> Result<&'r Certificate<'r>, Broken> {
    let mut found = Broken::NoRoot;
    for (position, certificate) in chain.iter().enumerate() {
        check(position, certificate, profile)?;
        if position > 0 && !chain.get(position - 1).is_some_and(|issued| issues(certificate, issued)) {
            return Err(Broken::Link(position));
        }
        let (below, path) = (chain.get(..position).unwrap_or_default(), chain.get(..=position).unwrap_or_default());
        for root in roots {
            let reached = if root.subject.is(&certificate.subject) && same_key(root, certificate) {
                // The chain's own copy of a root may be one that has expired.
                check_dates(below, root, profile, now)
            } else if issues(root, certificate) {
                check(position + 1, root, profile).and_then(|()| check_dates(path, root, profile, now))
            } else {
                continue;
            };
            match reached {
                Ok(()) => return Ok(root),
                Err(broken) => found = broken,
            }
        }
    }
    Err(found)
}

/// Finds a way to one of the roots from the first of the certificates, through the others in whatever order they come,
/// and past those that are not needed.
#[cfg(feature = "mds")]
pub(crate) fn find_path<'r>(
    certificates: &[Certificate<'_>],
    roots: &'r [Certificate<'r>],
    now: i64,
) -> Result<&'r Certificate<'r>, Broken> {
    let mut found = Broken::NoRoot;
    let mut paths = vec![vec![0]];
    for _ in 0..MOST_PATHS {
        let Some(path) = paths.pop() else { break };
        let chain: Vec<_> = path.iter().filter_map(|place: &usize| certificates.get(*place)).cloned().collect();
        match verify_chain(&chain, roots, Profile::Pkix, now) {
            Ok(root) => return Ok(root),
            Err(broken) => found = broken,
        }
        let Some(last) = chain.last() else { break };
        for (place, next) in certificates.iter().enumerate() {
            if !path.contains(&place) && issues(next, last) {
                paths.push([path.as_slice(), &[place]].concat());
            }
        }
    }
    Err(found)
}

/// Whether a certificate is the issuer of another, as far as can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Issued {
    /// Name and signature are the issuer's.
    Yes,
    /// The name is, and the signature is of a kind that is not verified here, such as SHA-1.
    Unknown,
    /// The name or the signature is another's.
    No,
}

/// Compares a certificate with the one that is said to have issued it.
pub(crate) fn issued(certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> Issued {
    if !issuer.subject.is(&certificate.issuer) {
        return Issued::No;
    }
    match issuer.key.as_ref().and_then(|key| certificate.verify_signature(key)) {
        None => Issued::Unknown,
        Some(true) => Issued::Yes,
        Some(false) => Issued::No,
    }
}

fn issues(issuer: &Certificate<'_>, certificate: &Certificate<'_>) -> bool {
    issued(certificate, issuer) == Issued::Yes
}

fn same_key(one: &Certificate<'_>, other: &Certificate<'_>) -> bool {
    one.key.is_some() && one.key == other.key
}

/// A certificate on its own, by its place in the chain: the first one attests, all others issue.
fn check(position: usize, certificate: &Certificate<'_>, profile: Profile) -> Result<(), Broken> {
    if certificate.unknown_critical_extension().is_some() {
        return Err(Broken::CriticalExtension(position));
    }
    let Some(before) = position.checked_sub(1) else { return Ok(()) };
    let constraints = certificate.basic_constraints().map_err(|_| Broken::NotACa(position))?;
    // A root of version 1 has no extensions to say that it is a CA.
    let unsaid = certificate.version < 3 || profile == Profile::AndroidKey;
    let is_ca = constraints.map_or(unsaid, |constraints| constraints.ca);
    if !is_ca || !certificate.may_sign_certificates() {
        return Err(Broken::NotACa(position));
    }
    let allowed = constraints.and_then(|constraints| constraints.path_length);
    if allowed.is_some_and(|allowed| allowed < before as u64) { Err(Broken::TooLong(position)) } else { Ok(()) }
}

/// The dates of a path, without the root and with it.
fn check_dates(path: &[Certificate<'_>], root: &Certificate<'_>, profile: Profile, now: i64) -> Result<(), Broken> {
    let judged = match profile {
        Profile::Pkix => path,
        Profile::AndroidKey => path.get(1..).unwrap_or_default(),
    };
    // Google's sign: what the root certified directly names a device's serial number. The first certificate's subject
    // is the app's to choose and proves nothing.
    let from_a_factory = profile == Profile::AndroidKey
        && judged.last().is_some_and(|ca| ca.subject.attributes.iter().any(|(id, _)| *id == Name::SERIAL_NUMBER));
    for certificate in judged.iter().chain([root]) {
        let valid = if from_a_factory { certificate.has_begun_at(now) } else { certificate.is_valid_at(now) };
        if !valid {
            return Err(Broken::Expired(certificate.subject.text()));
        }
    }
    Ok(())
}
