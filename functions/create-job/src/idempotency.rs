//! `Idempotency-Key`: a request that is repeated because its response was lost creates no second job.

use api::idempotency;
use api::job;
use api::problem::Problem;
use axum::http::HeaderMap;
use binding::access::Claims;
use binding::ids::{IdentityRef, JobId, JobRef};
use binding::time::Timestamp;
use cloud::table::{Earlier, IdempotencyKey};
use serde_json::{Map, Value};

use crate::{Created, Deps};

/// The key of a request, if it has one. Two bodies are the same if their canonical forms are.
pub(crate) fn key(
    headers: &HeaderMap,
    claims: &Claims,
    body: &Map<String, Value>,
) -> Result<Option<IdempotencyKey>, Problem> {
    let key = idempotency::key(headers, claims)?;
    Ok(key.map(|(principal, key)| IdempotencyKey::new(principal, key, &job::as_read(body).to_string())))
}

impl Deps {
    /// The response to a repeated request: the same job and the same link.
    pub(crate) async fn replay(
        &self,
        identity: &IdentityRef,
        earlier: &Earlier<JobId>,
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
