//! Proof that a device holds a key.
//!
//! [`Verified`] can be made only here, by verifying something, and a job can be completed only with one. Without the
//! feature `verify` this crate is that type alone, so that the domain can name it at no cost.

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

/// The algorithms by which a JWT may prove a key (RFC 7518 §3.1, RFC 8037 §3.1).
pub const JWT_ALGORITHMS: [&str; 4] = ["ES256", "ES384", "EdDSA", "RS256"];

/// What was proven by verifying it. It has no other maker than this crate's verifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified(Facts, Material);

impl Verified {
    /// What was proven.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.0
    }

    /// What it was proven with.
    #[must_use]
    pub fn material(&self) -> &Material {
        &self.1
    }
}
