//! A maker of authenticators with its own root, whose devices attest.

#[expect(dead_code, reason = "the test devices of the crate `proof`, of which only some are used here")]
#[path = "../../shared/proof/tests/suite/authenticator/certificate.rs"]
pub(crate) mod certificate;
#[path = "../../shared/proof/tests/suite/authenticator/der.rs"]
pub(crate) mod der;
#[expect(dead_code, reason = "as above")]
#[path = "../../shared/proof/tests/suite/authenticator/keys.rs"]
pub(crate) mod keys;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ciborium::Value as Cbor;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use certificate::{AAGUID, Certificate, common_name};
use keys::Key;

pub(crate) use certificate::Authority;

/// Turns a registration with attestation `none` into one that a device of this maker attests.
pub(crate) fn packed(response: Value, root: &Authority) -> Value {
    attested(response, "packed", |data| {
        let attesting = Key::p256();
        let certificate = Certificate::attesting(root).with(AAGUID, false, der::octets(&data[37..53]));
        (Some(certificate.sign(&attesting, &root.key)), attesting)
    })
}

/// The same for an Android phone: its new key is attested with `android-key`.
pub(crate) fn android(response: Value, root: &Authority) -> Value {
    const KEY_DESCRIPTION: &str = "1.3.6.1.4.1.11129.2.1.17";
    let client_data = bytes(&response["response"]["clientDataJSON"]);
    attested(response, "android-key", |data| {
        let key = Key::p256();
        register_key(data, &key);
        let purpose = der::explicit(1, &der::set(&[&der::integer(&[2])]));
        let generated = der::sequence(&[&purpose, &der::explicit_high(702, &der::integer(&[0]))]);
        let description = der::sequence(&[
            &der::integer(&[4]),
            &der::enumerated(1),
            &der::integer(&[41]),
            &der::enumerated(1),
            &der::octets(digest(&SHA256, &client_data).as_ref()),
            &der::octets(b""),
            &der::sequence(&[]),
            &generated,
        ]);
        let certificate = Certificate::attesting(root).with(KEY_DESCRIPTION, false, description);
        (Some(certificate.sign(&key, &root.key)), key)
    })
}

/// The same with an ML-DSA-44 key and self attestation.
pub(crate) fn post_quantum(response: Value) -> Value {
    attested(response, "packed", |data| {
        let key = Key::ml_dsa(-48);
        register_key(data, &key);
        (None, key)
    })
}

/// Replaces the key in the authenticator data.
fn register_key(data: &mut Vec<u8>, key: &Key) {
    let id = usize::from(u16::from_be_bytes([data[53], data[54]]));
    data.truncate(55 + id);
    ciborium::into_writer(&Cbor::Map(key.cose(key.algorithm())), data).unwrap();
}

fn bytes(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap()
}

/// Adds a statement by a key and its certificate, if it has one, after an optional change of the authenticator data.
fn attested(mut response: Value, format: &str, certify: impl FnOnce(&mut Vec<u8>) -> (Option<Vec<u8>>, Key)) -> Value {
    let object: Cbor = ciborium::from_reader(&*bytes(&response["response"]["attestationObject"])).unwrap();
    let data = object.as_map().unwrap().iter().find(|(key, _)| key.as_text() == Some("authData"));
    let mut data = data.unwrap().1.clone().into_bytes().unwrap();
    let (leaf, attesting) = certify(&mut data);
    let client_data = bytes(&response["response"]["clientDataJSON"]);
    let signed = [&data, digest(&SHA256, &client_data).as_ref()].concat();
    let text = |text: &str| Cbor::Text(text.to_owned());
    let mut statement = vec![
        (text("alg"), attesting.algorithm().into()),
        (text("sig"), Cbor::Bytes(attesting.sign(attesting.algorithm(), &signed))),
    ];
    statement.extend(leaf.map(|leaf| (text("x5c"), Cbor::Array(vec![Cbor::Bytes(leaf)]))));
    let statement = Cbor::Map(statement);
    let object = Cbor::Map(vec![
        (text("fmt"), text(format)),
        (text("attStmt"), statement),
        (text("authData"), Cbor::Bytes(data)),
    ]);
    let mut encoded = Vec::new();
    ciborium::into_writer(&object, &mut encoded).unwrap();
    response["response"]["attestationObject"] = URL_SAFE_NO_PAD.encode(encoded).into();
    response
}

/// A certificate in PEM.
pub(crate) fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

/// The metadata of a service with models `(aaguid, statuses)` under a root, in compact form.
pub(crate) fn metadata(root: &Authority, models: &[(&str, &[&str])], now: i64) -> Vec<u8> {
    let entries = models.iter().map(|(aaguid, statuses)| {
        json!({
            "aaguid": aaguid,
            "metadataStatement": {
                "description": format!("Example Key {}", &aaguid[..2]),
                "attestationRootCertificates": [STANDARD.encode(&root.der)],
            },
            "statusReports": statuses.iter().map(|status| json!({"status": status})).collect::<Vec<_>>(),
        })
    });
    let payload = json!({"no": 1, "nextUpdate": "2098-01-01", "entries": entries.collect::<Vec<_>>()});
    let (service, signer) = (Authority::root(), Key::p256());
    let certificate = Certificate { subject: common_name("mds.fidoalliance.org"), ..Certificate::attesting(&service) };
    let header = json!({"alg": "ES256", "x5c": [STANDARD.encode(certificate.sign(&signer, &service.key))]});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(&payload));
    let blob = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signer.sign_jws(signed.as_bytes())));
    let expected = proof::mds::BlobExpected { roots: std::slice::from_ref(&service.der), now, known_no: None };
    proof::mds::Metadata::from_blob(blob.as_bytes(), expected).unwrap().to_bytes()
}
