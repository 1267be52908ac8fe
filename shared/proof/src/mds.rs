//! The FIDO Metadata Service, version 3: data about models of authenticators, and which models a policy accepts.
//!
//! A blob is verified and shrunk before deployment (feature `mds`); a function reads the compact form
//! ([`Metadata::from_bytes`]), which it trusts like its own code.

#[cfg(feature = "mds")]
mod blob;
mod demand;
mod metadata;

pub use crate::Certification;
#[cfg(feature = "mds")]
pub use blob::{BlobError, BlobExpected, signer_ends};
pub use demand::COMPROMISED;
pub use metadata::{Metadata, Model, NotMetadata, Status};
