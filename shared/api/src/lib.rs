//! The contract of the API: requests, responses, problems, page tokens and events.
//!
//! The types of [`request`], [`view`] and [`events`] are the contract. With the feature `schema`, OpenAPI and the event
//! schemas are generated from them. With the feature `server`, requests are parsed and problems become HTTP responses
//! (`problem`). Without features, the crate contains only those types, for clients, and [`check`]. It does not depend on AWS.

mod aaguid;
#[cfg(feature = "server")]
pub mod accept;
#[cfg(feature = "server")]
pub mod audit;
#[cfg(feature = "server")]
pub mod batch;
#[cfg(feature = "server")]
pub mod body;
#[cfg(feature = "server")]
mod certificate;
pub mod check;
#[cfg(feature = "server")]
pub mod config;
#[cfg(feature = "server")]
pub mod edge;
pub mod events;
#[cfg(feature = "server")]
pub mod fields;
#[cfg(feature = "server")]
pub mod filter;
#[cfg(feature = "server")]
pub mod idempotency;
#[cfg(feature = "server")]
pub mod identity;
#[cfg(feature = "server")]
pub mod job;
#[cfg(feature = "server")]
pub mod list;
#[cfg(feature = "schema")]
pub mod openapi;
pub mod operation;
#[cfg(feature = "server")]
pub mod origin;
#[cfg(feature = "server")]
pub mod path;
pub mod permit;
#[cfg(feature = "server")]
pub mod policy;
#[cfg(feature = "server")]
pub mod preview;
#[cfg(feature = "server")]
pub mod problem;
#[cfg(feature = "server")]
pub mod query;
#[cfg(feature = "server")]
pub mod realm;
pub mod request;
#[cfg(feature = "server")]
pub mod routes;
pub mod scalar;
#[cfg(feature = "schema")]
mod schema;
#[cfg(feature = "server")]
pub mod sign_in;
pub mod view;
