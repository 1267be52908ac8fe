//! Lambda: the functions of the template in this process, and what invokes them.

pub(crate) mod checkpoint;
pub(crate) mod functions;
pub(crate) mod invoke;
pub(crate) mod streams;
pub(crate) mod timers;
