//! Hostile input: always a 4xx that names the fault, never a 5xx or a panic.

use axum::body::Body;
use serde_json::{Value, json};

use crate::world::{ADA, REALM, World, job};

#[tokio::test(flavor = "multi_thread")]
async fn bodies_over_64_kilobytes_are_too_large() {
    let world = World::new().await;
    let invited = world.invite().await;
    let (ceremony, _) = world.prepare(&invited).await;
    let token = world.token();
    let large = json!({"job": {"delivery_method": "x".repeat(64 * 1024)}}).to_string();
    world.bearing(&token, "POST", &format!("{ADA}/credential-binding-jobs"), &large).await.problem(413);
    world.bearing(&token, "PUT", REALM, &large).await.problem(413);
    world.bearing(&ceremony, "POST", &format!("{}:bind", invited.path), &large).await.problem(413);
    let fits = json!({"job": {"delivery_method": "x".repeat(60 * 1024)}}).to_string();
    world.bearing(&token, "POST", &format!("{ADA}/credential-binding-jobs"), &fits).await.problem(400);
}

fn bodies() -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = [
        "", " ", "null", "[]", "\"x\"", "1e999", "{", "{\"job\":", "{\"job\":1}", "{\"job\":[]}", "{\"job\":null}",
        "{\"type\":\"FIDO2\",\"raw\":null}", "{\"type\":\"FIDO2\",\"raw\":{}}", "{\"type\":\"FIDO2\",\"raw\":\"x\"}",
        "{\"type\":\"FIDO2\",\"raw\":{\"id\":\"\",\"rawId\":\"\",\"type\":\"public-key\",\"response\":{\"clientDataJSON\":\"\",\"attestationObject\":\"\"}}}",
        "{\"job\":{\"delivery_method\":\"\\ud800\"}}", "{\"identity\":{\"display_name\":\"\\u0000\"}}",
        "{\"realm\":{\"display_name\":{\"a\":1},\"theme\":[],\"email\":7,\"link_lifetime\":\"x\"}}",
        "{\"authenticator_config\":{\"config\":[],\"passkey_policy\":\"none\"}}",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    bodies.push("[".repeat(30_000).into_bytes());
    bodies.push(format!("{{\"job\":{}1{}}}", "{\"a\":".repeat(5000), "}".repeat(5000)).into_bytes());
    bodies.push(vec![0xff, 0xfe, 0x00]);
    bodies
}

#[tokio::test(flavor = "multi_thread")]
async fn no_body_causes_a_failure() {
    let world = World::new().await;
    let invited = world.invite().await;
    let (ceremony, _) = world.prepare(&invited).await;
    let token = world.token();
    let operations = [
        (&token, "POST", format!("{ADA}/credential-binding-jobs")),
        (&token, "PUT", REALM.to_owned()),
        (&token, "POST", format!("{REALM}/identities")),
        (&token, "PUT", format!("{REALM}/identities/x")),
        (&token, "PATCH", ADA.to_owned()),
        (&token, "POST", format!("{REALM}/authenticator-configs")),
        (&token, "PATCH", format!("{REALM}/authenticator-configs/hosted")),
        (&ceremony, "POST", format!("{}:bind", invited.path)),
    ];
    for (token, method, path) in &operations {
        for body in bodies() {
            let authorization = format!("Bearer {token}");
            let shown = String::from_utf8_lossy(&body).chars().take(60).collect::<String>();
            let answer = world.send(method, path, &[("authorization", &authorization)], Body::from(body)).await;
            assert!((400..500).contains(&answer.status), "{method} {path} {shown}: {} {}", answer.status, answer.text);
            assert!(answer.json["detail"].is_string() && answer.json["code"].is_string(), "{}", answer.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_path_causes_a_failure() {
    let world = World::new().await;
    let token = world.token();
    let long = "x".repeat(4000);
    let ids = [
        "%00",
        "%0a",
        "%2e%2e",
        "..",
        ".",
        "-",
        "%ff",
        "a%2Fb",
        "%F0%9F%92%A9",
        "a:b",
        ":",
        "%",
        "'",
        "\"",
        "{x}",
        &long,
    ];
    for id in ids {
        for path in [
            format!("/v1/tenants/demo/realms/{id}"),
            format!("/v1/tenants/{id}/realms/demo"),
            format!("{REALM}/identities/{id}"),
            format!("{REALM}/identities/{id}/credentials"),
            format!("{ADA}/credential-binding-jobs/{id}"),
            format!("{ADA}/credentials/{id}"),
            format!("{ADA}/credential-binding-jobs/{id}:preview"),
            format!("{ADA}/credential-binding-jobs/{id}:invokeAuthenticator?token={id}"),
            format!("{ADA}/credential-binding-jobs?page_token={id}&page_size={id}"),
        ] {
            let Ok(_) = format!("http://localhost{path}").parse::<axum::http::Uri>() else { continue };
            let answer = world.bearing(&token, "GET", &path, "").await;
            assert!(answer.status < 500, "{path}: {} {}", answer.status, answer.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_header_causes_a_failure() {
    let world = World::new().await;
    let authorization = format!("Bearer {}", world.token());
    for (name, value) in [
        ("host", "[bad"),
        ("host", "a b"),
        ("x-forwarded-proto", "not a scheme"),
        ("x-forwarded-for", "\u{7f}"),
        ("accept", ",,;;q="),
        ("content-type", "multipart/form-data"),
        ("content-encoding", "gzip"),
        ("cookie", "=;;="),
        ("authorization", "Bearer"),
        ("authorization", "Basic bG9jYWw6bG9jYWw="),
    ] {
        let Ok(_) = axum::http::HeaderValue::from_str(value) else { continue };
        let mut headers = vec![(name, value)];
        if name != "authorization" {
            headers.push(("authorization", authorization.as_str()));
        }
        let body = job("RETURN", &json!({})).to_string();
        let answer = world.send("POST", &format!("{ADA}/credential-binding-jobs"), &headers, body).await;
        assert!(answer.status < 500, "{name}: {value}: {} {}", answer.status, answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_route_is_a_problem() {
    let world = World::new().await;
    for (method, path) in
        [("GET", "/v1"), ("GET", "/v1/tenants"), ("POST", "/bind"), ("DELETE", "/v1/tenants/demo"), ("BREW", ADA)]
    {
        world.call(method, path, &Value::Null).await.problem(404);
    }
}
