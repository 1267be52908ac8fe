//! A registration is taken only if both verifiers take it (docs/adr/0005).

use ciborium::Value as Cbor;
use proof::Reason;
use proof::webauthn::Policy;

use crate::authenticator::{Device, refusal, verify};

/// COSE's label of an RSA key's public exponent (RFC 8230 §4).
const EXPONENT: i64 = -2;

fn of_exponent(exponent: &[u8]) -> Device {
    let mut device = Device::of(-257);
    let parameter = device.cose.iter_mut().find(|(label, _)| label.as_integer() == Some(EXPONENT.into()));
    parameter.unwrap().1 = Cbor::Bytes(exponent.to_vec());
    device
}

/// Ours takes any odd exponent of at most four bytes, webauthn-rs those of three.
#[test]
fn what_only_one_verifier_takes_is_refused() {
    verify(&of_exponent(&[1, 0, 1]).none(), Policy::default()).unwrap();
    for exponent in [&[3][..], &[17], &[1, 1]] {
        assert_eq!(refusal(&of_exponent(exponent).none()), Reason::VerifiersDisagree, "{exponent:?}");
    }
}
