//! The caller of a management operation, as the API gateway's JWT authorizer verified it.

use axum::extract::FromRequestParts;
use axum::http::Extensions;
use axum::http::request::Parts;
use binding::access::{Claims, Denied};
use lambda_http::request::RequestContext;

use crate::env::{BadVariable, Env};

/// Which claim of the access token names its tenant (`TENANT_CLAIM`).
#[derive(Clone, Debug)]
pub struct TenantClaim(pub String);

impl TenantClaim {
    /// From `TENANT_CLAIM`.
    ///
    /// # Errors
    /// [`BadVariable`] when it is missing.
    pub fn new(env: &Env) -> Result<Self, BadVariable> {
        env.require("TENANT_CLAIM").map(|claim| Self(claim.to_owned()))
    }
}

/// The id that the API gateway gave a request; empty when it came from elsewhere.
#[must_use]
pub fn request_id(extensions: &Extensions) -> String {
    match extensions.get::<RequestContext>() {
        Some(RequestContext::ApiGatewayV2(context)) => context.request_id.clone().unwrap_or_default(),
        _ => String::new(),
    }
}

/// The verified claims of a request, or nothing when the gateway verified none.
#[derive(Clone, Debug)]
pub struct Caller(Option<Box<RequestContext>>);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.extensions.get::<RequestContext>().cloned().map(Box::new)))
    }
}

impl Caller {
    /// The claims, if the caller may use `scope` on the tenant of that name. The gateway checked the scope too; this
    /// check stands on its own, so that a route without one is not an open door.
    ///
    /// # Errors
    /// [`Denied`]: why not.
    pub fn allow(&self, claim: &TenantClaim, tenant: &str, scope: &'static str) -> Result<Claims, Denied> {
        let claims = self.claims(claim).ok_or(Denied::NoToken)?;
        claims.allow(tenant, scope)?;
        Ok(claims)
    }

    /// The same without a scope, for what anybody of the tenant may learn.
    ///
    /// # Errors
    /// [`Denied`]: why not.
    pub fn of_tenant(&self, claim: &TenantClaim, tenant: &str) -> Result<(), Denied> {
        let claims = self.claims(claim).ok_or(Denied::NoToken)?;
        if claims.tenant.as_deref() == Some(tenant) { Ok(()) } else { Err(Denied::OtherTenant) }
    }

    fn claims(&self, claim: &TenantClaim) -> Option<Claims> {
        let Some(RequestContext::ApiGatewayV2(context)) = self.0.as_deref() else { return None };
        let jwt = context.authorizer.as_ref()?.jwt.as_ref()?;
        // Like the gateway: `scope` (RFC 8693 §4.2), or `scp`, a list, which the gateway writes as `[a b]`.
        let scopes = jwt.claims.get("scope").or_else(|| jwt.claims.get("scp")).map_or("", String::as_str);
        let scopes = scopes.split(|c: char| c.is_ascii_whitespace() || "[],".contains(c)).filter(|s| !s.is_empty());
        let named = |name: &str| jwt.claims.get(name).filter(|value| !value.is_empty());
        let who = ["sub", "client_id", "azp"].map(named);
        let principal = who.iter().any(Option::is_some).then(|| {
            let who = who.map(|value| value.map_or("", String::as_str)).join("\n");
            format!("{}\n{who}", named("iss").map_or("", String::as_str))
        });
        Some(Claims {
            principal,
            tenant: jwt.claims.get(&claim.0).cloned(),
            scopes: scopes.map(str::to_owned).collect(),
        })
    }
}
