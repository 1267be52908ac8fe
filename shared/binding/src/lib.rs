//! The domain of Bindery: what a credential binding job is and how it may change.
//!
//! Every function here is pure. Time and random bytes are arguments, so that a rule can be read, printed and tested
//! without a table, a network or a clock.
//!
//! Start with [`job::Job::apply`]: only it changes a job's state.

pub mod access;
pub mod audit;
pub mod brake;
pub mod campaign;
pub mod ceremony;
pub mod code;
pub mod color;
pub mod credential;
pub mod directory;
mod email_status;
pub mod enrollment;
pub mod ids;
pub mod job;
pub mod key;
pub mod language;
pub mod limit;
pub mod link;
pub mod mail;
pub mod mail_pace;
pub mod model;
pub mod policy;
mod public_url;
pub mod redirect;
pub mod reminder;
pub mod rule;
mod secret;
pub mod sign_in;
pub mod state;
pub mod throttle;
pub mod time;
pub mod unavailable;
