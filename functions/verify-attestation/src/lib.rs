//! `POST …/{job}:bind`: the device proves its key, the credential is created, and the job becomes `COMPLETE`.
//!
//! 1. The ceremony token is verified, without a read of the table.
//! 2. The job is read, for the policy that it was created with and for the brake on failed proofs.
//! 3. The proof is verified. A refusal is recorded on the job, and the user can retry.
//! 4. Job, credential and proof are written in one transaction, with a receipt, if the identity is not suspended. The
//!    first valid proof wins.

mod android_status;
mod attempt;
mod check;
mod metadata;
mod receipt;

use api::body::JsonBody;
use api::operation::{BIND, KEY_SET};
use api::permit::CeremonyHolder;
use api::problem::Problem;
use api::routes::{Ceremonies, Routes, Verification};
use api::view::BoundCredential;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Json, Router};
use binding::ids::JobRef;
use binding::link::PublicUrl;
use binding::time::Timestamp;
use cloud::aws::Aws;
use cloud::boot::{Error, FromEnv};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::keys::CeremonyKeys;
use cloud::metric::Metrics;
use cloud::signing::{RECEIPTS, TokenKey};
use cloud::table::Table;

use crate::receipt::KnownKeys;

/// The function's dependencies.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    ceremony_keys: CeremonyKeys,
    receipt_key: TokenKey,
    receipt_key_secret: String,
    sign_in_token_key_secret: String,
    key_set: KnownKeys,
    public_url: PublicUrl,
    metadata: metadata::Source,
    android_status: android_status::Source,
    metrics: Metrics,
    aws: Aws,
}

impl FromEnv for Deps {
    async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let aws = Aws::new(env)?;
        let table = Table::new(&aws, env)?;
        let metrics = Metrics::new(env, clock.clone())?;
        let receipt_key_secret = env.require("RECEIPT_KEY_SECRET")?.to_owned();
        // In sequence, because they share a connection and a handshake takes longer than a call.
        let keys = async {
            let ceremony_keys = CeremonyKeys::open(&aws, env).await?;
            Ok::<_, Error>((ceremony_keys, TokenKey::fetch(&aws, &receipt_key_secret, RECEIPTS).await?))
        };
        let (keys, ()) = tokio::join!(keys, table.warm());
        let (ceremony_keys, receipt_key) = keys?;
        Ok(Self {
            table,
            clock,
            ceremony_keys,
            receipt_key,
            receipt_key_secret,
            sign_in_token_key_secret: env.require("SIGN_IN_TOKEN_KEY_SECRET")?.to_owned(),
            key_set: KnownKeys::default(),
            public_url: env.public_url()?,
            metadata: metadata::Source::new(env),
            android_status: android_status::Source::new(env),
            metrics,
            aws,
        })
    }
}

/// The function's routes.
pub fn router(deps: Deps) -> Router {
    Routes::default().on(BIND, bind).on(KEY_SET, receipt::key_set).finish_for_devices(deps)
}

impl Ceremonies for Deps {
    async fn ceremony(&self, job: &JobRef, text: &str, now: Timestamp) -> Verification {
        self.ceremony_keys.verify(job, text, now).await
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

async fn bind(
    State(deps): State<Deps>,
    ceremony: CeremonyHolder,
    headers: HeaderMap,
    JsonBody(body): JsonBody,
) -> Result<Json<BoundCredential>, Problem> {
    let submitted = check::read(&body)?;
    let attempt = deps.load(ceremony, &headers).await?;
    let verified = deps.verify(&attempt, submitted).await?;
    deps.complete(&attempt, &verified).await.map(Json)
}
