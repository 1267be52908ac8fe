//! What the API gateway passes to a function with a request: its id, and the claims of the access token that the
//! gateway's JWT authorizer verified.

use std::collections::HashMap;

use axum::http::Extensions;
use binding::access::{Admission, Claims};
use lambda_http::request::RequestContext;

/// Reads what the gateway knows about a request. `tenant_claim` is the claim that holds the token's tenant; without it,
/// no token belongs to a tenant.
pub(crate) fn admission(extensions: &Extensions, tenant_claim: Option<&str>) -> Admission {
    let Some(RequestContext::ApiGatewayV2(context)) = extensions.get() else { return Admission::default() };
    let jwt = context.authorizer.as_ref().and_then(|authorizer| authorizer.jwt.as_ref());
    Admission {
        request_id: context.request_id.clone().unwrap_or_default(),
        claims: jwt.map(|jwt| claims(&jwt.claims, tenant_claim)),
    }
}

fn claims(claims: &HashMap<String, String>, tenant_claim: Option<&str>) -> Claims {
    // Like the gateway: `scope` (RFC 8693 §4.2), or `scp`, a list, which the gateway writes as `[a b]`.
    let scopes = claims.get("scope").or_else(|| claims.get("scp")).map_or("", String::as_str);
    let scopes = scopes.split(|c: char| c.is_ascii_whitespace() || "[],".contains(c)).filter(|s| !s.is_empty());
    let named = |name: &str| claims.get(name).filter(|value| !value.is_empty());
    let who = ["sub", "client_id", "azp"].map(named);
    let principal = who.iter().any(Option::is_some).then(|| {
        let who = who.map(|value| value.map_or("", String::as_str)).join("\n");
        format!("{}\n{who}", named("iss").map_or("", String::as_str))
    });
    let tenant = tenant_claim.and_then(|claim| claims.get(claim)).cloned();
    Claims { principal, tenant, scopes: scopes.map(str::to_owned).collect() }
}
