//! `cargo local verify-credential`: verifies the stored proof of a credential again, for auditors.
//!
//! The response of `GET …/credentials/{id}/proof` is verified with the code of `:bind`, under the same policy and at
//! the time of the ceremony. This needs no key of the installation, so two values in the response are not checked: the
//! challenge (or nonce) that the server created, and the ceremony token in the data that a client signed.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use binding::time::Timestamp;
use proof::mds::Metadata;
use proof::{Ceremony, Expected, Policy, Submitted, Trust, Unverified, Verified, jwt, verify};
use serde_json::{Map, Value, json};

/// Verifies the stored proof in a file, or in standard input if the file is `-`, and prints the report as JSON. The
/// exit code is 0 if the proof is valid, 1 if it is not, and 2 if it cannot be read.
pub fn run(file: &Path, metadata: Option<&Path>) -> ExitCode {
    match command(file, metadata) {
        Ok(report) => {
            println!("{report:#}");
            if report["verified"] == true { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn command(file: &Path, metadata: Option<&Path>) -> Result<Value, String> {
    let of_file = |file: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let text = if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(file)
    };
    let text = text.map_err(|error| of_file(file, &error))?;
    let answer = serde_json::from_str(&text).map_err(|error| format!("not the JSON of a stored proof: {error}"))?;
    let read = |file: &Path| {
        let bytes = std::fs::read(file).map_err(|error| of_file(file, &error))?;
        Metadata::from_bytes(&bytes).map_err(|error| of_file(file, &error))
    };
    audit(&answer, metadata.map(read).transpose()?.as_ref())
}

/// Verifies the response of `GET …/credentials/{id}/proof` again.
///
/// # Errors
/// When it is not such a response.
pub fn audit(answer: &Value, metadata: Option<&Metadata>) -> Result<Value, String> {
    let missing = |name: &str| format!("not the JSON of a stored proof: {name} is missing or wrong");
    let text = |value: &Value, name: &str| value[name].as_str().map(str::to_owned).ok_or_else(|| missing(name));
    let whole = answer.as_object().ok_or_else(|| missing("the object"))?;
    let mut policy = api::policy::parse(whole).map_err(|_| missing("passkey_policy"))?;
    let mut taken = Vec::new();
    if policy.needs_metadata() && metadata.is_none() {
        policy.trust = Trust::Any;
        taken.push("trust: whether the attestation leads to a root of the FIDO metadata; give --fido-metadata FILE");
    }
    if policy.android_status_required {
        policy.android_status_required = false;
        taken.push(
            "android_status: that Google's list of revoked attestation keys of that day did not name the device's",
        );
    }
    let submitted = &answer["proof"];
    let submitted = Submitted::read(submitted.get("type"), submitted.get("raw")).map_err(|_| missing("proof"))?;
    let verified_time = Timestamp::parse(&text(answer, "verified_time")?).ok_or_else(|| missing("verified_time"))?;
    let is_jwt = matches!(submitted, Submitted::Jwt(_));
    let of_form = |of_jwt: bool, name: &str| {
        if of_jwt == is_jwt { text(&answer["expected"], name) } else { Ok(String::new()) }
    };
    let origins = answer["expected"]["origins"].as_array().into_iter().flatten();
    let expected = Expected {
        rp_id: of_form(false, "rp_id")?,
        origins: origins.filter_map(Value::as_str).map(str::to_owned).collect(),
        challenge: URL_SAFE_NO_PAD.decode(of_form(false, "challenge")?).map_err(|_| missing("challenge"))?,
        nonce: of_form(true, "nonce")?,
        audience: of_form(true, "aud")?,
    };
    let token = token(submitted);
    if token.is_some() {
        taken.push("ceremony token: that it was this job's; only the installation's key could tell");
    }
    let ceremony = Ceremony {
        expected: &expected,
        policy: &policy,
        subject: &jwt::subject(&text(answer, "identity_id")?, &text(answer, "realm_id")?, &text(answer, "tenant_id")?),
        token: token.as_deref().unwrap_or_default(),
        metadata,
        android_status: None,
        now: verified_time.seconds(),
    };
    let thumbprint = text(answer, "jwk_thumbprint")?;
    Ok(match verify(submitted, &ceremony) {
        Ok(verified) if verified.facts().jwk_thumbprint == thumbprint => good(answer, &verified, &policy, &taken),
        Ok(verified) => {
            let found = &verified.facts().jwk_thumbprint;
            refused("key_mismatch", &format!("the proof is of the key {found}, and the credential has {thumbprint}"))
        }
        Err(Unverified::Invalid(refusal)) => refused(refusal.reason.name(), &refusal.detail),
        Err(Unverified::Unavailable { detail, .. }) => return Err(detail),
    })
}

fn refused(reason: &str, detail: &str) -> Value {
    json!({"verified": false, "reason": reason, "detail": detail})
}

fn good(answer: &Value, verified: &Verified, policy: &Policy, taken: &[&str]) -> Value {
    let facts = verified.facts();
    let mut report = json!({
        "verified": true,
        "credential_id": answer["credential_id"],
        "verified_time": answer["verified_time"],
        "csr_type": facts.mechanism.name(),
        "algorithm": facts.algorithm,
        "jwk_thumbprint": facts.jwk_thumbprint,
        "trust": policy.trust.level(),
        "taken_as_it_stands": taken,
    });
    if let Some(webauthn) = &facts.webauthn {
        report["attestation_format"] = webauthn.attestation_format.as_str().into();
        report["verified_by"] = webauthn.verified_by.clone().into();
    }
    report
}

/// The ceremony token in the data that a client of the published API signed.
fn token(submitted: Submitted<'_>) -> Option<String> {
    let object = |bytes: &[u8]| serde_json::from_slice::<Map<String, Value>>(bytes).ok();
    let claims = match submitted {
        Submitted::Fido2(_) => return None,
        Submitted::Webauthn(raw) => {
            let raw = object(raw.as_bytes())?;
            let client_data = object(&STANDARD.decode(raw.get("client_data_json_base64")?.as_str()?).ok()?)?;
            object(&URL_SAFE_NO_PAD.decode(client_data.get("challenge")?.as_str()?).ok()?)?
        }
        Submitted::Jwt(raw) => object(&URL_SAFE_NO_PAD.decode(raw.split('.').nth(1)?).ok()?)?,
    };
    claims.get("token")?.as_str().map(str::to_owned)
}
