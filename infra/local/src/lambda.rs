//! Lambda: the functions of the template in this process, and their event sources.

pub(crate) mod checkpoint;
pub(crate) mod functions;
pub(crate) mod invoke;
pub(crate) mod streams;
pub(crate) mod timers;
