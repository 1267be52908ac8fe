//! Themes: the look of a realm as a separate resource, as in the published API. A realm has one.

use api::audit;
use api::body::JsonBody;
use api::path::Reference as _;
use api::permit::Permitted;
use api::permit::ThemeRef;
use api::problem::Problem;
use api::realm;
use api::view::RealmTheme;
use axum::extract::State;
use axum::{Extension, Json};
use binding::directory::{Realm, Theme};
use binding::ids::RealmRef;
use serde_json::{Map, Value};

use crate::{Deps, created};

/// Sets the look of a realm that has the default one.
pub(crate) async fn create(
    State(deps): State<Deps>,
    Permitted { on: realm, .. }: Permitted<RealmRef>,
    JsonBody(body): JsonBody,
) -> Result<(Extension<audit::Changed>, Json<RealmTheme>), Problem> {
    let seen = deps.table.realm(&realm).await?.ok_or_else(|| realm.missing())?;
    if seen.theme != Theme::default() {
        let id = seen.theme_id();
        return Err(Problem::conflict(format!("The realm already has a theme. Change it with PATCH …/themes/{id}.")));
    }
    let id = seen.theme_id();
    Ok((created(&id), deps.write_theme(seen, &body).await?))
}

pub(crate) async fn active(
    State(deps): State<Deps>,
    Permitted { on: realm, .. }: Permitted<RealmRef>,
) -> Result<Json<RealmTheme>, Problem> {
    let found = deps.table.realm(&realm).await?.ok_or_else(|| realm.missing())?;
    Ok(Json(RealmTheme::from(&found)))
}

pub(crate) async fn get(
    State(deps): State<Deps>,
    Permitted { on: theme, .. }: Permitted<ThemeRef>,
) -> Result<Json<RealmTheme>, Problem> {
    Ok(Json(RealmTheme::from(&deps.realm_of(&theme).await?)))
}

pub(crate) async fn patch(
    State(deps): State<Deps>,
    Permitted { on: theme, .. }: Permitted<ThemeRef>,
    JsonBody(body): JsonBody,
) -> Result<Json<RealmTheme>, Problem> {
    let seen = deps.realm_of(&theme).await?;
    deps.write_theme(seen, &body).await
}

impl Deps {
    async fn realm_of(&self, theme: &ThemeRef) -> Result<Realm, Problem> {
        let realm = self.table.realm(&theme.realm).await?.ok_or_else(|| theme.realm.missing())?;
        if realm.theme_id().to_string() == theme.id { Ok(realm) } else { Err(theme.missing()) }
    }

    async fn write_theme(&self, seen: Realm, body: &Map<String, Value>) -> Result<Json<RealmTheme>, Problem> {
        let patch = realm::theme(body, &seen.theme)?;
        Ok(Json(RealmTheme::from(&self.patch_realm(seen, &patch).await?)))
    }
}
