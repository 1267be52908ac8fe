//! X.509 certificates (RFC 5280), as far as attestation and the FIDO Metadata Service use them.

mod certificate;
mod chain;
mod name;

pub(crate) use certificate::Certificate;
#[cfg(feature = "mds")]
pub(crate) use chain::find_path;
pub(crate) use chain::{Broken, Chain, Issued, Profile, issued, verify_chain};
pub(crate) use name::{Attribute, Name};
