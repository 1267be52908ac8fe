//! The requirements on a passkey, in WebAuthn's terms.

/// The requirement of user verification (WebAuthn Level 3 §5.8.6) or a resident key (§5.4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Requirement {
    /// A passkey without it is refused.
    Required,
    /// It is requested.
    Preferred,
    /// It is requested not to be used.
    Discouraged,
}

crate::names!(Requirement);

/// Attestation conveyance (WebAuthn Level 3 §5.4.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Attestation {
    /// Attestation is not requested.
    None,
    /// It is requested; the browser may anonymise it.
    Indirect,
    /// It is requested as the device creates it.
    Direct,
    /// It is requested with the device's serial number, where the device's owner allows it.
    Enterprise,
    /// It is requested as the device creates it, and required of device-bound keys, because synced passkeys have none
    /// (WebAuthn Level 3 §6.1.3 distinguishes them). WebAuthn has no such value.
    RequiredIfDeviceBound,
}

crate::names!(Attestation);

impl Attestation {
    /// The value for the browser.
    #[must_use]
    pub fn conveyance(self) -> &'static str {
        match self {
            Attestation::RequiredIfDeviceBound => Attestation::Direct.name(),
            other => other.name(),
        }
    }

    /// Whether a key must have attestation, depending on whether it is eligible for backup.
    #[must_use]
    pub fn is_required(self, backup_eligible: bool) -> bool {
        match self {
            Attestation::None | Attestation::Indirect => false,
            Attestation::Direct | Attestation::Enterprise => true,
            Attestation::RequiredIfDeviceBound => !backup_eligible,
        }
    }
}

/// Whether a key may be eligible for backup, which makes it a synced passkey (WebAuthn Level 3 §6.1.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum BackupEligibility {
    /// It may be.
    #[default]
    Allowed,
    /// It must be.
    Required,
    /// It must not be: the key stays on its device.
    Forbidden,
}

crate::names!(BackupEligibility);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_attestation_are_read_back() {
        let names = ["none", "indirect", "direct", "enterprise", "required_if_device_bound"];
        assert_eq!(Attestation::ALL.map(Attestation::name), names);
        for value in Attestation::ALL {
            assert_eq!(Attestation::from_name(value.name()), Some(value));
        }
    }
}
