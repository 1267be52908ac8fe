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
