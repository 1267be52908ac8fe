//! A maker of authenticators: it has a root of its own, and its devices attest.

#[expect(dead_code, reason = "the bench of the crate `proof`, of which a part is needed here")]
#[path = "../../shared/proof/tests/suite/authenticator/certificate.rs"]
pub(crate) mod certificate;
#[expect(dead_code, reason = "as above")]
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

/// A registration with attestation `none` becomes one that a device of this maker attests.
pub(crate) fn packed(mut response: Value, root: &Authority) -> Value {
    let bytes = |value: &Value| URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap();
    let object: Cbor = ciborium::from_reader(&*bytes(&response["response"]["attestationObject"])).unwrap();
    let member = |name: &str| {
        let found = object.as_map().unwrap().iter().find(|(key, _)| key.as_text() == Some(name));
        found.unwrap().1.clone()
    };
    let data = member("authData").into_bytes().unwrap();
    let client_data = bytes(&response["response"]["clientDataJSON"]);
    let signed = [&data, digest(&SHA256, &client_data).as_ref()].concat();
    let attesting = Key::p256();
    let certificate = Certificate::attesting(root).with(AAGUID, false, der::octets(&data[37..53]));
    let leaf = certificate.sign(&attesting, &root.key);
    let text = |text: &str| Cbor::Text(text.to_owned());
    let statement = Cbor::Map(vec![
        (text("alg"), attesting.algorithm().into()),
        (text("sig"), Cbor::Bytes(attesting.sign(attesting.algorithm(), &signed))),
        (text("x5c"), Cbor::Array(vec![Cbor::Bytes(leaf)])),
    ]);
    let object = Cbor::Map(vec![
        (text("fmt"), text("packed")),
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

/// What a metadata service of one's own publishes of models `(aaguid, statuses)` under a root: the compact form.
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
    let expected = proof::mds::BlobExpected { root: &service.der, now, known_no: None };
    proof::mds::Metadata::from_blob(blob.as_bytes(), expected).unwrap().to_bytes()
}
