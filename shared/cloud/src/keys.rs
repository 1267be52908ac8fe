//! Keys from Secrets Manager, fetched once when a function starts.

use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
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
    let secret = fetch_version(aws, secret_id, "AWSCURRENT").await?;
    secret.ok_or_else(|| Unavailable::new("secretsmanager", "there is no such secret"))
}

/// The bytes of a secret's version with this staging label; nothing when no version has it.
///
/// # Errors
/// [`Unavailable`] when Secrets Manager does not answer, or the secret is binary.
pub async fn fetch_version(aws: &Aws, secret_id: &str, stage: &str) -> Result<Option<Vec<u8>>, Unavailable> {
    let request = aws.secretsmanager().get_secret_value().secret_id(secret_id).version_stage(stage);
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) if error.as_service_error().is_some_and(GetSecretValueError::is_resource_not_found_exception) => {
            return Ok(None);
        }
        Err(error) => return Err(unavailable("secretsmanager", &error)),
    };
    match answer.secret_string() {
        Some(secret) => Ok(Some(secret.as_bytes().to_vec())),
        None => Err(Unavailable::new("secretsmanager", "the secret has no SecretString")),
    }
}
