//! The audit log: every change that was made with an access token, and no others.
//!
//! Operations: listAuditEntries, listTenantAuditEntries.

use local::Options;
use serde_json::{Value, json};

use crate::world::{ADA, Answer, REALM, World, job};

const LOG: &str = "/v1/tenants/demo/realms/demo/audit-entries";
const TENANT_LOG: &str = "/v1/tenants/demo/audit-entries";

/// The entries, without those of the seed data.
async fn entries(world: &World, list: &str) -> Vec<Value> {
    let all = world.get(list).await["audit_entries"].as_array().unwrap().clone();
    let of_seed = [("putRealm", vec![REALM]), ("putIdentity", vec![ADA])];
    all.into_iter().filter(|entry| !of_seed.contains(&change(entry))).collect()
}

/// The operation and the objects of an entry.
fn change(entry: &Value) -> (&str, Vec<&str>) {
    let objects = entry["objects"].as_array().unwrap().iter().map(|object| object.as_str().unwrap());
    (entry["operation"].as_str().unwrap(), objects.collect())
}

fn identity(username: &str) -> Value {
    json!({"identity": {"display_name": "Eve Private", "traits": {
        "type": "traits_v0", "username": username, "primary_email_address": format!("{username}@private.example"),
    }}})
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_recorded_with_who_made_it() {
    let world = World::new().await;
    let jobs = format!("{ADA}/credential-binding-jobs");
    let mut expected: Vec<(&str, Vec<String>, String)> = Vec::new();
    let mut made = |operation, answer: Answer, objects: &[String]| {
        expected.push((operation, objects.to_vec(), answer.headers["x-request-id"].to_str().unwrap().to_owned()));
        answer
    };
    let none = Value::Null;

    let eve = world.call("POST", &format!("{REALM}/identities"), &identity("eve")).await;
    let eve_path = format!("{REALM}/identities/{}", eve.json["id"].as_str().unwrap());
    made("createIdentity", eve, std::slice::from_ref(&eve_path)).ok();
    let bob = format!("{REALM}/identities/bob-2");
    made("putIdentity", world.call("PUT", &bob, &identity("bob-2")).await, std::slice::from_ref(&bob)).ok();
    let body = json!({"identity": {"status": "suspended"}});
    made("patchIdentity", world.call("PATCH", &bob, &body).await, std::slice::from_ref(&bob)).ok();
    let body = json!({"realm": {"display_name": "Demo"}});
    made("patchRealm", world.call("PATCH", REALM, &body).await, &[REALM.to_owned()]).ok();
    let body = json!({"authenticator_config": {"display_name": "Ours", "config": {"type": "hosted_web"}}});
    let config = world.call("POST", &format!("{REALM}/authenticator-configs"), &body).await;
    let path = format!("{REALM}/authenticator-configs/{}", config.json["id"].as_str().unwrap());
    made("createAuthenticatorConfig", config, std::slice::from_ref(&path)).ok();
    let created = world.call("POST", &jobs, &job("RETURN", &json!({}))).await;
    let path = format!("{jobs}/{}", created.json["credential_binding_job"]["id"].as_str().unwrap());
    made("createJob", created, std::slice::from_ref(&path)).ok();
    made("publishJob", world.call("POST", &format!("{path}:publish"), &none).await, std::slice::from_ref(&path)).ok();
    made("revokeJob", world.call("POST", &format!("{path}:revoke"), &none).await, &[path]).ok();
    let invited = world.invite().await;
    let credential = world.enrol(&invited).await;
    let path = format!("{ADA}/credentials/{}", credential["id"].as_str().unwrap());
    made("revokeCredential", world.call("POST", &format!("{path}:revoke"), &none).await, &[path]).ok();
    made("eraseIdentity", world.call("DELETE", ADA, &none).await, &[ADA.to_owned()]).ok_empty();
    let ids = json!({"ids": [eve_path.rsplit('/').next(), "bob-2"]});
    let batch = world.call("POST", &format!("{REALM}/identities:batchDelete"), &ids).await;
    made("batchDeleteIdentities", batch, &[eve_path, bob]).ok_empty();

    let mut found = entries(&world, LOG).await;
    found.reverse();
    // A recipient's action with the link is not a caller's change.
    let invitation = found.iter().position(|entry| entry["objects"] == json!([invited.path])).unwrap();
    assert_eq!(change(&found.remove(invitation)).0, "createJob");
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (entry, (operation, objects, request)) in found.iter().zip(&expected) {
        assert_eq!(change(entry), (*operation, objects.iter().map(String::as_str).collect()));
        assert_eq!(entry["request_id"], json!(request), "{entry}");
        assert_eq!(entry["principal"]["issuer"], json!(format!("{}/oauth2", world.stack.base())), "{entry}");
        assert!(entry["principal"]["subject"].is_string(), "{entry}");
        assert_eq!((&entry["tenant_id"], &entry["realm_id"]), (&json!("demo"), &json!("demo")));
    }
    // Ids only: no name, no address.
    let stored: Vec<Value> = world.items().into_iter().filter(|item| item["kind"]["S"] == "AUDIT").collect();
    assert!(stored.len() > expected.len());
    let text = json!(stored).to_string();
    assert!(!text.contains("Private") && !text.contains("private.example"), "{text}");
    let now = world.stack.clock().now().seconds();
    for item in &stored {
        let days = (item["ttl"]["N"].as_str().unwrap().parse::<i64>().unwrap() - now) / 86_400;
        assert!((89..=90).contains(&days), "{item}");
    }
    // A change of the tenant is in the tenant's log, and so is the creation of a realm.
    world.call("PATCH", "/v1/tenants/demo", &json!({"tenant": {"display_name": "Demo"}})).await.ok();
    let realm = world.call("POST", "/v1/tenants/demo/realms", &json!({"realm": {"display_name": "New"}})).await.ok();
    let found = entries(&world, TENANT_LOG).await;
    let path = format!("/v1/tenants/demo/realms/{}", realm["id"].as_str().unwrap());
    assert_eq!(change(&found[0]), ("createRealm", vec![path.as_str()]));
    assert_eq!(change(&found[1]), ("patchTenant", vec!["/v1/tenants/demo"]));
    assert_eq!(found.len(), 2);
    assert!(found[0].get("realm_id").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_a_change_is_not_recorded() {
    let world = World::new().await;
    let none = Value::Null;
    world.get(ADA).await;
    world.call("PUT", &format!("{REALM}/identities/x"), &json!({})).await.problem(400);
    world.call("DELETE", &format!("{REALM}/identities/x"), &none).await.problem(404);
    world.call("POST", &format!("{ADA}/credentials"), &none).await.problem(405);
    world.bearing("x", "DELETE", ADA, "").await;
    let reader = world.token_with(&json!({"scope": "identities:read audit:read"}));
    assert_eq!(world.bearing(&reader, "DELETE", ADA, "").await.status, 403);
    assert_eq!(entries(&world, LOG).await, [""; 0]);
    // The log has its own scope, and a tenant cannot read another tenant's.
    assert_eq!(world.bearing(&reader, "GET", LOG, "").await.status, 200);
    for claims in [json!({"scope": "identities:read"}), json!({"tenant_id": "other"})] {
        for log in [LOG, TENANT_LOG] {
            assert_eq!(world.bearing(&world.token_with(&claims), "GET", log, "").await.status, 403);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_filtered_and_read_in_pages() {
    let world = World::new().await;
    for number in 0..5 {
        let path = format!("{REALM}/identities/i{number}");
        world.call("PUT", &path, &identity(&format!("i{number}"))).await.ok();
    }
    let other = world.token_with(&json!({"sub": "somebody-else"}));
    world.bearing(&other, "DELETE", &format!("{REALM}/identities/i0"), "").await.ok_empty();
    let filtered = async |filter: &str| {
        entries(&world, &format!("{LOG}?filter={}", filter.replace(' ', "%20").replace('"', "%22"))).await
    };
    let found = filtered("principal.subject eq \"somebody-else\"").await;
    assert_eq!(found.iter().map(|entry| change(entry).0).collect::<Vec<_>>(), ["eraseIdentity"]);
    assert_eq!(filtered("operation eq \"putIdentity\"").await.len(), 5);
    let request = found[0]["request_id"].as_str().unwrap();
    assert_eq!(filtered(&format!("request_id eq \"{request}\"")).await, found);
    let time = found[0]["create_time"].as_str().unwrap();
    assert_eq!(filtered(&format!("create_time ge \"{time}\"")).await, found);
    // Including the two of the seed data.
    let mut page = world.get(&format!("{LOG}?page_size=4")).await;
    assert_eq!(page["total_size"], 8);
    assert_eq!(page["audit_entries"].as_array().unwrap().len(), 4);
    page = world.get(&format!("{LOG}?page_size=4&page_token={}", page["next_page_token"].as_str().unwrap())).await;
    assert_eq!(page["audit_entries"].as_array().unwrap().len(), 4);
    assert!(page.get("next_page_token").is_none());
}

/// A committed change is reported as successful even if its entry could not be written. The function's log has the entry.
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_cannot_be_written_is_logged() {
    let world = World::new().await;
    let invited = world.invite().await;
    world.plan(&json!({"function": "Revoke", "service": "dynamodb", "operation": "PutItem", "kind": "throttle", "times": 100})).await;
    world.call("POST", &format!("{}:revoke", invited.path), &Value::Null).await.ok();
    assert!(!world.injected().await.is_empty());
    assert!(entries(&world, LOG).await.iter().all(|entry| change(entry).0 != "revokeJob"));
    let log = world.send("GET", "/_local/logs", &[], "").await.text;
    let line = log.lines().find(|line| line.contains("an entry of the audit log could not be written"));
    let line = line.unwrap_or_else(|| panic!("{log}"));
    assert!(line.contains("ERROR") && line.contains("revokeJob") && line.contains(&invited.path), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_can_be_disabled() {
    let parameters = vec![("AuditDays".to_owned(), "0".to_owned())];
    let world = World::with(Options { parameters, ..Options::default() }).await;
    world.invite().await;
    assert_eq!(entries(&world, LOG).await, [""; 0]);
    assert!(world.items().iter().all(|item| item["kind"]["S"] != "AUDIT"));
}
