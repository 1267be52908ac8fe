//! The public key: COSE (RFC 9052, RFC 9053, RFC 8230) in, JWK (RFC 7517) and thumbprint (RFC 7638) out.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value;

use crate::refusal::{Reason, Refusal};

/// A public key whose type, curve and size fit its algorithm.
#[derive(Debug)]
pub(super) struct PublicKey {
    pub(super) algorithm: &'static str,
    pub(super) jwk_json: String,
    pub(super) jwk_thumbprint: String,
}

fn member(map: &[(Value, Value)], label: i64) -> Option<&Value> {
    map.iter().find(|(key, _)| key.as_integer() == Some(label.into())).map(|(_, value)| value)
}

fn integer(map: &[(Value, Value)], label: i64) -> Option<i64> {
    member(map, label)?.as_integer()?.try_into().ok()
}

fn bytes(map: &[(Value, Value)], label: i64) -> Option<&[u8]> {
    member(map, label)?.as_bytes().map(Vec::as_slice)
}

impl PublicKey {
    /// Reads a COSE key and checks that its parameters fit its algorithm.
    pub(super) fn from_cose(key: &Value) -> Result<Self, Refusal> {
        let refuse = |detail: String| Refusal::new(Reason::AlgorithmNotAllowed, detail);
        let map = key.as_map().ok_or_else(|| refuse("the public key is not a COSE key".into()))?;
        let algorithm = integer(map, 3).ok_or_else(|| refuse("the public key names no algorithm".into()))?;
        let (algorithm, jwk_json) = match algorithm {
            -7 => ("ES256", ec(map, 1, "P-256", 32)),
            -35 => ("ES384", ec(map, 2, "P-384", 48)),
            -257 => ("RS256", rsa(map)),
            other => return Err(refuse(format!("the algorithm {other} was not offered"))),
        };
        let jwk_json =
            jwk_json.ok_or_else(|| refuse(format!("the key's type, curve or size does not fit {algorithm}")))?;
        let jwk_thumbprint = crate::jwk::thumbprint(&jwk_json);
        Ok(Self { algorithm, jwk_json, jwk_thumbprint })
    }
}

/// The members of RFC 7638 §3.2, in lexicographic order and without spaces, so that the thumbprint is their hash.
fn ec(map: &[(Value, Value)], curve: i64, name: &str, size: usize) -> Option<String> {
    let (x, y) = (bytes(map, -2)?, bytes(map, -3)?);
    let fits = integer(map, 1) == Some(2) && integer(map, -1) == Some(curve) && x.len() == size && y.len() == size;
    let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
    fits.then(|| format!(r#"{{"crv":"{name}","kty":"EC","x":"{x}","y":"{y}"}}"#))
}

fn rsa(map: &[(Value, Value)]) -> Option<String> {
    let (n, e) = (bytes(map, -1)?, bytes(map, -2)?);
    // 2048 to 4096 bits, without a leading zero (RFC 8230 §4).
    let fits = integer(map, 1) == Some(3) && (256..=512).contains(&n.len()) && n[0] != 0 && e.first() != Some(&0);
    let fits = fits && (n.len() > 256 || n[0] & 0x80 != 0) && !e.is_empty() && e.len() <= 8;
    let (n, e) = (URL_SAFE_NO_PAD.encode(n), URL_SAFE_NO_PAD.encode(e));
    fits.then(|| format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cose(kty: i64, alg: i64, crv: i64, x: Vec<u8>, y: Vec<u8>) -> Value {
        let int = |v: i64| Value::Integer(v.into());
        Value::Map(vec![
            (int(1), int(kty)),
            (int(3), int(alg)),
            (int(-1), int(crv)),
            (int(-2), Value::Bytes(x)),
            (int(-3), Value::Bytes(y)),
        ])
    }

    /// The published example of a key and its thumbprint.
    #[test]
    fn thumbprint_of_the_published_key() {
        let decode = |text| URL_SAFE_NO_PAD.decode(text).unwrap();
        let x = decode("2MRhz05PJPq3BUfB18AT3HqgWEkI3VpWUg1MWi8rz1g");
        let y = decode("YtvLYwGEqYQaoDVok2fVziJT4fu7DFPz3hy96FTAelQ");
        let key = PublicKey::from_cose(&cose(2, -7, 1, x, y)).unwrap();
        assert_eq!(key.jwk_thumbprint, "UW-uVNL0mP1vcLjHrTBxibNgCEe_PD0HIsE3FrbYjPA=");
        assert!(key.jwk_json.starts_with(r#"{"crv":"P-256","kty":"EC","x":"#), "{}", key.jwk_json);
    }

    #[test]
    fn the_curve_must_fit_the_algorithm() {
        for (kty, alg, crv, size) in [(2, -7, 2, 48), (2, -35, 1, 32), (2, -7, 1, 31), (1, -7, 1, 32), (2, -36, 3, 66)]
        {
            let refused = PublicKey::from_cose(&cose(kty, alg, crv, vec![1; size], vec![1; size])).unwrap_err();
            assert_eq!(refused.reason, Reason::AlgorithmNotAllowed);
        }
    }
}
