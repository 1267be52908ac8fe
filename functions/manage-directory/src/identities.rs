//! Identities.

use api::body::JsonBody;
use api::problem::Problem;
use api::{identity, path, view};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::Uri;
use binding::directory::Identity;
use binding::ids::{IdentityId, IdentityRef};
use cloud::caller::Caller;
use cloud::random;
use cloud::table::{Listed, Listing};
use serde_json::{Map, Value};

use crate::{Deps, after, patched, written};

type RealmPath = Path<(String, String)>;
type IdentityPath = Path<(String, String, String)>;

/// Makes an identity with an id of ours.
pub(crate) async fn create(
    State(deps): State<Deps>,
    Path((tenant, realm)): RealmPath,
    caller: Caller,
    body: Result<JsonBody, Problem>,
) -> Result<Json<view::Identity>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "identities:create")?;
    let now = deps.clock.now();
    let reference =
        IdentityRef { realm: path::realm(&tenant, &realm)?, identity: IdentityId::new(now, random::bytes()) };
    let JsonBody(body) = body?;
    let made = identity::parse(&body, reference, None, now)?;
    deps.realm_exists(&made.identity).await?;
    written(deps.table.put_identity(&made, None).await?)?;
    Ok(Json(view::Identity::from(&made)))
}

/// Makes an identity with the caller's id, or replaces all of it.
pub(crate) async fn put(
    State(deps): State<Deps>,
    Path((tenant, realm, id)): IdentityPath,
    caller: Caller,
    body: Result<JsonBody, Problem>,
) -> Result<Json<view::Identity>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "identities:update")?;
    let reference = path::identity(&tenant, &realm, &id)?;
    let JsonBody(body) = body?;
    deps.realm_exists(&reference).await?;
    let seen = deps.table.identity(&reference).await?;
    deps.write(&reference, &body, seen).await
}

pub(crate) async fn get(
    State(deps): State<Deps>,
    Path((tenant, realm, id)): IdentityPath,
    caller: Caller,
) -> Result<Json<view::Identity>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "identities:read")?;
    let found = deps.table.identity(&path::identity(&tenant, &realm, &id)?).await?;
    let found = found.ok_or_else(|| Problem::not_found("identity", &id))?;
    Ok(Json(view::Identity::from(&found)))
}

pub(crate) async fn patch(
    State(deps): State<Deps>,
    Path((tenant, realm, id)): IdentityPath,
    caller: Caller,
    body: Result<JsonBody, Problem>,
) -> Result<Json<view::Identity>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "identities:update")?;
    let reference = path::identity(&tenant, &realm, &id)?;
    let JsonBody(body) = body?;
    let seen = deps.table.identity(&reference).await?;
    let seen = seen.ok_or_else(|| Problem::not_found("identity", &id))?;
    let body = patched("identity", &view::Identity::from(&seen), &body)?;
    deps.write(&reference, &body, Some(seen)).await
}

pub(crate) async fn list(
    State(deps): State<Deps>,
    Path((tenant, realm)): RealmPath,
    caller: Caller,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Json<view::IdentityList>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "identities:read")?;
    let realm = path::realm(&tenant, &realm)?;
    let view = |listed: &Listed| match listed {
        Listed::Identity(found) => Some(view::Identity::from(&**found)),
        _ => None,
    };
    deps.page(Listing::Identities(&realm), view, uri.path(), query.as_deref()).await
}

/// Erases an identity with its jobs and credentials.
pub(crate) async fn erase(
    State(deps): State<Deps>,
    Path((tenant, realm, id)): IdentityPath,
    caller: Caller,
) -> Result<(), Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "identities:delete")?;
    let reference = path::identity(&tenant, &realm, &id)?;
    if deps.table.erase_identity(&reference).await? { Ok(()) } else { Err(Problem::not_found("identity", &id)) }
}

impl Deps {
    async fn realm_exists(&self, identity: &IdentityRef) -> Result<(), Problem> {
        let found = self.table.realm(&identity.realm).await?;
        found.map(drop).ok_or_else(|| Problem::not_found("realm", identity.realm.realm.as_str()))
    }

    /// Writes the identity that a body tells of, if it still is as it was seen.
    async fn write(
        &self,
        reference: &IdentityRef,
        body: &Map<String, Value>,
        seen: Option<Identity>,
    ) -> Result<Json<view::Identity>, Problem> {
        let mut changed = identity::parse(body, reference.clone(), seen.as_ref(), self.clock.now())?;
        if let Some(seen) = &seen {
            changed.update_time = after(seen.update_time, changed.update_time);
        }
        written(self.table.put_identity(&changed, seen.map(|seen| seen.update_time)).await?)?;
        Ok(Json(view::Identity::from(&changed)))
    }
}
