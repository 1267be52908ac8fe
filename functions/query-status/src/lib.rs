//! Reading and listing jobs and credentials.

mod wait;

use api::list::{COUNT_BOUND, PageKey, Wanted, answer};
use api::problem::Problem;
use api::{credential, edge, job, path};
use axum::extract::{Path, RawQuery, State};
use axum::http::Uri;
use axum::routing::get;
use axum::{Json, Router};
use binding::ids::RealmRef;
use cloud::aws::Aws;
use cloud::boot::Error;
use cloud::caller::{Caller, TenantClaim, request_id};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::keys;
use cloud::table::{Choice, Listed, Listing, Position, Table};
use serde_json::Value;

use wait::Wait;

/// What the function needs.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    page_key: PageKey,
    tenant_claim: TenantClaim,
}

impl Deps {
    /// From the function's environment.
    ///
    /// # Errors
    /// What keeps the function from starting.
    pub async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let aws = Aws::new(env)?;
        let table = Table::new(&aws, env)?;
        let (page_key, ()) = tokio::join!(keys::fetch(&aws, env.require("PAGE_KEY_SECRET")?), table.warm());
        Ok(Self { table, clock, page_key: PageKey::new(&page_key?), tenant_claim: TenantClaim::new(env)? })
    }
}

/// The function's routes.
pub fn router(deps: Deps) -> Router {
    let identity = "/v1/tenants/{tenant_id}/realms/{realm_id}/identities/{identity_id}";
    let router = Router::new()
        .route(&format!("{identity}/credential-binding-jobs"), get(list_jobs))
        .route(&format!("{identity}/credential-binding-jobs/{{job_id}}"), get(get_job))
        .route(&format!("{identity}/credentials"), get(list_credentials).post(refuse_credentials))
        .route(&format!("{identity}/credentials/{{credential_id}}"), get(get_credential))
        .route(&format!("{identity}/credentials/{{credential_id}}/proof"), get(get_proof));
    edge::finish(router.with_state(deps), request_id)
}

type IdentityPath = Path<(String, String, String)>;
type ThingPath = Path<(String, String, String, String)>;

async fn get_job(
    State(deps): State<Deps>,
    Path((tenant, realm, identity, id)): ThingPath,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "credential-binding-jobs:read")?;
    let reference = path::job(&tenant, &realm, &identity, &id)?;
    let wait = Wait::read(query.as_deref())?;
    let found = wait::job(&deps.table, &deps.clock, &reference, wait).await?;
    let found = found.ok_or_else(|| Problem::not_found("credential_binding_job", &id))?;
    Ok(Json(job::view(&found, deps.clock.now())))
}

async fn get_credential(
    State(deps): State<Deps>,
    Path((tenant, realm, identity, id)): ThingPath,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "credentials:read")?;
    let identity = path::identity(&tenant, &realm, &identity)?;
    let found = deps.table.credential(&identity, path::credential(&id)?).await?;
    let found = found.ok_or_else(|| Problem::not_found("credential", &id))?;
    Ok(Json(credential::view(&found)))
}

/// What a credential was proven with, for who must be able to verify it again.
async fn get_proof(
    State(deps): State<Deps>,
    Path((tenant, realm, identity, id)): ThingPath,
    caller: Caller,
) -> Result<Json<Value>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "credentials:read")?;
    let identity = path::identity(&tenant, &realm, &identity)?;
    let found = deps.table.credential_with_proof(&identity, path::credential(&id)?).await?;
    let (credential, proof) = match found {
        (None, _) => return Err(Problem::not_found("credential", &id)),
        (Some(_), None) => return Err(Problem::not_found("proof", &id)),
        (Some(credential), Some(proof)) => (credential, proof),
    };
    let config = deps.table.config_version(&identity.realm, &proof.config_id, proof.config_version).await?;
    Ok(Json(credential::proof_view(&credential, &proof, &config.policy)))
}

async fn list_jobs(
    State(deps): State<Deps>,
    Path((tenant, realm, identity)): IdentityPath,
    caller: Caller,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "credential-binding-jobs:read")?;
    if identity == "-" {
        let realm = path::realm(&tenant, &realm)?;
        return deps.page(Listing::Jobs(&realm), "credential_binding_jobs", uri.path(), query.as_deref()).await;
    }
    let identity = path::identity(&tenant, &realm, &identity)?;
    deps.page(Listing::JobsOf(&identity), "credential_binding_jobs", uri.path(), query.as_deref()).await
}

async fn list_credentials(
    State(deps): State<Deps>,
    Path((tenant, realm, identity)): IdentityPath,
    caller: Caller,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "credentials:read")?;
    if identity == "-" {
        let realm: RealmRef = path::realm(&tenant, &realm)?;
        return deps.page(Listing::Credentials(&realm), "credentials", uri.path(), query.as_deref()).await;
    }
    let identity = path::identity(&tenant, &realm, &identity)?;
    deps.page(Listing::CredentialsOf(&identity), "credentials", uri.path(), query.as_deref()).await
}

async fn refuse_credentials(
    State(deps): State<Deps>,
    Path((tenant, _, _)): IdentityPath,
    caller: Caller,
    uri: Uri,
) -> Problem {
    if let Err(denied) = caller.of_tenant(&deps.tenant_claim, &tenant) {
        return denied.into();
    }
    let jobs = uri.path().trim_end_matches('/').trim_end_matches("credentials").to_owned();
    Problem::credentials_are_not_posted(&format!("{jobs}credential-binding-jobs"))
}

impl Deps {
    async fn page(
        &self,
        listing: Listing<'_>,
        name: &str,
        list: &str,
        query: Option<&str>,
    ) -> Result<Json<Value>, Problem> {
        let now = self.clock.now();
        let attributes = match listing {
            Listing::Jobs(_) | Listing::JobsOf(_) => job::ATTRIBUTES.as_slice(),
            _ => credential::ATTRIBUTES.as_slice(),
        };
        let view = |listed: &Listed| match listed {
            Listed::Job(found) => job::view(found, now),
            Listed::Credential(found) => credential::view(found),
            Listed::Identity(_) | Listed::Config(_) => Value::Null,
        };
        let fetch = async |page: Wanted| {
            let position = page.position.and_then(Position::from_parts);
            // By the view, so that a job has expired as soon as the clock says so.
            let keep = page.filter.as_ref().map(|filter| {
                let span = filter.span("create_time");
                Choice { from: span.from, until: span.until, keep: Box::new(|listed| filter.matches(&view(listed))) }
            });
            let (found, next) = self.table.list(listing, position, page.skip, page.size, keep).await?;
            Ok((found.iter().map(view).collect(), next.map(Position::into_parts)))
        };
        let count = async || self.table.count(listing, COUNT_BOUND).await;
        answer(&self.page_key, (list, query), (name, attributes), now, count, fetch).await.map(Json)
    }
}
