//! Signing in with a passkey: one verified, signed fact.
//!
//! `POST …/{config}:beginSignIn` returns a token and options for the authenticator. Nothing is stored, and without an
//! identity a warm function makes no request to the table ([`begin`]).
//!
//! `POST …/{config}:finishSignIn` verifies the device's response, and records the sign-in with one read and one write
//! ([`finish`]). It returns a signed token ([`token`]), which the app's back end verifies.

mod begin;
mod brake;
mod finish;
mod token;

use std::sync::{Arc, Mutex};

use api::operation::{BEGIN_SIGN_IN, FINISH_SIGN_IN};
use api::routes::Routes;
use axum::Router;
use binding::link::PublicUrl;
use cloud::aws::Aws;
use cloud::boot::{Error, FromEnv};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::keys::SignInKeys;
use cloud::signing::{SIGN_INS, TokenKey};
use cloud::table::Table;

use crate::brake::Brakes;

/// The function's dependencies.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    keys: SignInKeys,
    token_key: TokenKey,
    public_url: PublicUrl,
    brakes: Arc<Mutex<Brakes>>,
}

impl FromEnv for Deps {
    async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let aws = Aws::new(env)?;
        let table = Table::new(&aws, env)?;
        let secret = env.require("SIGN_IN_TOKEN_KEY_SECRET")?;
        // In sequence, because they share a connection and a handshake takes longer than a call.
        let secrets = async {
            let keys = SignInKeys::open(&aws, env).await?;
            Ok::<_, Error>((keys, TokenKey::fetch(&aws, secret, SIGN_INS).await?))
        };
        let (secrets, ()) = tokio::join!(secrets, table.warm());
        let (keys, token_key) = secrets?;
        Ok(Self { table, clock, keys, token_key, public_url: env.public_url()?, brakes: Arc::default() })
    }
}

/// The function's routes.
pub fn router(deps: Deps) -> Router {
    Routes::default().on(BEGIN_SIGN_IN, begin::begin).on(FINISH_SIGN_IN, finish::finish).finish_for_devices(deps)
}
