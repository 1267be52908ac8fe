//! The front of the functions on AWS: CloudFront's rewrite of `{id}:verb` and its error cache, and API Gateway's
//! routes, JWT authorizer and payload (format 2.0), which is converted as on Lambda.

pub(crate) mod contract;
pub(crate) mod edge;

use std::sync::Arc;
use std::time::{Duration, Instant, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Uri, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cloud::clock::Clock;
use cloud::invocation::OriginKeys;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::failures::Failures;
use crate::faults::Faults;
use crate::gateway::contract::{Answer, Contract, content_type};
use crate::gateway::edge::ErrorCache;
use crate::http::json_response;
use crate::issuer::Issuer;
use crate::template::{Access, Route};

/// A route and the function behind it.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) route: Route,
    pub(crate) function: String,
    pub(crate) router: Router,
}

/// The gateway of a stack.
#[derive(Clone, Debug)]
pub(crate) struct Gateway {
    pub(crate) targets: Vec<Target>,
    pub(crate) issuer: Issuer,
    pub(crate) clock: Clock,
    pub(crate) authority: String,
    pub(crate) faults: Faults,
    pub(crate) failures: Failures,
    pub(crate) contract: Arc<Contract>,
    pub(crate) errors: ErrorCache,
}

/// Rewrites `…/{id}:verb` to `…/{id}/verb`, and an encoded `?` to the beginning of a query, by the rule of
/// infra/cloudfront/rewrite.js. Returns the path and the query, if there is one.
pub(crate) fn rewrite(path: &str, query: Option<&str>) -> (String, Option<String>) {
    let unchanged = || (path.to_owned(), query.map(str::to_owned));
    let start = path.rfind('/').map_or(0, |slash| slash + 1);
    let last = &path[start..];
    let mark = last.to_ascii_lowercase().find("%3f");
    let segment = last[..mark.unwrap_or(last.len())].replace("%3A", ":").replace("%3a", ":");
    let Some((id, verb)) = segment.split_once(':') else { return unchanged() };
    if id.is_empty() || verb.is_empty() || !verb.bytes().all(|b| b.is_ascii_alphabetic()) {
        return unchanged();
    }
    let encoded = mark.map(|mark| last[mark + 3..].to_owned()).filter(|encoded| !encoded.is_empty());
    let queries: Vec<String> = query.map(str::to_owned).into_iter().chain(encoded).collect();
    (format!("{}{id}/{verb}", &path[..start]), (!queries.is_empty()).then(|| queries.join("&")))
}

/// A path as an HTTP API matches it and passes it to functions: percent-decoded, and truncated at an encoded `?`.
fn decoded(path: &str) -> String {
    let path = percent_decode_str(path).decode_utf8_lossy();
    path.split('?').next().unwrap_or_default().to_owned()
}

/// The address of the edge, from which requests reach the gateway.
const EDGE_ADDRESS: &str = "130.176.98.101";

impl Gateway {
    /// Answers a request as the deployed system would, at the stack's time.
    pub(crate) async fn answer(&self, method: &str, uri: &Uri, headers: &HeaderMap, body: Bytes) -> Response<Body> {
        let address = uri.path_and_query().map_or("/", |address| address.as_str());
        let response = match self.errors.get(method, address, Instant::now()) {
            Some(kept) => kept,
            None => {
                let fresh = self.dispatch(method, uri, headers, body).await;
                self.errors.keep(method, address, fresh, Instant::now()).await
            }
        };
        // A link that a mail system has changed can have its secret in the path.
        let path = decoded(uri.path());
        let path = path.split(['#', '&', '=']).next().unwrap_or_default();
        let mut response = self.failures.note(method, path, self.clock.now(), response).await;
        let date = UNIX_EPOCH + Duration::from_secs(self.clock.now().seconds().unsigned_abs());
        let date = HeaderValue::from_str(&httpdate::fmt_http_date(date));
        response.headers_mut().extend(date.ok().map(|date| (header::DATE, date)));
        response
    }

    async fn dispatch(&self, method: &str, uri: &Uri, headers: &HeaderMap, body: Bytes) -> Response<Body> {
        let (path, query) = rewrite(uri.path(), uri.query());
        let path = decoded(&path);
        let Some((target, parameters)) = self.find(method, &path) else {
            return problem(
                StatusCode::NOT_FOUND,
                &path,
                "Not found",
                "Nothing is at this address. Check the path and the method.",
                None,
            );
        };
        let claims = match self.authorize(&target.route, headers, &path) {
            Ok(claims) => claims,
            Err(refused) => return *refused,
        };
        let payload = self.payload(method, query.as_deref(), &path, headers, &body, &target.route, parameters, claims);
        let (router, function, faults) = (target.router.clone(), target.function.clone(), self.faults.clone());
        let invocation = async move { faults.unless_killed(&function, invoke(router, payload)).await };
        // A separate task, so that a panic ends the invocation and not the stack.
        match tokio::spawn(invocation).await {
            Ok(Some(Ok(answer))) => self.held(target, &body, from_lambda(&answer)).await,
            Ok(Some(Err(error))) => self.broken(target, &error),
            Ok(None) => self.broken(target, "killed"),
            Err(error) => self.broken(target, &error.to_string()),
        }
    }

    /// Returns a function's response if the published document describes it, and an error otherwise.
    async fn held(&self, target: &Target, request: &Bytes, response: Response<Body>) -> Response<Body> {
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        let answer = Answer { status: parts.status.as_u16(), content_type: content_type(&parts.headers), body: &body };
        match self.contract.check(&target.route.method, &target.route.path, request, &answer) {
            Ok(()) => Response::from_parts(parts, Body::from(body)),
            Err(why) => {
                tracing::error!(why, function = target.function, "a response violates openapi.json");
                let message = format!("openapi.json does not describe this response of {}: {why}", target.function);
                json_response(StatusCode::INTERNAL_SERVER_ERROR, &json!({"message": message}))
            }
        }
    }

    fn broken(&self, target: &Target, error: &str) -> Response<Body> {
        tracing::error!(error, function = target.function, "the function failed");
        json_response(StatusCode::INTERNAL_SERVER_ERROR, &json!({"message": "Internal Server Error"}))
    }

    /// The route of a request: a match without a greedy parameter, otherwise the longest match with one.
    fn find(&self, method: &str, path: &str) -> Option<(&Target, Map<String, Value>)> {
        self.targets
            .iter()
            .filter(|target| target.route.method == method)
            .filter_map(|target| Some((target, parameters(&target.route.path, path)?)))
            .min_by_key(
                |(Target { route, .. }, _)| {
                    if route.path.ends_with("+}") { usize::MAX - route.path.len() } else { 0 }
                },
            )
    }

    /// The claims of a token, if the route requires one. On AWS the errors have the same statuses and a simpler body.
    fn authorize(
        &self,
        route: &Route,
        headers: &HeaderMap,
        path: &str,
    ) -> Result<Option<Map<String, Value>>, Box<Response<Body>>> {
        let Access::Token(scopes) = &route.access else { return Ok(None) };
        let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let Some(claims) = self.issuer.authorize(authorization, self.clock.now()) else {
            let detail = "The request has no valid access token. Send one as Authorization: Bearer ….";
            return Err(Box::new(problem(StatusCode::UNAUTHORIZED, path, "Unauthorized", detail, Some("Bearer"))));
        };
        let granted = claims.get("scope").and_then(Value::as_str).unwrap_or_default();
        if !scopes.is_empty() && !granted.split_ascii_whitespace().any(|scope| scopes.iter().any(|s| s == scope)) {
            let detail = format!("Access denied: the access token lacks the scope {}.", scopes.join(" or "));
            return Err(Box::new(problem(
                StatusCode::FORBIDDEN,
                path,
                "Forbidden",
                &detail,
                Some("Bearer error=\"insufficient_scope\""),
            )));
        }
        Ok(Some(claims))
    }

    #[expect(clippy::too_many_arguments, reason = "the payload consists of all parts of a request")]
    fn payload(
        &self,
        method: &str,
        query: Option<&str>,
        path: &str,
        headers: &HeaderMap,
        body: &Bytes,
        route: &Route,
        parameters: Map<String, Value>,
        claims: Option<Map<String, Value>>,
    ) -> Value {
        let now = self.clock.now();
        let route_key = format!("{} {}", route.method, route.path);
        let mut flat = Map::new();
        for name in headers.keys() {
            let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
            flat.insert(name.to_string(), values.join(",").into());
        }
        // The gateway sets the connection headers itself and drops the client's. To `X-Forwarded-For` the edge and the gateway
        // append the addresses of the viewer and of the edge.
        let forwarded = flat.get("x-forwarded-for").and_then(Value::as_str).map(|sent| format!("{sent}, "));
        let forwarded = format!("{}127.0.0.1, {EDGE_ADDRESS}", forwarded.unwrap_or_default());
        let (scheme, host) = self.authority.split_once("://").unwrap_or(("http", &self.authority));
        flat.retain(|name, _| !name.starts_with("x-forwarded-") && name != "forwarded");
        flat.insert("host".into(), host.into());
        flat.insert("x-forwarded-for".into(), forwarded.into());
        flat.insert("x-forwarded-proto".into(), scheme.into());
        let mut context = json!({
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": host,
            "domainPrefix": "local",
            "http": {
                "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": EDGE_ADDRESS,
                "userAgent": flat.get("user-agent").cloned().unwrap_or_default(),
            },
            "requestId": crate::aws::wire::fresh_id(),
            "routeKey": route_key,
            "stage": "$default",
            "time": now.to_string(),
            "timeEpoch": now.millis(),
        });
        if let Some(claims) = claims {
            let claims: Map<String, Value> = claims.into_iter().map(|(name, value)| (name, plain(value))).collect();
            context["authorizer"] = json!({"jwt": {"claims": claims, "scopes": null}});
        }
        let mut payload = json!({
            "version": "2.0",
            "routeKey": route_key,
            "rawPath": path,
            "rawQueryString": query.unwrap_or_default(),
            "headers": flat,
            "requestContext": context,
            "pathParameters": parameters,
            "isBase64Encoded": false,
        });
        match std::str::from_utf8(body) {
            Ok("") => {}
            Ok(text) => payload["body"] = text.into(),
            Err(_) => {
                payload["body"] = STANDARD.encode(body).into();
                payload["isBase64Encoded"] = true.into();
            }
        }
        payload
    }
}

/// The values of a route's parameters in a path, if the path matches.
fn parameters(route: &str, path: &str) -> Option<Map<String, Value>> {
    let (mut wanted, mut given) = (route.split('/'), path.split('/'));
    let mut found = Map::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(found),
            // A greedy parameter matches the rest of the path: API Gateway requires at least one segment.
            (Some(greedy), Some(first)) if greedy.ends_with("+}") => {
                let rest = given.fold(first.to_owned(), |rest, segment| format!("{rest}/{segment}"));
                found.insert(greedy.trim_matches(['{', '+', '}']).to_owned(), rest.clone().into());
                return (!rest.is_empty()).then_some(found);
            }
            (Some(wanted), Some(given)) => match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) if !given.is_empty() => drop(found.insert(name.to_owned(), given.into())),
                None if wanted == given => {}
                _ => return None,
            },
            _ => return None,
        }
    }
}

/// The authorizer passes every claim as a string.
fn plain(claim: Value) -> Value {
    match claim {
        Value::String(text) => text.into(),
        other => other.to_string().into(),
    }
}

/// Invokes an HTTP function with a request in payload format 2.0, and returns its response in that format.
pub(crate) async fn invoke(router: Router, payload: Value) -> Result<Value, String> {
    // Distribution and API are one here, so no request can bypass the distribution.
    let keys = OriginKeys::default();
    cloud::invocation::invoke(router, payload, &keys).await.map_err(|error| format!("{error:?}"))
}

/// Converts a function's response (payload format 2.0) to HTTP.
fn from_lambda(answer: &Value) -> Response<Body> {
    let status = answer["statusCode"].as_u64().and_then(|code| u16::try_from(code).ok()).unwrap_or(500);
    let mut response = Response::builder().status(status);
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        let parsed =
            HeaderName::try_from(name.as_str()).ok().zip(value.as_str().and_then(|v| HeaderValue::from_str(v).ok()));
        if let Some((name, value)) = parsed {
            response = response.header(name, value);
        }
    }
    for cookie in answer["cookies"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        response = response.header(header::SET_COOKIE, cookie);
    }
    let body = answer["body"].as_str().unwrap_or_default();
    let body = match answer["isBase64Encoded"].as_bool() {
        Some(true) => STANDARD.decode(body).unwrap_or_default(),
        _ => body.as_bytes().to_vec(),
    };
    response.body(Body::from(body)).unwrap_or_default()
}

fn problem(status: StatusCode, path: &str, title: &str, detail: &str, challenge: Option<&str>) -> Response<Body> {
    let code = status.canonical_reason().unwrap_or_default().to_lowercase().replace(' ', "_");
    let document = json!({
        "type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail, "instance": path,
        "code": code, "message": title, "details": [], "request_id": crate::aws::wire::fresh_id(),
    });
    let mut response = json_response(status, &document);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.extend(
        challenge.and_then(|text| HeaderValue::from_str(text).ok()).map(|value| (header::WWW_AUTHENTICATE, value)),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same cases as in the CloudFront function's test.
    #[test]
    fn verbs_become_segments() {
        for (path, rewritten) in [
            ("/v1/jobs/1:open", "/v1/jobs/1/open"),
            ("/v1/jobs/1%3Aopen", "/v1/jobs/1/open"),
            ("/v1/jobs/1%3aopen", "/v1/jobs/1/open"),
            ("/v1/jobs/1:open/", "/v1/jobs/1:open/"),
            ("/v1/jobs/1:2:open", "/v1/jobs/1:2:open"),
            ("/v1/jobs/:open", "/v1/jobs/:open"),
            ("/v1/jobs/1:open2", "/v1/jobs/1:open2"),
            ("/v1/jobs/1", "/v1/jobs/1"),
            ("/", "/"),
        ] {
            assert_eq!(rewrite(path, Some("a=b")), (rewritten.to_owned(), Some("a=b".to_owned())), "{path}");
        }
        for (path, query, rewritten) in [
            ("/v1/jobs/1:open%3Ftoken=x", None, ("/v1/jobs/1/open", Some("token=x"))),
            ("/v1/jobs/1%3aopen%3ftoken%3Dx&y=%3F", None, ("/v1/jobs/1/open", Some("token%3Dx&y=%3F"))),
            ("/v1/jobs/1:open%3Ftoken=x", Some("utm=y"), ("/v1/jobs/1/open", Some("utm=y&token=x"))),
            ("/v1/jobs/1:open%3F", None, ("/v1/jobs/1/open", None)),
            ("/v1/jobs/1%3Ftoken=x", None, ("/v1/jobs/1%3Ftoken=x", None)),
            ("/v1/jobs/1:open%253Ftoken=x", None, ("/v1/jobs/1:open%253Ftoken=x", None)),
        ] {
            let expected = (rewritten.0.to_owned(), rewritten.1.map(str::to_owned));
            assert_eq!(rewrite(path, query), expected, "{path}");
        }
    }

    #[test]
    fn paths_are_decoded_once_as_by_an_http_api() {
        for (path, expected) in [
            ("/v1/jobs/%61da", "/v1/jobs/ada"),
            ("/v1/jobs/a%2Fb", "/v1/jobs/a/b"),
            ("/v1/jobs/a%253Ab", "/v1/jobs/a%3Ab"),
            ("/v1/jobs/a%3Ftoken=x", "/v1/jobs/a"),
            ("/v1/jobs/%C3%A4%ff", "/v1/jobs/ä\u{fffd}"),
            ("/v1/jobs/100%", "/v1/jobs/100%"),
            ("/bind%23/v1", "/bind#/v1"),
        ] {
            assert_eq!(decoded(path), expected, "{path}");
        }
    }

    #[test]
    fn paths_are_matched_by_segment() {
        assert!(parameters("/a/{x}", "/a/").is_none());
        assert!(parameters("/a/{x}", "/a/b/c").is_none());
        assert_eq!(parameters("/a/{x}/c", "/a/b/c").unwrap()["x"], "b");
        assert_eq!(parameters("/a/{x+}", "/a/b/c").unwrap()["x"], "b/c");
        assert!(parameters("/a/{x+}", "/a").is_none());
        assert!(parameters("/a/{x+}", "/a/").is_none());
    }
}
