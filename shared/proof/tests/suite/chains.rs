//! The path from an attesting certificate to a root.

use proof::{Policy, Reason, Trust};
use serde_json::Value;

use crate::authenticator::certificate::{Authority, BASIC_CONSTRAINTS, Certificate, KEY_USAGE, constraints};
use crate::authenticator::der::{explicit, integer, oid, sequence, set, tlv};
use crate::authenticator::keys::Key;
use crate::authenticator::{Device, NOW, distrust, lenient, trusted, verify, verify_at};

/// A root, one CA below it, and the certificates that it issues.
struct Pki {
    root: Authority,
    intermediate: Authority,
    leaf: Certificate,
}

impl Pki {
    fn new() -> Self {
        Self::with(|root| root, |intermediate| intermediate)
    }

    fn with(
        root: impl FnOnce(Certificate) -> Certificate,
        intermediate: impl FnOnce(Certificate) -> Certificate,
    ) -> Self {
        let root = Authority::of(Key::p384(), &root(Certificate::authority("Root", "Root")), None);
        let certificate = intermediate(Certificate::authority("Intermediate", "Root"));
        let intermediate = Authority::of(Key::rsa(2048), &certificate, Some(&root.key));
        let leaf = Certificate::attesting(&intermediate);
        Self { root, intermediate, leaf }
    }

    /// A registration, and its first certificate.
    fn registration(&self, rest: &[&[u8]]) -> (Value, Vec<u8>) {
        let (device, attesting) = (Device::new(), Key::p256());
        let leaf = self.leaf.sign(&attesting, &self.intermediate.key);
        let chain = [&[leaf.as_slice()], rest].concat();
        (device.response("packed", device.packed_statement(&attesting, &chain)), leaf)
    }

    fn response(&self) -> Value {
        self.registration(&[&self.intermediate.der]).0
    }

    fn roots(&self) -> Vec<Vec<u8>> {
        vec![self.root.der.clone()]
    }
}

#[test]
fn to_the_root_with_and_without_it_in_the_chain() {
    let pki = Pki::new();
    let stranger = Authority::root();
    for rest in [&[pki.intermediate.der.as_slice()][..], &[&pki.intermediate.der, &pki.root.der]] {
        let verified = trusted(&pki.registration(rest).0, &[stranger.der.clone(), pki.root.der.clone()]);
        let webauthn = verified.facts().webauthn.as_ref().unwrap();
        assert_eq!(webauthn.verified_by.as_deref(), Some("CN=Root"));
    }
    let (response, _) = pki.registration(&[]);
    let verified = trusted(&response, std::slice::from_ref(&pki.intermediate.der));
    assert_eq!(verified.facts().webauthn.as_ref().unwrap().verified_by.as_deref(), Some("CN=Intermediate"));
}

#[test]
fn an_attesting_certificate_may_be_trusted_itself() {
    let pki = Pki::new();
    let (response, leaf) = pki.registration(&[]);
    trusted(&response, &[leaf]);
}

#[test]
fn signatures_of_every_kind_of_ca() {
    let classical = [Key::p256(), Key::p384(), Key::p521(), Key::ed25519(), Key::rsa(4096)];
    for key in classical.into_iter().chain([-48, -49, -50].map(Key::ml_dsa)) {
        let root = Authority::of(key, &Certificate::authority("Root", "Root"), None);
        let device = Device::new();
        trusted(&device.packed(&root, |certificate| certificate), std::slice::from_ref(&root.der));
        let stranger = Authority::of(Key::p256(), &Certificate::authority("Root", "Root"), None);
        let refused = distrust(&device.packed(&root, |certificate| certificate), &[stranger.der]);
        assert_eq!(refused, Reason::AttestationUntrusted, "the name of a root alone is not trusted");
    }
}

/// RSASSA-PSS names its hash, mask and salt length (RFC 4055 §3.1); SHA-1 is rejected.
#[test]
fn signature_algorithms_of_certificates() {
    let root = Authority::of(Key::rsa(3072), &Certificate::authority("Root", "Root"), None);
    let (device, attesting) = (Device::new(), Key::p256());
    let accepted = |number: i64, algorithm: &[u8]| {
        let leaf = Certificate::attesting(&root).sign_as(&attesting, &root.key, number, algorithm);
        let response = device.response("packed", device.packed_statement(&attesting, &[&leaf]));
        let policy = Policy { roots: vec![root.der.clone()], ..lenient() };
        verify(&response, policy).unwrap().facts().webauthn.as_ref().unwrap().verified_by.is_some()
    };
    const SHA256: &str = "2.16.840.1.101.3.4.2.1";
    const SHA384: &str = "2.16.840.1.101.3.4.2.2";
    let pss = |hash: &str, mask_hash: &str, salt: u8| {
        let mask = sequence(&[&oid("1.2.840.113549.1.1.8"), &sequence(&[&oid(mask_hash)])]);
        let hash = explicit(0, &sequence(&[&oid(hash)]));
        let parameters = sequence(&[&hash, &explicit(1, &mask), &explicit(2, &integer(&[salt]))]);
        sequence(&[&oid("1.2.840.113549.1.1.10"), &parameters])
    };
    assert!(accepted(-37, &pss(SHA256, SHA256, 32)));
    assert!(accepted(-38, &pss(SHA384, SHA384, 48)));
    assert!(!accepted(-38, &pss(SHA256, SHA256, 32)), "the hash differs from that of the signature");
    assert!(!accepted(-37, &pss(SHA256, SHA256, 20)), "another salt");
    assert!(!accepted(-37, &pss(SHA256, SHA384, 32)), "the hash of the mask differs");
    assert!(accepted(-258, &sequence(&[&oid("1.2.840.113549.1.1.12"), &[5, 0]])));
    assert!(!accepted(-65535, &sequence(&[&oid("1.2.840.113549.1.1.5"), &[5, 0]])), "SHA-1");
}

#[test]
fn trust_any_accepts_an_unverified_chain_and_records_that() {
    let pki = Pki::new();
    for (roots, by) in [(vec![Authority::root().der], None), (vec![], None), (pki.roots(), Some("CN=Root"))] {
        let policy = Policy { roots: roots.clone(), ..lenient() };
        let verified = verify(&pki.response(), policy).unwrap();
        assert_eq!(verified.facts().webauthn.as_ref().unwrap().verified_by.as_deref(), by);
    }
}

#[test]
fn chains_that_lead_to_no_root_are_refused() {
    let pki = Pki::new();
    assert_eq!(distrust(&pki.response(), &[]), Reason::AttestationUntrusted);
    assert_eq!(distrust(&pki.response(), &[Authority::root().der]), Reason::AttestationUntrusted);
    assert_eq!(distrust(&pki.response(), &[vec![1, 2, 3]]), Reason::AttestationUntrusted);
    assert_eq!(distrust(&pki.registration(&[]).0, &pki.roots()), Reason::AttestationUntrusted, "a link is missing");
    let other = Pki::new();
    let (foreign, _) = pki.registration(&[&other.intermediate.der, &pki.intermediate.der]);
    assert_eq!(distrust(&foreign, &pki.roots()), Reason::AttestationChainInvalid, "a foreign link");
    let device = Device::new();
    assert_eq!(distrust(&device.none(), &pki.roots()), Reason::AttestationDowngraded);
    let by_self = device.response("packed", device.self_statement());
    assert_eq!(distrust(&by_self, &pki.roots()), Reason::AttestationUntrusted);
}

/// A root is identified by its key. A CA of the same name that the device sends is a different one.
#[test]
fn a_roots_name_in_the_chain_is_not_enough() {
    let trusted_root = Pki::new();
    let attacker = Pki::new();
    assert_eq!(attacker.root.subject, trusted_root.root.subject);
    let (response, _) = attacker.registration(&[&attacker.intermediate.der, &attacker.root.der]);
    trusted(&response, &attacker.roots());
    assert_eq!(distrust(&response, &trusted_root.roots()), Reason::AttestationUntrusted);
    // Only the attacker's root, as the issuer of the leaf.
    let device = Device::new();
    let attesting = Key::p256();
    let leaf = Certificate::attesting(&attacker.root).sign(&attesting, &attacker.root.key);
    let response = device.response("packed", device.packed_statement(&attesting, &[&leaf, &attacker.root.der]));
    trusted(&response, &attacker.roots());
    assert_eq!(distrust(&response, &trusted_root.roots()), Reason::AttestationUntrusted);
}

/// The device sends a valid certificate with the root's name and key. The configured certificate decides.
#[test]
fn an_expired_root_is_not_revived_by_a_certificate_of_its_key() {
    let pki = Pki::with(|root| Certificate { not_after: "20291231235959Z", ..root }, |intermediate| intermediate);
    let renewed = Certificate::authority("Root", "Root").sign(&pki.root.key, &pki.root.key);
    let (response, _) = pki.registration(&[&pki.intermediate.der, &renewed]);
    trusted(&response, std::slice::from_ref(&renewed));
    assert_eq!(distrust(&response, &pki.roots()), Reason::AttestationExpired);
}

/// The intermediate's key signed the leaf, but the leaf names another issuer.
#[test]
fn issuer_and_subject_must_be_the_same_name() {
    let mut pki = Pki::new();
    pki.leaf.issuer = pki.root.subject.clone();
    assert_eq!(distrust(&pki.response(), &pki.roots()), Reason::AttestationChainInvalid);
    // Certificates spell their issuers in other string types and cases (RFC 5280 §7.1).
    let printable = |text: &str| sequence(&[&set(&[&sequence(&[&oid("2.5.4.3"), &tlv(&[19], text.as_bytes())])])]);
    for (spelt, same) in [
        (printable("Intermediate"), true),
        (printable(" INTERmediate  "), true),
        (printable("Inter mediate"), false),
        (printable(""), false),
        (sequence(&[]), false),
    ] {
        pki.leaf.issuer = spelt;
        let refused = verify(&pki.response(), Policy { trust: Trust::Attested, roots: pki.roots(), ..lenient() });
        let expected = if same { None } else { Some(Reason::AttestationChainInvalid) };
        assert_eq!(refused.map_err(|refusal| refusal.reason).err(), expected);
    }
}

/// Whatever the policy trusts, `x5c` must be a chain.
#[test]
fn x5c_is_a_chain() {
    let (pki, stranger) = (Pki::new(), Pki::new());
    let accepted = |rest: &[&[u8]]| {
        let refusal = verify(&pki.registration(rest).0, lenient()).err();
        refusal.map(|refusal| assert_eq!(refusal.reason, Reason::AttestationChainInvalid)).is_none()
    };
    let (root, intermediate) = (pki.root.der.as_slice(), pki.intermediate.der.as_slice());
    assert!(accepted(&[]) && accepted(&[intermediate]) && accepted(&[intermediate, root]));
    assert!(accepted(&[intermediate, root, root]), "a root issued itself");
    for rest in [
        vec![root],
        vec![root, intermediate],
        vec![intermediate, intermediate],
        vec![intermediate, root, &stranger.root.der],
        vec![intermediate, &stranger.root.der],
        vec![&stranger.intermediate.der, root],
    ] {
        assert!(!accepted(&rest));
    }
    // Without required trust, a SHA-1 signature in the chain is not refused.
    let sha1 = sequence(&[&oid("1.2.840.113549.1.1.5"), &[5, 0]]);
    let (device, attesting) = (Device::new(), Key::p256());
    let leaf = pki.leaf.sign_as(&attesting, &pki.intermediate.key, -65535, &sha1);
    let response = device.response("packed", device.packed_statement(&attesting, &[&leaf, intermediate]));
    verify(&response, lenient()).unwrap();
    assert_eq!(distrust(&response, &pki.roots()), Reason::AttestationUntrusted);
}

/// The device's copy of the root may have expired if the trusted one is valid.
#[test]
fn a_root_is_known_by_its_name_and_key() {
    let pki = Pki::new();
    let old = Certificate { not_after: "20291231235959Z", ..Certificate::authority("Root", "Root") };
    let old = old.sign(&pki.root.key, &pki.root.key);
    let response = pki.registration(&[&pki.intermediate.der, &old]).0;
    for roots in [pki.roots(), vec![old.clone(), pki.root.der.clone()], vec![pki.root.der.clone(), old.clone()]] {
        trusted(&response, &roots);
        trusted(&pki.response(), &roots);
    }
    assert_eq!(distrust(&response, std::slice::from_ref(&old)), Reason::AttestationExpired);
}

#[test]
fn only_cas_may_issue() {
    let wrong: [fn(Certificate) -> Certificate; 4] = [
        |ca| ca.with(BASIC_CONSTRAINTS, true, constraints(false, None)),
        |ca| ca.without(BASIC_CONSTRAINTS),
        |ca| ca.with(KEY_USAGE, true, tlv(&[3], &[7, 0x80])),
        |ca| ca.with("1.2.3.4", true, Vec::new()),
    ];
    for change in wrong {
        let pki = Pki::with(|root| root, change);
        assert_eq!(distrust(&pki.response(), &pki.roots()), Reason::AttestationUntrusted, "intermediate");
        let pki = Pki::with(change, |intermediate| intermediate);
        assert_eq!(distrust(&pki.response(), &pki.roots()), Reason::AttestationUntrusted, "root");
    }
    let allowed: [fn(Certificate) -> Certificate; 3] = [
        |ca| ca.without(KEY_USAGE),
        |ca| ca.with("1.2.3.4", false, Vec::new()),
        |ca| Certificate { version: 1, extensions: Vec::new(), ..ca },
    ];
    for change in allowed {
        let pki = Pki::with(change, |intermediate| intermediate);
        trusted(&pki.response(), &pki.roots());
    }
}

#[test]
fn a_chain_may_not_be_longer_than_its_cas_allow() {
    for (length, fits) in [(0, false), (1, true)] {
        let pki = Pki::with(|root| root.with(BASIC_CONSTRAINTS, true, constraints(true, Some(length))), |ca| ca);
        let policy = Policy { trust: Trust::Attested, roots: pki.roots(), ..lenient() };
        let refused = verify(&pki.response(), policy).map(|_| ()).map_err(|refusal| refusal.reason).err();
        assert_eq!(refused, if fits { None } else { Some(Reason::AttestationUntrusted) });
    }
}

#[test]
fn all_certificates_must_be_valid_now() {
    const EXPIRED: fn(Certificate) -> Certificate = |ca| Certificate { not_after: "20291231235959Z", ..ca };
    const TO_COME: fn(Certificate) -> Certificate = |ca| Certificate { not_before: "20300101000001Z", ..ca };
    for change in [EXPIRED, TO_COME] {
        let mut leaf = Pki::new();
        leaf.leaf = change(leaf.leaf);
        for pki in [leaf, Pki::with(change, |ca| ca), Pki::with(|ca| ca, change)] {
            assert_eq!(distrust(&pki.response(), &pki.roots()), Reason::AttestationExpired);
            let verified = verify(&pki.response(), Policy { roots: pki.roots(), ..lenient() }).unwrap();
            assert_eq!(verified.facts().webauthn.as_ref().unwrap().verified_by, None);
            let roots = pki.roots();
            let policy = Policy { trust: Trust::Attested, roots: roots.clone(), ..lenient() };
            let then =
                if change(Certificate::authority("", "")).not_after == "20291231235959Z" { NOW - 1 } else { NOW + 1 };
            verify_at(&pki.response(), policy, then).unwrap();
        }
    }
}

/// The signed part of a certificate names another algorithm than the signature.
#[test]
fn certificates_must_be_certificates() {
    let (device, attesting, root) = (Device::new(), Key::p256(), Authority::root());
    let good = Certificate::attesting(&root).sign(&attesting, &root.key);
    let refused = |der: &[u8]| {
        let response = device.response("packed", device.packed_statement(&attesting, &[der]));
        verify(&response, lenient()).unwrap_err().reason
    };
    let place = good.windows(8).rposition(|part| part == [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]).unwrap();
    let mut other = good.clone();
    other[place + 7] = 3;
    assert_eq!(refused(&other), Reason::AttestationCertificateInvalid);
    assert_eq!(refused(&[&good[..], &[0]].concat()), Reason::AttestationCertificateInvalid);
    for end in 0..good.len() {
        assert_eq!(refused(&good[..end]), Reason::AttestationCertificateInvalid, "{end}");
    }
    let mut twice = Certificate::attesting(&root);
    twice.extensions.push((BASIC_CONSTRAINTS, true, sequence(&[])));
    assert_eq!(refused(&twice.sign(&attesting, &root.key)), Reason::AttestationCertificateInvalid);
}
