//! The example of counts by enrollment status.

use serde_json::Value;

use super::{Example, value};
use crate::view;

impl Example for view::Enrollment {
    fn example_json() -> Value {
        value(Self {
            tenant_id: "demo".into(),
            realm_id: "demo".into(),
            total: 1000,
            enrolled: 640,
            pending: 210,
            invite_failed: 12,
            unenrolled: 138,
        })
    }
}
