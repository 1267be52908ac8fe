//! `:revoke` of jobs and credentials: withdrawn for good. And the same for people who got a mail that they did not expect:
//! `:decline` withdraws the job of a link, `:disown` takes back the passkey that a notice told of. Both want a click on our
//! page, since a mail scanner follows links.

use api::problem::Problem;
use api::view::{Credential, Declined, Disowned, DisownedPasskey, Job, Withdrawn};
use api::{edge, path};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::routing::post;
use axum::{Json, Router};
use binding::job::{Command, Rejected, Revoker};
use binding::link::LinkToken;
use cloud::aws::Aws;
use cloud::boot::Error;
use cloud::caller::{Caller, TenantClaim, request_id};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::table::{Holder, Table};

/// What the function needs.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    tenant_claim: TenantClaim,
}

impl Deps {
    /// From the function's environment.
    ///
    /// # Errors
    /// What keeps the function from starting.
    pub async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let table = Table::new(&Aws::new(env)?, env)?;
        table.warm().await;
        Ok(Self { table, clock, tenant_claim: TenantClaim::new(env)? })
    }
}

/// The function's routes.
pub fn router(deps: Deps) -> Router {
    let identity = "/v1/tenants/{tenant_id}/realms/{realm_id}/identities/{identity_id}";
    let router = Router::new()
        .route(&format!("{identity}/credential-binding-jobs/{{job_id}}/revoke"), post(revoke_job))
        .route(&format!("{identity}/credential-binding-jobs/{{job_id}}/decline"), post(decline))
        .route(&format!("{identity}/credential-binding-jobs/{{job_id}}/disown"), post(disown))
        .route(&format!("{identity}/credentials/{{credential_id}}/revoke"), post(revoke_credential));
    edge::finish(router.with_state(deps), request_id)
}

type ThingPath = Path<(String, String, String, String)>;

async fn revoke_job(
    State(deps): State<Deps>,
    Path((tenant, realm, identity, id)): ThingPath,
    caller: Caller,
) -> Result<Json<Job>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "credential-binding-jobs:revoke")?;
    let reference = path::job(&tenant, &realm, &identity, &id)?;
    let now = deps.clock.now();
    match deps.table.advance(&reference, Holder::Us, Command::Revoke(Revoker::Operator), now).await? {
        Ok(revoked) => Ok(Json(Job::of(&revoked, now))),
        Err(Rejected::NotFound) => Err(Problem::not_found("credential_binding_job", &id)),
        Err(Rejected::Refused(refused)) => Err(Problem::ended("credential_binding_job", &id, &refused.to_string())),
        Err(rejected) => Err(rejected.into()),
    }
}

async fn revoke_credential(
    State(deps): State<Deps>,
    Path((tenant, realm, identity, id)): ThingPath,
    caller: Caller,
) -> Result<Json<Credential>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "credentials:revoke")?;
    let identity = path::identity(&tenant, &realm, &identity)?;
    let found =
        deps.table.revoke_credential(&identity, path::credential(&id)?, Revoker::Operator, deps.clock.now()).await?;
    let revoked = found.ok_or_else(|| Problem::not_found("credential", &id))?;
    Ok(Json(Credential::from(&revoked)))
}

async fn decline(
    State(deps): State<Deps>,
    Path(path): ThingPath,
    headers: HeaderMap,
) -> Result<Json<Declined>, Problem> {
    let job = path::linked_job(&path)?;
    let token = path::bearer(&headers).and_then(LinkToken::parse).ok_or_else(Problem::unknown_link)?;
    let command = Command::Revoke(Revoker::Recipient);
    deps.table.advance(&job, Holder::Link(&token.hash()), command, deps.clock.now()).await??;
    Ok(Json(Declined { state: Withdrawn::Revoked }))
}

async fn disown(
    State(deps): State<Deps>,
    Path(path): ThingPath,
    headers: HeaderMap,
) -> Result<Json<Disowned>, Problem> {
    let reference = path::linked_job(&path)?;
    let token = path::bearer(&headers).and_then(LinkToken::parse).ok_or_else(Problem::unknown_link)?;
    let now = deps.clock.now();
    let job = deps.table.job(&reference).await?;
    let right = job.as_ref().and_then(|job| job.disownment).filter(|right| right.hash == token.hash());
    let (Some(right), Some(credential)) = (right, job.and_then(|job| job.credential_id)) else {
        return Err(Problem::unknown_link());
    };
    if right.expire_time <= now {
        return Err(Problem::disownment_expired());
    }
    let identity = &reference.identity;
    let revoked = deps.table.revoke_credential(identity, credential, Revoker::Recipient, now).await?;
    let revoked = revoked.ok_or_else(Problem::unknown_link)?;
    // So that the page can tell the device to forget the passkey (WebAuthn Level 3 §5.1.10).
    let webauthn = Credential::from(&revoked)
        .webauthn
        .map(|passkey| DisownedPasskey { rp_id: passkey.rp_id, credential_id: passkey.credential_id });
    Ok(Json(Disowned { state: Withdrawn::Revoked, webauthn }))
}
