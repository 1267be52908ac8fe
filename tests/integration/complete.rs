//! A complete job: created, opened, delivered, complete.
//!
//! Operations: open, getInfo, bind, getJob, getCredential, refuseCredentials.

use serde_json::{Value, json};

use crate::authenticator::{Device, register};
use crate::world::{ADA, REALM, World, job};

#[tokio::test(flavor = "multi_thread")]
async fn by_mail() {
    let world = World::new().await;
    let redirect = "https://app.example.com/welcome";
    let body = job("EMAIL", &json!({"post_binding_redirect_uri": redirect}));
    let answer = world.call("POST", &format!("{ADA}/credential-binding-jobs"), &body).await.ok();
    assert!(answer.get("credential_binding_link").is_none());
    let created = &answer["credential_binding_job"];
    assert_eq!(created["state"], "LINK_SENT");
    let time = |name: &str| binding::time::Timestamp::parse(created[name].as_str().unwrap()).unwrap().millis();
    assert_eq!(time("expire_time") - time("create_time"), 7 * 24 * 3600 * 1000);

    let mails = world.eventually("mail", |mails| !mails.is_empty()).await;
    let mail = &mails[0];
    assert_eq!(mail["to"], "ada@example.com");
    assert_eq!(mail["tags"]["job_id"], created["id"]);
    let text = mail["text"].as_str().unwrap();
    let link = text.split_whitespace().find(|word| word.contains("/bind#")).unwrap();
    assert!(mail["html"].as_str().unwrap().contains(link));
    let (path, secret) = link.split_once("/bind#").unwrap().1.split_once("?token=").unwrap();
    let invited = crate::world::Invited { path: path.to_owned(), secret: secret.to_owned() };

    world.drained().await;
    let mut credential = world.enrol(&invited).await;
    let done = world.get(path).await;
    assert_eq!((&done["state"], &done["credential_id"]), (&json!("COMPLETE"), &credential["id"]));
    let states: Vec<&Value> = done["transitions"].as_array().unwrap().iter().map(|t| &t["state"]).collect();
    assert_eq!(states, ["LINK_SENT", "LINK_OPENED", "REQUEST_DELIVERED", "COMPLETE"]);
    assert_eq!(done["email_status"], "DELIVERED");
    // The members of the response besides the credential.
    let answer = credential.as_object_mut().unwrap();
    assert_eq!(answer.remove("binding_receipt").as_ref(), Some(&done["binding_receipt"]));
    let onward = answer.remove("post_binding_redirect_uri").unwrap();
    assert!(onward.as_str().unwrap().starts_with(done["post_binding_redirect_uri"].as_str().unwrap()), "{onward}");

    let read = world.get(&format!("{ADA}/credentials/{}", credential["id"].as_str().unwrap())).await;
    assert_eq!(read, credential);
    assert_eq!(read["csr_type"], "FIDO2");
    let jwk: Value = serde_json::from_str(read["jwk_json"].as_str().unwrap()).unwrap();
    assert_eq!((&jwk["kty"], &jwk["crv"]), (&json!("EC"), &json!("P-256")));
    assert!(read["jwk_thumbprint"].as_str().unwrap().ends_with('='));
    let webauthn = &read["webauthn"];
    assert_eq!(webauthn["aaguid"], "adadadad-adad-adad-adad-adadadadadad");
    assert_eq!(webauthn["attestation_format"], "none");
    assert_eq!((&webauthn["backup_eligible"], &webauthn["backup_state"]), (&json!(false), &json!(false)));

    let events = world.eventually("events", |events| events.len() >= 7).await;
    let of = |kind: &str| events.iter().filter(|event| event["detail-type"] == kind).collect::<Vec<_>>();
    let jobs = of("Credential Binding Job State Change");
    let states: Vec<&Value> = jobs.iter().map(|e| &e["detail"]["data"]["credential_binding_job"]["state"]).collect();
    assert_eq!(states, ["LINK_SENT", "LINK_OPENED", "REQUEST_DELIVERED", "COMPLETE"]);
    assert_eq!(jobs[3]["detail"]["data"]["previous_state"], "REQUEST_DELIVERED");
    assert_eq!(of("Credential State Change").len(), 1);
    assert_eq!(of("Credential Binding Email Status Change").len(), 2);
    let mut sequences: Vec<u64> = events
        .iter()
        .filter(|event| event["detail"]["data"]["credential_binding_job"].is_object())
        .map(|event| event["detail"]["metadata"]["sequence"].as_u64().unwrap())
        .collect();
    sequences.sort_unstable();
    assert_eq!(sequences, [1, 2, 3, 4, 5, 6]);
}

#[tokio::test(flavor = "multi_thread")]
async fn by_return_no_mail_goes_out() {
    let world = World::new().await;
    let invited = world.invite().await;
    world.enrol(&invited).await;
    let read = world.get(&invited.path).await;
    assert_eq!(read["state"], "COMPLETE");
    assert!(!read.to_string().contains(&invited.secret), "a read returned the link");
    // Only the notice of the new passkey.
    let mails = world.eventually("mail", |mails| !mails.is_empty()).await;
    assert_eq!((mails.len(), &mails[0]["tags"]["mail"]), (1, &json!("notice-1")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complete_job_stays_within_its_budget() {
    let world = World::new().await;
    let quiet = json!({"realm": {"display_name": "Demo", "email": {"passkey_notice": false}}});
    world.call("PUT", REALM, &quiet).await.ok();
    world.enrol(&world.invite().await).await;
    for (at_once, requests) in [(false, 2.0), (true, 1.0)] {
        world.drained().await;
        world.send("DELETE", "/_local/requests", &[], "").await.ok();
        let invited = world.invite().await;
        if at_once {
            let request = world.get_info(&invited, &invited.secret).await.ok();
            let registration = register(&request["creation_options"], world.stack.base());
            world.bind(&invited, request["token"].as_str().unwrap(), &registration).await.ok();
        } else {
            world.enrol(&invited).await;
        }
        world.drained().await;
        within_budget(&world, requests).await;
    }
}

/// A job needs no more than it must, if it is opened and delivered in so many requests.
async fn within_budget(world: &World, requests: f64) {
    let counts = world.local("requests").await["dynamodb"].clone();
    let by_function = world.local("requests?by=function").await;
    assert_eq!(by_function["SendLink"], Value::Null, "the realm sends no notices: {by_function}");
    // The publisher finds that the identity's enrollment status is what it was: it reads, and writes nothing.
    let publisher = by_function["PublishChanges"].clone();
    let of_publisher = |name: &str| publisher[format!("dynamodb:{name}")].as_f64().unwrap_or_default();
    let background = of_publisher("GetItem") + of_publisher("Query");
    assert!((2.0..=8.0).contains(&background), "{publisher}");
    assert_eq!(of_publisher("UpdateItem") + of_publisher("PutItem") + of_publisher("TransactWriteItems"), 0.0);
    let sum = |names: &[&str], what: &str| names.iter().filter_map(|name| counts[*name][what].as_f64()).sum::<f64>();
    let writes = ["PutItem", "UpdateItem", "TransactWriteItems"];
    assert_eq!(sum(&writes, "count"), 3.0 + requests, "{counts}");
    // To open; to deliver; job and identity to complete.
    assert_eq!(sum(&["GetItem", "Query"], "count") - background, 2.0 + requests, "{counts}");
    // To create.
    assert_eq!(sum(&["BatchGetItem"], "count"), 1.0, "{counts}");
    assert_eq!(counts.as_object().unwrap().len(), 6, "{counts}");
    // 3 to create with two index entries, 1 for the entry in the audit log, 1 each to open and deliver, 8 to complete: a
    // transaction of three items of less than 1 KB, and one index entry added and one removed.
    assert_eq!(sum(&writes, "write_units"), 12.0 + requests, "{counts}");
    let reads = ["GetItem", "BatchGetItem", "Query"];
    assert!(sum(&reads, "read_units") - 2.0 * background <= 5.0 + requests, "{counts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_completion_no_proof_is_accepted() {
    let world = World::new().await;
    let invited = world.invite().await;
    let (ceremony, registration) = world.prepare(&invited).await;
    world.bind(&invited, &ceremony, &registration).await.ok();

    let again = Device::new(world.stack.base());
    let info = world.get_info(&invited, &ceremony).await;
    info.problem(409);
    let replay = world.bind(&invited, &ceremony, &registration).await;
    replay.problem(409);
    assert_eq!(replay.kind(), "job-complete");
    // Only a sender that repeats the same proof, because the response was lost, gets the credential's id.
    assert_eq!(replay.json["credential_id"], world.get(&invited.path).await["credential_id"]);
    let open = world.open(&invited).await;
    open.problem(409);
    assert_eq!(open.kind(), "job-complete");
    let other = again.register(&json!({"challenge": "AAAA", "rp": {"id": "localhost"}}));
    let other = world.bind(&invited, &ceremony, &other).await;
    other.problem(409);
    assert!(other.json.get("credential_id").is_none());
    assert_eq!(world.get(&format!("{ADA}/credentials")).await["total_size"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_simultaneous_binds_one_wins() {
    let world = std::sync::Arc::new(World::new().await);
    let invited = std::sync::Arc::new(world.invite().await);
    let mut ready = Vec::new();
    for _ in 0..64 {
        ready.push(world.prepare(&invited).await);
    }
    let tries = ready.into_iter().map(|(ceremony, registration)| {
        let (world, invited) = (world.clone(), invited.clone());
        tokio::spawn(async move { world.bind(&invited, &ceremony, &registration).await.status })
    });
    let mut statuses = Vec::new();
    for attempt in tries.collect::<Vec<_>>() {
        statuses.push(attempt.await.unwrap());
    }
    statuses.sort_unstable();
    let mut expected = vec![409; 63];
    expected.insert(0, 200);
    assert_eq!(statuses, expected);
    assert_eq!(world.get(&format!("{ADA}/credentials")).await["credentials"].as_array().unwrap().len(), 1);
}

/// A refused proof is recorded, and the user can retry with the same link.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_proof_can_be_retried() {
    let world = World::new().await;
    let invited = world.invite().await;
    let ceremony = world.open(&invited).await.ok()["token"].as_str().unwrap().to_owned();
    let options = world.get_info(&invited, &ceremony).await.ok()["creation_options"].clone();
    let base = world.stack.base();
    let device = |change: fn(&mut Device)| {
        let mut device = Device::new(base);
        change(&mut device);
        device.register(&options)
    };
    let stale = json!({"challenge": "AAAA", "rp": options["rp"]});
    for (reason, registration) in [
        ("origin_mismatch", device(|d| d.origin = "https://evil.example".into())),
        ("origin_mismatch", device(|d| d.origin.push('/'))),
        ("rp_id_mismatch", device(|d| d.rp_id = Some("evil.example".into()))),
        ("user_not_verified", device(|d| d.flags = 0x41)),
        ("user_not_present", device(|d| d.flags = 0x44)),
        ("backup_flags_invalid", device(|d| d.flags = 0x55)),
        ("credential_id_invalid", device(|d| d.credential_id.clear())),
        ("challenge_mismatch", Device::new(base).register(&stale)),
    ] {
        let answer = world.bind(&invited, &ceremony, &registration).await;
        answer.problem(422);
        assert_eq!((answer.kind(), &answer.json["reason"]), ("proof-refused", &json!(reason)));
        let read = world.get(&invited.path).await;
        assert_eq!((&read["state"], &read["last_failure"]["reason"]), (&json!("REQUEST_DELIVERED"), &json!(reason)));
    }
    world.enrol(&invited).await;
    assert_eq!(world.get(&invited.path).await["state"], "COMPLETE");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down() {
    let world = World::new().await;
    world.stack.clock().stop();
    let invited = world.invite().await;
    let (ceremony, mut registration) = world.prepare(&invited).await;
    registration["id"] = json!("AAAA");
    let mut statuses = Vec::new();
    for _ in 0..12 {
        statuses.push(world.bind(&invited, &ceremony, &registration).await.status);
    }
    assert_eq!(statuses, [&[422; 10][..], &[429; 2]].concat());
    // Each refused attempt doubles the wait, up to a minute.
    for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
        world.stack.clock().advance(seconds * 1000 - 1);
        let braked = world.bind(&invited, &ceremony, &registration).await;
        braked.problem(429);
        assert_eq!(braked.headers["retry-after"], "1", "after {seconds} s less a millisecond");
        world.stack.clock().advance(1);
        world.bind(&invited, &ceremony, &registration).await.problem(422);
    }
    world.stack.clock().advance(60_000);
    world.enrol(&invited).await;
}

/// The credential id is unique in the realm, across identities.
#[tokio::test(flavor = "multi_thread")]
async fn an_authenticators_credential_is_registered_once() {
    let world = World::new().await;
    let bob = json!({"identity": {"display_name": "Bob", "traits": {"username": "bob"}}});
    world.call("PUT", &format!("{REALM}/identities/bob"), &bob).await.ok();
    let device = Device::new(world.stack.base());
    for (identity, status) in [("ada", 200), ("bob", 409), ("ada", 409)] {
        let path = format!("{REALM}/identities/{identity}/credential-binding-jobs");
        let answer = world.call("POST", &path, &job("RETURN", &json!({}))).await.ok();
        let link = answer["credential_binding_link"].as_str().unwrap();
        let (path, secret) = link.split_once("/bind#").unwrap().1.split_once("?token=").unwrap();
        let invited = crate::world::Invited { path: path.to_owned(), secret: secret.to_owned() };
        let ceremony = world.open(&invited).await.ok()["token"].as_str().unwrap().to_owned();
        let options = world.get_info(&invited, &ceremony).await.ok()["creation_options"].clone();
        let answer = world.bind(&invited, &ceremony, &device.register(&options)).await;
        assert_eq!(answer.status, status, "{identity}: {}", answer.text);
        if status == 409 {
            assert_eq!(answer.kind(), "credential-exists");
            assert_eq!(world.get(&invited.path).await["state"], "REQUEST_DELIVERED");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_job_accepts_no_proof_and_a_revoked_credential_stays_revoked() {
    let world = World::new().await;
    let invited = world.invite().await;
    let (ceremony, registration) = world.prepare(&invited).await;
    let revoked = world.call("POST", &format!("{}:revoke", invited.path), &Value::Null).await.ok();
    assert_eq!(revoked["state"], "REVOKED");
    world.call("POST", &format!("{}:revoke", invited.path), &Value::Null).await.ok();
    for answer in [
        world.bind(&invited, &ceremony, &registration).await,
        world.get_info(&invited, &ceremony).await,
        world.open(&invited).await,
    ] {
        answer.problem(410);
        assert_eq!(answer.kind(), "job-revoked");
    }
    let complete = world.invite().await;
    let credential = world.enrol(&complete).await;
    let late = world.call("POST", &format!("{}:revoke", complete.path), &Value::Null).await;
    late.problem(409);
    assert_eq!(late.json["details"][0]["resource_type"], "CredentialBindingJob");
    let path = format!("{ADA}/credentials/{}", credential["id"].as_str().unwrap());
    let revoked = world.call("POST", &format!("{path}:revoke"), &Value::Null).await.ok();
    assert_eq!(revoked["state"], "REVOKED");
    // The second revocation gets the same response, and changes nothing.
    world.drained().await;
    // Only the audit log has an entry more.
    let items = || world.items().into_iter().filter(|item| item["kind"]["S"] != "AUDIT").collect::<Vec<_>>();
    let (before, events) = (items(), world.local("events").await);
    world.stack.clock().advance(1000);
    assert_eq!(world.call("POST", &format!("{path}:revoke"), &Value::Null).await.ok(), revoked);
    assert_eq!(world.get(&path).await, revoked);
    world.drained().await;
    assert_eq!((items(), world.local("events").await), (before, events));
    world.call("POST", &format!("{ADA}/credentials/none:revoke"), &Value::Null).await.problem(404);
}

/// Windows Hello creates such keys.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_rs256_is_accepted() {
    let world = World::new().await;
    let invited = world.invite().await;
    let ceremony = world.open(&invited).await.ok()["token"].as_str().unwrap().to_owned();
    let options = world.get_info(&invited, &ceremony).await.ok()["creation_options"].clone();
    let mut device = Device::new(world.stack.base());
    device.rsa = true;
    let credential = world.bind(&invited, &ceremony, &device.register(&options)).await.ok();
    assert_eq!(credential["algorithm"], "RS256");
    assert!(credential["jwk_json"].as_str().unwrap().starts_with(r#"{"e":"AQAB","kty":"RSA","n":""#));
}

/// Active passkeys are excluded, revoked ones are not.
#[tokio::test(flavor = "multi_thread")]
async fn active_credentials_are_excluded() {
    let world = World::new().await;
    let credential = world.enrol(&world.invite().await).await;
    let excluded = async || {
        let invited = world.invite().await;
        let ceremony = world.open(&invited).await.ok()["token"].as_str().unwrap().to_owned();
        let info = world.get_info(&invited, &ceremony).await.ok();
        info["creation_options"]["excludeCredentials"].clone()
    };
    let id = &credential["webauthn"]["credential_id"];
    assert_eq!(excluded().await, json!([{"type": "public-key", "id": id, "transports": ["internal"]}]));
    let path = format!("{ADA}/credentials/{}", credential["id"].as_str().unwrap());
    world.call("POST", &format!("{path}:revoke"), &Value::Null).await.ok();
    assert_eq!(excluded().await, json!([]));
}
