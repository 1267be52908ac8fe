//! Binding receipts (docs/receipts.md): their claims, and the form in which a job stores them.
//!
//! The text of a receipt has about 1.2 KB, most of which are names, base64url, and ids that the job contains as well. The job
//! stores the rest, in 0.3 KB, and remains smaller than 1 KB (docs/adr/0013). Every reader gets the text that was signed:
//! if the stored parts do not yield it, byte for byte, the job stores the text itself.

use std::borrow::Cow;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use binding::ids::{ConfigId, CredentialId, JobRef};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::jws::{self, Header};

/// The `typ` of a receipt (RFC 8725 §3.11).
pub const TYPE: &str = "binding-receipt+jwt";

/// The claims of a receipt. Their order is part of what is signed.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Claims<'a> {
    /// The origin of the installation.
    pub iss: Cow<'a, str>,
    /// The URL of the realm.
    pub aud: Cow<'a, str>,
    /// When the credential was created, in seconds since 1970.
    pub iat: i64,
    /// The id of the receipt: that of the credential.
    pub jti: Cow<'a, str>,
    /// The identity.
    pub sub: Cow<'a, str>,
    /// The tenant.
    pub tenant_id: Cow<'a, str>,
    /// The realm.
    pub realm_id: Cow<'a, str>,
    /// The job that created the credential.
    pub job_id: Cow<'a, str>,
    /// The credential.
    pub credential_id: Cow<'a, str>,
    /// The credential's key.
    pub cnf: Confirmation<'a>,
    /// How the key was proven.
    pub csr_type: Cow<'a, str>,
    /// The algorithm of the key.
    pub algorithm: Cow<'a, str>,
    /// The policy that the proof met.
    pub policy: Policy<'a>,
    /// The facts of the WebAuthn registration that never change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webauthn: Option<Webauthn<'a>>,
}

/// The credential's key, by its thumbprint (RFC 7800 §3.1, RFC 9449 §6.1).
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Confirmation<'a> {
    /// SHA-256 (RFC 7638), base64url without padding.
    pub jkt: Cow<'a, str>,
}

/// The policy that the proof met.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Policy<'a> {
    /// The authenticator config.
    pub authenticator_config_id: Cow<'a, str>,
    /// Its version.
    pub version: u32,
}

/// The facts of the WebAuthn registration that never change.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Webauthn<'a> {
    /// The authenticator's credential id, base64url without padding.
    pub credential_id: Cow<'a, str>,
    /// The relying party id.
    pub rp_id: Cow<'a, str>,
    /// The authenticator's model, as a UUID.
    pub aaguid: Cow<'a, str>,
    /// The attestation statement format.
    pub attestation_format: Cow<'a, str>,
    /// The attestation type.
    pub attestation_type: Cow<'a, str>,
    /// Whether the attestation was verified against a root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attestation_result: Option<Cow<'a, str>>,
    /// The root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_by: Option<Cow<'a, str>>,
    /// Whether the user was verified.
    pub user_verified: bool,
    /// Whether the passkey can be synced.
    pub backup_eligible: bool,
}

/// What the job of a receipt contains of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) job: &'a JobRef,
    pub(crate) config: (&'a ConfigId, u32),
    pub(crate) credential: CredentialId,
}

/// The value that the job stores: the parts of the receipt, or its text if the parts do not yield it.
pub(crate) fn to_value(text: &str, known: Known<'_>) -> AttributeValue {
    let parts = to_parts(text).filter(|parts| from_parts(parts, known).as_deref() == Some(text));
    parts.map_or_else(|| string(text), AttributeValue::L)
}

/// The text of a stored receipt. `None` if the value is malformed.
pub(crate) fn from_value(value: &AttributeValue, known: Known<'_>) -> Option<String> {
    match value {
        // Receipts of earlier versions, and those that have another form.
        AttributeValue::S(text) => Some(text.clone()),
        AttributeValue::L(parts) => from_parts(parts, known),
        _ => None,
    }
}

/// The parts that the job does not contain, in the order in which [`from_parts`] reads them.
fn to_parts(text: &str) -> Option<Vec<AttributeValue>> {
    let mut encoded = text.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let (header, claims, signature) = (encoded.next()??, encoded.next()??, encoded.next()??);
    let header: Header<'_> = serde_json::from_slice(&header).ok()?;
    let claims: Claims<'_> = serde_json::from_slice(&claims).ok()?;
    let mut parts = vec![
        base64url(header.kid)?,
        binary(signature),
        AttributeValue::N(claims.iat.to_string()),
        string(&claims.iss),
        base64url(&claims.cnf.jkt)?,
        string(&claims.csr_type),
        string(&claims.algorithm),
    ];
    if let Some(webauthn) = claims.webauthn {
        parts.extend([
            base64url(&webauthn.credential_id)?,
            string(&webauthn.rp_id),
            binary(Uuid::parse_str(&webauthn.aaguid).ok()?.into_bytes().to_vec()),
            string(&webauthn.attestation_format),
            string(&webauthn.attestation_type),
            maybe_string(webauthn.attestation_result.as_deref()),
            maybe_string(webauthn.verified_by.as_deref()),
            AttributeValue::Bool(webauthn.user_verified),
            AttributeValue::Bool(webauthn.backup_eligible),
        ]);
    }
    Some(parts)
}

fn from_parts(parts: &[AttributeValue], Known { job, config, credential }: Known<'_>) -> Option<String> {
    let [kid, signature, iat, iss, jkt, csr_type, algorithm, webauthn @ ..] = parts else { return None };
    let webauthn = match webauthn {
        [] => None,
        [id, rp_id, aaguid, format, kind, result, verified_by, user_verified, backup_eligible] => Some(Webauthn {
            credential_id: encoded(id)?,
            rp_id: text(rp_id)?,
            aaguid: Uuid::from_slice(bytes(aaguid)?).ok()?.to_string().into(),
            attestation_format: text(format)?,
            attestation_type: text(kind)?,
            attestation_result: text(result),
            verified_by: text(verified_by),
            user_verified: *user_verified.as_bool().ok()?,
            backup_eligible: *backup_eligible.as_bool().ok()?,
        }),
        _ => return None,
    };
    let (identity, credential) = (&job.identity, credential.to_string());
    let iss = text(iss)?;
    let claims = Claims {
        aud: format!("{iss}{}", identity.realm).into(),
        iss,
        iat: iat.as_n().ok()?.parse().ok()?,
        jti: credential.as_str().into(),
        sub: identity.id.as_str().into(),
        tenant_id: identity.realm.tenant.as_str().into(),
        realm_id: identity.realm.id.as_str().into(),
        job_id: job.id.to_string().into(),
        credential_id: credential.as_str().into(),
        cnf: Confirmation { jkt: encoded(jkt)? },
        csr_type: text(csr_type)?,
        algorithm: text(algorithm)?,
        policy: Policy { authenticator_config_id: config.0.as_str().into(), version: config.1 },
        webauthn,
    };
    let kid = encoded(kid)?;
    Some(jws::compact(&jws::signing_input(&Header::es256(&kid, TYPE), &claims), bytes(signature)?))
}

fn string(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn maybe_string(text: Option<&str>) -> AttributeValue {
    text.map_or(AttributeValue::Null(true), string)
}

fn binary(bytes: Vec<u8>) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

fn base64url(text: &str) -> Option<AttributeValue> {
    URL_SAFE_NO_PAD.decode(text).ok().map(binary)
}

fn text(value: &AttributeValue) -> Option<Cow<'_, str>> {
    value.as_s().ok().map(|text| text.as_str().into())
}

fn bytes(value: &AttributeValue) -> Option<&[u8]> {
    value.as_b().ok().map(Blob::as_ref)
}

fn encoded(value: &AttributeValue) -> Option<Cow<'static, str>> {
    bytes(value).map(|bytes| URL_SAFE_NO_PAD.encode(bytes).into())
}

#[cfg(test)]
mod tests;
