//! `POST …/credential-binding-jobs:redeem`: the back end at the redirect URI exchanges the code for the job.

use api::body::JsonBody;
use api::fields::Fields;
use api::permit::Permitted;
use api::problem::Problem;
use api::view::{self, FieldViolation, RedeemedJob};
use axum::Json;
use axum::extract::State;
use binding::code::RedirectCode;
use binding::ids::RealmRef;

use crate::Deps;

/// The maximum length of a code, in characters: an identity's 128 in base64, a UUID, a secret.
const LONGEST: usize = 256;

pub(crate) async fn redeem(
    State(deps): State<Deps>,
    Permitted { on: realm, .. }: Permitted<RealmRef>,
    JsonBody(body): JsonBody,
) -> Result<Json<RedeemedJob>, Problem> {
    let mut fields = Fields::at(&body, String::new());
    let text = fields.required_text("code", LONGEST);
    fields.done()?;
    let Some(code) = RedirectCode::parse(&realm, &text) else {
        return Err(Problem::invalid(vec![FieldViolation::new(
            "code",
            "must be the code parameter of a redirect URI that a user of this realm was sent to",
        )]));
    };
    let now = deps.clock.now();
    match deps.table.redeem(&code, now).await? {
        Ok(redeemed) => Ok(Json(RedeemedJob { credential_binding_job: view::Job::of(&redeemed, now) })),
        Err(not) => Err(Problem::not_redeemed(not)),
    }
}
