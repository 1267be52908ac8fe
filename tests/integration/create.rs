//! Creating jobs: what is refused, and how it is told.
//!
//! Operations: createJob.

use serde_json::{Value, json};

use crate::world::{ADA, REALM, World, job};

#[tokio::test(flavor = "multi_thread")]
async fn all_violations_at_once() {
    let world = World::new().await;
    let path = format!("{ADA}/credential-binding-jobs");
    let body = json!({"job": {
        "delivery_method": "PIGEON", "authenticator_config_id": "a/b",
        "post_binding_redirect_uri": "https://evil.example/", "expires_in_seconds": 1, "locale": "not a tag",
        "state": "COMPLETE", "unknown": 1,
    }});
    let answer = world.call("POST", &path, &body).await;
    answer.problem(400);
    assert_eq!(
        answer.fields(),
        [
            "job.delivery_method",
            "job.authenticator_config_id",
            "job.post_binding_redirect_uri",
            "job.expires_in_seconds",
            "job.locale"
        ]
    );
    assert_eq!(world.call("POST", &path, &json!({})).await.fields(), ["job"]);
    let missing = world.call("POST", &path, &json!({"job": {}})).await;
    assert_eq!(missing.fields(), ["job.delivery_method", "job.authenticator_config_id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unknown_is_named() {
    let world = World::new().await;
    for (path, more, resource, id) in [
        (format!("{REALM}/identities/nobody/credential-binding-jobs"), json!({}), "identity", "nobody"),
        (
            format!("{ADA}/credential-binding-jobs"),
            json!({"authenticator_config_id": "none"}),
            "authenticator_config",
            "none",
        ),
        ("/v1/tenants/demo/realms/none/identities/ada/credential-binding-jobs".into(), json!({}), "realm", "none"),
    ] {
        let answer = world.call("POST", &path, &job("RETURN", &more)).await;
        answer.problem(404);
        let info = &answer.json["details"][0];
        assert_eq!(
            (&info["type"], &info["resource_type"], &info["id"]),
            (&json!("ResourceInfo"), &json!(resource), &json!(id))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redirect_uris_match_to_the_letter() {
    let world = World::new().await;
    let path = format!("{ADA}/credential-binding-jobs");
    let try_uri =
        async |uri: &str| world.call("POST", &path, &job("RETURN", &json!({"post_binding_redirect_uri": uri}))).await;
    let listed = "https://app.example.com/welcome";
    let made = try_uri(listed).await.ok();
    assert_eq!(made["credential_binding_job"]["post_binding_redirect_uri"], listed);
    for near in [
        "https://app.example.com/welcome/",
        "https://app.example.com/welcome?x=1",
        "https://app.example.com/welcome#x",
        "https://badapp.example.com/welcome",
        "https://app.example.com.evil.example/welcome",
        "https://user@app.example.com/welcome",
        "http://app.example.com/welcome",
        "javascript:alert(1)",
        "//app.example.com/welcome",
    ] {
        assert_eq!(try_uri(near).await.fields(), ["job.post_binding_redirect_uri"], "{near}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_needs_an_address() {
    let world = World::new().await;
    let bob = json!({"identity": {"display_name": "Bob", "traits": {"username": "bob"}}});
    world.call("PUT", &format!("{REALM}/identities/bob"), &bob).await.ok();
    let path = format!("{REALM}/identities/bob/credential-binding-jobs");
    let answer = world.call("POST", &path, &job("EMAIL", &json!({}))).await;
    answer.problem(422);
    assert_eq!(answer.json["message"], "Identity missing email address");
    world.call("POST", &path, &job("RETURN", &json!({}))).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_realm_can_forbid_return_or_ask_for_a_scope() {
    let world = World::new().await;
    let path = format!("{ADA}/credential-binding-jobs");
    let set = async |value: &str| {
        let realm = json!({"realm": {"display_name": "Demo", "return_delivery": value}});
        world.call("PUT", REALM, &realm).await.ok();
    };
    set("forbidden").await;
    world.call("POST", &path, &job("RETURN", &json!({}))).await.problem(403);
    world.call("POST", &path, &job("EMAIL", &json!({}))).await.ok();
    set("scoped").await;
    world.call("POST", &path, &job("RETURN", &json!({}))).await.problem(403);
    let scope = "credential-binding-jobs:create credential-binding-jobs:return";
    let token = world.token_with(&json!({"scope": scope}));
    world.bearing(&token, "POST", &path, &job("RETURN", &json!({})).to_string()).await.ok();
}

/// Published clients send text/plain; the body is JSON whatever its type says.
#[tokio::test(flavor = "multi_thread")]
async fn the_content_type_is_not_asked() {
    let world = World::new().await;
    let authorization = format!("Bearer {}", world.token());
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8"] {
        let headers = [("authorization", authorization.as_str()), ("content-type", kind)];
        let body = job("RETURN", &json!({})).to_string();
        world.send("POST", &format!("{ADA}/credential-binding-jobs"), &headers, body).await.ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_not_posted() {
    let world = World::new().await;
    let answer = world.call("POST", &format!("{ADA}/credentials"), &json!({"credential": {}})).await;
    answer.problem(405);
    assert_eq!(answer.headers["allow"], "GET");
    let detail = answer.json["detail"].as_str().unwrap();
    assert!(detail.contains("only through credential binding jobs"), "{detail}");
    assert!(detail.contains(&format!("{ADA}/credential-binding-jobs")), "{detail}");
}

/// The link is made of the configured address, whatever a request says of itself.
#[tokio::test(flavor = "multi_thread")]
async fn no_header_changes_the_link() {
    let world = World::new().await;
    let authorization = format!("Bearer {}", world.token());
    let headers = [
        ("authorization", authorization.as_str()),
        ("host", "evil.example"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "gopher"),
        ("x-original-url", "https://evil.example/"),
    ];
    let body = job("RETURN", &json!({})).to_string();
    let answer = world.send("POST", &format!("{ADA}/credential-binding-jobs"), &headers, body).await.ok();
    let link = answer["credential_binding_link"].as_str().unwrap();
    assert!(link.starts_with(&format!("{}/bind#", world.stack.base())), "{link}");
    let mailed = job("EMAIL", &json!({})).to_string();
    world.send("POST", &format!("{ADA}/credential-binding-jobs"), &headers, mailed).await.ok();
    let mails = world.eventually("mail", |mails| !mails.is_empty()).await;
    assert!(!Value::from(mails).to_string().contains("evil.example"));
}
