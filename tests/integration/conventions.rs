//! How requests are parsed: queries, numbers, nulls, bodies, `Accept`, preflights and paths, as the standards require.

use serde_json::{Value, json};

use crate::world::{ADA, REALM, World, job};

const JOBS: &str = "/v1/tenants/demo/realms/demo/identities/ada/credential-binding-jobs";
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

fn count(page: &Value) -> usize {
    page["credential_binding_jobs"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_values_of_queries_are_decoded() {
    let world = World::new().await;
    for _ in 0..3 {
        world.invite().await;
    }
    for (query, expected) in [
        ("page_size=%32", 2),
        ("page%5Fsize=2", 2),
        ("%70age_size=2.0", 2),
        ("page_size=2e0", 2),
        ("page_size=99999999999999999999", 3),
        ("page_size=201", 3),
        ("filter=state+eq+%22LINK_SENT%22&page_size=1", 1),
        ("%66ilter=state%20eq%20%22EXPIRED%22", 0),
        ("page_size=2&ignored=%zz%ff", 2),
    ] {
        assert_eq!(count(&world.get(&format!("{JOBS}?{query}")).await), expected, "{query}");
    }
    let token = world.get(&format!("{JOBS}?page_size=2")).await["next_page_token"].as_str().unwrap().to_owned();
    let encoded: String = token.bytes().map(|byte| format!("%{byte:02X}")).collect();
    assert_eq!(count(&world.get(&format!("{JOBS}?page_size=2&page_token={encoded}")).await), 1);
    for (query, field) in [
        ("page_size=-1", "page_size"),
        ("page_size=2.5", "page_size"),
        ("page%5Fsize=x", "page_size"),
        ("skip=99999999999999999999", "skip"),
        ("filter=state+eq+%ff", "filter"),
    ] {
        let refused = world.call("GET", &format!("{JOBS}?{query}"), &Value::Null).await;
        assert_eq!(refused.fields(), [field], "{query}");
    }
    let id = world.get(JOBS).await["credential_binding_jobs"][0]["id"].clone();
    let waited = world.get(&format!("{JOBS}/{}?wait%5Fseconds=0.0&st%61te=LINK_OPENED", id.as_str().unwrap())).await;
    assert_eq!(waited["state"], "LINK_SENT");
}

#[tokio::test(flavor = "multi_thread")]
async fn integers_are_those_of_json_schema() {
    let world = World::new().await;
    let token = world.token();
    for written in ["3600", "3600.0", "3.6e3", "36e2", "3600.000"] {
        let body = format!(
            r#"{{"job":{{"delivery_method":"RETURN","authenticator_config_id":"hosted","expires_in_seconds":{written}}}}}"#
        );
        world.bearing(&token, "POST", JOBS, &body).await.ok();
    }
    for bad in ["3600.5", "\"3600\"", "true", "59.0", "1e300"] {
        let body = format!(
            r#"{{"job":{{"delivery_method":"RETURN","authenticator_config_id":"hosted","expires_in_seconds":{bad}}}}}"#
        );
        assert_eq!(world.bearing(&token, "POST", JOBS, &body).await.fields(), ["job.expires_in_seconds"], "{bad}");
    }
}

/// Every optional member of every request may be null, and then counts as absent.
#[tokio::test(flavor = "multi_thread")]
async fn null_counts_as_absent() {
    let world = World::new().await;
    let post = async |path: &str, body: Value| world.call("POST", path, &body).await.ok();
    let created = post(
        JOBS,
        job("RETURN", &json!({"post_binding_redirect_uri": null, "expires_in_seconds": null, "locale": null})),
    );
    let created = created.await["credential_binding_job"].clone();
    assert!(created.as_object().unwrap().values().all(|value| !value.is_null()), "{created}");
    assert!(created.get("post_binding_redirect_uri").is_none());
    let realm = json!({"realm": {
        "display_name": "Demo Inc.", "theme": null, "post_binding_redirect_uris": null, "return_delivery": null,
        "link_renewal": null, "email": {"from_name": null, "reply_to": null, "subject": null, "passkey_notice": null},
        "link_lifetime": {"default_seconds": null, "max_seconds": null},
    }});
    let put = world.call("PUT", REALM, &realm).await.ok();
    assert_eq!((&put["link_lifetime"]["max_seconds"], &put["return_delivery"]), (&json!(2_592_000), &json!("allowed")));
    let traits = json!({"type": null, "username": "bob", "primary_email_address": null, "locale": null});
    let bob = json!({"identity": {"display_name": "Bob", "traits": traits}});
    world.call("PUT", &format!("{REALM}/identities/bob"), &bob).await.ok();
    let policy = json!({
        "mechanisms": null, "user_verification": null, "resident_key": null, "attestation": null, "trust": null,
        "aaguids": {"allow": null, "deny": null}, "backup_eligible": null, "algorithms": null, "origins": null,
        "attestation_roots": null, "android_status": null,
    });
    let app = json!({
        "type": "embedded", "invoke_url": "https://app.example.com", "trusted_origins": null, "invocation_type": null,
        "authentication_methods": null,
    });
    for (config, policy, party) in [
        (json!({"type": "hosted_web", "invoke_url": null, "trusted_origins": null}), Value::Null, Value::Null),
        (app, policy, json!({"id": null, "name": null, "related_origins": null})),
    ] {
        let config = json!({"authenticator_config": {
            "display_name": "X", "config": config, "passkey_policy": policy, "relying_party": party,
        }});
        post(&format!("{REALM}/authenticator-configs"), config).await;
    }
    let mailed = post(JOBS, job("EMAIL", &json!({}))).await["credential_binding_job"]["id"].clone();
    world.stack.clock().advance(61_000);
    post(&format!("{JOBS}/{}:resend", mailed.as_str().unwrap()), json!({"expires_in_seconds": null})).await;
    // A required member cannot be null.
    let refused = world.call("POST", JOBS, &job("RETURN", &json!({"authenticator_config_id": null}))).await;
    assert_eq!(refused.fields(), ["job.authenticator_config_id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_may_begin_with_a_byte_order_mark() {
    let world = World::new().await;
    let token = world.token();
    let body = format!("\u{feff}{}", job("RETURN", &json!({})));
    let created = world.bearing(&token, "POST", JOBS, &body).await.ok();
    let id = created["credential_binding_job"]["id"].as_str().unwrap();
    // An optional body may consist of nothing else.
    for body in ["\u{feff}", " \n", ""] {
        let refused = world.bearing(&token, "POST", &format!("{JOBS}/{id}:resend"), body).await;
        refused.problem(422);
    }
    world.bearing(&token, "POST", JOBS, "\u{feff}\u{feff}{}").await.problem(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_compares_canonical_bodies() {
    let world = World::new().await;
    let token = world.token();
    let create = async |body: &str| {
        let headers = [("authorization", &*format!("Bearer {token}")), ("idempotency-key", "k")];
        world.send("POST", JOBS, &headers, body.to_owned()).await
    };
    let first = create(&job("RETURN", &json!({"expires_in_seconds": 3600})).to_string()).await.ok();
    for same in [
        r#"{"job":{"authenticator_config_id":"hosted","expires_in_seconds":3.6e3,"delivery_method":"RETURN"}}"#,
        r#"{"trace":1,"job":{"authenticator_config_id":"hosted","expires_in_seconds":3600,"delivery_method":"RETURN","state":"COMPLETE"}}"#,
        r#"{"job":{"authenticator_config_id":"hosted","expires_in_seconds":3600,"delivery_method":"RETURN","locale":null}}"#,
    ] {
        assert_eq!(create(same).await.ok(), first, "{same}");
    }
    create(&job("RETURN", &json!({"expires_in_seconds": 3600, "locale": "de"})).to_string()).await.problem(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn accept_decides_between_an_sdk_and_a_browser() {
    let world = World::new().await;
    let body = job("RETURN", &json!({"authenticator_config_id": "embedded"}));
    for (accept, status, state) in [
        ("Application/JSON", 200, "LINK_OPENED"),
        ("application/json;q=0", 302, "LINK_SENT"),
        ("application/json;q=0.1, text/html", 302, "LINK_SENT"),
        ("application/json, text/plain, */*", 200, "LINK_OPENED"),
        (BROWSER, 302, "LINK_SENT"),
        ("*/*", 302, "LINK_SENT"),
    ] {
        let created = world.call("POST", JOBS, &body).await.ok();
        let link = created["credential_binding_link"].as_str().unwrap().strip_prefix(world.stack.base()).unwrap();
        let answer = world.send("GET", link, &[("accept", accept)], "").await;
        assert_eq!(answer.status, status, "{accept}");
        let id = created["credential_binding_job"]["id"].as_str().unwrap();
        assert_eq!(world.get(&format!("{JOBS}/{id}")).await["state"], state, "{accept}");
    }
}

/// A link whose `?` was encoded works, and an invalid one shows people a page.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_with_an_encoded_question_mark_is_followed() {
    let world = World::new().await;
    let body = job("RETURN", &json!({"authenticator_config_id": "embedded"}));
    let created = world.call("POST", JOBS, &body).await.ok();
    let link = created["credential_binding_link"].as_str().unwrap().strip_prefix(world.stack.base()).unwrap();
    for mark in ["%3F", "%3f"] {
        for link in [link.replacen('?', mark, 1), link.replacen('?', mark, 1).replacen('=', "%3D", 1)] {
            let navigated = world.send("GET", &link, &[("accept", BROWSER)], "").await;
            assert_eq!(navigated.status, 302, "{link}");
            world.send("GET", &link, &[("accept", "application/json")], "").await.ok();
            let cut = world.send("GET", &link[..link.len() - 1], &[("accept", BROWSER)], "").await;
            assert_eq!((cut.status, &cut.headers["content-type"]), (404, &"text/html; charset=utf-8".parse().unwrap()));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preflight_lets_tracing_headers_through() {
    let world = World::new().await;
    let invited = world.invite().await;
    let headers = [("origin", "https://app.example.com"), ("access-control-request-method", "POST")];
    for verb in ["open", "getInfo", "bind", "invokeAuthenticator"] {
        let answer = world.send("OPTIONS", &format!("{}:{verb}", invited.path), &headers, "").await;
        let allowed = answer.headers["access-control-allow-headers"].to_str().unwrap().to_ascii_lowercase();
        let allowed: Vec<&str> = allowed.split(',').map(str::trim).collect();
        for name in ["authorization", "traceparent", "tracestate", "baggage", "sentry-trace", "x-amzn-trace-id"] {
            assert!(allowed.contains(&name), "{verb}: {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_uri_has_only_one_code() {
    let world = World::new().await;
    let uri = "https://app.example.com/done?code=theirs&x=a%20b&code=too";
    let realm = json!({"realm": {"display_name": "Demo Inc.", "post_binding_redirect_uris": [uri]}});
    world.call("PUT", REALM, &realm).await.ok();
    let invited = world.invite_with(&json!({"post_binding_redirect_uri": uri})).await;
    let bound = world.enrol(&invited).await;
    let redirect = bound["post_binding_redirect_uri"].as_str().unwrap();
    let (rest, code) = redirect.split_once("?x=a%20b&code=").unwrap();
    assert_eq!((rest, code.contains("code=")), ("https://app.example.com/done", false), "{redirect}");
    let redeemed = world.call("POST", &format!("{REALM}/credential-binding-jobs:redeem"), &json!({"code": code})).await;
    assert_eq!(redeemed.ok()["credential_binding_job"]["state"], "COMPLETE");
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_goes_to_addresses_that_ses_accepts() {
    let world = World::new().await;
    let ada = |address: &str| {
        let traits = json!({"username": "ada", "primary_email_address": address});
        json!({"identity": {"display_name": "Ada", "traits": traits}})
    };
    for bad in [".ada@example.com", "ada@-example.com", "a..b@example.com", "ädä@example.com", "ada@[192.0.2.1]"] {
        let refused = world.call("PUT", ADA, &ada(bad)).await;
        assert_eq!(refused.fields(), ["identity.traits.primary_email_address"], "{bad}");
    }
    let put = world.call("PUT", ADA, &ada("ada@Müller.example")).await.ok();
    assert_eq!(put["traits"]["primary_email_address"], "ada@xn--mller-kva.example");
    world.call("POST", JOBS, &job("EMAIL", &json!({}))).await.ok();
    let mails = world.eventually("mail", |mails| mails.len() == 1).await;
    assert_eq!(mails[0]["to"], "ada@xn--mller-kva.example");
}

/// Ids are compared decoded (RFC 3986 §6.2.2.2).
#[tokio::test(flavor = "multi_thread")]
async fn paths_are_decoded_once() {
    let world = World::new().await;
    let read = async |path: &str| world.call("GET", path, &Value::Null).await;
    assert_eq!(read(&format!("{REALM}/identities/%61da")).await.ok()["id"], "ada");
    assert_eq!(read("/v1/%74enants/demo/realms/de%6Do").await.ok()["id"], "demo");
    assert_eq!(read(&format!("{REALM}/identities/ad%2561")).await.fields(), ["identity_id"]);
    assert_eq!(read(&format!("{REALM}/identities/ada%23x")).await.fields(), ["identity_id"]);
    read(&format!("{REALM}/identities/a%2Fb")).await.problem(404);
    let up = read(&format!("{REALM}/identities/%2E%2E")).await;
    assert_ne!(up.status, 200, "{}", up.text);
    let page = world.get(&format!("{REALM}/identities/%61da/credential-binding-jobs?page_size=1")).await;
    assert_eq!(count(&page), 0);
}

/// A shared cache must not store a response that depends on the reader's language.
#[test]
fn no_cache_serves_the_page_of_one_language_to_all() {
    let behaviors = local::TEMPLATE.split_once("        CacheBehaviors:\n").unwrap().1;
    let patterns: Vec<&str> = behaviors
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with("          "))
        .filter_map(|line| line.trim().strip_prefix("- PathPattern: "))
        .collect();
    assert!(patterns.len() >= 2, "{patterns:?}");
    for pattern in patterns {
        let prefix = pattern.split('*').next().unwrap();
        if "/bind".starts_with(prefix) || prefix.starts_with("/bind") {
            let (_, behavior) = behaviors.split_once(&format!("- PathPattern: {pattern}\n")).unwrap();
            let behavior = behavior.split("- PathPattern").next().unwrap();
            assert!(behavior.contains("CachePolicyId: !Ref ByLanguage"), "{pattern} caches the hosted page");
        }
    }
    let (_, policy) = local::TEMPLATE.split_once("\n  ByLanguage:\n").unwrap();
    let policy = policy.split("\n\n").next().unwrap();
    assert!(policy.contains("Headers: [Accept-Language]"), "the language is part of the key: {policy}");
    assert!(local::TEMPLATE.contains("# Managed-CachingDisabled"), "only browsers cache everything else");
}
