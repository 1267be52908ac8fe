//! The audit log: the changes that callers made through the API.

use crate::ids::{AuditEntryId, RealmId, TenantId};
use crate::time::Timestamp;

/// A change that a caller made with an access token. It contains only ids of resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The tenant.
    pub tenant: TenantId,
    /// The realm; `None` for a change of the tenant itself.
    pub realm: Option<RealmId>,
    /// The principal of the access token ([`crate::access::Claims`]).
    pub principal: Option<String>,
    /// The operation (`operationId`).
    pub operation: String,
    /// The paths of the changed resources.
    pub objects: Vec<String>,
    /// The request's id.
    pub request_id: String,
}

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The entry's id, which sorts by time.
    pub id: AuditEntryId,
    /// When the change was made.
    pub time: Timestamp,
    /// The change.
    pub change: Change,
}

/// The audit log of a realm, or, without one, of the tenant itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// The tenant.
    pub tenant: TenantId,
    /// The realm.
    pub realm: Option<RealmId>,
}
