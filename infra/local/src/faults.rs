//! Faults on demand: the next calls of an AWS operation go wrong in a chosen way.

use std::sync::{Arc, Mutex};

use serde::Deserialize;

use crate::record::lock;

/// A way in which a call goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The service asks to slow down.
    Throttle,
    /// The service fails.
    Error,
    /// The service does not answer in time.
    Timeout,
    /// The service does what it was asked, and its answer is lost.
    LostResponse,
    /// What was asked is refused for good: a mail by SES, an entry by EventBridge.
    Rejected,
}

/// Faults to come.
#[derive(Clone, Debug, Deserialize)]
pub struct Planned {
    /// Such as `dynamodb`.
    pub service: String,
    /// Such as `UpdateItem`; `PutEventsEntry` for single entries of `PutEvents`.
    pub operation: String,
    /// How they go wrong.
    pub kind: Fault,
    /// How many calls.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

/// All faults to come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults(Arc<Mutex<Vec<Planned>>>);

impl Faults {
    /// Plans faults.
    pub(crate) fn plan(&self, planned: Planned) {
        lock(&self.0).push(planned);
    }

    /// Forgets all faults.
    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }

    /// The fault of this call, if one is planned.
    pub(crate) fn next(&self, service: &str, operation: &str) -> Option<Fault> {
        let mut faults = lock(&self.0);
        let found = faults.iter_mut().find(|f| f.times > 0 && f.service == service && f.operation == operation)?;
        found.times -= 1;
        Some(found.kind)
    }

    /// The error code of the next entry of a `PutEvents` call, if it is to fail alone.
    pub(crate) fn entry_error(&self) -> Option<&'static str> {
        let fault = self.next("eventbridge", "PutEventsEntry")?;
        Some(match fault {
            Fault::Throttle => "ThrottlingException",
            Fault::Rejected => "InvalidArgument",
            _ => "InternalFailure",
        })
    }
}
