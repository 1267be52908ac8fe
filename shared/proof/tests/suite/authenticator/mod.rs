//! A software authenticator and browser that can make every part of a registration wrong.

pub(crate) mod certificate;
pub(crate) mod der;
pub(crate) mod keys;

use std::borrow::Borrow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use proof::webauthn::verify_registration;
use proof::{Algorithm, Ceremony, Expected, Policy, Reason, Refusal, Requirement, Trust, Verified};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use certificate::{AAGUID, Authority, Certificate};
use keys::Key;

/// A time in 2030, when all certificates of these tests are valid.
pub(crate) const NOW: i64 = 1_893_456_000;
pub(crate) const RP_ID: &str = "example.org";
pub(crate) const ORIGIN: &str = "https://example.org";
/// 32 bytes, two of which differ between the two alphabets of base64.
pub(crate) const CHALLENGE: &[u8] = b"a challenge \xff\xfe thirty-two bytes.";

/// A device that is about to respond.
pub(crate) struct Device {
    pub(crate) challenge: Vec<u8>,
    pub(crate) rp_id: &'static str,
    pub(crate) origin: &'static str,
    pub(crate) flags: u8,
    pub(crate) aaguid: [u8; 16],
    pub(crate) credential_id: Vec<u8>,
    pub(crate) key: Key,
    pub(crate) algorithm: i64,
    pub(crate) cose: Vec<(Cbor, Cbor)>,
    /// The bytes after the public key in the authenticator data.
    pub(crate) extensions: Vec<u8>,
}

pub(crate) fn text(text: &str) -> Cbor {
    Cbor::Text(text.to_owned())
}

pub(crate) fn map(members: Vec<(&str, Cbor)>) -> Cbor {
    Cbor::Map(members.into_iter().map(|(name, value)| (text(name), value)).collect())
}

pub(crate) fn x5c(certificates: &[&[u8]]) -> Cbor {
    Cbor::Array(certificates.iter().map(|der| Cbor::Bytes(der.to_vec())).collect())
}

pub(crate) fn encode(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}

impl Device {
    pub(crate) fn new() -> Self {
        Self::of(-7)
    }

    /// A device with a key of this algorithm.
    pub(crate) fn of(algorithm: i64) -> Self {
        Self::with(Key::of(algorithm), algorithm)
    }

    pub(crate) fn with(key: Key, algorithm: i64) -> Self {
        Self {
            challenge: CHALLENGE.to_vec(),
            rp_id: RP_ID,
            origin: ORIGIN,
            flags: 0x45,
            aaguid: *b"example model 01",
            credential_id: b"an id".to_vec(),
            cose: key.cose(algorithm),
            key,
            algorithm,
            extensions: Vec::new(),
        }
    }

    pub(crate) fn client_data(&self) -> Vec<u8> {
        let challenge = URL_SAFE_NO_PAD.encode(&self.challenge);
        json!({"type": "webauthn.create", "challenge": challenge, "origin": self.origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }

    pub(crate) fn client_data_hash(&self) -> Vec<u8> {
        sha256(&self.client_data())
    }

    pub(crate) fn auth_data(&self) -> Vec<u8> {
        let mut data = sha256(self.rp_id.as_bytes());
        data.push(self.flags);
        data.extend([0, 0, 0, 7]);
        data.extend(self.aaguid);
        data.extend(u16::try_from(self.credential_id.len()).unwrap().to_be_bytes());
        data.extend(&self.credential_id);
        data.extend(encode(&Cbor::Map(self.cose.clone())));
        data.extend(&self.extensions);
        data
    }

    /// The bytes that attestation signs.
    pub(crate) fn signed(&self) -> Vec<u8> {
        [self.auth_data(), self.client_data_hash()].concat()
    }

    /// A `RegistrationResponseJSON` with this statement.
    pub(crate) fn response(&self, format: &str, statement: Cbor) -> Value {
        let object =
            map(vec![("fmt", text(format)), ("attStmt", statement), ("authData", Cbor::Bytes(self.auth_data()))]);
        self.response_of(&encode(&object))
    }

    pub(crate) fn response_of(&self, object: &[u8]) -> Value {
        let id = URL_SAFE_NO_PAD.encode(&self.credential_id);
        json!({
            "id": id, "rawId": id, "type": "public-key",
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(self.client_data()),
                "attestationObject": URL_SAFE_NO_PAD.encode(object),
                "transports": ["internal"],
            },
            "clientExtensionResults": {},
        })
    }

    pub(crate) fn none(&self) -> Value {
        self.response("none", Cbor::Map(Vec::new()))
    }

    pub(crate) fn self_statement(&self) -> Cbor {
        let signature = self.key.sign(self.algorithm, &self.signed());
        map(vec![("alg", self.algorithm.into()), ("sig", Cbor::Bytes(signature))])
    }

    /// A packed statement with an attesting key and its chain.
    pub(crate) fn packed_statement(&self, attesting: &Key, chain: &[&[u8]]) -> Cbor {
        let algorithm = attesting.algorithm();
        let signature = attesting.sign(algorithm, &self.signed());
        map(vec![("alg", algorithm.into()), ("sig", Cbor::Bytes(signature)), ("x5c", x5c(chain))])
    }

    /// A packed registration whose certificate is changed before it is signed.
    pub(crate) fn packed(&self, root: &Authority, change: impl FnOnce(Certificate) -> Certificate) -> Value {
        let attesting = Key::p256();
        let certificate = Certificate::attesting(root).with(AAGUID, false, der::octets(&self.aaguid));
        let leaf = change(certificate).sign(&attesting, &root.key);
        self.response("packed", self.packed_statement(&attesting, &[&leaf]))
    }
}

/// A policy that accepts every valid registration. The default requires a verified user and a resident key.
pub(crate) fn lenient() -> Policy {
    Policy {
        user_verification: Requirement::Preferred,
        resident_key: Requirement::Preferred,
        algorithms: Algorithm::ALL.to_vec(),
        ..Policy::default()
    }
}

/// The expected values of the registrations of these tests.
pub(crate) fn expected() -> Expected {
    let (rp_id, origins, challenge) = (RP_ID.to_owned(), vec![ORIGIN.to_owned()], CHALLENGE.to_vec());
    Expected { rp_id, origins, challenge, ..Expected::default() }
}

/// A ceremony at the usual time, without metadata and lists.
pub(crate) fn ceremony<'a>(expected: &'a Expected, policy: &'a Policy) -> Ceremony<'a> {
    Ceremony { expected, policy, subject: "", token: "", metadata: None, android_status: None, now: NOW }
}

pub(crate) fn verify(response: &Value, policy: impl Borrow<Policy>) -> Result<Verified, Refusal> {
    verify_at(response, policy, NOW)
}

pub(crate) fn verify_at(response: &Value, policy: impl Borrow<Policy>, now: i64) -> Result<Verified, Refusal> {
    verify_registration(response, &Ceremony { now, ..ceremony(&expected(), policy.borrow()) })
}

/// The reason why it is refused without any trust requirement.
#[track_caller]
pub(crate) fn refusal(response: &Value) -> Reason {
    verify(response, lenient()).unwrap_err().reason
}

/// The reason why it is refused when these roots are required.
#[track_caller]
pub(crate) fn distrust(response: &Value, roots: &[Vec<u8>]) -> Reason {
    let policy = Policy { trust: Trust::Attested, roots: roots.to_vec(), ..lenient() };
    verify(response, policy).unwrap_err().reason
}

#[track_caller]
pub(crate) fn trusted(response: &Value, roots: &[Vec<u8>]) -> Verified {
    let policy = Policy { trust: Trust::Attested, roots: roots.to_vec(), ..lenient() };
    verify(response, policy).unwrap()
}
