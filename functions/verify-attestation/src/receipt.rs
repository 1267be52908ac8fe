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
use cloud::receipt::{Claims, Confirmation, Policy, TYPE, Webauthn};
use cloud::signing::{self, RECEIPTS, SIGN_INS, TokenKey};

use crate::Deps;

/// The receipt of a credential that this job creates.
pub(crate) fn sign(key: &TokenKey, issuer: &PublicUrl, job: &Job, credential: &Credential) -> String {
    key.sign(TYPE, &claims(issuer, job, credential, &view::Credential::from(credential)))
}

fn claims<'a>(
    issuer: &'a PublicUrl,
    job: &'a Job,
    credential: &'a Credential,
    shown: &'a view::Credential,
) -> Claims<'a> {
    Claims {
        iss: issuer.origin().into(),
        aud: format!("{}{}", issuer.origin(), credential.identity.realm).into(),
        iat: credential.create_time.seconds(),
        jti: (&*shown.id).into(),
        sub: (&*shown.identity_id).into(),
        tenant_id: (&*shown.tenant_id).into(),
        realm_id: (&*shown.realm_id).into(),
        job_id: (&*shown.job_id).into(),
        credential_id: (&*shown.id).into(),
        cnf: Confirmation { jkt: shown.jwk_thumbprint.trim_end_matches('=').into() },
        csr_type: shown.csr_type.name().into(),
        algorithm: (&*shown.algorithm).into(),
        policy: Policy { authenticator_config_id: job.config_id.as_str().into(), version: job.config_version },
        webauthn: shown.webauthn.as_ref().map(|webauthn| Webauthn {
            credential_id: (&*webauthn.credential_id).into(),
            rp_id: (&*webauthn.rp_id).into(),
            aaguid: (&*webauthn.aaguid).into(),
            attestation_format: (&*webauthn.attestation_format).into(),
            attestation_type: (&*webauthn.attestation_type).into(),
            attestation_result: webauthn.attestation_result.as_deref().map(Into::into),
            verified_by: webauthn.verified_by.as_deref().map(Into::into),
            user_verified: webauthn.user_verified,
            backup_eligible: webauthn.backup_eligible,
        }),
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
