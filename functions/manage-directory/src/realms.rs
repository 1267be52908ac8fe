//! Realms.

use api::body::JsonBody;
use api::problem::Problem;
use api::view::Realm;
use api::{path, realm};
use axum::Json;
use axum::extract::{Path, State};
use cloud::caller::Caller;

use crate::{Deps, after, written};

type RealmPath = Path<(String, String)>;

pub(crate) async fn get(
    State(deps): State<Deps>,
    Path((tenant, id)): RealmPath,
    caller: Caller,
) -> Result<Json<Realm>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "realms:read")?;
    let found = deps.table.realm(&path::realm(&tenant, &id)?).await?;
    let found = found.ok_or_else(|| Problem::not_found("realm", &id))?;
    Ok(Json(Realm::from(&found)))
}

/// Makes a realm, or replaces all of its settings.
pub(crate) async fn put(
    State(deps): State<Deps>,
    Path((tenant, id)): RealmPath,
    caller: Caller,
    body: Result<JsonBody, Problem>,
) -> Result<Json<Realm>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "realms:update")?;
    let reference = path::realm(&tenant, &id)?;
    let JsonBody(body) = body?;
    let mut realm = realm::parse(&body, reference.clone(), deps.clock.now())?;
    let seen = deps.table.realm(&reference).await?;
    if let Some(seen) = &seen {
        realm.create_time = seen.create_time;
        realm.update_time = after(seen.update_time, realm.update_time);
    }
    written(deps.table.put_realm(&realm, seen.map(|seen| seen.update_time)).await?)?;
    Ok(Json(Realm::from(&realm)))
}
