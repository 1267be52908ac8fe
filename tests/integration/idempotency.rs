//! `Idempotency-Key`: one job for one key, whatever happens to the responses.
//!
//! Operations: createJob.

use serde_json::{Value, json};

use crate::world::{ADA, Answer, World, job};

const BOB: &str = "/v1/tenants/demo/realms/demo/identities/bob";

async fn create(world: &World, token: &str, key: &str, identity: &str, body: &Value) -> Answer {
    let headers = [("authorization", &*format!("Bearer {token}")), ("idempotency-key", key)];
    world.send("POST", &format!("{identity}/credential-binding-jobs"), &headers, body.to_string()).await
}

async fn jobs(world: &World) -> usize {
    world.get(&format!("{ADA}/credential-binding-jobs")).await["credential_binding_jobs"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_returns_the_same_job_and_link() {
    let world = World::new().await;
    let (token, body) = (world.token(), job("RETURN", &json!({})));
    let first = create(&world, &token, "k1", ADA, &body).await.ok();
    // The same JSON in another spelling is the same request.
    let spelt = format!(" {}\n", serde_json::to_string_pretty(&body).unwrap());
    let headers = [("authorization", &*format!("Bearer {token}")), ("idempotency-key", "k1")];
    let again = world.send("POST", &format!("{ADA}/credential-binding-jobs"), &headers, spelt).await.ok();
    assert_eq!(again, first);
    assert_eq!(jobs(&world).await, 1);
    let other = create(&world, &token, "k1", ADA, &job("EMAIL", &json!({}))).await;
    other.problem(422);
    assert_eq!(other.kind(), "idempotency-key-reused");
    // An invalid body is another body too.
    create(&world, &token, "k1", ADA, &json!({"job": {}})).await.problem(422);
    assert_ne!(create(&world, &token, "k2", ADA, &body).await.ok(), first);
    assert_eq!(jobs(&world).await, 2);
    // A rejected request does not use up its key.
    create(&world, &token, "k3", ADA, &json!({"job": {}})).await.problem(400);
    create(&world, &token, "k3", ADA, &body).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_belongs_to_its_principal_and_identity() {
    let world = World::new().await;
    let body = job("RETURN", &json!({}));
    let other = world.token_with(&json!({"sub": "another", "client_id": "another"}));
    let mine = create(&world, &world.token(), "k", ADA, &body).await.ok();
    assert_ne!(create(&world, &other, "k", ADA, &body).await.ok(), mine);
    let bob = json!({"identity": {"display_name": "Bob", "traits": {"type": "traits_v0", "username": "bob"}}});
    world.call("PUT", BOB, &bob).await.ok();
    assert_ne!(create(&world, &world.token(), "k", BOB, &body).await.ok(), mine);
    let foreign = world.token_with(&json!({"tenant_id": "other"}));
    create(&world, &foreign, "k", ADA, &body).await.problem(403);
    let nobody = world.token_with(&json!({"sub": null, "client_id": null}));
    assert_eq!(create(&world, &nobody, "k", ADA, &body).await.fields(), ["Idempotency-Key"]);
    for bad in ["", &"k".repeat(256)] {
        assert_eq!(create(&world, &world.token(), bad, ADA, &body).await.fields(), ["Idempotency-Key"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_stored_for_a_day_and_erased_with_its_identity() {
    let world = World::new().await;
    world.stack.clock().stop();
    let body = job("RETURN", &json!({}));
    let first = create(&world, &world.token(), "k", ADA, &body).await.ok();
    world.stack.clock().advance(24 * 3600 * 1000 - 1);
    assert_eq!(create(&world, &world.token(), "k", ADA, &body).await.ok(), first);
    world.stack.clock().advance(1);
    assert_ne!(create(&world, &world.token(), "k", ADA, &body).await.ok(), first);
    world.call("DELETE", ADA, &Value::Null).await;
    let left = world.items().into_iter().filter(|item| item["pk"]["S"].as_str().unwrap().contains("#I#"));
    assert_eq!(left.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_requests_and_lost_responses_create_one_job() {
    let world = std::sync::Arc::new(World::new().await);
    let body = job("EMAIL", &json!({}));
    world.fault("dynamodb", "TransactWriteItems", "lost_response", 2).await;
    let calls = (0..16).map(|_| {
        let (world, body) = (world.clone(), body.clone());
        tokio::spawn(async move { create(&world, &world.token(), "k", ADA, &body).await })
    });
    let mut ids = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        let answer = call.await.unwrap();
        match answer.status {
            200 => ids.push(answer.json["credential_binding_job"]["id"].clone()),
            409 => assert_eq!(answer.kind(), "request-in-progress"),
            status => panic!("{status}: {}", answer.text),
        }
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(jobs(&world).await, 1);
    create(&world, &world.token(), "k", ADA, &body).await.ok();
    world.drained().await;
    assert_eq!(world.local("mail").await.as_array().unwrap().len(), 1);
}

/// A replay works even if the resources that the request named no longer exist.
#[tokio::test(flavor = "multi_thread")]
async fn a_replay_checks_nothing_again() {
    let world = World::new().await;
    let body = job("RETURN", &json!({}));
    let first = create(&world, &world.token(), "k", ADA, &body).await.ok();
    let realm = json!({"realm": {"display_name": "Demo", "return_delivery": "forbidden"}});
    world.call("PUT", crate::world::REALM, &realm).await.ok();
    assert_eq!(create(&world, &world.token(), "k", ADA, &body).await.ok(), first);
    create(&world, &world.token(), "k2", ADA, &body).await.problem(403);
}
