//! The local stack: AWS on one port, driven by template.yaml. See `cargo local --help`.

mod app;
pub mod audit;
mod aws;
mod deployment;
mod failures;
mod faults;
mod folder;
mod gateway;
mod http;
mod issuer;
mod journal;
mod lambda;
mod options;
mod pages;
mod record;
mod seed;
mod stack;
mod template;

pub use aws::engine::{Embedded, Engine};
pub use aws::remote::Remote;
pub use aws::wire::EngineError;
pub use faults::{Fault, Planned, Random, SLOW_MILLIS};
pub use issuer::Issuer;
pub use options::Options;
pub use record::Logs;
pub use stack::Stack;
pub use template::{Access, Function, Route, Statement, Template};

/// The template of this stack.
pub const TEMPLATE: &str = include_str!("../../../template.yaml");
