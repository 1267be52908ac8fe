//! Public keys as JWKs (RFC 7517), read from a JWT's header, and their thumbprints (RFC 7638).

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use jsonwebtoken::DecodingKey;
use ring::digest;
use serde_json::{Map, Value};

use crate::refusal::{Reason, Refusal};

/// Members that only private or symmetric keys have (RFC 7518 §6.2.2, §6.3.2, §6.4.1, RFC 9964).
const SECRET: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// The y-coordinates of Ed25519's points of small order, canonical or not, without the sign bit. With such a key,
/// signatures over any message verify.
const SMALL_ORDER: [[u8; 32]; 7] = [
    ends(0x00, 0x00, 0x00),
    ends(0x01, 0x00, 0x00),
    ends(0xec, 0xff, 0x7f),
    ends(0xed, 0xff, 0x7f),
    ends(0xee, 0xff, 0x7f),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

const fn ends(first: u8, middle: u8, last: u8) -> [u8; 32] {
    let mut bytes = [middle; 32];
    bytes[0] = first;
    bytes[31] = last;
    bytes
}

/// A public key that fits its algorithm.
pub(crate) struct PublicJwk {
    pub(crate) json: String,
    pub(crate) thumbprint: String,
    pub(crate) key: DecodingKey,
}

impl PublicJwk {
    /// Reads the key in a JWT's header with algorithm `alg`.
    pub(crate) fn read(jwk: &Map<String, Value>, alg: &str) -> Result<Self, Refusal> {
        let refuse = |detail: &str| Refusal::new(Reason::JwkNotAllowed, detail);
        if SECRET.iter().any(|member| jwk.contains_key(*member)) {
            return Err(refuse("jwk must be a public key, without secret members"));
        }
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let is_text_list = |value: &Value| value.as_array().is_some_and(|all| all.iter().all(Value::is_string));
        // RFC 7517 §4.
        for (name, value) in jwk {
            let fits = match name.as_str() {
                "kty" | "use" | "alg" | "kid" | "x5u" | "x5t" | "x5t#S256" => value.is_string(),
                "key_ops" | "x5c" => is_text_list(value),
                _ => true,
            };
            if !fits {
                return Err(refuse(&format!("jwk: {name} must be a string, or a list of strings for key_ops and x5c")));
            }
        }
        let fits_use = jwk.get("alg").is_none_or(|named| named == alg)
            && jwk.get("use").is_none_or(|named| named == "sig")
            && jwk.get("key_ops").is_none_or(|ops| ops.as_array().is_some_and(|ops| ops.contains(&"verify".into())));
        if !fits_use {
            return Err(refuse("jwk is for another use or algorithm"));
        }
        let bytes = |name: &str| text(name).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).unwrap_or_default();
        let is = |kty: &str, crv: &str| text("kty") == Some(kty) && (crv.is_empty() || text("crv") == Some(crv));
        let ec = |crv: &str, size: usize| {
            let (x, y) = (bytes("x"), bytes("y"));
            (is("EC", crv) && x.len() == size && y.len() == size).then(|| {
                let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
                let key = DecodingKey::from_ec_components(&x, &y).ok();
                (format!(r#"{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}"#), key)
            })
        };
        let read = match alg {
            "ES256" => ec("P-256", 32),
            "ES384" => ec("P-384", 48),
            "EdDSA" => ed25519(&bytes("x")).filter(|_| is("OKP", "Ed25519")),
            "RS256" => rsa(&bytes("n"), &bytes("e")).filter(|_| is("RSA", "")),
            _ => None,
        };
        let Some((json, Some(key))) = read else {
            return Err(refuse("jwk is required, and its kty, crv and size must fit the algorithm"));
        };
        let thumbprint = thumbprint(&json);
        Ok(Self { json, thumbprint, key })
    }
}

/// SHA-256 over the members of RFC 7638 §3.2, base64url with padding.
pub(crate) fn thumbprint(jwk_json: &str) -> String {
    URL_SAFE.encode(digest::digest(&digest::SHA256, jwk_json.as_bytes()))
}

/// Whether an Ed25519 key is a point of small order.
pub(crate) fn is_of_small_order(mut y: [u8; 32]) -> bool {
    y[31] &= 0x7f;
    SMALL_ORDER.contains(&y)
}

/// Whether an RSA key is acceptable: a modulus of 2048 to 4096 bits, odd, without leading zeros (RFC 8230 §4, RFC 7518
/// §6.3.1), and an odd exponent above 1.
pub(crate) fn rsa_is_sound(n: &[u8], e: &[u8]) -> bool {
    let odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    let size = match n.len() {
        256 => n.first().is_some_and(|first| first & 0x80 != 0),
        257..=512 => n.first() != Some(&0),
        _ => false,
    };
    size && odd(n) && (1..=4).contains(&e.len()) && e.first() != Some(&0) && odd(e) && e != [1]
}

fn ed25519(x: &[u8]) -> Option<(String, Option<DecodingKey>)> {
    let y: [u8; 32] = x.try_into().ok()?;
    if is_of_small_order(y) {
        return None;
    }
    let x = URL_SAFE_NO_PAD.encode(x);
    let key = DecodingKey::from_ed_components(&x).ok();
    Some((format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#), key))
}

fn rsa(n: &[u8], e: &[u8]) -> Option<(String, Option<DecodingKey>)> {
    let (n64, e64) = (URL_SAFE_NO_PAD.encode(n), URL_SAFE_NO_PAD.encode(e));
    let key = || Some(DecodingKey::from_rsa_raw_components(n, e));
    rsa_is_sound(n, e).then(|| (format!(r#"{{"e":"{e64}","kty":"RSA","n":"{n64}"}}"#), key()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7638 §3.1, which shows the thumbprint without padding.
    #[test]
    fn thumbprint_of_rfc_7638() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZ\
                 CiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJ\
                 ZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBn\
                 iIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
            .replace([' ', '\n'], "");
        let jwk = serde_json::json!({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"});
        let key = PublicJwk::read(jwk.as_object().unwrap(), "RS256").map_err(|refusal| refusal.detail).unwrap();
        assert_eq!(key.thumbprint, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs=");
    }

    /// The key and thumbprint that the published API's documentation shows.
    #[test]
    fn thumbprint_as_published() {
        let json = r#"{"crv":"P-256","kty":"EC","x":"2MRhz05PJPq3BUfB18AT3HqgWEkI3VpWUg1MWi8rz1g","y":"YtvLYwGEqYQaoDVok2fVziJT4fu7DFPz3hy96FTAelQ"}"#;
        let jwk: Map<String, Value> = serde_json::from_str(json).unwrap();
        let key = PublicJwk::read(&jwk, "ES256").map_err(|refusal| refusal.detail).unwrap();
        assert_eq!(key.json, json);
        assert_eq!(key.thumbprint, "UW-uVNL0mP1vcLjHrTBxibNgCEe_PD0HIsE3FrbYjPA=");
    }

    #[test]
    fn points_of_small_order_are_rejected() {
        for y in SMALL_ORDER {
            for sign in [0, 0x80] {
                let mut x = y;
                x[31] |= sign;
                assert!(ed25519(&x).is_none());
            }
        }
        assert!(ed25519(&[9; 32]).is_some());
    }
}
