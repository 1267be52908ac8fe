//! Pages of other origins: preflights, trust, and registrations with a challenge that the client built.

use serde_json::{Value, json};

use crate::authenticator::Device;
use crate::world::{Answer, Invited, REALM, World};

const APP: &str = "https://app.example.com";

/// A job for the page of an app at [`APP`].
async fn invite(world: &World) -> Invited {
    let config = json!({"authenticator_config": {
        "display_name": "App",
        "config": {"type": "embedded", "invoke_url": APP, "trusted_origins": ["http://localhost:5173", APP]},
    }});
    let config = world.call("POST", &format!("{REALM}/authenticator-configs"), &config).await.ok();
    world.invite_embedded(config["id"].as_str().unwrap()).await
}

async fn from(world: &World, origin: &str, token: &str, method: &str, path: &str, body: &Value) -> Answer {
    let authorization = format!("Bearer {token}");
    let headers = [("origin", origin), ("authorization", authorization.as_str()), ("accept", "application/json")];
    world.send(method, path, &headers, body.to_string()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn preflights_are_answered_and_change_nothing() {
    let world = World::new().await;
    let invited = invite(&world).await;
    let before = world.items();
    for verb in ["open", "getInfo", "bind", "invokeAuthenticator"] {
        let headers = [("origin", APP), ("access-control-request-method", "POST")];
        let answer = world.send("OPTIONS", &format!("{}:{verb}", invited.path), &headers, "").await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""), "{verb}");
        assert_eq!(answer.headers["access-control-allow-origin"], APP);
        assert!(answer.headers["access-control-allow-headers"].to_str().unwrap().contains("authorization"));
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    }
    for verb in ["beginSignIn", "finishSignIn"] {
        let headers = [("origin", APP), ("access-control-request-method", "POST")];
        let answer = world.send("OPTIONS", &format!("{}:{verb}", crate::sign_in::HOSTED), &headers, "").await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""), "{verb}");
        assert_eq!(answer.headers["access-control-allow-origin"], APP);
    }
    assert_eq!(world.items(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_trusted_page_may_act() {
    let world = World::new().await;
    let invited = invite(&world).await;
    let link = format!("{}:invokeAuthenticator?token={}", invited.path, invited.secret);
    let state = async || world.get(&invited.path).await["state"].clone();
    let evil = ["https://evil.example", "https://app.example.com.evil.example", "http://app.example.com", "null"];
    let none = Value::Null;
    for origin in evil {
        for (method, path) in [("GET", link.clone()), ("POST", format!("{}:open", invited.path))] {
            let refused = from(&world, origin, &invited.secret, method, &path, &none).await;
            refused.problem(403);
            assert_eq!((refused.kind(), state().await), ("untrusted-origin", json!("LINK_SENT")), "{origin}");
        }
    }
    let opened = from(&world, APP, "", "GET", &link, &none).await;
    assert_eq!(opened.headers["access-control-allow-origin"], APP);
    // A device with a wrong clock can read the correct time.
    assert!(opened.headers["access-control-expose-headers"].to_str().unwrap().contains("date"));
    assert!(opened.headers["date"].to_str().unwrap().ends_with(" GMT"));
    let ceremony = opened.ok()["token"].as_str().unwrap().to_owned();
    for verb in ["getInfo", "bind"] {
        let body = json!({"type": "WEBAUTHN", "raw": "{}"});
        let refused = from(&world, evil[0], &ceremony, "POST", &format!("{}:{verb}", invited.path), &body).await;
        assert_eq!(
            (refused.status, state().await),
            if verb == "bind" { (409, json!("LINK_OPENED")) } else { (403, json!("LINK_OPENED")) }
        );
    }
    from(&world, APP, &ceremony, "POST", &format!("{}:getInfo", invited.path), &none).await.ok();
    let body = json!({"type": "WEBAUTHN", "raw": "{}"});
    let refused = from(&world, evil[0], &ceremony, "POST", &format!("{}:bind", invited.path), &body).await;
    assert_eq!(refused.kind(), "untrusted-origin");
    assert!(world.get(&invited.path).await.get("last_failure").is_none());
    // The hosted page may act for a hosted config.
    let hosted = world.invite().await;
    from(&world, APP, &hosted.secret, "POST", &format!("{}:open", hosted.path), &none).await.problem(403);
    from(&world, world.stack.base(), &hosted.secret, "POST", &format!("{}:open", hosted.path), &none).await.ok();
}

/// The refusal of an origin would reveal that the job exists, so only the holder of its secret gets it.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_reveals_no_more_to_a_foreign_page() {
    let world = World::new().await;
    let (invited, other) = (invite(&world).await, invite(&world).await);
    let foreign_ceremony = world.open(&other).await.ok()["token"].as_str().unwrap().to_owned();
    let bind = json!({"type": "WEBAUTHN", "raw": "{}"});
    let link = format!("invokeAuthenticator?token={}", other.secret);
    let tries = [
        ("GET", link.as_str(), "", &Value::Null),
        ("POST", "open", &other.secret, &Value::Null),
        ("POST", "getInfo", &foreign_ceremony, &Value::Null),
        ("POST", "bind", &foreign_ceremony, &bind),
    ];
    for (method, verb, token, body) in tries {
        let path = format!("{}:{verb}", invited.path);
        for origin in ["https://evil.example", APP, world.stack.base()] {
            let refused = from(&world, origin, token, method, &path, body).await;
            refused.problem(404);
            assert_eq!(refused.kind(), "unknown-link", "{verb} from {origin}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_of_the_client_names_identity_and_token() {
    let world = World::new().await;
    let invited = invite(&world).await;
    let ceremony = world.open(&invited).await.ok()["token"].as_str().unwrap().to_owned();
    world.get_info(&invited, &ceremony).await.ok();
    let bind = async |device: &Device, claims: Value| {
        let raw = device.register_by_client(&claims.to_string(), "app.example.com").to_string();
        let body = json!({"type": "WEBAUTHN", "raw": raw});
        from(&world, APP, &ceremony, "POST", &format!("{}:bind", invited.path), &body).await
    };
    let subject = "CN=ada, OU=demo, O=demo";
    let good = json!({"sub": subject, "token": ceremony});
    let device = Device::new(APP);
    for (claims, reason) in [
        (json!({"sub": "CN=bob, OU=demo, O=demo", "token": ceremony}), "challenge_mismatch"),
        (json!({"sub": subject, "token": "x"}), "challenge_mismatch"),
        (json!({"token": ceremony}), "challenge_mismatch"),
        (json!([subject, ceremony]), "challenge_mismatch"),
    ] {
        assert_eq!(bind(&device, claims).await.json["reason"], reason);
    }
    assert_eq!(bind(&Device::new("https://evil.example"), good.clone()).await.json["reason"], "origin_mismatch");
    let mut elsewhere = Device::new(APP);
    elsewhere.rp_id = Some("example.com".to_owned());
    assert_eq!(bind(&elsewhere, good.clone()).await.json["reason"], "rp_id_mismatch");
    let mut unverified = Device::new(APP);
    unverified.flags = 0x41;
    assert_eq!(bind(&unverified, good.clone()).await.json["reason"], "user_not_verified");
    let credential = bind(&device, good).await.ok();
    assert_eq!(
        (&credential["csr_type"], &credential["webauthn"]["rp_id"]),
        (&json!("WEBAUTHN"), &json!("app.example.com"))
    );
}
