//! User names are unique in a realm, even under concurrent writes.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::world::{ADA, REALM, World};

fn named(username: &str) -> Value {
    json!({"identity": {"display_name": "Somebody", "traits": {"type": "traits_v0", "username": username}}})
}

fn path(id: &str) -> String {
    format!("{REALM}/identities/{id}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_username_is_unique_in_its_realm() {
    let world = World::new().await;
    for username in ["ada", "Ada", "ADA"] {
        for (method, path) in [("POST", format!("{REALM}/identities")), ("PUT", path("another"))] {
            let refused = world.call(method, &path, &named(username)).await;
            refused.problem(409);
            let detail = &refused.json["details"][0];
            assert_eq!((&detail["type"], &detail["id"]), (&json!("ResourceInfo"), &json!("ada")), "{}", refused.text);
            assert!(
                refused.json["message"].as_str().unwrap().contains(&format!("The username {username} already exists"))
            );
        }
    }
    world.call("PUT", &path("bob"), &named("bob")).await.ok();
    let patch = json!({"identity": {"traits": {"username": "ada"}}});
    world.call("PATCH", &path("bob"), &patch).await.problem(409);
    assert_eq!(world.get(&path("bob")).await["traits"]["username"], "bob");
    // In another realm the name is free.
    world.call("PUT", "/v1/tenants/demo/realms/other", &json!({"realm": {}})).await.ok();
    world.call("PUT", "/v1/tenants/demo/realms/other/identities/x", &named("ada")).await.ok();
    // Its own name in another case, and repeated requests.
    let patch = json!({"identity": {"traits": {"username": "ADA"}}});
    for _ in 0..2 {
        assert_eq!(world.call("PATCH", ADA, &patch).await.ok()["traits"]["username"], "ADA");
    }
    // A name that was released, or whose identity was erased, is free.
    world.call("PATCH", ADA, &json!({"identity": {"traits": {"username": "lovelace"}}})).await.ok();
    world.call("PATCH", &path("bob"), &json!({"identity": {"traits": {"username": "ada"}}})).await.ok();
    world.call("PUT", &path("c"), &named("bob")).await.ok();
    world.call("DELETE", ADA, &Value::Null).await;
    world.call("PUT", &path("d"), &named("lovelace")).await.ok();
    let claims = world.items().into_iter().filter(|item| item["kind"]["S"] == "USERNAME");
    let mut held: Vec<String> = claims.map(|item| item["identity_id"]["S"].as_str().unwrap().to_owned()).collect();
    held.sort();
    assert_eq!(held, ["bob", "c", "d", "x"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_one_of_many_concurrent_requests_gets_the_name() {
    let world = Arc::new(World::new().await);
    for round in 0..3 {
        let username = format!("name{round}");
        let calls = (0..8).map(|index| {
            let (world, body) = (world.clone(), named(&username));
            tokio::spawn(async move { world.call("PUT", &path(&format!("p{round}-{index}")), &body).await })
        });
        let mut made = 0;
        for call in calls.collect::<Vec<_>>() {
            let answer = call.await.unwrap();
            match answer.status {
                200 => made += 1,
                _ => answer.problem(409),
            }
        }
        assert_eq!(made, 1, "{username}");
    }
    let identities = world.get(&format!("{REALM}/identities")).await;
    assert_eq!(identities["total_size"], 4);
}

/// Lost responses, and a crash during an erasure, leave no name unusable.
#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_gets_its_own_name() {
    let world = World::new().await;
    world.fault("dynamodb", "TransactWriteItems", "lost_response", 1).await;
    world.call("PUT", &path("bob"), &named("bob")).await.ok();
    world.injected().await;
    world.call("PUT", &path("bob"), &named("bob")).await.ok();
    world.fault("dynamodb", "BatchWriteItem", "error", 5).await;
    let broken = world.call("DELETE", &path("bob"), &Value::Null).await;
    assert!(broken.status == 200 || broken.status == 503, "{}", broken.text);
    world.injected().await;
    let repeated = world.call("DELETE", &path("bob"), &Value::Null).await;
    assert!(repeated.status == 200 || broken.status == 200, "{}", repeated.text);
    world.call("PUT", &path("other"), &named("bob")).await.ok();
}

/// Identities that were written before names were claimed claim theirs with their next write.
#[tokio::test(flavor = "multi_thread")]
async fn older_identities_claim_their_names_later() {
    let world = World::new().await;
    // Two identities with the same name, from an earlier version.
    let ada = world.items().into_iter().find(|item| item["kind"]["S"] == "IDENTITY").unwrap();
    for id in ["first", "twin"] {
        let mut old = ada.clone();
        old["pk"]["S"] = ada["pk"]["S"].as_str().unwrap().replace("#I#ada", &format!("#I#{id}")).into();
        old["username"]["S"] = "old".into();
        world.put(&old);
    }
    world.call("PATCH", &path("first"), &json!({"identity": {"display_name": "First"}})).await.ok();
    // The other identity stays usable, and can be renamed.
    let renamed = world.call("PATCH", &path("twin"), &json!({"identity": {"display_name": "Second"}})).await.ok();
    assert_eq!((&renamed["display_name"], &renamed["traits"]["username"]), (&json!("Second"), &json!("old")));
    world.call("PUT", &path("third"), &named("old")).await.problem(409);
    world.call("PATCH", &path("twin"), &json!({"identity": {"traits": {"username": "twin"}}})).await.ok();
    world.call("PUT", &path("third"), &named("old")).await.problem(409);
    world.call("PUT", &path("third"), &named("twin")).await.problem(409);
}
