//! Realms.

use api::audit;
use api::body::JsonBody;
use api::path::Reference as _;
use api::permit::Permitted;
use api::problem::Problem;
use api::realm;
use api::view::{Realm, RealmList};
use axum::extract::{RawQuery, State};
use axum::http::Uri;
use axum::{Extension, Json};
use binding::directory;
use binding::ids::{RealmId, RealmRef, TenantId};
use cloud::random;
use cloud::table::{Changed, Listed, Listing, RealmDeleted};
use serde_json::{Map, Value};

use crate::{Deps, after, created, patched, written};

pub(crate) async fn get(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<RealmRef>,
) -> Result<Json<Realm>, Problem> {
    let found = deps.table.realm(&reference).await?.ok_or_else(|| reference.missing())?;
    Ok(Json(Realm::from(&found)))
}

/// Creates a realm with a generated id.
pub(crate) async fn create(
    State(deps): State<Deps>,
    Permitted { on: tenant, .. }: Permitted<TenantId>,
    JsonBody(body): JsonBody,
) -> Result<(Extension<audit::Changed>, Json<Realm>), Problem> {
    let now = deps.clock.now();
    let made = realm::parse(&body, RealmRef { tenant, id: RealmId::new(now, random::bytes()) }, now)?;
    written(deps.table.put_realm(&made, None).await?)?;
    Ok((created(&made.reference.id), Json(Realm::from(&made))))
}

pub(crate) async fn list(
    State(deps): State<Deps>,
    Permitted { on: tenant, .. }: Permitted<TenantId>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Json<RealmList>, Problem> {
    let view = |listed: &Listed| match listed {
        Listed::Realm(found) => Some(Realm::from(&**found)),
        _ => None,
    };
    deps.lists.page(Listing::Realms(&tenant), view, &uri, query.as_deref()).await
}

pub(crate) async fn patch(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<RealmRef>,
    JsonBody(body): JsonBody,
) -> Result<Json<Realm>, Problem> {
    let seen = deps.table.realm(&reference).await?.ok_or_else(|| reference.missing())?;
    Ok(Json(Realm::from(&deps.patch_realm(seen, &body).await?)))
}

impl Deps {
    /// Applies a merge patch to a realm and writes it.
    pub(crate) async fn patch_realm(
        &self,
        seen: directory::Realm,
        body: &Map<String, Value>,
    ) -> Result<directory::Realm, Problem> {
        let body = patched(RealmRef::RESOURCE, &Realm::from(&seen), body)?;
        let mut changed = realm::parse(&body, seen.reference.clone(), self.clock.now())?;
        changed.create_time = seen.create_time;
        changed.update_time = after(seen.update_time, changed.update_time);
        written(self.table.put_realm(&changed, Some(seen.update_time)).await?)?;
        Ok(changed)
    }
}

/// Creates a realm, or replaces all of its settings.
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

/// Deletes a realm that has no identities.
pub(crate) async fn delete(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<RealmRef>,
) -> Result<(), Problem> {
    match deps.table.delete_realm(&reference, deps.clock.now()).await? {
        RealmDeleted::Yes => Ok(()),
        RealmDeleted::Missing => Err(reference.missing()),
        RealmDeleted::HasIdentities => Err(Problem::realm_not_empty(&reference.id(), "identities", "Erase them")),
        RealmDeleted::HasBatches => {
            Err(Problem::realm_not_empty(&reference.id(), "batches that have not ended", "Cancel them, or wait"))
        }
        RealmDeleted::Meanwhile => written(Changed::Meanwhile),
    }
}
