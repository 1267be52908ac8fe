//! The integration tests: the whole system in this process, used over HTTP.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod access;
mod architecture;
mod authenticator;
mod campaigns;
mod cli;
mod clocks;
mod complete;
mod console;
mod conventions;
mod create;
mod data_folder;
mod delivery;
mod directory;
mod erased;
mod events;
mod expiry;
mod faults;
mod hostile;
mod idempotency;
mod jwt;
mod kills;
mod lambda;
mod links;
mod lists;
mod load;
mod mail;
mod maker;
mod model;
mod modules;
mod openapi;
mod origins;
mod permissions;
mod proofs;
mod published;
mod receipt;
mod rotation;
mod sample_apps;
mod sign_in;
mod sign_in_abuse;
mod suspended;
mod sweep;
mod trust;
mod usernames;
mod world;
