//! `POST …/{job}:bind`: the device proves its key, the credential comes to be, and the job is `COMPLETE`.
//!
//! 1. The ceremony token is verified: no table is asked for that.
//! 2. The job is read, for the policy that it was created with and for the brake on failed tries.
//! 3. The proof is verified. A refusal is noted on the job and costs the user nothing but another try.
//! 4. Job, credential and proof are written in one transaction, with a receipt. The first valid proof wins.

mod android_status;
mod check;
mod metadata;
mod receipt;
mod redeem;

use api::body::JsonBody;
use api::problem::Problem;
use api::view::{self, BoundCredential};
use api::{edge, origin, path};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Json, Router};
use binding::brake::NotNow;
use binding::ceremony::NotAToken;
use binding::credential::{Credential, Proof};
use binding::ids::CredentialId;
use binding::job::{Failure, Job, Refused, Rejected};
use binding::link::PublicUrl;
use binding::state::State as JobState;
use cloud::aws::Aws;
use cloud::boot::Error;
use cloud::caller::{TenantClaim, request_id};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::keys::CeremonyKeys;
use cloud::metric::Metrics;
use cloud::random;
use cloud::table::{Outcome, Table};
use proof::{Refusal, Verified, jwt};

pub use check::{Ceremony, Submitted, Unverified, verify};

use crate::receipt::{KnownKeys, ReceiptKey};

/// What the function needs.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    ceremony_keys: CeremonyKeys,
    receipt_key: ReceiptKey,
    receipt_key_secret: String,
    key_set: KnownKeys,
    public_url: PublicUrl,
    tenant_claim: TenantClaim,
    metadata: metadata::Source,
    android_status: android_status::Source,
    metrics: Metrics,
    aws: Aws,
}

impl Deps {
    /// From the function's environment.
    ///
    /// # Errors
    /// What keeps the function from starting.
    pub async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let aws = Aws::new(env)?;
        let table = Table::new(&aws, env)?;
        let metrics = Metrics::new(env, clock.clone())?;
        let receipt_key_secret = env.require("RECEIPT_KEY_SECRET")?.to_owned();
        let (ceremony_keys, receipt_key, ()) =
            tokio::join!(CeremonyKeys::open(&aws, env), ReceiptKey::fetch(&aws, &receipt_key_secret), table.warm());
        Ok(Self {
            table,
            clock,
            ceremony_keys: ceremony_keys?,
            receipt_key: receipt_key?,
            receipt_key_secret,
            key_set: KnownKeys::default(),
            public_url: env.public_url()?,
            tenant_claim: TenantClaim::new(env)?,
            metadata: metadata::Source::new(env),
            android_status: android_status::Source::new(env),
            metrics,
            aws,
        })
    }
}

/// The function's routes.
pub fn router(deps: Deps) -> Router {
    let realm = "/v1/tenants/{tenant_id}/realms/{realm_id}";
    let job = format!("{realm}/identities/{{identity_id}}/credential-binding-jobs/{{job_id}}");
    let router = Router::new()
        .route(&format!("{job}/bind"), post(bind))
        .route(&format!("{realm}/credential-binding-jobs/redeem"), post(redeem::redeem))
        .route("/.well-known/jwks.json", get(receipt::key_set));
    edge::finish_for_devices(router.with_state(deps), request_id)
}

async fn bind(
    State(deps): State<Deps>,
    Path(path): Path<(String, String, String, String)>,
    headers: HeaderMap,
    body: Result<JsonBody, Problem>,
) -> Result<Json<BoundCredential>, Problem> {
    let now = deps.clock.now();
    let reference = path::linked_job(&path)?;
    let token = path::bearer(&headers).ok_or_else(Problem::unknown_link)?;
    let token = deps.ceremony_keys.verify(&reference, token, now).await?.map_err(|not| match not {
        NotAToken::Unknown => Problem::unknown_link(),
        NotAToken::Expired => Problem::ceremony_expired(),
    })?;
    let JsonBody(body) = body?;
    let submitted = Submitted::read(&body)?;

    let job = deps.table.job(&reference).await?.ok_or_else(Problem::unknown_link)?;
    job.takes_proof(token.link_version(), now).map_err(not_now)?;
    let config = deps.table.config_version(&reference.identity.realm, &job.config_id, job.config_version).await?;
    origin::check(origin::foreign(&headers, &deps.public_url), &config)?;

    let identity = &job.job.identity;
    let expected = binding::credential::Expected {
        rp_id: config.rp_id(&deps.public_url),
        origins: config.origins(&deps.public_url),
        challenge: token.challenge().to_vec(),
        nonce: token.jwt_nonce(),
        audience: deps.public_url.audience(&job.job),
    };
    let metadata = deps.metadata.of(&config.policy, now);
    let ceremony = Ceremony {
        policy: &config.policy,
        metadata,
        android_status: deps.android_status.of(&config.policy, now),
        rp_id: &expected.rp_id,
        origins: &expected.origins,
        challenge: &expected.challenge,
        subject: &jwt::subject(
            identity.identity.as_str(),
            identity.realm.realm.as_str(),
            identity.realm.tenant.as_str(),
        ),
        token: token.expose(),
        nonce: &expected.nonce,
        audience: &expected.audience,
        now: now.seconds(),
    };
    let verified = match check::verify(submitted, &ceremony) {
        Ok(verified) => verified,
        Err(Unverified::Unavailable(unavailable)) => return Err(unavailable.into()),
        Err(Unverified::Refused(refusal)) => {
            check::report(&refusal, &deps.metrics);
            let Refusal { reason, detail } = refusal;
            if job.state == JobState::Complete {
                return Err(Rejected::Refused(Refused::AlreadyComplete).into());
            }
            tracing::info!(job_id = %reference.job, reason = reason.name(), "proof refused");
            let failure = Failure { time: now, reason, detail: detail.clone() };
            deps.table.record_failure(&reference, &failure).await?;
            return Err(Problem::proof_refused(reason, detail));
        }
    };
    if job.state == JobState::Complete {
        return Err(deps.complete_already(&job, &verified).await?);
    }
    let proof = Proof {
        material: verified.material().clone(),
        expected,
        config_id: config.id.clone(),
        config_version: config.version,
        verified_time: now,
    };
    let now = deps.clock.now();
    let mut credential = Credential::new(CredentialId::new(now, random::bytes()), &reference, &verified, now);
    let known = verified.facts().webauthn.as_ref().and_then(|facts| metadata?.model(&facts.aaguid));
    credential.model = known.map(|model| model.description.clone());
    let receipt = &deps.receipt_key.sign(&deps.public_url, &job, &credential);
    let (redirect, code) = redeem::redirect(&job, now).unzip();
    let outcome = Outcome { credential: &credential, proof: &proof, receipt, code };
    match deps.table.complete(&reference, token.link_version(), &verified, &outcome).await? {
        Ok(()) => {
            let credential = view::Credential::from(&credential);
            let post_binding_redirect_uri = redirect.map(Into::into);
            Ok(Json(BoundCredential { credential, binding_receipt: receipt.into(), post_binding_redirect_uri }))
        }
        Err(Rejected::Refused(Refused::AlreadyComplete)) => {
            let job = deps.table.job(&reference).await?.ok_or_else(Problem::unknown_link)?;
            Err(deps.complete_already(&job, &verified).await?)
        }
        Err(rejected) => Err(rejected.into()),
    }
}

fn not_now(not: NotNow) -> Problem {
    match not {
        NotNow::Refused(refused) => Rejected::Refused(refused).into(),
        NotNow::Wait(seconds) => Problem::too_many_attempts(seconds),
    }
}

impl Deps {
    /// The answer to a proof that comes after the job is complete. It binds nothing, not even when it proves the very
    /// key that completed the job; but then it says so.
    async fn complete_already(&self, job: &Job, verified: &Verified) -> Result<Problem, Problem> {
        let Some(id) = job.credential_id else { return Ok(Rejected::Refused(Refused::AlreadyComplete).into()) };
        let credential = self.table.credential(&job.job.identity, id).await?;
        let same = credential.is_some_and(|credential| credential.facts == *verified.facts());
        Ok(if same { Problem::already_bound(id) } else { Rejected::Refused(Refused::AlreadyComplete).into() })
    }
}
