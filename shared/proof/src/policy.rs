//! What a passkey must be: the one description that configs keep, verifiers take and audits read again.

use crate::{
    Algorithm, Attestation, BackupEligibility, Certification, JWT_ALGORITHMS, Mechanism, Requirement, RootSet,
};

/// Whose word is believed about an authenticator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Anybody's.
    #[default]
    Any,
    /// Attestation that leads to one of the policy's roots or root sets, or, if it has none, to one that the FIDO metadata
    /// lists.
    Attested,
    /// Attestation of models that the FIDO metadata knows, that are in good standing, and that are certified so high at
    /// least; `None` asks for no certification.
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

    /// The lowest certification that is enough.
    #[must_use]
    pub fn minimum(self) -> Option<Certification> {
        if let Trust::FidoMds(minimum) = self { minimum } else { None }
    }

    /// Reads a level and its lowest certification, which only `fido_mds` has.
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

/// What a passkey must be. All of it is checked by the server; what nobody but the browser can tell (a resident key) as
/// far as it tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The ways of proving a key that are allowed.
    pub mechanisms: Vec<Mechanism>,
    /// Whether the device must verify its user (WebAuthn Level 3 §5.8.6).
    pub user_verification: Requirement,
    /// Whether the device must keep the key findable without a name (WebAuthn Level 3 §5.4.6).
    pub resident_key: Requirement,
    /// What the device is asked to say of itself (WebAuthn Level 3 §5.4.7).
    pub attestation: Attestation,
    /// Whose word is believed about it.
    pub trust: Trust,
    /// The certificates, in DER, that attestation may lead to.
    pub roots: Vec<Vec<u8>>,
    /// The named sets of certificates that it may lead to as well.
    pub root_sets: Vec<RootSet>,
    /// Whether Android key attestation is trusted only if Google's list of revoked keys is deployed.
    pub android_status_required: bool,
    /// The models that may be used, by AAGUID; empty for all.
    pub aaguids_allowed: Vec<[u8; 16]>,
    /// The models that may not.
    pub aaguids_denied: Vec<[u8; 16]>,
    /// Whether the key may be one that can be backed up.
    pub backup_eligible: BackupEligibility,
    /// The algorithms that the key may have, best liked first; empty for the usual ones.
    pub algorithms: Vec<Algorithm>,
    /// The origins whose pages may make passkeys; empty for the page's own.
    pub origins: Vec<String>,
}

impl Default for Policy {
    /// A passkey in the plain sense: findable, with a verified user, on any device.
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

    /// The algorithms that are offered to a browser.
    #[must_use]
    pub fn offered(&self) -> &[Algorithm] {
        if self.algorithms.is_empty() { &Algorithm::OFFERED } else { &self.algorithms }
    }

    /// The algorithms by which a JWT may be signed.
    pub fn jwt_algorithms(&self) -> impl Iterator<Item = &'static str> {
        let allowed = |name: &str| self.algorithms.is_empty() || self.algorithms.iter().any(|one| one.name() == name);
        JWT_ALGORITHMS.into_iter().filter(move |name| allowed(name))
    }

    /// The kinds of authenticators that a browser may offer first (WebAuthn Level 3 §5.8.7): those that keep keys to
    /// themselves and attest, where the policy wants such; else the browser knows best.
    #[must_use]
    pub fn hints(&self) -> &'static [&'static str] {
        let trusted = self.trust != Trust::Any && self.attestation.is_required(true);
        let bound = self.backup_eligible == BackupEligibility::Forbidden || trusted;
        if bound { &["security-key", "client-device"] } else { &[] }
    }

    /// The item of the policy, if there is one, that a proof by JWT can never meet: it tells nothing of a device.
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
    fn a_jwt_is_signed_by_what_the_policy_allows() {
        let of = |algorithms: &[Algorithm]| {
            let policy = Policy { algorithms: algorithms.to_vec(), ..Policy::default() };
            policy.jwt_algorithms().collect::<Vec<_>>()
        };
        assert_eq!(of(&[]), JWT_ALGORITHMS);
        assert_eq!(of(&[Algorithm::Rs256, Algorithm::Es512]), ["RS256"]);
    }

    #[test]
    fn a_policy_without_algorithms_offers_the_usual_ones() {
        let policy = |algorithms: &[Algorithm]| Policy { algorithms: algorithms.to_vec(), ..Policy::default() };
        assert_eq!(policy(&[]).offered(), Algorithm::OFFERED);
        assert_eq!(policy(&[Algorithm::Es384]).offered(), [Algorithm::Es384]);
    }

    #[test]
    fn what_a_policy_demands_of_a_device_no_jwt_can_meet() {
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
