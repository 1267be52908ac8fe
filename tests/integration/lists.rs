//! Lists: newest first, in pages, with authenticated page tokens.
//!
//! Operations: listJobs, listCredentials, listIdentities, listAuthenticatorConfigs.

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
    panic!("the list does not end");
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
async fn a_page_token_is_valid_for_its_list_only() {
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
    for wrong in ["page_size=x", "skip=-1", "filter=state%20eq%20%22DONE%22", "filter=%FF"] {
        world.call("GET", &format!("{path}?{wrong}"), &Value::Null).await.problem(400);
    }
}

/// A filter, encoded for a query.
fn encoded(filter: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    filter.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_filtered() {
    let world = World::new().await;
    let (of_ada, of_realm) =
        (format!("{ADA}/credential-binding-jobs"), format!("{REALM}/identities/-/credential-binding-jobs"));
    let begin = world.stack.clock().now();
    let mut made = Vec::new();
    for (method, seconds) in [("RETURN", 60), ("EMAIL", 600), ("RETURN", 600), ("RETURN", 600)] {
        world.stack.clock().advance(1000);
        let body = job(method, &json!({"expires_in_seconds": seconds}));
        let answer = world.call("POST", &of_ada, &body).await.ok();
        made.push(answer["credential_binding_job"].clone());
    }
    world.call("POST", &format!("{of_ada}/{}:revoke", made[2]["id"].as_str().unwrap()), &Value::Null).await.ok();
    // The clock decides, although no event was published and no sweep has run.
    world.stack.clock().advance(60_000);
    let id = |index: usize| made[index]["id"].as_str().unwrap().to_owned();
    let second = made[1]["create_time"].as_str().unwrap();
    for (filter, expected) in [
        (r#"state eq "EXPIRED""#.to_owned(), vec![id(0)]),
        (r#"state eq "LINK_SENT""#.to_owned(), vec![id(3), id(1)]),
        (r#"state eq "REVOKED" or delivery_method eq "EMAIL""#.to_owned(), vec![id(2), id(1)]),
        (r#"not (authenticator_config_id eq "hosted")"#.to_owned(), vec![]),
        (format!(r#"create_time ge "{second}" and state ne "REVOKED""#), vec![id(3), id(1)]),
        (format!(r#"create_time lt "{second}""#), vec![id(0)]),
        (format!(r#"create_time gt "{second}" and create_time lt "{begin}""#), vec![]),
    ] {
        for path in [&of_ada, &of_realm] {
            let page = world.get(&format!("{path}?filter={}", encoded(&filter))).await;
            assert_eq!(ids(&page, "credential_binding_jobs"), expected, "{filter}");
            assert_eq!(page["total_size"], expected.len(), "{filter}");
        }
    }
    // In pages; a token is valid only with its own filter.
    let filter = encoded(r#"delivery_method eq "RETURN""#);
    let path = format!("{of_realm}?page_size=1&filter={filter}");
    let (mut found, mut token) = (Vec::new(), String::new());
    for _ in 0..6 {
        let page = world.get(&format!("{path}{token}")).await;
        found.extend(ids(&page, "credential_binding_jobs"));
        assert_eq!(page["total_size"], 3, "counted on the first page");
        let Some(next) = page["next_page_token"].as_str() else { break };
        token = format!("&page_token={next}");
        let other = world.call("GET", &format!("{of_realm}?page_size=1{token}"), &Value::Null).await;
        assert_eq!(other.fields(), ["page_token"]);
    }
    assert_eq!(found, [id(3), id(2), id(0)]);
    let refused = world.call("GET", &format!("{of_ada}?filter=state%20gt%20%22COMPLETE%22"), &Value::Null).await;
    assert_eq!(refused.fields(), ["filter"]);
    assert!(refused.text.contains("at character 7: state has no order: use eq or ne"), "{}", refused.text);
    for path in [format!("{REALM}/identities?filter=a"), "/v1/tenants/demo/realms?filter=a".to_owned()] {
        assert_eq!(world.call("GET", &path, &Value::Null).await.fields(), ["filter"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_filtered() {
    let world = World::new().await;
    let credential = world.enrol(&world.invite().await).await;
    world.enrol(&world.invite().await).await;
    let path = format!("{ADA}/credentials");
    world.call("POST", &format!("{path}/{}:revoke", credential["id"].as_str().unwrap()), &Value::Null).await.ok();
    let page = world.get(&format!("{path}?filter={}", encoded(r#"state eq "REVOKED""#))).await;
    assert_eq!(ids(&page, "credentials"), [credential["id"].as_str().unwrap()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn identities_and_configs_are_filtered() {
    let world = World::new().await;
    for (id, external, status) in [("bob", "E-1", "active"), ("eve", "E-2", "suspended"), ("joe", "", "active")] {
        world.stack.clock().advance(1);
        let traits = json!({"username": id, "primary_email_address": format!("{id}@example.com")});
        let identity = json!({"identity": {
            "display_name": format!("The {id}"), "external_id": external, "status": status, "traits": traits,
        }});
        world.call("PUT", &format!("{REALM}/identities/{id}"), &identity).await.ok();
    }
    for (filter, expected) in [
        (r#"id eq "bob""#, vec!["bob"]),
        (r#"display_name eq "The eve""#, vec!["eve"]),
        (r#"external_id eq "E-2""#, vec!["eve"]),
        (r#"external_id ne "E-2""#, vec!["joe", "bob", "ada"]),
        (r#"status eq "suspended""#, vec!["eve"]),
        (r#"traits.username eq "joe" or traits.primary_email_address eq "ada@example.com""#, vec!["joe", "ada"]),
        (r#"TRAITS.USERNAME eq "Joe""#, vec![]),
    ] {
        let page = world.get(&format!("{REALM}/identities?filter={}", encoded(filter))).await;
        assert_eq!(ids(&page, "identities"), expected, "{filter}");
        assert_eq!(page["total_size"], expected.len(), "{filter}");
    }
    for (filter, expected) in [
        (r#"config.type eq "embedded""#, vec!["embedded"]),
        (r#"display_name eq "Our page""#, vec!["hosted"]),
        (r#"id ne "hosted""#, vec!["embedded"]),
    ] {
        let page = world.get(&format!("{REALM}/authenticator-configs?filter={}", encoded(filter))).await;
        assert_eq!(ids(&page, "authenticator_configs"), expected, "{filter}");
    }
    let refused = world.call("GET", &format!("{REALM}/identities?filter=status+eq+%22gone%22"), &Value::Null).await;
    assert!(refused.text.contains("status must be one of: active, suspended"), "{}", refused.text);
}

/// The total of a filtered list is never less than what was returned, and grows when later pages find more.
#[tokio::test(flavor = "multi_thread")]
async fn a_filtered_total_counts_the_elements_read_so_far() {
    let world = World::new().await;
    for _ in 0..5 {
        world.invite().await;
        world.stack.clock().advance(1);
    }
    let path = format!("{ADA}/credential-binding-jobs?page_size=2&filter={}", encoded(r#"state eq "LINK_SENT""#));
    let first = world.get(&path).await;
    assert_eq!((first["total_size"].as_u64(), ids(&first, "credential_binding_jobs").len()), (Some(5), 2));
    for _ in 0..2 {
        world.stack.clock().advance(1);
        world.invite().await;
    }
    let next = first["next_page_token"].as_str().unwrap();
    let second = world.get(&format!("{path}&page_token={next}")).await;
    assert_eq!(second["total_size"], 5, "elements newer than the first page are not on later pages");
    let skipped = world.get(&format!("{path}&skip=6")).await;
    assert_eq!((&skipped["total_size"], ids(&skipped, "credential_binding_jobs").len()), (&json!(7), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_configs_has_at_most_100() {
    let world = World::new().await;
    let config = json!({"authenticator_config": {"config": {"type": "hosted_web"}}});
    for _ in 0..100 {
        world.call("POST", &format!("{REALM}/authenticator-configs"), &config).await.ok();
    }
    let page = world.get(&format!("{REALM}/authenticator-configs?page_size=200")).await;
    assert_eq!((ids(&page, "authenticator_configs").len(), &page["total_size"]), (100, &json!(102)));
    assert_eq!(page["authenticator_configs"][99]["display_name"], "hosted_web", "a name is optional");
}
