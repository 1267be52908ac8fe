//! The policy that a passkey must meet. Configs store it, verifiers apply it and audits read it.

use crate::{
    Algorithm, Attestation, BackupEligibility, Certification, JWT_ALGORITHMS, Mechanism, Requirement, RootSet,
};

/// Which attestation a policy requires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// None: all authenticators are accepted.
    #[default]
    Any,
    /// Attestation that leads to one of the policy's roots or root sets, or, if the policy has none, to a root that
    /// the FIDO metadata lists.
    Attested,
    /// Attestation of a model that is in the FIDO metadata, in good standing, and certified at this level or higher;
    /// `None` requires no certification.
    FidoMds(Option<Certification>),
}

impl Trust {
    /// The names of the levels in the API and in the table.
    pub const LEVELS: [&str; 3] = ["any", "attested", "fido_mds"];

    /// The level's name.
    #[must_use]
    pub fn level(self) -> &'static str {
        match self {
            Trust::Any => "any",
            Trust::Attested => "attested",
            Trust::FidoMds(_) => "fido_mds",
        }
    }

    /// The lowest accepted certification.
    #[must_use]
    pub fn minimum(self) -> Option<Certification> {
        if let Trust::FidoMds(minimum) = self { minimum } else { None }
    }

    /// Creates it from a level and the lowest certification, which only `fido_mds` has.
    #[must_use]
    pub fn from_parts(level: &str, minimum: Option<Certification>) -> Option<Self> {
        match (level, minimum) {
            ("any", None) => Some(Trust::Any),
            ("attested", None) => Some(Trust::Attested),
            ("fido_mds", minimum) => Some(Trust::FidoMds(minimum)),
            _ => None,
        }
    }
}

/// The policy that a passkey must meet. The server checks every item; whether a key is a resident key it knows only if
/// the browser reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The allowed mechanisms.
    pub mechanisms: Vec<Mechanism>,
    /// Whether the device must verify its user (WebAuthn Level 3 §5.8.6).
    pub user_verification: Requirement,
    /// Whether the key must be discoverable, that is, a resident key (WebAuthn Level 3 §5.4.6).
    pub resident_key: Requirement,
    /// The attestation that is requested from the device (WebAuthn Level 3 §5.4.7).
    pub attestation: Attestation,
    /// The attestation that is required.
    pub trust: Trust,
    /// The trusted roots of attestation, in DER.
    pub roots: Vec<Vec<u8>>,
    /// The named sets of roots that are trusted too.
    pub root_sets: Vec<RootSet>,
    /// Whether Android key attestation is trusted only if Google's list of revoked keys is deployed.
    pub android_status_required: bool,
    /// The allowed models, by AAGUID; empty for all.
    pub aaguids_allowed: Vec<[u8; 16]>,
    /// The denied models, by AAGUID.
    pub aaguids_denied: Vec<[u8; 16]>,
    /// Whether the key may be eligible for backup.
    pub backup_eligible: BackupEligibility,
    /// The allowed algorithms, in order of preference; empty for the default ones.
    pub algorithms: Vec<Algorithm>,
    /// The origins whose pages may create passkeys; empty for the page's own.
    pub origins: Vec<String>,
}

impl Default for Policy {
    /// A usual passkey: a resident key with a verified user, on any device.
    fn default() -> Self {
        Self {
            mechanisms: vec![Mechanism::Fido2],
            user_verification: Requirement::Required,
            resident_key: Requirement::Required,
            attestation: Attestation::None,
            trust: Trust::Any,
            roots: Vec::new(),
            root_sets: Vec::new(),
            android_status_required: false,
            aaguids_allowed: Vec::new(),
            aaguids_denied: Vec::new(),
            backup_eligible: BackupEligibility::Allowed,
            algorithms: Vec::new(),
            origins: Vec::new(),
        }
    }
}

impl Policy {
    /// Whether the roots of attestation are those of the FIDO metadata.
    #[must_use]
    pub fn needs_metadata(&self) -> bool {
        match self.trust {
            Trust::Any => false,
            Trust::Attested => self.roots.is_empty() && self.root_sets.is_empty(),
            Trust::FidoMds(_) => true,
        }
    }

    /// The algorithms to offer to a browser.
    #[must_use]
    pub fn offered(&self) -> &[Algorithm] {
        if self.algorithms.is_empty() { &Algorithm::OFFERED } else { &self.algorithms }
    }

    /// The algorithms that a JWT proof may use.
    pub fn jwt_algorithms(&self) -> impl Iterator<Item = &'static str> {
        let allowed = |name: &str| self.algorithms.is_empty() || self.algorithms.iter().any(|one| one.name() == name);
        JWT_ALGORITHMS.into_iter().filter(move |name| allowed(name))
    }

    /// Hints for the browser about authenticators (WebAuthn Level 3 §5.8.7): device-bound ones that attest, if the
    /// policy requires such; otherwise none.
    #[must_use]
    pub fn hints(&self) -> &'static [&'static str] {
        let trusted = self.trust != Trust::Any && self.attestation.is_required(true);
        let bound = self.backup_eligible == BackupEligibility::Forbidden || trusted;
        if bound { &["security-key", "client-device"] } else { &[] }
    }

    /// The first item of the policy that no JWT proof can meet, because a JWT carries no data about a device.
    #[must_use]
    pub fn beyond_jwt(&self) -> Option<&'static str> {
        let asks = self.attestation.is_required(false);
        let items = [
            ("trust", self.trust != Trust::Any),
            ("attestation", asks),
            ("aaguids", !self.aaguids_allowed.is_empty() || !self.aaguids_denied.is_empty()),
            ("backup_eligible", self.backup_eligible != BackupEligibility::Allowed),
        ];
        items.into_iter().find(|(_, demanded)| *demanded).map(|(name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_read_back() {
        for trust in [Trust::Any, Trust::Attested, Trust::FidoMds(None), Trust::FidoMds(Some(Certification::L2Plus))] {
            assert_eq!(Trust::from_parts(trust.level(), trust.minimum()), Some(trust));
        }
        assert_eq!(Trust::from_parts("any", Some(Certification::L1)), None);
    }

    #[test]
    fn a_jwt_uses_the_policys_algorithms() {
        let of = |algorithms: &[Algorithm]| {
            let policy = Policy { algorithms: algorithms.to_vec(), ..Policy::default() };
            policy.jwt_algorithms().collect::<Vec<_>>()
        };
        assert_eq!(of(&[]), JWT_ALGORITHMS);
        assert_eq!(of(&[Algorithm::Rs256, Algorithm::Es512]), ["RS256"]);
    }

    #[test]
    fn a_policy_without_algorithms_offers_the_default_ones() {
        let policy = |algorithms: &[Algorithm]| Policy { algorithms: algorithms.to_vec(), ..Policy::default() };
        assert_eq!(policy(&[]).offered(), Algorithm::OFFERED);
        assert_eq!(policy(&[Algorithm::Es384]).offered(), [Algorithm::Es384]);
    }

    #[test]
    fn a_jwt_cannot_meet_requirements_on_the_device() {
        type Change = fn(&mut Policy);
        let items: [(Option<&str>, Change); 9] = [
            (None, |_| ()),
            (Some("trust"), |policy| (policy.trust, policy.attestation) = (Trust::Attested, Attestation::Direct)),
            (None, |policy| policy.attestation = Attestation::Indirect),
            (Some("attestation"), |policy| policy.attestation = Attestation::Direct),
            (Some("attestation"), |policy| policy.attestation = Attestation::Enterprise),
            (Some("aaguids"), |policy| policy.aaguids_allowed = vec![[1; 16]]),
            (Some("aaguids"), |policy| policy.aaguids_denied = vec![[1; 16]]),
            (Some("backup_eligible"), |policy| policy.backup_eligible = BackupEligibility::Required),
            (Some("backup_eligible"), |policy| policy.backup_eligible = BackupEligibility::Forbidden),
        ];
        for (item, change) in items {
            let mut policy = Policy::default();
            change(&mut policy);
            assert_eq!(policy.beyond_jwt(), item, "{policy:?}");
            let bound = matches!(item, Some("trust")) || policy.backup_eligible == BackupEligibility::Forbidden;
            let hints: &[&str] = if bound { &["security-key", "client-device"] } else { &[] };
            assert_eq!(policy.hints(), hints, "{policy:?}");
        }
    }
}
