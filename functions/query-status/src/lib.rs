//! Reading and listing jobs and credentials.

mod wait;

use api::filter::Element;
use api::list::{COUNT_BOUND, PageKey, Wanted, answer};
use api::problem::Problem;
use api::view::{Credential, CredentialList, CredentialProof, Job, JobList, List};
use api::{edge, path};
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
        let (page_key, ()) = tokio::join!(keys::page(&aws, env), table.warm());
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
) -> Result<Json<Job>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "credential-binding-jobs:read")?;
    let reference = path::job(&tenant, &realm, &identity, &id)?;
    let wait = Wait::read(query.as_deref())?;
    let found = wait::job(&deps.table, &deps.clock, &reference, wait).await?;
    let found = found.ok_or_else(|| Problem::not_found("credential_binding_job", &id))?;
    Ok(Json(Job::of(&found, deps.clock.now())))
}

async fn get_credential(
    State(deps): State<Deps>,
    Path((tenant, realm, identity, id)): ThingPath,
    caller: Caller,
) -> Result<Json<Credential>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "credentials:read")?;
    let identity = path::identity(&tenant, &realm, &identity)?;
    let found = deps.table.credential(&identity, path::credential(&id)?).await?;
    let found = found.ok_or_else(|| Problem::not_found("credential", &id))?;
    Ok(Json(Credential::from(&found)))
}

/// What a credential was proven with, for who must be able to verify it again.
async fn get_proof(
    State(deps): State<Deps>,
    Path((tenant, realm, identity, id)): ThingPath,
    caller: Caller,
) -> Result<Json<CredentialProof>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "credentials:read")?;
    let identity = path::identity(&tenant, &realm, &identity)?;
    let found = deps.table.credential_with_proof(&identity, path::credential(&id)?).await?;
    let (credential, proof) = match found {
        (None, _) => return Err(Problem::not_found("credential", &id)),
        (Some(_), None) => return Err(Problem::not_found("proof", &id)),
        (Some(credential), Some(proof)) => (credential, proof),
    };
    let config = deps.table.config_version(&identity.realm, &proof.config_id, proof.config_version).await?;
    Ok(Json(CredentialProof::of(&credential, &proof, &config.policy)))
}

async fn list_jobs(
    State(deps): State<Deps>,
    Path((tenant, realm, identity)): IdentityPath,
    caller: Caller,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Json<JobList>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "credential-binding-jobs:read")?;
    let now = deps.clock.now();
    let view = |listed: &Listed| match listed {
        Listed::Job(found) => Some(Job::of(found, now)),
        _ => None,
    };
    if identity == "-" {
        let realm = path::realm(&tenant, &realm)?;
        return deps.page(Listing::Jobs(&realm), view, uri.path(), query.as_deref()).await;
    }
    let identity = path::identity(&tenant, &realm, &identity)?;
    deps.page(Listing::JobsOf(&identity), view, uri.path(), query.as_deref()).await
}

async fn list_credentials(
    State(deps): State<Deps>,
    Path((tenant, realm, identity)): IdentityPath,
    caller: Caller,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Json<CredentialList>, Problem> {
    caller.allow(&deps.tenant_claim, &tenant, "credentials:read")?;
    let view = |listed: &Listed| match listed {
        Listed::Credential(found) => Some(Credential::from(&**found)),
        _ => None,
    };
    if identity == "-" {
        let realm: RealmRef = path::realm(&tenant, &realm)?;
        return deps.page(Listing::Credentials(&realm), view, uri.path(), query.as_deref()).await;
    }
    let identity = path::identity(&tenant, &realm, &identity)?;
    deps.page(Listing::CredentialsOf(&identity), view, uri.path(), query.as_deref()).await
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
    /// A page of a list. `view` is what the API shows of an element of the listing.
    async fn page<L: List<Element: Element>>(
        &self,
        listing: Listing<'_>,
        view: impl Fn(&Listed) -> Option<L::Element> + Sync,
        list: &str,
        query: Option<&str>,
    ) -> Result<Json<L>, Problem> {
        let now = self.clock.now();
        let fetch = async |page: Wanted| {
            let position = page.position.and_then(Position::from_parts);
            // By the view, so that a job has expired as soon as the clock says so.
            let keep = page.filter.as_ref().map(|filter| {
                let span = filter.span("create_time");
                let fits = |listed: &Listed| view(listed).is_some_and(|element| filter.matches(&element));
                Choice { from: span.from, until: span.until, keep: Box::new(fits) }
            });
            let (found, next) = self.table.list(listing, position, page.skip, page.size, keep).await?;
            Ok((found.iter().filter_map(&view).collect(), next.map(Position::into_parts)))
        };
        let count = async || self.table.count(listing, COUNT_BOUND).await;
        answer(&self.page_key, (list, query), now, count, fetch).await.map(Json)
    }
}
