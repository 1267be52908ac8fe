//! JWT proofs: keys of every kind and size, and every fault in header, signature and claims.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proof::jwt::{subject, verify_jwt};
use proof::{Algorithm, Ceremony, Expected, Facts, Policy, Reason, Refusal};
use ring::hmac;
use serde_json::{Value, json};

use crate::authenticator::keys::Key;
use crate::authenticator::{NOW, ceremony};

const SUBJECT: &str = "CN=ada, OU=r, O=t";

/// Verifies under a policy with these algorithms.
fn verify_by(raw: &str, algorithms: &[Algorithm]) -> Result<Facts, Refusal> {
    let (nonce, audience) = ("nonce".to_owned(), "https://aud.example".to_owned());
    let expected = Expected { nonce, audience, ..Expected::default() };
    let policy = Policy { algorithms: algorithms.to_vec(), ..Policy::default() };
    let ceremony = Ceremony { subject: SUBJECT, token: "ceremony", ..ceremony(&expected, &policy) };
    verify_jwt(raw, &ceremony).map(|verified| verified.facts().clone())
}

fn verify(raw: &str) -> Result<Facts, Reason> {
    verify_by(raw, &[]).map_err(|refusal| refusal.reason)
}

fn encode(part: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

fn published() -> Value {
    json!({"sub": SUBJECT, "token": "ceremony"})
}

fn ours() -> Value {
    json!({"sub": SUBJECT, "nonce": "nonce", "aud": "https://aud.example", "iat": NOW})
}

fn header(key: &Key) -> Value {
    let name = proof::Algorithm::from_cose(key.algorithm()).unwrap().name();
    json!({"alg": name, "typ": "JWT", "jwk": key.jwk()})
}

fn signed(header: &Value, claims: &Value) -> String {
    format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()))
}

fn sign(key: &Key, header: &Value, claims: &Value) -> String {
    let signed = signed(header, claims);
    format!("{signed}.{}", encode(&key.sign_jws(signed.as_bytes())))
}

#[test]
fn a_subject_names_identity_realm_and_tenant() {
    assert_eq!(subject("ada", "r", "t"), SUBJECT);
    assert_eq!(subject("t", "r", "ada"), "CN=t, OU=r, O=ada");
}

#[test]
fn the_maximum_size_of_a_jwt_is_16_kb() {
    let key = Key::p256();
    let of_length = |length: usize| {
        let padded = |header: usize, claims: usize| {
            let mut payload = published();
            payload["padding"] = "x".repeat(claims).into();
            sign(&key, &header_of(&key, header), &payload)
        };
        // No base64url text has a length of 4n + 1, so both parts are padded.
        let shortest = padded(0, 0).len();
        (0..4)
            .flat_map(|header| (0..4).map(move |claims| (header, claims)))
            .map(|(header, claims)| padded(header, (length - shortest) * 3 / 4 - claims))
            .find(|jwt| jwt.len() == length)
            .unwrap()
    };
    verify(&of_length(16 * 1024)).unwrap();
    let refusal = verify_by(&of_length(16 * 1024 + 1), &[]).unwrap_err();
    assert_eq!((refusal.reason, refusal.detail.as_str()), (Reason::MalformedJwt, "the JWT is larger than 16 KB"));
}

fn header_of(key: &Key, padding: usize) -> Value {
    let mut header = header(key);
    header["kid"] = "x".repeat(padding).into();
    header
}

#[test]
fn every_kind_of_key() {
    for key in [Key::p256(), Key::p384(), Key::ed25519(), Key::rsa(2048), Key::rsa(3072), Key::rsa(4096)] {
        for claims in [published(), ours()] {
            let facts = verify(&sign(&key, &header(&key), &claims)).unwrap();
            assert_eq!(facts.algorithm, header(&key)["alg"]);
            let jwk: Value = serde_json::from_str(&facts.jwk_json).unwrap();
            assert_eq!(jwk, key.jwk());
        }
        let mut other = header(&key);
        other["kid"] = "other".into();
        let good = sign(&key, &header(&key), &published());
        let moved = format!("{}.{}", signed(&other, &published()), good.rsplit_once('.').unwrap().1);
        assert_eq!(verify(&moved), Err(Reason::SignatureInvalid));
    }
}

#[test]
fn keys_that_are_refused() {
    let small = Key::rsa(1024);
    assert_eq!(verify(&sign(&small, &header(&small), &published())), Err(Reason::JwkNotAllowed), "1024 bits");
    let refused = |key: &Key, change: &dyn Fn(&mut Value)| {
        let mut header = header(key);
        change(&mut header);
        verify(&sign(key, &header, &published())).unwrap_err()
    };
    let rsa = Key::rsa(2048);
    for exponent in ["AQ", "Ag", "AAEAAQ", "AQAAAAE", ""] {
        assert_eq!(refused(&rsa, &|header| header["jwk"]["e"] = exponent.into()), Reason::JwkNotAllowed, "{exponent}");
    }
    for modulus in [[vec![0], vec![0xff; 256]].concat(), vec![0x7f; 256], vec![0xff; 513], vec![0xfe; 256]] {
        assert_eq!(refused(&rsa, &|header| header["jwk"]["n"] = encode(&modulus).into()), Reason::JwkNotAllowed);
    }
    let p256 = Key::p256();
    for (member, value) in [
        ("d", json!("AA")),
        ("k", json!("AA")),
        ("kty", json!("OKP")),
        ("crv", json!("P-384")),
        ("crv", json!("secp256k1")),
        ("x", json!("AA")),
        ("x", json!(format!("{}=", p256.jwk()["x"].as_str().unwrap()))),
        ("use", json!("enc")),
        ("key_ops", json!([])),
        ("key_ops", json!("verify")),
        ("alg", json!("ES384")),
    ] {
        assert_eq!(refused(&p256, &|header| header["jwk"][member] = value.clone()), Reason::JwkNotAllowed, "{member}");
    }
    let off_the_curve = encode(&[7; 32]);
    let wrong_point = refused(&p256, &|header| header["jwk"]["x"] = off_the_curve.clone().into());
    assert_eq!(wrong_point, Reason::SignatureInvalid);
    let ed = Key::ed25519();
    for member in ["x", "jwk"] {
        let change = |header: &mut Value| match member {
            "x" => header["jwk"]["x"] = encode(&[&[1][..], &[0; 31]].concat()).into(),
            _ => header["jwk"] = json!({}),
        };
        assert_eq!(refused(&ed, &change), Reason::JwkNotAllowed, "{member}");
    }
    for (member, value) in [("kid", json!(1)), ("x5c", json!("abc")), ("key_ops", json!([1])), ("use", json!(["sig"]))]
    {
        let change = |header: &mut Value| header["jwk"][member] = value.clone();
        assert_eq!(refused(&ed, &change), Reason::JwkNotAllowed, "{member}");
    }
}

/// With this key and this signature, every message verifies where points of small order are accepted.
#[test]
fn an_ed25519_key_of_small_order_is_refused() {
    let identity = [&[1][..], &[0; 31]].concat();
    let header = json!({"alg": "EdDSA", "jwk": {"kty": "OKP", "crv": "Ed25519", "x": encode(&identity)}});
    let signature = [identity, vec![0; 32]].concat();
    let raw = format!("{}.{}", signed(&header, &published()), encode(&signature));
    assert_eq!(verify(&raw), Err(Reason::JwkNotAllowed));
}

#[test]
fn a_policy_can_restrict_algorithms() {
    let key = Key::p256();
    let raw = sign(&key, &header(&key), &published());
    let with = |algorithms: &[Algorithm]| verify_by(&raw, algorithms).map(drop).map_err(|why| why.reason);
    assert_eq!(with(&[Algorithm::EdDsa, Algorithm::Es256]), Ok(()));
    assert_eq!(with(&[Algorithm::EdDsa]), Err(Reason::AlgorithmNotAllowed));
}

#[test]
fn the_header_cannot_choose_an_algorithm_outside_the_list() {
    let key = Key::p256();
    for algorithm in ["none", "None", "HS256", "ES512", "PS256", "RS1", "es256", ""] {
        let mut header = header(&key);
        header["alg"] = algorithm.into();
        assert_eq!(verify(&sign(&key, &header, &published())), Err(Reason::AlgorithmNotAllowed), "{algorithm}");
        assert_eq!(verify(&format!("{}.", signed(&header, &published()))), Err(Reason::AlgorithmNotAllowed));
    }
    // The public key used as a secret.
    let header = json!({"alg": "HS256", "jwk": key.jwk()});
    let secret = hmac::Key::new(hmac::HMAC_SHA256, &key.spki());
    let signed = signed(&header, &published());
    let raw = format!("{signed}.{}", encode(hmac::sign(&secret, signed.as_bytes()).as_ref()));
    assert_eq!(verify(&raw), Err(Reason::AlgorithmNotAllowed));
}

#[test]
fn unsupported_headers_are_refused() {
    let key = Key::ed25519();
    for (name, value) in
        [("crit", json!(["exp"])), ("crit", json!([])), ("b64", json!(false)), ("typ", json!("at+jwt"))]
    {
        let mut header = header(&key);
        header[name] = value;
        assert_eq!(verify(&sign(&key, &header, &published())), Err(Reason::JwtHeaderNotAllowed), "{name}");
    }
    for typ in ["jwt", "JWT"] {
        let mut header = header(&key);
        header["typ"] = typ.into();
        verify(&sign(&key, &header, &published())).unwrap();
    }
}

/// The types of RFC 7515 §4.1, checked before the signature.
#[test]
fn header_parameters_have_types() {
    let key = Key::ed25519();
    let with = |name: &str, value: &Value| {
        let mut header = header(&key);
        header[name] = value.clone();
        let raw = sign(&key, &header, &published());
        verify_by(&raw, &[]).map(drop).map_err(|refusal| (refusal.reason, refusal.detail))
    };
    // Headers from public bug reports, and one of each kind.
    let reported: Vec<Value> = serde_json::from_str(include_str!("../data/jwt-headers.json")).unwrap();
    let reported = reported.iter().flat_map(|one| one["header"].as_object().unwrap().clone());
    let wrong = ["alg", "jku", "kid", "x5u", "x5t", "x5t#S256", "typ", "cty"].map(|name| (name.to_owned(), json!([])));
    let lists = ["x5c", "crit"].map(|name| (name.to_owned(), json!(["a", 1])));
    let others = [("b64".to_owned(), json!("false")), ("jwk".to_owned(), json!("{}"))];
    for (name, value) in reported.chain(wrong).chain(lists).chain(others).collect::<Vec<_>>() {
        for value in [&value, &json!(null)] {
            let (reason, detail) = with(&name, value).unwrap_err();
            assert_eq!(reason, Reason::MalformedJwt, "{name}");
            assert!(detail.starts_with(&name), "{detail}");
        }
    }
    for (name, value) in [("kid", json!("1")), ("x5c", json!(["abc"])), ("jku", json!("")), ("unknown", json!(1e300))] {
        assert_eq!(with(name, &value), Ok(()), "{name}");
    }
}

/// Every ECDSA signature has a second valid form, which anybody can compute. Nothing depends on a token's bytes.
#[test]
fn a_signatures_twin_proves_the_same() {
    // n of P-256.
    const ORDER: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad,
        0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    let key = Key::p256();
    let raw = sign(&key, &header(&key), &published());
    let (signed, signature) = raw.rsplit_once('.').unwrap();
    let mut signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let mut borrow = 0;
    for (digit, order) in signature[32..].iter_mut().zip(ORDER).rev() {
        let difference = i16::from(order) - i16::from(*digit) - borrow;
        borrow = i16::from(difference < 0);
        *digit = difference.rem_euclid(256) as u8;
    }
    assert_eq!(verify(&format!("{signed}.{}", encode(&signature))), verify(&raw));
    for zero in [0..32, 32..64] {
        let mut without = signature.clone();
        without[zero].fill(0);
        assert_eq!(verify(&format!("{signed}.{}", encode(&without))), Err(Reason::SignatureInvalid));
    }
}

#[test]
fn claims() {
    let key = Key::ed25519();
    let with = |mut claims: Value, name: &str, value: Value| {
        claims[name] = value;
        verify(&sign(&key, &header(&key), &claims)).map(|_| ()).err()
    };
    let time = Some(Reason::TimeOutsideWindow);
    for (name, value, expected) in [
        ("iat", json!(NOW - 300), None),
        ("iat", json!(NOW - 301), time),
        ("iat", json!(NOW + 60), None),
        ("iat", json!(NOW + 61), time),
        ("iat", json!(1e300), time),
        ("iat", json!("2030"), time),
        ("nbf", json!(NOW + 60), None),
        ("nbf", json!(NOW + 61), time),
        ("nbf", json!(null), time),
        ("exp", json!(NOW + 1), None),
        ("exp", json!(NOW), time),
        ("exp", json!([]), time),
        ("aud", json!(["https://aud.example"]), None),
        ("aud", json!([]), Some(Reason::AudienceMismatch)),
        ("aud", json!(["https://other.example", "https://aud.example"]), None),
        ("aud", json!(["https://aud.example/", 1]), Some(Reason::AudienceMismatch)),
        ("aud", json!({"https://aud.example": 1}), Some(Reason::AudienceMismatch)),
        ("aud", json!(null), Some(Reason::AudienceMismatch)),
        ("sub", json!("cn=ada, OU=r, O=t"), Some(Reason::SubjectMismatch)),
    ] {
        assert_eq!(with(ours(), name, value.clone()), expected, "{name} {value}");
        assert_eq!(with(published(), name, value.clone()), expected, "{name} {value}");
    }
    assert_eq!(
        with(ours(), "token", json!("other")),
        Some(Reason::NonceMismatch),
        "a valid nonce does not make up for it"
    );
    for missing in ["aud", "iat", "nonce", "sub"] {
        let mut claims = ours();
        claims.as_object_mut().unwrap().remove(missing);
        verify(&sign(&key, &header(&key), &claims)).unwrap_err();
    }
}

#[test]
fn texts_that_are_not_a_jws() {
    let key = Key::ed25519();
    let good = sign(&key, &header(&key), &published());
    let (signed, signature) = good.rsplit_once('.').unwrap();
    for malformed in ["", "..", &format!("{good}."), &format!(" {good}"), signed, &"a".repeat(17_000)] {
        assert_eq!(verify(malformed), Err(Reason::MalformedJwt), "{malformed:.20}");
    }
    for signature in [&format!("{signature}="), &signature[..80], ""] {
        assert_eq!(verify(&format!("{signed}.{signature}")), Err(Reason::SignatureInvalid));
    }
    let list = sign(&key, &header(&key), &json!([SUBJECT]));
    assert_eq!(verify(&list), Err(Reason::MalformedJwt));
}
