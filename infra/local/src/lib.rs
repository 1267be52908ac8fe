//! The local stack: AWS on one port, driven by template.yaml. See `cargo local --help`.

mod app;
pub mod audit;
mod aws;
mod bus;
mod checkpoint;
mod contract;
mod database;
mod default_bus;
mod edge;
mod email;
mod engine;
mod faults;
mod folder;
mod functions;
mod gateway;
mod invoke;
mod issuer;
mod journal;
mod pages;
mod permissions;
mod record;
mod remote;
mod secrets;
mod seed;
mod sign_in;
mod stack;
mod streams;
mod template;
mod timers;

pub use engine::{Embedded, Engine, Failure};
pub use faults::{Fault, Planned, Random, SLOW_MILLIS};
pub use issuer::Issuer;
pub use record::Logs;
pub use remote::Remote;
pub use stack::{Options, Stack};
pub use template::{Access, Function, Route, Statement, Template};

/// The template that this stack is driven by.
pub const TEMPLATE: &str = include_str!("../../../template.yaml");
