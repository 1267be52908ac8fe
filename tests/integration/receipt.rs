//! The receipt of a new credential, and the code with which a back end gets it.
//!
//! Operations: redeem, keySet.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Value, json};

use crate::world::{Answer, Invited, World};

const REDEEM: &str = "/v1/tenants/demo/realms/demo/credential-binding-jobs:redeem";

async fn keys(world: &World) -> Vec<Value> {
    let answer = world.send("GET", "/.well-known/jwks.json", &[], "").await;
    assert_eq!(answer.headers["cache-control"], "public, max-age=300");
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    answer.ok()["keys"].as_array().unwrap().clone()
}

/// The claims of a receipt signed by one of these keys, verified like any other JWS.
fn verified(receipt: &Value, keys: &[Value]) -> Option<Value> {
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let (input, signature) = receipt.as_str().unwrap().rsplit_once('.').unwrap();
    let (header, claims) = input.split_once('.').unwrap();
    let header: Value = serde_json::from_slice(&decode(header)).unwrap();
    assert_eq!((&header["alg"], &header["typ"]), (&json!("ES256"), &json!("binding-receipt+jwt")));
    let key = keys.iter().find(|key| key["kid"] == header["kid"])?;
    let point = [vec![4], decode(key["x"].as_str().unwrap()), decode(key["y"].as_str().unwrap())].concat();
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
    key.verify(input.as_bytes(), &decode(signature)).ok()?;
    Some(serde_json::from_slice(&decode(claims)).unwrap())
}

async fn invite(world: &World) -> Invited {
    world.invite_with(&json!({"post_binding_redirect_uri": format!("{}/_local/welcome", world.stack.base())})).await
}

fn code(bound: &Value) -> String {
    let uri = bound["post_binding_redirect_uri"].as_str().unwrap();
    uri.split_once("/_local/welcome?code=").unwrap().1.to_owned()
}

async fn redeem(world: &World, code: &str) -> Answer {
    world.call("POST", REDEEM, &json!({"code": code})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_can_be_verified_by_its_holder() {
    let world = World::new().await;
    let invited = world.invite().await;
    let bound = world.enrol(&invited).await;
    let receipt = &bound["binding_receipt"];
    let claims = verified(receipt, &keys(&world).await).unwrap();
    let base = world.stack.base();
    for (name, expected) in [
        ("iss", json!(base)),
        ("aud", json!(format!("{base}/v1/tenants/demo/realms/demo"))),
        ("jti", bound["id"].clone()),
        ("credential_id", bound["id"].clone()),
        ("job_id", bound["job_id"].clone()),
        ("sub", json!("ada")),
        ("tenant_id", json!("demo")),
        ("realm_id", json!("demo")),
        ("csr_type", json!("FIDO2")),
        ("algorithm", bound["algorithm"].clone()),
        ("cnf", json!({"jkt": bound["jwk_thumbprint"].as_str().unwrap().trim_end_matches('=')})),
        ("policy", json!({"authenticator_config_id": "hosted", "version": 1})),
    ] {
        assert_eq!(claims[name], expected, "{name}");
    }
    for name in ["credential_id", "aaguid", "attestation_format", "attestation_type", "user_verified", "rp_id"] {
        assert_eq!(claims["webauthn"][name], bound["webauthn"][name], "{name}");
    }
    assert!((claims["iat"].as_i64().unwrap() - world.stack.clock().now().seconds()).abs() < 60);

    // The same receipt is on the job, and in the event of its completion.
    assert_eq!(&world.get(&invited.path).await["binding_receipt"], receipt);
    let complete = |event: &Value| event["detail"]["data"]["credential_binding_job"]["binding_receipt"] == *receipt;
    world.eventually("events", |events| events.iter().any(complete)).await;

    // With one bit changed, it does not verify.
    let (input, signature) = receipt.as_str().unwrap().rsplit_once('.').unwrap();
    let (header, claims) = input.split_once('.').unwrap();
    let forged = String::from_utf8(URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap().replace("ada", "eve");
    let forged = format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(forged));
    assert_eq!(verified(&json!(forged), &keys(&world).await), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_returns_the_job_once() {
    let world = World::new().await;
    let invited = invite(&world).await;
    let bound = world.enrol(&invited).await;
    let code = code(&bound);
    // A caller without the scope to read jobs cannot redeem it, and does not use it up.
    let scoped = world.token_with(&json!({"scope": "credential-binding-jobs:create"}));
    world.bearing(&scoped, "POST", REDEEM, &json!({"code": code}).to_string()).await.problem(403);
    world.send("POST", REDEEM, &[], json!({"code": code}).to_string()).await.problem(401);

    // A lost response does not use it up either.
    world.fault("dynamodb", "UpdateItem", "lost_response", 1).await;
    let redeemed = redeem(&world, &code).await.ok();
    assert_eq!(redeemed["credential_binding_job"], world.get(&invited.path).await);
    assert_eq!(redeemed["credential_binding_job"]["credential_id"], bound["id"]);
    let again = redeem(&world, &code).await;
    again.problem(410);
    assert_eq!(again.kind(), "code-redeemed");

    // Without a redirect URI there is no code.
    assert_eq!(world.enrol(&world.invite().await).await["post_binding_redirect_uri"], Value::Null);
    assert!(!Value::from(world.items()).to_string().contains(&code), "a code is stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_valid_for_ten_minutes_and_in_its_own_realm() {
    let world = World::new().await;
    let code = code(&world.enrol(&invite(&world).await).await);
    let secret = code.rsplit_once('.').unwrap().1;
    let other = code.replace(secret, &"A".repeat(43));
    redeem(&world, &other).await.problem(404);
    for bad in ["", "x", &code[5..], &code[..code.len() - 1], &"x".repeat(300)] {
        assert_eq!(redeem(&world, bad).await.fields(), ["code"], "{bad}");
    }
    let of_a_job_without_code = world.enrol(&world.invite().await).await["job_id"].as_str().unwrap().to_owned();
    let [identity, _, secret] = code.split('.').collect::<Vec<_>>().try_into().unwrap();
    redeem(&world, &format!("{identity}.{of_a_job_without_code}.{secret}")).await.problem(404);
    let elsewhere = REDEEM.replace("realms/demo", "realms/other");
    world.call("POST", &elsewhere, &json!({"code": code})).await.problem(404);
    world.stack.clock().advance(601_000);
    let late = redeem(&world, &code).await;
    late.problem(410);
    assert_eq!(late.kind(), "code-expired");
}

/// A new key is published before it signs, and the previous one stays: every receipt can be verified at all times.
#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_rotated_without_a_gap() {
    let world = World::new().await;
    let before = world.enrol(&world.invite().await).await["binding_receipt"].clone();
    let put = async |stage: &str| {
        let secret = json!({"SecretId": "ReceiptKey", "SecretString": "n".repeat(64), "VersionStages": [stage]});
        let headers = [("x-amz-target", "secretsmanager.PutSecretValue")];
        world.send("POST", "/", &headers, secret.to_string()).await.ok();
        world.stack.clock().advance(61_000);
    };
    let first = keys(&world).await;
    // The other one is that of sign-in tokens.
    assert_eq!(first.len(), 2);
    put("AWSPENDING").await;
    let pending = keys(&world).await;
    assert_eq!((pending.len(), &pending[1..]), (3, &first[..]));
    put("AWSCURRENT").await;
    let both = keys(&world).await;
    assert_eq!(both.len(), 3, "{both:?}");
    assert_ne!(both[0], first[0]);
    assert!(verified(&before, &both).is_some());
}
