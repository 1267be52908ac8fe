//! Keys from Secrets Manager, fetched once when a function starts.

use binding::ceremony::CeremonyKey;
use binding::link::LinkKey;
use binding::unavailable::Unavailable;
use lambda_runtime::Error;

use crate::aws::{Aws, unavailable};
use crate::env::Env;

/// The key of links, named by `LINK_KEY_SECRET`.
///
/// # Errors
/// The variable is missing, Secrets Manager does not answer, or the key is too short.
pub async fn link(aws: &Aws, env: &Env) -> Result<LinkKey, Error> {
    Ok(LinkKey::new(&fetch(aws, env.require("LINK_KEY_SECRET")?).await?)?)
}

/// The key of ceremonies, named by `CEREMONY_KEY_SECRET`.
///
/// # Errors
/// The variable is missing, Secrets Manager does not answer, or the key is too short.
pub async fn ceremony(aws: &Aws, env: &Env) -> Result<CeremonyKey, Error> {
    Ok(CeremonyKey::new(&fetch(aws, env.require("CEREMONY_KEY_SECRET")?).await?)?)
}

/// The bytes of a secret.
///
/// # Errors
/// [`Unavailable`] when Secrets Manager does not answer, or the secret is binary or missing.
pub async fn fetch(aws: &Aws, secret_id: &str) -> Result<Vec<u8>, Unavailable> {
    let answer = aws.secretsmanager().get_secret_value().secret_id(secret_id).send().await;
    let answer = answer.map_err(|error| unavailable("secretsmanager", &error))?;
    match answer.secret_string() {
        Some(secret) => Ok(secret.as_bytes().to_vec()),
        None => Err(Unavailable::new("secretsmanager", "the secret has no SecretString")),
    }
}
