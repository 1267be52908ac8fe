//! An OAuth issuer for local use: access tokens (RFC 9068), RS256, for client credentials (RFC 6749 §4.4) and for the
//! codes that the sign-in page issues ([`crate::sign_in`]).

mod codes;
pub(crate) mod sign_in;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use binding::time::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rsa::RsaPrivateKey;
use rsa::pkcs1::{DecodeRsaPrivateKey as _, EncodeRsaPrivateKey as _};
use rsa::traits::PublicKeyParts as _;
use serde_json::{Map, Value, json};

use crate::folder::Folder;
use crate::http::json_response;
use crate::issuer::codes::Codes;
use crate::record::lock;

/// The audience of its tokens.
pub(crate) const AUDIENCE: &str = "bindery";

/// The client id of the console, which is a public client.
pub(crate) const CONSOLE_CLIENT: &str = "console";

/// How long a token is valid, in seconds.
const LIFETIME: i64 = 3600;
const KEY_ID: &str = "local";

/// The issuer.
#[derive(Clone)]
pub struct Issuer {
    pub(crate) url: String,
    pub(crate) codes: Codes,
    encoding: EncodingKey,
    decoding: DecodingKey,
    modulus: String,
    pub(crate) scopes: Vec<String>,
    verified: Arc<Mutex<HashMap<String, Map<String, Value>>>>,
}

/// How many tokens are kept with their claims. Callers send the same token many times, and verifying a signature takes longer
/// than to read an item of the table.
const KEPT_TOKENS: usize = 1000;

/// Generated once per process, because generating a key is slow.
static KEY: std::sync::OnceLock<RsaPrivateKey> = std::sync::OnceLock::new();

/// Its file in the data folder: DER of an RSAPrivateKey (RFC 8017 §A.1.2).
const FILE: &str = "issuer.der";

fn key(folder: &Folder) -> Result<RsaPrivateKey, String> {
    if let Some(der) = folder.read(FILE)? {
        return RsaPrivateKey::from_pkcs1_der(&der).map_err(|error| folder.damaged(FILE, &error));
    }
    let key = KEY.get_or_init(|| {
        RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).expect("2048 bits are a valid size for an RSA key")
    });
    let der = key.to_pkcs1_der().map_err(|error| error.to_string())?;
    folder.write(FILE, der.as_bytes())?;
    Ok(key.clone())
}

impl Issuer {
    /// Creates an issuer with an address and its scopes. Its key is stored in the data folder, if there is one.
    ///
    /// # Errors
    /// When the key cannot be read or written.
    pub(crate) fn new(base: &str, scopes: Vec<String>, folder: &Folder) -> Result<Self, String> {
        let key = key(folder)?;
        let der = key.to_pkcs1_der().map_err(|error| error.to_string())?;
        let (n, e) = (key.n().to_bytes_be(), key.e().to_bytes_be());
        Ok(Self {
            url: format!("{base}/oauth2"),
            codes: Codes::default(),
            encoding: EncodingKey::from_rsa_der(der.as_bytes()),
            decoding: DecodingKey::from_rsa_raw_components(&n, &e),
            modulus: URL_SAFE_NO_PAD.encode(&n),
            scopes,
            verified: Arc::default(),
        })
    }

    /// `GET …/.well-known/openid-configuration` (RFC 8414).
    #[must_use]
    pub(crate) fn metadata(&self) -> Value {
        json!({
            "issuer": self.url,
            "authorization_endpoint": format!("{}/authorize", self.url),
            "token_endpoint": format!("{}/token", self.url),
            "jwks_uri": format!("{}/jwks.json", self.url),
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "none"],
            "scopes_supported": self.scopes,
        })
    }

    /// `GET …/jwks.json` (RFC 7517).
    #[must_use]
    pub(crate) fn jwks(&self) -> Value {
        json!({"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID, "n": self.modulus, "e": "AQAB"}]})
    }

    /// `POST …/token` with a code, or with client credentials `local` / `local`, in the form or as Basic
    /// authentication.
    pub(crate) fn token_endpoint(
        &self,
        headers: &HeaderMap,
        form: &Map<String, Value>,
        now: Timestamp,
    ) -> Response<Body> {
        let field = |name: &str| form.get(name).and_then(Value::as_str).unwrap_or_default();
        let basic = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let basic = basic.and_then(|value| STANDARD.decode(value.strip_prefix("Basic ")?).ok());
        let authenticated = basic.as_deref() == Some(b"local:local")
            || (field("client_id") == "local" && field("client_secret") == "local");
        match field("grant_type") {
            "client_credentials" => {}
            "authorization_code" => return self.redeem(form, now),
            _ => {
                let known = "grant_type must be client_credentials or authorization_code";
                return oauth_error("unsupported_grant_type", known);
            }
        }
        if !authenticated {
            return oauth_error("invalid_client", "client_id and client_secret are both: local");
        }
        let wanted: Vec<&str> = field("scope").split_ascii_whitespace().collect();
        if let Some(unknown) = wanted.iter().find(|scope| !self.scopes.iter().any(|known| known == *scope)) {
            return oauth_error("invalid_scope", &format!("unknown scope {unknown}; known: {}", self.scopes.join(" ")));
        }
        let scope = if wanted.is_empty() { self.scopes.join(" ") } else { wanted.join(" ") };
        let tenant = if field("tenant_id").is_empty() { "demo" } else { field("tenant_id") };
        self.grant(&json!({"scope": scope, "tenant_id": tenant}), now)
    }

    /// The response with a token (RFC 6749 §5.1).
    pub(crate) fn grant(&self, claims: &Value, now: Timestamp) -> Response<Body> {
        let (token, scope) = (self.token(claims, now), &claims["scope"]);
        let answer = json!({"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME, "scope": scope});
        json_response(StatusCode::OK, &answer)
    }

    /// A token with the usual claims, overridden by these. Tests create invalid tokens with it.
    #[must_use]
    pub fn token(&self, claims: &Value, now: Timestamp) -> String {
        let mut all = json!({
            "iss": self.url,
            "sub": "local",
            "client_id": "local",
            "aud": AUDIENCE,
            "iat": now.seconds(),
            "exp": now.seconds() + LIFETIME,
            "jti": crate::aws::wire::fresh_id(),
        });
        for (name, value) in claims.as_object().into_iter().flatten() {
            all[name] = value.clone();
        }
        // The name of the tenant claim in tokens of the published API.
        if all.get("bi_t").is_none() {
            all["bi_t"] = all["tenant_id"].clone();
        }
        // A null claim is removed.
        if let Some(all) = all.as_object_mut() {
            all.retain(|_, value| !value.is_null());
        }
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(KEY_ID.to_owned());
        jsonwebtoken::encode(&header, &all, &self.encoding).unwrap_or_default()
    }

    /// Verifies signature, issuer, audience and time like API Gateway's JWT authorizer, and returns the claims.
    pub(crate) fn authorize(&self, authorization: Option<&str>, now: Timestamp) -> Option<Map<String, Value>> {
        let token = authorization?.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))?.1;
        let claims = self.verified(token.trim())?;
        let at = |name: &str| claims.get(name).and_then(Value::as_i64);
        let begun = ["nbf", "iat"].iter().all(|name| at(name).is_none_or(|time| time <= now.seconds() + 5));
        (begun && at("exp")? > now.seconds()).then_some(claims)
    }

    /// The claims of a token that this issuer signed, whether or not it is valid now.
    fn verified(&self, token: &str) -> Option<Map<String, Value>> {
        let mut verified = lock(&self.verified);
        if let Some(claims) = verified.get(token) {
            return Some(claims.clone());
        }
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&self.url]);
        validation.set_required_spec_claims(&["exp", "aud", "iss"]);
        // `authorize` compares the times with the stack's clock.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Map<String, Value>>(token, &self.decoding, &validation).ok()?.claims;
        if verified.len() >= KEPT_TOKENS {
            verified.clear();
        }
        verified.insert(token.to_owned(), claims.clone());
        Some(claims)
    }
}

impl std::fmt::Debug for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issuer").field("url", &self.url).finish_non_exhaustive()
    }
}

pub(crate) fn oauth_error(code: &str, description: &str) -> Response<Body> {
    let status = if code == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    json_response(status, &json!({"error": code, "error_description": description}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_token_expires_and_its_signature_counts() {
        let issuer = Issuer::new("http://localhost:1", Vec::new(), &Folder::default()).unwrap();
        let now = Timestamp::from_millis(1_000_000_000_000);
        let token = issuer.token(&json!({"tenant_id": "demo"}), now);
        let authorize = |token: &str, now| issuer.authorize(Some(&format!("Bearer {token}")), now);
        for _ in 0..2 {
            assert_eq!(authorize(&token, now).unwrap()["tenant_id"], "demo");
        }
        assert_eq!(authorize(&token, now.plus_seconds(LIFETIME)), None);
        let other = issuer.token(&json!({"tenant_id": "other"}), now);
        let ((signed, _), (_, signature)) = (token.rsplit_once('.').unwrap(), other.rsplit_once('.').unwrap());
        assert_eq!(authorize(&format!("{signed}.{signature}"), now), None);

        let fill = (0..KEPT_TOKENS).map(|number| (number.to_string(), Map::new()));
        lock(&issuer.verified).extend(fill);
        let third = issuer.token(&json!({"tenant_id": "third"}), now);
        assert_eq!(authorize(&third, now).unwrap()["tenant_id"], "third");
        assert_eq!(lock(&issuer.verified).len(), 1, "the number of kept tokens is bounded");
    }
}
