//! What the hosted page shows before a click: reads, by the secret of the link, that change nothing.

use api::problem::Problem;
use api::{credential, path, realm};
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use binding::credential::CredentialState;
use binding::directory::{Identity, Realm};
use binding::ids::JobRef;
use binding::job::Job;
use binding::state::State as JobState;
use serde_json::{Value, json};

use crate::{Deps, JobPath, known};

/// `:preview`: who asks, for whom, and whether the link still works.
pub(crate) async fn of_link(
    State(deps): State<Deps>,
    path: JobPath,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let (job, _) = deps.held(&path, path::bearer(&headers)).await?;
    let now = deps.clock.now();
    let (realm, person) = deps.people(&job).await?;
    let state = job.state_at(now);
    let mut preview = shown(&realm, &person);
    preview["state"] = state.name().into();
    preview["expire_time"] = job.expire_time.to_string().into();
    if let Some(revoker) = job.revoked_by {
        preview["revoked_by"] = revoker.name().into();
    }
    if state == JobState::Expired {
        let renewed = match job.renewed_by {
            Some(id) => deps.table.job(&JobRef { job: id, ..job.job.clone() }).await?,
            None => None,
        };
        let renewed = renewed.filter(|renewed| renewed.state_at(now) != JobState::Expired);
        let lives = renewed.as_ref().is_none_or(|renewed| !renewed.state_at(now).is_terminal());
        if let Some(renewed) = renewed {
            preview["renewal"]["state"] = renewed.state_at(now).name().into();
            preview["renewal"]["mail_time"] = renewed.last_mail_time.unwrap_or(renewed.create_time).to_string().into();
        }
        if realm.link_renewal && lives && person.primary_email_address.is_some() {
            preview["renewable"] = true.into();
        }
    }
    if let Some(uri) = &job.post_binding_redirect_uri {
        preview["post_binding_redirect_uri"] = uri.as_str().into();
    }
    Ok(Json(preview))
}

/// `:previewDisown`, by the secret of the notice of a new passkey: which passkey it is, and whether it can still be
/// removed by that secret.
pub(crate) async fn of_notice(
    State(deps): State<Deps>,
    path: JobPath,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let (reference, token) = known(&path, path::bearer(&headers))?;
    let job = deps.table.job(&reference).await?.ok_or_else(Problem::unknown_link)?;
    let right = job.disownment.filter(|right| right.hash == token.hash()).ok_or_else(Problem::unknown_link)?;
    let id = job.credential_id.ok_or_else(Problem::unknown_link)?;
    let found = deps.table.credential(&reference.identity, id).await?.ok_or_else(Problem::unknown_link)?;
    let (realm, person) = deps.people(&job).await?;
    let mut preview = shown(&realm, &person);
    preview["expire_time"] = right.expire_time.to_string().into();
    preview["credential"] = json!({"state": found.state.name(), "create_time": found.create_time.to_string()});
    if let Some(revoker) = found.revoked_by {
        preview["credential"]["revoked_by"] = revoker.name().into();
        preview["credential"]["revoke_time"] = found.update_time.to_string().into();
    }
    if let Some(model) = credential::view(&found)["webauthn"].get("model") {
        preview["credential"]["model"] = model.clone();
    }
    if found.state == CredentialState::Active && deps.clock.now() < right.expire_time {
        preview["removable"] = true.into();
    }
    Ok(Json(preview))
}

impl Deps {
    async fn people(&self, job: &Job) -> Result<(Realm, Identity), Problem> {
        let subjects = self.table.subjects(&job.job.identity, None, None).await?;
        subjects.realm.zip(subjects.identity).ok_or_else(Problem::unknown_link)
    }
}

/// What every preview tells: who asks and for whom.
fn shown(realm: &Realm, person: &Identity) -> Value {
    json!({
        "realm": {"display_name": realm.display_name},
        "identity": {"display_name": person.display_name},
        "theme": realm::theme(&realm.theme),
    })
}
