//! Statements of every format except `tpm`: valid ones, and with each part wrong.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use proof::{AttestationType, Material, Reason};

use crate::authenticator::certificate::{AAGUID, Authority, BASIC_CONSTRAINTS, Certificate, Change, constraints};
use crate::authenticator::der::{enumerated, explicit, explicit_high, integer, name, octets, sequence, set, tlv};
use crate::authenticator::keys::Key;
use crate::authenticator::{Device, encode, lenient, map, refusal, sha256, text, trusted, verify, x5c};

/// A copy of a statement with one member set, or removed by `None`.
fn with(statement: &Cbor, name: &str, value: Option<Cbor>) -> Cbor {
    let mut members = statement.as_map().unwrap().clone();
    members.retain(|(key, _)| *key != text(name));
    members.extend(value.map(|value| (text(name), value)));
    Cbor::Map(members)
}

fn flipped(statement: &Cbor, name: &str) -> Cbor {
    let (_, value) = statement.as_map().unwrap().iter().find(|(key, _)| *key == text(name)).unwrap();
    let mut bytes = value.as_bytes().unwrap().clone();
    *bytes.last_mut().unwrap() ^= 1;
    with(statement, name, Some(Cbor::Bytes(bytes)))
}

#[test]
fn every_algorithm_registers_and_attests_itself() {
    for algorithm in proof::Algorithm::ALL {
        let device = Device::of(algorithm.cose());
        let verified = verify(&device.response("packed", device.self_statement()), lenient());
        let facts = verified.unwrap_or_else(|refusal| panic!("{}: {refusal}", algorithm.name())).facts().clone();
        assert_eq!(facts.algorithm, algorithm.name());
        let jwk: serde_json::Value = serde_json::from_str(&facts.jwk_json).unwrap();
        assert_eq!(jwk, device.key.jwk());
        assert_eq!(facts.webauthn.unwrap().attestation_type, AttestationType::SelfSigned);
        assert_eq!(
            refusal(&device.response("packed", flipped(&device.self_statement(), "sig"))),
            Reason::AttestationSignatureInvalid
        );
    }
}

#[test]
fn rsa_keys_of_2048_to_4096_bits() {
    for bits in [2048, 3072, 4096] {
        for algorithm in [-257, -37] {
            let device = Device::with(Key::rsa(bits), algorithm);
            verify(&device.response("packed", device.self_statement()), lenient()).unwrap();
            verify(&device.none(), lenient()).unwrap();
        }
    }
    assert_eq!(refusal(&Device::with(Key::rsa(1024), -257).none()), Reason::AlgorithmNotAllowed);
}

#[test]
fn a_key_that_does_not_fit_its_algorithm() {
    let set = |label: i64, value: Cbor| {
        let mut device = Device::new();
        device.cose.retain(|(key, _)| *key != Cbor::Integer(label.into()));
        device.cose.push((label.into(), value));
        refusal(&device.none())
    };
    for algorithm in [-8, -35, -36, -37, -47, -53, -65535, 7] {
        assert_eq!(set(3, algorithm.into()), Reason::AlgorithmNotAllowed, "{algorithm}");
    }
    assert_eq!(set(1, 1.into()), Reason::AlgorithmNotAllowed, "kty");
    assert_eq!(set(-1, 2.into()), Reason::AlgorithmNotAllowed, "crv");
    assert_eq!(set(-2, Cbor::Bytes(vec![7; 32])), Reason::AlgorithmNotAllowed, "the point is not on the curve");
    assert_eq!(set(-2, Cbor::Bytes(vec![7; 31])), Reason::AlgorithmNotAllowed, "short");
    assert_eq!(set(-3, Cbor::Bool(true)), Reason::AlgorithmNotAllowed, "compressed");
    assert_eq!(set(-4, Cbor::Bytes(vec![7; 32])), Reason::AlgorithmNotAllowed, "private");
    for algorithm in [-48, -49, -50] {
        let other = if algorithm == -48 { -49 } else { -48 };
        let short = Cbor::Bytes(vec![7; 1311]);
        for (place, value) in [(0, 1.into()), (1, other.into()), (2, short)] {
            let mut device = Device::of(algorithm);
            device.cose[place].1 = value;
            assert_eq!(refusal(&device.none()), Reason::AlgorithmNotAllowed, "{algorithm} {place}");
        }
        let mut private = Device::of(algorithm);
        private.cose.push(((-2).into(), Cbor::Bytes(vec![7; 32])));
        assert_eq!(refusal(&private.none()), Reason::AlgorithmNotAllowed, "{algorithm}");
    }
    let mut twice = Device::new();
    twice.cose.push((3.into(), (-7).into()));
    assert_eq!(refusal(&twice.none()), Reason::AlgorithmNotAllowed);
    let mut weak = Device::of(-8);
    weak.cose.retain(|(key, _)| *key != Cbor::Integer((-2).into()));
    weak.cose.push(((-2).into(), Cbor::Bytes([vec![1], vec![0; 31]].concat())));
    assert_eq!(refusal(&weak.none()), Reason::AlgorithmNotAllowed, "small order");
}

#[test]
fn none_has_an_empty_statement() {
    let device = Device::new();
    let facts = verify(&device.none(), lenient()).unwrap().facts().clone();
    assert_eq!(facts.webauthn.unwrap().attestation_type, AttestationType::None);
    assert_eq!(refusal(&device.response("none", map(vec![("sig", Cbor::Null)]))), Reason::AttestationInvalid);
    assert_eq!(refusal(&device.response("none", Cbor::Array(vec![]))), Reason::MalformedAttestation);
}

#[test]
fn unknown_formats_are_refused_by_name() {
    for format in ["android-safetynet", "", "None", "packed "] {
        let refused = refusal(&Device::new().response(format, Cbor::Map(vec![])));
        assert_eq!(refused, Reason::AttestationFormatNotSupported, "{format}");
    }
}

#[test]
fn packed_by_self() {
    let device = Device::new();
    let statement = device.self_statement();
    let refused = |statement| refusal(&device.response("packed", statement));
    assert_eq!(refused(with(&statement, "alg", Some((-35).into()))), Reason::AttestationInvalid);
    assert_eq!(refused(with(&statement, "alg", Some((-9).into()))), Reason::AttestationInvalid);
    assert_eq!(refused(with(&statement, "alg", None)), Reason::AttestationInvalid);
    assert_eq!(refused(with(&statement, "sig", None)), Reason::AttestationInvalid);
    assert_eq!(refused(with(&statement, "ecdaaKeyId", Some(Cbor::Bytes(vec![1])))), Reason::AttestationInvalid);
    assert_eq!(refused(with(&statement, "x5c", Some(Cbor::Array(vec![])))), Reason::AttestationInvalid);
    let mut twice = statement.as_map().unwrap().clone();
    twice.push((text("alg"), (-7).into()));
    assert_eq!(refused(Cbor::Map(twice)), Reason::MalformedAttestation);
}

#[test]
fn packed_by_a_certified_key_of_every_kind() {
    let root = Authority::root();
    let classical = [Key::p256(), Key::p384(), Key::p521(), Key::ed25519(), Key::rsa(2048), Key::rsa(3072)];
    for attesting in classical.into_iter().chain([-48, -49, -50].map(Key::ml_dsa)) {
        let device = Device::new();
        let leaf = Certificate::attesting(&root).sign(&attesting, &root.key);
        let statement = device.packed_statement(&attesting, &[&leaf]);
        let response = device.response("packed", statement.clone());
        let verified = trusted(&response, std::slice::from_ref(&root.der));
        let webauthn = verified.facts().webauthn.clone().unwrap();
        assert_eq!(webauthn.attestation_type, AttestationType::Basic);
        assert_eq!(webauthn.verified_by.as_deref(), Some("CN=Example Root"));
        let Material::Webauthn { attestation_object, .. } = verified.material() else { panic!("no registration") };
        let sent = URL_SAFE_NO_PAD.decode(response["response"]["attestationObject"].as_str().unwrap()).unwrap();
        assert_eq!(*attestation_object, sent);
        let refused = |statement| refusal(&device.response("packed", statement));
        assert_eq!(refused(flipped(&statement, "sig")), Reason::AttestationSignatureInvalid);
        let other = if attesting.algorithm() == -7 { -35 } else { -7 };
        assert_eq!(refused(with(&statement, "alg", Some(other.into()))), Reason::AttestationInvalid);
    }
}

#[test]
fn packed_over_other_data() {
    let root = Authority::root();
    let (device, attesting) = (Device::new(), Key::p256());
    let leaf = Certificate::attesting(&root).sign(&attesting, &root.key);
    let statement = device.packed_statement(&attesting, &[&leaf]);
    let changes: [fn(&mut Device); 3] =
        [|device| device.flags ^= 0x04, |device| device.credential_id.push(1), |device| device.aaguid[3] ^= 1];
    for change in changes {
        let mut other = Device { key: Key::p256(), cose: device.cose.clone(), ..Device::new() };
        change(&mut other);
        assert_eq!(refusal(&other.response("packed", statement.clone())), Reason::AttestationSignatureInvalid);
    }
}

#[test]
fn packed_certificates_meet_the_requirements() {
    let root = Authority::root();
    let device = Device::new();
    verify(&device.packed(&root, |certificate| certificate), lenient()).unwrap();
    verify(&device.packed(&root, |certificate| certificate.without(AAGUID)), lenient()).unwrap();
    let unsaid = device.packed(&root, |certificate| certificate.without(BASIC_CONSTRAINTS));
    trusted(&unsaid, std::slice::from_ref(&root.der));
    let subject = |attributes: [(&'static str, &'static str); 4]| {
        move |certificate: Certificate| Certificate { subject: name(&attributes), ..certificate }
    };
    let (c, o, cn) = (("2.5.4.6", "AA"), ("2.5.4.10", "Keys"), ("2.5.4.3", "Key"));
    let ou = ("2.5.4.11", "Authenticator Attestation");
    verify(&device.packed(&root, subject([c, o, ou, cn])), lenient()).unwrap();
    let wrong: Vec<(&str, Change)> = vec![
        ("version", Box::new(|certificate| Certificate { version: 2, ..certificate })),
        ("CA", Box::new(|certificate| certificate.with(BASIC_CONSTRAINTS, true, constraints(true, None)))),
        ("AAGUID", Box::new(|certificate| certificate.with(AAGUID, false, octets(&[1; 16])))),
        ("bare AAGUID", Box::new(|certificate| certificate.with(AAGUID, false, b"example model 01".to_vec()))),
        ("critical", Box::new(|certificate| certificate.with(AAGUID, true, octets(b"example model 01")))),
        ("C", Box::new(subject([("2.5.4.6", "AAA"), o, ou, cn]))),
        ("no C", Box::new(subject([o, o, ou, cn]))),
        ("O", Box::new(subject([c, ("2.5.4.10", ""), ou, cn]))),
        ("OU", Box::new(subject([c, o, ("2.5.4.11", "authenticator attestation"), cn]))),
        ("CN", Box::new(subject([c, o, ou, ("2.5.4.3", "")]))),
    ];
    for (what, change) in wrong {
        assert_eq!(refusal(&device.packed(&root, change)), Reason::AttestationCertificateInvalid, "{what}");
    }
}

fn u2f_statement(device: &Device, attesting: &Key, chain: &[&[u8]]) -> Cbor {
    let (x, y) = device.key.parts();
    let rp_id_hash = sha256(device.rp_id.as_bytes());
    let signed =
        [&[0], rp_id_hash.as_slice(), &device.client_data_hash(), &device.credential_id, &[4], &x, &y].concat();
    map(vec![("sig", Cbor::Bytes(attesting.sign(attesting.algorithm(), &signed))), ("x5c", x5c(chain))])
}

#[test]
fn fido_u2f() {
    let root = Authority::root();
    let device = Device { aaguid: [0; 16], flags: 0x41, ..Device::new() };
    let statement = |device: &Device, attesting: &Key, certificates: usize| {
        let leaf = Certificate::attesting(&root).sign(attesting, &root.key);
        u2f_statement(device, attesting, &vec![leaf.as_slice(); certificates])
    };
    let good = statement(&device, &Key::p256(), 1);
    let verified = trusted(&device.response("fido-u2f", good.clone()), std::slice::from_ref(&root.der));
    assert_eq!(verified.facts().webauthn.as_ref().unwrap().attestation_type, AttestationType::Basic);
    let refused = |statement| refusal(&device.response("fido-u2f", statement));
    assert_eq!(refused(statement(&device, &Key::p256(), 2)), Reason::AttestationInvalid);
    assert_eq!(refused(statement(&device, &Key::p384(), 1)), Reason::AttestationCertificateInvalid);
    assert_eq!(refused(flipped(&good, "sig")), Reason::AttestationSignatureInvalid);
    assert_eq!(refused(with(&good, "sig", None)), Reason::AttestationInvalid);
    let other = Device::of(-35);
    assert_eq!(refusal(&other.response("fido-u2f", statement(&other, &Key::p256(), 1))), Reason::AttestationInvalid);
}

const APPLE_NONCE: &str = "1.2.840.113635.100.8.2";

fn apple(root: &Authority, nonce: Option<Vec<u8>>, certified: &Key) -> Cbor {
    let mut certificate = Certificate::attesting(root);
    if let Some(nonce) = nonce {
        certificate = certificate.with(APPLE_NONCE, false, nonce);
    }
    map(vec![("x5c", x5c(&[&certificate.sign(certified, &root.key)]))])
}

#[test]
fn apple_anonymous() {
    let root = Authority::root();
    let device = Device::new();
    let nonce = |bytes: &[u8]| Some(sequence(&[&explicit(1, &octets(bytes))]));
    let right = nonce(&sha256(&device.signed()));
    let response = device.response("apple", apple(&root, right.clone(), &device.key));
    let verified = trusted(&response, std::slice::from_ref(&root.der));
    assert_eq!(verified.facts().webauthn.as_ref().unwrap().attestation_type, AttestationType::AnonCa);
    let refused = |nonce, key: &Key| refusal(&device.response("apple", apple(&root, nonce, key)));
    assert_eq!(refused(nonce(&[0; 32]), &device.key), Reason::AttestationInvalid);
    assert_eq!(refused(right, &Key::p256()), Reason::AttestationInvalid);
    assert_eq!(refused(None, &device.key), Reason::AttestationCertificateInvalid);
    assert_eq!(refused(Some(octets(&[0; 32])), &device.key), Reason::AttestationCertificateInvalid);
    assert_eq!(refusal(&device.response("apple", Cbor::Map(vec![]))), Reason::AttestationInvalid);
}

const KEY_DESCRIPTION: &str = "1.3.6.1.4.1.11129.2.1.17";

/// Android's description of a key: its challenge and its two lists.
fn description(challenge: &[u8], software: &[u8], hardware: &[u8]) -> Vec<u8> {
    sequence(&[
        &integer(&[4]),
        &enumerated(1),
        &integer(&[41]),
        &enumerated(1),
        &octets(challenge),
        &octets(b""),
        software,
        hardware,
    ])
}

fn android(device: &Device, root: &Authority, description: Option<Vec<u8>>, certified: &Key) -> Cbor {
    let mut certificate = Certificate::attesting(root);
    if let Some(description) = description {
        certificate = certificate.with(KEY_DESCRIPTION, false, description);
    }
    let algorithm = certified.algorithm();
    map(vec![
        ("alg", algorithm.into()),
        ("sig", Cbor::Bytes(certified.sign(algorithm, &device.signed()))),
        ("x5c", x5c(&[&certificate.sign(certified, &root.key)])),
    ])
}

#[test]
fn android_key() {
    let root = Authority::root();
    let purpose = |purpose: u8| explicit(1, &set(&[&integer(&[purpose])]));
    let origin = |origin: u8| explicit_high(702, &integer(&[origin]));
    let all_applications = explicit_high(600, &[5, 0]);
    let empty = sequence(&[]);
    let good = sequence(&[&purpose(2), &origin(0)]);
    let device = Device::new();
    let hash = device.client_data_hash();
    let response = |description, key: &Key| device.response("android-key", android(&device, &root, description, key));
    for (software, hardware) in [(&empty, &good), (&good, &empty), (&good, &good)] {
        let verified = trusted(
            &response(Some(description(&hash, software, hardware)), &device.key),
            std::slice::from_ref(&root.der),
        );
        assert_eq!(verified.facts().webauthn.as_ref().unwrap().attestation_type, AttestationType::Basic);
    }
    let wrong = [
        empty.clone(),
        sequence(&[&purpose(2)]),
        sequence(&[&origin(0)]),
        sequence(&[&purpose(2), &origin(2)]),
        sequence(&[&purpose(3), &origin(0)]),
        sequence(&[&explicit(1, &set(&[&integer(&[2]), &integer(&[3])])), &origin(0)]),
        sequence(&[&purpose(2), &all_applications, &origin(0)]),
        sequence(&[&tlv(&[2], &[]), &purpose(2), &explicit_high(702, &[])]),
    ];
    for list in &wrong {
        for (software, hardware) in [(list, &empty), (&empty, list), (list, &good)] {
            if [software, hardware].contains(&&good) && wrong[..3].contains(list) {
                continue;
            }
            let refused = refusal(&response(Some(description(&hash, software, hardware)), &device.key));
            assert_eq!(refused, Reason::AttestationCertificateInvalid, "{list:x?}");
        }
    }
    let right = description(&hash, &empty, &good);
    assert_eq!(refusal(&response(Some(description(&[0; 32], &empty, &good)), &device.key)), Reason::AttestationInvalid);
    assert_eq!(refusal(&response(Some(right.clone()), &Key::p256())), Reason::AttestationInvalid);
    assert_eq!(refusal(&response(None, &device.key)), Reason::AttestationCertificateInvalid);
    let signed = android(&device, &root, Some(right), &device.key);
    let refused = |statement| refusal(&device.response("android-key", statement));
    assert_eq!(refused(flipped(&signed, "sig")), Reason::AttestationSignatureInvalid);
    assert_eq!(refused(with(&signed, "alg", Some((-35).into()))), Reason::AttestationInvalid);
}

#[test]
fn compound() {
    let root = Authority::root();
    let device = Device::new();
    let attesting = Key::p256();
    let leaf = Certificate::attesting(&root).sign(&attesting, &root.key);
    let packed = device.packed_statement(&attesting, &[&leaf]);
    let nonce = sequence(&[&explicit(1, &octets(&sha256(&device.signed())))]);
    let apple = apple(&root, Some(nonce), &device.key);
    let part = |format: &str, statement: &Cbor| map(vec![("fmt", text(format)), ("attStmt", statement.clone())]);
    let response = |parts: Vec<Cbor>| device.response("compound", Cbor::Array(parts));
    let both = response(vec![part("packed", &device.self_statement()), part("apple", &apple)]);
    let webauthn = trusted(&both, std::slice::from_ref(&root.der)).facts().webauthn.clone().unwrap();
    assert_eq!(
        (webauthn.attestation_format.as_str(), webauthn.attestation_type),
        ("compound", AttestationType::AnonCa)
    );
    // Without a required root, a statement with certificates is recorded rather than one without.
    let unverified = verify(&both, lenient()).unwrap().facts().webauthn.clone().unwrap();
    assert_eq!((unverified.attestation_type, unverified.verified_by), (AttestationType::AnonCa, None));
    let refused = |parts| refusal(&response(parts));
    assert_eq!(refused(vec![]), Reason::AttestationInvalid);
    assert_eq!(refused(vec![part("packed", &packed)]), Reason::AttestationInvalid);
    assert_eq!(refused(vec![part("packed", &packed); 5]), Reason::AttestationInvalid);
    let nested = Cbor::Array(vec![part("packed", &packed), part("apple", &apple)]);
    assert_eq!(refused(vec![part("packed", &packed), part("compound", &nested)]), Reason::AttestationInvalid);
    let broken = flipped(&packed, "sig");
    assert_eq!(refused(vec![part("apple", &apple), part("packed", &broken)]), Reason::AttestationSignatureInvalid);
    let unknown = part("android-safetynet", &packed);
    assert_eq!(refused(vec![part("apple", &apple), unknown]), Reason::AttestationFormatNotSupported);
    assert_eq!(refused(vec![text("packed"), text("packed")]), Reason::MalformedAttestation);
    assert_eq!(refusal(&device.response("compound", packed.clone())), Reason::MalformedAttestation);
}

/// Nesting, sizes and numbers of elements in a device's response are bounded.
#[test]
fn hostile_sizes() {
    let device = Device::new();
    let members = |more: &[u8]| [&[0xa1, 0x63, b'f', b'm', b't'], more].concat();
    let mut nested = members(&[]);
    nested.extend(vec![0x81; 5_000]);
    nested.push(0xf6);
    assert_eq!(refusal(&device.response_of(&nested)), Reason::MalformedAttestation);
    for bomb in [[0x9b, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff], [0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]]
    {
        assert_eq!(refusal(&device.response_of(&members(&bomb))), Reason::MalformedAttestation);
    }
    let large = encode(&Cbor::Bytes(vec![0; 70_000]));
    assert_eq!(refusal(&device.response_of(&large)), Reason::MalformedAttestation);
    let root = Authority::root();
    let (attesting, statement) = (Key::p256(), |chain: &[&[u8]], key: &Key| device.packed_statement(key, chain));
    let leaf = Certificate::attesting(&root).sign(&attesting, &root.key);
    let long = statement(&[leaf.as_slice(); 9], &attesting);
    assert_eq!(refusal(&device.response("packed", long)), Reason::AttestationInvalid);
    let huge = Certificate::attesting(&root).with("1.2.3", false, vec![0; 17_000]).sign(&attesting, &root.key);
    assert_eq!(
        refusal(&device.response("packed", statement(&[&huge], &attesting))),
        Reason::AttestationCertificateInvalid
    );
}
