//! Authorization codes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use binding::time::Timestamp;

/// The codes that were issued and not redeemed yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Codes(pub(super) Arc<Mutex<HashMap<String, Grant>>>);

/// What a code was issued for.
#[derive(Debug)]
pub(super) struct Grant {
    pub(super) redirect_uri: String,
    pub(super) challenge: String,
    pub(super) scope: String,
    pub(super) tenant: String,
    pub(super) end: Timestamp,
}
