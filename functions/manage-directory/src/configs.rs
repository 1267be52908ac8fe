//! Authenticator configs. A change makes a new version; jobs go on with the one that they were created with.

use api::body::JsonBody;
use api::problem::Problem;
use api::view::{AuthenticatorConfig, AuthenticatorConfigList};
use api::{config, path};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::Uri;
use binding::ids::ConfigId;
use cloud::caller::Caller;
use cloud::random;
use cloud::table::{Listed, Listing};

use crate::{Deps, after, patched, written};

type RealmPath = Path<(String, String)>;
type ConfigPath = Path<(String, String, String)>;

pub(crate) async fn create(
    State(deps): State<Deps>,
    Path((tenant, realm)): RealmPath,
    caller: Caller,
    body: Result<JsonBody, Problem>,
) -> Result<Json<AuthenticatorConfig>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "authenticator-configs:create")?;
    let now = deps.clock.now();
    let realm = path::realm(&tenant, &realm)?;
    let JsonBody(body) = body?;
    let made = config::parse(&body, realm, ConfigId::new(now, random::bytes()), now, deps.installation())?;
    if deps.table.realm(&made.realm).await?.is_none() {
        return Err(Problem::not_found("realm", made.realm.realm.as_str()));
    }
    written(deps.table.put_config(&made).await?)?;
    Ok(Json(AuthenticatorConfig::from(&made)))
}

pub(crate) async fn get(
    State(deps): State<Deps>,
    Path((tenant, realm, id)): ConfigPath,
    caller: Caller,
) -> Result<Json<AuthenticatorConfig>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "authenticator-configs:read")?;
    let found = deps.table.config(&path::realm(&tenant, &realm)?, &path::config(&id)?).await?;
    let found = found.ok_or_else(|| Problem::not_found("authenticator_config", &id))?;
    Ok(Json(AuthenticatorConfig::from(&found)))
}

pub(crate) async fn patch(
    State(deps): State<Deps>,
    Path((tenant, realm, id)): ConfigPath,
    caller: Caller,
    body: Result<JsonBody, Problem>,
) -> Result<Json<AuthenticatorConfig>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "authenticator-configs:update")?;
    let (realm, config_id) = (path::realm(&tenant, &realm)?, path::config(&id)?);
    let JsonBody(body) = body?;
    let seen = deps.table.config(&realm, &config_id).await?;
    let seen = seen.ok_or_else(|| Problem::not_found("authenticator_config", &id))?;
    let body = patched("authenticator_config", &AuthenticatorConfig::from(&seen), &body)?;
    let mut changed = config::parse(&body, realm, config_id, deps.clock.now(), deps.installation())?;
    changed.version = seen.version + 1;
    changed.create_time = seen.create_time;
    changed.update_time = after(seen.update_time, changed.update_time);
    written(deps.table.put_config(&changed).await?)?;
    Ok(Json(AuthenticatorConfig::from(&changed)))
}

pub(crate) async fn list(
    State(deps): State<Deps>,
    Path((tenant, realm)): RealmPath,
    caller: Caller,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Json<AuthenticatorConfigList>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "authenticator-configs:read")?;
    let realm = path::realm(&tenant, &realm)?;
    let view = |listed: &Listed| match listed {
        Listed::Config(found) => Some(AuthenticatorConfig::from(&**found)),
        _ => None,
    };
    deps.page(Listing::Configs(&realm), view, uri.path(), query.as_deref()).await
}

pub(crate) async fn delete(
    State(deps): State<Deps>,
    Path((tenant, realm, id)): ConfigPath,
    caller: Caller,
) -> Result<(), Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "authenticator-configs:delete")?;
    let (realm, config_id) = (path::realm(&tenant, &realm)?, path::config(&id)?);
    if deps.table.delete_config(&realm, &config_id).await? {
        Ok(())
    } else {
        Err(Problem::not_found("authenticator_config", &id))
    }
}
