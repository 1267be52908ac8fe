//! Mails and events: at least once, in order, retried after a failure, and unaffected by a restart.

use local::Options;
use serde_json::{Value, json};

use crate::world::{ADA, REALM, World, job, persistently};

async fn mail_job(world: &World, more: &Value) -> Value {
    let answer = world.call("POST", &format!("{ADA}/credential-binding-jobs"), &job("EMAIL", more)).await;
    answer.ok()["credential_binding_job"].clone()
}

async fn status(world: &World, job: &Value, wanted: &str) -> Value {
    let path = format!("{ADA}/credential-binding-jobs/{}", job["id"].as_str().unwrap());
    let read = persistently(async || {
        let read = world.get(&path).await;
        if read["email_status"] == wanted { Ok(read) } else { Err(read) }
    });
    read.await.unwrap_or_else(|read| panic!("never {wanted}: {read}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_mail_is_retried_and_sent_once() {
    let world = World::new().await;
    for (kind, times) in [("throttle", 6), ("error", 6)] {
        world.fault("sesv2", "SendEmail", kind, times).await;
    }
    let job = mail_job(&world, &json!({})).await;
    status(&world, &job, "DELIVERED").await;
    assert_eq!(world.local("mail").await.as_array().unwrap().len(), 1);
}

/// Mails are sent at the pace that SES allows, so that it seldom throttles one. They have all been requested when the first is
/// sent, and the rate is so low that every machine is quicker.
#[tokio::test(flavor = "multi_thread")]
async fn mails_are_sent_at_the_accounts_rate() {
    let world = World::new().await;
    let account = json!({"max_send_rate": 1.0, "max_24_hour_send": 50_000.0, "enforced": true});
    world.send("POST", "/_local/account", &[], account.to_string()).await.ok();
    let ids = world.people(8).await;
    world.plan(&json!({"function": "SendLink", "kind": "kill_before", "times": 1_000_000})).await;
    for id in &ids {
        let jobs = format!("{REALM}/identities/{id}/credential-binding-jobs");
        world.call("POST", &jobs, &job("EMAIL", &json!({}))).await.ok();
    }
    world.injected().await;
    world.send("DELETE", "/_local/requests", &[], "").await.ok();
    world.wake();
    world.eventually("mail", |mails| mails.len() == ids.len()).await;
    let calls = world.local("requests").await["sesv2"].clone();
    let throttled = calls["SendEmail"]["count"].as_u64().unwrap() - 8;
    // Without a pace, at least seven. A busy machine can send two closer together than their turns are.
    assert!(throttled <= 3, "{throttled} mails were throttled");
    assert_eq!(calls["GetAccount"]["count"], 1, "the rate is cached");
}

/// When the account's rate cannot be read, not every mail waits for it: SES allows one request a second for it.
#[tokio::test(flavor = "multi_thread")]
async fn mails_do_not_wait_for_a_rate_that_cannot_be_read() {
    let world = World::new().await;
    let ids = world.people(20).await;
    world.plan(&json!({"function": "SendLink", "kind": "kill_before", "times": 1_000_000})).await;
    for id in &ids {
        let jobs = format!("{REALM}/identities/{id}/credential-binding-jobs");
        world.call("POST", &jobs, &job("EMAIL", &json!({}))).await.ok();
    }
    world.injected().await;
    world.fault("sesv2", "GetAccount", "throttle", 1_000_000).await;
    world.drained().await;
    assert_eq!(world.local("mail").await.as_array().unwrap().len(), ids.len());
    // Three tries of one request, and of others if the mails take more than five seconds.
    let tries = world.injected().await.len();
    assert!((1..=9).contains(&tries), "{tries}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_mail_ends_the_job() {
    let world = World::new().await;
    world.fault("sesv2", "SendEmail", "rejected", 1).await;
    let job = mail_job(&world, &json!({})).await;
    let read = status(&world, &job, "REJECTED").await;
    assert_eq!(read["email_status_reason"], "MessageRejected");
    assert_eq!(read["state"], "FAILED_TO_SEND");
    world
        .eventually("events", |events| {
            events.iter().any(|e| e["detail"]["data"]["credential_binding_job"]["state"] == "FAILED_TO_SEND")
        })
        .await;
    assert_eq!(world.local("mail").await, json!([]));
}

/// In SES's sandbox, or after an identity lost its verification: no job fails, and the operator is alerted.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_waits_until_its_account_may_send() {
    let world = World::new().await;
    world.fault("sesv2", "SendEmail", "not_verified", 5).await;
    let job = mail_job(&world, &json!({})).await;
    let read = status(&world, &job, "DELIVERED").await;
    let logs = world.send("GET", "/_local/logs", &[], "").await.text;
    assert_eq!(logs.lines().filter(|line| line.contains("\"SendingNotAllowed\":1")).count(), 5);
    assert!(!logs.contains("someone@bindery.example"), "SES's message contains the address");
    assert_eq!(read["state"], "LINK_SENT");
    assert_eq!(world.local("mail").await.as_array().unwrap().len(), 1);
    assert_eq!(world.local("set-aside").await, json!([]));
}

/// SES's reports wait on the queue while the table does not respond, and longer than EventBridge's own three attempts.
#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_status_survives_an_outage_of_the_table() {
    let world = World::new().await;
    let outage = json!({"service": "dynamodb", "function": "TrackEmail", "kind": "error", "times": 40});
    world.plan(&outage).await;
    let job = mail_job(&world, &json!({})).await;
    status(&world, &job, "DELIVERED").await;
    assert_eq!(world.local("set-aside").await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_is_in_the_users_language_and_escapes_names() {
    let world = World::new().await;
    let realm = json!({"realm": {
        "display_name": "<b>Evil & Co</b> {{link}}", "email": {"from_name": "Evil\u{2028}", "reply_to": "help@example.com"},
        "theme": {"button_color": "#005500"},
    }});
    world.call("PUT", "/v1/tenants/demo/realms/demo", &realm).await.ok();
    mail_job(&world, &json!({"locale": "de-CH"})).await;
    let mails = world.eventually("mail", |mails| !mails.is_empty()).await;
    let html = mails[0]["html"].as_str().unwrap();
    assert!(html.contains("lang=\"de\""), "{html}");
    assert!(html.contains("&lt;b&gt;Evil &amp; Co&lt;/\u{200c}b&gt; {{link}}"), "{html}");
    assert!(!html.contains("<b>Evil"), "{html}");
    assert!(html.contains("background-color:#005500; color:#ffffff"), "{html}");
    assert_eq!(mails[0]["reply_to"], "help@example.com");
    assert!(mails[0]["text"].as_str().unwrap().contains("<b>Evil & Co</\u{200c}b> {{link}}"));
}

/// A realm's own texts are plain text: no link and no markup, in mails and on the page.
#[tokio::test(flavor = "multi_thread")]
async fn a_realm_has_its_own_texts_in_each_language() {
    let world = World::new().await;
    let texts = json!([
        {"locale": "pt_BR", "name": "Café & Cia", "intro": "Entre \u{202e}com {from} evil.example", "help": "Ramal 4711"},
        {"locale": "en", "help": "Extension 4711"},
    ]);
    let realm = world.call("PATCH", REALM, &json!({"realm": {"texts": texts, "locale": "pt-BR"}})).await.ok();
    assert_eq!(realm["texts"][0]["locale"], "pt-BR");
    let stored = world.get(REALM).await;
    assert_eq!(stored["texts"][0], json!({"locale": "en", "name": "", "intro": "", "help": "Extension 4711"}));

    mail_job(&world, &json!({})).await;
    let mails = world.eventually("mail", |mails| !mails.is_empty()).await;
    let part = |name: &str| mails[0][name].as_str().unwrap().to_owned();
    assert!(part("html").contains("lang=\"pt-BR\"") && part("html").contains("<bdi>Café &amp; Cia</bdi>"));
    assert!(part("subject").contains("\u{2068}Café & Cia\u{2069}"), "{}", part("subject"));
    for name in ["text", "html"] {
        assert!(part(name).contains("Entre com {from} evil.\u{200c}example"), "{}", part(name));
        assert!(part(name).contains("Ramal 4711"), "{}", part(name));
        assert!(!part(name).contains("evil.example") && !part(name).contains('\u{202e}'), "{}", part(name));
    }

    let preview = async |locale: &str| {
        let invited = world.invite_with(&json!({"locale": locale})).await;
        world.bearing(&invited.secret, "GET", &format!("{}:preview", invited.path), "").await.ok()
    };
    let shown = preview("pt").await;
    assert_eq!((&shown["realm"]["display_name"], &shown["help"]), (&json!("Café & Cia"), &json!("Ramal 4711")));
    assert!(shown["intro"].as_str().unwrap().starts_with("Entre"), "{shown}");
    let shown = preview("en").await;
    assert_eq!((shown.get("intro"), &shown["help"]), (None, &json!("Extension 4711")));

    let bad = json!([
        {"locale": "sv"}, {"locale": "de", "intro": "https://evil.example"}, {"locale": "de", "help": "<b>"},
        {"name": "x".repeat(65)}, 7,
    ]);
    let answer = world.call("PATCH", REALM, &json!({"realm": {"texts": bad}})).await;
    answer.problem(400);
    let violations = answer.json["details"][0]["field_violations"].as_array().unwrap();
    let mut fields: Vec<&str> = violations.iter().map(|one| one["field"].as_str().unwrap()).collect();
    fields.sort_unstable();
    let expected = ["[0].locale", "[1].intro", "[2].help", "[2].locale", "[3].locale", "[3].name", "[4]"];
    assert_eq!(fields, expected.map(|field| format!("realm.texts{field}")), "{violations:?}");
    let realm = world.call("PATCH", REALM, &json!({"realm": {"texts": null, "locale": null}})).await.ok();
    assert_eq!((&realm["texts"], realm.get("locale")), (&json!([]), None));
}

/// An illegible button is rejected when it is saved, in every operation.
#[tokio::test(flavor = "multi_thread")]
async fn an_illegible_button_is_not_saved() {
    let world = World::new().await;
    let rejects = async |path: &str, body: Value, field: &str| {
        let answer = world.call("PATCH", path, &body).await;
        answer.problem(400);
        assert_eq!(answer.json["details"][0]["field_violations"][0]["field"], field, "{}", answer.text);
        answer.text
    };
    let gray = json!({"realm": {"theme": {"button_color": "#eeeeee", "button_text_color": "#ffffff"}}});
    assert!(rejects(REALM, gray, "realm.theme.button_text_color").await.contains("1.1:1"));
    // The other color is the default, or was set before.
    let yellow = json!({"realm": {"theme": {"button_color": "#ffff00"}}});
    rejects(REALM, yellow, "realm.theme.button_text_color").await;
    let theme = world.get(&format!("{REALM}/themes/active")).await;
    let path = format!("{REALM}/themes/{}", theme["id"].as_str().unwrap());
    let yellow = json!({"theme": {"button_color": "#ffff00", "button_text_color": "#000000"}});
    world.call("PATCH", &path, &yellow).await.ok();
    rejects(&path, json!({"theme": {"button_text_color": "#ffffff"}}), "theme.button_text_color").await;
}

/// Other people choose display names, so a name must not become a link, change the text direction or inject a header.
#[tokio::test(flavor = "multi_thread")]
async fn names_are_harmless_in_mails_and_automatic_replies_are_suppressed() {
    let world = World::new().await;
    let realm = json!({"realm": {"display_name": "https://evil.example \u{202e}x", "link_renewal": "allowed"}});
    world.call("PUT", REALM, &realm).await.ok();
    let ada = json!({"identity": {"display_name": "Ada \u{202e}<b>elpmaxe.live", "traits": {
        "type": "traits_v0", "username": "ada", "primary_email_address": "ada@example.com",
    }}});
    world.call("PUT", ADA, &ada).await.ok();
    world.call("POST", &format!("{ADA}/credential-binding-jobs"), &job("EMAIL", &json!({}))).await.ok();
    world.enrol(&world.invite().await).await;
    let mails = world.eventually("mail", |mails| mails.len() == 2).await;
    for mail in &mails {
        let part = |name: &str| mail[name].as_str().unwrap().to_owned();
        let isolated = "\u{2068}https:\u{200c}/\u{200c}/\u{200c}evil.\u{200c}example x\u{2069}";
        assert!(part("subject").contains(isolated), "{}", part("subject"));
        assert!(part("text").contains("Hello \u{2068}Ada <b>elpmaxe.\u{200c}live\u{2069},"), "{}", part("text"));
        assert!(part("html").contains("Hello <bdi>Ada &lt;b&gt;elpmaxe.\u{200c}live</bdi>,"), "{}", part("html"));
        for text in [part("subject"), part("text"), part("html"), part("from")] {
            assert!(!text.contains("https://evil") && !text.contains("evil.example"), "{text}");
            assert!(!text.contains("elpmaxe.live") && !text.contains('\u{202e}'), "{text}");
        }
        let headers = json!([
            {"Name": "Auto-Submitted", "Value": "auto-generated"},
            {"Name": "X-Auto-Response-Suppress", "Value": "DR, RN, NRN, OOF, AutoReply"},
        ]);
        assert_eq!(mail["headers"], headers);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_survive_a_failing_bus() {
    let world = World::new().await;
    world.fault("eventbridge", "PutEvents", "throttle", 3).await;
    world.fault("eventbridge", "PutEvents", "error", 5).await;
    world.fault("eventbridge", "PutEventsEntry", "error", 7).await;
    world.fault("eventbridge", "PutEvents", "lost_response", 1).await;
    let invited = world.invite().await;
    world.enrol(&invited).await;
    let events = world
        .eventually("events", |events| {
            let states = ["LINK_SENT", "LINK_OPENED", "REQUEST_DELIVERED", "COMPLETE"];
            let of = |e: &Value| e["detail"]["data"]["credential_binding_job"]["state"].clone();
            states.iter().all(|state| events.iter().any(|e| of(e) == *state))
                && events.iter().any(|e| e["detail-type"] == "Credential State Change")
        })
        .await;
    // Repeated events are allowed; reordered and missing ones are not.
    let mut sequences: Vec<u64> = events
        .iter()
        .filter(|e| e["detail"]["data"]["credential_binding_job"].is_object())
        .map(|e| e["detail"]["metadata"]["sequence"].as_u64().unwrap())
        .collect();
    let mut seen = std::collections::HashSet::new();
    sequences.retain(|sequence| seen.insert(*sequence));
    assert_eq!(sequences, [1, 2, 3, 4]);
    assert_eq!(world.local("set-aside").await, json!([]));
}

/// Only the unreadable record is set aside; those before and after it are published.
#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_record_does_not_affect_others() {
    let world = World::new().await;
    world.fault("eventbridge", "PutEvents", "error", 8).await;
    let mut paths = vec![world.invite().await.path];
    world.put(&json!({"pk": {"S": "T#demo#R#demo#I#ada"}, "sk": {"S": "JOB#poison"}, "kind": {"S": "JOB"}}));
    for _ in 0..5 {
        paths.push(world.invite().await.path);
    }
    let set_aside = world.eventually("set-aside", |records| !records.is_empty()).await;
    assert_eq!(set_aside.len(), 1);
    assert_eq!(set_aside[0]["record"]["dynamodb"]["Keys"]["sk"]["S"], "JOB#poison");
    let events = world.eventually("events", |events| events.len() >= 6).await;
    for path in paths {
        let id = path.rsplit_once('/').unwrap().1;
        assert!(events.iter().any(|event| event["detail"]["metadata"]["correlation_id"] == id), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn state_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { data: Some(folder.path().to_owned()), ..Options::default() };
    let world = World::with(options.clone()).await;
    let invited = world.invite().await;
    world.open(&invited).await.ok();
    mail_job(&world, &json!({})).await;
    world.eventually("mail", |mails| mails.len() == 1).await;
    let events = world.eventually("events", |events| events.len() == 5).await;
    world.drained().await;
    drop(world);

    let world = World::with(options).await;
    assert_eq!(world.get(&invited.path).await["state"], "LINK_OPENED");
    assert_eq!(Value::from(events), world.local("events").await);
    // The keys are the same too: the link from before the restart still works.
    world.enrol(&invited).await;
    let mails = world.eventually("mail", |mails| mails.len() >= 2).await;
    assert_eq!((mails.len(), &mails[1]["tags"]["mail"]), (2, &json!("notice-1")), "nothing was mailed again");
    let events = world.eventually("events", |events| events.len() >= 8).await;
    assert_eq!(events.len(), 8, "nothing was published again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_stack_is_like_a_new_one() {
    let world = World::new().await;
    let invited = world.invite().await;
    world.enrol(&invited).await;
    world.eventually("events", |events| events.len() == 5).await;
    world.stack.clock().advance(1_000_000_000);
    world.send("POST", "/_local/reset", &[], "").await.ok();
    assert_eq!(world.local("events").await, json!([]));
    world.call("GET", &invited.path, &Value::Null).await.problem(404);
    world.enrol(&world.invite().await).await;
}
