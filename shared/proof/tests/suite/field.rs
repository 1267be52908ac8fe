//! Registrations of real devices, recorded by the tests of other verifiers (`data/field-registrations.jsonl`), and
//! registrations described in public bug reports of other verifiers (`data/reported-registrations.jsonl`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proof::android_status::AndroidStatus;
use proof::webauthn::verify_registration;
use proof::{Ceremony, Expected, Facts, Policy, Reason, RootSet, Trust};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::authenticator::{ceremony, lenient};

/// 2040-01-01, when every certificate of the Android chains except the root's has expired.
const LATER: i64 = 2_208_988_800;

struct Registration {
    name: String,
    rp_id: String,
    origins: Vec<String>,
    challenge: Vec<u8>,
    now: i64,
    credential: Value,
}

impl Registration {
    fn all() -> Vec<Self> {
        include_str!("../data/field-registrations.jsonl").lines().map(Self::read).collect()
    }

    fn named(start: &str) -> Self {
        Self::all().into_iter().find(|one| one.name.starts_with(start)).unwrap()
    }

    fn read(line: &str) -> Self {
        let line: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        Self {
            name: text("name"),
            rp_id: text("rpId"),
            origins: serde_json::from_value(line["origins"].clone()).unwrap(),
            challenge: URL_SAFE_NO_PAD.decode(text("challenge")).unwrap(),
            now: OffsetDateTime::parse(&text("now"), &Rfc3339).unwrap().unix_timestamp(),
            credential: line["credential"].clone(),
        }
    }

    fn verify(&self, policy: Policy, now: i64) -> Result<Facts, Reason> {
        self.verify_with(policy, None, now)
    }

    fn verify_with(&self, policy: Policy, android_status: Option<&AndroidStatus>, now: i64) -> Result<Facts, Reason> {
        let (rp_id, origins, challenge) = (self.rp_id.clone(), self.origins.clone(), self.challenge.clone());
        let expected = Expected { rp_id, origins, challenge, ..Expected::default() };
        let ceremony = Ceremony { android_status, now, ..ceremony(&expected, &policy) };
        let verified = verify_registration(&self.credential, &ceremony);
        verified.map(|verified| verified.facts().clone()).map_err(|refusal| refusal.reason)
    }

    /// Verifies with trust in the named sets.
    fn attested(&self, root_sets: &[RootSet], now: i64) -> Result<Option<String>, Reason> {
        let policy = Policy { trust: Trust::Attested, root_sets: root_sets.to_vec(), ..lenient() };
        self.verify(policy, now).map(|facts| facts.webauthn.unwrap().verified_by)
    }
}

#[test]
fn real_devices_are_accepted() {
    let all = Registration::all();
    assert!(all.len() >= 17);
    for registration in all {
        let facts = registration.verify(lenient(), registration.now).map_err(|why| why.name());
        let format = facts.unwrap_or_else(|why| panic!("{}: {why}", registration.name)).webauthn.unwrap();
        assert!(registration.name.starts_with(&format.attestation_format), "{}", registration.name);
        assert_eq!(format.verified_by, None);
    }
}

#[test]
fn registrations_from_bug_reports_are_accepted() {
    let all: Vec<_> = include_str!("../data/reported-registrations.jsonl").lines().map(Registration::read).collect();
    assert_eq!(all.len(), 9);
    for registration in all {
        let refusal = registration.verify(lenient(), registration.now).err();
        assert_eq!(refusal, None, "{}", registration.name);
    }
}

#[test]
fn android_keys_lead_to_googles_roots() {
    let rsa = Ok(Some("2.5.4.5=f92009e853b6b045".to_owned()));
    let ecdsa = Ok(Some("CN=Key Attestation CA1, OU=Android, O=Google LLC, C=US".to_owned()));
    for (start, root, later) in [
        ("android-key, remotely provisioned under the RSA root", &rsa, Err(Reason::AttestationExpired)),
        ("android-key, remotely provisioned under Key Attestation CA1", &ecdsa, Err(Reason::AttestationExpired)),
        // Its copy of the root expired in May 2026.
        ("android-key, provisioned in the factory", &rsa, rsa.clone()),
    ] {
        let registration = Registration::named(start);
        assert_eq!(registration.attested(&[RootSet::Google], registration.now), *root, "{start}");
        assert_eq!(registration.attested(&RootSet::ALL, registration.now), *root, "{start}");
        assert_eq!(registration.attested(&[RootSet::Apple], registration.now), Err(Reason::AttestationUntrusted));
        assert_eq!(registration.attested(&[], registration.now), Err(Reason::AttestationUntrusted));
        assert_eq!(registration.attested(&[RootSet::Google], LATER), later, "{start}");
        assert_eq!(registration.attested(&[RootSet::Google], 0), Err(Reason::AttestationExpired), "{start}");
    }
}

#[test]
fn apples_keys_lead_to_its_root() {
    let registration = Registration::named("apple");
    let root = "CN=Apple WebAuthn Root CA, O=Apple Inc., 2.5.4.8=California";
    assert_eq!(registration.attested(&[RootSet::Apple], registration.now), Ok(Some(root.to_owned())));
    assert_eq!(registration.attested(&[RootSet::Google], registration.now), Err(Reason::AttestationUntrusted));
    assert_eq!(registration.attested(&[RootSet::Apple], LATER), Err(Reason::AttestationExpired));
}

/// Google's list names certificates by their serial numbers.
#[test]
fn revoked_attestation_keys_are_not_trusted() {
    let registration = Registration::named("android-key, provisioned in the factory");
    let now = registration.now;
    let fetched = |fetched: i64, serials: &[&str]| {
        let entries: Value = serials.iter().map(|one| ((*one).to_owned(), json!({"status": "REVOKED"}))).collect();
        AndroidStatus::from_json(json!({"entries": entries}).to_string().as_bytes(), fetched, None).unwrap()
    };
    let verify = |list: Option<&AndroidStatus>, trust, android_status_required| {
        let policy = Policy { trust, root_sets: vec![RootSet::Google], android_status_required, ..lenient() };
        registration.verify_with(policy, list, now).map(|facts| facts.webauthn.unwrap().verified_by.is_some())
    };
    let other = fetched(now, &["1234", "37016611525069324911"]);
    for (serial, place) in [("3701661152506932490", "attesting"), ("038826676065899685e2", "intermediate")] {
        let list = fetched(now, &["1234", serial, "ffff"]);
        assert_eq!(verify(Some(&list), Trust::Attested, false), Err(Reason::AttestationRevoked), "{place}");
        assert_eq!(verify(Some(&list), Trust::Attested, true), Err(Reason::AttestationRevoked), "{place}");
        assert_eq!(verify(Some(&list), Trust::Any, true), Ok(false), "the list applies only if trust is required");
    }
    assert_eq!(verify(Some(&other), Trust::Attested, true), Ok(true));
    assert_eq!(verify(None, Trust::Attested, false), Ok(true));
    assert_eq!(verify(None, Trust::Attested, true), Err(Reason::AttestationStatusUnknown));
    let old = fetched(now - 30 * 86_400 - 1, &["1234"]);
    assert_eq!(verify(Some(&old), Trust::Attested, false), Ok(true));
    assert_eq!(verify(Some(&old), Trust::Attested, true), Err(Reason::AttestationStatusUnknown));
    // Other formats have no such list.
    let apple = Registration::named("apple");
    let policy =
        Policy { trust: Trust::Attested, root_sets: vec![RootSet::Apple], android_status_required: true, ..lenient() };
    apple.verify(policy, apple.now).unwrap();
}
