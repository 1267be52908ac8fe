//! FIDO metadata: a service with its own root publishes metadata of made-up models.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proof::mds::{BlobError, BlobExpected, COMPROMISED, Certification, Metadata, Status};
use proof::webauthn::verify_registration;
use proof::{Ceremony, Policy, Reason, Trust};
use serde_json::{Value, json};

use crate::authenticator::certificate::{Authority, Certificate, common_name};
use crate::authenticator::keys::Key;
use crate::authenticator::{Device, NOW, ceremony, expected, lenient};

const MODEL: &str = "6578616d-706c-6520-6d6f-64656c203031";
const DAY: i64 = 86_400;

struct Service {
    root: Authority,
    signer: Key,
    algorithm: &'static str,
    certificate: Certificate,
    /// Certificates in the header besides the signer's.
    others: Vec<Vec<u8>>,
    payload: Value,
}

impl Service {
    /// A service with one model, whose attestation leads to this root.
    fn of(root_of_model: &Authority) -> Self {
        let root = Authority::root();
        let signer = Certificate { subject: common_name("mds.fidoalliance.org"), ..Certificate::attesting(&root) };
        let payload = json!({
            "legalHeader": "…", "no": 7, "nextUpdate": "2030-01-02",
            "entries": [
                {"aaid": "1234#5678", "statusReports": [], "timeOfLastStatusChange": "2020-01-01"},
                {
                    "aaguid": MODEL,
                    "metadataStatement": {
                        "description": "Example Key",
                        "attestationRootCertificates": [STANDARD.encode(&root_of_model.der), "AAAA"],
                    },
                    "statusReports": [
                        {"status": "FIDO_CERTIFIED_L1", "effectiveDate": "2021-01-01"},
                        {"status": "FIDO_CERTIFIED_L2", "effectiveDate": "2022-01-01"},
                        {"status": "FIDO_CERTIFIED_L3", "effectiveDate": "2031-01-01"},
                        {"status": "A_STATUS_OF_TOMORROW"},
                    ],
                },
            ],
        });
        Self { certificate: signer, root, signer: Key::p256(), algorithm: "ES256", others: Vec::new(), payload }
    }

    fn blob(&self) -> Vec<u8> {
        let leaf = self.certificate.sign(&self.signer, &self.root.key);
        let x5c: Vec<String> = [&leaf].into_iter().chain(&self.others).map(|der| STANDARD.encode(der)).collect();
        let header = json!({"alg": self.algorithm, "typ": "JWT", "x5c": x5c}).to_string();
        let payload = self.payload.to_string();
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = self.signer.sign_jws(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)).into_bytes()
    }

    fn expected(&self) -> BlobExpected<'_> {
        BlobExpected { roots: std::slice::from_ref(&self.root.der), now: NOW, known_no: Some(7) }
    }

    fn metadata(&self) -> Result<Metadata, BlobError> {
        Metadata::from_blob(&self.blob(), self.expected())
    }

    fn report(mut self, status: &str) -> Self {
        let reports = self.payload["entries"][1]["statusReports"].as_array_mut().unwrap();
        reports.insert(0, json!({"status": status, "effectiveDate": "2023-01-01"}));
        self
    }
}

#[test]
fn a_blob_is_verified_and_shrunk() {
    let root = Authority::root();
    let mut service = Service::of(&root);
    for (signer, algorithm) in [(Key::p256(), "ES256"), (Key::rsa(2048), "RS256")] {
        (service.signer, service.algorithm) = (signer, algorithm);
        let metadata = service.metadata().unwrap();
        assert_eq!((metadata.no(), metadata.len(), metadata.next_update()), (7, 1, NOW + DAY));
        let model = metadata.model(b"example model 01").unwrap();
        assert_eq!((model.description.as_str(), model.certification), ("Example Key", Some(Certification::L2)));
        assert_eq!(metadata.roots(model).collect::<Vec<_>>(), [&root.der]);
        let bytes = metadata.to_bytes();
        assert_eq!(Metadata::from_bytes(&bytes).unwrap(), metadata);
        for end in 0..bytes.len() {
            Metadata::from_bytes(&bytes[..end]).unwrap_err();
        }
    }
}

#[test]
fn a_forged_blob_is_refused() {
    let root = Authority::root();
    let service = Service::of(&root);
    let good = String::from_utf8(service.blob()).unwrap();
    let refused = |blob: &str| Metadata::from_blob(blob.as_bytes(), service.expected()).unwrap_err();
    let mut other = Service::of(&root);
    other.payload["no"] = 8.into();
    let other = String::from_utf8(other.blob()).unwrap();
    let payload = |blob: &str| blob.split('.').nth(1).unwrap().to_owned();
    assert_eq!(refused(&good.replace(&payload(&good), &payload(&other))), BlobError::SignatureInvalid);
    assert_eq!(refused(&other), BlobError::Untrusted, "a different root of the same name");
    for malformed in ["", ".", "a.b.c", &good[..good.len() - 1], good.rsplit_once('.').unwrap().0] {
        assert_eq!(refused(malformed), BlobError::Malformed, "{malformed}");
    }
    let mut confused = Service::of(&root);
    confused.algorithm = "RS256";
    assert_eq!(confused.metadata().unwrap_err(), BlobError::SignatureInvalid);
    confused.algorithm = "none";
    assert_eq!(confused.metadata().unwrap_err(), BlobError::SignatureInvalid);
    let mut stranger = Service::of(&root);
    stranger.certificate.subject = common_name("mds.example.org");
    assert_eq!(stranger.metadata().unwrap_err(), BlobError::Untrusted);
    let mut expired = Service::of(&root);
    expired.certificate.not_after = "20291231235959Z";
    assert_eq!(expired.metadata().unwrap_err(), BlobError::Untrusted);
}

/// The service moved from one root to another, with a cross-certificate for clients that trust only the old one.
#[test]
fn a_blob_may_lead_to_any_of_several_roots() {
    let new_key = Key::p384();
    let of_new = Certificate::authority("New", "New");
    let old = Authority::of(Key::rsa(2048), &Certificate::authority("Old", "Old"), None);
    let cross = Certificate::authority("New", "Old").sign(&new_key, &old.key);
    let new = Authority::of(new_key, &of_new, None);
    let intermediate = Authority::of(Key::p256(), &Certificate::authority("Intermediate", "New"), Some(&new.key));
    let mut service = Service::of(&Authority::root());
    service.certificate.issuer = intermediate.subject.clone();
    let (middle, stranger) = (intermediate.der.clone(), Authority::root().der);
    service.root = intermediate;
    let mut verified = |others: &[&Vec<u8>], roots: &[&Vec<u8>]| {
        service.others = others.iter().copied().cloned().collect();
        let roots: Vec<Vec<u8>> = roots.iter().copied().cloned().collect();
        let expected = BlobExpected { roots: &roots, now: NOW, known_no: None };
        Metadata::from_blob(&service.blob(), expected).map(|metadata| metadata.no())
    };
    let (old, new) = (&old.der, &new.der);
    for others in [vec![&middle, &cross], vec![&cross, &middle], vec![&middle, &cross, new], vec![new, &cross, &middle]]
    {
        for roots in [vec![old], vec![new], vec![old, new], vec![new, &stranger, old]] {
            assert_eq!(verified(&others, &roots), Ok(7));
        }
    }
    for others in [vec![&middle], vec![&middle, new]] {
        assert_eq!(verified(&others, &[new]), Ok(7));
        assert_eq!(verified(&others, &[old, new]), Ok(7));
        assert_eq!(verified(&others, &[old]), Err(BlobError::Untrusted), "without the cross-certificate");
    }
    assert_eq!(verified(&[&cross], &[old, new]), Err(BlobError::Untrusted), "without the intermediate");
    assert_eq!(verified(&[&middle, &cross], &[&stranger]), Err(BlobError::Untrusted));
    assert_eq!(verified(&[&middle, &cross], &[]), Err(BlobError::Untrusted));
    let crowd = vec![&cross; 6];
    assert_eq!(verified(&crowd, &[&stranger]), Err(BlobError::Untrusted), "many paths, none to a root");
}

#[test]
fn an_old_blob_is_refused() {
    let service = Service::of(&Authority::root());
    let at = |now, known_no| {
        let expected = BlobExpected { now, known_no, ..service.expected() };
        Metadata::from_blob(&service.blob(), expected).map(|metadata| metadata.no())
    };
    assert_eq!(at(NOW + 2 * DAY - 1, None), Ok(7), "the day of the next update is not over");
    assert_eq!(at(NOW + 2 * DAY, None), Err(BlobError::Expired));
    assert_eq!(at(NOW, Some(8)), Err(BlobError::RolledBack));
}

#[test]
fn models_must_meet_the_required_level() {
    let root = Authority::root();
    let device = Device::new();
    let packed = device.packed(&root, |certificate| certificate);
    let by_self = device.response("packed", device.self_statement());
    let refused = |service: Service, response: &Value, min_certification| {
        let metadata = service.metadata().unwrap();
        let policy = Policy { trust: Trust::FidoMds(min_certification), ..lenient() };
        let expected = expected();
        let ceremony = Ceremony { metadata: Some(&metadata), ..ceremony(&expected, &policy) };
        verify_registration(response, &ceremony).map(|_| ()).map_err(|refusal| refusal.reason).err()
    };
    let (service, l2) = (|| Service::of(&root), Some(Certification::L2));
    assert_eq!(refused(service(), &packed, l2), None);
    assert_eq!(refused(service(), &packed, Some(Certification::L2Plus)), Some(Reason::CertificationTooLow));
    assert_eq!(refused(service(), &by_self, None), Some(Reason::AttestationUntrusted));
    assert_eq!(refused(service(), &device.none(), None), Some(Reason::AttestationDowngraded));
    assert_eq!(refused(Service::of(&Authority::root()), &packed, None), Some(Reason::AttestationUntrusted));
    let unknown = Device { aaguid: [9; 16], ..Device::new() };
    let unknown = unknown.packed(&root, |certificate| certificate);
    assert_eq!(refused(service(), &unknown, None), Some(Reason::AuthenticatorUnknown));
    for status in COMPROMISED {
        let reason = Some(Reason::AuthenticatorStatusRefused);
        assert_eq!(refused(service().report(status.name()), &packed, None), reason, "{}", status.name());
    }
    assert_eq!(refused(service().report(Status::UpdateAvailable.name()), &packed, l2), None);
}

/// `infra/update-mds`: the last valid metadata stays until a valid update replaces it.
#[test]
fn an_update_is_verified_before_it_replaces_anything() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mds-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let at = |name: &str| folder.join(name);
    let mut program = std::env::current_exe().unwrap();
    program.pop();
    program.set_file_name("examples");
    program.push("update");
    let run = |root: &[u8], blob: &[u8]| {
        std::fs::write(at("root"), root).unwrap();
        std::fs::write(at("blob"), blob).unwrap();
        let output = Command::new(&program).arg("mds").args([at("blob"), at("out"), at("root")]).output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let known = || std::fs::read(at("out")).ok().map(|bytes| Metadata::from_bytes(&bytes).unwrap().no());

    let mut service = Service::of(&Authority::root());
    let pem =
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(&service.root.der));
    let forged = Service::of(&Authority::root()).blob();
    let (taken, told) = run(pem.as_bytes(), &forged);
    assert!(!taken && told.contains("do not end at a known root"), "{told}");
    assert_eq!(known(), None);
    assert_eq!(run(pem.as_bytes(), &service.blob()), (true, String::new()));
    assert_eq!(known(), Some(7));
    service.payload["no"] = 6.into();
    assert!(run(&service.root.der, &service.blob()).1.contains("newer blob is known"));
    service.payload["no"] = 9.into();
    service.payload["nextUpdate"] = "2020-01-01".into();
    assert!(run(&service.root.der, &service.blob()).1.contains("nextUpdate has passed"));
    assert!(!run(&service.root.der, b"nonsense").0);
    assert_eq!(known(), Some(7), "the last valid one stays");
    service.payload["nextUpdate"] = "2098-01-01".into();
    assert!(run(&service.root.der, &service.blob()).0);
    assert_eq!(known(), Some(9));
    std::fs::remove_dir_all(&folder).unwrap();
}
