//! What the API gateway passes to a function with a request: its id, the claims of the access token that the gateway's JWT
//! authorizer verified, and the address of the viewer.

use std::collections::HashMap;
use std::net::IpAddr;

use axum::http::{Extensions, HeaderMap};
use binding::access::{Admission, Claims};
use lambda_http::request::RequestContext;

/// Reads what the gateway knows about a request. `tenant_claim` is the claim that holds the token's tenant; without it,
/// no token belongs to a tenant.
pub(crate) fn admission(extensions: &Extensions, headers: &HeaderMap, tenant_claim: Option<&str>) -> Admission {
    let Some(RequestContext::ApiGatewayV2(context)) = extensions.get() else { return Admission::default() };
    let jwt = context.authorizer.as_ref().and_then(|authorizer| authorizer.jwt.as_ref());
    Admission {
        request_id: context.request_id.clone().unwrap_or_default(),
        claims: jwt.map(|jwt| claims(&jwt.claims, tenant_claim)),
        viewer: viewer(headers, context.http.source_ip.as_deref()),
    }
}

/// The viewer's address. CloudFront appends it to `X-Forwarded-For`, and API Gateway may append CloudFront's, from which the
/// connection to it comes (`source`). Addresses before these two were sent by the viewer and are not trusted.
fn viewer(headers: &HeaderMap, source: Option<&str>) -> Option<IpAddr> {
    let values = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let addresses = values.flat_map(|value| value.split(',')).map(str::trim).collect::<Vec<_>>();
    let mut from_last = addresses.into_iter().rev().peekable();
    from_last.next_if(|last| source.is_some_and(|source| source == *last));
    from_last.next()?.parse().ok()
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

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_viewer_is_the_address_that_the_distribution_appended() {
        const EDGE: Option<&str> = Some("130.176.98.101");
        let of = |values: &[&'static str], source| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("x-forwarded-for", HeaderValue::from_static(value));
            }
            viewer(&headers, source).map(|address| address.to_string())
        };
        let viewer = Some("203.0.113.9".to_owned());
        for values in [
            &["203.0.113.9, 130.176.98.101"][..],
            &["203.0.113.9"],
            &["10.0.0.1, 203.0.113.9, 130.176.98.101"],
            &["10.0.0.1, 203.0.113.9"],
            &["10.0.0.1", "203.0.113.9,130.176.98.101"],
            &["130.176.98.101, 203.0.113.9, 130.176.98.101"],
        ] {
            assert_eq!(of(values, EDGE), viewer, "{values:?}");
        }
        assert_eq!(of(&["203.0.113.9"], None), viewer);
        assert_eq!((of(&[], EDGE), of(&["nonsense"], EDGE), of(&["130.176.98.101"], EDGE)), (None, None, None));
    }
}
