//! Stored proofs: what an auditor gets, and the result of another verification.
//!
//! Operations: getCredentialProof.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use local::audit::audit;
use serde_json::{Value, json};

use crate::authenticator::Device;
use crate::world::{ADA, REALM, World};

const ITEMS: [&str; 5] =
    ["rp_id_mismatch", "origin_mismatch", "challenge_mismatch", "mechanism_not_allowed", "key_mismatch"];

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_is_verified_again() {
    let world = World::new().await;
    let credential = world.enrol(&world.invite().await).await;
    let path = format!("{ADA}/credentials/{}/proof", credential["id"].as_str().unwrap());
    let stored = world.get(&path).await;
    assert_eq!(stored["proof"]["type"], "FIDO2");
    assert_eq!(stored["proof"]["raw"]["id"], credential["webauthn"]["credential_id"]);
    assert_eq!((&stored["credential_id"], &stored["job_id"]), (&credential["id"], &credential["job_id"]));
    assert_eq!(stored["authenticator_config_id"], "hosted");
    let report = audit(&stored, None).unwrap();
    assert_eq!((&report["verified"], &report["taken_as_it_stands"]), (&json!(true), &json!([])), "{report}");
    assert_eq!(report["jwk_thumbprint"], credential["jwk_thumbprint"]);

    let with = |pointer: &str, value: Value| {
        let mut changed = stored.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        audit(&changed, None).unwrap()["reason"].as_str().unwrap_or_default().to_owned()
    };
    let found = [
        with("/expected/rp_id", json!("example.com")),
        with("/expected/origins", json!(["https://example.com"])),
        with("/expected/challenge", json!("AAAA")),
        with("/passkey_policy/mechanisms", json!(["WEBAUTHN"])),
        with("/jwk_thumbprint", json!("of another key")),
    ];
    assert_eq!(found, ITEMS);
    for name in ["proof", "expected", "passkey_policy", "verified_time", "jwk_thumbprint", "identity_id"] {
        let mut lacking = stored.clone();
        lacking.as_object_mut().unwrap().remove(name);
        audit(&lacking, None).unwrap_err();
    }

    let unknown = path.replace(credential["id"].as_str().unwrap(), credential["job_id"].as_str().unwrap());
    world.call("GET", &unknown, &Value::Null).await.problem(404);
    // It belongs to the identity, and is erased with it.
    world.call("PATCH", ADA, &json!({"identity": {"display_name": "Ada"}})).await.ok();
    assert!(world.items().iter().any(|item| item["attestation_object"].is_object()));
    assert_eq!(world.call("DELETE", ADA, &Value::Null).await.status, 200);
    assert!(world.items().iter().all(|item| item["attestation_object"].is_null()));
    world.call("GET", &path, &Value::Null).await.problem(404);
}

/// A client of the published API signs the ceremony token, so its proof contains one. That token is no longer valid.
#[tokio::test(flavor = "multi_thread")]
async fn a_proof_over_a_ceremony_token_is_verified_again_and_its_token_is_invalid() {
    let world = World::new().await;
    let invited = world.invite_embedded("embedded").await;
    let ceremony = world.open_embedded(&invited).await;
    world.get_info(&invited, &ceremony).await.ok();
    let claims = json!({"sub": "CN=ada, OU=demo, O=demo", "token": ceremony}).to_string();
    let raw = Device::new(world.stack.base()).register_by_client(&claims, "localhost").to_string();
    let body = json!({"type": "WEBAUTHN", "raw": raw}).to_string();
    let bind = format!("{}:bind", invited.path);
    let credential = world.bearing(&ceremony, "POST", &bind, &body).await.ok();

    let stored = world.get(&format!("{ADA}/credentials/{}/proof", credential["id"].as_str().unwrap())).await;
    assert_eq!(stored["proof"]["raw"], raw);
    let report = audit(&stored, None).unwrap();
    assert_eq!(report["verified"], true, "{report}");
    assert_eq!(report["taken_as_it_stands"].as_array().unwrap().len(), 1);
    let mut other = stored.clone();
    other["identity_id"] = json!("bob");
    assert_eq!(audit(&other, None).unwrap()["reason"], "challenge_mismatch");

    // Every operation that accepts a ceremony token, with the one in the proof.
    let client_data = URL_SAFE_NO_PAD.encode(&claims);
    assert!(!stored.to_string().contains(&ceremony), "not in the clear: {client_data}");
    let again = Device::new(world.stack.base()).register_by_client(&claims, "localhost").to_string();
    for (path, body) in [
        (format!("{}:getInfo", invited.path), String::new()),
        (bind, json!({"type": "WEBAUTHN", "raw": again}).to_string()),
    ] {
        let refused = world.bearing(&ceremony, "POST", &path, &body).await;
        refused.problem(409);
        assert_eq!(refused.kind(), "job-complete");
    }
    for verb in ["open", "decline", "disown", "renew"] {
        let refused = world.bearing(&ceremony, "POST", &format!("{}:{verb}", invited.path), "").await;
        assert_eq!(refused.kind(), "unknown-link", "{verb}: {}", refused.text);
    }
    let list = world.get(&format!("{REALM}/identities/-/credentials")).await;
    assert_eq!(list["credentials"].as_array().unwrap().len(), 1);
}
