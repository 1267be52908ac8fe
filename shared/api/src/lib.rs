//! What the world sees of Bindery: requests as they come in, views as they go out, problems, page tokens and events.
//!
//! Nothing here knows AWS. One edge ([`problem`]) turns the errors of the domain into HTTP answers.

mod aaguid;
pub mod body;
mod certificate;
pub mod config;
pub mod credential;
pub mod edge;
pub mod events;
pub mod fields;
pub mod filter;
pub mod identity;
pub mod job;
pub mod list;
pub mod openapi;
pub mod origin;
pub mod path;
pub mod policy;
pub mod problem;
pub mod realm;
mod shape;
