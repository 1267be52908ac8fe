//! Reads and lists jobs and credentials; lists batches and the audit log.

mod audit;
mod batches;
mod wait;

use api::operation::*;
use api::path::Reference as _;
use api::permit::{Owner, Permitted};
use api::problem::Problem;
use api::routes::{Limited, Routes};
use api::view::{Credential, CredentialList, CredentialProof, Job, JobList};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Uri, header};
use axum::{Json, Router};
use binding::ids::{CredentialRef, JobRef};
use binding::limit::Exceeded;
use cloud::aws::Aws;
use cloud::boot::{Error, FromEnv};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::limits::Limits;
use cloud::table::{Listed, Listing, Table};
use lists::Lists;

use wait::Wait;

/// The function's dependencies.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    lists: Lists,
    limits: Limits,
    /// The longest time that a query waits, in milliseconds.
    longest_wait: u64,
}

impl FromEnv for Deps {
    async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let aws = Aws::new(env)?;
        let table = Table::new(&aws, env)?;
        let lists = Lists::new(&aws, env, &table, &clock)?;
        table.warm().await;
        let limits = Limits::new(env, &table, &clock)?;
        Ok(Self { table, clock, lists, limits, longest_wait: wait::longest(env)? })
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
        .on(LIST_JOBS, list_jobs)
        .on(GET_JOB, get_job)
        .on(LIST_BATCHES, batches::list)
        .on(LIST_CREDENTIALS, list_credentials)
        .on(LIST_AUDIT_ENTRIES, audit::of_realm)
        .on(LIST_TENANT_AUDIT_ENTRIES, audit::of_tenant)
        .on(REFUSE_CREDENTIALS, refuse_credentials)
        .on(GET_CREDENTIAL, get_credential)
        .on(GET_CREDENTIAL_PROOF, get_credential_proof)
        .finish(deps)
}

async fn get_job(
    State(deps): State<Deps>,
    Permitted { on: job, .. }: Permitted<JobRef>,
    RawQuery(query): RawQuery,
) -> Result<(HeaderMap, Json<Job>), Problem> {
    let wait = Wait::read(query.as_deref())?;
    let (found, retry_seconds) = wait::job(&deps, &job, wait).await?.ok_or_else(|| job.missing())?;
    let headers = retry_seconds.map(|seconds| (header::RETRY_AFTER, seconds.into())).into_iter().collect();
    Ok((headers, Json(Job::of(&found, deps.clock.now()))))
}

async fn get_credential(
    State(deps): State<Deps>,
    Permitted { on: credential, .. }: Permitted<CredentialRef>,
) -> Result<Json<Credential>, Problem> {
    let found = deps.table.credential(&credential.identity, credential.id).await?;
    Ok(Json(Credential::from(&found.ok_or_else(|| credential.missing())?)))
}

/// The proof that created a credential, so that it can be verified again.
async fn get_credential_proof(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<CredentialRef>,
) -> Result<Json<CredentialProof>, Problem> {
    let (credential, proof) = deps.table.credential_with_proof(&reference.identity, reference.id).await?;
    let credential = credential.ok_or_else(|| reference.missing())?;
    let proof = proof.ok_or_else(|| Problem::not_found("proof", &reference.id()))?;
    let realm = &reference.identity.realm;
    let config = deps.table.config_version(realm, &proof.config_id, proof.config_version).await?;
    Ok(Json(CredentialProof::of(&credential, &proof, &config.policy)))
}

async fn list_jobs(
    State(deps): State<Deps>,
    Permitted { on: owner, .. }: Permitted<Owner>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Json<JobList>, Problem> {
    let now = deps.clock.now();
    let view = |listed: &Listed| match listed {
        Listed::Job(found) => Some(Job::of(found, now)),
        _ => None,
    };
    let listing = match &owner {
        Owner::Identity(identity) => Listing::JobsOf(identity),
        Owner::Realm(realm) => Listing::Jobs(realm),
    };
    deps.lists.page(listing, view, &uri, query.as_deref()).await
}

async fn list_credentials(
    State(deps): State<Deps>,
    Permitted { on: owner, .. }: Permitted<Owner>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Json<CredentialList>, Problem> {
    let view = |listed: &Listed| match listed {
        Listed::Credential(found) => Some(Credential::from(&**found)),
        _ => None,
    };
    let listing = match &owner {
        Owner::Identity(identity) => Listing::CredentialsOf(identity),
        Owner::Realm(realm) => Listing::Credentials(realm),
    };
    deps.lists.page(listing, view, &uri, query.as_deref()).await
}

async fn refuse_credentials(_: State<Deps>, _: Permitted<Owner>, uri: Uri) -> Problem {
    let jobs = uri.path().trim_end_matches('/').trim_end_matches("credentials").to_owned();
    Problem::credentials_are_not_posted(&format!("{jobs}credential-binding-jobs"))
}
