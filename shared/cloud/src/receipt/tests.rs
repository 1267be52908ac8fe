use binding::ids::{IdentityId, IdentityRef, JobId, RealmId, RealmRef, TenantId};
use binding::time::Timestamp;

use super::*;

const KEY_ID: &str = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

fn job() -> JobRef {
    let realm = RealmRef { tenant: TenantId::parse("acme").unwrap(), id: RealmId::parse("staff").unwrap() };
    let identity = IdentityRef { realm, id: IdentityId::parse("ada").unwrap() };
    JobRef { identity, id: JobId::new(Timestamp::from_millis(1_769_860_800_000), [3; 10]) }
}

fn credential() -> CredentialId {
    CredentialId::new(Timestamp::from_millis(1_769_860_800_000), [5; 10])
}

fn claims(webauthn: Option<Webauthn<'static>>) -> Claims<'static> {
    Claims {
        iss: "https://bind.example.com".into(),
        aud: "https://bind.example.com/v1/tenants/acme/realms/staff".into(),
        iat: 1_769_860_800,
        jti: credential().to_string().into(),
        sub: "ada".into(),
        tenant_id: "acme".into(),
        realm_id: "staff".into(),
        job_id: job().id.to_string().into(),
        credential_id: credential().to_string().into(),
        cnf: Confirmation { jkt: KEY_ID.into() },
        csr_type: "FIDO2".into(),
        algorithm: "ES256".into(),
        policy: Policy { authenticator_config_id: "hosted".into(), version: 7 },
        webauthn,
    }
}

fn webauthn() -> Webauthn<'static> {
    Webauthn {
        credential_id: "AAECAwQFBgcICQoLDA0ODw".into(),
        rp_id: "bind.example.com".into(),
        aaguid: "08987058-cadc-4b81-b6e1-30de50dcbe96".into(),
        attestation_format: "packed".into(),
        attestation_type: "basic".into(),
        attestation_result: Some("verified_against_root".into()),
        verified_by: Some("CN=Root".into()),
        user_verified: true,
        backup_eligible: false,
    }
}

fn signed(claims: &Claims<'_>) -> String {
    jws::compact(&jws::signing_input(&Header::es256(KEY_ID, TYPE), claims), &[9; 64])
}

fn round_trip(text: &str) -> (AttributeValue, Option<String>) {
    let (job, config) = (job(), ConfigId::parse("hosted").unwrap());
    let known = Known { job: &job, config: (&config, 7), credential: credential() };
    let value = to_value(text, known);
    let read = from_value(&value, known);
    (value, read)
}

#[test]
fn the_text_that_was_signed_is_read_from_its_parts() {
    let unattested = Webauthn { attestation_result: None, verified_by: None, ..webauthn() };
    for webauthn in [None, Some(webauthn()), Some(unattested)] {
        let text = signed(&claims(webauthn));
        let (value, read) = round_trip(&text);
        assert!(value.is_l(), "{value:?}");
        assert_eq!(read.as_deref(), Some(text.as_str()));
    }
}

#[test]
fn a_receipt_that_its_parts_do_not_yield_is_stored_as_text() {
    let other_audience = signed(&Claims { aud: "https://other.example.com".into(), ..claims(None) });
    let other_version =
        signed(&Claims { policy: Policy { authenticator_config_id: "hosted".into(), version: 8 }, ..claims(None) });
    let upper_case = Webauthn { aaguid: "08987058-CADC-4B81-B6E1-30DE50DCBE96".into(), ..webauthn() };
    let other_key_id = jws::signing_input(&Header::es256("not base64url!", TYPE), &claims(None));
    let mut more = serde_json::to_value(claims(None)).unwrap();
    more["later"] = "a claim of a later version".into();
    for text in [
        other_audience,
        other_version,
        signed(&claims(Some(upper_case))),
        jws::compact(&other_key_id, &[9; 64]),
        jws::compact(&jws::signing_input(&Header::es256(KEY_ID, "another"), &claims(None)), &[9; 64]),
        jws::compact(&jws::signing_input(&Header::es256(KEY_ID, TYPE), &more), &[9; 64]),
        format!("{}=", signed(&claims(None))),
        "no receipt".to_owned(),
    ] {
        let (value, read) = round_trip(&text);
        assert!(value.is_s(), "{value:?}");
        assert_eq!(read, Some(text));
    }
}

/// Receipts live as long as their jobs, so the parts of earlier versions must yield the same text.
#[test]
fn the_parts_yield_the_same_text_in_every_version() {
    let text = signed(&claims(Some(webauthn())));
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    assert_eq!(URL_SAFE_NO_PAD.encode(digest), "jUmc0XoWy0oMMtKcsCknulACJYRIZg8EW6-nZevAN5s");
}

#[test]
fn malformed_parts_are_not_read() {
    let (job, config) = (job(), ConfigId::parse("hosted").unwrap());
    let known = Known { job: &job, config: (&config, 7), credential: credential() };
    let parts = to_parts(&signed(&claims(Some(webauthn())))).unwrap();
    for length in (0..parts.len()).filter(|length| *length != 7) {
        assert_eq!(from_parts(&parts[..length], known), None, "{length} parts");
    }
    for index in (0..parts.len()).filter(|index| ![12, 13].contains(index)) {
        let mut parts = parts.clone();
        parts[index] = AttributeValue::Null(true);
        assert_eq!(from_parts(&parts, known), None, "part {index}");
    }
    assert_eq!(from_value(&AttributeValue::Null(true), known), None);
}
