//! Signing in with a passkey, in the app's back end: a nonce for the page, and the verification of the token.

use std::collections::HashMap;
use std::sync::Mutex;

use axum::http::StatusCode;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

use super::api::{Api, Failed};
use crate::record::lock;

/// The maximum number of stored nonces.
const MOST_NONCES: usize = 1000;
/// The authenticator config of the app, which is also the audience of its tokens.
const CONFIG: &str = "/v1/tenants/demo/realms/demo/authenticator-configs/embedded";

/// The issued nonces, each with the browser that received it. A nonce is used once.
#[derive(Debug, Default)]
pub(super) struct Nonces(Mutex<HashMap<String, String>>);

impl Nonces {
    /// Issues a nonce for a browser.
    pub(super) fn make(&self, browser: &str) -> String {
        let nonce = crate::aws::wire::fresh_id();
        let mut nonces = lock(&self.0);
        if nonces.len() >= MOST_NONCES {
            nonces.clear();
        }
        nonces.insert(nonce.clone(), browser.to_owned());
        nonce
    }

    /// Uses a nonce up, and returns whether it was issued to this browser.
    fn take(&self, nonce: &str, browser: &str) -> bool {
        lock(&self.0).remove(nonce).is_some_and(|owner| owner == browser)
    }
}

/// The claims of a sign-in token that the app uses.
#[derive(Debug, Deserialize)]
struct Claims {
    sub: String,
    nonce: Option<String>,
}

/// Verifies a sign-in token, and returns the identity that signed in.
pub(super) async fn verify(api: &Api, nonces: &Nonces, browser: &str, token: &str) -> Result<String, Failed> {
    let keys: JwkSet = serde_json::from_value(api.key_set().await?).map_err(|_| Failed::unreachable())?;
    let claims = claims(token, &keys, api.base()).ok_or_else(|| refused("The sign-in token is invalid."))?;
    if !claims.nonce.is_some_and(|nonce| nonces.take(&nonce, browser)) {
        return Err(refused("The sign-in token was made for another page, or was used before."));
    }
    Ok(claims.sub)
}

fn claims(token: &str, keys: &JwkSet, issuer: &str) -> Option<Claims> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    if header.typ.as_deref() != Some("passkey-sign-in+jwt") {
        return None;
    }
    let key = DecodingKey::from_jwk(keys.find(header.kid.as_deref()?)?).ok()?;
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[format!("{issuer}{CONFIG}")]);
    Some(jsonwebtoken::decode(token, &key, &validation).ok()?.claims)
}

fn refused(message: &str) -> Failed {
    Failed::new(StatusCode::UNAUTHORIZED, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_used_once_by_the_browser_that_got_it() {
        let nonces = Nonces::default();
        let (first, second) = (nonces.make("a"), nonces.make("a"));
        assert!(nonces.take(&first, "a"));
        assert!(!nonces.take(&first, "a"));
        assert!(!nonces.take(&second, "b"));
        assert!(!nonces.take("other", "a"));
        for _ in 0..=MOST_NONCES {
            nonces.make("a");
        }
        assert!(lock(&nonces.0).len() <= MOST_NONCES);
    }
}
