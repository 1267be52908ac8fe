//! `POST …/{job}:bind`: the device proves its key, the credential comes to be, and the job is `COMPLETE`.
//!
//! 1. The ceremony token is verified: no table is asked for that.
//! 2. The job is read, for the policy that it was created with and for the brake on failed tries.
//! 3. The proof is verified. A refusal is noted on the job and costs the user nothing but another try.
//! 4. Job, credential and proof are written in one transaction, with a receipt. The first valid proof wins.

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
use binding::ceremony::{CeremonyKey, CeremonyToken, NotAToken};
use binding::credential::{Credential, Proof};
use binding::ids::CredentialId;
use binding::job::{Failure, Job, Refused, Rejected};
use binding::link::PublicUrl;
use binding::state::{State as JobState, Step};
use binding::time::Timestamp;
use cloud::aws::Aws;
use cloud::boot::Error;
use cloud::caller::{TenantClaim, request_id};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::table::{Outcome, Table};
use cloud::{keys, random};
use proof::{Refusal, Verified, jwt};

pub use check::{Ceremony, Submitted, Unverified, needs_metadata, verify};

use crate::receipt::{KnownKeys, ReceiptKey};

/// After so many failed tries on one job the next one has to wait.
const FREE_TRIES: u32 = 10;
/// The longest wait, in seconds.
const LONGEST_WAIT: i64 = 60;

/// What the function needs.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    ceremony_key: CeremonyKey,
    receipt_key: ReceiptKey,
    receipt_key_secret: String,
    key_set: KnownKeys,
    public_url: PublicUrl,
    tenant_claim: TenantClaim,
    metadata: metadata::Source,
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
        let receipt_key_secret = env.require("RECEIPT_KEY_SECRET")?.to_owned();
        let (ceremony_key, receipt_key, ()) =
            tokio::join!(keys::ceremony(&aws, env), ReceiptKey::fetch(&aws, &receipt_key_secret), table.warm());
        Ok(Self {
            table,
            clock,
            ceremony_key: ceremony_key?,
            receipt_key: receipt_key?,
            receipt_key_secret,
            key_set: KnownKeys::default(),
            public_url: env.public_url()?,
            tenant_claim: TenantClaim::new(env)?,
            metadata: metadata::Source::new(env),
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
    let token = deps.ceremony_key.verify(&reference, token, now).map_err(|not| match not {
        NotAToken::Unknown => Problem::unknown_link(),
        NotAToken::Expired => Problem::ceremony_expired(),
    })?;
    let JsonBody(body) = body?;
    let submitted = Submitted::read(&body)?;

    let job = deps.table.job(&reference).await?.ok_or_else(Problem::unknown_link)?;
    may_try(&job, &token, now)?;
    let config = deps.table.config_version(&reference.identity.realm, &job.config_id, job.config_version).await?;
    origin::check(origin::foreign(&headers, &deps.public_url), &config)?;

    let identity = &job.job.identity;
    let expected = binding::credential::Expected {
        rp_id: config.rp_id(&deps.public_url),
        origins: config.origins(&deps.public_url),
        challenge: deps.ceremony_key.challenge(&token).to_vec(),
        nonce: deps.ceremony_key.jwt_nonce(&token),
        audience: deps.public_url.audience(&job.job),
    };
    let metadata = deps.metadata.of(&config.policy, now);
    let ceremony = Ceremony {
        policy: &config.policy,
        metadata,
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

/// Whether the job can take a proof now. The transaction asks again; this spares the work, and brakes guessing.
fn may_try(job: &Job, token: &CeremonyToken, now: Timestamp) -> Result<(), Problem> {
    let refuse = |refused| Err(Problem::from(Rejected::Refused(refused)));
    if token.link_version() != job.link_version {
        return refuse(Refused::LinkReplaced);
    }
    let state = job.state_at(now);
    match state {
        JobState::Expired => return refuse(Refused::Expired),
        JobState::Revoked => return refuse(Refused::Revoked),
        JobState::FailedToSend => return refuse(Refused::FailedToSend),
        // Whoever sends the winning proof again is told so after it is verified.
        JobState::Complete => return Ok(()),
        state if !Step::Bind.from().contains(&state) => return refuse(Refused::TooEarly(state)),
        _ => {}
    }
    let Some(last) = job.last_failure.as_ref().filter(|_| job.failures >= FREE_TRIES) else { return Ok(()) };
    let wait = (1_i64 << (job.failures - FREE_TRIES).min(6)).min(LONGEST_WAIT);
    let left = last.time.plus_seconds(wait).millis() - now.millis();
    if left > 0 { Err(Problem::too_many_attempts((left + 999) / 1000)) } else { Ok(()) }
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
