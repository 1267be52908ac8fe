//! One invocation of an HTTP function: converts API Gateway's request (payload format 2.0) for axum, and axum's
//! response for the gateway.
//!
//! `lambda_http` builds a URI from path, query and host and panics if it is invalid; it also rejects a payload with an
//! invalid header. It is not documented whether the gateway forwards such requests, and each failure would count as an
//! error of the function. This module therefore makes the client's input valid first.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_ENCODING, SET_COOKIE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lambda_http::RequestExt as _;
use lambda_http::request::LambdaRequest;
use lambda_runtime::Error;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::digest;
use serde_json::{Map, Value, json};
use tower::ServiceExt as _;

use crate::env::Env;

/// All characters except those that a path can contain unencoded (RFC 3986 §3.3).
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@')
    .remove(b'/');

/// The same for a query (RFC 3986 §3.4). Encoded characters stay unchanged.
const IN_QUERY: &AsciiSet = &IN_PATH.remove(b'?').remove(b'%');

/// The maximum length of a path with its query, in bytes. The gateway limits the request line with all headers to
/// 10 240 bytes; a URI of more than 65 534 could not be built.
const LONGEST: usize = 16 << 10;

/// The header that the distribution adds to each request.
const ORIGIN_KEY: &str = "x-origin-key";

/// The accepted values of the distribution's header: the current one and, during a key rotation, the previous one.
/// If there are none, requests need not come through a distribution.
#[derive(Clone, Debug, Default)]
pub struct OriginKeys {
    keys: Arc<[digest::Digest]>,
    /// Whether a request whose access token the gateway has verified may come past the distribution.
    direct_calls: bool,
}

impl OriginKeys {
    /// Reads `ORIGIN_KEYS`, separated by spaces, and `DIRECT_CALLS`, which is `true` or `false`.
    #[must_use]
    pub fn of(env: &Env) -> Self {
        let keys = env.get("ORIGIN_KEYS").unwrap_or_default().split_ascii_whitespace();
        Self {
            keys: keys.map(|key| digest::digest(&digest::SHA256, key.as_bytes())).collect(),
            direct_calls: env.get("DIRECT_CALLS") == Some("true"),
        }
    }

    /// Whether a request came through the distribution. Only hashes of the header are compared. A caller cannot choose
    /// their bytes, so the duration of the comparison reveals nothing.
    fn match_key(&self, payload: &Value) -> bool {
        let given = payload["headers"][ORIGIN_KEY].as_str().map(|key| digest::digest(&digest::SHA256, key.as_bytes()));
        self.keys.is_empty() || given.is_some_and(|given| self.keys.iter().any(|key| key.as_ref() == given.as_ref()))
    }

    /// Whether a request may bypass the distribution: direct calls are allowed, and the gateway has verified its access
    /// token. A header cannot change the claims of the gateway.
    fn allow_direct(&self, payload: &Value) -> bool {
        self.direct_calls && payload["requestContext"]["authorizer"]["jwt"]["claims"].is_object()
    }
}

/// Passes a request to a router and returns its response, both in the gateway's format. A request that did not come
/// through the distribution gets a 403, unless `keys` allows direct calls and the gateway has verified its access token.
///
/// # Errors
/// When the payload is not a request of an HTTP API, or the body of the response cannot be read.
pub async fn invoke(router: Router, mut payload: Value, keys: &OriginKeys) -> Result<Value, Error> {
    if !keys.match_key(&payload) {
        if !keys.allow_direct(&payload) {
            return Ok(forbidden());
        }
        appear_distributed(&mut payload);
    }
    let Some(payload) = made_valid(payload) else { return Ok(too_long()) };
    let request = LambdaRequest::ApiGatewayV2(serde_json::from_value(payload)?);
    let request = into_axum(lambda_http::Request::from(request));
    let Ok(response) = router.oneshot(request).await;
    answer(response).await
}

/// Gives a direct call the addresses that it would have behind the distribution. Its `X-Forwarded-For` begins with what the
/// caller sent.
fn appear_distributed(payload: &mut Value) {
    let source = payload["requestContext"]["http"]["sourceIp"].as_str().unwrap_or_default();
    let addresses = format!("{source}, {source}");
    if let Some(headers) = payload["headers"].as_object_mut() {
        headers.retain(|name, _| !name.eq_ignore_ascii_case("x-forwarded-for"));
        headers.insert("x-forwarded-for".to_owned(), addresses.into());
    }
}

/// A request for axum. An HTTP API decodes paths, and `lambda_http` parses the result as part of a URL: a `#` in it
/// would begin a fragment, `..` would go up, and a `%` would be decoded again. So the path is encoded again.
fn into_axum(request: lambda_http::Request) -> Request {
    let path = utf8_percent_encode(request.raw_http_path(), IN_PATH).to_string();
    let path_and_query = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut request = request.map(|body| match body {
        lambda_http::Body::Text(text) => text.into(),
        lambda_http::Body::Binary(bytes) => bytes.into(),
        _ => Body::empty(),
    });
    if let Ok(uri) = path_and_query.parse() {
        *request.uri_mut() = uri;
    }
    request
}

/// Makes path, query and headers of a payload valid; `None` when path and query are too long.
fn made_valid(mut payload: Value) -> Option<Value> {
    let path = payload["rawPath"].as_str().unwrap_or_default();
    // `into_axum` encodes the path. Without a slash it would be part of the host.
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let query = utf8_percent_encode(payload["rawQueryString"].as_str().unwrap_or_default(), IN_QUERY).to_string();
    let length = path.len() + query.len();
    (payload["rawPath"], payload["rawQueryString"]) = (path.into(), query.into());
    if let Some(headers) = payload["headers"].as_object_mut() {
        // The request's host and scheme are not used: addresses come from configuration.
        headers.retain(|name, value| {
            let valid = name.parse::<HeaderName>().is_ok()
                && value.as_str().is_some_and(|value| value.parse::<HeaderValue>().is_ok());
            valid && !["host", "x-forwarded-proto", ORIGIN_KEY].contains(&name.to_ascii_lowercase().as_str())
        });
    }
    if let Some(members) = payload.as_object_mut() {
        // The raw query is complete. The gateway's parsed form is not always valid.
        members.remove("queryStringParameters");
        if let Some(context) = members.get_mut("requestContext").and_then(Value::as_object_mut) {
            context.remove("domainName");
        }
    }
    (length <= LONGEST).then_some(payload)
}

/// A response for the gateway. `lambda_http`'s conversion contains the decoders of all text encodings, which are 8 % of a
/// function's size; these bodies are UTF-8 or binary.
async fn answer(response: Response) -> Result<Value, Error> {
    let (parts, body) = response.into_parts();
    let (mut headers, mut cookies) = (Map::new(), Vec::new());
    for name in parts.headers.keys() {
        let values = parts.headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        if name == SET_COOKIE {
            cookies.extend(values.map(String::from));
        } else {
            headers.insert(name.to_string(), values.collect::<Vec<_>>().join(", ").into());
        }
    }
    let body = to_bytes(body, usize::MAX).await?;
    let text = std::str::from_utf8(&body).ok().filter(|_| !parts.headers.contains_key(CONTENT_ENCODING));
    Ok(json!({
        "statusCode": parts.status.as_u16(), "headers": headers, "cookies": cookies, "isBase64Encoded": text.is_none(),
        "body": text.map_or_else(|| STANDARD.encode(&body), str::to_owned),
    }))
}

fn too_long() -> Value {
    let detail = format!("The path and the query have more than {LONGEST} bytes. Shorten the query.");
    problem(414, "URI Too Long", "uri_too_long", &detail)
}

fn forbidden() -> Value {
    problem(403, "Forbidden", "forbidden", "Send this request to the installation's public address.")
}

fn problem(status: u16, title: &str, code: &str, detail: &str) -> Value {
    let problem = json!({
        "type": "about:blank", "title": title, "status": status, "code": code, "detail": detail, "message": title,
        "details": [],
    });
    json!({
        "statusCode": status, "isBase64Encoded": false, "cookies": [], "body": problem.to_string(),
        "headers": {"content-type": "application/problem+json", "cache-control": "no-store"},
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Uri;
    use axum::routing::any;

    fn request(path: &str, query: &str, headers: Value) -> Value {
        json!({
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query, "headers": headers,
            "queryStringParameters": {"a": null},
            "requestContext": {
                "accountId": "1", "apiId": "a", "domainName": "not a host", "stage": "$default", "timeEpoch": 0,
                "http": {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "::1", "userAgent": ""},
            },
            "isBase64Encoded": false,
        })
    }

    async fn echo(payload: Value) -> Value {
        let router = Router::new().fallback(any(async |uri: Uri| uri.to_string()));
        invoke(router, payload, &OriginKeys::default()).await.unwrap()
    }

    #[tokio::test]
    async fn any_input_of_a_client_becomes_a_valid_request() {
        for (path, query, uri) in [
            ("/a/b", "x=1&y=%20", "/a/b?x=1&y=%20"),
            ("/a", "q=<script>\"'", "/a?q=%3Cscript%3E%22'"),
            ("/a", "q={}|\\^`#[]\u{7f}\0 ü\u{2028}?", "/a?q=%7B%7D%7C%5C%5E%60%23%5B%5D%7F%00%20%C3%BC%E2%80%A8?"),
            ("/a<b>", "", "/a%3Cb%3E"),
            ("/a b?c", "", "/a%20b%3Fc"),
            ("", "", "/"),
            (":99999", "", "/:99999"),
            ("//other.example/a", "", "//other.example/a"),
            ("/%zz", "%zz=%", "/%25zz?%zz=%"),
        ] {
            let answer = echo(request(path, query, json!({}))).await;
            assert_eq!((&answer["statusCode"], &answer["body"]), (&json!(200), &json!(uri)), "{path} {query}");
        }
    }

    #[tokio::test]
    async fn invalid_headers_are_dropped() {
        let headers = json!({
            "host": "a b", "X-Forwarded-Proto": "no scheme", "x-u": "ü", "x y": "1", "": "1", "x-nl": "a\r\nb", "x-nul": "\0",
            "x-number": 1, "x-ok": "1",
        });
        let router = Router::new().fallback(any(async |headers: axum::http::HeaderMap| {
            let mut names: Vec<String> = headers.keys().map(ToString::to_string).collect();
            names.sort();
            names.join(" ")
        }));
        let answer = invoke(router, request("/", "", headers), &OriginKeys::default()).await.unwrap();
        assert_eq!(answer["body"], "x-ok x-u", "{answer}");
    }

    #[tokio::test]
    async fn only_requests_through_the_distribution_are_accepted() {
        let keys = |text: &str| OriginKeys::of(&Env::new([("ORIGIN_KEYS".to_owned(), text.to_owned())]));
        for (keys, header, status) in [
            (keys("new old"), json!("new"), 200),
            (keys("new old"), json!("old"), 200),
            (keys("new old"), json!("older"), 403),
            (keys("new old"), json!("new old"), 403),
            (keys("new old"), json!(""), 403),
            (keys("new old"), Value::Null, 403),
            (keys(""), Value::Null, 200),
        ] {
            let router = Router::new().fallback(any(async |headers: axum::http::HeaderMap| {
                assert!(!headers.contains_key(ORIGIN_KEY), "the header is not passed on to handlers");
            }));
            let payload = request("/", "", json!({"x-origin-key": header}));
            let answer = invoke(router, payload, &keys).await.unwrap();
            assert_eq!(answer["statusCode"], status, "{keys:?} {header}");
        }
    }

    /// Only a token that the gateway has verified opens the direct way. The caller's address is the gateway's.
    #[tokio::test]
    async fn a_request_with_a_verified_token_may_come_directly() {
        let verified = json!({"jwt": {"claims": {"sub": "a"}, "scopes": null}});
        for (direct, authorizer, status) in [
            ("true", &verified, 200),
            ("true", &Value::Null, 403),
            ("true", &json!({"jwt": null}), 403),
            ("true", &json!({"lambda": {"claims": {}}}), 403),
            ("false", &verified, 403),
            ("", &verified, 403),
            ("yes", &verified, 403),
        ] {
            let variables = [("ORIGIN_KEYS", "key"), ("DIRECT_CALLS", direct)];
            let env = Env::new(variables.map(|(name, value)| (name.to_owned(), value.to_owned())));
            let router = Router::new().fallback(any(async |request: axum::extract::Request| {
                let admission = crate::caller::admission(request.extensions(), request.headers(), None);
                admission.viewer.map(|address| address.to_string()).unwrap_or_default()
            }));
            let sent = json!({"X-Forwarded-For": "203.0.113.9, 203.0.113.10", "x-forwarded-for": "203.0.113.11, ::1"});
            let mut payload = request("/", "", sent);
            payload["requestContext"]["authorizer"] = authorizer.clone();
            let answer = invoke(router, payload, &OriginKeys::of(&env)).await.unwrap();
            assert_eq!(answer["statusCode"], status, "{direct} {authorizer}");
            if status == 200 {
                assert_eq!(answer["body"], "::1");
            }
        }
    }

    #[tokio::test]
    async fn bodies_are_text_or_base64() {
        let router = || Router::new().fallback(any(async |body: axum::body::Bytes| body));
        for (body, encoded, back) in [
            (json!("{\"ü\": 1}"), false, json!("{\"ü\": 1}")),
            (json!("w7w="), true, json!("ü")),
            (json!("/wA="), true, json!("/wA=")),
            (Value::Null, false, json!("")),
        ] {
            let mut payload = request("/", "", json!({}));
            (payload["body"], payload["isBase64Encoded"]) = (body, encoded.into());
            let answer = invoke(router(), payload, &OriginKeys::default()).await.unwrap();
            assert_eq!((&answer["body"], &answer["isBase64Encoded"]), (&back, &json!(back == "/wA=")));
        }
        for invalid in [json!({}), json!({"requestContext": {"http": {"method": "G E T"}}})] {
            assert!(invoke(router(), invalid, &OriginKeys::default()).await.is_err());
        }
    }

    #[tokio::test]
    async fn compressed_bodies_and_cookies_keep_their_form() {
        let router = Router::new().fallback(any(async || {
            ([("content-encoding", "gzip"), ("vary", "a"), ("set-cookie", "a=1")], "no gzip, but text")
        }));
        let answer = invoke(router, request("/", "", json!({})), &OriginKeys::default()).await.unwrap();
        assert_eq!(answer["isBase64Encoded"], true);
        assert_eq!((&answer["cookies"], &answer["headers"]["vary"]), (&json!(["a=1"]), &json!("a")));
        assert!(answer["headers"].get("set-cookie").is_none());
    }

    #[tokio::test]
    async fn a_query_that_is_too_long_is_rejected() {
        let answer = echo(request("/", &"<".repeat(LONGEST / 3 + 1), json!({}))).await;
        assert_eq!(answer["statusCode"], 414);
        assert_eq!(echo(request("/", &"a".repeat(LONGEST - 1), json!({}))).await["statusCode"], 200);
    }
}
