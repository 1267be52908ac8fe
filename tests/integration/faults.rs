//! A failing table: retried within the budget, then a clean 503; nothing half-done, nothing lost.

use serde_json::{Value, json};

use crate::world::{ADA, REALM, World, job};

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
        assert!(!answer.text.contains("injected"), "no detail of the inside: {}", answer.text);
    }
    world.fault("dynamodb", "TransactWriteItems", "error", 4).await;
    world.bind(&invited, &ceremony, &registration).await.problem(503);
    world.fault("dynamodb", "GetItem", "throttle", 4).await;
    world.call("GET", &invited.path, &Value::Null).await.problem(503);
    assert_eq!(world.items(), before);
    world.bind(&invited, &ceremony, &registration).await.ok();
}

/// The write was done and its answer lost: our own retry finds it done, and nobody is told of a failure.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_not_a_failure() {
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
    for (method, path, body) in [
        ("PUT", REALM.to_owned(), json!({"realm": {"display_name": "Demo"}})),
        (
            "POST",
            format!("{REALM}/identities"),
            json!({"identity": {"display_name": "B", "traits": {"username": "b"}}}),
        ),
        ("PATCH", ADA.to_owned(), json!({"identity": {"display_name": "Countess"}})),
    ] {
        world.fault("dynamodb", "PutItem", "lost_response", 1).await;
        world.call(method, &path, &body).await.ok();
    }
}

/// Between two of its calls a function dies. Who waits for it learns no more than that it broke; what was written stays.
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
    let told = |kind| json!({"function": "OpenLink", "service": "dynamodb", "operation": "UpdateItem", "kind": kind});
    assert_eq!(injected, json!([told("kill_before"), told("kill_after")]));
}

/// A publisher that dies gets its batch again; one that gets a batch twice tells it twice; a mail is sent once for all
/// that.
#[tokio::test(flavor = "multi_thread")]
async fn batches_come_again_and_twice() {
    let world = World::new().await;
    world.plan(&json!({"function": "PublishChanges", "kind": "kill_after", "times": 2})).await;
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
            // Its delivery.
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
