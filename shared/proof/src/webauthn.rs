//! WebAuthn Level 3 registrations and assertions: the options for the browser, and the verification of its response.
//!
//! The checks follow the order of §7.1, "Registering a New Credential". This crate checks the bytes, strings and
//! attestation statements itself; webauthn-rs is a second verifier that must agree.

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
