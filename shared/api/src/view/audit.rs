//! The audit log.

use binding::audit::Entry;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::scalar::{ChosenId, Text, Time, Uuid};

/// A change that was made through the API with an access token.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct AuditEntry {
    /// The id of the entry.
    pub id: Uuid,
    /// The tenant.
    pub tenant_id: ChosenId,
    /// The realm. Absent for a change of the tenant.
    pub realm_id: Option<ChosenId>,
    /// When the change was made.
    pub create_time: Time,
    /// The caller, according to the access token. Absent if the token does not name one.
    pub principal: Option<Principal>,
    /// The operation (`operationId`).
    pub operation: Text,
    /// The paths of the resources that were changed.
    pub objects: Vec<Text>,
    /// The id of the request, which was in the response's `X-Request-Id`.
    pub request_id: Option<Text>,
}

/// The holder of an access token (RFC 9068 §2.2).
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Principal {
    /// The token's issuer (`iss`).
    pub issuer: Option<Text>,
    /// Its subject (`sub`).
    pub subject: Option<Text>,
    /// The client that it was issued to (`client_id`, or else `azp`).
    pub client_id: Option<Text>,
}

impl Principal {
    fn of(principal: &str) -> Self {
        let mut lines = principal.split('\n').map(|line| (!line.is_empty()).then(|| Text::from(line)));
        let mut next = || lines.next().flatten();
        let (issuer, subject, client, authorized_party) = (next(), next(), next(), next());
        Self { issuer, subject, client_id: client.or(authorized_party) }
    }
}

impl From<&Entry> for AuditEntry {
    fn from(Entry { id, time, change }: &Entry) -> Self {
        Self {
            id: Uuid::of(id),
            tenant_id: ChosenId::of(&change.tenant),
            realm_id: change.realm.as_ref().map(ChosenId::of),
            create_time: Time(*time),
            principal: change.principal.as_deref().map(Principal::of),
            operation: Text::from(change.operation.as_str()),
            objects: change.objects.iter().map(|path| Text::from(path.as_str())).collect(),
            request_id: (!change.request_id.is_empty()).then(|| Text::from(change.request_id.as_str())),
        }
    }
}
