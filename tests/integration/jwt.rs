//! JWT proofs: both forms, and every fault that each can have.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
    RSA_PKCS1_SHA256, RsaKeyPair,
};
use rsa::pkcs8::EncodePrivateKey as _;
use serde_json::{Value, json};

use crate::sign_in::{begin_at, finish_at, verified};
use crate::world::{ADA, Invited, World};

/// A software key.
enum Key {
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

impl Key {
    fn p256() -> Self {
        let (kind, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        Key::P256(EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &random).unwrap())
    }

    fn p384() -> Self {
        let (kind, random) = (&ECDSA_P384_SHA384_FIXED_SIGNING, SystemRandom::new());
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        Key::P384(EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &random).unwrap())
    }

    fn rsa(bits: usize) -> Self {
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, bits).unwrap();
        Key::Rsa(RsaKeyPair::from_pkcs8(key.to_pkcs8_der().unwrap().as_bytes()).unwrap())
    }

    fn ed25519() -> Self {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Key::Ed25519(Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap())
    }

    fn header(&self) -> Value {
        match self {
            Key::P256(key) => ec_header("ES256", "P-256", key),
            Key::P384(key) => ec_header("ES384", "P-384", key),
            Key::Rsa(key) => {
                let public: ring::rsa::PublicKeyComponents<Vec<u8>> = key.public().into();
                let (n, e) = (URL_SAFE_NO_PAD.encode(public.n), URL_SAFE_NO_PAD.encode(public.e));
                json!({"alg": "RS256", "jwk": {"kty": "RSA", "n": n, "e": e}})
            }
            Key::Ed25519(key) => {
                let x = URL_SAFE_NO_PAD.encode(key.public_key());
                json!({"alg": "EdDSA", "jwk": {"kty": "OKP", "crv": "Ed25519", "x": x}})
            }
        }
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = match self {
            Key::P256(key) | Key::P384(key) => {
                key.sign(&SystemRandom::new(), signed.as_bytes()).unwrap().as_ref().to_vec()
            }
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
                signature
            }
            Key::Ed25519(key) => key.sign(signed.as_bytes()).as_ref().to_vec(),
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn ec_header(alg: &str, crv: &str, key: &EcdsaKeyPair) -> Value {
    let point = key.public_key().as_ref();
    let (x, y) = point[1..].split_at(point.len() / 2);
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    json!({"alg": alg, "typ": "JWT", "jwk": {"kty": "EC", "crv": crv, "x": part(x), "y": part(y)}})
}

/// A job for an app's page that is ready for `:bind`: the ceremony token and the values in `jwt_binding`.
struct Ready {
    world: World,
    invited: Invited,
    ceremony: String,
    binding: Value,
}

const SUBJECT: &str = "CN=ada, OU=demo, O=demo";

impl Ready {
    async fn new() -> Self {
        let world = World::new().await;
        let invited = world.invite_embedded("embedded").await;
        let ceremony = world.open_embedded(&invited).await;
        let binding = world.get_info(&invited, &ceremony).await.ok()["jwt_binding"].clone();
        assert_eq!(binding["alg"], json!(["ES256", "ES384", "EdDSA", "RS256"]));
        Self { world, invited, ceremony, binding }
    }

    async fn bind(&self, raw: &str) -> crate::world::Answer {
        let body = json!({"type": "JWT", "raw": raw}).to_string();
        self.world.bearing(&self.ceremony, "POST", &format!("{}:bind", self.invited.path), &body).await
    }

    fn now(&self) -> i64 {
        self.world.stack.clock().now().seconds()
    }

    fn published(&self) -> Value {
        json!({"sub": SUBJECT, "token": self.ceremony})
    }

    fn ours(&self) -> Value {
        json!({"sub": SUBJECT, "nonce": self.binding["nonce"], "aud": self.binding["aud"], "iat": self.now()})
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_software_key_signs_in() {
    const EMBEDDED: &str = "/v1/tenants/demo/realms/demo/authenticator-configs/embedded";
    let ready = Ready::new().await;
    let (world, key) = (&ready.world, Key::ed25519());
    let credential = ready.bind(&key.sign(&key.header(), &ready.published())).await.ok();
    let begun = begin_at(world, EMBEDDED, &json!({"nonce": "n"})).await.ok();
    let claims = json!({"sub": SUBJECT, "token": begun["token"]});
    let finish = async |jws: String| finish_at(world, EMBEDDED, &begun, &json!(jws)).await;
    let unknown = finish(Key::ed25519().sign(&key.header(), &claims)).await;
    assert_eq!((unknown.status, &unknown.json["reason"]), (422, &json!("signature_invalid")));
    let other = Key::p256();
    let unknown = finish(other.sign(&other.header(), &claims)).await;
    unknown.problem(404);
    assert_eq!((unknown.kind(), unknown.json.get("webauthn")), ("unknown-credential", None));
    let bob = json!({"sub": SUBJECT.replace("ada", "bob"), "token": begun["token"]});
    assert_eq!(finish(key.sign(&key.header(), &bob)).await.json["reason"], "subject_mismatch");
    let old = json!({"sub": SUBJECT, "token": begun["token"], "iat": ready.now() - 301});
    assert_eq!(finish(key.sign(&key.header(), &old)).await.json["reason"], "time_outside_window");
    let signed_in = finish(key.sign(&key.header(), &claims)).await.ok();
    assert_eq!((&signed_in["identity_id"], &signed_in["credential_id"]), (&json!("ada"), &credential["id"]));
    assert_eq!(finish(key.sign(&key.header(), &claims)).await.kind(), "sign-in-used");
    let audience = format!("{}{EMBEDDED}", world.stack.base());
    let claims = verified(world, &signed_in["sign_in_token"], &audience).await;
    assert_eq!((&claims["amr"], &claims["nonce"]), (&json!(["pop", "swk"]), &json!("n")));
    assert_eq!(claims["cnf"]["jkt"], credential["jwk_thumbprint"].as_str().unwrap().trim_end_matches('='));
    // Of another identity than the one that the sign-in was begun for.
    let begun = begin_at(world, EMBEDDED, &json!({"identity_id": "bob"})).await.ok();
    let claims = json!({"sub": SUBJECT, "token": begun["token"]});
    finish_at(world, EMBEDDED, &begun, &json!(key.sign(&key.header(), &claims))).await.problem(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_published_form_is_accepted() {
    let ready = Ready::new().await;
    let key = Key::p256();
    let credential = ready.bind(&key.sign(&key.header(), &ready.published())).await.ok();
    assert_eq!(credential["csr_type"], "JWT");
    assert!(credential.get("webauthn").is_none());
    let jwk = key.header()["jwk"].clone();
    let expected = format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, jwk["x"], jwk["y"]);
    assert_eq!(credential["jwk_json"], expected);
    assert!(credential["jwk_thumbprint"].as_str().unwrap().ends_with('='));
    let read = ready.world.get(&ready.invited.path).await;
    assert_eq!((&read["state"], &read["credential_id"]), (&json!("COMPLETE"), &credential["id"]));
    // The same proof is not accepted again, and the same key is registered once in a realm.
    ready.bind(&key.sign(&key.header(), &ready.published())).await.problem(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn binderys_form_is_accepted_with_every_algorithm() {
    let keys = [(Key::p384(), "ES384"), (Key::rsa(2048), "RS256"), (Key::rsa(3072), "RS256"), (Key::p256(), "ES256")];
    for (key, algorithm) in keys {
        let ready = Ready::new().await;
        let credential = ready.bind(&key.sign(&key.header(), &ready.ours())).await.ok();
        assert_eq!((&credential["csr_type"], &credential["algorithm"]), (&json!("JWT"), &json!(algorithm)));
        let jwk: Value = serde_json::from_str(credential["jwk_json"].as_str().unwrap()).unwrap();
        assert_eq!(jwk, key.header()["jwk"]);
    }
}

/// Proofs of both forms are stored as received, and verified again without a key of the installation.
#[tokio::test(flavor = "multi_thread")]
async fn a_stored_jwt_is_verified_again() {
    for ours in [true, false] {
        let (ready, key) = (Ready::new().await, Key::p256());
        let raw = key.sign(&key.header(), &if ours { ready.ours() } else { ready.published() });
        let credential = ready.bind(&raw).await.ok();
        let path = format!("{ADA}/credentials/{}/proof", credential["id"].as_str().unwrap());
        let stored = ready.world.get(&path).await;
        assert_eq!(stored["proof"], json!({"type": "JWT", "raw": raw}));
        let report = local::audit::audit(&stored, None).unwrap();
        assert_eq!(report["verified"], true, "{report}");
        assert_eq!(report["taken_as_it_stands"].as_array().unwrap().is_empty(), ours, "{report}");
        let mut later = stored.clone();
        later["verified_time"] = json!("2040-01-01T00:00:00Z");
        // A JWT in the published form has no time.
        assert_eq!(local::audit::audit(&later, None).unwrap()["verified"], !ours);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_rsa_key_is_refused() {
    let (ready, key) = (Ready::new().await, Key::rsa(2048));
    let mut header = key.header();
    // 2040 bits: one byte less than required.
    header["jwk"]["n"] = json!(URL_SAFE_NO_PAD.encode([0xff; 255]));
    let answer = ready.bind(&key.sign(&header, &ready.ours())).await;
    answer.problem(422);
    assert_eq!(answer.json["reason"], "jwk_not_allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_identity_leaves_no_key() {
    let ready = Ready::new().await;
    let key = Key::ed25519();
    let credential = ready.bind(&key.sign(&key.header(), &ready.ours())).await.ok();
    assert_eq!((&credential["csr_type"], &credential["algorithm"]), (&json!("JWT"), &json!("EdDSA")));
    ready.world.call("DELETE", ADA, &Value::Null).await;
    let others = ["REALM", "CONFIG", "AUDIT"];
    let left = ready.world.items().into_iter().filter(|item| !others.map(Some).contains(&item["kind"]["S"].as_str()));
    assert_eq!(left.count(), 0);
}

/// Claims with one changed, or removed by null.
fn changed(mut claims: Value, name: &str, value: Value) -> Value {
    let members = claims.as_object_mut().unwrap();
    if value.is_null() {
        members.remove(name)
    } else {
        members.insert(name.to_owned(), value)
    };
    claims
}

/// At most ten, because the next attempt would have to wait.
async fn refused(ready: &Ready, claims: Vec<(Value, &str)>) {
    let key = Key::p256();
    for (claims, reason) in claims {
        let answer = ready.bind(&key.sign(&key.header(), &claims)).await;
        answer.problem(422);
        assert_eq!(answer.json["reason"], reason, "{claims}");
        let noted = ready.world.get(&ready.invited.path).await["last_failure"]["reason"].clone();
        assert_eq!(noted, reason, "the refusal is recorded on the job");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_invalid_claim_of_the_published_form_is_refused() {
    let ready = Ready::new().await;
    let now = ready.now();
    let with = |name: &str, value: Value| changed(ready.published(), name, value);
    let claims = vec![
        (with("sub", json!("CN=bob, OU=demo, O=demo")), "subject_mismatch"),
        (with("sub", Value::Null), "subject_mismatch"),
        (with("token", json!("x")), "nonce_mismatch"),
        (with("token", json!([ready.ceremony])), "nonce_mismatch"),
        (with("token", Value::Null), "nonce_mismatch"),
        (with("aud", json!("https://other.example")), "audience_mismatch"),
        (with("iat", json!(now - 310)), "time_outside_window"),
        (with("exp", json!(now)), "time_outside_window"),
        (with("exp", json!("soon")), "time_outside_window"),
        (with("nbf", json!(now + 120)), "time_outside_window"),
    ];
    refused(&ready, claims).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_invalid_claim_of_binderys_form_is_refused() {
    let ready = Ready::new().await;
    let now = ready.now();
    let with = |name: &str, value: Value| changed(ready.ours(), name, value);
    let claims = vec![
        (with("nonce", json!(ready.ceremony)), "nonce_mismatch"),
        (with("aud", Value::Null), "audience_mismatch"),
        (with("aud", json!(["https://other.example"])), "audience_mismatch"),
        (with("iat", Value::Null), "time_outside_window"),
        (with("iat", json!(now + 120)), "time_outside_window"),
        (with("iat", json!("now")), "time_outside_window"),
    ];
    refused(&ready, claims).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_invalid_header_is_refused() {
    let ready = Ready::new().await;
    let key = Key::p256();
    let other = Key::p256();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut header = key.header();
        change(&mut header);
        key.sign(&header, &ready.published())
    };
    let good = key.sign(&key.header(), &ready.published());
    let tries = [
        (with(&|h| h["alg"] = json!("none")), "algorithm_not_allowed"),
        (with(&|h| h["alg"] = json!("HS256")), "algorithm_not_allowed"),
        (with(&|h| h["alg"] = json!("ES384")), "jwk_not_allowed"),
        (with(&|h| h["crit"] = json!(["b64"])), "jwt_header_not_allowed"),
        (with(&|h| h["typ"] = json!("at+jwt")), "jwt_header_not_allowed"),
        (with(&|h| drop(h.as_object_mut().unwrap().remove("jwk"))), "jwk_not_allowed"),
        (with(&|h| h["jwk"]["d"] = json!("AAAA")), "jwk_not_allowed"),
        (with(&|h| h["jwk"] = json!({"kty": "oct", "k": "AAAA"})), "jwk_not_allowed"),
        (with(&|h| h["jwk"]["use"] = json!("enc")), "jwk_not_allowed"),
        (with(&|h| h["jwk"]["alg"] = json!("RS256")), "jwk_not_allowed"),
        (with(&|h| h["jwk"]["key_ops"] = json!(["sign"])), "jwk_not_allowed"),
        (with(&|h| h["jwk"]["crv"] = json!("P-384")), "jwk_not_allowed"),
        (with(&|h| h["jwk"] = other.header()["jwk"].clone()), "signature_invalid"),
    ];
    for (raw, reason) in tries {
        let answer = ready.bind(&raw).await;
        assert_eq!(answer.json["reason"], reason, "{}", answer.text);
        // After ten attempts, each has to wait.
        ready.world.stack.clock().advance(5_000);
    }
    for (raw, reason) in
        [("", "malformed_jwt"), ("a.b.c", "malformed_jwt"), (&good[..good.len() - 4], "signature_invalid")]
    {
        ready.world.stack.clock().advance(65_000);
        assert_eq!(ready.bind(raw).await.json["reason"], reason, "{raw}");
    }
    ready.world.stack.clock().advance(65_000);
    ready.bind(&good).await.ok();
}

/// A policy that requires a passkey accepts no software key.
#[tokio::test(flavor = "multi_thread")]
async fn the_hosted_page_creates_only_passkeys() {
    let world = World::new().await;
    let invited = world.invite().await;
    let ceremony = world.open(&invited).await.ok()["token"].as_str().unwrap().to_owned();
    let info = world.get_info(&invited, &ceremony).await.ok();
    assert!(info.get("jwt_binding").is_none());
    let key = Key::p256();
    let raw = key.sign(&key.header(), &json!({"sub": SUBJECT, "token": ceremony}));
    let body = json!({"type": "JWT", "raw": raw}).to_string();
    let answer = world.bearing(&ceremony, "POST", &format!("{}:bind", invited.path), &body).await;
    answer.problem(422);
    assert_eq!(answer.json["reason"], "mechanism_not_allowed");
}
