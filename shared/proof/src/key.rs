//! Public keys from COSE (RFC 9052), X.509 (RFC 5280 §4.1.2.7) and TPMs. Signatures are verified by ring, or by
//! RustCrypto for P-521 and ML-DSA, which ring lacks.

mod cose;
mod ml_dsa;
mod spki;

pub(crate) use self::ml_dsa::MlDsa;
pub(crate) use spki::signature_scheme;

use ::der::asn1::ObjectIdentifier;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p521::ecdsa::signature::hazmat::PrehashVerifier as _;
use ring::{digest, signature};

use crate::Algorithm;

/// A NIST elliptic curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    pub(crate) const ALL: [Curve; 3] = [Curve::P256, Curve::P384, Curve::P521];

    /// The size of a coordinate in bytes.
    pub(crate) fn size(self) -> usize {
        match self {
            Curve::P256 => 32,
            Curve::P384 => 48,
            Curve::P521 => 66,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Curve::P256 => "P-256",
            Curve::P384 => "P-384",
            Curve::P521 => "P-521",
        }
    }

    fn id(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Curve::P256 => "1.2.840.10045.3.1.7",
            Curve::P384 => "1.3.132.0.34",
            Curve::P521 => "1.3.132.0.35",
        })
    }
}

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    /// Only for signatures of a TPM.
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub(crate) fn digest(self, bytes: &[u8]) -> digest::Digest {
        let algorithm = match self {
            Hash::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Hash::Sha256 => &digest::SHA256,
            Hash::Sha384 => &digest::SHA384,
            Hash::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, bytes)
    }
}

/// A signature scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// The signature is DER.
    Ecdsa(Hash),
    Ed25519,
    Pkcs1(Hash),
    Pss(Hash),
    MlDsa(MlDsa),
}

/// A public key. Coordinates and numbers are big-endian; an RSA key's have no leading zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// A point, uncompressed (SEC 1 §2.3.3).
    Ec {
        curve: Curve,
        point: Vec<u8>,
    },
    Ed25519([u8; 32]),
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// A key in the encoding of FIPS 204, algorithm 22.
    MlDsa {
        parameters: MlDsa,
        public: Vec<u8>,
    },
}

impl Key {
    /// A point from its coordinates, each padded to the curve's size.
    pub(crate) fn ec(curve: Curve, x: &[u8], y: &[u8]) -> Option<Self> {
        let mut point = vec![4];
        for coordinate in [x, y] {
            point.resize(point.len() + curve.size().checked_sub(coordinate.len())?, 0);
            point.extend(coordinate);
        }
        Some(Key::Ec { curve, point })
    }

    /// Whether a device may register the key: a point on its curve and not of small order, an RSA modulus of 2048 to
    /// 4096 bits, or an ML-DSA key of the right size.
    pub(crate) fn is_sound(&self) -> bool {
        match self {
            Key::Ec { curve: Curve::P256, point } => p256::PublicKey::from_sec1_bytes(point).is_ok(),
            Key::Ec { curve: Curve::P384, point } => p384::PublicKey::from_sec1_bytes(point).is_ok(),
            Key::Ec { curve: Curve::P521, point } => p521::PublicKey::from_sec1_bytes(point).is_ok(),
            Key::Ed25519(y) => !crate::jwk::is_of_small_order(*y),
            Key::Rsa { n, e } => crate::jwk::rsa_is_sound(n, e),
            Key::MlDsa { parameters, public } => public.len() == parameters.key_size(),
        }
    }

    /// Whether the key has the type and curve that the algorithm requires (WebAuthn Level 3 §5.8.5).
    pub(crate) fn fits(&self, algorithm: Algorithm) -> bool {
        use Algorithm::{Ed25519, EdDsa, Es256, Es384, Es512, Esp256, Esp384, Esp512};
        match self {
            Key::Ec { curve: Curve::P256, .. } => matches!(algorithm, Es256 | Esp256),
            Key::Ec { curve: Curve::P384, .. } => matches!(algorithm, Es384 | Esp384),
            Key::Ec { curve: Curve::P521, .. } => matches!(algorithm, Es512 | Esp512),
            Key::Ed25519(_) => matches!(algorithm, EdDsa | Ed25519),
            Key::Rsa { .. } => matches!(scheme(algorithm), Scheme::Pkcs1(_) | Scheme::Pss(_)),
            Key::MlDsa { parameters, .. } => scheme(algorithm) == Scheme::MlDsa(*parameters),
        }
    }

    /// The members of RFC 7638 §3.2 (for ML-DSA those of RFC 9964), in lexicographic order and without spaces, so that
    /// the thumbprint is their hash.
    pub(crate) fn jwk(&self) -> String {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Key::Ec { curve, point } => {
                let (x, y) = point.get(1..).unwrap_or_default().split_at(point.len() / 2);
                format!(r#"{{"crv":"{}","kty":"EC","x":"{}","y":"{}"}}"#, curve.name(), text(x), text(y))
            }
            Key::Ed25519(x) => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, text(x)),
            Key::Rsa { n, e } => format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, text(e), text(n)),
            Key::MlDsa { parameters, public } => {
                format!(r#"{{"alg":"{}","kty":"AKP","pub":"{}"}}"#, parameters.algorithm().name(), text(public))
            }
        }
    }

    /// Whether signatures of this scheme by the key are supported, if the scheme fits the key's type.
    pub(crate) fn can_verify(&self, scheme: Scheme) -> bool {
        match (self, scheme) {
            (Key::Ec { curve: Curve::P256 | Curve::P384, .. }, Scheme::Ecdsa(hash)) => hash != Hash::Sha512,
            (Key::Rsa { n, .. }, Scheme::Pkcs1(_) | Scheme::Pss(_)) => (256..=1024).contains(&n.len()),
            _ => true,
        }
    }

    /// Whether the key made this signature.
    pub(crate) fn verifies(&self, scheme: Scheme, message: &[u8], sig: &[u8]) -> bool {
        match (self, scheme) {
            (Key::Ec { curve: Curve::P521, point }, Scheme::Ecdsa(hash)) => {
                let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(point);
                let sig = p521::ecdsa::Signature::from_der(sig);
                let (Ok(key), Ok(sig)) = (key, sig) else { return false };
                key.verify_prehash(hash.digest(message).as_ref(), &sig).is_ok()
            }
            (Key::Ec { curve, point }, Scheme::Ecdsa(hash)) => {
                let algorithm: &dyn signature::VerificationAlgorithm = match (curve, hash) {
                    (Curve::P256, Hash::Sha256) => &signature::ECDSA_P256_SHA256_ASN1,
                    (Curve::P256, Hash::Sha384) => &signature::ECDSA_P256_SHA384_ASN1,
                    (Curve::P384, Hash::Sha256) => &signature::ECDSA_P384_SHA256_ASN1,
                    (Curve::P384, Hash::Sha384) => &signature::ECDSA_P384_SHA384_ASN1,
                    _ => return false,
                };
                signature::UnparsedPublicKey::new(algorithm, point).verify(message, sig).is_ok()
            }
            (Key::Ed25519(key), Scheme::Ed25519) => {
                signature::UnparsedPublicKey::new(&signature::ED25519, key).verify(message, sig).is_ok()
            }
            (Key::Rsa { n, e }, Scheme::Pkcs1(_) | Scheme::Pss(_)) => {
                let parameters = match scheme {
                    Scheme::Pkcs1(Hash::Sha1) => &signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
                    Scheme::Pkcs1(Hash::Sha256) => &signature::RSA_PKCS1_2048_8192_SHA256,
                    Scheme::Pkcs1(Hash::Sha384) => &signature::RSA_PKCS1_2048_8192_SHA384,
                    Scheme::Pkcs1(Hash::Sha512) => &signature::RSA_PKCS1_2048_8192_SHA512,
                    Scheme::Pss(Hash::Sha256) => &signature::RSA_PSS_2048_8192_SHA256,
                    Scheme::Pss(Hash::Sha384) => &signature::RSA_PSS_2048_8192_SHA384,
                    Scheme::Pss(Hash::Sha512) => &signature::RSA_PSS_2048_8192_SHA512,
                    _ => return false,
                };
                signature::RsaPublicKeyComponents { n, e }.verify(parameters, message, sig).is_ok()
            }
            (Key::MlDsa { parameters, public }, Scheme::MlDsa(of_scheme)) => {
                *parameters == of_scheme && parameters.verifies(public, message, sig)
            }
            _ => false,
        }
    }
}

/// The signature scheme of an algorithm.
pub(crate) fn scheme(algorithm: Algorithm) -> Scheme {
    match algorithm {
        Algorithm::Es256 | Algorithm::Esp256 => Scheme::Ecdsa(Hash::Sha256),
        Algorithm::Es384 | Algorithm::Esp384 => Scheme::Ecdsa(Hash::Sha384),
        Algorithm::Es512 | Algorithm::Esp512 => Scheme::Ecdsa(Hash::Sha512),
        Algorithm::EdDsa | Algorithm::Ed25519 => Scheme::Ed25519,
        Algorithm::Rs256 => Scheme::Pkcs1(Hash::Sha256),
        Algorithm::Rs384 => Scheme::Pkcs1(Hash::Sha384),
        Algorithm::Rs512 => Scheme::Pkcs1(Hash::Sha512),
        Algorithm::Ps256 => Scheme::Pss(Hash::Sha256),
        Algorithm::Ps384 => Scheme::Pss(Hash::Sha384),
        Algorithm::Ps512 => Scheme::Pss(Hash::Sha512),
        Algorithm::MlDsa44 => Scheme::MlDsa(MlDsa::L44),
        Algorithm::MlDsa65 => Scheme::MlDsa(MlDsa::L65),
        Algorithm::MlDsa87 => Scheme::MlDsa(MlDsa::L87),
    }
}
