//! Verifies proofs that a device holds a key.
//!
//! Only this crate can create a [`Verified`], and only by a verification; a job cannot be completed without one.
//! Without the feature `verify` this crate contains little more than that type, so that the domain can name it at no
//! cost.

mod names;

mod algorithm;
#[cfg(feature = "verify")]
pub mod android_status;
mod ceremony;
mod certification;
mod facts;
mod policy;
mod refusal;
pub mod roots;
mod wish;

#[cfg(feature = "verify")]
mod der;
#[cfg(feature = "verify")]
mod jwk;
#[cfg(feature = "verify")]
pub mod jwt;
#[cfg(feature = "verify")]
mod key;
#[cfg(feature = "verify")]
pub mod mds;
#[cfg(feature = "options")]
pub mod webauthn;
#[cfg(feature = "verify")]
mod x509;

pub use algorithm::Algorithm;
pub use ceremony::Expected;
#[cfg(feature = "verify")]
pub use ceremony::{Ceremony, Submitted, Unverified, verify};
pub use certification::Certification;
pub use facts::{AttestationType, Facts, Material, Mechanism, WebauthnFacts};
pub use policy::{Policy, Trust};
pub use refusal::{Reason, Refusal};
pub use roots::RootSet;
pub use wish::{Attestation, BackupEligibility, Requirement};

/// The algorithms that a JWT proof may use (RFC 7518 §3.1, RFC 8037 §3.1).
pub const JWT_ALGORITHMS: [&str; 4] = ["ES256", "ES384", "EdDSA", "RS256"];

/// A verified proof. Only this crate's verifiers create it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified(Facts, Material);

impl Verified {
    /// The proven facts.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.0
    }

    /// The proof as it was received.
    #[must_use]
    pub fn material(&self) -> &Material {
        &self.1
    }
}
