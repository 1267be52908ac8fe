//! X.509 certificates (RFC 5280), as far as attestation and the FIDO Metadata Service use them.

mod certificate;
mod chain;
mod name;

pub(crate) use certificate::Certificate;
pub(crate) use chain::{Broken, verify_chain};
pub(crate) use name::{Attribute, Name};
