//! Keys from Secrets Manager, fetched once when a function starts.

use binding::unavailable::Unavailable;

use crate::aws::{Aws, unavailable};

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
