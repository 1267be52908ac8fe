//! `POST …/credential-binding-jobs:redeem`: the back end at the redirect URI trades the code for what came of the job.

use api::body::JsonBody;
use api::fields::Fields;
use api::path;
use api::problem::Problem;
use api::view::{self, FieldViolation, RedeemedJob};
use axum::Json;
use axum::extract::{Path, State};
use binding::code::{Redeemable, RedirectCode};
use binding::job::Job;
use binding::redirect;
use binding::time::Timestamp;
use cloud::caller::Caller;
use cloud::random;

use crate::Deps;

/// The longest code there can be, in characters: an identity's 128 in base64, a UUID, a secret.
const LONGEST: usize = 256;

pub(crate) async fn redeem(
    State(deps): State<Deps>,
    Path((tenant, realm)): Path<(String, String)>,
    caller: Caller,
    body: Result<JsonBody, Problem>,
) -> Result<Json<RedeemedJob>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "credential-binding-jobs:read")?;
    let realm = path::realm(&tenant, &realm)?;
    let JsonBody(body) = body?;
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

/// Where the user goes from here: the job's redirect URI with a code, and what the job is to remember of that.
pub(crate) fn redirect(job: &Job, now: Timestamp) -> Option<(String, Redeemable)> {
    let code = RedirectCode::new(job.job.clone(), random::bytes());
    let uri = redirect::with_code(job.post_binding_redirect_uri.as_ref()?, &code)?;
    Some((uri, code.redeemable(now)))
}
