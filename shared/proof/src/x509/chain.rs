//! The path from a certificate to a trusted root: RFC 5280 §6.1, without policies, name constraints and revocation.
//!
//! A root is trusted by name and key, so a newer certificate for the same key is accepted too. A path may also end at a
//! certificate that is itself among the roots, even at the first one, because the FIDO Metadata Service also lists
//! attesting certificates.

use std::ops::Deref;

use super::certificate::Certificate;
use super::name::Name;

/// The maximum number of paths that [`find_path`] tries.
#[cfg(feature = "mds")]
const MOST_PATHS: usize = 64;

/// Certificates of which each is issued by the next one, as far as the signature algorithms are supported.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chain<'a> {
    certificates: Vec<Certificate<'a>>,
    /// Whether all signatures but the last certificate's were verified.
    verified: bool,
}

impl<'a> Chain<'a> {
    /// Verifies that each certificate is issued by the next one. The error is the position of one that did not issue the
    /// one before it.
    pub(crate) fn new(certificates: Vec<Certificate<'a>>) -> Result<Self, usize> {
        let mut verified = true;
        for (place, pair) in certificates.windows(2).enumerate() {
            let [certificate, issuer] = pair else { continue };
            match issued(certificate, issuer) {
                Issued::Yes => {}
                Issued::Unknown => verified = false,
                Issued::No => return Err(place + 1),
            }
        }
        Ok(Self { certificates, verified })
    }
}

impl<'a> Deref for Chain<'a> {
    type Target = [Certificate<'a>];

    fn deref(&self) -> &Self::Target {
        &self.certificates
    }
}

/// The rules for a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// RFC 5280: every certificate, including the root, is valid now, and every issuer is marked as a CA.
    Pkix,
    /// Google's rules for Android key attestation. The dates of the first certificate are set on the device and are
    /// not checked. A chain that was provisioned in the factory may be expired, because its keys are never replaced;
    /// one that was provisioned remotely may not. Issuers without basic constraints are accepted.
    AndroidKey,
}

/// Why a chain is not trusted. Positions count from 0, the attesting certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It leads to no trusted root.
    NoRoot,
    /// A certificate is not the issuer of the one before it.
    Link(usize),
    /// A certificate that is not a CA's issued another one.
    NotACa(usize),
    /// The chain is longer than a CA allows.
    TooLong(usize),
    /// A certificate has a critical extension that is not supported.
    CriticalExtension(usize),
    /// A certificate, or the root, is expired or not valid yet.
    Expired(String),
}

/// Verifies a chain, with the attesting certificate first, and returns the root that it leads to.
pub(crate) fn verify_chain<'r>(
    chain: &Chain<'_>,
    roots: &[&'r Certificate<'r>],
    profile: Profile,
    now: i64,
) -> Result<&'r Certificate<'r>, Broken> {
    let mut found = Broken::NoRoot;
    for (position, certificate) in chain.iter().enumerate() {
        check(position, certificate, profile)?;
        let is_issuer = || chain.get(position - 1).is_some_and(|issued| issues(certificate, issued));
        if position > 0 && !chain.verified && !is_issuer() {
            return Err(Broken::Link(position));
        }
        let (below, path) = (chain.get(..position).unwrap_or_default(), chain.get(..=position).unwrap_or_default());
        for &root in roots {
            let reached = if root.subject.is(&certificate.subject) && same_key(root, certificate) {
                // The chain's own copy of a root may have expired.
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

/// Finds a path from the first certificate to a root through the others, which may be in any order and include
/// unneeded ones.
#[cfg(feature = "mds")]
pub(crate) fn find_path<'r>(
    certificates: &[Certificate<'_>],
    roots: &[&'r Certificate<'r>],
    now: i64,
) -> Result<&'r Certificate<'r>, Broken> {
    let mut found = Broken::NoRoot;
    let mut paths = vec![vec![0]];
    for _ in 0..MOST_PATHS {
        let Some(path) = paths.pop() else { break };
        let chain = path.iter().filter_map(|place: &usize| certificates.get(*place)).cloned().collect();
        // Only issuers are added to a path.
        let chain = Chain { certificates: chain, verified: true };
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

/// Whether a certificate issued another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Issued {
    /// The name and the signature match.
    Yes,
    /// The name matches, but the signature algorithm is not supported, such as SHA-1.
    Unknown,
    /// The name or the signature does not match.
    No,
}

/// Checks whether one certificate issued another.
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

/// Checks a single certificate by its position in the chain: the first one attests, all others are issuers.
fn check(position: usize, certificate: &Certificate<'_>, profile: Profile) -> Result<(), Broken> {
    if certificate.unknown_critical_extension().is_some() {
        return Err(Broken::CriticalExtension(position));
    }
    let Some(before) = position.checked_sub(1) else { return Ok(()) };
    let constraints = certificate.basic_constraints().map_err(|_| Broken::NotACa(position))?;
    // A version 1 root has no extensions that could mark it as a CA.
    let unsaid = certificate.version < 3 || profile == Profile::AndroidKey;
    let is_ca = constraints.map_or(unsaid, |constraints| constraints.ca);
    if !is_ca || !certificate.may_sign_certificates() {
        return Err(Broken::NotACa(position));
    }
    let allowed = constraints.and_then(|constraints| constraints.path_length);
    if allowed.is_some_and(|allowed| allowed < before as u64) { Err(Broken::TooLong(position)) } else { Ok(()) }
}

/// Checks the dates of a path and of its root.
fn check_dates(path: &[Certificate<'_>], root: &Certificate<'_>, profile: Profile, now: i64) -> Result<(), Broken> {
    let judged = match profile {
        Profile::Pkix => path,
        Profile::AndroidKey => path.get(1..).unwrap_or_default(),
    };
    // Google's verifier recognises such a chain by the serial number in the subject of the certificate below the root.
    // The app chooses the subject of the first certificate, so that one is not used.
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
