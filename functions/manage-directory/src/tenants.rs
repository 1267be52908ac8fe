//! Tenants. Every tenant in an access token exists; these operations read and change its display name.

use api::body::JsonBody;
use api::permit::Permitted;
use api::problem::Problem;
use api::realm;
use api::view::Tenant;
use axum::Json;
use axum::extract::State;
use binding::ids::TenantId;

use crate::{Deps, after, written};

pub(crate) async fn get(
    State(deps): State<Deps>,
    Permitted { on: id, .. }: Permitted<TenantId>,
) -> Result<Json<Tenant>, Problem> {
    let found = deps.table.tenant(&id).await?;
    Ok(Json(found.as_ref().map_or_else(|| Tenant::unnamed(&id), Tenant::from)))
}

pub(crate) async fn patch(
    State(deps): State<Deps>,
    Permitted { on: id, .. }: Permitted<TenantId>,
    JsonBody(body): JsonBody,
) -> Result<Json<Tenant>, Problem> {
    let seen = deps.table.tenant(&id).await?;
    let mut changed = realm::tenant(&body, seen.as_ref(), &id, deps.clock.now())?;
    if let Some(seen) = &seen {
        changed.update_time = after(seen.update_time, changed.update_time);
    }
    written(deps.table.put_tenant(&changed, seen.map(|seen| seen.update_time)).await?)?;
    Ok(Json(Tenant::from(&changed)))
}
