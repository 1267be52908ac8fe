//! Registrations of clients of the published API, which build the creation options themselves.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use ciborium::Value as Cbor;
use proof::webauthn::{verify_client_registration, verify_registration};
use proof::{Ceremony, Expected, Mechanism, Reason};
use serde_json::{Value, json};

use crate::authenticator::{Device, ORIGIN, RP_ID, ceremony, encode, expected, lenient, map, text};

const SUBJECT: &str = "CN=ada, OU=demo, O=demo";
const TOKEN: &str = "a-ceremony-token";
const APP: &str = "https://login.example.org:8443";

fn answering(challenge: &Value) -> Device {
    Device { challenge: challenge.to_string().into_bytes(), ..Device::new() }
}

fn good() -> Device {
    answering(&json!({"sub": SUBJECT, "token": TOKEN}))
}

fn raw(device: &Device) -> String {
    let members =
        [("fmt", text("none")), ("attStmt", Cbor::Map(Vec::new())), ("authData", Cbor::Bytes(device.auth_data()))];
    let object = encode(&map(members.into()));
    let encoded = |bytes: &[u8]| STANDARD.encode(bytes);
    json!({"client_data_json_base64": encoded(&device.client_data()), "attestation_object": encoded(&object)})
        .to_string()
}

fn verify_raw(raw: &str) -> Result<proof::Verified, Reason> {
    let expected = Expected { origins: vec![ORIGIN.to_owned(), APP.to_owned()], ..expected() };
    let policy = lenient();
    let ceremony = Ceremony { subject: SUBJECT, token: TOKEN, ..ceremony(&expected, &policy) };
    verify_client_registration(raw, &ceremony).map_err(|refusal| refusal.reason)
}

fn refused(device: &Device) -> Option<Reason> {
    verify_raw(&raw(device)).err()
}

#[test]
fn the_challenge_names_identity_and_token() {
    let verified = verify_raw(&raw(&good())).unwrap();
    assert_eq!(verified.facts().mechanism, Mechanism::Webauthn);
    assert_eq!(refused(&answering(&json!({"token": TOKEN, "sub": SUBJECT, "more": 1}))), None);
    for challenge in [
        json!({"sub": "CN=bob, OU=demo, O=demo", "token": TOKEN}),
        json!({"sub": SUBJECT, "token": "another"}),
        json!({"sub": SUBJECT}),
        json!({"token": TOKEN}),
        json!({"sub": [SUBJECT], "token": TOKEN}),
        json!([SUBJECT, TOKEN]),
        json!(TOKEN),
        json!(null),
    ] {
        assert_eq!(refused(&answering(&challenge)), Some(Reason::ChallengeMismatch), "{challenge}");
    }
    assert_eq!(refused(&Device::new()), Some(Reason::ChallengeMismatch), "no JSON");
}

/// Such a client uses the host of its page as relying party id, or that of the config.
#[test]
fn the_key_is_bound_to_the_config_or_the_page() {
    let of = |rp_id, origin| verify_raw(&raw(&Device { rp_id, origin, ..good() }));
    let bound_to = |verified: proof::Verified| verified.facts().webauthn.as_ref().unwrap().rp_id.clone();
    assert_eq!(of(RP_ID, ORIGIN).map(bound_to), Ok(RP_ID.to_owned()));
    assert_eq!(of(RP_ID, APP).map(bound_to), Ok(RP_ID.to_owned()));
    assert_eq!(of("login.example.org", APP).map(bound_to), Ok("login.example.org".to_owned()));
    for (rp_id, origin) in [("login.example.org", ORIGIN), ("org", APP), ("evil.example", APP)] {
        assert_eq!(of(rp_id, origin).err(), Some(Reason::RpIdMismatch), "{rp_id} {origin}");
    }
    assert_eq!(of(RP_ID, "https://evil.example").err(), Some(Reason::OriginMismatch));
}

/// With Bindery's own options, only the config's relying party id is accepted.
#[test]
fn our_own_options_bind_to_the_config_alone() {
    let device = Device { rp_id: "login.example.org", origin: APP, ..Device::new() };
    let expected = Expected { origins: vec![APP.to_owned()], challenge: device.challenge.clone(), ..expected() };
    let refused = verify_registration(&device.none(), &ceremony(&expected, &lenient()))
        .map(drop)
        .map_err(|refusal| refusal.reason);
    assert_eq!(refused, Err(Reason::RpIdMismatch));
}

#[test]
fn the_members_are_padded_standard_base64() {
    let device = good();
    let good = raw(&device);
    let with = |name: &str, value: Value| {
        let mut members: Value = serde_json::from_str(&good).unwrap();
        members[name] = value;
        verify_raw(&members.to_string()).err()
    };
    let data = device.client_data();
    for (name, value) in [
        ("client_data_json_base64", json!(null)),
        ("client_data_json_base64", json!(1)),
        ("client_data_json_base64", json!("%")),
        ("client_data_json_base64", json!(STANDARD_NO_PAD.encode([data.as_slice(), b" "].concat()))),
        ("attestation_object", json!(null)),
        ("attestation_object", json!(URL_SAFE.encode([0xff; 3]))),
    ] {
        assert_eq!(with(name, value.clone()), Some(Reason::MalformedResponse), "{name}: {value}");
    }
    for raw in ["", "null", "[]", "{}", "nonsense"] {
        assert_eq!(verify_raw(raw).err(), Some(Reason::MalformedResponse), "{raw:?}");
    }
}
