//! Assertions: the W3C's test vectors, unchanged and with parts changed, and keys of every algorithm.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proof::webauthn::{Asserted, Assertion, ExpectedAssertion, Registered};
use proof::{Algorithm, Reason, Refusal, Requirement};
use serde_json::{Value, json};

use crate::authenticator::Device;
use crate::authenticator::{encode, sha256};

/// The assertion of a vector, or of a device, with the record of its credential.
pub(crate) struct Case {
    pub(crate) origins: Vec<String>,
    pub(crate) challenge: Vec<u8>,
    pub(crate) credential_id: Vec<u8>,
    pub(crate) cose_key: Vec<u8>,
    pub(crate) backup_eligible: bool,
    user_handle: Option<Vec<u8>>,
    identified: bool,
    user_verification: Requirement,
    pub(crate) client_data: Vec<u8>,
    pub(crate) data: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

pub(crate) fn base64url(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap()
}

pub(crate) fn vectors() -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("../data/webauthn-level3-vectors.json")).unwrap();
    all["vectors"].as_array().unwrap().clone()
}

impl Case {
    pub(crate) fn of(vector: &Value) -> Self {
        let authentication = &vector["authentication"];
        Self {
            origins: vec![vector["origin"].as_str().unwrap().to_owned()],
            challenge: base64url(&authentication["challenge"]),
            credential_id: base64url(&vector["registration"]["credentialId"]),
            cose_key: base64url(&vector["decoded"]["publicKeyCose"]),
            backup_eligible: vector["decoded"]["flags"].as_u64().unwrap() & 8 != 0,
            user_handle: None,
            identified: true,
            user_verification: Requirement::Preferred,
            client_data: base64url(&authentication["clientDataJSON"]),
            data: base64url(&authentication["authenticatorData"]),
            signature: base64url(&authentication["signature"]),
        }
    }

    fn named(name: &str) -> Self {
        Self::of(vectors().iter().find(|vector| vector["name"] == name).unwrap())
    }

    pub(crate) fn response(&self) -> Value {
        let id = URL_SAFE_NO_PAD.encode(&self.credential_id);
        json!({
            "id": id, "rawId": id, "type": "public-key",
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(&self.client_data),
                "authenticatorData": URL_SAFE_NO_PAD.encode(&self.data),
                "signature": URL_SAFE_NO_PAD.encode(&self.signature),
                "userHandle": null,
            },
            "clientExtensionResults": {},
        })
    }

    pub(crate) fn verify_response(&self, response: &Value) -> Result<Asserted, Refusal> {
        let expected = ExpectedAssertion {
            rp_id: "example.org",
            origins: &self.origins,
            challenge: &self.challenge,
            user_verification: self.user_verification,
        };
        let registered = Registered {
            credential_id: &self.credential_id,
            cose_key: &self.cose_key,
            backup_eligible: self.backup_eligible,
            user_handle: self.user_handle.as_deref(),
        };
        Assertion::read(response, &expected)?.verify(&registered, self.identified)
    }

    fn verify(&self) -> Result<Asserted, Refusal> {
        self.verify_response(&self.response())
    }

    fn reason(&self) -> Reason {
        self.verify().unwrap_err().reason
    }

    /// The reason why the response is refused after a change of one of its members.
    fn refusal(&self, path: &str, value: Value) -> Reason {
        let mut response = self.response();
        *response.pointer_mut(path).unwrap() = value;
        self.verify_response(&response).unwrap_err().reason
    }

    pub(crate) fn with_client_data(&self, from: &str, to: &str) -> Vec<u8> {
        let text = String::from_utf8(self.client_data.clone()).unwrap();
        assert!(text.contains(from), "{from}");
        text.replace(from, to).into_bytes()
    }
}

/// The vectors that are refused, and why.
const REFUSED: [(&str, Reason); 3] = [
    ("none-es256-crossOrigin", Reason::CrossOrigin),
    ("none-es256-topOrigin", Reason::CrossOrigin),
    ("packed-ed448", Reason::AlgorithmNotAllowed),
];

#[test]
fn every_vector_is_accepted_or_refused_by_name() {
    let mut accepted = 0;
    for vector in vectors() {
        let (name, case) = (vector["name"].as_str().unwrap(), Case::of(&vector));
        if let Some((_, reason)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
            assert_eq!(case.reason(), *reason, "{name}");
            continue;
        }
        let asserted = case.verify().unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        let flags = case.data[32];
        assert_eq!(asserted.user_verified(), flags & 4 != 0, "{name}");
        assert_eq!(asserted.backup_state(), flags & 16 != 0, "{name}");
        let count = u32::from_be_bytes(case.data[33..37].try_into().unwrap());
        assert_eq!(asserted.sign_count(), count, "{name}");
        accepted += 1;
    }
    assert_eq!(accepted, 12);
}

/// No byte of the signed data or of the signature can be changed.
#[test]
fn a_changed_byte_of_a_vector_is_refused() {
    for vector in vectors() {
        let name = vector["name"].as_str().unwrap();
        if REFUSED.iter().any(|(refused, _)| *refused == name) {
            continue;
        }
        let flipped = |change: &dyn Fn(&mut Case) -> &mut Vec<u8>| {
            for place in 0..change(&mut Case::of(&vector)).len() {
                let mut case = Case::of(&vector);
                change(&mut case)[place] ^= 1 << (place % 8);
                assert!(case.verify().is_err(), "{name}, byte {place}");
            }
        };
        flipped(&|case| &mut case.data);
        flipped(&|case| &mut case.client_data);
        flipped(&|case| &mut case.signature);
        flipped(&|case| &mut case.challenge);
        let case = Case::of(&vector);
        for cut in 0..case.data.len() {
            let data = case.data[..cut].to_vec();
            assert_eq!(
                Case { data, ..Case::of(&vector) }.reason(),
                Reason::MalformedAuthenticatorData,
                "{name}: {cut}"
            );
        }
        let data = [case.data.as_slice(), &[0]].concat();
        assert_eq!(Case { data, ..Case::of(&vector) }.reason(), Reason::MalformedAuthenticatorData, "{name}");
    }
}

/// An assertion of one vector does not verify with another credential.
#[test]
fn a_signature_by_another_key_is_refused() {
    let all = vectors();
    for (place, vector) in all.iter().enumerate() {
        let other = Case::of(&all[(place + 1) % all.len()]);
        let case = Case { cose_key: other.cose_key, ..Case::of(vector) };
        assert!(case.verify().is_err(), "{}", vector["name"]);
    }
}

#[test]
fn a_changed_member_is_refused_with_its_reason() {
    let case = Case::named("none-es256");
    for path in ["/id", "/rawId", "/response/clientDataJSON", "/response/authenticatorData", "/response/signature"] {
        for value in [Value::Null, json!(1), json!([]), json!("AA=="), json!("A"), json!("+/8")] {
            let reason = case.refusal(path, value.clone());
            let expected = if path == "/id" && value.is_string() {
                Reason::CredentialIdInvalid
            } else {
                Reason::MalformedResponse
            };
            assert_eq!(reason, expected, "{path} {value}");
        }
    }
    assert_eq!(case.refusal("/response", json!("x")), Reason::MalformedResponse);
    assert_eq!(case.refusal("/type", json!("password")), Reason::MalformedResponse);
    assert_eq!(case.refusal("/response/userHandle", json!(7)), Reason::MalformedResponse);
    assert_eq!(case.refusal("/response/signature", json!("")), Reason::SignatureInvalid);
    let mut other = case.response();
    (other["id"], other["rawId"]) = (json!("AAAA"), json!("AAAA"));
    assert_eq!(case.verify_response(&other).unwrap_err().reason, Reason::CredentialIdInvalid);
    (other["id"], other["rawId"]) = (json!(""), json!(""));
    assert_eq!(case.verify_response(&other).unwrap_err().reason, Reason::CredentialIdInvalid);
    for value in [json!(null), json!("x"), json!({})] {
        let mut absent = case.response();
        absent["clientExtensionResults"] = value;
        assert!(case.verify_response(&absent).is_ok(), "the ceremony requested no extension");
    }
}

#[test]
fn changed_client_data_are_refused_with_their_reason() {
    let case = Case::named("none-es256");
    for (from, to, reason) in [
        ("webauthn.get", "webauthn.create", Reason::WrongClientDataType),
        ("webauthn.get", "payment.get", Reason::WrongClientDataType),
        ("https://example.org", "https://a@example.org", Reason::OriginMismatch),
        ("https://example.org", "https://badexample.org", Reason::OriginMismatch),
        ("https://example.org", "http://example.org", Reason::OriginMismatch),
        ("https://example.org", "https://example.org/", Reason::OriginMismatch),
        ("\"crossOrigin\":false", "\"crossOrigin\":true", Reason::CrossOrigin),
        ("\"crossOrigin\":false", "\"topOrigin\":\"https://example.org\"", Reason::CrossOrigin),
        ("\"crossOrigin\":false", "\"crossOrigin\":\"false\"", Reason::MalformedResponse),
        // The data allow this, but the signature does not match.
        ("\"crossOrigin\":false", "\"crossOrigin\":null", Reason::SignatureInvalid),
    ] {
        let client_data = case.with_client_data(from, to);
        assert_eq!(Case { client_data, ..Case::named("none-es256") }.reason(), reason, "{to}");
    }
    let challenge = vec![0; 32];
    assert_eq!(Case { challenge, ..Case::named("none-es256") }.reason(), Reason::ChallengeMismatch);
}

/// A registration of the same vector, sent as an assertion.
#[test]
fn a_registration_is_not_an_assertion() {
    let vector = &vectors()[0];
    let registration = &vector["registration"];
    let mut case = Case::of(vector);
    case.client_data = base64url(&registration["clientDataJSON"]);
    case.challenge = base64url(&registration["challenge"]);
    assert_eq!(case.reason(), Reason::WrongClientDataType);
}

/// An assertion of a software device, with flags and counter chosen by each test.
fn signed(algorithm: i64, flags: u8, count: u32, extensions: &[u8]) -> Case {
    let device = Device::of(algorithm);
    let mut data = sha256(b"example.org");
    data.push(flags);
    data.extend(count.to_be_bytes());
    data.extend(extensions);
    let challenge = b"another challenge, of 32 bytes..".to_vec();
    let client_data = json!({
        "type": "webauthn.get", "challenge": URL_SAFE_NO_PAD.encode(&challenge), "origin": "https://example.org",
    });
    let client_data = client_data.to_string().into_bytes();
    let signature = device.key.sign(algorithm, &[data.as_slice(), &sha256(&client_data)].concat());
    Case {
        origins: vec!["https://example.org".to_owned()],
        challenge,
        credential_id: device.credential_id.clone(),
        cose_key: encode(&ciborium::Value::Map(device.cose.clone())),
        backup_eligible: flags & 8 != 0,
        user_handle: None,
        identified: true,
        user_verification: Requirement::Preferred,
        client_data,
        data,
        signature,
    }
}

/// All algorithms that can be registered, including post-quantum ones.
#[test]
fn every_algorithm_signs_in() {
    for algorithm in Algorithm::ALL {
        let mut case = signed(algorithm.cose(), 0x05, 7, &[]);
        let asserted = case.verify().unwrap_or_else(|refusal| panic!("{}: {refusal}", algorithm.name()));
        assert_eq!((asserted.user_verified(), asserted.sign_count()), (true, 7), "{}", algorithm.name());
        let end = case.signature.len() - 1;
        case.signature[end] ^= 1;
        assert_eq!(case.reason(), Reason::SignatureInvalid, "{}", algorithm.name());
        case.signature.truncate(end);
        assert_eq!(case.reason(), Reason::SignatureInvalid, "{}", algorithm.name());
    }
}

/// Signed flags are checked too.
#[test]
fn flags_that_were_signed_are_checked() {
    assert_eq!(signed(-7, 0x04, 0, &[]).reason(), Reason::UserNotPresent);
    assert_eq!(signed(-7, 0x11, 0, &[]).reason(), Reason::BackupFlagsInvalid);
    assert_eq!(signed(-7, 0x41, 0, &[0; 16]).reason(), Reason::MalformedAuthenticatorData);
    assert_eq!(signed(-7, 0x81, 0, &[]).reason(), Reason::MalformedAuthenticatorData);
    assert_eq!(signed(-7, 0x81, 0, &[1]).reason(), Reason::MalformedAuthenticatorData, "not a map");
    assert!(signed(-7, 0x81, 0, &[0xa0]).verify().is_ok());
    assert!(signed(-7, 0x19, 0, &[]).verify().unwrap().backup_state());
    let unverified = Case { user_verification: Requirement::Required, ..signed(-7, 0x01, 0, &[]) };
    assert_eq!(unverified.reason(), Reason::UserNotVerified);
    for flags in [0x01, 0x09] {
        let case = signed(-7, flags, 0, &[]);
        let changed = Case { backup_eligible: !case.backup_eligible, ..case };
        assert_eq!(changed.reason(), Reason::BackupEligibilityChanged);
    }
}

#[test]
fn another_relying_party_is_refused() {
    let case = Case::named("none-es256");
    let expected = |rp_id| ExpectedAssertion {
        rp_id,
        origins: &case.origins,
        challenge: &case.challenge,
        user_verification: Requirement::Preferred,
    };
    for rp_id in ["org", "www.example.org", "example.com", "https://example.org", ""] {
        let refusal = Assertion::read(&case.response(), &expected(rp_id)).err().unwrap();
        assert_eq!(refusal.reason, Reason::RpIdMismatch, "{rp_id}");
    }
}

#[test]
fn the_user_handle_names_the_user() {
    let case = |sent: Value, known: Option<&[u8]>, identified| {
        let case = Case { user_handle: known.map(<[u8]>::to_vec), identified, ..signed(-7, 0x01, 0, &[]) };
        let mut response = case.response();
        response["response"]["userHandle"] = sent;
        case.verify_response(&response).map(drop).map_err(|refusal| refusal.reason)
    };
    let (ada, eve) = (json!(URL_SAFE_NO_PAD.encode(b"ada")), json!(URL_SAFE_NO_PAD.encode(b"eve")));
    let mismatch = Err(Reason::UserHandleMismatch);
    assert_eq!(case(Value::Null, Some(b"ada"), true), Ok(()));
    assert_eq!(case(ada.clone(), Some(b"ada"), true), Ok(()));
    assert_eq!(case(ada.clone(), Some(b"ada"), false), Ok(()));
    assert_eq!(case(Value::Null, Some(b"ada"), false), mismatch, "nothing identifies the user");
    assert_eq!(case(Value::Null, None, false), mismatch);
    assert_eq!(case(eve.clone(), Some(b"ada"), true), mismatch);
    assert_eq!(case(eve, Some(b"ada"), false), mismatch);
    assert_eq!(case(json!(""), Some(b"ada"), false), mismatch);
    assert_eq!(case(ada, None, false), Ok(()), "a client of the published API chose the handle");
}

/// Step 22, both branches.
#[test]
fn a_counter_must_increase_unless_both_are_zero() {
    for (stored, received, regresses) in
        [(0, 0, false), (0, 1, false), (1, 0, true), (1, 1, true), (7, 6, true), (7, 8, false), (u32::MAX, 0, true)]
    {
        let asserted = signed(-7, 0x01, received, &[]).verify().unwrap();
        assert_eq!(asserted.regresses(stored), regresses, "{stored} then {received}");
    }
}

#[test]
fn sizes_are_bounded() {
    let case = Case { credential_id: vec![7; 1023], ..signed(-7, 0x01, 0, &[]) };
    assert!(case.verify().is_ok());
    assert_eq!(Case { credential_id: vec![7; 1024], ..case }.reason(), Reason::CredentialIdInvalid);
    let case = Case { signature: vec![7; 16 * 1024 + 1], ..signed(-7, 0x01, 0, &[]) };
    assert_eq!(case.reason(), Reason::MalformedResponse);
}
