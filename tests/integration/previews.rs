//! Mails and the hosted page as they would be seen, and test mails.
//!
//! Operations: previewMail, previewPage, sendTestMail.

use binding::language::Language;
use serde_json::{Value, json};

use crate::world::{ADA, REALM, World, job};

/// What is previewed is what is sent, but for links and times.
#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_the_mail_that_is_sent() {
    let world = World::new().await;
    let realm = json!({"realm": {
        "display_name": "Demo & Co", "email": {"from_name": "Demo Help"},
        "theme": {"button_color": "#005500", "support_url": "https://help.example.com/"},
        "texts": [{"locale": "ar", "intro": "مرحبًا"}],
    }});
    world.call("PATCH", REALM, &realm).await.ok();
    let ada = json!({"identity": {"display_name": "Ada Lovelace", "traits": {
        "type": "traits_v0", "username": "ada", "primary_email_address": "ada@example.com",
    }}});
    world.call("PUT", ADA, &ada).await.ok();
    for (index, language) in Language::ALL.into_iter().enumerate() {
        let job = job("EMAIL", &json!({"locale": language.tag()}));
        world.call("POST", &format!("{ADA}/credential-binding-jobs"), &job).await.ok();
        let mails = world.eventually("mail", |mails| mails.len() == index + 1).await;
        let preview = json!({"preview": {"kind": "INVITATION", "locale": language.tag()}});
        let shown = world.call("POST", &format!("{REALM}:previewMail"), &preview).await.ok();
        let sent = &mails[index];
        assert_eq!(shown["subject"], sent["subject"]);
        assert!(sent["from"].as_str().unwrap().contains(shown["from_name"].as_str().unwrap()));
        for part in ["text", "html"] {
            let plain = |mail: &Value| without_links(mail[part].as_str().unwrap());
            assert_eq!(plain(&shown), plain(sent), "{language:?} {part}");
        }
    }
}

/// A text without what differs from mail to mail: links, and the minute of the day.
fn without_links(text: &str) -> String {
    let words = text.split([' ', '"', '<', '>', '\n']).filter(|word| !word.contains("/bind#"));
    words
        .filter(|word| !(word.contains(':') && word.contains(|c: char| c.is_ascii_digit())))
        .collect::<Vec<_>>()
        .join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_shows_settings_that_are_not_saved() {
    let world = World::new().await;
    let path = format!("{REALM}:previewMail");
    for kind in ["INVITATION", "RENEWAL", "REMINDER", "NOTICE"] {
        let settings = json!({"display_name": "Not saved", "theme": {"button_color": "#550000"}});
        let body = json!({"preview": {"kind": kind, "locale": "fr-CA", "realm": settings}});
        let shown = world.call("POST", &path, &body).await.ok();
        assert_eq!((&shown["kind"], &shown["locale"]), (&json!(kind), &json!("fr")));
        let html = shown["html"].as_str().unwrap();
        assert!(html.contains("#550000") && html.contains("<bdi>Not saved</bdi>"), "{html}");
    }
    assert_ne!(world.get(REALM).await["display_name"], "Not saved");
    let bad = json!({"preview": {"kind": "LETTER", "locale": "sv", "realm": {"theme": {"button_color": "#ffffff"}}}});
    let answer = world.call("POST", &path, &bad).await;
    answer.problem(400);
    assert!(answer.text.contains("preview.kind") && answer.text.contains("preview.locale"), "{}", answer.text);
    let bad = json!({"preview": {"realm": {"theme": {"button_color": "#ffffff"}}}});
    world.call("POST", &path, &bad).await.problem(400);
    let none = "/v1/tenants/demo/realms/none:previewMail";
    world.call("POST", none, &json!({"preview": {}})).await.problem(404);
}

/// A test mail says that it is one, carries no link that works, and is braked.
#[tokio::test(flavor = "multi_thread")]
async fn a_test_mail_is_sent_to_one_address() {
    let world = World::new().await;
    world.stack.clock().stop();
    let path = format!("{REALM}:sendTestMail");
    let send = async |to: &str| world.call("POST", &path, &json!({"test_mail": {"to": to, "locale": "de"}})).await;
    let sent = send("operator@example.com").await.ok();
    let mails = world.eventually("mail", |mails| mails.len() == 1).await;
    assert_eq!((&mails[0]["to"], &mails[0]["message_id"]), (&json!("operator@example.com"), &sent["message_id"]));
    assert!(mails[0]["subject"].as_str().unwrap().starts_with("Test: "), "{}", mails[0]);
    for part in ["text", "html"] {
        assert!(mails[0][part].as_str().unwrap().contains("Dies ist eine Testmail."), "{}", mails[0]);
    }
    world.drained().await;
    assert_eq!(world.local("set-aside").await, json!([]), "the report of its delivery is ignored");
    for body in [json!({}), json!({"to": "nobody"}), json!({"to": ["a@example.com", "b@example.com"]})] {
        let answer = world.call("POST", &path, &json!({"test_mail": body})).await;
        answer.problem(400);
        assert!(answer.text.contains("test_mail.to"), "{}", answer.text);
    }
    send("operator@example.com").await.ok();
    send("operator@example.com").await.ok();
    let answer = send("operator@example.com").await;
    answer.problem(429);
    assert!(answer.headers.contains_key("retry-after"));
    world.stack.clock().advance(61_000);
    world.fault("sesv2", "SendEmail", "rejected", 1).await;
    send("operator@example.com").await.problem(422);
    world.stack.clock().advance(61_000);
    world.fault("sesv2", "SendEmail", "not_verified", 1).await;
    send("operator@example.com").await.problem(503);
}

/// What the preview of the page gets is what the page gets for a job, in each language.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_previewed_as_a_link_shows_it() {
    let world = World::new().await;
    let realm = json!({"realm": {
        "display_name": "Demo & Co", "theme": {"button_color": "#005500", "support_url": "https://help.example.com/"},
        "texts": [{"locale": "ar", "name": "شركة", "intro": "مرحبًا", "help": "5555"}],
    }});
    world.call("PATCH", REALM, &realm).await.ok();
    let path = format!("{REALM}:previewPage");
    for language in Language::ALL {
        let tag = language.tag();
        let invited = world.invite_with(&json!({"locale": tag})).await;
        let seen = world.bearing(&invited.secret, "GET", &format!("{}:preview", invited.path), "").await.ok();
        let shown = world.call("POST", &path, &json!({"preview": {"locale": tag}})).await.ok();
        let without_time = |preview: &Value| {
            let mut preview = preview.clone();
            preview.as_object_mut().unwrap().remove("expire_time");
            preview
        };
        assert_eq!(without_time(&shown), without_time(&seen), "{tag}");

        let page = world.send("GET", &format!("/bind/preview/{tag}"), &[], "").await;
        let markup = format!("<html data-preview lang=\"{tag}\" dir=\"{}\">", language.direction());
        assert!(page.text.contains(&markup), "{}", &page.text[..200]);
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        for part in ["frame-ancestors 'self'", "sandbox allow-scripts", "default-src 'none'", "trusted-types 'none'"] {
            assert!(policy.contains(part), "{part}: {policy}");
        }
        assert!(!policy.contains("connect-src"), "it sends no requests: {policy}");
    }
    assert_eq!(world.send("GET", "/bind/preview/sv", &[], "").await.status, 404);

    let settings = json!({"display_name": "Not saved", "link_renewal": "allowed"});
    let body = json!({"preview": {"state": "EXPIRED", "realm": settings}});
    let shown = world.call("POST", &path, &body).await.ok();
    assert_eq!((&shown["realm"]["display_name"], &shown["renewable"]), (&json!("Not saved"), &json!(true)));
    let bad = json!({"preview": {"state": "OPEN", "locale": "sv", "realm": 1}});
    let answer = world.call("POST", &path, &bad).await;
    answer.problem(400);
    for field in ["preview.state", "preview.locale", "preview.realm"] {
        assert!(answer.text.contains(field), "{}", answer.text);
    }
    world.call("POST", "/v1/tenants/demo/realms/none:previewPage", &json!({"preview": {}})).await.problem(404);
}
