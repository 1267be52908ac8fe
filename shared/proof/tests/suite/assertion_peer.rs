//! webauthn-rs as a second opinion on assertions, through its published API. It keeps its own credential record,
//! created from the registration of `none-es256`; the test puts the key of each vector into it.
//!
//! It is consulted about keys on P-256 and P-384, because the parts of these keys can be filled in from COSE. Unlike
//! for registrations, it is not consulted at runtime: assertions contain no attestation object that needs a second
//! parser, and the function that verifies assertions starts faster without it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url, Uuid,
    Webauthn, WebauthnBuilder,
};

use crate::assertion::{Case, vectors};

fn webauthn() -> Webauthn {
    WebauthnBuilder::new("example.org", &Url::parse("https://example.org").unwrap()).unwrap().build().unwrap()
}

/// The record that webauthn-rs creates from the registration of `none-es256`.
fn record() -> Value {
    let vector = &vectors()[0];
    assert_eq!(vector["name"], "none-es256");
    let (_, state) = webauthn().start_passkey_registration(Uuid::nil(), "-", "-", None).unwrap();
    let mut state = serde_json::to_value(state).unwrap();
    let registration = &vector["registration"];
    state["rs"]["challenge"] = registration["challenge"].clone();
    state["rs"]["policy"] = json!("preferred");
    let state: PasskeyRegistration = serde_json::from_value(state).unwrap();
    let response = json!({
        "id": registration["credentialId"], "rawId": registration["credentialId"], "type": "public-key",
        "response": {
            "clientDataJSON": registration["clientDataJSON"], "attestationObject": registration["attestationObject"],
        },
        "extensions": {},
    });
    let response: RegisterPublicKeyCredential = serde_json::from_value(response).unwrap();
    serde_json::to_value(webauthn().finish_passkey_registration(&response, &state).unwrap()).unwrap()
}

/// webauthn-rs's record of the credential of a case.
fn passkey(case: &Case, algorithm: i64) -> Passkey {
    let Cbor::Map(key) = ciborium::from_reader(case.cose_key.as_slice()).unwrap() else { panic!("no map") };
    let coordinate = |label: i64| {
        let (_, value) = key.iter().find(|(name, _)| name.as_integer() == Some(label.into())).unwrap();
        json!(URL_SAFE_NO_PAD.encode(value.as_bytes().unwrap()))
    };
    let (name, curve) = if algorithm == -7 { ("ES256", "SECP256R1") } else { ("ES384", "SECP384R1") };
    let mut record = record();
    let cred = &mut record["cred"];
    cred["cred_id"] = json!(URL_SAFE_NO_PAD.encode(&case.credential_id));
    cred["cred"] =
        json!({"type_": name, "key": {"EC_EC2": {"curve": curve, "x": coordinate(-2), "y": coordinate(-3)}}});
    cred["backup_eligible"] = json!(case.backup_eligible);
    cred["backup_state"] = json!(false);
    serde_json::from_value(record).unwrap()
}

/// Whether webauthn-rs accepts the response.
fn accepts(case: &Case, passkey: &Passkey, response: &Value) -> bool {
    let (_, state) = webauthn().start_passkey_authentication(std::slice::from_ref(passkey)).unwrap();
    let mut state = serde_json::to_value(state).unwrap();
    state["ast"]["challenge"] = json!(URL_SAFE_NO_PAD.encode(&case.challenge));
    state["ast"]["policy"] = json!("preferred");
    let state: PasskeyAuthentication = serde_json::from_value(state).unwrap();
    let response = match serde_json::from_value::<PublicKeyCredential>(response.clone()) {
        Ok(r) => r,
        Err(e) => {
            println!("DE {e}");
            return false;
        }
    };
    let x = webauthn().finish_passkey_authentication(&response, &state);
    println!("{x:?}");
    x.is_ok()
}

#[test]
fn webauthn_rs_agrees_on_vectors_and_on_changed_ones() {
    let (mut agreed, mut accepted) = (0, 0);
    for vector in vectors() {
        let (name, algorithm) = (vector["name"].as_str().unwrap(), vector["decoded"]["alg"].as_i64().unwrap());
        let framed = vector["crossOrigin"] == true;
        if !matches!(algorithm, -7 | -35) || framed {
            continue;
        }
        let passkey = passkey(&Case::of(&vector), algorithm);
        let mut ask = |what: &str, change: &dyn Fn(&mut Case)| {
            let mut case = Case::of(&vector);
            change(&mut case);
            let response = case.response();
            let (ours, theirs) = (case.verify_response(&response).is_ok(), accepts(&case, &passkey, &response));
            assert_eq!(ours, theirs, "{name}, {what}: ours, then webauthn-rs's");
            agreed += 1;
            accepted += usize::from(ours);
        };
        ask("as it is", &|_| {});
        for place in (0..37).step_by(3) {
            ask("authenticator data", &|case| case.data[place] ^= 1 << (place % 8));
            ask("client data", &|case| case.client_data[place] ^= 1 << (place % 8));
            ask("signature", &|case| case.signature[place] ^= 1 << (place % 8));
        }
        ask("flags", &|case| case.data[32] ^= 0x01);
        ask("the challenge", &|case| case.challenge[5] ^= 1);
        ask("a byte more", &|case| case.data.push(0));
        ask("no data", &|case| case.data.clear());
        ask("no signature", &|case| case.signature.clear());
        for (from, to) in [("webauthn.get", "webauthn.create"), ("example.org", "example.com"), ("{", "[")] {
            ask(to, &|case| case.client_data = case.with_client_data(from, to));
        }
    }
    assert_eq!((agreed, accepted), (9 * 48, 9), "some vectors were skipped");
}
