//! The AWS side of Bindery.
//!
//! Code here holds real AWS SDK clients. The seam for local runs and tests is the wire: they point the clients at an
//! endpoint that speaks the AWS protocols (`AWS_ENDPOINT_URL`). There is no second implementation of anything.

pub mod aws;
pub mod boot;
pub mod bus;
mod caller;
pub mod clock;
pub mod each;
pub mod env;
pub mod invocation;
mod jws;
pub mod keys;
pub mod limits;
pub mod log;
pub mod mail_tags;
pub mod mailer;
pub mod metric;
pub mod new_job;
pub mod random;
pub mod receipt;
mod roots;
pub mod sending;
pub mod set_aside;
#[cfg(feature = "signing")]
pub mod signing;
pub mod stream;
pub mod table;
