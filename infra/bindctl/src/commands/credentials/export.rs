//! `bindctl credentials export`: passkeys in the forms that other systems import. docs/export.md names their sources.

use std::collections::BTreeMap;

use api::operation::{GET_CREDENTIAL_PROOF, GET_IDENTITY, LIST_CREDENTIALS};
use api::scalar::Algorithm;
use api::view::{Credential, CredentialList, CredentialProof, Identity, List as _, RawProof, WebauthnCredential};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::pem;
use crate::commands::each::each;
use crate::commands::{Context, list, typed};
use crate::error::Error;
use crate::print;

/// A credential that a WebAuthn registration created.
pub(super) struct Passkey {
    credential: Credential,
    webauthn: WebauthnCredential,
}

/// The algorithms that FusionAuth supports.
const FUSIONAUTH_ALGORITHMS: [Algorithm; 9] = [
    Algorithm::Es256,
    Algorithm::Es384,
    Algorithm::Es512,
    Algorithm::Rs256,
    Algorithm::Rs384,
    Algorithm::Rs512,
    Algorithm::Ps256,
    Algorithm::Ps384,
    Algorithm::Ps512,
];

/// The active passkeys of an identity, or of the realm (`-`), oldest first. Software keys are left out.
///
/// # Errors
/// See [`Error`].
pub(super) fn active(context: &Context, identity: &str) -> Result<Vec<Passkey>, Error> {
    let path = context.client.path(&LIST_CREDENTIALS, &[identity])?;
    let filter = Some("state eq \"ACTIVE\"");
    let (elements, _) = list::read(context, &path, CredentialList::MEMBER, filter, usize::MAX)?;
    let mut passkeys = Vec::with_capacity(elements.len());
    for element in elements.iter().rev() {
        let credential: Credential = typed(element)?;
        match credential.webauthn.clone() {
            Some(webauthn) => passkeys.push(Passkey { credential, webauthn }),
            None => left_out(&credential, "it is a software key"),
        }
    }
    Ok(passkeys)
}

fn left_out(credential: &Credential, why: &str) {
    eprintln!("left out: credential {} of identity {}: {why}", credential.id, credential.identity_id);
}

/// Prints credential records (WebAuthn Level 3 §4). Bytes are base64url, as in the JSON forms of WebAuthn.
///
/// # Errors
/// See [`Error`].
pub(super) fn records(context: &Context, passkeys: &[Passkey], attestation: bool) -> Result<(), Error> {
    let records = each(passkeys, |Passkey { credential, webauthn }| {
        let mut record = json!({
            "type": "public-key",
            "id": webauthn.credential_id,
            "publicKey": webauthn.public_key_cose,
            "signCount": webauthn.sign_count,
            "transports": webauthn.transports,
            "uvInitialized": webauthn.user_verified,
            "backupEligible": webauthn.backup_eligible,
            "backupState": webauthn.backup_state,
            "rpId": webauthn.rp_id,
            "identityId": credential.identity_id,
            "createTime": credential.create_time,
        });
        if let Some(handle) = &webauthn.user_handle {
            record["userHandle"] = json!(handle);
        }
        if let Some(time) = credential.last_used_time {
            record["lastUsedTime"] = json!(time);
        }
        if attestation {
            let (object, client_data) = proof(context, credential)?;
            record["attestationObject"] = object;
            record["attestationClientDataJSON"] = client_data;
        }
        Ok(record)
    });
    lines(context, &records.into_iter().flatten().collect::<Result<Vec<_>, _>>()?);
    Ok(())
}

/// The attestation object and the client data of a passkey.
fn proof(context: &Context, credential: &Credential) -> Result<(Value, Value), Error> {
    let answer = context.client.call(GET_CREDENTIAL_PROOF, &[&credential.identity_id, &credential.id], None)?;
    let proof: CredentialProof = typed(&answer)?;
    match proof.proof.raw {
        RawProof::Registration(_) => {
            let response = &answer["proof"]["raw"]["response"];
            Ok((response["attestationObject"].clone(), response["clientDataJSON"].clone()))
        }
        RawProof::Text(text) => {
            let raw: Value = serde_json::from_str(&text).unwrap_or_default();
            let member = |name: &str| {
                let bytes = raw[name].as_str().and_then(|text| STANDARD.decode(text).ok());
                let unknown = || Error::Usage(format!("the proof of credential {} has an unknown form", credential.id));
                bytes.map(|bytes| Value::from(URL_SAFE_NO_PAD.encode(bytes))).ok_or_else(unknown)
            };
            Ok((member("attestation_object")?, member("client_data_json_base64")?))
        }
    }
}

/// Prints the bodies with which Ory Kratos creates identities with their passkeys.
///
/// # Errors
/// See [`Error`].
pub(super) fn kratos(context: &Context, passkeys: &[Passkey], schema_id: &str) -> Result<(), Error> {
    let identities = identities(context, passkeys)?;
    let mut bodies: BTreeMap<&str, Value> = BTreeMap::new();
    for Passkey { credential, webauthn } in passkeys {
        let Some(identity) = identities.get(&*credential.identity_id) else {
            left_out(credential, "its identity does not exist");
            continue;
        };
        let Some(handle) = &webauthn.user_handle else {
            left_out(credential, "its user handle is not known");
            continue;
        };
        let body = bodies.entry(&identity.id).or_insert_with(|| {
            json!({
                "schema_id": schema_id,
                "external_id": identity.id,
                "state": if identity.status.name() == "suspended" { "inactive" } else { "active" },
                "traits": {"email": identity.traits.primary_email_address},
                "credentials": {"passkey": {"config": {"user_handle": standard(handle), "credentials": []}}},
            })
        });
        let passkey = json!({
            "id": standard(&webauthn.credential_id),
            "public_key": standard(&webauthn.public_key_cose),
            "attestation_type": go_attestation_type(&webauthn.attestation_type),
            "authenticator": {
                "aaguid": STANDARD.encode(aaguid(webauthn)),
                "sign_count": webauthn.sign_count,
                "clone_warning": credential.clone_suspected_time.is_some(),
            },
            "display_name": name(credential, webauthn),
            "added_at": credential.create_time,
            "is_passwordless": true,
            "flags": {
                "user_present": true,
                "user_verified": webauthn.user_verified,
                "backup_eligible": webauthn.backup_eligible,
                "backup_state": webauthn.backup_state,
            },
            "transport": webauthn.transports,
        });
        if let Some(list) = body["credentials"]["passkey"]["config"]["credentials"].as_array_mut() {
            list.push(passkey);
        }
    }
    lines(context, &bodies.into_values().collect::<Vec<_>>());
    Ok(())
}

/// Prints the body with which FusionAuth imports passkeys of users that exist.
///
/// # Errors
/// See [`Error`].
pub(super) fn fusionauth(context: &Context, passkeys: &[Passkey]) -> Result<(), Error> {
    let identities = identities(context, passkeys)?;
    let mut credentials = Vec::with_capacity(passkeys.len());
    for Passkey { credential, webauthn } in passkeys {
        let identity = identities.get(&*credential.identity_id);
        let is_uuid = |id: &&str| uuid::Uuid::try_parse(id).is_ok();
        let ids = [Some(&*credential.identity_id), identity.and_then(|identity| identity.external_id.as_deref())];
        let Some(user) = ids.into_iter().flatten().find(is_uuid) else {
            left_out(credential, "neither id nor external_id of its identity is the UUID of a FusionAuth user");
            continue;
        };
        let algorithm = FUSIONAUTH_ALGORITHMS.into_iter().find(|known| known.name() == &*credential.algorithm);
        let (Some(algorithm), Some(key)) = (algorithm, pem::of_jwk(&credential.jwk_json)) else {
            left_out(credential, &format!("FusionAuth does not support {}", credential.algorithm));
            continue;
        };
        let mut passkey = json!({
            "id": credential.id,
            "userId": user,
            "algorithm": algorithm.cose(),
            "attestationType": match &*webauthn.attestation_type {
                "attca" => "attestation-ca",
                "anonca" => "anonymization-ca",
                other => other,
            },
            "authenticatorSupportsUserVerification": webauthn.user_verified,
            "credentialId": webauthn.credential_id,
            "displayName": identity.map_or(&*credential.identity_id, |identity| &*identity.display_name),
            "name": name(credential, webauthn),
            "publicKey": key,
            "relyingPartyId": webauthn.rp_id,
            "signCount": webauthn.sign_count,
            "transports": webauthn.transports,
            "insertInstant": credential.create_time.0.millis(),
        });
        if let Some(time) = credential.last_used_time {
            passkey["lastUseInstant"] = json!(time.0.millis());
        }
        credentials.push(passkey);
    }
    print::json(&json!({"credentials": credentials, "validateDbConstraints": true}));
    Ok(())
}

/// Prints the file that Authelia imports: YAML, of which JSON is a subset.
///
/// # Errors
/// See [`Error`].
pub(super) fn authelia(context: &Context, passkeys: &[Passkey]) -> Result<(), Error> {
    let identities = identities(context, passkeys)?;
    let mut credentials = Vec::with_capacity(passkeys.len());
    for Passkey { credential, webauthn } in passkeys {
        let Some(identity) = identities.get(&*credential.identity_id) else {
            left_out(credential, "its identity does not exist");
            continue;
        };
        let mut passkey = json!({
            "created_at": credential.create_time,
            "rpid": webauthn.rp_id,
            "username": identity.traits.username,
            "description": name(credential, webauthn),
            "kid": standard(&webauthn.credential_id),
            "aaguid": webauthn.aaguid,
            "attestation_type": go_attestation_type(&webauthn.attestation_type),
            "attestation_format": webauthn.attestation_format,
            "attachment": "",
            "transports": webauthn.transports,
            "sign_count": webauthn.sign_count,
            "clone_warning": credential.clone_suspected_time.is_some(),
            "discoverable": false,
            "present": true,
            "verified": webauthn.user_verified,
            "backup_eligible": webauthn.backup_eligible,
            "backup_state": webauthn.backup_state,
            "public_key": standard(&webauthn.public_key_cose),
        });
        if let Some(time) = credential.last_used_time {
            passkey["last_used_at"] = json!(time);
        }
        credentials.push(passkey);
    }
    print::json(&json!({"webauthn_credentials": credentials}));
    Ok(())
}

/// The identities of passkeys, by id.
fn identities(context: &Context, passkeys: &[Passkey]) -> Result<BTreeMap<String, Identity>, Error> {
    let mut ids: Vec<&str> = passkeys.iter().map(|passkey| &*passkey.credential.identity_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let answers = each(&ids, |id| match context.client.call(GET_IDENTITY, &[id], None) {
        // It was erased meanwhile.
        Err(Error::Problem(404, _)) => Ok(None),
        answer => answer.map(Some),
    });
    let mut found = BTreeMap::new();
    for (id, answer) in ids.into_iter().zip(answers) {
        if let Some(identity) = answer.transpose()?.flatten() {
            found.insert(id.to_owned(), typed(&identity)?);
        }
    }
    Ok(found)
}

/// Prints elements as an array with `--json`, else a line for each.
fn lines(context: &Context, elements: &[Value]) {
    if context.json {
        print::json(&elements.into());
    } else {
        elements.iter().for_each(|element| print::line(&element.to_string()));
    }
}

/// A name that distinguishes the passkeys of a person.
fn name(credential: &Credential, webauthn: &WebauthnCredential) -> String {
    match &webauthn.model {
        Some(model) => format!("{model} {}", credential.id.rsplit('-').next().unwrap_or_default()),
        None => credential.id.to_string(),
    }
}

/// Bytes in base64 with padding, as Go writes them.
fn standard(base64url: &str) -> String {
    URL_SAFE_NO_PAD.decode(base64url).map(|bytes| STANDARD.encode(bytes)).unwrap_or_default()
}

fn aaguid(webauthn: &WebauthnCredential) -> [u8; 16] {
    uuid::Uuid::try_parse(&webauthn.aaguid).unwrap_or_default().into_bytes()
}

/// The type of an attestation as go-webauthn, the library of Kratos and Authelia, names it.
fn go_attestation_type(name: &str) -> &str {
    match name {
        "basic" => "basic_full",
        "self" => "basic_surrogate",
        other => other,
    }
}
