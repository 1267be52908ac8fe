//! WebAuthn Level 3 registrations: the options that a browser gets, and the check of what it answers.
//!
//! The order of the checks is that of §7.1, "Registering a New Credential". What the spec asks of bytes and strings is
//! checked here, exactly, and so is the attestation statement; webauthn-rs is a second verifier that must agree.

mod options;

#[cfg(feature = "verify")]
mod assertion;
#[cfg(feature = "verify")]
mod attestation;
#[cfg(feature = "verify")]
mod authenticator_data;
#[cfg(feature = "verify")]
mod client_data;
#[cfg(feature = "verify")]
mod members;
#[cfg(feature = "verify")]
mod registration;
#[cfg(feature = "verify")]
mod second_opinion;
#[cfg(feature = "verify")]
mod trust;

#[cfg(feature = "verify")]
pub use assertion::{Asserted, Assertion, ExpectedAssertion, Registered};
pub use options::{CreationOptions, RequestOptions, creation_options, request_options};
#[cfg(feature = "verify")]
pub use registration::{verify_client_registration, verify_registration};
