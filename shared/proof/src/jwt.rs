//! Proof by JWT: a compact JWS (RFC 7515) whose header carries the public key, signed by the private one.
//!
//! The header may only choose an algorithm from a fixed list, and the key must fit it. This module checks the claims
//! and the header's parameters itself; jsonwebtoken only verifies the signature and parses no JSON.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, crypto};
use serde_json::{Map, Value};

use crate::facts::{Facts, Material, Mechanism};
use crate::jwk::PublicJwk;
use crate::refusal::{Reason, Refusal};
use crate::{Ceremony, Verified};

/// The maximum age of a JWT, in seconds.
const OLDEST: i64 = 300;
/// How far a device's clock may be ahead, in seconds.
const AHEAD: i64 = 60;
/// The maximum size of a JWT, in bytes.
const LARGEST: usize = 16 * 1024;

/// The subject of an identity in the published form: `CN={identity}, OU={realm}, O={tenant}`.
#[must_use]
pub fn subject(identity: &str, realm: &str, tenant: &str) -> String {
    format!("CN={identity}, OU={realm}, O={tenant}")
}

/// What a JWT must match when a software key signs in.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedSignIn<'a> {
    /// The token of this sign-in, for the claim `token`.
    pub token: &'a str,
    /// The algorithms that the policy allows; empty for all supported ones.
    pub algorithms: &'a [crate::Algorithm],
    /// The current time, in seconds since the Unix epoch.
    pub now: i64,
}

/// A JWT that the key in its header signed for this sign-in. It is not verified yet that the key is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    jwk_thumbprint: String,
    claims: Map<String, Value>,
}

impl Signed {
    /// The key's thumbprint: SHA-256 (RFC 7638), base64url with padding.
    #[must_use]
    pub fn jwk_thumbprint(&self) -> &str {
        &self.jwk_thumbprint
    }

    /// Verifies that the JWT is for the identity that the key belongs to: `sub` as [`subject`] writes it.
    ///
    /// # Errors
    /// [`Refusal`], with the step that failed.
    pub fn verify(&self, subject: &str) -> Result<(), Refusal> {
        check_subject(&self.claims, subject)
    }
}

/// Verifies a JWT with which a software key signs in: the claims `sub` and `token`, and `iat`, `nbf` and `exp` if they
/// are present.
///
/// # Errors
/// [`Refusal`], with the step that failed.
pub fn read_sign_in(raw: &str, expected: ExpectedSignIn<'_>) -> Result<Signed, Refusal> {
    let ExpectedSignIn { token, algorithms, now } = expected;
    let (_, jwk, claims) = signed(raw, algorithms)?;
    if !claims.get("token").is_some_and(|claim| claim == token) {
        return Err(Refusal::new(Reason::NonceMismatch, "token must be that of this sign-in"));
    }
    check_times(&claims, now, true)?;
    Ok(Signed { jwk_thumbprint: jwk.thumbprint, claims })
}

/// Verifies a JWT.
///
/// # Errors
/// [`Refusal`], with the step that failed.
pub fn verify_jwt(raw: &str, ceremony: &Ceremony<'_>) -> Result<Verified, Refusal> {
    let (name, jwk, claims) = signed(raw, &ceremony.policy.algorithms)?;
    check_claims(&claims, ceremony)?;
    let facts = Facts {
        mechanism: Mechanism::Jwt,
        jwk_json: jwk.json,
        jwk_thumbprint: jwk.thumbprint,
        algorithm: name.to_owned(),
        webauthn: None,
    };
    Ok(Verified(facts, Material::Jwt(raw.to_owned())))
}

/// Verifies a JWT's signature with the key in its header, and returns the algorithm's name, the key and the claims.
fn signed(raw: &str, allowed: &[crate::Algorithm]) -> Result<(&'static str, PublicJwk, Map<String, Value>), Refusal> {
    let refuse = |reason, detail: &str| Err(Refusal::new(reason, detail));
    if raw.len() > LARGEST {
        return refuse(Reason::MalformedJwt, "the JWT is larger than 16 KB");
    }
    let malformed = |detail: &str| Refusal::new(Reason::MalformedJwt, detail);
    let Some((signed, signature)) = raw.rsplit_once('.').filter(|(signed, _)| signed.matches('.').count() == 1) else {
        return Err(malformed("a compact JWS has three parts"));
    };
    let (header, claims) = signed.split_once('.').unwrap_or_default();
    let header = object(header, "header")?;
    check_types(&header)?;
    if header.contains_key("crit") || header.contains_key("b64") {
        return refuse(Reason::JwtHeaderNotAllowed, "crit and b64 are not supported");
    }
    if header.get("typ").and_then(Value::as_str).is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
        return refuse(Reason::JwtHeaderNotAllowed, "typ must be JWT, or absent");
    }
    let (algorithm, name) = match header.get("alg").and_then(Value::as_str) {
        Some("ES256") => (Algorithm::ES256, "ES256"),
        Some("ES384") => (Algorithm::ES384, "ES384"),
        Some("EdDSA") => (Algorithm::EdDSA, "EdDSA"),
        Some("RS256") => (Algorithm::RS256, "RS256"),
        _ => return refuse(Reason::AlgorithmNotAllowed, "alg must be ES256, ES384, EdDSA or RS256"),
    };
    if !allowed.is_empty() && !allowed.iter().any(|allowed| allowed.name() == name) {
        return refuse(Reason::AlgorithmNotAllowed, &format!("the policy does not allow {name}"));
    }
    let Some(Value::Object(jwk)) = header.get("jwk") else {
        return refuse(Reason::JwkNotAllowed, "the header must carry the public key as jwk");
    };
    let jwk = PublicJwk::read(jwk, name)?;

    if !crypto::verify(signature, signed.as_bytes(), &jwk.key, algorithm).unwrap_or_default() {
        return refuse(Reason::SignatureInvalid, "the signature was not made by the header's jwk");
    }
    Ok((name, jwk, object(claims, "payload")?))
}

/// Decodes a part of a JWS: a JSON object in base64url.
fn object(part: &str, name: &str) -> Result<Map<String, Value>, Refusal> {
    let malformed = |what: &str| Refusal::new(Reason::MalformedJwt, format!("the {name} is not {what}"));
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| malformed("base64url without padding"))?;
    serde_json::from_slice(&bytes).map_err(|_| malformed("a JSON object"))
}

/// Checks the types of the registered header parameters (RFC 7515 §4.1).
fn check_types(header: &Map<String, Value>) -> Result<(), Refusal> {
    let is_text_list = |value: &Value| value.as_array().is_some_and(|all| all.iter().all(Value::is_string));
    for (name, value) in header {
        let (fits, kind) = match name.as_str() {
            "alg" | "jku" | "kid" | "x5u" | "x5t" | "x5t#S256" | "typ" | "cty" => (value.is_string(), "a string"),
            "jwk" => (value.is_object(), "an object"),
            "x5c" | "crit" => (is_text_list(value), "a list of strings"),
            "b64" => (value.is_boolean(), "true or false"),
            _ => continue,
        };
        if !fits {
            return Err(Refusal::new(Reason::MalformedJwt, format!("{name} in the header must be {kind}")));
        }
    }
    Ok(())
}

fn check_claims(claims: &Map<String, Value>, ceremony: &Ceremony<'_>) -> Result<(), Refusal> {
    let Ceremony { expected, subject, token, now, .. } = *ceremony;
    let refuse = |reason, detail: &str| Err(Refusal::new(reason, detail));
    let is = |name: &str, wanted: &str| claims.get(name).is_some_and(|value| value == wanted);
    check_subject(claims, subject)?;
    let published = claims.contains_key("token");
    if published && !is("token", token) || !published && !is("nonce", &expected.nonce) {
        return refuse(Reason::NonceMismatch, "token must be the ceremony token, or nonce that of jwt_binding");
    }
    let audience_fits = match claims.get("aud") {
        None => published,
        Some(Value::Array(all)) => all.iter().any(|one| *one == expected.audience),
        Some(one) => *one == expected.audience,
    };
    if !audience_fits {
        return refuse(Reason::AudienceMismatch, "aud must be that of jwt_binding");
    }
    check_times(claims, now, published)
}

fn check_subject(claims: &Map<String, Value>, subject: &str) -> Result<(), Refusal> {
    if claims.get("sub").is_some_and(|claim| claim == subject) {
        return Ok(());
    }
    Err(Refusal::new(Reason::SubjectMismatch, format!("sub must be {subject}")))
}

fn check_times(claims: &Map<String, Value>, now: i64, iat_optional: bool) -> Result<(), Refusal> {
    let time = |name: &str| claims.get(name).map(|value| value.as_f64().map(|seconds| seconds as i64));
    let recent = |issued: i64| (now - OLDEST..=now + AHEAD).contains(&issued);
    let times_fit = match time("iat") {
        None => iat_optional,
        Some(issued) => issued.is_some_and(recent),
    };
    let begun = time("nbf").is_none_or(|begin| begin.is_some_and(|begin| begin <= now + AHEAD));
    let ended = time("exp").is_some_and(|end| end.is_none_or(|end| end <= now));
    if times_fit && begun && !ended {
        return Ok(());
    }
    let detail = "iat must be within the last five minutes, nbf in the past and exp in the future";
    Err(Refusal::new(Reason::TimeOutsideWindow, detail))
}
