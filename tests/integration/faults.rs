//! A failing table: retries within the budget, then a 503. No change is made by halves, and none is lost.

use serde_json::{Value, json};

use crate::mail::{sends, unstreamed};
use crate::world::{ADA, Answer, REALM, World, job};

#[tokio::test(flavor = "multi_thread")]
async fn a_few_failures_go_unnoticed() {
    let world = World::new().await;
    for operation in ["PutItem", "UpdateItem", "TransactWriteItems", "GetItem", "BatchGetItem", "Query"] {
        world.fault("dynamodb", operation, "error", 1).await;
        world.fault("dynamodb", operation, "throttle", 1).await;
    }
    world.enrol(&world.invite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_table_is_a_503_and_changes_nothing() {
    let world = World::new().await;
    let invited = world.invite().await;
    let (ceremony, registration) = world.prepare(&invited).await;
    let before = world.items();
    for (operation, kind) in [("PutItem", "throttle"), ("BatchGetItem", "error")] {
        world.fault("dynamodb", operation, kind, 4).await;
        let answer = world.call("POST", &format!("{ADA}/credential-binding-jobs"), &job("RETURN", &json!({}))).await;
        answer.problem(503);
        assert!(answer.headers.contains_key("retry-after"));
        assert!(!answer.text.contains("injected"), "the response reveals internals: {}", answer.text);
    }
    world.fault("dynamodb", "TransactWriteItems", "error", 4).await;
    world.bind(&invited, &ceremony, &registration).await.problem(503);
    world.fault("dynamodb", "GetItem", "throttle", 4).await;
    world.call("GET", &invited.path, &Value::Null).await.problem(503);
    assert_eq!(world.items(), before);
    world.bind(&invited, &ceremony, &registration).await.ok();
}

/// The write was carried out and its response lost. The retry recognises it, and the caller sees no failure.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_response_is_not_a_failure() {
    let world = World::new().await;
    world.fault("dynamodb", "PutItem", "lost_response", 1).await;
    let invited = world.invite().await;
    world.fault("dynamodb", "UpdateItem", "lost_response", 1).await;
    let ceremony = world.open(&invited).await.ok()["token"].as_str().unwrap().to_owned();
    world.fault("dynamodb", "UpdateItem", "lost_response", 1).await;
    let options = world.get_info(&invited, &ceremony).await.ok()["creation_options"].clone();
    world.fault("dynamodb", "TransactWriteItems", "lost_response", 1).await;
    let registration = crate::authenticator::register(&options, world.stack.base());
    let credential = world.bind(&invited, &ceremony, &registration).await.ok();
    let read = world.get(&invited.path).await;
    assert_eq!((&read["state"], &read["credential_id"]), (&json!("COMPLETE"), &credential["id"]));
    let list = world.get(&format!("{ADA}/credential-binding-jobs")).await;
    assert_eq!(list["total_size"], 1);
    let events = world.eventually("events", |events| events.len() >= 5).await;
    assert_eq!(events.len(), 5);
    world.injected().await;
    for (method, path, body) in [
        ("PUT", REALM.to_owned(), json!({"realm": {"display_name": "Demo"}})),
        (
            "POST",
            format!("{REALM}/identities"),
            json!({"identity": {"display_name": "B", "traits": {"username": "b"}}}),
        ),
        ("PATCH", ADA.to_owned(), json!({"identity": {"display_name": "Countess"}})),
    ] {
        let operation = if path.contains("/identities") { "TransactWriteItems" } else { "PutItem" };
        world.fault("dynamodb", operation, "lost_response", 1).await;
        world.call(method, &path, &body).await.ok();
        assert_eq!(world.injected().await.len(), 1, "{method} {path}");
    }
}

/// Performs a step while the next writes of a function conflict with other transactions.
async fn blocked(
    world: &World,
    (function, operation): (&str, &str),
    times: u32,
    step: impl Future<Output = Answer>,
) -> Answer {
    let kind = "transaction_conflict";
    world.plan(&json!({"function": function, "operation": operation, "kind": kind, "times": times})).await;
    let answer = step.await;
    assert_eq!(world.injected().await.len(), times as usize, "{function} {operation}");
    answer
}

/// With three conflicts before a single write, or four before a completion, the caller notices nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_conflicts_with_transactions_is_retried() {
    let world = World::new().await;
    world.stack.clock().stop();
    let welcome = format!("{}/_local/welcome", world.stack.base());
    let realm = json!({"realm": {"display_name": "Demo", "post_binding_redirect_uris": [&welcome]}});
    world.call("PUT", REALM, &realm).await.ok();
    let jobs = format!("{ADA}/credential-binding-jobs");
    let invited = world.invite_with(&json!({"post_binding_redirect_uri": welcome})).await;
    let opened = blocked(&world, ("OpenLink", "UpdateItem"), 3, world.open(&invited)).await.ok();
    let ceremony = opened["token"].as_str().unwrap();
    let delivered = blocked(&world, ("DeliverRequest", "UpdateItem"), 3, world.get_info(&invited, ceremony)).await.ok();
    let registration = crate::authenticator::register(&delivered["creation_options"], world.stack.base());
    let wrong = json!({"id": "AAAA"});
    let refused = world.bind(&invited, ceremony, &wrong);
    blocked(&world, ("VerifyAttestation", "UpdateItem"), 3, refused).await.problem(422);
    assert!(world.get(&invited.path).await["last_failure"].is_object());
    let bound = world.bind(&invited, ceremony, &registration);
    let bound = blocked(&world, ("VerifyAttestation", "TransactWriteItems"), 4, bound).await.ok();
    let code = json!({"code": bound["post_binding_redirect_uri"].as_str().unwrap().split_once("code=").unwrap().1});
    let redeem = format!("{REALM}/credential-binding-jobs:redeem");
    blocked(&world, ("Revoke", "UpdateItem"), 3, world.call("POST", &redeem, &code)).await.ok();
    let revoke = format!("{ADA}/credentials/{}:revoke", bound["id"].as_str().unwrap());
    blocked(&world, ("Revoke", "UpdateItem"), 3, world.call("POST", &revoke, &Value::Null)).await.ok();

    let app = job("RETURN", &json!({"authenticator_config_id": "embedded"}));
    let made = world.call("POST", &jobs, &app).await.ok();
    let link = made["credential_binding_link"].as_str().unwrap().strip_prefix(world.stack.base()).unwrap();
    assert_eq!(blocked(&world, ("OpenLink", "UpdateItem"), 3, world.send("GET", link, &[], "")).await.status, 302);
    let mailed = world.call("POST", &jobs, &job("EMAIL", &json!({}))).await.ok();
    world.drained().await;
    world.stack.clock().advance(60_000);
    let resend = format!("{jobs}/{}:resend", mailed["credential_binding_job"]["id"].as_str().unwrap());
    blocked(&world, ("CreateJob", "UpdateItem"), 3, world.call("POST", &resend, &Value::Null)).await.ok();
    let token = format!("Bearer {}", world.token());
    let headers = [("authorization", token.as_str()), ("idempotency-key", "k")];
    let create = || world.send("POST", &jobs, &headers, job("RETURN", &json!({})).to_string());
    blocked(&world, ("CreateJob", "TransactWriteItems"), 3, create()).await.ok();

    let short = world.invite_with(&json!({"expires_in_seconds": 60})).await;
    world.drained().await;
    let swept = async {
        world.stack.clock().advance(60_000);
        world.drained().await;
        world.call("GET", &short.path, &Value::Null).await
    };
    blocked(&world, ("ExpireJobs", "UpdateItem"), 3, swept).await.ok();
    let expired = |event: &Value| event["detail"]["data"]["credential_binding_job"]["state"] == "EXPIRED";
    assert_eq!(world.local("events").await.as_array().unwrap().iter().filter(|event| expired(event)).count(), 1);
}

/// The same for the mailer's writes: the claim, its release after SES failed, and the record that the mail was sent.
#[tokio::test(flavor = "multi_thread")]
async fn the_mailers_writes_are_retried() {
    let world = World::new().await;
    world.stack.clock().stop();
    let records = unstreamed(&world).await;
    let conflicts = |skip: u32| {
        let kind = "transaction_conflict";
        json!({"function": "SendLink", "operation": "UpdateItem", "kind": kind, "skip": skip, "times": 3})
    };
    world.fault("sesv2", "SendEmail", "error", 4).await;
    world.plan(&conflicts(0)).await;
    world.plan(&conflicts(1)).await;
    assert!(!sends(&world, &records).await, "SES fails");
    assert_eq!(world.injected().await.len(), 10);
    world.plan(&conflicts(1)).await;
    assert!(sends(&world, &records).await, "it was released, sent and recorded");
    assert_eq!(world.injected().await.len(), 3);
    assert_eq!(world.local("mail").await.as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_with_too_many_conflicts_is_a_503_and_changes_nothing() {
    let world = World::new().await;
    let (sent, delivered) = (world.invite().await, world.invite().await);
    let (ceremony, registration) = world.prepare(&delivered).await;
    let before = world.items();
    let bind = || world.bind(&delivered, &ceremony, &registration);
    for answer in [
        blocked(&world, ("OpenLink", "UpdateItem"), 5, world.open(&sent)).await,
        blocked(&world, ("VerifyAttestation", "TransactWriteItems"), 5, bind()).await,
    ] {
        answer.problem(503);
        assert!(answer.headers.contains_key("retry-after"));
        assert!(!answer.text.contains("ransaction"), "the response reveals internals: {}", answer.text);
    }
    assert_eq!(world.items(), before);
    world.open(&sent).await.ok();
    bind().await.ok();
}

/// Unprocessed elements of a batch are requested again, up to five times in all.
#[tokio::test(flavor = "multi_thread")]
async fn unprocessed_elements_of_a_batch_are_requested_again() {
    let world = World::new().await;
    let jobs = format!("{ADA}/credential-binding-jobs");
    let wanted = job("RETURN", &json!({}));
    let create = || world.call("POST", &jobs, &wanted);
    let erase = || world.call("DELETE", ADA, &Value::Null);
    world.fault("dynamodb", "BatchGetItem", "partial", 4).await;
    create().await.ok();
    let before = world.items();
    world.fault("dynamodb", "BatchGetItem", "partial", 5).await;
    create().await.problem(503);
    assert_eq!(world.items(), before);
    assert_eq!(world.injected().await.len(), 9);

    world.drained().await;
    let of_ada =
        || world.items().into_iter().filter(|item| item["pk"]["S"].as_str().unwrap().ends_with("#I#ada")).count();
    world.fault("dynamodb", "BatchWriteItem", "partial", 5).await;
    erase().await.problem(503);
    assert!(of_ada() > 0);
    world.fault("dynamodb", "BatchWriteItem", "partial", 4).await;
    assert_eq!(erase().await.status, 200);
    assert_eq!((of_ada(), world.injected().await.len()), (0, 9));
}

/// A function dies between two of its calls. The client only learns that it failed, and committed writes stay.
#[tokio::test(flavor = "multi_thread")]
async fn a_function_that_dies_is_a_500_of_the_gateway() {
    let world = World::new().await;
    let invited = world.invite().await;
    for (kind, state) in [("kill_before", "LINK_SENT"), ("kill_after", "LINK_OPENED")] {
        world.plan(&json!({"function": "OpenLink", "operation": "UpdateItem", "kind": kind})).await;
        let answer = world.open(&invited).await;
        assert_eq!((answer.status, answer.json), (500, json!({"message": "Internal Server Error"})));
        assert_eq!(world.get(&invited.path).await["state"], state);
    }
    world.enrol(&invited).await;
    let injected = world.send("DELETE", "/_local/faults", &[], "").await.ok()["injected"].clone();
    let fault = |kind| json!({"function": "OpenLink", "service": "dynamodb", "operation": "UpdateItem", "kind": kind});
    assert_eq!(injected, json!([fault("kill_before"), fault("kill_after")]));
}

/// If the publisher dies, its batch is delivered again; a batch that is delivered twice is published twice; a mail is
/// sent only once in each case.
#[tokio::test(flavor = "multi_thread")]
async fn batches_are_retried_and_delivered_twice() {
    let world = World::new().await;
    world
        .plan(&json!({"function": "PublishChanges", "operation": "PutEvents", "kind": "kill_after", "times": 2}))
        .await;
    world.plan(&json!({"function": "SendLink", "kind": "duplicate"})).await;
    world.call("POST", &format!("{ADA}/credential-binding-jobs"), &job("EMAIL", &json!({}))).await.ok();
    world.drained().await;
    let events = world.local("events").await;
    let sequences = events.as_array().unwrap().iter().map(|event| event["detail"]["metadata"]["sequence"].as_u64());
    let (mut first, mut second) = (0, 0);
    for sequence in sequences {
        match sequence {
            Some(1) => first += 1,
            Some(2) => second += 1,
            // The event of its delivery.
            Some(3) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(first >= 2 && second >= 1, "{first} {second}");
    assert_eq!(world.local("mail").await.as_array().unwrap().len(), 1);
    let injected = world.send("DELETE", "/_local/faults", &[], "").await.ok()["injected"].clone();
    assert_eq!(injected.as_array().unwrap().len(), 3, "{injected}");
}

/// Random faults are the same for the same seed, and end when they are cleared.
#[tokio::test(flavor = "multi_thread")]
async fn random_faults_can_be_repeated() {
    let world = World::new().await;
    let mut fates = Vec::new();
    for _ in 0..2 {
        world.plan(&json!({"seed": 5, "probability": 0.5, "kinds": ["kill_before", "kill_after", "rejected"]})).await;
        let mut statuses = Vec::new();
        for _ in 0..20 {
            statuses.push(world.call("GET", ADA, &Value::Null).await.status);
        }
        world.send("DELETE", "/_local/faults", &[], "").await.ok();
        fates.push(statuses);
    }
    assert_eq!(fates[0], fates[1]);
    assert!(fates[0].contains(&200) && fates[0].contains(&500), "{fates:?}");
    for _ in 0..20 {
        world.get(ADA).await;
    }
}
