//! Signing in with a passkey that a job created.
//!
//! Operations: beginSignIn, finishSignIn.

use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

use crate::authenticator::Device;
use crate::world::{ADA, Answer, REALM, World, job};

pub(crate) const HOSTED: &str = "/v1/tenants/demo/realms/demo/authenticator-configs/hosted";

/// An identity's device and the credential that it created.
pub(crate) struct Enrolled {
    pub(crate) device: Device,
    pub(crate) credential: Value,
}

/// Enrols a device for an identity, which is created if needed.
pub(crate) async fn enrol(world: &World, identity: &str, mut device: Device) -> Enrolled {
    let path = format!("{REALM}/identities/{identity}");
    let traits = json!({"username": identity, "primary_email_address": format!("{identity}@example.com")});
    let body = json!({"identity": {"display_name": identity, "traits": traits}});
    world.call("PUT", &path, &body).await.ok();
    let made = world.call("POST", &format!("{path}/credential-binding-jobs"), &job("RETURN", &json!({}))).await.ok();
    let invited = crate::world::invited(&made);
    let ceremony = world.open(&invited).await.ok()["token"].as_str().unwrap().to_owned();
    let info = world.get_info(&invited, &ceremony).await.ok();
    let options = &info["creation_options"];
    device.user_handle = Some(options["user"]["id"].as_str().unwrap().to_owned());
    let credential = world.bind(&invited, &ceremony, &device.register(options)).await.ok();
    Enrolled { device, credential }
}

pub(crate) async fn ada(world: &World) -> Enrolled {
    enrol(world, "ada", Device::new(world.stack.base())).await
}

pub(crate) async fn begin_at(world: &World, config: &str, body: &Value) -> Answer {
    world.send("POST", &format!("{config}:beginSignIn"), &[], body.to_string()).await
}

pub(crate) async fn begin(world: &World, body: &Value) -> Value {
    begin_at(world, HOSTED, body).await.ok()
}

pub(crate) async fn finish_at(world: &World, config: &str, begun: &Value, credential: &Value) -> Answer {
    let body = json!({"token": begun["token"], "credential": credential});
    world.send("POST", &format!("{config}:finishSignIn"), &[], body.to_string()).await
}

pub(crate) async fn finish(world: &World, begun: &Value, credential: &Value) -> Answer {
    finish_at(world, HOSTED, begun, credential).await
}

/// A complete sign-in without an identity.
pub(crate) async fn sign_in(world: &World, device: &Device) -> Answer {
    let begun = begin(world, &json!({})).await;
    finish(world, &begun, &device.sign_in(&begun["request_options"])).await
}

/// The claims of a sign-in token, verified like in a back end with a JWT library.
pub(crate) async fn verified(world: &World, token: &Value, audience: &str) -> Value {
    let keys: JwkSet = serde_json::from_value(world.send("GET", "/.well-known/jwks.json", &[], "").await.ok()).unwrap();
    let token = token.as_str().unwrap();
    let header = decode_header(token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("passkey-sign-in+jwt"));
    let key: &Jwk = keys.find(&header.kid.unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&[audience]);
    validation.set_issuer(&[world.stack.base()]);
    validation.leeway = 0;
    validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &validation).unwrap().claims
}

fn address(world: &World, config: &str) -> String {
    format!("{}{config}", world.stack.base())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_signs_in() {
    let world = World::new().await;
    let Enrolled { device, credential } = ada(&world).await;
    let begun = begin(&world, &json!({"identity_id": "ada", "nonce": "n-1"})).await;
    let options = &begun["request_options"];
    assert_eq!(options["allowCredentials"][0]["id"], credential["webauthn"]["credential_id"]);
    assert_eq!((&options["rpId"], &options["timeout"]), (&json!("localhost"), &json!(300_000)));
    let signed_in = finish(&world, &begun, &device.sign_in(options)).await.ok();
    assert_eq!((&signed_in["identity_id"], &signed_in["credential_id"]), (&json!("ada"), &credential["id"]));
    let claims = verified(&world, &signed_in["sign_in_token"], &address(&world, HOSTED)).await;
    for (name, expected) in [
        ("sub", json!("ada")),
        ("nonce", json!("n-1")),
        ("amr", json!(["pop", "user", "mfa"])),
        ("cnf", json!({"jkt": credential["jwk_thumbprint"].as_str().unwrap().trim_end_matches('=')})),
        ("tenant_id", json!("demo")),
        ("realm_id", json!("demo")),
        ("authenticator_config_id", json!("hosted")),
        ("credential_id", credential["id"].clone()),
    ] {
        assert_eq!(claims[name], expected, "{name}");
    }
    let seconds = |name: &str| claims[name].as_i64().unwrap();
    assert_eq!((seconds("exp") - seconds("iat"), seconds("auth_time")), (120, seconds("iat")));

    // Without an identity too; the credential's data are updated.
    let mut device = Device { sign_count: 7, flags: 0x05, ..device };
    sign_in(&world, &device).await.ok();
    device.sign_count = 8;
    let again = sign_in(&world, &device).await.ok();
    let other = verified(&world, &again["sign_in_token"], &address(&world, HOSTED)).await;
    assert_ne!(other["jti"], claims["jti"]);
    assert_eq!(other.get("nonce"), None);
    let read = world.get(&format!("{ADA}/credentials/{}", credential["id"].as_str().unwrap())).await;
    assert_eq!((&read["use_count"], &read["webauthn"]["sign_count"]), (&json!(3), &json!(8)));
    assert!(read["last_used_time"].is_string());
    assert_eq!(read["update_time"], credential["update_time"], "a sign-in does not change the state");
}

/// Performs a request and returns the AWS calls that it causes.
async fn counted(world: &World, request: impl AsyncFn() -> Answer) -> (Value, Value) {
    world.send("DELETE", "/_local/requests", &[], "").await.ok();
    let answer = request().await.ok();
    (answer, world.local("requests?by=function").await["VerifyAssertion"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warm_function_reads_once_and_writes_once() {
    let world = World::new().await;
    let Enrolled { device, .. } = ada(&world).await;
    sign_in(&world, &device).await.ok();
    let (begun, requests) = counted(&world, async || begin_at(&world, HOSTED, &json!({})).await).await;
    assert_eq!(requests, Value::Null, "no AWS service is called");
    let assertion = device.sign_in(&begun["request_options"]);
    let (_, requests) = counted(&world, async || finish(&world, &begun, &assertion).await).await;
    assert_eq!(requests, json!({"dynamodb:GetItem": 1, "dynamodb:TransactWriteItems": 1}));
    let named = json!({"identity_id": "ada"});
    let (_, requests) = counted(&world, async || begin_at(&world, HOSTED, &named).await).await;
    assert_eq!(requests, json!({"dynamodb:Query": 1}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_realm_can_enable_an_event_for_each_sign_in() {
    let world = World::new().await;
    let Enrolled { device, credential } = ada(&world).await;
    sign_in(&world, &device).await.ok();
    let realm = json!({"realm": {"sign_in_events": true}});
    assert_eq!(world.call("PATCH", REALM, &realm).await.ok()["sign_in_events"], true);
    world.stack.clock().advance(61_000);
    sign_in(&world, &device).await.ok();
    let is_sign_in = |event: &&Value| event["detail-type"] == "Credential Sign In";
    let events = world.eventually("events", |events| events.iter().any(|event| is_sign_in(&event))).await;
    let events: Vec<&Value> = events.iter().filter(is_sign_in).collect();
    assert_eq!(events.len(), 1, "the first sign-in was earlier");
    let detail = &events[0]["detail"];
    assert_eq!(detail["data"]["credential"]["id"], credential["id"]);
    assert_eq!((&detail["data"]["credential"]["use_count"], &detail["metadata"]["sequence"]), (&json!(2), &json!(2)));
    world.drained().await;
    assert_eq!(world.local("set-aside").await, json!([]));
}

/// Claims of an early version have no key data, so the credential is read as well.
#[tokio::test(flavor = "multi_thread")]
async fn a_credential_from_an_early_version_signs_in() {
    let world = World::new().await;
    let Enrolled { device, .. } = ada(&world).await;
    let is_claim = |item: &&Value| item["kind"]["S"] == "CLAIM" && item.get("cose_key").is_some();
    let mut claim = world.items().iter().find(is_claim).unwrap().clone();
    for name in ["mechanism", "jwk_thumbprint", "rp_id", "cose_key", "backup_eligible"] {
        claim.as_object_mut().unwrap().remove(name).unwrap();
    }
    world.put(&claim);
    sign_in(&world, &device).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_response_of_the_table_is_no_failure_and_no_second_use() {
    let world = World::new().await;
    let Enrolled { device, credential } = ada(&world).await;
    for (kind, operation, status) in [
        ("lost_response", "TransactWriteItems", 200),
        ("throttle", "TransactWriteItems", 200),
        ("throttle", "GetItem", 200),
    ] {
        world.fault("dynamodb", operation, kind, 1).await;
        assert_eq!(sign_in(&world, &device).await.status, status, "{kind}");
        assert_eq!(world.injected().await.len(), 1);
    }
    world.fault("dynamodb", "TransactWriteItems", "throttle", 100).await;
    let begun = begin(&world, &json!({})).await;
    let assertion = device.sign_in(&begun["request_options"]);
    finish(&world, &begun, &assertion).await.problem(503);
    world.injected().await;
    finish(&world, &begun, &assertion).await.ok();
    let read = world.get(&format!("{ADA}/credentials/{}", credential["id"].as_str().unwrap())).await;
    assert_eq!(read["use_count"], 4);
}

/// Passkeys of the hosted page sign in on the app's own pages, if the config names their origin.
#[tokio::test(flavor = "multi_thread")]
async fn an_app_signs_in_with_the_passkeys_of_the_hosted_page() {
    const APP: &str = "http://localhost:8000";
    let world = World::new().await;
    let Enrolled { device, .. } = ada(&world).await;
    let from_app = async |verb: &str, body: &Value| {
        let headers = [("origin", APP), ("content-type", "application/json")];
        world.send("POST", &format!("{HOSTED}:{verb}"), &headers, body.to_string()).await
    };
    let refused = from_app("beginSignIn", &json!({})).await;
    refused.problem(403);
    assert!(refused.json["detail"].as_str().unwrap().contains("passkey_policy.origins"), "{}", refused.text);
    let policy = json!({"authenticator_config": {
        "relying_party": {"id": "localhost"}, "passkey_policy": {"origins": [world.stack.base(), APP]},
    }});
    world.call("PATCH", HOSTED, &policy).await.ok();
    world.stack.clock().advance(61_000);
    let begun = from_app("beginSignIn", &json!({})).await.ok();
    let device = Device { origin: APP.to_owned(), ..device };
    let body = json!({"token": begun["token"], "credential": device.sign_in(&begun["request_options"])});
    let signed_in = from_app("finishSignIn", &body).await;
    assert_eq!(signed_in.headers["access-control-allow-origin"], APP);
    assert_eq!(signed_in.ok()["identity_id"], "ada");
}

/// Clients of the published API choose the user handle, which is not known here.
#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_of_a_published_client_signs_in() {
    const EMBEDDED: &str = "/v1/tenants/demo/realms/demo/authenticator-configs/embedded";
    let world = World::new().await;
    let invited = world.invite_embedded("embedded").await;
    let (path, ceremony) = (&invited.path, &world.open_embedded(&invited).await);
    world.bearing(ceremony, "POST", &format!("{path}:getInfo"), "").await.ok();
    let challenge = json!({"sub": "CN=ada, OU=demo, O=demo", "token": ceremony}).to_string();
    let device = Device { user_handle: Some("b3duIGNob2ljZQ".to_owned()), ..Device::new(world.stack.base()) };
    let raw = device.register_by_client(&challenge, "localhost").to_string();
    let body = json!({"type": "WEBAUTHN", "raw": raw}).to_string();
    let credential = world.bearing(ceremony, "POST", &format!("{path}:bind"), &body).await.ok();
    assert_eq!(credential["csr_type"], "WEBAUTHN");
    let begun = begin_at(&world, EMBEDDED, &json!({})).await.ok();
    let signed_in = finish_at(&world, EMBEDDED, &begun, &device.sign_in(&begun["request_options"])).await.ok();
    assert_eq!((&signed_in["identity_id"], &signed_in["credential_id"]), (&json!("ada"), &credential["id"]));
}
