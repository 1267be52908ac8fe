//! A registration is taken only if both verifiers take it (docs/adr/0005).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use proof::Reason;
use proof::webauthn::Policy;
use serde_json::{Value, json};

use crate::authenticator::keys::Key;
use crate::authenticator::{Device, refusal, verify};

/// COSE's label of an RSA key's public exponent (RFC 8230 §4).
const EXPONENT: i64 = -2;

/// Its client data have a token binding (Level 2) that is no object. Ours does not read it; webauthn-rs cannot.
fn with_odd_client_data(device: &Device, mut response: Value) -> Value {
    let mut data: Value = serde_json::from_slice(&device.client_data()).unwrap();
    data["tokenBinding"] = json!(1);
    response["response"]["clientDataJSON"] = URL_SAFE_NO_PAD.encode(data.to_string()).into();
    response
}

#[test]
fn what_only_one_verifier_takes_is_refused() {
    for device in [Device::of(-7), Device::of(-35), Device::with(Key::rsa(2048), -257)] {
        verify(&device.none(), Policy::default()).unwrap();
        let odd = with_odd_client_data(&device, device.none());
        assert_eq!(refusal(&odd), Reason::VerifiersDisagree, "{}", device.algorithm);
    }
}

/// Ours takes any odd exponent of at most four bytes, webauthn-rs those of three.
#[test]
fn an_unusual_exponent_is_refused() {
    let of_exponent = |exponent: &[u8]| {
        let mut device = Device::with(Key::rsa(2048), -257);
        let parameter = device.cose.iter_mut().find(|(label, _)| label.as_integer() == Some(EXPONENT.into()));
        parameter.unwrap().1 = Cbor::Bytes(exponent.to_vec());
        device.none()
    };
    verify(&of_exponent(&[1, 0, 1]), Policy::default()).unwrap();
    for exponent in [&[3][..], &[17], &[1, 1]] {
        assert_eq!(refusal(&of_exponent(exponent)), Reason::VerifiersDisagree, "{exponent:?}");
    }
}

/// Of what it cannot read it is not asked.
#[test]
fn beyond_its_reach_the_first_verifier_decides() {
    let with_extensions = Device { flags: 0xc5, extensions: vec![0xa0], ..Device::new() };
    for device in [Device::of(-8), Device::of(-36), Device::with(Key::rsa(3072), -257), with_extensions] {
        verify(&with_odd_client_data(&device, device.none()), Policy::default()).unwrap();
    }
}
