//! The integration tests: the whole system in this process, spoken to over HTTP as its users do.

mod access;
mod architecture;
mod authenticator;
mod complete;
mod create;
mod delivery;
mod directory;
mod expiry;
mod faults;
mod hostile;
mod links;
mod lists;
mod world;
