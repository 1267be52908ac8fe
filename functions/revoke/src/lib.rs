//! Operations that change a job or a credential with one conditional write and need no key.
//!
//! `:revoke` revokes a job or a credential permanently. Recipients of an unexpected mail can do the same: `:decline`
//! revokes the job of a link, `:disown` revokes the passkey that a notice is about. Both require a click on the hosted
//! page, because mail scanners follow links. `:redeem` exchanges the code of a redirect URI for its job.
//! `:publish` requests that `publish-changes` publishes a job's present state again.

mod redeem;

use api::operation::{DECLINE, DISOWN, PUBLISH_JOB, REDEEM, REVOKE_CREDENTIAL, REVOKE_JOB};
use api::path::Reference as _;
use api::permit::{LinkHolder, Permitted};
use api::problem::Problem;
use api::routes::{Limited, Routes};
use api::view::{Credential, Declined, Disowned, DisownedPasskey, Job, Withdrawn};
use axum::extract::State;
use axum::{Json, Router};
use binding::ids::{CredentialRef, JobRef};
use binding::job::{Command, NotDone, Revoker};
use binding::limit::Exceeded;
use cloud::aws::Aws;
use cloud::boot::{Error, FromEnv};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::limits::Limits;
use cloud::table::{Holder, Table};

/// The function's dependencies.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    limits: Limits,
}

impl FromEnv for Deps {
    async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let table = Table::new(&Aws::new(env)?, env)?;
        table.warm().await;
        let limits = Limits::new(env, &table, &clock)?;
        Ok(Self { table, clock, limits })
    }
}

impl Limited for Deps {
    async fn admit(&self, tenant: &str) -> Result<(), Exceeded> {
        self.limits.admit(tenant).await
    }
}

/// The function's routes.
pub fn router(deps: Deps) -> Router {
    Routes::default()
        .on(REVOKE_JOB, revoke_job)
        .on(REVOKE_CREDENTIAL, revoke_credential)
        .on(PUBLISH_JOB, publish_job)
        .on(DECLINE, decline)
        .on(DISOWN, disown)
        .on(REDEEM, redeem::redeem)
        .finish_audited(deps, async |deps: Deps, change| deps.table.audit(change, deps.clock.now()).await)
}

async fn revoke_job(
    State(deps): State<Deps>,
    Permitted { on: job, .. }: Permitted<JobRef>,
) -> Result<Json<Job>, Problem> {
    let now = deps.clock.now();
    match deps.table.advance(&job, Holder::Us, Command::Revoke(Revoker::Operator), now).await? {
        Ok(revoked) => Ok(Json(Job::of(&revoked, now))),
        Err(NotDone::NotFound) => Err(job.missing()),
        Err(NotDone::Refused(refused)) => Err(Problem::ended(JobRef::RESOURCE, &job.id(), &refused.to_string())),
        Err(rejected) => Err(rejected.into()),
    }
}

async fn revoke_credential(
    State(deps): State<Deps>,
    Permitted { on: credential, .. }: Permitted<CredentialRef>,
) -> Result<Json<Credential>, Problem> {
    let CredentialRef { identity, id } = &credential;
    let revoked = deps.table.revoke_credential(identity, *id, Revoker::Operator, deps.clock.now()).await?;
    Ok(Json(Credential::from(&revoked.ok_or_else(|| credential.missing())?)))
}

async fn publish_job(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<JobRef>,
) -> Result<Json<Job>, Problem> {
    let job = deps.table.request_replay(&reference).await?.ok_or_else(|| reference.missing())?;
    Ok(Json(Job::of(&job, deps.clock.now())))
}

async fn decline(State(deps): State<Deps>, LinkHolder { job, token }: LinkHolder) -> Result<Json<Declined>, Problem> {
    let command = Command::Revoke(Revoker::Recipient);
    deps.table.advance(&job, Holder::Link(&token.hash()), command, deps.clock.now()).await??;
    Ok(Json(Declined { state: Withdrawn::Revoked }))
}

async fn disown(
    State(deps): State<Deps>,
    LinkHolder { job: reference, token }: LinkHolder,
) -> Result<Json<Disowned>, Problem> {
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
    // With this, the page can tell the device to forget the passkey (WebAuthn Level 3 §5.1.10).
    let webauthn = Credential::from(&revoked)
        .webauthn
        .map(|passkey| DisownedPasskey { rp_id: passkey.rp_id, credential_id: passkey.credential_id });
    Ok(Json(Disowned { state: Withdrawn::Revoked, webauthn }))
}
