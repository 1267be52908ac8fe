//! What a policy refuses, and the steps of §7.1 that do not depend on a policy.

use std::borrow::Borrow;

use ciborium::Value as Cbor;
use proof::webauthn::verify_registration;
use proof::{Algorithm, Attestation, BackupEligibility, Ceremony, Expected, Policy, Reason, Requirement, Trust};
use serde_json::json;

use crate::authenticator::certificate::Authority;
use crate::authenticator::{Device, ceremony, encode, expected, lenient, map, refusal, text, verify};

#[track_caller]
fn refused(device: &Device, policy: impl Borrow<Policy>) -> Option<Reason> {
    verify(&device.none(), policy).map(|_| ()).map_err(|refusal| refusal.reason).err()
}

#[test]
fn flags() {
    let with = |flags| Device { flags, ..Device::new() };
    assert_eq!(refused(&with(0x44), lenient()), Some(Reason::UserNotPresent));
    assert_eq!(refused(&with(0x51), lenient()), Some(Reason::BackupFlagsInvalid));
    assert_eq!(refused(&with(0x05), lenient()), Some(Reason::MalformedAttestation));
    let policy = Policy { user_verification: Requirement::Required, ..lenient() };
    assert_eq!(refused(&with(0x41), &policy), Some(Reason::UserNotVerified));
    assert_eq!(refused(&with(0x45), policy), None);
    let eligible = |backup_eligible| Policy { backup_eligible, ..lenient() };
    let not_allowed = Some(Reason::BackupEligibilityNotAllowed);
    for (backup_eligible, synced, bound) in [
        (BackupEligibility::Allowed, None, None),
        (BackupEligibility::Required, None, not_allowed),
        (BackupEligibility::Forbidden, not_allowed, None),
    ] {
        assert_eq!(refused(&with(0x4d), eligible(backup_eligible)), synced);
        assert_eq!(refused(&with(0x45), eligible(backup_eligible)), bound);
    }
}

#[test]
fn algorithms() {
    let policy = Policy { algorithms: vec![Algorithm::Es384, Algorithm::EdDsa], ..lenient() };
    assert_eq!(refused(&Device::of(-7), &policy), Some(Reason::AlgorithmNotAllowed));
    assert_eq!(refused(&Device::of(-8), policy), None);
}

/// Only the browser knows, and it need not report it.
#[test]
fn a_key_that_is_reported_not_to_be_resident_is_refused_where_required() {
    for (said, wish, expected) in [
        (json!({"credProps": {"rk": false}}), Requirement::Required, Some(Reason::ResidentKeyMissing)),
        (json!({"credProps": {"rk": false}}), Requirement::Preferred, None),
        (json!({"credProps": {"rk": true}}), Requirement::Required, None),
        (json!({"credProps": {"rk": "no"}}), Requirement::Required, None),
        (json!({"credProps": {}}), Requirement::Required, None),
        (json!(null), Requirement::Required, None),
        (json!([]), Requirement::Required, None),
    ] {
        let mut response = Device::new().none();
        response["clientExtensionResults"] = said;
        let policy = Policy { resident_key: wish, ..lenient() };
        assert_eq!(verify(&response, policy).map(drop).map_err(|why| why.reason).err(), expected, "{response}");
    }
}

#[test]
fn models() {
    let (this, other) = (*b"example model 01", [1; 16]);
    for (allowed, denied, expected) in [
        (&[other, this][..], &[other][..], None),
        (&[other], &[], Some(Reason::AaguidNotAllowed)),
        (&[], &[this], Some(Reason::AaguidNotAllowed)),
        (&[this], &[this], Some(Reason::AaguidNotAllowed)),
    ] {
        let policy = Policy { aaguids_allowed: allowed.to_vec(), aaguids_denied: denied.to_vec(), ..lenient() };
        assert_eq!(refused(&Device::new(), policy), expected);
    }
}

#[test]
fn requested_attestation_must_be_present() {
    for (attestation, expected) in [
        (Attestation::None, None),
        (Attestation::Indirect, None),
        (Attestation::Direct, Some(Reason::AttestationDowngraded)),
        (Attestation::Enterprise, Some(Reason::AttestationDowngraded)),
    ] {
        let policy = Policy { attestation, ..lenient() };
        assert_eq!(refused(&Device::new(), &policy), expected);
        let device = Device::new();
        let none = map(vec![("fmt", text("none")), ("attStmt", Cbor::Map(vec![]))]);
        let twice = device.response("compound", Cbor::Array(vec![none.clone(), none]));
        assert_eq!(verify(&twice, &policy).map(|_| ()).map_err(|refusal| refusal.reason).err(), expected);
        verify(&device.response("packed", device.self_statement()), policy).unwrap();
    }
}

/// Synced passkeys carry no attestation, so only device-bound keys must.
#[test]
fn attestation_may_be_required_of_device_bound_keys() {
    use proof::mds::Metadata;
    let root = Authority::root();
    let (roots, attestation) = (vec![root.der.clone()], Attestation::RequiredIfDeviceBound);
    let with = |flags| Device { flags, ..Device::new() };
    let (bound, synced) = (with(0x45), with(0x5d));
    let policy = Policy { attestation, ..lenient() };
    assert_eq!(refused(&synced, &policy), None);
    assert_eq!(refused(&bound, &policy), Some(Reason::AttestationDowngraded));
    verify(&bound.response("packed", bound.self_statement()), &policy).unwrap();

    let policy = Policy { trust: Trust::Attested, roots, ..policy };
    let by = |device: &Device, root: &Authority| {
        let verified = verify(&device.packed(root, |certificate| certificate), &policy);
        verified.map(|verified| verified.facts().webauthn.as_ref().unwrap().verified_by.is_some())
    };
    assert_eq!(refused(&synced, &policy), None);
    assert_eq!(refused(&bound, &policy), Some(Reason::AttestationDowngraded));
    assert_eq!(by(&bound, &root), Ok(true));
    assert_eq!(by(&bound, &Authority::root()).unwrap_err().reason, Reason::AttestationUntrusted);
    assert_eq!(by(&synced, &root), Ok(true), "attestation of a synced passkey is recorded");
    assert_eq!(by(&synced, &Authority::root()), Ok(false));

    let metadata = Metadata::from_bytes(&[0x84, 1, 1, 0x80, 0x80]).unwrap();
    let policy = Policy { trust: Trust::FidoMds(None), ..policy };
    let expected = expected();
    let ceremony = Ceremony { metadata: Some(&metadata), ..ceremony(&expected, &policy) };
    let refused = |response| verify_registration(&response, &ceremony).map(drop).map_err(|why| why.reason).err();
    assert_eq!(refused(synced.none()), None);
    assert_eq!(refused(bound.none()), Some(Reason::AttestationDowngraded));
    assert_eq!(refused(bound.packed(&root, |certificate| certificate)), Some(Reason::AuthenticatorUnknown));
}

/// U2F does not sign the model, so a policy about models cannot rely on it.
#[test]
fn an_unsigned_model_is_not_trusted() {
    use crate::authenticator::certificate::Certificate;
    use crate::authenticator::keys::Key;
    use crate::authenticator::{sha256, x5c};
    let (root, attesting, device) = (Authority::root(), Key::p256(), Device::new());
    let leaf = Certificate::attesting(&root).sign(&attesting, &root.key);
    let (x, y) = device.key.parts();
    let rp_id_hash = sha256(device.rp_id.as_bytes());
    let id = &device.credential_id;
    let signed = [&[0], rp_id_hash.as_slice(), &device.client_data_hash(), id, &[4], &x, &y].concat();
    let statement = map(vec![("sig", Cbor::Bytes(attesting.sign(-7, &signed))), ("x5c", x5c(&[&leaf]))]);
    let response = device.response("fido-u2f", statement);
    let attested = Policy { trust: Trust::Attested, roots: vec![root.der], ..lenient() };
    verify(&response, &attested).unwrap();
    let (models, others) = (vec![*b"example model 01"], vec![*b"example model 02"]);
    for policy in
        [Policy { aaguids_allowed: models, ..attested.clone() }, Policy { aaguids_denied: others, ..attested.clone() }]
    {
        assert_eq!(verify(&response, policy).unwrap_err().reason, Reason::AaguidNotAllowed);
    }
    verify(&device.packed(&Authority::root(), |certificate| certificate), lenient()).unwrap();
}

#[test]
fn credential_ids_have_1_to_1023_bytes() {
    let with = |length: usize| Device { credential_id: vec![7; length], ..Device::new() };
    assert_eq!(refused(&with(0), lenient()), Some(Reason::CredentialIdInvalid));
    assert_eq!(refused(&with(1), lenient()), None);
    assert_eq!(refused(&with(1023), lenient()), None);
    assert_eq!(refused(&with(1024), lenient()), Some(Reason::CredentialIdInvalid));
}

#[test]
fn extension_data_are_parsed_and_must_end_the_data() {
    let extensions = encode(&map(vec![("credProtect", 2.into()), ("unknown", Cbor::Array(vec![]))]));
    let with = |flags, extensions: &[u8]| Device { flags, extensions: extensions.to_vec(), ..Device::new() };
    assert_eq!(refused(&with(0xc5, &extensions), lenient()), None);
    for device in [with(0x45, &extensions), with(0xc5, &[]), with(0xc5, &[0x01]), with(0xc5, &[0xa0, 0])] {
        assert_eq!(refused(&device, lenient()), Some(Reason::MalformedAttestation));
    }
}

#[test]
fn an_attestation_object_has_each_member_once() {
    let device = Device::new();
    let data = Cbor::Bytes(device.auth_data());
    let object = |members: Vec<(&str, Cbor)>| refusal(&device.response_of(&encode(&map(members))));
    let (format, statement) = (("fmt", text("none")), ("attStmt", Cbor::Map(vec![])));
    let malformed = Reason::MalformedAttestation;
    assert_eq!(object(vec![format.clone(), statement.clone()]), malformed);
    assert_eq!(object(vec![format.clone(), ("authData", data.clone())]), malformed);
    assert_eq!(object(vec![statement.clone(), ("authData", data.clone())]), malformed);
    assert_eq!(object(vec![format.clone(), format, statement, ("authData", data)]), malformed);
}

/// A native app's origin is not a URL of a web page: it is compared unchanged, and the second verifier is not
/// consulted.
#[test]
fn origins_of_apps() {
    let origin = "android:apk-key-hash:7d1043473d55bfa90e8530d35801d4e381bc69f0";
    let device = Device { origin, ..Device::new() };
    let verify = |origin: &str| {
        let expected = Expected { origins: vec![origin.to_owned()], ..expected() };
        verify_registration(&device.none(), &ceremony(&expected, &lenient()))
            .map(|_| ())
            .map_err(|refusal| refusal.reason)
    };
    assert_eq!(verify(origin), Ok(()));
    assert_eq!(verify("android:apk-key-hash:7D1043473d55bfa90e8530d35801d4e381bc69f0"), Err(Reason::OriginMismatch));
}

#[test]
fn the_response_has_one_form() {
    let good = Device::new().none();
    let with = |pointer: &str, value: serde_json::Value| {
        let mut response = good.clone();
        *response.pointer_mut(pointer).unwrap() = value;
        refusal(&response)
    };
    let padded = format!("{}=", good["response"]["attestationObject"].as_str().unwrap());
    assert_eq!(with("/response/attestationObject", json!(padded)), Reason::MalformedResponse);
    let standard = good["response"]["clientDataJSON"].as_str().unwrap().to_owned() + "+";
    assert_eq!(with("/response/clientDataJSON", json!(standard)), Reason::MalformedResponse);
    assert_eq!(with("/type", json!("Public-Key")), Reason::MalformedResponse);
    assert_eq!(with("/id", json!("YW4gaWQ=")), Reason::CredentialIdInvalid);
    assert_eq!(with("/response/transports", json!("usb")), Reason::MalformedResponse);
}

/// All malformed members are named at once, and no others.
#[test]
fn malformed_members_are_named() {
    let good = Device::new().none();
    for (changes, named) in [
        (vec![("/id", json!(1))], vec!["id must be a string"]),
        (vec![("/rawId", json!(null))], vec!["rawId must be a string"]),
        (vec![("/type", json!(null))], vec!["type must be public-key"]),
        (vec![("/response/clientDataJSON", json!("a+b"))], vec!["response.clientDataJSON must be base64url"]),
        (
            vec![("/response/transports", json!(["usb", 1])), ("/response/attestationObject", json!({}))],
            vec!["response.attestationObject must be a string", "response.transports must be a list of strings"],
        ),
        (
            vec![("/response", json!([]))],
            vec!["response.clientDataJSON must be a string", "response.attestationObject must be a string"],
        ),
    ] {
        let mut response = good.clone();
        for (pointer, value) in &changes {
            *response.pointer_mut(pointer).unwrap() = value.clone();
        }
        let refusal = verify(&response, lenient()).unwrap_err();
        assert_eq!(refusal.reason, Reason::MalformedResponse);
        assert_eq!(refusal.detail.matches(" must be ").count(), named.len(), "{}", refusal.detail);
        assert!(named.iter().all(|text| refusal.detail.contains(text)), "{}", refusal.detail);
    }
    let refusal = verify(&json!([]), lenient()).unwrap_err();
    assert_eq!((refusal.reason, refusal.detail.matches(" must be ").count()), (Reason::MalformedResponse, 5));
}

/// Some clients send null for an absent optional member.
#[test]
fn null_is_absent() {
    let mut response = Device::new().none();
    for member in ["/response/transports", "/clientExtensionResults"] {
        *response.pointer_mut(member).unwrap() = json!(null);
    }
    response["authenticatorAttachment"] = json!(null);
    assert_eq!(verify(&response, lenient()).unwrap().facts().webauthn.as_ref().unwrap().transports.len(), 0);
}
