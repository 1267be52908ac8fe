//! Realms.

use api::body::JsonBody;
use api::path::Reference as _;
use api::permit::Permitted;
use api::problem::Problem;
use api::realm;
use api::view::Realm;
use axum::Json;
use axum::extract::State;
use binding::ids::RealmRef;

use crate::{Deps, after, written};

pub(crate) async fn get(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<RealmRef>,
) -> Result<Json<Realm>, Problem> {
    let found = deps.table.realm(&reference).await?.ok_or_else(|| reference.missing())?;
    Ok(Json(Realm::from(&found)))
}

/// Makes a realm, or replaces all of its settings.
pub(crate) async fn put(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<RealmRef>,
    JsonBody(body): JsonBody,
) -> Result<Json<Realm>, Problem> {
    let mut realm = realm::parse(&body, reference.clone(), deps.clock.now())?;
    let seen = deps.table.realm(&reference).await?;
    if let Some(seen) = &seen {
        realm.create_time = seen.create_time;
        realm.update_time = after(seen.update_time, realm.update_time);
    }
    written(deps.table.put_realm(&realm, seen.map(|seen| seen.update_time)).await?)?;
    Ok(Json(Realm::from(&realm)))
}
