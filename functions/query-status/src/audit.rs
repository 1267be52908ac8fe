//! The audit log of a realm, and of a tenant.

use api::permit::Permitted;
use api::problem::Problem;
use api::view::{AuditEntry, AuditEntryList};
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::Uri;
use binding::audit::Log;
use binding::ids::{RealmRef, TenantId};
use cloud::table::{Listed, Listing};

use crate::Deps;

pub(crate) async fn of_realm(
    State(deps): State<Deps>,
    Permitted { on: RealmRef { tenant, id }, .. }: Permitted<RealmRef>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Json<AuditEntryList>, Problem> {
    deps.entries(&Log { tenant, realm: Some(id) }, &uri, query.as_deref()).await
}

pub(crate) async fn of_tenant(
    State(deps): State<Deps>,
    Permitted { on: tenant, .. }: Permitted<TenantId>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Json<AuditEntryList>, Problem> {
    deps.entries(&Log { tenant, realm: None }, &uri, query.as_deref()).await
}

impl Deps {
    async fn entries(&self, log: &Log, uri: &Uri, query: Option<&str>) -> Result<Json<AuditEntryList>, Problem> {
        let view = |listed: &Listed| match listed {
            Listed::Audit(found) => Some(AuditEntry::from(&**found)),
            _ => None,
        };
        self.lists.page(Listing::Audit(log), view, uri, query).await
    }
}
