//! `POST {job}:resend`: mails the same link again.

use api::body::OptionalJsonBody;
use api::fields::Fields;
use api::path::Reference as _;
use api::permit::Permitted;
use api::problem::Problem;
use api::view::Job;
use axum::Json;
use axum::extract::State;
use binding::ids::JobRef;

use crate::Deps;

pub(crate) async fn resend(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<JobRef>,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Json<Job>, Problem> {
    let now = deps.clock.now();
    let mut end = None;
    if body.contains_key("expires_in_seconds") {
        let realm = deps.table.realm(&reference.identity.realm).await?;
        let realm = realm.ok_or_else(|| reference.identity.realm.missing())?;
        let mut fields = Fields::at(&body, String::new());
        let seconds = fields.integer("expires_in_seconds", 60, realm.max_lifetime_seconds);
        fields.done()?;
        end = seconds.map(|seconds| now.plus_seconds(seconds));
    }
    let person = deps.table.identity(&reference.identity).await?;
    if person.is_some_and(|person| person.is_suspended()) {
        return Err(Problem::identity_suspended(&reference.identity.id()));
    }
    match deps.table.resend(&reference, end, now).await? {
        Some(Ok(job)) => Ok(Json(Job::of(&job, now))),
        Some(Err(not)) => Err(Problem::not_mailed_again(&reference.id(), not)),
        None => Err(reference.missing()),
    }
}
