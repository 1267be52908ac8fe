//! The W3C's test vectors (WebAuthn Level 3, "Test Vectors"), unchanged and modified.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proof::webauthn::verify_registration;
use proof::{Ceremony, Expected, Facts, Policy, Reason, Refusal, Requirement, Trust, Verified};

use serde_json::{Value, json};

use crate::authenticator::{ceremony, lenient};

struct Vector {
    json: Value,
    origins: Vec<String>,
    challenge: Vec<u8>,
}

impl Vector {
    fn named(name: &str) -> Self {
        let all: Value = serde_json::from_str(include_str!("../data/webauthn-level3-vectors.json")).unwrap();
        let json = all["vectors"].as_array().unwrap().iter().find(|v| v["name"] == name).unwrap().clone();
        let challenge = URL_SAFE_NO_PAD.decode(json["registration"]["challenge"].as_str().unwrap()).unwrap();
        Self { origins: vec![json["origin"].as_str().unwrap().to_owned()], challenge, json }
    }

    fn response(&self) -> Value {
        let r = &self.json["registration"];
        json!({
            "id": r["credentialId"], "rawId": r["credentialId"], "type": "public-key",
            "response": {
                "clientDataJSON": r["clientDataJSON"], "attestationObject": r["attestationObject"],
                "transports": ["usb", "internal", "smoke-signal", "usb"],
            },
            "clientExtensionResults": {},
        })
    }

    fn expected(&self) -> Expected {
        let (origins, challenge) = (self.origins.clone(), self.challenge.clone());
        Expected { rp_id: "example.org".to_owned(), origins, challenge, ..Expected::default() }
    }

    fn verify_under(&self, response: &Value, policy: &Policy) -> Result<Verified, Refusal> {
        verify_registration(response, &Ceremony { now: 1_800_000_000, ..ceremony(&self.expected(), policy) })
    }

    fn verify(&self, response: &Value) -> Result<Facts, Refusal> {
        self.verify_under(response, &lenient()).map(|verified| verified.facts().clone())
    }

    /// The reason for which a changed vector is refused.
    fn refusal(&self, change: impl FnOnce(&mut Value)) -> Reason {
        let mut response = self.response();
        change(&mut response);
        self.verify(&response).unwrap_err().reason
    }
}

fn base64url(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap()
}

/// All vectors except those that are refused below.
#[test]
fn accepted_with_the_right_key_and_flags() {
    let all: Value = serde_json::from_str(include_str!("../data/webauthn-level3-vectors.json")).unwrap();
    let root = URL_SAFE_NO_PAD.decode(all["attestationRootCertDer"].as_str().unwrap()).unwrap();
    let names = all["vectors"].as_array().unwrap().iter().map(|vector| vector["name"].as_str().unwrap());
    let names: Vec<&str> = names.filter(|name| !REFUSED.iter().any(|(refused, _)| refused == name)).collect();
    assert_eq!(names.len(), 12, "{names:?}");
    for name in names {
        let vector = Vector::named(name);
        let facts = vector.verify(&vector.response()).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        let webauthn = facts.webauthn.unwrap();
        let decoded = &vector.json["decoded"];
        let flags = decoded["flags"].as_u64().unwrap();
        assert_eq!(webauthn.attestation_format, decoded["fmt"].as_str().unwrap(), "{name}");
        assert_eq!(webauthn.credential_id, base64url(&decoded["credentialId"]), "{name}");
        assert_eq!(webauthn.cose_key, base64url(&decoded["publicKeyCose"]), "{name}");
        let aaguid = uuid::Uuid::from_bytes(webauthn.aaguid).simple().to_string();
        assert_eq!(aaguid, decoded["aaguid"].as_str().unwrap(), "{name}");
        assert_eq!(webauthn.user_verified, flags & 4 != 0, "{name}");
        assert_eq!(webauthn.backup_eligible, flags & 8 != 0, "{name}");
        assert_eq!(webauthn.backup_state, flags & 16 != 0, "{name}");
        assert_eq!(webauthn.transports, ["internal", "usb"], "{name}");
        assert_eq!(webauthn.verified_by, None, "{name}");
        let algorithm = proof::Algorithm::from_cose(decoded["alg"].as_i64().unwrap()).unwrap();
        assert_eq!(facts.algorithm, algorithm.name(), "{name}");

        let policy = Policy { trust: Trust::Attested, roots: vec![root.clone()], ..lenient() };
        let trusted = vector.verify_under(&vector.response(), &policy);
        match webauthn.attestation_type.name() {
            "none" => assert_eq!(trusted.unwrap_err().reason, Reason::AttestationDowngraded, "{name}"),
            "self" => assert_eq!(trusted.unwrap_err().reason, Reason::AttestationUntrusted, "{name}"),
            _ => {
                let facts = trusted.unwrap().facts().clone();
                let by = "CN=WebAuthn test vectors, O=W3C, OU=Authenticator Attestation CA, C=AA";
                assert_eq!(facts.webauthn.unwrap().verified_by.as_deref(), Some(by), "{name}");
            }
        }
    }
}

const REFUSED: [(&str, Reason); 3] = [
    ("none-es256-crossOrigin", Reason::CrossOrigin),
    ("none-es256-topOrigin", Reason::CrossOrigin),
    ("packed-ed448", Reason::AlgorithmNotAllowed),
];

/// Unsupported formats are refused for that reason, and not by accident.
#[test]
fn unsupported_formats_are_refused() {
    for (name, reason) in REFUSED {
        let vector = Vector::named(name);
        assert_eq!(vector.verify(&vector.response()).unwrap_err().reason, reason, "{name}");
    }
}

#[test]
fn user_verification_is_checked_by_the_server() {
    let vector = Vector::named("none-es256");
    let policy = Policy { user_verification: Requirement::Required, ..lenient() };
    let refusal = vector.verify_under(&vector.response(), &policy).unwrap_err();
    assert_eq!(refusal.reason, Reason::UserNotVerified);
}

#[test]
fn a_registration_of_another_ceremony_is_refused() {
    let vector = Vector::named("none-es256");
    let refused = |expected: Expected| {
        verify_registration(&vector.response(), &ceremony(&expected, &lenient())).unwrap_err().reason
    };
    assert_eq!(refused(Expected { challenge: vec![0; 32], ..vector.expected() }), Reason::ChallengeMismatch);
    assert_eq!(refused(Expected { rp_id: "org".to_owned(), ..vector.expected() }), Reason::RpIdMismatch);
    for origin in [
        "https://example.org/",
        "https://example.org:443",
        "https://EXAMPLE.org",
        "http://example.org",
        "https://badexample.org",
    ] {
        let origins = vec![origin.to_owned()];
        assert_eq!(refused(Expected { origins, ..vector.expected() }), Reason::OriginMismatch, "{origin}");
    }
}

#[test]
fn a_changed_part_is_refused_with_its_reason() {
    let vector = Vector::named("none-es256");
    let set =
        |path: &'static str, value: Value| move |response: &mut Value| *response.pointer_mut(path).unwrap() = value;
    assert_eq!(vector.refusal(set("/type", json!("password"))), Reason::MalformedResponse);
    assert_eq!(vector.refusal(set("/id", json!("AAAA"))), Reason::CredentialIdInvalid);
    assert_eq!(vector.refusal(set("/rawId", json!("AAA="))), Reason::MalformedResponse);
    assert_eq!(vector.refusal(set("/response", json!([]))), Reason::MalformedResponse);
    assert_eq!(vector.refusal(set("/response/attestationObject", json!("oA"))), Reason::MalformedAttestation);
    let client_data = |from: &str, to: &str| {
        let text = String::from_utf8(base64url(&vector.json["registration"]["clientDataJSON"])).unwrap();
        set("/response/clientDataJSON", json!(URL_SAFE_NO_PAD.encode(text.replace(from, to))))
    };
    assert_eq!(vector.refusal(client_data("webauthn.create", "webauthn.get")), Reason::WrongClientDataType);
    assert_eq!(vector.refusal(client_data("https://example.org", "https://a@example.org")), Reason::OriginMismatch);
    assert_eq!(vector.refusal(client_data("\"crossOrigin\":false", "\"crossOrigin\":true")), Reason::CrossOrigin);
}

/// A truncated or extended attestation object is refused, and none causes a panic.
#[test]
fn every_byte_of_the_attestation_object_is_accounted_for() {
    let vector = Vector::named("packed-self-es256");
    let object = base64url(&vector.json["registration"]["attestationObject"]);
    let refusal = |bytes: &[u8]| {
        let mut response = vector.response();
        response["response"]["attestationObject"] = json!(URL_SAFE_NO_PAD.encode(bytes));
        vector.verify(&response).map(|_| ()).unwrap_err().reason
    };
    for end in 0..object.len() {
        assert_eq!(refusal(&object[..end]), Reason::MalformedAttestation, "cut at {end}");
    }
    assert_eq!(refusal(&[&object[..], &[0]].concat()), Reason::MalformedAttestation);
    for bit in 0..object.len() * 8 {
        let mut flipped = object.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        refusal(&flipped);
    }
}

/// Where a root is required, no byte of the authenticator's response can be changed: all are signed or checked.
#[test]
fn a_changed_byte_is_refused_where_trust_is_required() {
    let all: Value = serde_json::from_str(include_str!("../data/webauthn-level3-vectors.json")).unwrap();
    let roots = vec![URL_SAFE_NO_PAD.decode(all["attestationRootCertDer"].as_str().unwrap()).unwrap()];
    let policy = Policy { trust: Trust::Attested, roots, ..lenient() };
    for name in ["packed-es256", "packed-es512", "packed-rs256", "tpm-es256", "android-key-es256", "apple-es256"] {
        let vector = Vector::named(name);
        let object = base64url(&vector.json["registration"]["attestationObject"]);
        for place in 0..object.len() {
            let mut flipped = object.clone();
            flipped[place] ^= 1 << (place % 8);
            let mut response = vector.response();
            response["response"]["attestationObject"] = json!(URL_SAFE_NO_PAD.encode(flipped));
            let verified = vector.verify_under(&response, &policy);
            assert!(verified.is_err(), "{name} at {place}");
        }
    }
}

/// Changes each part of the authenticator data, by its position (§6.1), in a registration without signature.
#[test]
fn a_changed_field_is_refused_with_its_reason() {
    let vector = Vector::named("none-es256");
    let object = base64url(&vector.json["registration"]["attestationObject"]);
    let data = object.len() - 164;
    for (place, bit, reason) in [
        (1, 1, Reason::MalformedAttestation),
        (6, 1, Reason::AttestationFormatNotSupported),
        (data, 1, Reason::RpIdMismatch),
        (data + 31, 0x80, Reason::RpIdMismatch),
        (data + 32, 0x01, Reason::UserNotPresent),
        (data + 32, 0x08, Reason::BackupFlagsInvalid),
        (data + 32, 0x40, Reason::MalformedAttestation),
        (data + 32, 0x80, Reason::MalformedAttestation),
        (data + 54, 0x01, Reason::MalformedAttestation),
        (data + 55, 0x01, Reason::CredentialIdInvalid),
        (data + 89, 0x01, Reason::AlgorithmNotAllowed),
        (data + 91, 0x01, Reason::AlgorithmNotAllowed),
        (data + 93, 0x02, Reason::AlgorithmNotAllowed),
        (data + 97, 0x01, Reason::AlgorithmNotAllowed),
        (data + 132, 0x01, Reason::AlgorithmNotAllowed),
    ] {
        let mut flipped = object.clone();
        flipped[place] ^= bit;
        let changed = json!(URL_SAFE_NO_PAD.encode(flipped));
        assert_eq!(vector.refusal(|response| response["response"]["attestationObject"] = changed), reason, "{place}");
    }
}
