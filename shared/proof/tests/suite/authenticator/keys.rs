//! Software keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use ml_dsa::{KeyExport as _, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Signer as _, SigningKey};
use p521::ecdsa::signature::hazmat::PrehashSigner as _;
use ring::digest;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{
    self, ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
    RsaKeyPair,
};
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use serde_json::{Value, json};

use super::der;

pub(crate) enum Key {
    P256(EcdsaKeyPair, Vec<u8>),
    P384(EcdsaKeyPair, Vec<u8>),
    P521(p521::ecdsa::SigningKey),
    Ed25519(Ed25519KeyPair),
    Rsa(RsaPrivateKey, Vec<u8>),
    /// The COSE number of the algorithm, and the seed (FIPS 204 §3.6.3).
    MlDsa(i64, [u8; 32]),
}

/// Prefixes of RFC 8017 §9.2, note 1.
const SHA1_PREFIX: [u8; 15] =
    [0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14];
const SHA256_PREFIX: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

fn ecdsa(kind: &'static signature::EcdsaSigningAlgorithm) -> (EcdsaKeyPair, Vec<u8>) {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
    (EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &random).unwrap(), pkcs8.as_ref().to_vec())
}

impl Key {
    pub(crate) fn p256() -> Self {
        let (key, pkcs8) = ecdsa(&ECDSA_P256_SHA256_ASN1_SIGNING);
        Key::P256(key, pkcs8)
    }

    pub(crate) fn p384() -> Self {
        let (key, pkcs8) = ecdsa(&ECDSA_P384_SHA384_ASN1_SIGNING);
        Key::P384(key, pkcs8)
    }

    pub(crate) fn p521() -> Self {
        let mut secret = [0; 66];
        SystemRandom::new().fill(&mut secret[1..]).unwrap();
        Key::P521(p521::ecdsa::SigningKey::from_slice(&secret).unwrap())
    }

    pub(crate) fn ed25519() -> Self {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Key::Ed25519(Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap())
    }

    /// One of the stored RSA keys, because generating them takes long.
    pub(crate) fn rsa(bits: usize) -> Self {
        let pkcs8 = match bits {
            1024 => include_bytes!("../../data/keys/rsa1024.pk8").as_slice(),
            2048 => include_bytes!("../../data/keys/rsa2048.pk8"),
            3072 => include_bytes!("../../data/keys/rsa3072.pk8"),
            4096 => include_bytes!("../../data/keys/rsa4096.pk8"),
            _ => panic!("no key of {bits} bits"),
        };
        Key::Rsa(RsaPrivateKey::from_pkcs8_der(pkcs8).unwrap(), pkcs8.to_vec())
    }

    pub(crate) fn ml_dsa(algorithm: i64) -> Self {
        let mut seed = [0; 32];
        SystemRandom::new().fill(&mut seed).unwrap();
        Key::MlDsa(algorithm, seed)
    }

    /// A key for the algorithm.
    pub(crate) fn of(algorithm: i64) -> Self {
        match algorithm {
            -7 | -9 => Key::p256(),
            -35 | -51 => Key::p384(),
            -36 | -52 => Key::p521(),
            -8 | -19 => Key::ed25519(),
            -50..=-48 => Key::ml_dsa(algorithm),
            _ => Key::rsa(2048),
        }
    }

    /// The usual algorithm of the key, as a COSE number.
    pub(crate) fn algorithm(&self) -> i64 {
        match self {
            Key::P256(..) => -7,
            Key::P384(..) => -35,
            Key::P521(_) => -36,
            Key::Ed25519(_) => -8,
            Key::Rsa(..) => -257,
            Key::MlDsa(algorithm, _) => *algorithm,
        }
    }

    pub(crate) fn sign(&self, algorithm: i64, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Key::P256(key, _) | Key::P384(key, _) => key.sign(&random, message).unwrap().as_ref().to_vec(),
            Key::P521(key) => {
                let digest = digest::digest(&digest::SHA512, message);
                let signature: p521::ecdsa::Signature = key.sign_prehash(digest.as_ref()).unwrap();
                let (r, s) = signature.split_bytes();
                let integer = |bytes: &[u8]| {
                    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
                    der::integer(&bytes[zeros..])
                };
                der::sequence(&[&integer(r.as_slice()), &integer(s.as_slice())])
            }
            Key::Ed25519(key) => key.sign(message).as_ref().to_vec(),
            Key::MlDsa(-48, seed) => sign_by_ml_dsa::<MlDsa44>(seed, message),
            Key::MlDsa(-49, seed) => sign_by_ml_dsa::<MlDsa65>(seed, message),
            Key::MlDsa(_, seed) => sign_by_ml_dsa::<MlDsa87>(seed, message),
            Key::Rsa(key, _) if algorithm == -65535 => {
                let padding = Pkcs1v15Sign { hash_len: Some(20), prefix: SHA1_PREFIX.into() };
                key.sign(padding, digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, message).as_ref()).unwrap()
            }
            Key::Rsa(key, _) if key.size() < 256 => {
                let padding = Pkcs1v15Sign { hash_len: Some(32), prefix: SHA256_PREFIX.into() };
                key.sign(padding, digest::digest(&digest::SHA256, message).as_ref()).unwrap()
            }
            Key::Rsa(_, pkcs8) => {
                let padding: &'static dyn signature::RsaEncoding = match algorithm {
                    -257 => &signature::RSA_PKCS1_SHA256,
                    -258 => &signature::RSA_PKCS1_SHA384,
                    -259 => &signature::RSA_PKCS1_SHA512,
                    -37 => &signature::RSA_PSS_SHA256,
                    -38 => &signature::RSA_PSS_SHA384,
                    -39 => &signature::RSA_PSS_SHA512,
                    other => panic!("no RSA algorithm {other}"),
                };
                let key = RsaKeyPair::from_pkcs8(pkcs8).unwrap();
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(padding, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }

    /// A signature in the form of a JWS (RFC 7518 §3.4): for curves, both numbers in full.
    pub(crate) fn sign_jws(&self, message: &[u8]) -> Vec<u8> {
        let kind = match self {
            Key::P256(..) => &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
            Key::P384(..) => &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
            _ => return self.sign(self.algorithm(), message),
        };
        let random = SystemRandom::new();
        let (Key::P256(_, pkcs8) | Key::P384(_, pkcs8)) = self else { panic!("no curve of NIST") };
        let key = EcdsaKeyPair::from_pkcs8(kind, pkcs8, &random).unwrap();
        key.sign(&random, message).unwrap().as_ref().to_vec()
    }

    /// The coordinates of the point, the modulus and exponent, or the single coordinate.
    pub(crate) fn parts(&self) -> (Vec<u8>, Vec<u8>) {
        let halves = |point: &[u8]| {
            let (x, y) = point[1..].split_at(point.len() / 2);
            (x.to_vec(), y.to_vec())
        };
        match self {
            Key::P256(key, _) | Key::P384(key, _) => halves(key.public_key().as_ref()),
            Key::P521(key) => halves(key.verifying_key().to_sec1_point(false).as_bytes()),
            Key::Ed25519(key) => (key.public_key().as_ref().to_vec(), Vec::new()),
            Key::Rsa(key, _) => (key.n().to_bytes_be(), key.e().to_bytes_be()),
            Key::MlDsa(-48, seed) => (ml_dsa_public::<MlDsa44>(seed), Vec::new()),
            Key::MlDsa(-49, seed) => (ml_dsa_public::<MlDsa65>(seed), Vec::new()),
            Key::MlDsa(_, seed) => (ml_dsa_public::<MlDsa87>(seed), Vec::new()),
        }
    }

    pub(crate) fn cose(&self, algorithm: i64) -> Vec<(Cbor, Cbor)> {
        let int = |number: i64| Cbor::Integer(number.into());
        let (first, second) = self.parts();
        let (kind, curve) = match self {
            Key::P256(..) => (2, 1),
            Key::P384(..) => (2, 2),
            Key::P521(_) => (2, 3),
            Key::Ed25519(_) => (1, 6),
            Key::Rsa(..) => (3, 0),
            Key::MlDsa(..) => (7, 0),
        };
        let mut map = vec![(int(1), int(kind)), (int(3), int(algorithm))];
        match self {
            Key::Rsa(..) => map.extend([(int(-1), Cbor::Bytes(first)), (int(-2), Cbor::Bytes(second))]),
            Key::Ed25519(_) => map.extend([(int(-1), int(curve)), (int(-2), Cbor::Bytes(first))]),
            Key::MlDsa(..) => map.push((int(-1), Cbor::Bytes(first))),
            _ => {
                map.extend([(int(-1), int(curve)), (int(-2), Cbor::Bytes(first)), (int(-3), Cbor::Bytes(second))]);
            }
        }
        map
    }

    pub(crate) fn jwk(&self) -> Value {
        let (first, second) = self.parts();
        let (first, second) = (URL_SAFE_NO_PAD.encode(first), URL_SAFE_NO_PAD.encode(second));
        let ec = |curve: &str| json!({"kty": "EC", "crv": curve, "x": first, "y": second});
        match self {
            Key::P256(..) => ec("P-256"),
            Key::P384(..) => ec("P-384"),
            Key::P521(_) => ec("P-521"),
            Key::Ed25519(_) => json!({"kty": "OKP", "crv": "Ed25519", "x": first}),
            Key::Rsa(..) => json!({"kty": "RSA", "n": first, "e": second}),
            Key::MlDsa(algorithm, _) => {
                json!({"kty": "AKP", "alg": format!("ML-DSA-{}", ml_dsa_level(*algorithm)), "pub": first})
            }
        }
    }

    pub(crate) fn spki(&self) -> Vec<u8> {
        let (first, second) = self.parts();
        let ec = |curve: &str| {
            let algorithm = der::sequence(&[&der::oid("1.2.840.10045.2.1"), &der::oid(curve)]);
            der::sequence(&[&algorithm, &der::bits(&[&[4], first.as_slice(), &second].concat())])
        };
        match self {
            Key::P256(..) => ec("1.2.840.10045.3.1.7"),
            Key::P384(..) => ec("1.3.132.0.34"),
            Key::P521(_) => ec("1.3.132.0.35"),
            Key::Ed25519(_) => der::sequence(&[&der::sequence(&[&der::oid("1.3.101.112")]), &der::bits(&first)]),
            Key::Rsa(..) => {
                let algorithm = der::sequence(&[&der::oid("1.2.840.113549.1.1.1"), &[5, 0]]);
                let numbers = der::sequence(&[&der::integer(&first), &der::integer(&second)]);
                der::sequence(&[&algorithm, &der::bits(&numbers)])
            }
            Key::MlDsa(..) => der::sequence(&[&self.signature_algorithm(), &der::bits(&first)]),
        }
    }

    /// The `AlgorithmIdentifier` of the key's signatures in certificates.
    pub(crate) fn signature_algorithm(&self) -> Vec<u8> {
        match self {
            Key::P256(..) => der::sequence(&[&der::oid("1.2.840.10045.4.3.2")]),
            Key::P384(..) => der::sequence(&[&der::oid("1.2.840.10045.4.3.3")]),
            Key::P521(_) => der::sequence(&[&der::oid("1.2.840.10045.4.3.4")]),
            Key::Ed25519(_) => der::sequence(&[&der::oid("1.3.101.112")]),
            Key::Rsa(..) => der::sequence(&[&der::oid("1.2.840.113549.1.1.11"), &[5, 0]]),
            Key::MlDsa(algorithm, _) => {
                der::sequence(&[&der::oid(&format!("2.16.840.1.101.3.4.3.{}", -31 - algorithm))])
            }
        }
    }
}

fn ml_dsa_level(algorithm: i64) -> u8 {
    match algorithm {
        -48 => 44,
        -49 => 65,
        _ => 87,
    }
}

fn sign_by_ml_dsa<P: MlDsaParams>(seed: &[u8; 32], message: &[u8]) -> Vec<u8> {
    SigningKey::<P>::from_seed(&(*seed).into()).sign(message).encode().to_vec()
}

fn ml_dsa_public<P: MlDsaParams>(seed: &[u8; 32]) -> Vec<u8> {
    use ml_dsa::Keypair as _;
    SigningKey::<P>::from_seed(&(*seed).into()).verifying_key().to_bytes().to_vec()
}
