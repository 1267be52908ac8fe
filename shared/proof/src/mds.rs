//! The FIDO Metadata Service, version 3: what is known of models of authenticators, and whether one is good enough.
//!
//! A blob is verified and shrunk where there is time and memory for it (feature `mds`); a function reads the small form
//! ([`Metadata::from_bytes`]), which it trusts as it trusts its own code.

#[cfg(feature = "mds")]
mod blob;
mod demand;
mod metadata;

pub use crate::Certification;
#[cfg(feature = "mds")]
pub use blob::{BlobError, BlobExpected, signer_ends};
pub use demand::COMPROMISED;
pub use metadata::{Metadata, Model, NotMetadata, Status};
