//! Public keys as PEM (RFC 7468) of SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use der::asn1::{Any, BitString, Null, ObjectIdentifier, UintRef};
use der::pem::{LineEnding, PemLabel};
use der::{Encode as _, EncodePem as _, Sequence};
use serde::Deserialize;

/// RFC 5480 §2.1.1, §2.1.1.1.
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P_521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
/// RFC 3279 §2.3.1.
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

#[derive(Sequence)]
struct SubjectPublicKeyInfo {
    algorithm: AlgorithmIdentifier,
    subject_public_key: BitString,
}

impl PemLabel for SubjectPublicKeyInfo {
    const PEM_LABEL: &'static str = "PUBLIC KEY";
}

#[derive(Sequence)]
struct AlgorithmIdentifier {
    algorithm: ObjectIdentifier,
    parameters: Any,
}

/// RFC 8017 A.1.1.
#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    public_exponent: UintRef<'a>,
}

/// A JWK with an EC or RSA key (RFC 7518 §6).
#[derive(Deserialize)]
#[serde(tag = "kty")]
enum Jwk {
    #[serde(rename = "EC")]
    Ec { crv: String, x: String, y: String },
    #[serde(rename = "RSA")]
    Rsa { n: String, e: String },
}

/// The key of a JWK as PEM; nothing if it is not an EC or RSA key.
pub(super) fn of_jwk(jwk: &str) -> Option<String> {
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    let (algorithm, parameters, key) = match serde_json::from_str(jwk).ok()? {
        Jwk::Ec { crv, x, y } => {
            let curve = match crv.as_str() {
                "P-256" => P_256,
                "P-384" => P_384,
                "P-521" => P_521,
                _ => return None,
            };
            // An uncompressed point (SEC 1 §2.3.3).
            (EC_PUBLIC_KEY, Any::encode_from(&curve), [vec![4], bytes(&x)?, bytes(&y)?].concat())
        }
        Jwk::Rsa { n, e } => {
            let (n, e) = (bytes(&n)?, bytes(&e)?);
            let key = RsaPublicKey { modulus: UintRef::new(&n).ok()?, public_exponent: UintRef::new(&e).ok()? };
            (RSA_ENCRYPTION, Any::encode_from(&Null), key.to_der().ok()?)
        }
    };
    let algorithm = AlgorithmIdentifier { algorithm, parameters: parameters.ok()? };
    let info = SubjectPublicKeyInfo { algorithm, subject_public_key: BitString::from_bytes(&key).ok()? };
    info.to_pem(LineEnding::LF).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of RFC 7517 A.1, as OpenSSL writes them.
    #[test]
    fn keys_have_the_form_of_openssl() {
        let ec = r#"{"crv":"P-256","kty":"EC","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
                     "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#;
        insta::assert_snapshot!(of_jwk(ec).unwrap(), @r"
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMKBCTNIcKUSDii11ySs3526iDZ8A
        iTo7Tu6KPAqv7D7gS2XpJFbZiItSs3m9+9Ue6GnvHw/GW2ZZaVtszggXIw==
        -----END PUBLIC KEY-----
        ");
        let rsa = concat!(
            r#"{"e":"AQAB","kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFF"#,
            "xuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2Q",
            "vzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRw",
            r#"r3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}"#,
        );
        insta::assert_snapshot!(of_jwk(rsa).unwrap(), @r"
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0vx7agoebGcQSuuPiLJX
        ZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tS
        oc/BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ/2W+5JsGY4Hc5n9yBXArwl93lqt
        7/RN5w6Cf0h4QyQ5v+65YGjQR0/FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0
        zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt+bFTWhAI4vMQFh6WeZu0f
        M4lFd2NcRwr3XPksINHaQ+G/xBniIqbw0Ls1jF44+csFCur+kEgU8awapJzKnqDK
        gwIDAQAB
        -----END PUBLIC KEY-----
        ");
    }

    #[test]
    fn other_keys_have_no_form() {
        assert_eq!(of_jwk(r#"{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#), None);
    }
}
