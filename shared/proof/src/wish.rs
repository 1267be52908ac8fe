//! What a relying party may wish of a passkey, in WebAuthn's own words.

/// How much something is wanted: user verification (WebAuthn Level 3 §5.8.6) or a resident key (§5.4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Requirement {
    /// Without it the passkey is refused.
    Required,
    /// It is asked for.
    Preferred,
    /// It is asked not to be.
    Discouraged,
}

crate::names!(Requirement);

/// Attestation conveyance (WebAuthn Level 3 §5.4.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Attestation {
    /// Not asked for.
    None,
    /// Asked for; the browser may make it anonymous.
    Indirect,
    /// Asked for as the device makes it.
    Direct,
    /// Asked for with the device's serial number, where the device's owner allows it.
    Enterprise,
    /// Asked for as the device makes it, and required of keys that stay on their device: synced passkeys have none
    /// (WebAuthn Level 3 §6.1.3 tells them apart). WebAuthn has no such value.
    RequiredIfDeviceBound,
}

crate::names!(Attestation);

impl Attestation {
    /// The names of all values, in the API.
    pub const NAMES: [&str; 5] = ["none", "indirect", "direct", "enterprise", "required_if_device_bound"];

    /// The value that a browser is asked for.
    #[must_use]
    pub fn conveyance(self) -> &'static str {
        match self {
            Attestation::RequiredIfDeviceBound => Attestation::Direct.name(),
            other => other.name(),
        }
    }

    /// Whether a key must come with attestation, by whether the key is eligible for backup.
    #[must_use]
    pub fn is_required(self, backup_eligible: bool) -> bool {
        match self {
            Attestation::None | Attestation::Indirect => false,
            Attestation::Direct | Attestation::Enterprise => true,
            Attestation::RequiredIfDeviceBound => !backup_eligible,
        }
    }
}

/// Whether a key may be one that can be backed up: a synced passkey (WebAuthn Level 3 §6.1.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum BackupEligibility {
    /// It may be.
    #[default]
    Allowed,
    /// It must be.
    Required,
    /// It must stay on its device.
    Forbidden,
}

crate::names!(BackupEligibility);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_attestation_are_read_back() {
        assert_eq!(Attestation::ALL.map(Attestation::name), Attestation::NAMES);
        for value in Attestation::ALL {
            assert_eq!(Attestation::from_name(value.name()), Some(value));
        }
    }
}
