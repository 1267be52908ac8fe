//! Lists: newest first, page by page, with tokens that nobody else can make.

use serde_json::{Value, json};

use crate::world::{ADA, REALM, World, job};

fn ids(page: &Value, name: &str) -> Vec<String> {
    page[name].as_array().unwrap().iter().map(|element| element["id"].as_str().unwrap().to_owned()).collect()
}

/// All pages of a list.
async fn all(world: &World, path: &str, name: &str, size: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut token = String::new();
    for _ in 0..20 {
        let page = world.get(&format!("{path}?page_size={size}{token}")).await;
        assert!(page[name].as_array().unwrap().len() <= size);
        found.extend(ids(&page, name));
        match page["next_page_token"].as_str() {
            Some(next) => token = format!("&page_token={next}"),
            None => return found,
        }
    }
    panic!("a list without end");
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_of_an_identity_and_of_the_realm() {
    let world = World::new().await;
    let bob = json!({"identity": {"display_name": "Bob", "traits": {"username": "bob"}}});
    world.call("PUT", &format!("{REALM}/identities/bob"), &bob).await.ok();
    let mut made = Vec::new();
    for index in 0..7 {
        let identity = if index % 2 == 0 { "ada" } else { "bob" };
        let path = format!("{REALM}/identities/{identity}/credential-binding-jobs");
        let answer = world.call("POST", &path, &job("RETURN", &json!({}))).await.ok();
        made.insert(0, answer["credential_binding_job"]["id"].as_str().unwrap().to_owned());
        world.stack.clock().advance(1);
    }
    let path = format!("{REALM}/identities/-/credential-binding-jobs");
    for size in [1, 3, 7, 20] {
        assert_eq!(all(&world, &path, "credential_binding_jobs", size).await, made, "pages of {size}");
    }
    let of_ada: Vec<String> = made.iter().step_by(2).cloned().collect();
    assert_eq!(all(&world, &format!("{ADA}/credential-binding-jobs"), "credential_binding_jobs", 2).await, of_ada);
    let page = world.get(&format!("{path}?page_size=2&skip=3")).await;
    assert_eq!(ids(&page, "credential_binding_jobs"), made[3..5]);
    assert_eq!(page["total_size"], 7);
    assert_eq!(world.get(&format!("{path}?page_size=100000")).await["total_size"], 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_identities_and_configs() {
    let world = World::new().await;
    let mut made = Vec::new();
    for _ in 0..3 {
        made.insert(0, world.enrol(&world.invite().await).await["id"].as_str().unwrap().to_owned());
        world.stack.clock().advance(1);
    }
    for path in [format!("{ADA}/credentials"), format!("{REALM}/identities/-/credentials")] {
        assert_eq!(all(&world, &path, "credentials", 2).await, made, "{path}");
    }
    assert_eq!(all(&world, &format!("{REALM}/identities"), "identities", 2).await, ["ada"]);
    assert_eq!(
        all(&world, &format!("{REALM}/authenticator-configs"), "authenticator_configs", 1).await,
        ["hosted", "embedded"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_is_good_for_its_list_only() {
    let world = World::new().await;
    world.invite().await;
    world.invite().await;
    let path = format!("{ADA}/credential-binding-jobs");
    let token = world.get(&format!("{path}?page_size=1")).await["next_page_token"].as_str().unwrap().to_owned();
    let refused = async |path: &str, token: &str| {
        let answer = world.call("GET", &format!("{path}?page_size=1&page_token={token}"), &Value::Null).await;
        assert_eq!(answer.fields(), ["page_token"], "{path} {token}");
    };
    refused(&format!("{REALM}/identities/-/credential-binding-jobs"), &token).await;
    refused(&format!("{ADA}/credentials"), &token).await;
    refused(&path, &token[1..]).await;
    refused(&path, "nonsense").await;
    refused(&path, "%00").await;
    world.stack.clock().advance(7 * 24 * 3600 * 1000);
    refused(&path, &token).await;
    for wrong in ["page_size=x", "skip=-1", "filter=state%20eq%20%22COMPLETE%22"] {
        world.call("GET", &format!("{path}?{wrong}"), &Value::Null).await.problem(400);
    }
}
