//! What is fuzzed. The corpus is the W3C's test vectors, and tokens and a blob in `corpus/`.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proof::jwt::verify_jwt;
use proof::mds::{BlobExpected, Metadata};
use proof::webauthn::verify_registration;
use proof::{Algorithm, Ceremony, Expected, Facts, Policy, Requirement};
use serde_json::{Value, json};

const VECTORS: &str = include_str!("../../../shared/proof/tests/data/webauthn-level3-vectors.json");
/// When the tokens of the corpus are fresh, and the vectors' certificates valid.
const NOW: i64 = 1_800_000_000;

enum Kind {
    Attestation,
    ClientData,
    Jws,
    Blob,
}

/// A registration of the W3C's.
struct Vector {
    id: Value,
    challenge: Vec<u8>,
    client_data: Vec<u8>,
    object: Vec<u8>,
    facts: Option<Facts>,
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

    /// Whether the input verifies, which some do: not all that a device sends is signed.
    pub(crate) fn run(&self, case: usize, input: &[u8]) -> bool {
        match self.kind {
            Kind::Attestation => {
                let vector = &self.vectors[case];
                let facts = self.register(vector, &vector.client_data, input);
                self.is_as_signed(case, facts.as_ref());
                facts.is_some()
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
                // All of a token is signed, and there is one way to write it down.
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

    /// What a root vouches for is what was signed. U2F signs neither flags nor model.
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
