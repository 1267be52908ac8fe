//! Starts a function on Lambda.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::map_request;
pub use lambda_runtime::Error;
use lambda_runtime::LambdaEvent;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::caller::admission;
use crate::clock::Clock;
use crate::env::Env;
use crate::invocation::{OriginKeys, invoke};
use crate::log;
use crate::metric::Metrics;

/// What a function needs to handle its events.
pub trait FromEnv: Sized {
    /// Reads the function's environment, and fetches what is needed before the first event.
    ///
    /// # Errors
    /// The error that prevents the function from starting.
    fn from_env(env: &Env, clock: Clock) -> impl Future<Output = Result<Self, Error>> + Send;
}

/// Runs an HTTP function: creates its router once, then serves requests with it.
///
/// # Errors
/// The error that prevents the function from starting. It is logged with the variable's or dependency's name.
pub async fn http<D: FromEnv>(router: impl FnOnce(D) -> Router) -> Result<(), Error> {
    let env = Env::of_process();
    log::init(&env, std::io::stdout);
    let metrics = Metrics::new(&env, Clock::default())?.of_version(&env);
    let deps = D::from_env(&env, Clock::default()).await.inspect_err(refuse_to_start)?;
    let (router, keys) = (behind_gateway(router(deps), &env), OriginKeys::of(&env));
    let serve = async |event: LambdaEvent<Value>| {
        let answer = invoke(router.clone(), event.payload, event.context, &keys).await?;
        let failed = answer["statusCode"].as_u64().is_none_or(|status| status >= 500);
        metrics.count(&[(SERVER_ERRORS, u64::from(failed))]);
        Ok::<_, Error>(answer)
    };
    lambda_runtime::run(lambda_runtime::service_fn(serve)).await
}

/// The metric of 5xx responses, by service and version. Lambda does not count a response as an error, so without this
/// metric the alarm that rolls a deployment back would not notice a version that always responds with 503.
pub const SERVER_ERRORS: &str = "ServerErrors";

/// Adds what the API gateway knows about a request, an [`Admission`](binding::access::Admission), to the request's
/// extensions. `TENANT_CLAIM` names the claim that holds the token's tenant. A function without it accepts no token.
pub fn behind_gateway(router: Router, env: &Env) -> Router {
    let claim: Option<Arc<str>> = env.get("TENANT_CLAIM").map(Into::into);
    router.layer(map_request(move |mut request: Request| {
        let admission = admission(request.extensions(), request.headers(), claim.as_deref());
        request.extensions_mut().insert(admission);
        std::future::ready(request)
    }))
}

/// Runs an event function: creates its dependencies once, then handles events with them.
///
/// # Errors
/// The error that prevents the function from starting. It is logged with the variable's or dependency's name.
pub async fn events<D, In, Out, R>(handle: impl Fn(Arc<D>, In) -> R) -> Result<(), Error>
where
    D: FromEnv,
    In: DeserializeOwned,
    Out: Serialize,
    R: Future<Output = Result<Out, Error>>,
{
    let env = Env::of_process();
    log::init(&env, std::io::stdout);
    let deps = Arc::new(D::from_env(&env, Clock::default()).await.inspect_err(refuse_to_start)?);
    lambda_runtime::run(lambda_runtime::service_fn(|event: LambdaEvent<In>| handle(deps.clone(), event.payload))).await
}

fn refuse_to_start(error: &Error) {
    tracing::error!(%error, "the function cannot start");
}
