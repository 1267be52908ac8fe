//! Access control: the claims of an access token, and the rule by which they allow an operation.

use std::net::IpAddr;

/// The verified claims of an access token (RFC 9068). The API gateway's authorizer has already checked signature,
/// issuer, audience and lifetime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The principal: the token's `iss`, `sub`, `client_id` (RFC 9068 §2.2) and `azp`, one line each; absent ones are empty
    /// lines.
    pub principal: Option<String>,
    /// The tenant claim, if there is one.
    pub tenant: Option<String>,
    /// The granted scopes.
    pub scopes: Vec<String>,
}

/// What the API gateway knows about a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admission {
    /// The request's id; empty when the request did not come through the gateway.
    pub request_id: String,
    /// The claims of the access token, if the gateway verified one.
    pub claims: Option<Claims>,
    /// The address of the viewer, if the distribution forwarded it.
    pub viewer: Option<IpAddr>,
}

impl Claims {
    /// Whether these claims allow an operation on a tenant. The tenant is checked first, so that a caller of another
    /// tenant learns nothing. An operation without a scope is open to every token of the tenant.
    ///
    /// # Errors
    /// [`Denied`]: the reason.
    pub fn allow(&self, tenant: &str, scope: Option<&'static str>) -> Result<(), Denied> {
        if self.tenant.as_deref() != Some(tenant) {
            return Err(Denied::OtherTenant);
        }
        match scope.filter(|scope| !self.has(scope)) {
            Some(scope) => Err(Denied::MissingScope(scope)),
            None => Ok(()),
        }
    }

    /// Whether a scope was granted.
    #[must_use]
    pub fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

/// Why an operation was denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// No verified access token came with the request.
    #[error("the request has no valid access token")]
    NoToken,
    /// The token's tenant is not the path's.
    #[error("the access token is for another tenant")]
    OtherTenant,
    /// The token lacks this scope.
    #[error("the access token lacks the scope {0}")]
    MissingScope(&'static str),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenant_comes_first() {
        let claims = Claims { principal: None, tenant: Some("demo".into()), scopes: vec!["realms:read".into()] };
        assert_eq!(claims.allow("demo", Some("realms:read")), Ok(()));
        assert_eq!(claims.allow("demo", Some("realms:update")), Err(Denied::MissingScope("realms:update")));
        assert_eq!(claims.allow("demo", Some("realms")), Err(Denied::MissingScope("realms")));
        assert_eq!(claims.allow("other", Some("realms:update")), Err(Denied::OtherTenant));
        assert_eq!(claims.allow("demo", None), Ok(()));
        assert_eq!(claims.allow("other", None), Err(Denied::OtherTenant));
        assert_eq!(Claims { tenant: None, ..claims }.allow("demo", Some("realms:read")), Err(Denied::OtherTenant));
    }

    #[test]
    fn a_denial_says_why() {
        let denials = [Denied::NoToken, Denied::OtherTenant, Denied::MissingScope("realms:read")];
        assert_eq!(
            denials.map(|denied| denied.to_string()),
            [
                "the request has no valid access token",
                "the access token is for another tenant",
                "the access token lacks the scope realms:read",
            ]
        );
    }
}
