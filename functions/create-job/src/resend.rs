//! `POST {job}:resend`: the same link goes out by mail once more.

use api::body::OptionalJsonBody;
use api::fields::Fields;
use api::path;
use api::problem::Problem;
use api::view::Job;
use axum::Json;
use axum::extract::{Path, State};
use cloud::caller::Caller;

use crate::Deps;

pub(crate) async fn resend(
    State(deps): State<Deps>,
    Path((tenant, realm, identity, id)): Path<(String, String, String, String)>,
    caller: Caller,
    body: Result<OptionalJsonBody, Problem>,
) -> Result<Json<Job>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "credential-binding-jobs:create")?;
    let reference = path::job(&tenant, &realm, &identity, &id)?;
    let OptionalJsonBody(body) = body?;
    let now = deps.clock.now();
    let mut end = None;
    if body.contains_key("expires_in_seconds") {
        let realm = deps.table.realm(&reference.identity.realm).await?;
        let realm = realm.ok_or_else(|| Problem::not_found("realm", &realm_id(&reference)))?;
        let mut fields = Fields::at(&body, String::new());
        let seconds = fields.integer("expires_in_seconds", 60, realm.max_lifetime_seconds);
        fields.done()?;
        end = seconds.map(|seconds| now.plus_seconds(seconds));
    }
    let person = deps.table.identity(&reference.identity).await?;
    if person.is_some_and(|person| person.is_suspended()) {
        return Err(Problem::identity_suspended(&identity));
    }
    match deps.table.resend(&reference, end, now).await? {
        Some(Ok(job)) => Ok(Json(Job::of(&job, now))),
        Some(Err(not)) => Err(Problem::not_mailed_again(&id, not)),
        None => Err(Problem::not_found("credential_binding_job", &id)),
    }
}

fn realm_id(job: &binding::ids::JobRef) -> String {
    job.identity.realm.realm.to_string()
}
