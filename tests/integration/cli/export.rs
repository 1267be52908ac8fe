//! `bindctl credentials export`.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{Terminal, said};
use crate::authenticator::Device;
use crate::sign_in::{enrol, sign_in};
use crate::world::{REALM, World};

#[tokio::test(flavor = "multi_thread")]
async fn passkeys_are_exported_for_other_systems() {
    let world = World::new().await;
    let terminal = Terminal::at(world.stack.base());
    let user = "7d2f8e0c-9c0e-4a53-a9a4-0f1f6f3c1a11";
    let first = enrol(&world, user, Device::new(world.stack.base())).await;
    let second = enrol(&world, user, Device { rsa: true, ..Device::new(world.stack.base()) }).await;
    let other = enrol(&world, "bob", Device::new(world.stack.base())).await;
    let revoked = enrol(&world, "eve", Device::new(world.stack.base())).await;
    let path = |id: &Value| format!("{REALM}/identities/eve/credentials/{}:revoke", id.as_str().unwrap());
    world.call("POST", &path(&revoked.credential["id"]), &Value::Null).await.ok();
    sign_in(&world, &first.device).await.ok();

    let (text, left_out) = said(&terminal.run(&["credentials", "export", "--attestation"]).await, 0);
    assert_eq!(left_out, "");
    let records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records.len(), 3);
    let webauthn = &first.credential["webauthn"];
    let handle = first.device.user_handle.as_deref().unwrap();
    let expected = json!({
        "type": "public-key",
        "id": webauthn["credential_id"],
        "publicKey": webauthn["public_key_cose"],
        "signCount": 0,
        "transports": ["internal"],
        "uvInitialized": true,
        "backupEligible": false,
        "backupState": false,
        "rpId": "localhost",
        "identityId": user,
        "userHandle": handle,
        "createTime": first.credential["create_time"],
        "lastUsedTime": records[0]["lastUsedTime"],
        "attestationObject": records[0]["attestationObject"],
        "attestationClientDataJSON": records[0]["attestationClientDataJSON"],
    });
    assert_eq!(records[0], expected);
    assert!(records[0]["lastUsedTime"].is_string() && records[1].get("lastUsedTime").is_none());
    let client_data = URL_SAFE_NO_PAD.decode(records[0]["attestationClientDataJSON"].as_str().unwrap()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&client_data).unwrap()["type"], "webauthn.create");

    let bodies = terminal.json(&["credentials", "export", "--format", "kratos", "--schema-id", "customer"]).await;
    let [body, bob] = bodies.as_array().unwrap().as_slice() else { panic!("{bodies}") };
    let standard = |base64url: &str| json!(STANDARD.encode(URL_SAFE_NO_PAD.decode(base64url).unwrap()));
    let config = &body["credentials"]["passkey"]["config"];
    assert_eq!((&body["schema_id"], &body["external_id"]), (&json!("customer"), &json!(user)));
    assert_eq!(
        (&body["traits"], &bob["external_id"]),
        (&json!({"email": format!("{user}@example.com")}), &json!("bob"))
    );
    assert_eq!(config["user_handle"], standard(handle));
    let passkeys = config["credentials"].as_array().unwrap();
    assert_eq!(passkeys.len(), 2);
    assert_eq!(passkeys[0]["id"], standard(webauthn["credential_id"].as_str().unwrap()));
    assert_eq!(passkeys[0]["public_key"], standard(webauthn["public_key_cose"].as_str().unwrap()));
    assert_eq!(passkeys[0]["authenticator"]["aaguid"], STANDARD.encode([0xad; 16]));

    let import = ["credentials", "export", "--format", "fusionauth"];
    let (text, left_out) = said(&terminal.run(&import).await, 0);
    assert!(left_out.contains(other.credential["id"].as_str().unwrap()) && left_out.contains("identity bob: "));
    let import: Value = serde_json::from_str(&text).unwrap();
    let passkeys = import["credentials"].as_array().unwrap();
    assert_eq!((passkeys.len(), &passkeys[0]["userId"]), (2, &json!(user)));
    assert_eq!((&passkeys[0]["algorithm"], &passkeys[1]["algorithm"]), (&json!(-7), &json!(-257)));
    for passkey in passkeys {
        let key = passkey["publicKey"].as_str().unwrap();
        assert!(
            key.starts_with("-----BEGIN PUBLIC KEY-----\nM") && key.ends_with("\n-----END PUBLIC KEY-----\n"),
            "{key}"
        );
    }
    assert_eq!(passkeys[1]["credentialId"], second.credential["webauthn"]["credential_id"]);

    let file = terminal.json(&["credentials", "export", "--format", "authelia", "--identity", "bob"]).await;
    let [passkey] = file["webauthn_credentials"].as_array().unwrap().as_slice() else { panic!("{file}") };
    assert_eq!((&passkey["username"], &passkey["rpid"]), (&json!("bob"), &json!("localhost")));
    assert_eq!(passkey["kid"], standard(other.credential["webauthn"]["credential_id"].as_str().unwrap()));
}

/// An export sends a request for each identity. One that is refused for some seconds, such as by the tenant's limit, does not
/// end it.
#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_patient() {
    let world = World::new().await;
    let terminal = Terminal::at(world.stack.base());
    enrol(&world, "bob", Device::new(world.stack.base())).await;
    // The tries of three requests.
    world.plan(&json!({"function": "ManageDirectory", "service": "dynamodb", "kind": "error", "times": 12})).await;
    let text = terminal.prints(&["credentials", "export", "--format", "kratos"]).await;
    assert_eq!((text.lines().count(), world.injected().await.len()), (1, 12));
}
