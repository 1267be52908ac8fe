//! How a function starts on Lambda.

use std::future::Future;

use axum::Router;
use lambda_http::tower::ServiceExt as _;
pub use lambda_runtime::Error;
use lambda_runtime::LambdaEvent;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::env::Env;
use crate::log;

/// Runs an HTTP function: makes its router once, then serves requests with it.
///
/// # Errors
/// What keeps the function from starting: it is logged with the variable's or dependency's name.
pub async fn http<F, E>(make: impl FnOnce(Env) -> F) -> Result<(), Error>
where
    F: Future<Output = Result<Router, E>>,
    E: Into<Error>,
{
    let env = Env::of_process();
    log::init(&env, std::io::stdout);
    let router = make(env).await.map_err(refuse_to_start)?;
    lambda_http::run(router.map_request(|request: lambda_http::Request| request.map(into_axum))).await
}

/// The body as axum takes it.
pub fn into_axum(body: lambda_http::Body) -> axum::body::Body {
    match body {
        lambda_http::Body::Empty => axum::body::Body::empty(),
        lambda_http::Body::Text(text) => text.into(),
        lambda_http::Body::Binary(bytes) => bytes.into(),
        _ => axum::body::Body::empty(),
    }
}

/// Runs an event function: makes what it needs once, then handles events with it.
///
/// # Errors
/// What keeps the function from starting: it is logged with the variable's or dependency's name.
pub async fn events<D, F, E, In, Out, H, R>(make: impl FnOnce(Env) -> F, handle: H) -> Result<(), Error>
where
    F: Future<Output = Result<D, E>>,
    E: Into<Error>,
    In: DeserializeOwned,
    Out: Serialize,
    H: Fn(std::sync::Arc<D>, In) -> R,
    R: Future<Output = Result<Out, Error>>,
{
    let env = Env::of_process();
    log::init(&env, std::io::stdout);
    let deps = std::sync::Arc::new(make(env).await.map_err(refuse_to_start)?);
    lambda_runtime::run(lambda_runtime::service_fn(|event: LambdaEvent<In>| handle(deps.clone(), event.payload))).await
}

fn refuse_to_start(error: impl Into<Error>) -> Error {
    let error = error.into();
    tracing::error!(%error, "the function cannot start");
    error
}
