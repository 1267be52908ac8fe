//! The example `verify`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::authenticator::certificate::Authority;
use crate::authenticator::keys::Key;
use crate::authenticator::{CHALLENGE, Device, ORIGIN};

/// Cargo builds examples with the tests, beside them.
fn verify(lines: &[String]) -> Vec<Value> {
    let mut program = std::env::current_exe().unwrap();
    program.pop();
    program.set_file_name("examples");
    program.push("verify");
    let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn each_line_gets_one_result() {
    let root = Authority::root();
    let device = Device::new();
    let case = |credential: Value, more: Value| {
        let mut case = json!({
            "rpId": "example.org", "origins": [ORIGIN], "userVerification": "required", "now": "2030-01-01T00:00:00Z",
            "challenge": URL_SAFE_NO_PAD.encode(CHALLENGE), "credential": credential,
        });
        case.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        case.to_string()
    };
    let packed = device.packed(&root, |certificate| certificate);
    let roots = json!({"roots": [URL_SAFE_NO_PAD.encode(&root.der)], "trust": "attested"});
    let late = json!({"roots": roots["roots"], "now": "2100-01-01T00:00:00Z"});
    let claims = json!({"sub": "CN=ada", "token": "t"}).to_string();
    let key = Key::ed25519();
    let header = json!({"alg": "EdDSA", "jwk": key.jwk()}).to_string();
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let jwt = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(key.sign(-8, signed.as_bytes())));
    let jwt = |token: &str| json!({"jwt": jwt, "sub": "CN=ada", "token": token, "aud": "a", "now": 1}).to_string();
    let answers = verify(&[
        case(device.none(), json!({})),
        "{".to_owned(),
        "[]".to_owned(),
        case(packed.clone(), roots),
        case(packed.clone(), late),
        case(packed, json!({"trust": "none"})),
        case(device.none(), json!({"rpId": "other.org"})),
        jwt("t"),
        jwt("u"),
    ]);
    let told: Vec<Value> =
        answers.iter().map(|answer| answer.get("reason").unwrap_or(&answer["verified"]).clone()).collect();
    let expected = json!([
        true,
        "malformed_case",
        "malformed_case",
        true,
        "attestation_expired",
        "malformed_case",
        "rp_id_mismatch",
        true,
        "nonce_mismatch",
    ]);
    assert_eq!(json!(told), expected);
    assert_eq!(answers[3]["attestationTrusted"], true);
    assert_eq!(answers[3]["format"], "packed");
    assert_eq!(answers[3]["aaguid"], "6578616d-706c-6520-6d6f-64656c203031");
    assert_eq!(answers[3]["publicKeyJwk"], device.key.jwk());
    assert_eq!(answers[7]["publicKeyJwk"], key.jwk());
}
