//! X.509 certificates (RFC 5280), as far as attestation and the FIDO Metadata Service use them.

mod certificate;
mod chain;
mod name;

pub(crate) use certificate::Certificate;
pub(crate) use chain::{Broken, Chain, Profile, verify_chain};
#[cfg(feature = "mds")]
pub(crate) use chain::{Issued, find_path, issued};
pub(crate) use name::{Attribute, Name};
