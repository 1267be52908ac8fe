//! `POST …/credential-binding-jobs`: creates a job and its link. Also the operations that mail a link again: `:resend`
//! ([`resend`]) and, for an expired link, `:renew` ([`renew`]).
//!
//! 1. The caller is checked before anything is read.
//! 2. Realm, identity and config are read in one request, and all violations are reported at once.
//! 3. The link's secret is derived, and the job is stored with its hash. For `EMAIL`, `send-link` then mails the link.

mod idempotency;
mod renew;
mod resend;

use api::audit::Changed;
use api::body::JsonBody;
use api::job::{Draft, can_be_mailed};
use api::operation::{CREATE_JOB, RENEW, RESEND};
use api::path::Reference as _;
use api::permit::Permitted;
use api::problem::Problem;
use api::routes::{Limited, Routes};
use api::view::CreatedJob;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json, Router};
use binding::access::Claims;
use binding::directory::{AuthenticatorConfig, Realm, ReturnDelivery};
use binding::ids::{ConfigId, ConfigRef, IdentityRef, JobId};
use binding::job::{DeliveryMethod, Job};
use binding::limit::Exceeded;
use binding::link::{Link, PublicUrl};
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use cloud::aws::Aws;
use cloud::boot::{Error, FromEnv};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::keys::LinkKeys;
use cloud::limits::Limits;
use cloud::random;
use cloud::table::{Once, Table};

/// The function's dependencies.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    link_keys: LinkKeys,
    public_url: PublicUrl,
    limits: Limits,
}

impl FromEnv for Deps {
    async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let aws = Aws::new(env)?;
        let table = Table::new(&aws, env)?;
        let (link_keys, ()) = tokio::join!(LinkKeys::open(&aws, env), table.warm());
        let limits = Limits::new(env, &table, &clock)?;
        Ok(Self { table, clock, link_keys: link_keys?, public_url: env.public_url()?, limits })
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
        .on(CREATE_JOB, create)
        .on(RESEND, resend::resend)
        .on(RENEW, renew::renew)
        .finish_audited(deps, async |deps: Deps, change| deps.table.audit(change, deps.clock.now()).await)
}

async fn create(
    State(deps): State<Deps>,
    Permitted { on: identity, claims }: Permitted<IdentityRef>,
    headers: HeaderMap,
    JsonBody(body): JsonBody,
) -> Result<Created, Problem> {
    let now = deps.clock.now();
    let key = idempotency::key(&headers, &claims, &body)?;
    let draft = Draft::read(&body);
    let config_id = draft.as_ref().ok().and_then(|draft| draft.config.clone());
    let known = key.as_ref().map(|key| (key, now));
    let subjects = deps.table.subjects(&identity, config_id.as_ref(), known).await?;
    if let Some(earlier) = subjects.earlier {
        return deps.replay(&identity, &earlier, now).await;
    }
    let mut draft = draft?;
    let (config_id, inline) = (draft.config.take(), draft.inline_config.take());
    let realm = subjects.realm.ok_or_else(|| identity.realm.missing())?;
    let settings = draft.finish(&realm)?;
    let person = subjects.identity.ok_or_else(|| identity.missing())?;
    let config = match (&inline, config_id) {
        (Some((invocation, unused)), _) => {
            let (realm, id) = (identity.realm.clone(), ConfigId::new(now, random::bytes()));
            AuthenticatorConfig::for_one_job(realm, id, invocation.clone(), unused.clone(), now)
        }
        (None, Some(id)) => subjects.config.ok_or_else(|| ConfigRef { realm: identity.realm.clone(), id }.missing())?,
        (None, None) => return Err(Problem::unreadable("authenticator_config_id is required.")),
    };
    if person.is_suspended() {
        return Err(Problem::identity_suspended(&identity.id()));
    }
    may_return(settings.delivery_method, &realm, &claims)?;
    can_be_mailed(settings.delivery_method, &person)?;

    if inline.is_some() {
        deps.table.put_config_for_one_job(&config).await?;
    }
    let job = deps.link_keys.new_job(JobId::new(now, random::bytes()), &person, &config, settings, now);
    match &key {
        None => deps.table.create_job(&job).await?,
        Some(key) => match deps.table.create_job_once(&job, key).await? {
            Once::Created => {}
            Once::Earlier(earlier) => return deps.replay(&job.reference.identity, &earlier, now).await,
            Once::Running => return Err(Problem::request_in_progress()),
        },
    }
    Ok(deps.created(&job, &config, now).await?)
}

/// The response with a new job, and the job's id for the audit log.
type Created = (Extension<Changed>, Json<CreatedJob>);

impl Deps {
    async fn created(&self, job: &Job, config: &AuthenticatorConfig, now: Timestamp) -> Result<Created, Unavailable> {
        let created = CreatedJob::of(job, &self.link(job, config, now).await?, now);
        Ok((Extension(Changed::Created(job.reference.id.to_string())), Json(created)))
    }

    /// Derives a job's link again.
    async fn link(&self, job: &Job, config: &AuthenticatorConfig, now: Timestamp) -> Result<Link, Unavailable> {
        let key = self.link_keys.of(job.link_key, now).await?;
        Ok(self.public_url.link(&config.invocation, &job.reference, &key.derive(&job.reference, job.link_version)))
    }
}

fn may_return(method: DeliveryMethod, realm: &Realm, claims: &Claims) -> Result<(), Problem> {
    let scope = "credential-binding-jobs:return";
    match (method, realm.return_delivery) {
        (DeliveryMethod::Return, ReturnDelivery::Forbidden) => {
            Err(Problem::forbidden("The realm does not allow delivery_method RETURN. Use EMAIL."))
        }
        (DeliveryMethod::Return, ReturnDelivery::Scoped) if !claims.has(scope) => {
            Err(Problem::forbidden(format!("In this realm, delivery_method RETURN needs the scope {scope}.")))
        }
        _ => Ok(()),
    }
}
