//! `Idempotency-Key`: a request that is repeated because its response was lost creates no second job.

use api::job;
use api::problem::Problem;
use api::view::FieldViolation;
use axum::http::HeaderMap;
use binding::access::Claims;
use binding::ids::{IdentityRef, JobRef};
use binding::time::Timestamp;
use cloud::table::{Earlier, IdempotencyKey};
use serde_json::{Map, Value};

use crate::{Created, Deps};

/// The maximum length of a key, in characters.
const LONGEST: usize = 255;

/// The key of a request, if it has one. Two bodies are the same if their canonical forms are.
pub(crate) fn key(
    headers: &HeaderMap,
    claims: &Claims,
    body: &Map<String, Value>,
) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(header) = headers.get("idempotency-key") else { return Ok(None) };
    let refuse = |description: &str| Problem::invalid(vec![FieldViolation::new("Idempotency-Key", description)]);
    let key = header.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST {
        return Err(refuse("must be 1 to 255 printable ASCII characters"));
    }
    let Some(principal) = &claims.principal else {
        return Err(refuse(
            "requires an access token with a sub or client_id claim, which separates the keys of different callers",
        ));
    };
    Ok(Some(IdempotencyKey::new(principal, key, &job::as_read(body).to_string())))
}

impl Deps {
    /// The response to a repeated request: the same job and the same link.
    pub(crate) async fn replay(
        &self,
        identity: &IdentityRef,
        earlier: &Earlier,
        now: Timestamp,
    ) -> Result<Created, Problem> {
        let Earlier::Same(job) = *earlier else { return Err(Problem::idempotency_key_reused()) };
        let job = JobRef { identity: identity.clone(), id: job };
        let job = self.table.job(&job).await?;
        let job =
            job.ok_or_else(|| Problem::conflict("The job that was created with this Idempotency-Key was erased."))?;
        let config = self.table.config_version(&identity.realm, &job.config_id, job.config_version).await?;
        Ok(self.created(&job, &config, now).await?)
    }
}
