//! Authenticator configs. A change creates a new version; jobs keep the version that they were created with.

use api::audit;
use api::body::JsonBody;
use api::config;
use api::path::Reference as _;
use api::permit::Permitted;
use api::problem::Problem;
use api::query::{integer, pairs};
use api::view::{AuthenticatorConfig, AuthenticatorConfigList, FieldViolation};
use axum::extract::{RawQuery, State};
use axum::http::Uri;
use axum::{Extension, Json};
use binding::ids::{ConfigId, ConfigRef, RealmRef};
use cloud::random;
use cloud::table::{Changed, Listed, Listing};

use crate::{Deps, after, being_deleted, created, patched, written};

pub(crate) async fn create(
    State(deps): State<Deps>,
    Permitted { on: realm, .. }: Permitted<RealmRef>,
    JsonBody(body): JsonBody,
) -> Result<(Extension<audit::Changed>, Json<AuthenticatorConfig>), Problem> {
    let now = deps.clock.now();
    let made = config::parse(&body, realm, ConfigId::new(now, random::bytes()), now, deps.installation())?;
    deps.table.realm(&made.realm).await?.ok_or_else(|| made.realm.missing())?;
    // Nobody else has the new id.
    if deps.table.put_config(&made).await? == Changed::Meanwhile {
        return Err(being_deleted(&made.realm));
    }
    Ok((created(&made.id), Json(AuthenticatorConfig::from(&made))))
}

pub(crate) async fn get(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<ConfigRef>,
    RawQuery(query): RawQuery,
) -> Result<Json<AuthenticatorConfig>, Problem> {
    let ConfigRef { realm, id } = &reference;
    let found = match version(query.as_deref().unwrap_or_default())? {
        Some(version) => deps.table.find_config_version(realm, id, version).await?,
        None => deps.table.config(realm, id).await?,
    };
    Ok(Json(AuthenticatorConfig::from(&found.ok_or_else(|| reference.missing())?)))
}

/// The version that a query requests.
fn version(query: &str) -> Result<Option<u32>, Problem> {
    let Some((_, text)) = pairs(query).find(|(name, _)| name == "version") else { return Ok(None) };
    let version = integer(&text).and_then(|version| u32::try_from(version).ok()).filter(|version| *version > 0);
    let invalid = || Problem::invalid(vec![FieldViolation::new("version", "must be a whole number from 1")]);
    version.map(Some).ok_or_else(invalid)
}

pub(crate) async fn patch(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<ConfigRef>,
    JsonBody(body): JsonBody,
) -> Result<Json<AuthenticatorConfig>, Problem> {
    let seen = deps.table.config(&reference.realm, &reference.id).await?.ok_or_else(|| reference.missing())?;
    let body = patched(ConfigRef::RESOURCE, &AuthenticatorConfig::from(&seen), &body)?;
    let ConfigRef { realm, id } = reference;
    let mut changed = config::parse(&body, realm, id, deps.clock.now(), deps.installation())?;
    changed.version = seen.version + 1;
    changed.create_time = seen.create_time;
    changed.update_time = after(seen.update_time, changed.update_time);
    written(deps.table.put_config(&changed).await?)?;
    Ok(Json(AuthenticatorConfig::from(&changed)))
}

pub(crate) async fn list(
    State(deps): State<Deps>,
    Permitted { on: realm, .. }: Permitted<RealmRef>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Json<AuthenticatorConfigList>, Problem> {
    let view = |listed: &Listed| match listed {
        Listed::Config(found) => Some(AuthenticatorConfig::from(&**found)),
        _ => None,
    };
    deps.lists.page(Listing::Configs(&realm), view, &uri, query.as_deref()).await
}

pub(crate) async fn delete(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<ConfigRef>,
) -> Result<(), Problem> {
    let deleted = deps.table.delete_config(&reference.realm, &reference.id).await?;
    deleted.then_some(()).ok_or_else(|| reference.missing())
}
