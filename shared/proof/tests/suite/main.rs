//! Accepted and refused proofs, with the W3C's test vectors and with software authenticators.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod authenticator;

mod assertion;
mod assertion_peer;
mod attestation;
mod chains;
mod client_data;
mod clients;
mod example;
mod field;
mod jwt;
mod mds;
mod policy;
mod roots;
mod sign_in_jwt;
mod tpm;
mod w3c_vectors;
