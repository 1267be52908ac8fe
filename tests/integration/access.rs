//! Access control: every management operation of the template with every invalid token.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use local::{Access, Route, TEMPLATE, Template};
use ring::hmac;
use serde_json::{Value, json};

use crate::lambda;
use crate::world::{ADA, World};

/// All operations that require a token: method, path with valid ids, scopes.
fn operations() -> Vec<(String, String, Vec<String>)> {
    let template = Template::parse(TEMPLATE, &[]).unwrap();
    let functions = template.functions().unwrap();
    let routes = functions.into_iter().flat_map(|function| function.routes);
    let operations = routes.filter_map(|route| match route.access {
        Access::Public => None,
        Access::Token(scopes) => Some((route.method, filled(&route.path), scopes)),
    });
    operations.collect()
}

fn filled(path: &str) -> String {
    let id = "01a20a52-8cdd-7ce4-b7e8-52164f112b0f";
    path.replace("{tenant_id}", "demo")
        .replace("{realm_id}", "demo")
        .replace("{identity_id}", "ada")
        .replace("{config_id}", "hosted")
        .replace("{job_id}", id)
        .replace("{credential_id}", id)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_rejects_every_invalid_token() {
    let world = World::new().await;
    let operations = operations();
    assert!(operations.len() >= 19, "{}", operations.len());
    let good = world.token();
    let now = world.stack.clock().now().seconds();
    let wrong = [
        ("no token", None, 401),
        ("expired", Some(world.token_with(&json!({"exp": now - 1}))), 401),
        ("of the future", Some(world.token_with(&json!({"iat": now + 3600}))), 401),
        ("other audience", Some(world.token_with(&json!({"aud": "other"}))), 401),
        ("no audience", Some(world.token_with(&json!({"aud": null}))), 401),
        ("other issuer", Some(world.token_with(&json!({"iss": "https://evil.example"}))), 401),
        ("alg none", Some(unsigned(&good)), 401),
        ("HS256 with the public key", Some(symmetric(&good, &world).await), 401),
        ("changed", Some(changed(&good)), 401),
        ("a link's secret", Some(world.invite().await.secret), 401),
        ("other tenant", Some(world.token_with(&json!({"tenant_id": "other"}))), 403),
        ("no tenant", Some(world.token_with(&json!({"tenant_id": null}))), 403),
    ];
    let before = world.items().len();
    for (method, path, scopes) in &operations {
        for (what, token, status) in &wrong {
            let answer = match token {
                Some(token) => world.bearing(token, method, path, "{}").await,
                None => world.send(method, path, &[], "{}").await,
            };
            let status = *status;
            assert_eq!(answer.status, status, "{method} {path} with {what}: {}", answer.text);
            answer.problem(status);
        }
        if let Some(needed) = scopes.first() {
            let all = "realms:read realms:update identities:create identities:read identities:update \
                identities:delete authenticator-configs:create authenticator-configs:read \
                authenticator-configs:update authenticator-configs:delete credential-binding-jobs:create \
                credential-binding-jobs:read credential-binding-jobs:revoke credential-binding-jobs:update credentials:read credentials:revoke";
            let others: Vec<&str> = all.split_whitespace().filter(|scope| scope != needed).collect();
            let token = world.token_with(&json!({"scope": others.join(" ")}));
            world.bearing(&token, method, path, "{}").await.problem(403);
        }
    }
    assert_eq!(world.items().len(), before, "nothing was written");
}

/// The gateway checks scopes, and so does each function: every operation of openapi.json, without the gateway.
#[tokio::test(flavor = "multi_thread")]
async fn a_function_without_a_gateway_checks_scopes_too() {
    let world = World::new().await;
    let document = world.send("GET", "/openapi.json", &[], "").await.ok();
    let operations = described(&document);
    let all: BTreeSet<&str> = operations.iter().filter_map(|(.., scope)| *scope).collect();
    assert!(operations.len() > 20 && all.len() > 12, "{operations:?}");
    let functions = Template::parse(TEMPLATE, &[]).unwrap().functions().unwrap();
    let before = world.items();
    for (method, path, scope) in &operations {
        let serves = |route: &&Route| route.method == *method && route.path == *path;
        let function = functions.iter().find(|function| function.routes.iter().any(|route| serves(&route))).unwrap();
        let ask = async |claims: Value| {
            let answer = world.invoke(&function.id, &lambda::request(method, &filled(path), &claims)).await.ok();
            let problem: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
            assert_eq!(problem["status"], answer["statusCode"], "{method} {path}: {answer}");
            answer["statusCode"].as_u64().unwrap()
        };
        let of_tenant = |tenant: &str, scopes: &[&str]| json!({"tenant_id": tenant, "scope": scopes.join(" ")});
        let everything: Vec<&str> = all.iter().copied().collect();
        assert_eq!(ask(Value::Null).await, 401, "{method} {path} without claims");
        assert_eq!(ask(of_tenant("other", &everything)).await, 403, "{method} {path} for another tenant");
        assert_eq!(ask(json!({"scope": everything.join(" ")})).await, 403, "{method} {path} without a tenant");
        let Some(scope) = scope else { continue };
        let others: Vec<&str> = everything.iter().copied().filter(|other| other != scope).collect();
        assert_eq!(ask(of_tenant("demo", &others)).await, 403, "{method} {path} without {scope}");
        assert_eq!(ask(json!({"tenant_id": "demo"})).await, 403, "{method} {path} without scopes");
    }
    assert_eq!(world.items(), before);
}

/// The described operations that require an access token: method, route, and the scope if one is required.
fn described(document: &Value) -> Vec<(String, String, Option<&str>)> {
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let Some(scopes) = operation["security"].get(0).and_then(|scheme| scheme["developer"].as_array()) else {
                continue;
            };
            assert!(scopes.len() <= 1, "{method} {path}");
            let scope = scopes.first().map(|scope| scope.as_str().unwrap());
            operations.push((method.to_uppercase(), path.replace(':', "/"), scope));
        }
    }
    operations
}

fn unsigned(token: &str) -> String {
    let claims = token.split('.').nth(1).unwrap();
    format!("{}.{claims}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#))
}

async fn symmetric(token: &str, world: &World) -> String {
    let jwks = world.send("GET", "/oauth2/jwks.json", &[], "").await.ok();
    let modulus = URL_SAFE_NO_PAD.decode(jwks["keys"][0]["n"].as_str().unwrap()).unwrap();
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","kid":"local","typ":"JWT"}"#);
    let signed = format!("{header}.{}", token.split('.').nth(1).unwrap());
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &modulus), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac))
}

fn changed(token: &str) -> String {
    let mut parts = token.split('.');
    let (header, claims, signature) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    let claims = URL_SAFE_NO_PAD.decode(claims).unwrap();
    let mut claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["tenant_id"] = json!("other");
    format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims.to_string()))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_local_issuer_issues_requested_tokens() {
    let world = World::new().await;
    let form = "grant_type=client_credentials&client_id=local&client_secret=local&scope=realms%3Aread&tenant_id=demo";
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let answer = world.send("POST", "/oauth2/token", &kind, form).await.ok();
    let token = answer["access_token"].as_str().unwrap();
    world.bearing(token, "GET", "/v1/tenants/demo/realms/demo", "").await.ok();
    world.bearing(token, "GET", ADA, "").await.problem(403);
    for (form, status) in [
        ("grant_type=password", 400),
        ("grant_type=client_credentials&client_id=local&client_secret=wrong", 401),
        ("grant_type=client_credentials&client_id=local&client_secret=local&scope=all", 400),
    ] {
        assert_eq!(world.send("POST", "/oauth2/token", &kind, form).await.status, status, "{form}");
    }
}
