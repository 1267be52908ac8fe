//! WebAuthn Level 3 registrations: the options that a browser gets, and the check of what it answers.
//!
//! The order of the checks is that of §7.1, "Registering a New Credential". What the spec asks of bytes and strings is
//! checked here, exactly; the attestation statement's signature is verified by webauthn-rs.

mod options;

#[cfg(feature = "verify")]
mod authenticator_data;
#[cfg(feature = "verify")]
mod client_data;
#[cfg(feature = "verify")]
mod public_key;
#[cfg(feature = "verify")]
mod registration;

pub use options::{ALGORITHMS, CreationOptions, creation_options};
#[cfg(feature = "verify")]
pub use registration::{Expected, ExpectedOfClient, verify_client_registration, verify_registration};
