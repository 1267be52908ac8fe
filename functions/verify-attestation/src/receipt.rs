//! A receipt for each credential: a JWS with the proven facts, signed by this installation. A back end that gets it
//! from an event, from the API or from the user can verify it without a call to the installation.
//!
//! The key is ECDSA on P-256, derived from a secret: `SHA-256(label, secret)` is the private key.
//! `/.well-known/jwks.json` contains the public keys of the secret's versions: the pending one, so that verifiers know
//! it before it signs, the current one, which signs, and the previous one.

use std::sync::{Arc, Mutex, PoisonError};

use api::permit::Anybody;
use api::problem::Problem;
use api::view::{self, KeySet};
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
use serde::Serialize;
use serde_json::{Map, Value};

use crate::Deps;

/// The `typ` of a receipt (RFC 8725 §3.11).
const TYPE: &str = "binding-receipt+jwt";

/// The label of the secret's next version.
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
    /// Fetches the current key.
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
        let id = URL_SAFE_NO_PAD
            .encode(digest::digest(&digest::SHA256, &serde_json::to_vec(&members(&key)).unwrap_or_default()));
        Ok(Self { key, id })
    }

    /// Signs the receipt of a credential that this job creates.
    pub(crate) fn sign(&self, issuer: &PublicUrl, job: &Job, credential: &Credential) -> String {
        let header = Header { alg: "ES256", kid: &self.id, typ: TYPE };
        let shown = view::Credential::from(credential);
        let input = format!("{}.{}", encode(&header), encode(&Claims::of(issuer, job, credential, &shown)));
        let signature: Signature = self.key.sign(input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    fn jwk(&self) -> Map<String, Value> {
        let mut jwk = members(&self.key);
        for (name, value) in [("alg", "ES256"), ("kid", &self.id), ("use", "sig")] {
            jwk.insert(name.to_owned(), value.into());
        }
        jwk
    }
}

/// Encodes a part of a JWS: JSON in base64url.
fn encode(part: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(part).unwrap_or_default())
}

/// The members that the key's thumbprint is computed from, in order (RFC 7638 §3.2).
fn members(key: &SigningKey) -> Map<String, Value> {
    let point = key.verifying_key().to_sec1_point(false);
    let coordinate = |part: Option<&[u8]>| URL_SAFE_NO_PAD.encode(part.unwrap_or_default());
    let (x, y) = (coordinate(point.x().map(|x| x.as_slice())), coordinate(point.y().map(|y| y.as_slice())));
    let members = [("crv", "P-256"), ("kty", "EC"), ("x", &x), ("y", &y)];
    members.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

/// The header of a receipt (RFC 7515 §4.1).
#[derive(Serialize)]
struct Header<'a> {
    alg: &'a str,
    kid: &'a str,
    typ: &'a str,
}

/// The claims of a receipt (docs/receipts.md).
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: String,
    iat: i64,
    jti: &'a str,
    sub: &'a str,
    tenant_id: &'a str,
    realm_id: &'a str,
    job_id: &'a str,
    credential_id: &'a str,
    cnf: Confirmation<'a>,
    csr_type: &'a str,
    algorithm: &'a str,
    policy: PolicyVersion<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webauthn: Option<WebauthnClaims<'a>>,
}

/// The credential's key, by its thumbprint (RFC 7800 §3.1, RFC 9449 §6.1).
#[derive(Serialize)]
struct Confirmation<'a> {
    jkt: &'a str,
}

/// The policy that the proof met.
#[derive(Serialize)]
struct PolicyVersion<'a> {
    authenticator_config_id: &'a str,
    version: u32,
}

/// The facts of the WebAuthn registration that never change.
#[derive(Serialize)]
struct WebauthnClaims<'a> {
    credential_id: &'a str,
    rp_id: &'a str,
    aaguid: &'a str,
    attestation_format: &'a str,
    attestation_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    attestation_result: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified_by: Option<&'a str>,
    user_verified: bool,
    backup_eligible: bool,
}

impl<'a> Claims<'a> {
    fn of(issuer: &'a PublicUrl, job: &'a Job, credential: &'a Credential, shown: &'a view::Credential) -> Self {
        Self {
            iss: issuer.origin(),
            aud: format!("{}{}", issuer.origin(), credential.identity.realm),
            iat: credential.create_time.seconds(),
            jti: &shown.id,
            sub: &shown.identity_id,
            tenant_id: &shown.tenant_id,
            realm_id: &shown.realm_id,
            job_id: &shown.job_id,
            credential_id: &shown.id,
            cnf: Confirmation { jkt: shown.jwk_thumbprint.trim_end_matches('=') },
            csr_type: shown.csr_type.name(),
            algorithm: &shown.algorithm,
            policy: PolicyVersion { authenticator_config_id: job.config_id.as_str(), version: job.config_version },
            webauthn: shown.webauthn.as_ref().map(|webauthn| WebauthnClaims {
                credential_id: &webauthn.credential_id,
                rp_id: &webauthn.rp_id,
                aaguid: &webauthn.aaguid,
                attestation_format: &webauthn.attestation_format,
                attestation_type: &webauthn.attestation_type,
                attestation_result: webauthn.attestation_result.as_deref(),
                verified_by: webauthn.verified_by.as_deref(),
                user_verified: webauthn.user_verified,
                backup_eligible: webauthn.backup_eligible,
            }),
        }
    }
}

/// How long the function caches the key set, in seconds.
const KEPT_SECONDS: i64 = 60;

/// The cached key set, and when it was read.
pub(crate) type KnownKeys = Arc<Mutex<Option<(Timestamp, KeySet)>>>;

/// `GET /.well-known/jwks.json` (RFC 7517 §5). Caches keep it for five minutes, so a key that was pending for longer is
/// known to all verifiers before it signs.
pub(crate) async fn key_set(
    State(deps): State<Deps>,
    _: Anybody,
) -> Result<([(HeaderName, &'static str); 2], Json<KeySet>), Problem> {
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
    async fn read_keys(&self) -> Result<KeySet, Problem> {
        let mut keys = Vec::new();
        for version in [PENDING, CURRENT, PREVIOUS] {
            let secret = keys::fetch_version(&self.aws, &self.receipt_key_secret, version).await?;
            match secret.map(|secret| ReceiptKey::from_secret(&secret)) {
                Some(Ok(key)) => keys.push(key.jwk()),
                Some(Err(error)) => tracing::error!(error, version, "a version of the receipt key is invalid"),
                None => {}
            }
        }
        keys.dedup();
        Ok(KeySet { keys })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_yields_one_key_and_a_short_secret_is_rejected() {
        let secret = [b'x'; 64];
        let key = ReceiptKey::from_secret(&secret).unwrap();
        assert_eq!(key.jwk(), ReceiptKey::from_secret(&secret).unwrap().jwk());
        assert_ne!(key.id, ReceiptKey::from_secret(&[b'y'; 64]).unwrap().id);
        assert_eq!(key.jwk()["x"].as_str().unwrap().len(), 43);
        assert!(ReceiptKey::from_secret(&secret[..31]).is_err());
        assert!(!format!("{key:?}").contains("xxx"));
    }
}
