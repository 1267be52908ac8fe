//! A receipt for each credential: a JWS that says what was proven, signed by this installation. A back end that gets it
//! from an event, from the API or from a user's hands can verify it without asking anybody.
//!
//! The key is ECDSA on P-256, made from a secret: `SHA-256(label, secret)` is the private key. `/.well-known/jwks.json`
//! has the public keys of the secret's versions: the pending one, so that verifiers know it before it signs, the current
//! one, which signs, and the previous one.

use std::sync::{Arc, Mutex, PoisonError};

use api::credential;
use api::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use binding::credential::Credential;
use binding::job::Job;
use binding::link::PublicUrl;
use binding::time::Timestamp;
use cloud::aws::Aws;
use cloud::boot::Error;
use cloud::keys;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use ring::digest;
use serde_json::{Value, json};

use crate::Deps;

/// The `typ` of a receipt (RFC 8725 §3.11).
const TYPE: &str = "binding-receipt+jwt";

/// A version of the secret that the key set shows.
const PENDING: &str = "AWSPENDING";
const CURRENT: &str = "AWSCURRENT";
const PREVIOUS: &str = "AWSPREVIOUS";

/// The key that signs receipts.
#[derive(Clone)]
pub(crate) struct ReceiptKey {
    key: SigningKey,
    id: String,
}

impl std::fmt::Debug for ReceiptKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReceiptKey({})", self.id)
    }
}

impl ReceiptKey {
    /// The current key.
    pub(crate) async fn fetch(aws: &Aws, secret_id: &str) -> Result<Self, Error> {
        let secret = keys::fetch_version(aws, secret_id, CURRENT).await?;
        Ok(Self::from_secret(&secret.ok_or("the secret of RECEIPT_KEY_SECRET has no current version")?)?)
    }

    fn from_secret(secret: &[u8]) -> Result<Self, &'static str> {
        if secret.len() < 32 {
            return Err("the secret of RECEIPT_KEY_SECRET must have at least 32 bytes");
        }
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(b"bindery receipt key\n");
        context.update(secret);
        let key = SigningKey::from_slice(context.finish().as_ref()).map_err(|_| "the receipt key is out of range")?;
        let id = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, members(&key).to_string().as_bytes()));
        Ok(Self { key, id })
    }

    /// The receipt of a credential that this job brings about.
    pub(crate) fn sign(&self, issuer: &PublicUrl, job: &Job, credential: &Credential) -> String {
        let header = json!({"alg": "ES256", "kid": self.id, "typ": TYPE});
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let input = format!("{}.{}", encode(&header), encode(&claims(issuer, job, credential)));
        let signature: Signature = self.key.sign(input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    fn jwk(&self) -> Value {
        let mut jwk = members(&self.key);
        jwk["alg"] = "ES256".into();
        jwk["kid"] = self.id.as_str().into();
        jwk["use"] = "sig".into();
        jwk
    }
}

/// The members of which the key's thumbprint is made, in their order (RFC 7638 §3.2).
fn members(key: &SigningKey) -> Value {
    let point = key.verifying_key().to_sec1_point(false);
    let coordinate = |part: Option<&[u8]>| URL_SAFE_NO_PAD.encode(part.unwrap_or_default());
    json!({
        "crv": "P-256", "kty": "EC",
        "x": coordinate(point.x().map(|x| x.as_slice())), "y": coordinate(point.y().map(|y| y.as_slice())),
    })
}

fn claims(issuer: &PublicUrl, job: &Job, credential: &Credential) -> Value {
    let shown = credential::view(credential);
    let binding::ids::RealmRef { tenant, realm } = &credential.identity.realm;
    let realm = format!("{}/v1/tenants/{}/realms/{}", issuer.origin(), tenant.as_str(), realm.as_str());
    let mut claims = json!({
        "iss": issuer.origin(),
        "aud": realm,
        "iat": credential.create_time.seconds(),
        "jti": shown["id"],
        "sub": shown["identity_id"],
        "credential_id": shown["id"],
        // The key, by its thumbprint (RFC 7800 §3.1, RFC 9449 §6.1).
        "cnf": {"jkt": credential.facts.jwk_thumbprint.trim_end_matches('=')},
        "policy": {"authenticator_config_id": job.config_id.as_str(), "version": job.config_version},
    });
    for name in ["tenant_id", "realm_id", "job_id", "csr_type", "algorithm"] {
        claims[name] = shown[name].clone();
    }
    let told = [
        "credential_id",
        "rp_id",
        "aaguid",
        "attestation_format",
        "attestation_type",
        "attestation_result",
        "verified_by",
        "user_verified",
        "backup_eligible",
    ];
    for name in told.into_iter().filter(|name| !shown["webauthn"][name].is_null()) {
        claims["webauthn"][name] = shown["webauthn"][name].clone();
    }
    claims
}

/// How long the function itself keeps the key set, in seconds.
const KEPT_SECONDS: i64 = 60;

/// The key set as it was last read, and when.
pub(crate) type KeySet = Arc<Mutex<Option<(Timestamp, Value)>>>;

/// `GET /.well-known/jwks.json` (RFC 7517 §5). Caches keep it for five minutes: a key that is pending for longer is known
/// to everybody before it signs.
pub(crate) async fn key_set(
    State(deps): State<Deps>,
) -> Result<([(HeaderName, &'static str); 2], Json<Value>), Problem> {
    let now = deps.clock.now();
    let kept = deps.key_set.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let keys = match kept.filter(|(read, _)| now < read.plus_seconds(KEPT_SECONDS)) {
        Some((_, keys)) => keys,
        None => {
            let keys = deps.read_keys().await?;
            *deps.key_set.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, keys.clone()));
            keys
        }
    };
    let headers = [(header::CACHE_CONTROL, "public, max-age=300"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    Ok((headers, Json(keys)))
}

impl Deps {
    async fn read_keys(&self) -> Result<Value, Problem> {
        let mut keys = Vec::new();
        for version in [PENDING, CURRENT, PREVIOUS] {
            let secret = keys::fetch_version(&self.aws, &self.receipt_key_secret, version).await?;
            match secret.map(|secret| ReceiptKey::from_secret(&secret)) {
                Some(Ok(key)) => keys.push(key.jwk()),
                Some(Err(error)) => tracing::error!(error, version, "a version of the receipt key is no key"),
                None => {}
            }
        }
        keys.dedup();
        Ok(json!({"keys": keys}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_makes_one_key_and_a_short_one_none() {
        let secret = [b'x'; 64];
        let key = ReceiptKey::from_secret(&secret).unwrap();
        assert_eq!(key.jwk(), ReceiptKey::from_secret(&secret).unwrap().jwk());
        assert_ne!(key.id, ReceiptKey::from_secret(&[b'y'; 64]).unwrap().id);
        assert_eq!(key.jwk()["x"].as_str().unwrap().len(), 43);
        assert!(ReceiptKey::from_secret(&secret[..31]).is_err());
        assert!(!format!("{key:?}").contains("xxx"));
    }
}
