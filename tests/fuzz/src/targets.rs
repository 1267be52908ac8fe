//! The fuzz targets. The corpus consists of the W3C's test vectors, and of tokens and a blob in `corpus/`.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proof::jwt::verify_jwt;
use proof::mds::{BlobExpected, Metadata};
use proof::webauthn::{Asserted, Assertion, ExpectedAssertion, Registered, verify_registration};
use proof::{Algorithm, Ceremony, Expected, Facts, Policy, Requirement};
use serde_json::{Value, json};

const VECTORS: &str = include_str!("../../../shared/proof/tests/data/webauthn-level3-vectors.json");
/// A time at which the tokens of the corpus are fresh and the vectors' certificates valid.
const NOW: i64 = 1_800_000_000;

enum Kind {
    Attestation,
    Assertion,
    ClientData,
    Jws,
    Blob,
}

/// A registration of the W3C's test vectors.
struct Vector {
    id: Value,
    challenge: Vec<u8>,
    client_data: Vec<u8>,
    object: Vec<u8>,
    facts: Option<Facts>,
    signed_in: SignedIn,
}

/// The assertion of a vector.
struct SignedIn {
    challenge: Vec<u8>,
    parts: [Vec<u8>; 3],
    cose_key: Vec<u8>,
    backup_eligible: bool,
    valid: bool,
}

pub(crate) struct Target {
    kind: Kind,
    pub corpus: Vec<Vec<u8>>,
    vectors: Vec<Vector>,
    root: Vec<u8>,
}

fn base64url(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().expect("a string")).expect("base64url")
}

fn lines(text: &str) -> Vec<Vec<u8>> {
    text.lines().map(|line| line.as_bytes().to_vec()).collect()
}

impl SignedIn {
    fn of(vector: &Value) -> Self {
        let authentication = &vector["authentication"];
        let part = |name: &str| base64url(&authentication[name]);
        Self {
            challenge: part("challenge"),
            parts: ["clientDataJSON", "authenticatorData", "signature"].map(part),
            cose_key: base64url(&vector["decoded"]["publicKeyCose"]),
            backup_eligible: vector["decoded"]["flags"].as_u64().expect("flags") & 8 != 0,
            valid: vector["crossOrigin"] == false && vector["decoded"]["alg"] != -53,
        }
    }

    /// Client data, authenticator data and signature, each with its length before it.
    fn input(&self) -> Vec<u8> {
        let length = |part: &[u8]| u16::try_from(part.len()).expect("a short part").to_be_bytes();
        self.parts.iter().flat_map(|part| [length(part).as_slice(), part].concat()).collect()
    }

    fn verify(&self, id: &Value, mut input: &[u8]) -> Option<Asserted> {
        let mut part = || {
            let (&length, rest) = input.split_first_chunk::<2>()?;
            let (part, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(length)))?;
            input = rest;
            Some(URL_SAFE_NO_PAD.encode(part))
        };
        let response = json!({
            "id": id, "rawId": id, "type": "public-key",
            "response": {"clientDataJSON": part()?, "authenticatorData": part()?, "signature": part()?},
        });
        if !input.is_empty() {
            return None;
        }
        let origins = ["https://example.org".to_owned()];
        let expected = ExpectedAssertion {
            rp_id: "example.org",
            origins: &origins,
            challenge: &self.challenge,
            user_verification: Requirement::Preferred,
        };
        let registered = Registered {
            credential_id: &base64url(id),
            cose_key: &self.cose_key,
            backup_eligible: self.backup_eligible,
            user_handle: None,
        };
        Assertion::read(&response, &expected).and_then(|read| read.verify(&registered, true)).ok()
    }
}

impl Target {
    pub(crate) fn named(name: &str) -> Option<Self> {
        let all: Value = serde_json::from_str(VECTORS).expect("the vectors");
        let read = |vector: &Value| {
            let registration = &vector["registration"];
            Vector {
                id: registration["credentialId"].clone(),
                challenge: base64url(&registration["challenge"]),
                client_data: base64url(&registration["clientDataJSON"]),
                object: base64url(&registration["attestationObject"]),
                facts: None,
                signed_in: SignedIn::of(vector),
            }
        };
        let vectors: Vec<Vector> = all["vectors"].as_array().expect("vectors").iter().map(read).collect();
        let mut target = Self {
            kind: Kind::Attestation,
            corpus: vectors.iter().map(|vector| vector.object.clone()).collect(),
            vectors,
            root: base64url(&all["attestationRootCertDer"]),
        };
        for case in 0..target.vectors.len() {
            let vector = &target.vectors[case];
            target.vectors[case].facts = target.register(vector, &vector.client_data, &vector.object);
        }
        match name {
            "attestation" => {}
            "assertion" => {
                target.kind = Kind::Assertion;
                target.corpus = target.vectors.iter().map(|vector| vector.signed_in.input()).collect();
            }
            "client-data" => {
                target.kind = Kind::ClientData;
                target.corpus = target.vectors.iter().map(|vector| vector.client_data.clone()).collect();
            }
            "jws" => (target.kind, target.corpus) = (Kind::Jws, lines(include_str!("../corpus/jws"))),
            "blob" => {
                (target.kind, target.corpus) = (Kind::Blob, lines(include_str!("../corpus/blob")));
                let compact = target.corpus.pop().and_then(|line| STANDARD.decode(line).ok()).expect("base64");
                target.corpus.push(compact);
                target.root = STANDARD.decode(include_str!("../corpus/root")).expect("base64");
            }
            _ => return None,
        }
        Some(target)
    }

    fn register(&self, vector: &Vector, client_data: &[u8], object: &[u8]) -> Option<Facts> {
        let response = json!({
            "id": vector.id, "rawId": vector.id, "type": "public-key",
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
                "attestationObject": URL_SAFE_NO_PAD.encode(object),
            },
        });
        let policy = Policy {
            user_verification: Requirement::Preferred,
            roots: vec![self.root.clone()],
            algorithms: Algorithm::ALL.to_vec(),
            ..Policy::default()
        };
        let (rp_id, origins) = ("example.org".to_owned(), vec!["https://example.org".to_owned()]);
        let expected = Expected { rp_id, origins, challenge: vector.challenge.clone(), ..Expected::default() };
        verify_registration(&response, &ceremony(&expected, &policy)).ok().map(|verified| verified.facts().clone())
    }

    /// Runs one input and returns whether it verifies. Some mutated inputs do, because not all of a device's data is
    /// signed.
    pub(crate) fn run(&self, case: usize, input: &[u8]) -> bool {
        match self.kind {
            Kind::Attestation => {
                let vector = &self.vectors[case];
                let facts = self.register(vector, &vector.client_data, input);
                self.is_as_signed(case, facts.as_ref());
                facts.is_some()
            }
            Kind::Assertion => {
                let vector = &self.vectors[case];
                let verified = vector.signed_in.verify(&vector.id, input).is_some();
                // All of it is signed, and the signature is the device's.
                assert!(!verified || self.corpus.iter().any(|known| known == input));
                assert!(verified || input != self.corpus[case] || !vector.signed_in.valid);
                verified
            }
            Kind::ClientData => {
                let facts = self.register(&self.vectors[case], input, &self.vectors[case].object);
                self.is_as_signed(case, facts.as_ref());
                facts.is_some()
            }
            Kind::Jws => {
                let (audience, nonce) = ("https://aud.example".to_owned(), "nonce".to_owned());
                let (expected, policy) = (Expected { nonce, audience, ..Expected::default() }, Policy::default());
                let ceremony = ceremony(&expected, &policy);
                let verified = std::str::from_utf8(input).is_ok_and(|raw| verify_jwt(raw, &ceremony).is_ok());
                // All of a token is signed, and it has only one encoding.
                assert!(!verified || self.corpus.iter().any(|token| token == input));
                verified
            }
            Kind::Blob => {
                let expected = BlobExpected { roots: std::slice::from_ref(&self.root), now: NOW, known_no: None };
                let verified = Metadata::from_blob(input, expected).is_ok();
                verified || Metadata::from_bytes(input).is_ok_and(|metadata| metadata.to_bytes().len() < 1 << 20)
            }
        }
    }

    /// Checks that facts under a trusted root are the signed ones. U2F does not sign flags and model.
    fn is_as_signed(&self, case: usize, facts: Option<&Facts>) {
        let Some(facts) = facts else { return };
        let Some(webauthn) = facts.webauthn.as_ref().filter(|webauthn| webauthn.verified_by.is_some()) else { return };
        let original = self.vectors[case].facts.as_ref().expect("the vector verifies");
        if webauthn.attestation_format == "fido-u2f" {
            assert_eq!(facts.jwk_json, original.jwk_json);
            assert_eq!(facts.key_id(), original.key_id());
        } else {
            assert_eq!(facts, original);
        }
    }
}

/// The ceremony of every target's cases.
fn ceremony<'a>(expected: &'a Expected, policy: &'a Policy) -> Ceremony<'a> {
    let (subject, token) = ("CN=ada, OU=r, O=t", "ceremony");
    Ceremony { expected, policy, subject, token, metadata: None, android_status: None, now: NOW }
}
