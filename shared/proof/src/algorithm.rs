//! Signature algorithms of keys: COSE's numbers (RFC 9053, RFC 8812, RFC 9864, RFC 9964) and JOSE's names.

/// The algorithm of a key that can be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256 (WebAuthn Level 3 §5.8.5 fixes the curve).
    #[strum(serialize = "ES256")]
    Es256,
    /// ECDSA on P-384 with SHA-384.
    #[strum(serialize = "ES384")]
    Es384,
    /// ECDSA on P-521 with SHA-512.
    #[strum(serialize = "ES512")]
    Es512,
    /// EdDSA on Ed25519.
    #[strum(serialize = "EdDSA")]
    EdDsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[strum(serialize = "RS256")]
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    #[strum(serialize = "RS384")]
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    #[strum(serialize = "RS512")]
    Rs512,
    /// RSASSA-PSS with SHA-256.
    #[strum(serialize = "PS256")]
    Ps256,
    /// RSASSA-PSS with SHA-384.
    #[strum(serialize = "PS384")]
    Ps384,
    /// RSASSA-PSS with SHA-512.
    #[strum(serialize = "PS512")]
    Ps512,
    /// ECDSA on P-256 with SHA-256, under its fully specified number.
    #[strum(serialize = "ESP256")]
    Esp256,
    /// ECDSA on P-384 with SHA-384, under its fully specified number.
    #[strum(serialize = "ESP384")]
    Esp384,
    /// ECDSA on P-521 with SHA-512, under its fully specified number.
    #[strum(serialize = "ESP512")]
    Esp512,
    /// Ed25519, under its fully specified number.
    #[strum(serialize = "Ed25519")]
    Ed25519,
    /// ML-DSA-44 (FIPS 204, RFC 9964).
    #[strum(serialize = "ML-DSA-44")]
    MlDsa44,
    /// ML-DSA-65.
    #[strum(serialize = "ML-DSA-65")]
    MlDsa65,
    /// ML-DSA-87.
    #[strum(serialize = "ML-DSA-87")]
    MlDsa87,
}

crate::names!(Algorithm);

impl Algorithm {
    /// The default of a policy, in order of preference. An authenticator that supports only ML-DSA may use it; others
    /// skip it.
    pub const OFFERED: [Algorithm; 7] = [
        Algorithm::Es256,
        Algorithm::EdDsa,
        Algorithm::Es384,
        Algorithm::Rs256,
        Algorithm::MlDsa44,
        Algorithm::MlDsa65,
        Algorithm::MlDsa87,
    ];

    /// The number in the COSE registry.
    #[must_use]
    pub const fn cose(self) -> i64 {
        match self {
            Algorithm::Es256 => -7,
            Algorithm::EdDsa => -8,
            Algorithm::Esp256 => -9,
            Algorithm::Ed25519 => -19,
            Algorithm::Es384 => -35,
            Algorithm::Es512 => -36,
            Algorithm::Ps256 => -37,
            Algorithm::Ps384 => -38,
            Algorithm::Ps512 => -39,
            Algorithm::MlDsa44 => -48,
            Algorithm::MlDsa65 => -49,
            Algorithm::MlDsa87 => -50,
            Algorithm::Esp384 => -51,
            Algorithm::Esp512 => -52,
            Algorithm::Rs256 => -257,
            Algorithm::Rs384 => -258,
            Algorithm::Rs512 => -259,
        }
    }

    /// Looks up a number of the COSE registry.
    #[must_use]
    pub fn from_cose(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.cose() == number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_read_back() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::from_name(algorithm.name()), Some(algorithm));
            assert_eq!(Algorithm::from_cose(algorithm.cose()), Some(algorithm));
        }
        assert_eq!(Algorithm::from_cose(-65535), None, "RSA with SHA-1 is not supported");
    }
}
