//! The requests of back ends that were written for the published API: a fetch() without a Content-Type, as in the
//! samples of its documentation, and the members that they read of each response.

use serde_json::{Value, json};

use crate::world::{Answer, REALM, World};

/// `fetch(url, {method, headers: {Authorization}, body: JSON.stringify(body)})`
async fn fetch(world: &World, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let token = format!("Bearer {}", world.token());
    let mut headers = vec![("authorization", token.as_str()), ("accept", "*/*"), ("user-agent", "node")];
    if body.is_some() {
        headers.push(("content-type", "text/plain;charset=UTF-8"));
    }
    world.send(method, path, &headers, body.map(Value::to_string).unwrap_or_default()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_back_end_registers_a_person() {
    let world = World::new().await;
    let identities = format!("{REALM}/identities");
    let person = json!({"identity": {"display_name": "grace@example.com", "traits": {
        "type": "traits_v0", "username": "grace@example.com", "primary_email_address": "grace@example.com",
    }}});
    let identity = fetch(&world, "POST", &identities, Some(&person)).await.ok();
    let id = identity["id"].as_str().unwrap();
    assert!(identity["code"].is_null());

    // The sample answers its own client by the code, with the message.
    let again = fetch(&world, "POST", &identities, Some(&person)).await;
    assert_eq!((again.status, &again.json["code"]), (409, &json!("conflict")));
    assert!(again.json["message"].as_str().unwrap().contains("username"), "{}", again.text);
    let detail = &again.json["details"][0];
    assert_eq!((&detail["type"], &detail["resource_type"]), (&json!("ResourceInfo"), &json!("Identity")));
    assert_eq!(detail["id"], id);

    // It then looks the person up, to recover the account.
    let filter = "traits.primary_email_address%20eq%20%22grace%40example.com%22";
    let found = fetch(&world, "GET", &format!("{identities}?filter={filter}"), None).await.ok();
    assert_eq!((&found["identities"][0]["id"], &found["total_size"]), (&json!(id), &json!(1)));

    let jobs = format!("{identities}/{id}/credential-binding-jobs");
    for method in ["RETURN", "EMAIL"] {
        let body = json!({"job": {
            "delivery_method": method, "authenticator_config_id": "embedded",
            "post_binding_redirect_uri": format!("{}/_local/welcome", world.stack.base()),
        }});
        let created = fetch(&world, "POST", &jobs, Some(&body)).await.ok();
        assert_eq!(created["credential_binding_job"]["state"], "LINK_SENT");
        let link = created["credential_binding_link"].as_str();
        assert_eq!(link.is_some_and(|link| link.contains(":invokeAuthenticator?token=")), method == "RETURN");
    }

    // An admin page lists the passkeys, and deletes the account.
    let passkeys = fetch(&world, "GET", &format!("{identities}/{id}/credentials?page_size=200"), None).await.ok();
    assert_eq!(passkeys["credentials"], json!([]));
    let deleted = fetch(&world, "DELETE", &format!("{identities}/{id}"), None).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (200, ""));
}
