//! Levels of certification, as policies and FIDO metadata name them.

/// The certification level of an authenticator (FIDO Authenticator Certification), lowest first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray,
)]
pub enum Certification {
    /// Level 1. Plain `FIDO_CERTIFIED` means it too.
    #[strum(serialize = "L1")]
    L1,
    /// Level 1+.
    #[strum(serialize = "L1plus")]
    L1Plus,
    /// Level 2.
    #[strum(serialize = "L2")]
    L2,
    /// Level 2+.
    #[strum(serialize = "L2plus")]
    L2Plus,
    /// Level 3.
    #[strum(serialize = "L3")]
    L3,
    /// Level 3+.
    #[strum(serialize = "L3plus")]
    L3Plus,
}

crate::names!(Certification);

impl Certification {
    /// The `AuthenticatorStatus` of the level, which is also its name in the API.
    #[must_use]
    pub const fn status(self) -> &'static str {
        match self {
            Certification::L1 => "FIDO_CERTIFIED_L1",
            Certification::L1Plus => "FIDO_CERTIFIED_L1plus",
            Certification::L2 => "FIDO_CERTIFIED_L2",
            Certification::L2Plus => "FIDO_CERTIFIED_L2plus",
            Certification::L3 => "FIDO_CERTIFIED_L3",
            Certification::L3Plus => "FIDO_CERTIFIED_L3plus",
        }
    }

    /// Parses an `AuthenticatorStatus` (FIDO Metadata Service §3.1.4).
    #[must_use]
    pub fn from_status(status: &str) -> Option<Self> {
        match status.strip_prefix("FIDO_CERTIFIED")? {
            "" => Some(Certification::L1),
            level => Self::from_name(level.strip_prefix('_')?),
        }
    }
}
