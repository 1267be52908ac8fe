//! A receipt for each credential: a JWS with the proven facts, signed by this installation. A back end that gets it
//! from an event, from the API or from the user can verify it without a call to the installation.

use std::sync::{Arc, Mutex, PoisonError};

use api::permit::Anybody;
use api::problem::Problem;
use api::view::{self, KeySet};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header};
use binding::credential::Credential;
use binding::job::Job;
use binding::link::PublicUrl;
use binding::time::Timestamp;
use cloud::signing::{self, RECEIPTS, SIGN_INS, TokenKey};
use serde::Serialize;

use crate::Deps;

/// The `typ` of a receipt (RFC 8725 §3.11).
const TYPE: &str = "binding-receipt+jwt";

/// The receipt of a credential that this job creates.
pub(crate) fn sign(key: &TokenKey, issuer: &PublicUrl, job: &Job, credential: &Credential) -> String {
    key.sign(TYPE, &Claims::of(issuer, job, credential, &view::Credential::from(credential)))
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
    /// The keys that sign receipts, and those by which `verify-assertion` signs sign-in tokens.
    async fn read_keys(&self) -> Result<KeySet, Problem> {
        let (mut keys, sign_ins) = tokio::try_join!(
            signing::public_keys(&self.aws, &self.receipt_key_secret, RECEIPTS),
            signing::public_keys(&self.aws, &self.sign_in_token_key_secret, SIGN_INS),
        )?;
        keys.extend(sign_ins);
        Ok(KeySet { keys })
    }
}
