//! Links: what opens them, what does not, and the response to an invalid one.
//!
//! Operations: open, preview, invokeAuthenticator, lookAtLink, hostedPage, lookAtHostedPage.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::authenticator::Device;
use crate::model::secret_of;
use crate::world::{ADA, Invited, REALM, World, job};

#[tokio::test(flavor = "multi_thread")]
async fn fetching_a_link_changes_nothing() {
    let world = World::new().await;
    let invited = world.invite().await;
    let before = world.items();
    for method in ["GET", "HEAD"] {
        let answer = world.send(method, "/bind", &[], "").await;
        assert_eq!(answer.status, 200);
    }
    for _ in 0..2 {
        let preview = world.bearing(&invited.secret, "GET", &format!("{}:preview", invited.path), "").await.ok();
        assert_eq!(preview["state"], "LINK_SENT");
        assert_eq!(preview["realm"]["display_name"], "Demo Inc.");
        assert_eq!(preview["identity"]["display_name"], "Ada Lovelace");
    }
    for verb in [":open", ":getInfo", ":bind"] {
        world.bearing(&invited.secret, "GET", &format!("{}{verb}", invited.path), "").await.problem(404);
    }
    assert_eq!(world.items(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hosted_page_has_a_strict_policy() {
    let world = World::new().await;
    let page = world.send("GET", "/bind", &[], "").await;
    let header = |name: &str| page.headers[name].to_str().unwrap().to_owned();
    let policy = header("content-security-policy");
    assert!(!policy.contains("unsafe"), "{policy}");
    for part in
        ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "base-uri 'none'"]
    {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("cross-origin-opener-policy"), "same-origin");
    assert!(header("strict-transport-security").starts_with("max-age="));
    assert!(header("permissions-policy").contains("publickey-credentials-create=(self)"));
    assert!(!page.text.contains("/*") && !page.text.contains("{{"), "style, script and words are inserted");
    let german = world.send("GET", "/bind", &[("accept-language", "de")], "").await;
    assert!(german.text.contains("<html lang=\"de\" dir=\"ltr\">") && german.text.contains("Passkey erstellen"));
    assert_eq!(german.headers["vary"], "accept-language");
    assert_eq!(german.headers["content-security-policy"], page.headers["content-security-policy"]);
    let qr = world.send("GET", "/bind/qr.js", &[], "").await;
    assert_eq!((qr.status, &qr.headers["content-type"]), (200, &"text/javascript; charset=utf-8".parse().unwrap()));
    assert!(!page.text.contains("src=\"http"), "no third party");
}

/// The page speaks the language of the job, then of the identity, then of the browser. It loads the first two only if the
/// document is in another one.
#[tokio::test(flavor = "multi_thread")]
async fn the_hosted_page_learns_its_language() {
    let world = World::new().await;
    let ada = |locale: &str| {
        json!({"identity": {"display_name": "Ada", "traits": {
            "type": "traits_v0", "username": "ada", "primary_email_address": "ada@example.com", "locale": locale,
        }}})
    };
    for (job_locale, identity_locale, expected) in [
        (json!("pt_BR"), "de", json!("pt-BR")),
        (json!("zh-CN"), "de", json!("zh-Hans")),
        (json!("ar-EG"), "de", json!("ar")),
        (json!("sv"), "fr-CA", json!("fr")),
        (Value::Null, "ja-JP", json!("ja")),
        (json!("zh-TW"), "sv", json!("nl")),
        (Value::Null, "", json!("nl")),
    ] {
        world.call("PUT", ADA, &ada(identity_locale)).await.ok();
        let invited = world.invite_with(&json!({"locale": job_locale})).await;
        let dutch = [("authorization", &*format!("Bearer {}", invited.secret)), ("accept-language", "nl-BE")];
        let preview = world.send("GET", &format!("{}:preview", invited.path), &dutch, "").await.ok();
        assert_eq!(preview["locale"], expected, "{job_locale} {identity_locale}");
    }
    for language in binding::language::Language::ALL {
        let tag = language.tag();
        let document = world.send("GET", "/bind", &[("accept-language", tag)], "").await;
        let markup = format!("<html lang=\"{tag}\" dir=\"{}\">", language.direction());
        assert!(document.text.contains(&markup), "{}", &document.text[..200]);
        let words = world.send("GET", &format!("/bind/words/{tag}.txt"), &[], "").await;
        assert_eq!(
            (words.status, &words.headers["content-type"]),
            (200, &"text/plain; charset=utf-8".parse().unwrap())
        );
        let ready = words.text.lines().find(|line| line.starts_with("ready|")).unwrap();
        assert!(document.text.contains(&format!("\n{ready}\n")), "{ready}");
    }
    assert_eq!(world.send("GET", "/bind/words/sv.txt", &[], "").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_twice_is_harmless() {
    let world = World::new().await;
    let invited = world.invite().await;
    let (first, registration) = world.prepare(&invited).await;
    let second = world.open(&invited).await.ok();
    assert_ne!(second["token"], json!(first));
    assert_eq!(world.get(&invited.path).await["state"], "REQUEST_DELIVERED", "a repeat does not lower the state");
    world.bind(&invited, &first, &registration).await.ok();
}

/// Without the right secret, the response is the same whether or not the job exists.
#[tokio::test(flavor = "multi_thread")]
async fn all_invalid_links_get_the_same_response() {
    let world = World::new().await;
    let (living, other, done) = (world.invite().await, world.invite().await, world.invite().await);
    world.enrol(&done).await;
    let ceremony = world.open(&living).await.ok()["token"].as_str().unwrap().to_owned();
    let elsewhere = |from: &str, to: &str| living.path.replace(from, to);
    let mut answers = Vec::new();
    for verb in ["open", "preview", "previewDisown", "disown", "decline", "getInfo", "bind"] {
        let method = if verb.starts_with("preview") { "GET" } else { "POST" };
        let tries = [
            (living.path.clone(), other.secret.clone()),
            (done.path.clone(), other.secret.clone()),
            (elsewhere("/ada/", "/nobody/"), living.secret.clone()),
            (elsewhere("/realms/demo/", "/realms/other/"), living.secret.clone()),
            (elsewhere("/tenants/demo/", "/tenants/other/"), living.secret.clone()),
            (other.path.clone(), ceremony.clone()),
            (format!("{ADA}/credential-binding-jobs/01a20a52-8cdd-7ce4-b7e8-52164f112b0f"), living.secret.clone()),
            (format!("{ADA}/credential-binding-jobs/nonsense"), living.secret.clone()),
            (living.path.clone(), String::new()),
            (living.path.clone(), "ä".to_owned()),
        ];
        for (path, secret) in tries {
            let answer = world.bearing(&secret, method, &format!("{path}:{verb}"), "{}").await;
            answer.problem(404);
            let mut document = answer.json.clone();
            document["instance"] = Value::Null;
            document["request_id"] = Value::Null;
            answers.push(document);
        }
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(world.get(&other.path).await["state"], "LINK_SENT");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_character_of_a_secret_counts() {
    let world = World::new().await;
    let invited = world.invite().await;
    for index in 0..invited.secret.len() {
        let mut secret = invited.secret.clone().into_bytes();
        secret[index] = if secret[index] == b'A' { b'B' } else { b'A' };
        let wrong = Invited { path: invited.path.clone(), secret: String::from_utf8(secret).unwrap() };
        world.open(&wrong).await.problem(404);
    }
    world.open(&invited).await.ok();
}

/// A fetch of an app's link is counted only with the complete secret.
#[tokio::test(flavor = "multi_thread")]
async fn a_prefetch_counts_only_with_the_complete_secret() {
    let world = World::new().await;
    let app = json!({"authenticator_config_id": "embedded"});
    let answer = world.call("POST", &format!("{ADA}/credential-binding-jobs"), &job("RETURN", &app)).await.ok();
    let link = answer["credential_binding_link"].as_str().unwrap().strip_prefix(world.stack.base()).unwrap();
    let (address, secret) = link.split_once("?token=").unwrap();
    let before = world.items();
    for index in 0..secret.len() {
        let mut wrong = secret.to_owned().into_bytes();
        wrong[index] = if wrong[index] == b'A' { b'B' } else { b'A' };
        let wrong = format!("{address}?token={}", String::from_utf8(wrong).unwrap());
        world.send("GET", &wrong, &[], "").await.problem(404);
        assert_eq!(world.send("HEAD", &wrong, &[], "").await.status, 404);
        world.send("GET", &wrong, &[("accept", "application/json")], "").await.problem(404);
    }
    assert_eq!(world.items(), before);
    assert_eq!(world.send("GET", link, &[], "").await.status, 302);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_embedded_link_is_opened_by_an_sdk_or_a_user() {
    let world = World::new().await;
    let body = job("RETURN", &json!({"authenticator_config_id": "embedded"}));
    let answer = world.call("POST", &format!("{ADA}/credential-binding-jobs"), &body).await.ok();
    let link = answer["credential_binding_link"].as_str().unwrap().to_owned();
    let id = answer["credential_binding_job"]["id"].as_str().unwrap().to_owned();
    let path = link.strip_prefix(world.stack.base()).unwrap();
    let state = async || world.get(&format!("{ADA}/credential-binding-jobs/{id}")).await["state"].clone();

    let prefetch = [("sec-fetch-mode", "navigate"), ("sec-fetch-user", "?1"), ("sec-purpose", "prefetch;prerender")];
    for (method, headers) in
        [("GET", &[][..]), ("HEAD", &[][..]), ("GET", &prefetch[..]), ("GET", &prefetch[..1]), ("HEAD", &prefetch[..2])]
    {
        let looked = world.send(method, path, headers, "").await;
        assert_eq!(looked.status, 302);
        let location = looked.headers["location"].to_str().unwrap();
        assert!(location.starts_with(&format!("{}/bind?api_base_url=http%3A%2F%2Flocalhost", world.stack.app())));
        assert!(!location.contains(path.split_once("token=").unwrap().1), "the link's secret is passed on: {location}");
        assert_eq!(state().await, "LINK_SENT");
    }
    world.send("HEAD", path, &[("accept", "application/json")], "").await;
    let tool = [prefetch[0], prefetch[1], ("user-agent", "Slackbot-LinkExpanding 1.0")];
    world.send("GET", path, &tool, "").await;
    let looked_at = world.get(&format!("{ADA}/credential-binding-jobs/{id}")).await;
    assert_eq!((&looked_at["state"], &looked_at["prefetch_count"]), (&json!("LINK_SENT"), &json!(7)));
    assert!(looked_at["last_prefetch_time"].as_str() >= looked_at["create_time"].as_str());
    assert_eq!(looked_at["update_time"], looked_at["create_time"], "a prefetch changes nothing");
    let clicked = world.send("GET", path, &prefetch[..2], "").await;
    assert_eq!((clicked.status, state().await), (302, json!("LINK_OPENED")));
    let instruction = world.send("GET", path, &[("accept", "application/json")], "").await.ok();
    assert_eq!((&instruction["identity_id"], &instruction["job_id"]), (&json!("ada"), &json!(id)));
    world.send("GET", &path.replace("token=", "token=x"), &[], "").await.problem(404);
    let opened = world.get(&format!("{ADA}/credential-binding-jobs/{id}")).await;
    assert_eq!((&opened["state"], &opened["prefetch_count"]), (&json!("LINK_OPENED"), &json!(7)));
    // Nothing is published about it: there is one event for each version, and a prefetch creates none.
    let events = world.eventually("events", |events| events.len() == 2).await;
    assert!(!Value::from(events).to_string().contains("prefetch"));
}

/// The server undoes what mail systems and people do to links, like the pages and the SDK.
#[tokio::test(flavor = "multi_thread")]
async fn an_altered_link_to_an_app_is_opened() {
    let world = World::new().await;
    let body = job("RETURN", &json!({"authenticator_config_id": "embedded"}));
    let answer = world.call("POST", &format!("{ADA}/credential-binding-jobs"), &body).await.ok();
    let link = answer["credential_binding_link"].as_str().unwrap().to_owned();
    let (path, secret) = link.strip_prefix(world.stack.base()).unwrap().split_once("?token=").unwrap();
    let id = answer["credential_binding_job"]["id"].as_str().unwrap();
    let encoded: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for query in [
        format!("token={}", secret.replace('-', "%2D").replace('_', "%5F")),
        format!("token={encoded}"),
        format!("utm_source=mail&token={secret}"),
        format!("utm_source=mail&amp;token={secret}"),
        format!("token={secret}&utm_source=mail"),
        format!("token={secret}?fbclid=x"),
        format!("token={secret}."),
        format!("token={secret}%20"),
        format!("token={secret}%E2%80%8B"),
        format!("token={secret}%3E"),
    ] {
        let instruction = world.send("GET", &format!("{path}?{query}"), &[("accept", "application/json")], "").await;
        assert_eq!(instruction.ok()["job_id"], id, "{query}");
        let redirected = world.send("GET", &format!("{path}?{query}"), &[("accept", "text/html")], "").await;
        assert_eq!(redirected.status, 302, "{query}");
    }
    for query in [format!("my_token={secret}"), format!("token={secret}x"), format!("token={}", &secret[..42])] {
        world.send("GET", &format!("{path}?{query}"), &[], "").await.problem(404);
    }
}

/// A browser shows its user the response, and people cannot read a problem document.
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_gets_a_page_and_other_clients_a_problem() {
    let world = World::new().await;
    let invited = world.invite().await;
    let browser = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
    let encoded = format!("/bind%23{}%3Ftoken%3D{}", invited.path, invited.secret);
    let app = format!("{}:invokeAuthenticator?token={}", invited.path, "A".repeat(43));
    for (path, kind) in [
        ("/bind/", "404"),
        ("/Bind", "404"),
        ("/bind%23", "404"),
        ("/no/such/thing", "404"),
        ("/.well-known/webauthn", "404"),
        (&encoded, "404"),
        (&app, "unknown-link"),
    ] {
        let page = world.send("GET", path, &[browser], "").await;
        assert_eq!((page.status, &page.headers["content-type"]), (404, &"text/html; charset=utf-8".parse().unwrap()));
        assert!(page.text.contains(&format!("<html data-problem=\"{kind}\" lang=\"en\" dir=\"ltr\">")), "{path}");
        assert!(page.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
        assert_eq!(page.headers["cache-control"], "no-store");
        assert!(page.headers.contains_key("x-request-id"));
        assert!(!page.text.contains(&invited.secret));
        let head = world.send("HEAD", path, &[browser], "").await;
        assert_eq!(head.status, 404, "{path}");
        for accept in ["application/json", "*/*", "text/html;q=0, */*"] {
            let problem = world.send("GET", path, &[("accept", accept)], "").await;
            problem.problem(404);
            assert!(!problem.text.contains(&invited.secret), "{}", problem.text);
        }
    }
    world.call("POST", &format!("{}:revoke", invited.path), &Value::Null).await.ok();
    let app = format!("{}:invokeAuthenticator?token={}", invited.path, invited.secret);
    let page = world.send("GET", &app, &[browser, ("accept-language", "de-CH,de;q=0.9")], "").await;
    assert_eq!((page.status, &page.headers["vary"]), (410, &"accept-language".parse().unwrap()));
    assert!(page.text.contains("<html data-problem=\"job-revoked\" lang=\"de\" dir=\"ltr\">"), "{}", page.text);
    assert!(!local::Logs::all().join("\n").contains(&invited.secret), "the log contains the secret of an encoded path");
}

/// No table item, event, log line or list ever contains a link's secret or a ceremony token, except for the stored
/// proofs over a token (docs/adr/0006): those, with base64 decoded, contain the token of their own job, which is
/// complete.
#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_stored_anywhere() {
    let world = World::new().await;
    let mut secrets = Vec::new();
    for _ in 0..3 {
        let invited = world.invite().await;
        let (ceremony, registration) = world.prepare(&invited).await;
        world.bind(&invited, &ceremony, &json!({"id": "wrong"})).await.problem(422);
        world.bind(&invited, &ceremony, &registration).await.ok();
        world.open(&invited).await.problem(409);
        secrets.extend([invited.secret, ceremony]);
    }
    let app = job("RETURN", &json!({"authenticator_config_id": "embedded"}));
    let answer = world.call("POST", &format!("{ADA}/credential-binding-jobs"), &app).await.ok();
    let link = answer["credential_binding_link"].as_str().unwrap().strip_prefix(world.stack.base()).unwrap();
    let (path, secret) = link.split_once(":invokeAuthenticator?token=").unwrap();
    let invited = crate::world::Invited { path: path.to_owned(), secret: secret.to_owned() };
    let ceremony = world.open(&invited).await.ok()["token"].as_str().unwrap().to_owned();
    world.get_info(&invited, &ceremony).await.ok();
    let claims = json!({"sub": "CN=ada, OU=demo, O=demo", "token": ceremony}).to_string();
    let raw = Device::new(world.stack.base()).register_by_client(&claims, "localhost").to_string();
    let body = json!({"type": "WEBAUTHN", "raw": raw}).to_string();
    let signed = world.bearing(&ceremony, "POST", &format!("{path}:bind"), &body).await.ok();
    secrets.extend([invited.secret, ceremony.clone()]);
    for item in world.items() {
        let held = decoded(&item);
        let own = item["kind"]["S"] == "CLAIM" && item["credential_id"]["S"] == signed["id"];
        for secret in &secrets {
            assert_eq!(held.contains(secret.as_str()), own && *secret == ceremony, "{item}");
        }
    }

    world.call("POST", &format!("{ADA}/credential-binding-jobs"), &job("EMAIL", &json!({}))).await.ok();
    world.drained().await;
    let mails = world.local("mail").await.as_array().unwrap().clone();
    let mailed: BTreeSet<String> = mails.iter().map(|mail| secret_of(mail["text"].as_str().unwrap())).collect();
    let invitations = mails.iter().filter(|mail| mail["tags"]["mail"] == "invitation-1").count();
    assert_eq!((invitations, mailed.len()), (1, 5), "an invitation, and a notice for each passkey");
    secrets.extend(mailed);
    let events = world.local("events").await;
    assert!(events.as_array().unwrap().len() >= 22, "{events}");
    let places = [
        ("the table", Value::from(world.items()).to_string()),
        ("the stream", stream(&world)),
        ("the events", events.to_string()),
        ("the log", local::Logs::all().join("\n")),
        ("the jobs", world.get(&format!("{ADA}/credential-binding-jobs")).await.to_string()),
        ("the credentials", world.get(&format!("{REALM}/identities/-/credentials")).await.to_string()),
    ];
    for (place, text) in places {
        assert!(text.len() > 100, "{place} is empty");
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{place} contains a secret");
        }
    }
}

/// The text of everything in an item, including its binary attributes, with base64 decoded twice.
fn decoded(item: &Value) -> String {
    let mut held = item.to_string();
    for attribute in item.as_object().unwrap().values() {
        let Some(bytes) = attribute["B"].as_str().and_then(|text| STANDARD.decode(text).ok()) else { continue };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let parts = text.split(['"', '.']).filter_map(|part| URL_SAFE_NO_PAD.decode(part).ok());
        held.extend(parts.map(|part| String::from_utf8_lossy(&part).into_owned()));
        held.push_str(&text);
    }
    held
}

/// The complete content of the table's stream.
fn stream(world: &World) -> String {
    let table = world.dynamodb("DescribeTable", json!({"TableName": "Table"}));
    let arn = &table["Table"]["LatestStreamArn"];
    let described = world.dynamodb("DescribeStream", json!({"StreamArn": arn}));
    let shard = &described["StreamDescription"]["Shards"][0]["ShardId"];
    let request = json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
    let iterator = &world.dynamodb("GetShardIterator", request)["ShardIterator"];
    world.dynamodb("GetRecords", json!({"ShardIterator": iterator})).to_string()
}
