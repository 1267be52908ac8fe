//! Records changes for the audit log.
//!
//! Every operation that changes something for the holder of an access token is audited. A function cannot forget it: a
//! router with such an operation requires a recorder ([`crate::routes::Routes::finish_audited`]).

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use binding::access::Admission;
use binding::audit::Change;
use binding::ids::{RealmId, TenantId};

use crate::operation::Route;
use crate::path::Ids;
use crate::permit::Scheme;

/// The resources that an operation changed, if they are not the one in the path: an extension of the response.
#[derive(Clone, Debug)]
pub enum Changed {
    /// A new element of the list in the path, by its id.
    Created(String),
    /// These elements of the list in the path.
    Each(Vec<String>),
}

/// Whether an operation is in the audit log.
pub(crate) fn is_audited(route: &Route) -> bool {
    let reads = |scope: &str| scope.ends_with(":read");
    route.scheme == Scheme::AccessToken && route.method != "GET" && !route.scope.is_none_or(reads)
}

/// Adds the change to a successful response, as an extension.
pub(crate) async fn note(route: Route, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let ids = Ids::of(&mut parts).await;
    let admission = parts.extensions.get::<Admission>().cloned().unwrap_or_default();
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let Some(ids) = ids.ok().filter(|_| response.status().is_success()) else { return response };
    let Ok(tenant) = TenantId::parse(ids.get("tenant_id")) else { return response };
    let path = route.at(route.parameters().map(|name| ids.get(name)));
    // The verb is part of the operation.
    let resource = path.split(':').next().unwrap_or(&path);
    let below = |id: String| format!("{resource}/{id}");
    let objects = match response.extensions_mut().remove::<Changed>() {
        Some(Changed::Created(id)) => vec![below(id)],
        Some(Changed::Each(ids)) => ids.into_iter().map(below).collect(),
        None => vec![resource.to_owned()],
    };
    response.extensions_mut().insert(Change {
        tenant,
        realm: RealmId::parse(ids.get("realm_id")).ok(),
        principal: admission.claims.and_then(|claims| claims.principal),
        operation: route.id.to_owned(),
        objects,
        request_id: admission.request_id,
    });
    response
}
