//! Keys that sign tokens for verification by others: receipts and sign-in tokens.
//!
//! A key is ECDSA on P-256, derived from a secret: `SHA-256(label, secret)` is the private key. `p256` computes its public
//! key, which ring cannot; ring signs, in a sixth of the time.
//! `/.well-known/jwks.json` contains the public keys of the secret's versions: the pending one, so that verifiers know
//! it before it signs, the current one, which signs, and the previous one.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use binding::unavailable::Unavailable;
use lambda_runtime::Error;
use p256::ecdsa::SigningKey;
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::aws::Aws;
use crate::jws::{self, Header};
use crate::keys;

/// The label of the key that signs receipts.
pub const RECEIPTS: &str = "bindery receipt key\n";
/// The label of the key that signs sign-in tokens.
pub const SIGN_INS: &str = "bindery sign-in token key\n";

/// The label of the secret's next version.
const PENDING: &str = "AWSPENDING";
const CURRENT: &str = "AWSCURRENT";
const PREVIOUS: &str = "AWSPREVIOUS";

/// A key that signs tokens.
#[derive(Clone)]
pub struct TokenKey {
    key: Arc<EcdsaKeyPair>,
    id: String,
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenKey({})", self.id)
    }
}

impl TokenKey {
    /// Fetches the current key of a secret.
    ///
    /// # Errors
    /// Secrets Manager does not respond, or the secret has no current version or fewer than 32 bytes.
    pub async fn fetch(aws: &Aws, secret_id: &str, label: &str) -> Result<Self, Error> {
        let secret = keys::fetch_version(aws, secret_id, CURRENT).await?;
        let secret = secret.ok_or_else(|| format!("the secret {secret_id} has no current version"))?;
        Self::from_secret(&secret, label).map_err(|why| format!("the secret {secret_id} {why}").into())
    }

    fn from_secret(secret: &[u8], label: &str) -> Result<Self, &'static str> {
        if secret.len() < 32 {
            return Err("must have at least 32 bytes");
        }
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(label.as_bytes());
        context.update(secret);
        let private = context.finish();
        let key = SigningKey::from_slice(private.as_ref()).map_err(|_| "makes a key that is out of range")?;
        let public = key.verifying_key().to_sec1_point(false);
        let (private, public, random) = (private.as_ref(), public.as_bytes(), SystemRandom::new());
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let key = EcdsaKeyPair::from_private_key_and_public_key(algorithm, private, public, &random)
            .map_err(|_| "makes a key that is rejected")?;
        let id = URL_SAFE_NO_PAD
            .encode(digest::digest(&digest::SHA256, &serde_json::to_vec(&members(&key)).unwrap_or_default()));
        Ok(Self { key: Arc::new(key), id })
    }

    /// Signs a compact JWS (RFC 7515) of this type (RFC 8725 §3.11) with these claims.
    #[must_use]
    pub fn sign(&self, token_type: &str, claims: &impl Serialize) -> String {
        let input = jws::signing_input(&Header::es256(&self.id, token_type), claims);
        let signature = self.key.sign(&SystemRandom::new(), input.as_bytes());
        let signature = signature.expect("signing fails only when the system has no random numbers");
        jws::compact(&input, signature.as_ref())
    }

    fn jwk(&self) -> Map<String, Value> {
        let mut jwk = members(&self.key);
        for (name, value) in [("alg", "ES256"), ("kid", &self.id), ("use", "sig")] {
            jwk.insert(name.to_owned(), value.into());
        }
        jwk
    }
}

/// Returns the public keys of a secret's versions, the pending one first, as JWKs (RFC 7517 §4).
///
/// # Errors
/// [`Unavailable`] when Secrets Manager does not respond.
pub async fn public_keys(aws: &Aws, secret_id: &str, label: &str) -> Result<Vec<Map<String, Value>>, Unavailable> {
    let mut public = Vec::new();
    for version in [PENDING, CURRENT, PREVIOUS] {
        match keys::fetch_version(aws, secret_id, version).await?.map(|secret| TokenKey::from_secret(&secret, label)) {
            Some(Ok(key)) => public.push(key.jwk()),
            Some(Err(why)) => tracing::error!(why, version, secret_id, "a version of a signing key is invalid"),
            None => {}
        }
    }
    public.dedup();
    Ok(public)
}

/// The members that the key's thumbprint is computed from, in order (RFC 7638 §3.2).
fn members(key: &EcdsaKeyPair) -> Map<String, Value> {
    // An uncompressed point: a tag and two coordinates (SEC 1 §2.3.3).
    let point = key.public_key().as_ref();
    let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]));
    let members = [("crv", "P-256"), ("kty", "EC"), ("x", &x), ("y", &y)];
    members.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_yields_one_key_for_each_purpose_and_a_short_secret_is_rejected() {
        let secret = [b'x'; 64];
        let key = |secret: &[u8], label| TokenKey::from_secret(secret, label).unwrap();
        let receipts = key(&secret, RECEIPTS);
        assert_eq!(receipts.jwk(), key(&secret, RECEIPTS).jwk());
        assert_ne!(receipts.id, key(&[b'y'; 64], RECEIPTS).id);
        assert_ne!(receipts.id, key(&secret, SIGN_INS).id);
        assert_eq!(receipts.jwk()["x"].as_str().unwrap().len(), 43);
        assert!(TokenKey::from_secret(&secret[..31], RECEIPTS).is_err());
        assert!(!format!("{receipts:?}").contains("xxx"));
    }
}
