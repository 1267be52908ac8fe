//! The console's files, and signing in to it at the local issuer.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::world::{Answer, World};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// From RFC 7636, appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_served_with_security_headers() {
    let world = World::new().await;
    let document = world.send("GET", "/console", &[], "").await;
    assert_eq!(document.status, 200);
    for path in ["/console", "/console/callback?code=x", "/console/demo/demo/jobs/a.b"] {
        for method in ["GET", "HEAD"] {
            let answer = world.send(method, path, &[], "").await;
            assert_eq!(answer.status, 200, "{method} {path}");
            assert_eq!(answer.text, if method == "GET" { document.text.as_str() } else { "" });
            assert_eq!(header(&answer, "cache-control"), "no-cache");
            assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8");
            let policy = header(&answer, "content-security-policy");
            assert!(!policy.contains("unsafe"), "{policy}");
            let directives: Vec<&str> = policy.split("; ").collect();
            for needed in [
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
                "trusted-types 'none'",
            ] {
                assert!(directives.contains(&needed), "{needed} in {policy}");
            }
            let connect = format!("connect-src 'self' {}", world.stack.base());
            assert!(directives.contains(&connect.as_str()), "{connect} in {policy}");
            assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
            assert_eq!(header(&answer, "referrer-policy"), "no-referrer");
            assert_eq!(header(&answer, "cross-origin-opener-policy"), "same-origin");
            assert!(header(&answer, "strict-transport-security").starts_with("max-age=63072000"));
        }
    }
    let etag = header(&document, "etag").to_owned();
    let again = world.send("GET", "/console", &[("if-none-match", &format!("\"x\", {etag}"))], "").await;
    assert_eq!((again.status, again.text.as_str(), header(&again, "etag")), (304, "", etag.as_str()));
    let loaded: Vec<&str> = document.text.split('"').filter(|part| part.starts_with("/console/assets/")).collect();
    assert_eq!(loaded.len(), 2, "a script and a style: {}", document.text);
    for path in loaded {
        let asset = world.send("GET", path, &[], "").await;
        assert_eq!(asset.status, 200, "{path}");
        assert!(header(&asset, "cache-control").contains("immutable"), "{path}");
        let kind = if path.ends_with(".js") { "text/javascript" } else { "text/css" };
        assert!(header(&asset, "content-type").starts_with(kind), "{path}");
        let known = world.send("GET", path, &[("if-none-match", header(&asset, "etag"))], "").await;
        assert_eq!(known.status, 304, "{path}");
    }
    world.send("GET", "/console/assets/console-0000000000000000.js", &[], "").await.problem(404);
    world.send("POST", "/console", &[], "").await.problem(404);
    let settings = world.send("GET", "/console/settings.json", &[], "").await;
    assert_eq!(header(&settings, "cache-control"), "no-store");
    assert_eq!(settings.json["issuer"], format!("{}/oauth2", world.stack.base()));
    assert_eq!(settings.json["client_id"], "console");
    assert_eq!(settings.json["local"], true);
}

fn form(pairs: &[(&str, &str)]) -> String {
    let encode = |text: &str| -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
    };
    pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

/// The parameters of a request for a code, with some replaced.
fn asked<'a>(callback: &'a str, others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut pairs = vec![
        ("response_type", "code"),
        ("client_id", "console"),
        ("redirect_uri", callback),
        ("scope", "realms:read credentials:revoke"),
        ("state", "s&1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    pairs.retain(|(name, _)| others.iter().all(|(other, _)| other != name));
    pairs.extend(others);
    pairs
}

async fn code(world: &World, callback: &str, access: &str) -> String {
    let pairs = asked(callback, &[("access", access), ("tenant_id", "acme")]);
    let answer = world.send("POST", "/oauth2/authorize", &[], form(&pairs)).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let location = header(&answer, "location");
    assert!(location.starts_with(&format!("{callback}?code=")), "{location}");
    assert!(location.contains("&state=s%261&iss=http"), "{location}");
    location.split_once("code=").unwrap().1.split('&').next().unwrap().to_owned()
}

async fn redeem(world: &World, pairs: &[(&str, &str)]) -> Answer {
    world.send("POST", "/oauth2/token", &[], form(pairs)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_becomes_a_token_once() {
    let world = World::new().await;
    world.stack.clock().stop();
    let callback = format!("{}/console/callback", world.stack.base());
    let page = world.send("GET", &format!("/oauth2/authorize?{}", form(&asked(&callback, &[]))), &[], "").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("value=\"s&amp;1\""), "{}", page.text);
    assert!(header(&page, "content-security-policy").contains("default-src 'none'"));
    let token_request = |code: &str, verifier: &str, callback: &str| {
        [
            ("grant_type", "authorization_code"),
            ("client_id", "console"),
            ("code", code),
            ("redirect_uri", callback),
            ("code_verifier", verifier),
        ]
        .map(|(name, value)| (name, value.to_owned()))
    };
    let exchange = async |code: &str, verifier: &str, callback: &str| {
        let pairs = token_request(code, verifier, callback);
        redeem(&world, &pairs.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>()).await
    };
    let one = code(&world, &callback, "all").await;
    let answer = exchange(&one, VERIFIER, &callback).await.ok();
    assert_eq!(answer["scope"], "realms:read credentials:revoke");
    let payload = answer["access_token"].as_str().unwrap().split('.').nth(1).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    assert_eq!((&claims["tenant_id"], &claims["client_id"]), (&json!("acme"), &json!("console")));
    let refused = async |code: &str, verifier: &str, callback: &str| {
        let answer = exchange(code, verifier, callback).await;
        assert_eq!((answer.status, &answer.json["error"]), (400, &json!("invalid_grant")), "{}", answer.text);
    };
    refused(&one, VERIFIER, &callback).await;
    let two = code(&world, &callback, "all").await;
    refused(&two, CHALLENGE, &callback).await;
    refused(&two, VERIFIER, &callback).await;
    let three = code(&world, &callback, "all").await;
    refused(&three, VERIFIER, "http://localhost/").await;
    let four = code(&world, &callback, "all").await;
    world.stack.clock().advance(60_000);
    refused(&four, VERIFIER, &callback).await;
    let five = code(&world, &callback, "read").await;
    assert_eq!(exchange(&five, VERIFIER, &callback).await.ok()["scope"], "realms:read");
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_requests_get_no_code() {
    let world = World::new().await;
    let callback = format!("{}/console/callback", world.stack.base());
    for (name, value) in [
        ("client_id", "other"),
        ("redirect_uri", "https://evil.example/"),
        ("redirect_uri", "http://localhost/console/callback"),
    ] {
        for method in ["GET", "POST"] {
            let pairs = form(&asked(&callback, &[(name, value), ("access", "all")]));
            let (query, body) =
                if method == "GET" { (format!("?{pairs}"), String::new()) } else { (String::new(), pairs) };
            let answer = world.send(method, &format!("/oauth2/authorize{query}"), &[], body).await;
            assert_eq!((answer.status, header(&answer, "location")), (400, ""), "{name} {value}");
        }
    }
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("scope", "everything", "invalid_scope"),
        ("access", "none", "access_denied"),
    ] {
        let pairs = form(&asked(&callback, &[("access", "all"), (name, value)]));
        let answer = world.send("POST", "/oauth2/authorize", &[], pairs).await;
        let location = header(&answer, "location").to_owned();
        assert!(location.starts_with(&format!("{callback}?error={error}")), "{name}: {location}");
    }
}
