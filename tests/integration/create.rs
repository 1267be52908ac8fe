//! Creating jobs: which requests are rejected, and how.
//!
//! Operations: createJob.

use serde_json::{Value, json};

use crate::authenticator;
use crate::world::{ADA, REALM, World, job};

#[tokio::test(flavor = "multi_thread")]
async fn all_violations_are_reported_at_once() {
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
async fn an_unknown_resource_is_named() {
    let world = World::new().await;
    for (path, more, resource, id) in [
        (format!("{REALM}/identities/nobody/credential-binding-jobs"), json!({}), "Identity", "nobody"),
        (
            format!("{ADA}/credential-binding-jobs"),
            json!({"authenticator_config_id": "none"}),
            "AuthenticatorConfig",
            "none",
        ),
        ("/v1/tenants/demo/realms/none/identities/ada/credential-binding-jobs".into(), json!({}), "Realm", "none"),
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
async fn redirect_uris_must_match_exactly() {
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
    assert!(answer.json["message"].as_str().unwrap().starts_with("Identity missing email address"), "{}", answer.text);
    assert_eq!(
        (&answer.json["title"], &answer.json["details"][0]["id"]),
        (&json!("Identity missing email address"), &json!("bob"))
    );
    world.call("POST", &path, &job("RETURN", &json!({}))).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_realm_can_forbid_return_or_require_a_scope() {
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

/// Published clients send text/plain. The body is parsed as JSON whatever its type is.
#[tokio::test(flavor = "multi_thread")]
async fn the_content_type_is_ignored() {
    let world = World::new().await;
    let authorization = format!("Bearer {}", world.token());
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8"] {
        let headers = [("authorization", authorization.as_str()), ("content-type", kind)];
        let body = job("RETURN", &json!({})).to_string();
        world.send("POST", &format!("{ADA}/credential-binding-jobs"), &headers, body).await.ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_cannot_be_posted() {
    let world = World::new().await;
    let answer = world.call("POST", &format!("{ADA}/credentials"), &json!({"credential": {}})).await;
    answer.problem(405);
    assert_eq!(answer.headers["allow"], "GET");
    let detail = answer.json["detail"].as_str().unwrap();
    assert!(detail.contains("only through credential binding jobs"), "{detail}");
    assert!(detail.contains(&format!("{ADA}/credential-binding-jobs")), "{detail}");
}

/// The link is built from the configured address, whatever the request's headers are.
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

/// A job can have its own config, as in the published API.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_can_have_its_own_config() {
    let world = World::new().await;
    let path = format!("{ADA}/credential-binding-jobs");
    let app = world.stack.app().to_owned();
    let inline =
        |config: Value| json!({"job": {"delivery_method": "RETURN", "authenticator_config": {"config": config}}});
    let config = json!({"type": "embedded", "invoke_url": app, "trusted_origins": [app]});
    let created = world.call("POST", &path, &inline(config.clone())).await.ok();
    let link = created["credential_binding_link"].as_str().unwrap().strip_prefix(world.stack.base()).unwrap();
    assert!(link.contains(":invokeAuthenticator?token="), "{link}");
    let instruction = world.send("GET", link, &[("accept", "application/json")], "").await.ok();
    let job = created["credential_binding_job"]["id"].as_str().unwrap();
    let (ceremony, job) = (instruction["token"].as_str().unwrap(), format!("{path}/{job}"));
    let info = world.bearing(ceremony, "POST", &format!("{job}:getInfo"), "").await.ok();
    assert_eq!(info["authenticator_config"]["config"]["invoke_url"], json!(app));
    let registration = authenticator::register(&info["creation_options"], &app);
    let body = json!({"type": "FIDO2", "raw": registration}).to_string();
    let bound = world.bearing(ceremony, "POST", &format!("{job}:bind"), &body).await.ok();
    let proof = world.get(&format!("{ADA}/credentials/{}/proof", bound["id"].as_str().unwrap())).await;
    assert!(proof["expected"]["origins"].to_string().contains(&app), "{proof}");
    // It appears in no list, but the version that the job names is readable.
    let config_id = created["credential_binding_job"]["authenticator_config_id"].as_str().unwrap();
    let version = world.get(&format!("{REALM}/authenticator-configs/{config_id}?version=1")).await;
    assert_eq!(version["config"]["invoke_url"], json!(app));
    let configs = world.get(&format!("{REALM}/authenticator-configs")).await;
    assert_eq!(configs["total_size"], 2);
    // The same key returns the same job, and another config makes it another request.
    let keyed = async |body: &Value| {
        let authorization = format!("Bearer {}", world.token());
        let headers = [("authorization", authorization.as_str()), ("idempotency-key", "inline")];
        world.send("POST", &path, &headers, body.to_string()).await
    };
    let first = keyed(&inline(config.clone())).await.ok();
    assert_eq!(keyed(&inline(config)).await.ok(), first);
    keyed(&inline(json!({"type": "hosted_web"}))).await.problem(422);
    for (config, more, fields) in [
        (json!({"type": "embedded"}), json!({}), vec!["job.authenticator_config.config.invoke_url"]),
        (
            json!("hosted_web"),
            json!({}),
            vec!["job.authenticator_config.config", "job.authenticator_config.config.type"],
        ),
        (json!(null), json!({}), vec!["job.authenticator_config.config", "job.authenticator_config.config.type"]),
        (json!({"type": "hosted_web"}), json!({"authenticator_config_id": "hosted"}), vec!["job.authenticator_config"]),
    ] {
        let mut body = inline(config);
        body["job"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(world.call("POST", &path, &body).await.fields(), fields, "{body}");
    }
    let neither = json!({"job": {"delivery_method": "RETURN"}});
    assert_eq!(world.call("POST", &path, &neither).await.fields(), ["job.authenticator_config_id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_may_be_written_with_an_underscore() {
    let world = World::new().await;
    let traits = json!({"username": "ada", "primary_email_address": "ada@example.com", "locale": "en_US"});
    let ada = world.call("PUT", ADA, &json!({"identity": {"traits": traits}})).await.ok();
    assert_eq!((&ada["traits"]["locale"], &ada["display_name"]), (&json!("en-US"), &json!("ada")));
    let path = format!("{ADA}/credential-binding-jobs");
    world.call("POST", &path, &job("EMAIL", &json!({"locale": "de_AT"}))).await.ok();
    let mails = world.eventually("mail", |mails| mails.len() == 1).await;
    assert!(mails[0]["text"].as_str().unwrap().contains("Passkey"), "{}", mails[0]["text"]);
    assert!(mails[0]["html"].as_str().unwrap().contains("lang=\"de"), "{}", mails[0]["html"]);
    for bad in ["en US", "e-", "_en", "en__US"] {
        let refused = world.call("POST", &path, &job("EMAIL", &json!({"locale": bad}))).await;
        assert_eq!(refused.fields(), ["job.locale"], "{bad}");
    }
}
