//! Verifies proofs from JSON Lines on standard input, with the same code as the functions.
//!
//! A registration is a line `{"rpId","origins":[…],"challenge","userVerification","now"?,"roots"?,"rootSets"?,"trust"?,
//! "attestation"?,"residentKey"?,"algorithms"?:[names],"backupEligible"?,"aaguids"?:{"allow","deny"},
//! "credential":RegistrationResponseJSON}`. An assertion also has
//! `"registered":{"credentialId","coseKey","backupEligible","signCount","userHandle"?}`, and an
//! `AuthenticationResponseJSON` as its credential. A JWT is `{"jwt","sub","token"|"nonce","aud","algorithms"?,"now"}`.
//! Bytes are base64url, times RFC 3339. Without `trust`, attestation must lead to one of the given roots. Each line is
//! answered by one: `{"verified":true,…}` or `{"verified":false,"reason","detail"}`. A verified registration has the time
//! that it took, `nanoseconds`.

use std::io::{BufRead as _, Write as _};
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proof::webauthn::{Assertion, ExpectedAssertion, Registered, verify_registration};
use proof::{
    Algorithm, Attestation, BackupEligibility, Ceremony, Expected, Facts, Policy, Reason, Refusal, Requirement,
    RootSet, Trust, jwt,
};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().split(b'\n') {
        let line = line?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = match verify(&line) {
            Ok(Ok(answer)) => answer,
            Ok(Err(refusal)) => refused(refusal.reason.name(), &refusal.detail),
            Err(malformed) => refused("malformed_case", &malformed),
        };
        writeln!(out, "{answer}")?;
    }
    Ok(())
}

fn refused(reason: &str, detail: &str) -> Value {
    json!({"verified": false, "reason": reason, "detail": detail})
}

/// The outer error: the line is malformed.
fn verify(line: &[u8]) -> Result<Result<Value, Refusal>, String> {
    let case: Value = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let now = now(&case)?;
    let text = |name: &str| case[name].as_str().ok_or_else(|| format!("{name} must be a string"));
    let algorithms = all(&case["algorithms"], |name| Algorithm::from_name(name.as_str()?));
    let algorithms = algorithms.ok_or("algorithms must be names of known ones")?;
    if !case["jwt"].is_null() {
        // An absent member must match nothing.
        let optional = |name: &str| case[name].as_str().unwrap_or("\0");
        let expected = Expected {
            nonce: optional("nonce").to_owned(),
            audience: optional("aud").to_owned(),
            ..Expected::default()
        };
        let policy = Policy { algorithms, ..Policy::default() };
        let (subject, token) = (text("sub")?, optional("token"));
        let ceremony = Ceremony { subject, token, ..ceremony(&expected, &policy, now) };
        return Ok(jwt::verify_jwt(text("jwt")?, &ceremony).map(|verified| view(verified.facts())));
    }
    let origins =
        all(&case["origins"], |origin| origin.as_str().map(str::to_owned)).ok_or("origins must be strings")?;
    let roots = all(&case["roots"], bytes).ok_or("roots must be base64url")?;
    let sets =
        all(&case["rootSets"], |name| RootSet::from_name(name.as_str()?)).ok_or("rootSets must be names of sets")?;
    let aaguids = |list| all(&case["aaguids"][list], aaguid).ok_or("aaguids must be UUIDs");
    let (allowed, denied) = (aaguids("allow")?, aaguids("deny")?);
    let trust = match case["trust"].as_str() {
        Some("any") => Trust::Any,
        Some("attested") => Trust::Attested,
        None if case["trust"].is_null() && roots.is_empty() && sets.is_empty() => Trust::Any,
        None if case["trust"].is_null() => Trust::Attested,
        _ => return Err("trust must be any or attested".to_owned()),
    };
    let usual = Policy::default();
    let policy = Policy {
        user_verification: wish(&case["userVerification"], Requirement::from_name, usual.user_verification)?,
        resident_key: wish(&case["residentKey"], Requirement::from_name, usual.resident_key)?,
        attestation: wish(&case["attestation"], Attestation::from_name, usual.attestation)?,
        trust,
        roots,
        root_sets: sets,
        aaguids_allowed: allowed,
        aaguids_denied: denied,
        backup_eligible: wish(&case["backupEligible"], BackupEligibility::from_name, usual.backup_eligible)?,
        // Without a list: all supported algorithms, not only those that are offered to browsers.
        algorithms: if algorithms.is_empty() { Algorithm::ALL.to_vec() } else { algorithms },
        ..usual
    };
    let challenge = bytes(&case["challenge"]).ok_or("challenge must be base64url")?;
    let expected = Expected { rp_id: text("rpId")?.to_owned(), origins, challenge, ..Expected::default() };
    if case["credential"].is_null() {
        return Err("credential or jwt must be there".to_owned());
    }
    if !case["registered"].is_null() {
        return verify_assertion(&case["credential"], &case["registered"], &expected, &policy);
    }
    let ceremony = ceremony(&expected, &policy, now);
    let begun = Instant::now();
    let verified = verify_registration(&case["credential"], &ceremony);
    let nanoseconds = begun.elapsed().as_nanos();
    Ok(verified.map(|verified| {
        let mut view = view(verified.facts());
        view["nanoseconds"] = json!(nanoseconds);
        view
    }))
}

/// The user counts as known beforehand, unless the record has no user handle.
fn verify_assertion(
    response: &Value,
    record: &Value,
    expected: &Expected,
    policy: &Policy,
) -> Result<Result<Value, Refusal>, String> {
    let known = |name: &str| bytes(&record[name]).ok_or_else(|| format!("{name} must be base64url"));
    let (credential_id, cose_key) = (known("credentialId")?, known("coseKey")?);
    let user_handle = bytes(&record["userHandle"]);
    let stored =
        record["signCount"].as_u64().and_then(|count| u32::try_from(count).ok()).ok_or("signCount is missing")?;
    let registered = Registered {
        credential_id: &credential_id,
        cose_key: &cose_key,
        backup_eligible: record["backupEligible"].as_bool().ok_or("backupEligible must be true or false")?,
        user_handle: user_handle.as_deref(),
    };
    let expected = ExpectedAssertion {
        rp_id: &expected.rp_id,
        origins: &expected.origins,
        challenge: &expected.challenge,
        user_verification: policy.user_verification,
    };
    let verified =
        Assertion::read(response, &expected).and_then(|read| read.verify(&registered, user_handle.is_some()));
    Ok(verified.and_then(|asserted| {
        if asserted.regresses(stored) {
            return Err(Refusal::new(Reason::SignCountRegressed, "the counter did not increase"));
        }
        Ok(json!({
            "verified": true,
            "userVerified": asserted.user_verified(),
            "backupState": asserted.backup_state(),
            "signCount": asserted.sign_count(),
        }))
    }))
}

/// A ceremony with defaults for what only some cases set.
fn ceremony<'a>(expected: &'a Expected, policy: &'a Policy, now: i64) -> Ceremony<'a> {
    Ceremony { expected, policy, subject: "", token: "", metadata: None, android_status: None, now }
}

fn wish<T>(value: &Value, read: impl Fn(&str) -> Option<T>, default: T) -> Result<T, String> {
    match value {
        Value::Null => Ok(default),
        value => value.as_str().and_then(read).ok_or_else(|| format!("{value} is not known")),
    }
}

fn all<T>(list: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    match list {
        Value::Null => Some(Vec::new()),
        list => list.as_array()?.iter().map(read).collect(),
    }
}

fn bytes(value: &Value) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(value.as_str()?.trim_end_matches('=')).ok()
}

fn aaguid(value: &Value) -> Option<[u8; 16]> {
    Uuid::try_parse(value.as_str()?).ok().map(Uuid::into_bytes)
}

#[expect(clippy::disallowed_methods, reason = "a case without a time is verified at the current time")]
fn now(case: &Value) -> Result<i64, String> {
    match &case["now"] {
        Value::Null => Ok(OffsetDateTime::now_utc().unix_timestamp()),
        Value::Number(seconds) => seconds.as_i64().ok_or_else(|| "now must be in whole seconds".to_owned()),
        time => {
            let time = time.as_str().and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
            time.map(OffsetDateTime::unix_timestamp).ok_or_else(|| "now must be of RFC 3339".to_owned())
        }
    }
}

fn view(facts: &Facts) -> Value {
    let jwk: Value = serde_json::from_str(&facts.jwk_json).unwrap_or_default();
    let mut view = json!({
        "verified": true,
        "algorithm": facts.algorithm,
        "publicKeyJwk": jwk,
        "jwkThumbprint": facts.jwk_thumbprint,
    });
    if let Some(webauthn) = &facts.webauthn {
        view["format"] = webauthn.attestation_format.as_str().into();
        view["aaguid"] = Uuid::from_bytes(webauthn.aaguid).to_string().into();
        view["credentialId"] = URL_SAFE_NO_PAD.encode(&webauthn.credential_id).into();
        view["attestationType"] = webauthn.attestation_type.name().into();
        view["attestationTrusted"] = webauthn.verified_by.is_some().into();
        view["verifiedBy"] = webauthn.verified_by.clone().into();
        view["userVerified"] = webauthn.user_verified.into();
        view["backupEligible"] = webauthn.backup_eligible.into();
        view["backupState"] = webauthn.backup_state.into();
        view["signCount"] = webauthn.sign_count.into();
        view["transports"] = webauthn.transports.clone().into();
    }
    view
}
