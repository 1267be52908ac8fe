//! Passkey policies.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use binding::policy::{Algorithm, Attestation, BackupEligibility, Certification, Mechanism, Requirement};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::aaguid;
use crate::scalar::{self, Named, Names};

/// The policy that a passkey must meet.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "PasskeyPolicy", deny_unknown_fields))]
pub struct Policy {
    /// The ways to prove a key that are allowed.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub mechanisms: Vec<Named<Mechanism>>,
    /// Whether the device must verify its user (WebAuthn Level 3 §5.8.6).
    pub user_verification: Named<Requirement>,
    /// Whether the key must be discoverable (WebAuthn Level 3 §5.4.6).
    pub resident_key: Named<Requirement>,
    /// The attestation that is requested from the device (WebAuthn Level 3 §5.4.7).
    pub attestation: Named<Attestation>,
    /// Which attestation is trusted.
    pub trust: Trust,
    /// The models of authenticators that are allowed and denied.
    pub aaguids: Aaguids,
    /// Whether passkeys that can be synced are allowed.
    pub backup_eligible: Named<BackupEligibility>,
    /// The algorithms of the key, most preferred first. Absent if the default applies.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub algorithms: Option<Vec<Named<Algorithm>>>,
    /// The origins whose pages can create passkeys. By default, the page's own.
    pub origins: Option<Vec<String>>,
    /// The certificates that attestation may lead to: named sets, and certificates in base64 of their DER.
    pub attestation_roots: Option<Vec<String>>,
    /// Whether Android key attestation requires Google's list of revoked keys.
    pub android_status: Option<Named<AndroidStatus>>,
}

/// Models of authenticators. An empty `allow` allows all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Aaguids {
    /// The models that are allowed.
    pub allow: Vec<scalar::Aaguid>,
    /// The models that are denied.
    pub deny: Vec<scalar::Aaguid>,
}

/// Which attestation is trusted: a level, or a level with a minimum certification.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
#[serde(untagged)]
pub enum Trust {
    /// A level.
    Level(Named<TrustLevel>),
    /// A level with a minimum certification.
    #[cfg_attr(feature = "schema", schemars(title = "CertifiedTrust"))]
    Certified {
        /// The level.
        level: Named<TrustLevel>,
        /// The lowest certification that is accepted.
        minimum_certification: Option<Named<CertificationStatus>>,
    },
}

/// A level of trust, one of [`binding::policy::Trust::LEVELS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustLevel(&'static str);

impl Names for TrustLevel {
    const SET: &'static str = "TrustLevel";

    fn all() -> impl Iterator<Item = Self> {
        binding::policy::Trust::LEVELS.into_iter().map(Self)
    }

    fn name(self) -> &'static str {
        self.0
    }
}

/// Whether Android key attestation requires Google's list of revoked keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AndroidStatus {
    /// The list is used if the installation has it. This is the default.
    IfAvailable,
    /// Without a current list, Android key attestation is refused.
    Required,
}

impl Names for AndroidStatus {
    const SET: &'static str = "AndroidStatus";

    fn all() -> impl Iterator<Item = Self> {
        [Self::IfAvailable, Self::Required].into_iter()
    }

    fn name(self) -> &'static str {
        match self {
            Self::IfAvailable => "if_available",
            Self::Required => "required",
        }
    }
}

/// A certification level, by its `AuthenticatorStatus` (FIDO Metadata Service §3.1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificationStatus(pub Certification);

impl Names for CertificationStatus {
    const SET: &'static str = "CertificationStatus";

    fn all() -> impl Iterator<Item = Self> {
        Certification::ALL.iter().copied().map(Self)
    }

    fn name(self) -> &'static str {
        self.0.status()
    }
}

impl From<&binding::policy::Policy> for Policy {
    fn from(policy: &binding::policy::Policy) -> Self {
        let models = |models: &[[u8; 16]]| models.iter().map(|model| aaguid::text(model).into()).collect();
        // An absent member means the default; an empty list would be rejected.
        fn listed<T>(list: Vec<T>) -> Option<Vec<T>> {
            (!list.is_empty()).then_some(list)
        }
        let sets = policy.root_sets.iter().map(|set| set.name().to_owned());
        let roots = policy.roots.iter().map(|der| STANDARD.encode(der));
        Self {
            mechanisms: Named::list(&policy.mechanisms),
            user_verification: Named(policy.user_verification),
            resident_key: Named(policy.resident_key),
            attestation: Named(policy.attestation),
            trust: Trust::from(policy.trust),
            aaguids: Aaguids { allow: models(&policy.aaguids_allowed), deny: models(&policy.aaguids_denied) },
            backup_eligible: Named(policy.backup_eligible),
            algorithms: listed(Named::list(&policy.algorithms)),
            origins: listed(policy.origins.clone()),
            attestation_roots: listed(sets.chain(roots).collect()),
            android_status: policy.android_status_required.then_some(Named(AndroidStatus::Required)),
        }
    }
}

impl From<binding::policy::Trust> for Trust {
    fn from(trust: binding::policy::Trust) -> Self {
        let level = Named(TrustLevel(trust.level()));
        match trust.minimum() {
            None => Self::Level(level),
            Some(minimum) => {
                Self::Certified { level, minimum_certification: Some(Named(CertificationStatus(minimum))) }
            }
        }
    }
}
