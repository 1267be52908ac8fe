//! Signing in with a JWS: what a software key must sign, and every fault.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proof::Reason;
use proof::jwt::{ExpectedSignIn, read_sign_in};
use serde_json::{Value, json};

use crate::authenticator::NOW;
use crate::authenticator::keys::Key;

const SUBJECT: &str = "CN=ada, OU=r, O=t";

fn sign(key: &Key, claims: &Value) -> String {
    let name = proof::Algorithm::from_cose(key.algorithm()).unwrap().name();
    let header = json!({"alg": name, "jwk": key.jwk()});
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(&header), encode(claims));
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(key.sign_jws(signed.as_bytes())))
}

fn expected() -> ExpectedSignIn<'static> {
    ExpectedSignIn { token: "sign-in", algorithms: &[], now: NOW }
}

fn refusal(raw: &str) -> Reason {
    read_sign_in(raw, expected()).and_then(|signed| signed.verify(SUBJECT)).unwrap_err().reason
}

#[test]
fn every_kind_of_key() {
    for key in [Key::p256(), Key::p384(), Key::ed25519(), Key::rsa(2048)] {
        let raw = sign(&key, &json!({"sub": SUBJECT, "token": "sign-in"}));
        let signed = read_sign_in(&raw, expected()).unwrap();
        assert_eq!(signed.jwk_thumbprint().len(), 44);
        signed.verify(SUBJECT).unwrap();
        assert_eq!(signed.verify("CN=eve, OU=r, O=t").unwrap_err().reason, Reason::SubjectMismatch);
    }
    let (one, other) = (Key::p256(), Key::p256());
    let claims = json!({"sub": SUBJECT, "token": "sign-in"});
    let thumbprint = |key| read_sign_in(&sign(key, &claims), expected()).unwrap().jwk_thumbprint().to_owned();
    assert_ne!(thumbprint(&one), thumbprint(&other));
}

#[test]
fn every_claim_is_checked() {
    let key = Key::p256();
    let with = |more: Value| {
        let mut claims = json!({"sub": SUBJECT, "token": "sign-in"});
        for (name, value) in more.as_object().unwrap() {
            claims[name] = value.clone();
        }
        sign(&key, &claims)
    };
    let good = with(json!({"iat": NOW, "nbf": NOW, "exp": NOW + 60}));
    read_sign_in(&good, expected()).unwrap().verify(SUBJECT).unwrap();
    assert_eq!(refusal(&with(json!({"token": "another"}))), Reason::NonceMismatch);
    assert_eq!(refusal(&with(json!({"token": null}))), Reason::NonceMismatch);
    assert_eq!(refusal(&sign(&key, &json!({"sub": SUBJECT, "nonce": "sign-in"}))), Reason::NonceMismatch);
    assert_eq!(refusal(&with(json!({"sub": null}))), Reason::SubjectMismatch);
    for times in [json!({"iat": NOW - 301}), json!({"iat": NOW + 61}), json!({"exp": NOW}), json!({"nbf": NOW + 61})] {
        assert_eq!(refusal(&with(times.clone())), Reason::TimeOutsideWindow, "{times}");
    }
    let raw = with(json!({}));
    let expected = ExpectedSignIn { algorithms: &[proof::Algorithm::Es384], ..expected() };
    assert_eq!(read_sign_in(&raw, expected).unwrap_err().reason, Reason::AlgorithmNotAllowed);
    assert_eq!(refusal(&raw[..raw.len() - 4]), Reason::SignatureInvalid);
    let (_, signature) = raw.rsplit_once('.').unwrap();
    let (foreign, _) = good.rsplit_once('.').unwrap().to_owned();
    assert_eq!(refusal(&format!("{foreign}.{signature}")), Reason::SignatureInvalid);
}
