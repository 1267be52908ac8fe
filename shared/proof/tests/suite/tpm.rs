//! `tpm`: a software TPM.

use ciborium::Value as Cbor;
use proof::{AttestationType, Reason};
use ring::digest::{self, digest};

use crate::authenticator::certificate::{AAGUID, Authority, BASIC_CONSTRAINTS, Certificate, Change, constraints};
use crate::authenticator::der::{explicit, name, octets, oid, sequence};
use crate::authenticator::keys::Key;
use crate::authenticator::{Device, lenient, map, refusal, text, trusted, verify, x5c};

const SUBJECT_ALT_NAME: &str = "2.5.29.17";
const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
const MANUFACTURER: (&str, &str) = ("2.23.133.2.1", "id:4E544300");
const MODEL: (&str, &str) = ("2.23.133.2.2", "Example TPM");
const VERSION: (&str, &str) = ("2.23.133.2.3", "id:13");

type ChangeOfTpm = Box<dyn Fn(&mut Tpm)>;

/// The output of a TPM. Each part can be changed before the next is derived from it.
struct Tpm {
    device: Device,
    root: Authority,
    aik: Key,
    algorithm: i64,
    version: &'static str,
    public: Vec<u8>,
    name_algorithm: u16,
    magic: u32,
    kind: u16,
    extra_data: Option<Vec<u8>>,
    name: Option<Vec<u8>>,
    behind: Vec<u8>,
    certificate: Certificate,
    signature_of: Option<Vec<u8>>,
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

fn hash(algorithm: u16, bytes: &[u8]) -> Vec<u8> {
    let algorithm = match algorithm {
        0x0004 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        0x000b => &digest::SHA256,
        0x000c => &digest::SHA384,
        _ => &digest::SHA512,
    };
    digest(algorithm, bytes).as_ref().to_vec()
}

/// `TPMT_PUBLIC` of a key.
fn public(key: &Key, name_algorithm: u16) -> Vec<u8> {
    let (first, second) = key.parts();
    let kind: u16 = if matches!(key, Key::Rsa(..)) { 1 } else { 0x23 };
    let head = [kind.to_be_bytes(), name_algorithm.to_be_bytes()].concat();
    let policy = sized(&[7; 32]);
    let specific = match key {
        // No symmetric algorithm, RSASSA with SHA-256, key bits, the default exponent.
        Key::Rsa(..) => {
            let bits = u16::try_from(first.len() * 8).unwrap().to_be_bytes();
            [&[0, 0x10, 0, 0x14, 0, 0x0b], bits.as_slice(), &[0; 4], &sized(&first)].concat()
        }
        _ => {
            let curve = match key {
                Key::P256(..) => 3,
                Key::P384(..) => 4,
                _ => 5,
            };
            // AES in CFB mode as symmetric algorithm, ECDSA with SHA-256, no key derivation.
            let parameters = [0, 0x06, 0, 0x80, 0, 0x43, 0, 0x18, 0, 0x0b, 0, curve, 0, 0x10];
            [parameters.as_slice(), &sized(&first), &sized(&second)].concat()
        }
    };
    [head.as_slice(), &[0, 4, 0, 0x72], &policy, &specific].concat()
}

fn alternative_name(attributes: &[(&str, &str)]) -> Vec<u8> {
    sequence(&[&explicit(4, &name(attributes))])
}

impl Tpm {
    fn new() -> Self {
        Self::of(Device::new(), Key::rsa(2048), -257)
    }

    fn of(device: Device, aik: Key, algorithm: i64) -> Self {
        let root = Authority::root();
        let attesting = Certificate { subject: sequence(&[]), ..Certificate::attesting(&root) };
        let certificate = attesting
            .with(SUBJECT_ALT_NAME, true, alternative_name(&[MANUFACTURER, MODEL, VERSION]))
            .with(EXTENDED_KEY_USAGE, false, sequence(&[&oid("2.23.133.8.3")]))
            .with(AAGUID, false, octets(&device.aaguid));
        Self {
            public: public(&device.key, 0x0b),
            device,
            root,
            aik,
            algorithm,
            version: "2.0",
            name_algorithm: 0x0b,
            magic: 0xff54_4347,
            kind: 0x8017,
            extra_data: None,
            name: None,
            behind: Vec::new(),
            certificate,
            signature_of: None,
        }
    }

    fn certified(&self) -> Vec<u8> {
        let hash_of_algorithm = match self.algorithm {
            -65535 => 0x04,
            -35 | -258 | -38 => 0x0c,
            -36 | -259 | -39 => 0x0d,
            _ => 0x0b,
        };
        let extra_data = self.extra_data.clone().unwrap_or_else(|| hash(hash_of_algorithm, &self.device.signed()));
        let object = [self.name_algorithm.to_be_bytes().as_slice(), &hash(self.name_algorithm, &self.public)].concat();
        let object = self.name.clone().unwrap_or(object);
        [
            self.magic.to_be_bytes().as_slice(),
            &self.kind.to_be_bytes(),
            &sized(b"qualified signer"),
            &sized(&extra_data),
            &[9; 17],
            &[8; 8],
            &sized(&object),
            &sized(b"qualified name"),
            &self.behind,
        ]
        .concat()
    }

    fn response(&self) -> serde_json::Value {
        let certified = self.certified();
        let signed = self.signature_of.clone().unwrap_or_else(|| certified.clone());
        let statement = map(vec![
            ("ver", text(self.version)),
            ("alg", self.algorithm.into()),
            ("x5c", x5c(&[&self.certificate.sign(&self.aik, &self.root.key)])),
            ("sig", Cbor::Bytes(self.aik.sign(self.algorithm, &signed))),
            ("certInfo", Cbor::Bytes(certified)),
            ("pubArea", Cbor::Bytes(self.public.clone())),
        ]);
        self.device.response("tpm", statement)
    }
}

#[test]
fn keys_algorithms_and_hashes() {
    for device in [-7, -35, -36, -257, -37] {
        for (aik, algorithm) in [
            (Key::rsa(2048), -65535),
            (Key::rsa(2048), -257),
            (Key::rsa(3072), -258),
            (Key::rsa(2048), -259),
            (Key::rsa(2048), -37),
            (Key::p256(), -7),
            (Key::p384(), -35),
            (Key::p521(), -36),
        ] {
            let tpm = Tpm::of(Device::of(device), aik, algorithm);
            let verified = trusted(&tpm.response(), std::slice::from_ref(&tpm.root.der));
            let webauthn = verified.facts().webauthn.clone().unwrap();
            assert_eq!(webauthn.attestation_type, AttestationType::AttCa, "{device} {algorithm}");
        }
    }
    for name_algorithm in [0x04, 0x0b, 0x0c, 0x0d] {
        let mut tpm = Tpm::new();
        tpm.public = public(&tpm.device.key, name_algorithm);
        tpm.name_algorithm = name_algorithm;
        verify(&tpm.response(), lenient()).unwrap();
    }
}

#[test]
fn every_part_of_the_statement_is_checked() {
    let other_key = public(&Key::p256(), 0x0b);
    let wrong: Vec<(&str, ChangeOfTpm)> = vec![
        ("ver", Box::new(|tpm| tpm.version = "1.2")),
        ("pubArea", Box::new(move |tpm| tpm.public = other_key.clone())),
        ("pubArea's end", Box::new(|tpm| tpm.public.push(0))),
        ("pubArea's hash", Box::new(|tpm| tpm.public[3] = 0x12)),
        ("pubArea's type", Box::new(|tpm| tpm.public[1] = 0x08)),
        ("magic", Box::new(|tpm| tpm.magic ^= 1)),
        ("type", Box::new(|tpm| tpm.kind = 0x8018)),
        ("extraData", Box::new(|tpm| tpm.extra_data = Some(vec![0; 32]))),
        ("extraData's hash", Box::new(|tpm| tpm.extra_data = Some(hash(0x04, &tpm.device.signed())))),
        ("name", Box::new(|tpm| tpm.name = Some([vec![0, 0x0b], vec![0; 32]].concat()))),
        ("name's algorithm", Box::new(|tpm| tpm.name = Some([vec![0, 0x04], hash(0x0b, &tpm.public)].concat()))),
        ("certInfo's end", Box::new(|tpm| tpm.behind = vec![0])),
    ];
    for (what, change) in wrong {
        let mut tpm = Tpm::new();
        change(&mut tpm);
        assert_eq!(refusal(&tpm.response()), Reason::AttestationInvalid, "{what}");
    }
    let mut tpm = Tpm::new();
    tpm.signature_of = Some(b"something else".to_vec());
    assert_eq!(refusal(&tpm.response()), Reason::AttestationSignatureInvalid);
    tpm.algorithm = -65535;
    assert_eq!(refusal(&tpm.response()), Reason::AttestationSignatureInvalid);
    for (aik, algorithm) in [(Key::ed25519(), -8), (Key::p256(), -9)] {
        let tpm = Tpm::of(Device::new(), aik, algorithm);
        let refused = verify(&tpm.response(), lenient()).map_err(|refusal| refusal.reason);
        let expected = if algorithm == -8 { Some(Reason::AttestationInvalid) } else { None };
        assert_eq!(refused.err(), expected);
    }
}

#[test]
fn a_truncated_structure_is_refused() {
    let tpm = Tpm::new();
    for end in 0..tpm.public.len() {
        let mut cut = Tpm::new();
        cut.device = Device { key: Key::p256(), cose: tpm.device.cose.clone(), ..Device::new() };
        cut.public = tpm.public[..end].to_vec();
        assert_eq!(refusal(&cut.response()), Reason::AttestationInvalid, "{end}");
    }
}

#[test]
fn aik_certificates_meet_the_requirements() {
    let names = |attributes: &'static [(&'static str, &'static str)]| {
        move |certificate: Certificate| certificate.with(SUBJECT_ALT_NAME, true, alternative_name(attributes))
    };
    let wrong: Vec<(&str, Change)> = vec![
        ("version", Box::new(|certificate| Certificate { version: 2, ..certificate })),
        ("subject", Box::new(|c| Certificate { subject: name(&[("2.5.4.3", "AIK")]), ..c })),
        ("CA", Box::new(|c| c.with(BASIC_CONSTRAINTS, true, constraints(true, None)))),
        ("no usage", Box::new(|certificate| certificate.without(EXTENDED_KEY_USAGE))),
        ("usage", Box::new(|c| c.with(EXTENDED_KEY_USAGE, false, sequence(&[&oid("2.23.133.8.1")])))),
        ("no name", Box::new(|certificate| certificate.without(SUBJECT_ALT_NAME))),
        ("no manufacturer", Box::new(names(&[MODEL, VERSION]))),
        ("manufacturer", Box::new(names(&[("2.23.133.2.1", "NTC"), MODEL, VERSION]))),
        ("no model", Box::new(names(&[MANUFACTURER, VERSION]))),
        ("no version", Box::new(names(&[MANUFACTURER, MODEL]))),
        ("AAGUID", Box::new(|certificate| certificate.with(AAGUID, false, octets(&[1; 16])))),
    ];
    let mut unsaid = Tpm::new();
    unsaid.certificate = unsaid.certificate.without(BASIC_CONSTRAINTS);
    verify(&unsaid.response(), lenient()).unwrap();
    for (what, change) in wrong {
        let mut tpm = Tpm::new();
        tpm.certificate = change(tpm.certificate);
        assert_eq!(refusal(&tpm.response()), Reason::AttestationCertificateInvalid, "{what}");
    }
}
