//! Attempts to sign in without authorization, and to find out which identities exist.
//!
//! Operations: beginSignIn, finishSignIn.

use serde_json::{Value, json};

use crate::authenticator::Device;
use crate::sign_in::{Enrolled, HOSTED, ada, begin, begin_at, enrol, finish, finish_at, sign_in};
use crate::world::{ADA, Answer, REALM, World};

/// A problem without the members that differ between requests.
fn bare(answer: &Answer) -> Value {
    let mut document = answer.json.clone();
    document["request_id"] = Value::Null;
    document["webauthn"]["credential_id"] = Value::Null;
    document
}

fn refused(answer: &Answer, reason: &str) {
    answer.problem(422);
    assert_eq!((answer.kind(), &answer.json["reason"]), ("proof-refused", &json!(reason)), "{}", answer.text);
}

fn unknown(answer: &Answer, device: &Device) {
    answer.problem(404);
    assert_eq!(answer.kind(), "unknown-credential", "{}", answer.text);
    let id = device.sign_in(&json!({"challenge": "", "rpId": ""}))["id"].clone();
    assert_eq!(answer.json["webauthn"], json!({"rp_id": "localhost", "credential_id": id}), "for the Signal API");
}

async fn credential(world: &World, enrolled: &Enrolled) -> Value {
    let (identity, id) = (&enrolled.credential["identity_id"], &enrolled.credential["id"]);
    world.get(&format!("{REALM}/identities/{}/credentials/{}", identity.as_str().unwrap(), id.as_str().unwrap())).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_and_an_assertion_are_valid_once_and_for_each_other() {
    let world = World::new().await;
    let enrolled = ada(&world).await;
    let device = &enrolled.device;
    let begun = begin(&world, &json!({})).await;
    let assertion = device.sign_in(&begun["request_options"]);
    let other = begin(&world, &json!({})).await;
    refused(&finish(&world, &other, &assertion).await, "challenge_mismatch");
    finish(&world, &begun, &assertion).await.ok();
    let again = finish(&world, &begun, &assertion).await;
    again.problem(409);
    assert_eq!(again.kind(), "sign-in-used");
    let new = finish(&world, &begun, &device.sign_in(&begun["request_options"])).await;
    assert_eq!(new.kind(), "sign-in-used", "a new assertion for a used token");
    finish(&world, &other, &device.sign_in(&other["request_options"])).await.ok();
    assert_eq!(credential(&world, &enrolled).await["use_count"], 2);

    let late = begin(&world, &json!({})).await;
    world.stack.clock().advance(300_000);
    let late = finish(&world, &late, &device.sign_in(&late["request_options"])).await;
    late.problem(401);
    assert_eq!(late.kind(), "sign-in-expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_concurrent_finishes_with_one_assertion_one_succeeds() {
    let world = World::new().await;
    let enrolled = ada(&world).await;
    let begun = begin(&world, &json!({"identity_id": "ada"})).await;
    // With an increasing counter, the others are not suspected of cloning.
    let device = Device { sign_count: 9, ..enrolled.device };
    let assertion = device.sign_in(&begun["request_options"]);
    let world = std::sync::Arc::new(world);
    let attempts = (0..64).map(|_| {
        let (world, begun, assertion) = (world.clone(), begun.clone(), assertion.clone());
        tokio::spawn(async move {
            for _ in 0..20 {
                let answer = finish(&world, &begun, &assertion).await;
                // Transactions on one item conflict; a client retries.
                if answer.status != 503 {
                    return answer;
                }
            }
            panic!("the table is busy every time");
        })
    });
    let mut answers = Vec::new();
    for attempt in attempts.collect::<Vec<_>>() {
        answers.push(attempt.await.unwrap());
    }
    let successes = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(successes, 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!((answer.status, answer.kind()), (409, "sign-in-used"), "{}", answer.text);
    }
    let path = format!("{ADA}/credentials/{}", enrolled.credential["id"].as_str().unwrap());
    let read = world.get(&path).await;
    assert_eq!((&read["use_count"], read.get("clone_suspected_time")), (&json!(1), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_valid_for_its_config_realm_and_tenant_only() {
    let world = World::new().await;
    let enrolled = ada(&world).await;
    let begun = begin(&world, &json!({})).await;
    let assertion = enrolled.device.sign_in(&begun["request_options"]);
    for path in [
        HOSTED.replace("hosted", "embedded"),
        HOSTED.replace("realms/demo", "realms/other"),
        HOSTED.replace("tenants/demo", "tenants/other"),
    ] {
        assert_eq!(finish_at(&world, &path, &begun, &assertion).await.fields(), ["token"], "{path}");
    }
    let text = begun["token"].as_str().unwrap();
    for wrong in ["", &text[1..], &text[..text.len() - 1], &text.to_lowercase(), "x"] {
        let wrong = json!({"token": wrong});
        assert_eq!(finish(&world, &wrong, &assertion).await.fields(), ["token"]);
    }
    // For another relying party, the passkey of this realm is unknown.
    let config = json!({"authenticator_config": {
        "config": {"type": "hosted_web"}, "sign_in": {"enabled": true},
        "relying_party": {"id": "example.com", "related_origins": true},
    }});
    let made = world.call("POST", &format!("{REALM}/authenticator-configs"), &config).await.ok();
    let path = format!("{REALM}/authenticator-configs/{}", made["id"].as_str().unwrap());
    let other = begin_at(&world, &path, &json!({"identity_id": "ada"})).await.ok();
    let id = &enrolled.credential["webauthn"]["credential_id"];
    assert_ne!(other["request_options"]["allowCredentials"][0]["id"], *id, "the passkey is not offered");
    let answer = finish_at(&world, &path, &other, &enrolled.device.sign_in(&other["request_options"])).await;
    answer.problem(404);
    assert_eq!(answer.json["webauthn"]["rp_id"], "example.com");
    // In another realm, the same passkey is unknown.
    world.call("PUT", &REALM.replace("realms/demo", "realms/b"), &json!({"realm": {}})).await.ok();
    let config = json!({"authenticator_config": {"config": {"type": "hosted_web"}, "sign_in": {"enabled": true}}});
    let realm_b = REALM.replace("realms/demo", "realms/b");
    let made = world.call("POST", &format!("{realm_b}/authenticator-configs"), &config).await.ok();
    let path = format!("{realm_b}/authenticator-configs/{}", made["id"].as_str().unwrap());
    let other = begin_at(&world, &path, &json!({})).await.ok();
    let answer = finish_at(&world, &path, &other, &enrolled.device.sign_in(&other["request_options"])).await;
    unknown(&answer, &enrolled.device);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browsers_and_the_authenticators_data_are_verified() {
    let world = World::new().await;
    let Enrolled { device, .. } = ada(&world).await;
    let handle = device.user_handle.clone();
    let with_flags = Device { flags: 0x41, ..device };
    refused(&sign_in(&world, &with_flags).await, "user_not_verified");
    let absent = Device { flags: 0x44, ..with_flags };
    refused(&sign_in(&world, &absent).await, "user_not_present");
    let backed_up = Device { flags: 0x5d, ..absent };
    refused(&sign_in(&world, &backed_up).await, "backup_eligibility_changed");
    let foreign = Device { flags: 0x45, origin: "https://evil.example".to_owned(), ..backed_up };
    refused(&sign_in(&world, &foreign).await, "origin_mismatch");
    let elsewhere = Device { origin: world.stack.base().to_owned(), rp_id: Some("evil.example".to_owned()), ..foreign };
    refused(&sign_in(&world, &elsewhere).await, "rp_id_mismatch");
    let nameless = Device { rp_id: None, user_handle: None, ..elsewhere };
    refused(&sign_in(&world, &nameless).await, "user_handle_mismatch");
    let begun = begin(&world, &json!({"identity_id": "ada"})).await;
    finish(&world, &begun, &nameless.sign_in(&begun["request_options"])).await.ok();
    let somebody = Device { user_handle: Some("AAAA".to_owned()), ..nameless };
    unknown(&sign_in(&world, &somebody).await, &somebody);
    let right = Device { user_handle: handle, ..somebody };
    sign_in(&world, &right).await.ok();

    let begun = begin(&world, &json!({})).await;
    let body = json!({"token": begun["token"], "credential": right.sign_in(&begun["request_options"])}).to_string();
    for (origin, status) in [("https://evil.example", 403), ("null", 403), (world.stack.base(), 200)] {
        let headers = [("origin", origin)];
        let answer = world.send("POST", &format!("{HOSTED}:beginSignIn"), &headers, "").await;
        assert_eq!(answer.status, status, "{}", answer.text);
        assert_eq!(answer.headers["access-control-allow-origin"], origin, "the page can read the error");
        let answer = world.send("POST", &format!("{HOSTED}:finishSignIn"), &headers, body.clone()).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
    let malformed =
        [json!({}), json!({"token": begun["token"], "credential": 1}), json!({"token": 1, "credential": {}})];
    for (body, fields) in malformed.iter().zip([&["token", "credential"][..], &["credential"], &["token"]]) {
        let answer = world.send("POST", &format!("{HOSTED}:finishSignIn"), &[], body.to_string()).await;
        assert_eq!(answer.fields(), fields);
    }
    refused(&finish(&world, &begun, &json!({})).await, "malformed_response");
    refused(&finish(&world, &begun, &json!("a.b.c")).await, "mechanism_not_allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decreasing_counter_is_reported_and_refused_or_accepted() {
    let world = World::new().await;
    let enrolled = ada(&world).await;
    let device = Device { sign_count: 5, ..enrolled.device };
    let enrolled = Enrolled { device, ..enrolled };
    sign_in(&world, &enrolled.device).await.ok();
    let begun = begin(&world, &json!({})).await;
    let assertion = enrolled.device.sign_in(&begun["request_options"]);
    refused(&finish(&world, &begun, &assertion).await, "sign_count_regressed");
    assert_eq!(finish(&world, &begun, &assertion).await.kind(), "sign-in-used", "a refused sign-in uses its token too");
    let read = credential(&world, &enrolled).await;
    assert_eq!((&read["use_count"], &read["webauthn"]["sign_count"]), (&json!(1), &json!(5)));
    assert!(read["clone_suspected_time"].is_string());
    let of = |events: &[Value], accepted: bool| {
        let suspected = |event: &&Value| event["detail-type"] == "Credential Clone Suspected";
        events.iter().filter(suspected).any(|event| {
            let data = &event["detail"]["data"];
            data["accepted"] == accepted && data["received_sign_count"].is_u64()
        })
    };
    world.eventually("events", |events| of(events, false)).await;

    let accept = json!({"authenticator_config": {"sign_in": {"on_clone": "accept"}}});
    world.call("PATCH", HOSTED, &accept).await.ok();
    world.stack.clock().advance(61_000);
    let device = Device { sign_count: 3, ..enrolled.device };
    let signed_in = sign_in(&world, &device).await.ok();
    assert_eq!(signed_in["clone_suspected"], true);
    let audience = format!("{}{HOSTED}", world.stack.base());
    let claims = crate::sign_in::verified(&world, &signed_in["sign_in_token"], &audience).await;
    assert_eq!(claims["clone_suspected"], true);
    world.eventually("events", |events| of(events, true)).await;
    let enrolled = Enrolled { device, ..enrolled };
    let read = credential(&world, &enrolled).await;
    assert_eq!((&read["use_count"], &read["webauthn"]["sign_count"]), (&json!(2), &json!(5)), "the higher one stays");
    // The counter is absent after it was present.
    let device = Device { sign_count: 0, ..enrolled.device };
    assert_eq!(sign_in(&world, &device).await.ok()["clone_suspected"], true);
    let device = Device { sign_count: 6, ..device };
    assert_eq!(sign_in(&world, &device).await.ok().get("clone_suspected"), None);
    let types = world.local("events").await;
    let sign_ins = types.as_array().unwrap().iter().filter(|event| event["detail-type"] == "Credential Sign In");
    assert_eq!(sign_ins.count(), 0, "the event is off by default");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_between_begin_and_finish_takes_effect() {
    let world = World::new().await;
    let Enrolled { device, credential } = ada(&world).await;
    let path = format!("{ADA}/credentials/{}", credential["id"].as_str().unwrap());
    let begun = begin(&world, &json!({"identity_id": "ada"})).await;
    let set = async |status: &str| {
        world.call("PATCH", ADA, &json!({"identity": {"status": status}})).await.ok();
    };
    set("suspended").await;
    let answer = finish(&world, &begun, &device.sign_in(&begun["request_options"])).await;
    answer.problem(409);
    assert_eq!(answer.kind(), "identity-suspended");
    assert_eq!(answer.json.get("webauthn"), None, "no browser should forget the passkey");
    set("active").await;
    finish(&world, &begun, &device.sign_in(&begun["request_options"])).await.ok();

    let begun = begin(&world, &json!({"identity_id": "ada"})).await;
    world.call("POST", &format!("{path}:revoke"), &Value::Null).await.ok();
    let revoked = finish(&world, &begun, &device.sign_in(&begun["request_options"])).await;
    unknown(&revoked, &device);
    assert_eq!(world.get(&path).await["use_count"], 1);

    // Unknown and foreign credentials get the same response, except for their ids.
    let stranger = Device::new(world.stack.base());
    let stranger = Device { user_handle: device.user_handle.clone(), ..stranger };
    let foreign = enrol(&world, "bob", Device::new(world.stack.base())).await.device;
    for other in [&stranger, &foreign] {
        let begun = begin(&world, &json!({"identity_id": "ada"})).await;
        let answer = finish(&world, &begun, &other.sign_in(&begun["request_options"])).await;
        unknown(&answer, other);
        assert_eq!((bare(&answer), answer.text.len()), (bare(&revoked), revoked.text.len()));
    }
    let begun = begin(&world, &json!({})).await;
    world.call("DELETE", &format!("{REALM}/identities/bob"), &Value::Null).await.ok();
    unknown(&finish(&world, &begun, &foreign.sign_in(&begun["request_options"])).await, &foreign);
}

/// Performs a request and returns the table requests that it causes.
async fn counted(world: &World, request: impl AsyncFn() -> Answer) -> (Answer, Value) {
    world.send("DELETE", "/_local/requests", &[], "").await.ok();
    let answer = request().await;
    (answer, world.local("requests?by=function").await["VerifyAssertion"].clone())
}

/// A public response does not reveal which identities exist, have a passkey or are suspended.
#[tokio::test(flavor = "multi_thread")]
async fn no_response_reveals_which_identities_exist() {
    let world = World::new().await;
    let enrolled = ada(&world).await;
    let path = |id: &str| format!("{REALM}/identities/{id}");
    let body = |id: &str| json!({"identity": {"display_name": id, "traits": {"username": id}}});
    world.call("PUT", &path("without"), &body("without")).await.ok();
    enrol(&world, "suspended", Device::new(world.stack.base())).await;
    let suspend = json!({"identity": {"status": "suspended"}});
    world.call("PATCH", &path("suspended"), &suspend).await.ok();
    let revoked = enrol(&world, "revoked", Device::new(world.stack.base())).await.credential;
    let revoke = format!("{}/credentials/{}:revoke", path("revoked"), revoked["id"].as_str().unwrap());
    world.call("POST", &revoke, &Value::Null).await.ok();
    begin(&world, &json!({})).await;
    let asked = async |id: &str| {
        let (answer, requests) =
            counted(&world, async || begin_at(&world, HOSTED, &json!({"identity_id": id})).await).await;
        (
            answer.status,
            answer.headers.len(),
            requests,
            answer.json["request_options"]["allowCredentials"].clone(),
            answer.text.len(),
        )
    };
    let (status, headers, requests, real, real_size) = asked("ada").await;
    assert_eq!((status, &requests), (200, &json!({"dynamodb:Query": 1})));
    let shape = |list: &Value| {
        let one = &list[0];
        let members: Vec<String> = one.as_object().unwrap().keys().cloned().collect();
        (list.as_array().unwrap().len(), members, one["type"].clone())
    };
    let id_length = |list: &Value| list[0]["id"].as_str().unwrap().len();
    let transports = |list: &Value| list[0]["transports"].to_string().len();
    for id in ["without", "suspended", "revoked", "nobody"] {
        let first = asked(id).await;
        assert_eq!((first.0, first.1, &first.2), (status, headers, &requests), "{id}");
        assert_eq!(shape(&first.3), shape(&real), "{id}");
        let size = |list: &Value, size: usize| size - id_length(list) - transports(list);
        // The token contains the identity's id, in base64url.
        let token = |id: &str| (id.len() * 4).div_ceil(3);
        let difference = size(&first.3, first.4).abs_diff(size(&real, real_size));
        assert!(difference.abs_diff(token(id).abs_diff(token("ada"))) <= 2, "{id}: {difference}");
        assert_eq!(asked(id).await.3, first.3, "{id}: the ids are stable");
    }
    let mut sizes = std::collections::BTreeSet::new();
    for number in 0..12 {
        world.stack.clock().advance(1_000);
        let asked = asked(&format!("n{number:02}")).await;
        sizes.insert(id_length(&asked.3));
    }
    assert!(sizes.len() > 1, "decoys look like those of several authenticators: {sizes:?}");

    // Without a key, a caller cannot find out which of the ids is real.
    let begun = begin(&world, &json!({"identity_id": "ada"})).await;
    let forge = |id: &Value| {
        let forger = Device::new(world.stack.base());
        let forger = Device { user_handle: enrolled.device.user_handle.clone(), ..forger };
        let mut forged = forger.sign_in(&begun["request_options"]);
        forged["id"] = id.clone();
        forged["rawId"] = id.clone();
        forged
    };
    let tried = async |id: &Value| counted(&world, async || finish(&world, &begun, &forge(id)).await).await;
    let (known, known_requests) = tried(&enrolled.credential["webauthn"]["credential_id"]).await;
    let (decoy, decoy_requests) = tried(&asked("nobody").await.3[0]["id"]).await;
    assert_eq!((known.status, decoy.status), (404, 404));
    assert_eq!(bare(&known), bare(&decoy));
    assert_eq!((&known_requests, &decoy_requests), (&json!({"dynamodb:GetItem": 1}), &json!({"dynamodb:GetItem": 1})));
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_are_limited_by_identity_and_by_address() {
    let world = World::new().await;
    world.stack.clock().stop();
    let many = async |body: Value| {
        for count in 0..700 {
            let answer = begin_at(&world, HOSTED, &body).await;
            if answer.status != 200 {
                answer.problem(429);
                assert_eq!(answer.kind(), "too-many-attempts");
                assert!(answer.headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() > 0);
                return count;
            }
        }
        700
    };
    // Whether or not the identity exists.
    assert_eq!(many(json!({"identity_id": "ada"})).await, 30);
    assert_eq!(many(json!({"identity_id": "nobody"})).await, 30);
    let rest = many(json!({})).await;
    assert_eq!(rest, 600 - 62, "all came from one address");
    // An address that the viewer claims to have does not help.
    let spoofed = [("x-forwarded-for", "198.51.100.7")];
    world.send("POST", &format!("{HOSTED}:finishSignIn"), &spoofed, "{}").await.problem(429);
    world.stack.clock().advance(2_000);
    begin(&world, &json!({"identity_id": "ada"})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_config_without_sign_in_accepts_none() {
    let world = World::new().await;
    let config = json!({"authenticator_config": {"config": {"type": "hosted_web"}}});
    let made = world.call("POST", &format!("{REALM}/authenticator-configs"), &config).await.ok();
    assert_eq!(made.get("sign_in"), None);
    let path = format!("{REALM}/authenticator-configs/{}", made["id"].as_str().unwrap());
    let answer = begin_at(&world, &path, &json!({})).await;
    answer.problem(403);
    assert_eq!(answer.kind(), "sign-in-disabled");
    let enable = json!({"authenticator_config": {"sign_in": {"enabled": true, "audience": "shop"}}});
    let enabled = world.call("PATCH", &path, &enable).await.ok();
    assert_eq!(enabled["sign_in"], json!({"enabled": true, "audience": "shop", "on_clone": "refuse"}));
    begin_at(&world, &path, &json!({})).await.ok();
    for (sign_in, field) in [
        (json!(1), "authenticator_config.sign_in"),
        (json!({"enabled": "yes"}), "authenticator_config.sign_in.enabled"),
        (json!({"audience": "x".repeat(257)}), "authenticator_config.sign_in.audience"),
        (json!({"on_clone": "ignore"}), "authenticator_config.sign_in.on_clone"),
    ] {
        let patch = json!({"authenticator_config": {"sign_in": sign_in}});
        assert_eq!(world.call("PATCH", &path, &patch).await.fields(), [field]);
    }
    // Disabling takes effect within a minute.
    let disable = json!({"authenticator_config": {"sign_in": null}});
    world.call("PATCH", &path, &disable).await.ok();
    world.stack.clock().advance(61_000);
    begin_at(&world, &path, &json!({})).await.problem(403);
    world.call("DELETE", &path, &Value::Null).await.ok();
    begin_at(&world, &path, &json!({})).await.problem(404);
    for (body, field) in [
        (json!({"identity_id": "a/b"}), "identity_id"),
        (json!({"identity_id": 1}), "identity_id"),
        (json!({"nonce": "n".repeat(129)}), "nonce"),
        (json!({"nonce": "é".repeat(65)}), "nonce"),
    ] {
        assert_eq!(begin_at(&world, HOSTED, &body).await.fields(), [field]);
    }
}
