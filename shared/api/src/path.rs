//! Reading ids from paths.

use binding::ids::{
    ConfigId, CredentialId, IdentityId, IdentityRef, InvalidId, JobId, JobRef, RealmId, RealmRef, TenantId,
};

use crate::problem::Problem;
use crate::view::FieldViolation;

fn chosen<T>(field: &str, parsed: Result<T, InvalidId>) -> Result<T, Problem> {
    parsed.map_err(|invalid| Problem::invalid(vec![FieldViolation::new(field, invalid.to_string())]))
}

/// The realm that a path names.
///
/// # Errors
/// A 400 that names the id which has no good form.
pub fn realm(tenant: &str, realm: &str) -> Result<RealmRef, Problem> {
    Ok(RealmRef {
        tenant: chosen("tenant_id", TenantId::parse(tenant))?,
        realm: chosen("realm_id", RealmId::parse(realm))?,
    })
}

/// The identity that a path names.
///
/// # Errors
/// A 400 that names the id which has no good form.
pub fn identity(tenant: &str, realm_id: &str, identity: &str) -> Result<IdentityRef, Problem> {
    Ok(IdentityRef { realm: realm(tenant, realm_id)?, identity: chosen("identity_id", IdentityId::parse(identity))? })
}

/// The config that a path names.
///
/// # Errors
/// A 400 when the id has no good form.
pub fn config(id: &str) -> Result<ConfigId, Problem> {
    chosen("config_id", ConfigId::parse(id))
}

/// The job that a path names. An id that cannot be one of ours is a job that does not exist.
///
/// # Errors
/// A 404 for such an id, a 400 that names another id which has no good form.
pub fn job(tenant: &str, realm: &str, identity_id: &str, job: &str) -> Result<JobRef, Problem> {
    let identity = identity(tenant, realm, identity_id)?;
    let job = JobId::parse(job).ok_or_else(|| Problem::not_found("credential_binding_job", job))?;
    Ok(JobRef { identity, job })
}

/// The job that a link's path names. Nothing is told to whoever lacks its secret: whatever is wrong, the link is not
/// known.
///
/// # Errors
/// The 404 of an unknown link.
pub fn linked_job(path: &(String, String, String, String)) -> Result<JobRef, Problem> {
    job(&path.0, &path.1, &path.2, &path.3).map_err(|_| Problem::unknown_link())
}

/// The credential that a path names. An id that cannot be one of ours is a credential that does not exist.
///
/// # Errors
/// A 404 for such an id.
pub fn credential(id: &str) -> Result<CredentialId, Problem> {
    CredentialId::parse(id).ok_or_else(|| Problem::not_found("credential", id))
}

/// The token of an `Authorization: Bearer …` header (RFC 6750 §2.1).
#[must_use]
pub fn bearer(headers: &axum::http::HeaderMap) -> Option<&str> {
    let value = headers.get(axum::http::header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
