//! Reads the ids in a path.

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequestParts as _, RawPathParams};
use axum::http::request::Parts;
use binding::ids::{
    BatchId, BatchRef, ConfigId, ConfigRef, CredentialId, CredentialRef, IdentityId, IdentityRef, InvalidId, JobId,
    JobRef, RealmId, RealmRef, TenantId,
};

use crate::permit::{Owner, ThemeRef};
use crate::problem::Problem;
use crate::view::FieldViolation;

/// The ids in a path, by parameter name.
#[derive(Debug)]
pub struct Ids(RawPathParams);

impl Ids {
    /// Reads the ids in the path of a request.
    ///
    /// # Errors
    /// A 400 when they are not UTF-8.
    pub(crate) async fn of(parts: &mut Parts) -> Result<Self, Problem> {
        let unreadable = |_: RawPathParamsRejection| Problem::unreadable("The request could not be read.");
        RawPathParams::from_request_parts(parts, &()).await.map(Self).map_err(unreadable)
    }

    /// An id; empty when the route has no such parameter.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| *known == name).map_or("", |(_, id)| id)
    }

    fn chosen<T>(&self, name: &str, parse: fn(&str) -> Result<T, InvalidId>) -> Result<T, Problem> {
        let violation = |invalid: InvalidId| vec![FieldViolation::new(name, invalid.to_string())];
        parse(self.get(name)).map_err(|invalid| Problem::invalid(violation(invalid)))
    }
}

/// A resource that a path can name.
pub trait Reference: Sized {
    /// The resource's name in problem documents.
    const RESOURCE: &'static str;

    /// Reads the reference from a path.
    ///
    /// # Errors
    /// A 400 that names an invalid id, or a 404 for a malformed generated id, because no resource can have it.
    fn of(ids: &Ids) -> Result<Self, Problem>;

    /// The resource's own id.
    fn id(&self) -> String;

    /// The 404 for a missing resource.
    fn missing(&self) -> Problem {
        Problem::not_found(Self::RESOURCE, &self.id())
    }
}

/// Parses a generated id. A malformed one gives a 404, because no resource can have it.
fn made<R: Reference, T>(id: &str, parse: fn(&str) -> Option<T>) -> Result<T, Problem> {
    parse(id).ok_or_else(|| Problem::not_found(R::RESOURCE, id))
}

impl Reference for TenantId {
    const RESOURCE: &'static str = "tenant";

    fn of(ids: &Ids) -> Result<Self, Problem> {
        ids.chosen("tenant_id", Self::parse)
    }

    fn id(&self) -> String {
        self.to_string()
    }
}

impl Reference for ThemeRef {
    const RESOURCE: &'static str = "theme";

    fn of(ids: &Ids) -> Result<Self, Problem> {
        Ok(Self { realm: RealmRef::of(ids)?, id: ids.get("theme_id").to_owned() })
    }

    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Reference for RealmRef {
    const RESOURCE: &'static str = "realm";

    fn of(ids: &Ids) -> Result<Self, Problem> {
        Ok(Self { tenant: ids.chosen("tenant_id", TenantId::parse)?, id: ids.chosen("realm_id", RealmId::parse)? })
    }

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Reference for IdentityRef {
    const RESOURCE: &'static str = "identity";

    fn of(ids: &Ids) -> Result<Self, Problem> {
        Ok(Self { realm: RealmRef::of(ids)?, id: ids.chosen("identity_id", IdentityId::parse)? })
    }

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Reference for ConfigRef {
    const RESOURCE: &'static str = "authenticator_config";

    fn of(ids: &Ids) -> Result<Self, Problem> {
        Ok(Self { realm: RealmRef::of(ids)?, id: ids.chosen("config_id", ConfigId::parse)? })
    }

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Reference for BatchRef {
    const RESOURCE: &'static str = "batch_credential_binding_job";

    fn of(ids: &Ids) -> Result<Self, Problem> {
        Ok(Self { realm: RealmRef::of(ids)?, id: made::<Self, _>(ids.get("batch_id"), BatchId::parse)? })
    }

    fn id(&self) -> String {
        self.id.to_string()
    }
}

/// Rejects the identity id `-`, which means all identities of a realm and is valid only for lists.
fn not_below_all<R: Reference>(ids: &Ids, id: &str) -> Result<(), Problem> {
    if ids.get("identity_id") == "-" { Err(Problem::not_found(R::RESOURCE, id)) } else { Ok(()) }
}

impl Reference for JobRef {
    const RESOURCE: &'static str = "credential_binding_job";

    fn of(ids: &Ids) -> Result<Self, Problem> {
        not_below_all::<Self>(ids, ids.get("job_id"))?;
        Ok(Self { identity: IdentityRef::of(ids)?, id: made::<Self, _>(ids.get("job_id"), JobId::parse)? })
    }

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Reference for CredentialRef {
    const RESOURCE: &'static str = "credential";

    fn of(ids: &Ids) -> Result<Self, Problem> {
        not_below_all::<Self>(ids, ids.get("credential_id"))?;
        let identity = IdentityRef::of(ids)?;
        Ok(Self { identity, id: made::<Self, _>(ids.get("credential_id"), CredentialId::parse)? })
    }

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Reference for Owner {
    const RESOURCE: &'static str = "identity";

    fn of(ids: &Ids) -> Result<Self, Problem> {
        if ids.get("identity_id") == "-" {
            return RealmRef::of(ids).map(Self::Realm);
        }
        IdentityRef::of(ids).map(Self::Identity)
    }

    fn id(&self) -> String {
        match self {
            Self::Identity(identity) => identity.id(),
            Self::Realm(_) => "-".to_owned(),
        }
    }
}
