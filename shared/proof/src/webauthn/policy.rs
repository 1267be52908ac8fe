//! What a relying party demands of a registration.

use crate::android_status::AndroidStatus;
use crate::mds::Demand;
use crate::wish::{Attestation, BackupEligibility, Requirement};
use crate::{Algorithm, RootSet};

/// Whose word is believed about an authenticator (WebAuthn Level 3 §7.1, step 24).
#[derive(Clone, Copy, Debug, Default)]
pub enum Trust<'a> {
    /// Anybody's. What verifies against [`Policy::roots`] is recorded as such, and what does not is taken too.
    #[default]
    Any,
    /// Only attestation that verifies against [`Policy::roots`].
    Attested,
    /// Only attestation of models that the FIDO Metadata Service knows and that are as good as is asked.
    FidoMds(Demand<'a>),
}

/// What a registration must be, beyond being valid. The default takes all that is.
#[derive(Clone, Copy, Debug)]
pub struct Policy<'a> {
    /// Whether the authenticator must have verified its user.
    pub user_verification: Requirement,
    /// Whether the key must be findable without a name. Only a browser can tell (`credProps.rk`, §10.1.3), and not
    /// every one does: a key is refused when it is said not to be.
    pub resident_key: Requirement,
    /// What the options asked for. After `direct` and `enterprise`, the format `none` is refused. With
    /// [`Attestation::RequiredIfDeviceBound`], that and [`Policy::trust`] hold for keys that stay on their device.
    pub attestation: Attestation,
    /// Whose word is believed.
    pub trust: Trust<'a>,
    /// Certificates, in DER, that are trusted.
    pub roots: &'a [Vec<u8>],
    /// Named sets of certificates that are trusted too, each for its format. [`Trust::FidoMds`] passes over them.
    pub root_sets: &'a [RootSet],
    /// Google's list of revoked keys. An `android-key` attestation whose chain it names is not trusted.
    pub android_status: Option<&'a AndroidStatus>,
    /// Whether `android-key` attestation is trusted only where that list is there, and not older than 30 days.
    pub android_status_required: bool,
    /// The models that may be used; empty for all. Without [`Trust::Attested`] or better, a model is what it says.
    pub aaguids_allowed: &'a [[u8; 16]],
    /// The models that may not.
    pub aaguids_denied: &'a [[u8; 16]],
    /// Whether keys may be eligible for backup.
    pub backup_eligible: BackupEligibility,
    /// The algorithms that keys may have; empty for all.
    pub algorithms: &'a [Algorithm],
}

impl Default for Policy<'_> {
    fn default() -> Self {
        Self {
            user_verification: Requirement::Preferred,
            resident_key: Requirement::Preferred,
            attestation: Attestation::None,
            trust: Trust::Any,
            roots: &[],
            root_sets: &[],
            android_status: None,
            android_status_required: false,
            aaguids_allowed: &[],
            aaguids_denied: &[],
            backup_eligible: BackupEligibility::Allowed,
            algorithms: &[],
        }
    }
}
