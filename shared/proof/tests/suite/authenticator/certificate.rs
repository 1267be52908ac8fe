//! Certificates, valid or with a fault.

use super::der::{bits, boolean, explicit, integer, name, octets, oid, sequence, tlv};
use super::keys::Key;

pub(crate) const BASIC_CONSTRAINTS: &str = "2.5.29.19";
pub(crate) const KEY_USAGE: &str = "2.5.29.15";
pub(crate) const AAGUID: &str = "1.3.6.1.4.1.45724.1.1.4";
const COMMON_NAME: &str = "2.5.4.3";

/// A change of a certificate before it is signed.
pub(crate) type Change = Box<dyn FnOnce(Certificate) -> Certificate>;

#[derive(Clone)]
pub(crate) struct Certificate {
    pub(crate) version: u8,
    pub(crate) issuer: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) not_before: &'static str,
    pub(crate) not_after: &'static str,
    pub(crate) extensions: Vec<(&'static str, bool, Vec<u8>)>,
}

pub(crate) fn constraints(ca: bool, path_length: Option<u8>) -> Vec<u8> {
    let flag = if ca { boolean(true) } else { Vec::new() };
    let length = path_length.map(|length| integer(&[length])).unwrap_or_default();
    sequence(&[&flag, &length])
}

pub(crate) fn common_name(text: &str) -> Vec<u8> {
    name(&[(COMMON_NAME, text)])
}

impl Certificate {
    /// An attesting certificate with the subject of §8.2.1.
    pub(crate) fn attesting(issuer: &Authority) -> Self {
        Self {
            version: 3,
            issuer: issuer.subject.clone(),
            subject: name(&[
                ("2.5.4.6", "AA"),
                ("2.5.4.10", "Example Keys"),
                ("2.5.4.11", "Authenticator Attestation"),
                (COMMON_NAME, "Example Key 1"),
            ]),
            not_before: "20200101000000Z",
            not_after: "20990101000000Z",
            extensions: vec![(BASIC_CONSTRAINTS, true, constraints(false, None))],
        }
    }

    pub(crate) fn authority(subject: &str, issuer: &str) -> Self {
        Self {
            version: 3,
            issuer: common_name(issuer),
            subject: common_name(subject),
            not_before: "20200101000000Z",
            not_after: "20990101000000Z",
            extensions: vec![
                (BASIC_CONSTRAINTS, true, constraints(true, None)),
                (KEY_USAGE, true, tlv(&[3], &[1, 0x06])),
            ],
        }
    }

    pub(crate) fn with(mut self, id: &'static str, critical: bool, value: Vec<u8>) -> Self {
        self.extensions.retain(|(other, _, _)| *other != id);
        self.extensions.push((id, critical, value));
        self
    }

    pub(crate) fn without(mut self, id: &str) -> Self {
        self.extensions.retain(|(other, _, _)| *other != id);
        self
    }

    pub(crate) fn sign(&self, key: &Key, issuer: &Key) -> Vec<u8> {
        self.sign_as(key, issuer, issuer.algorithm(), &issuer.signature_algorithm())
    }

    /// Signs with another algorithm: its COSE number, and its identifier.
    pub(crate) fn sign_as(&self, key: &Key, issuer: &Key, number: i64, algorithm: &[u8]) -> Vec<u8> {
        let version = if self.version == 1 { Vec::new() } else { explicit(0, &integer(&[self.version - 1])) };
        let time = |text: &str| tlv(&[24], text.as_bytes());
        let extensions: Vec<Vec<u8>> = self
            .extensions
            .iter()
            .map(|(id, critical, value)| {
                let critical = if *critical { boolean(true) } else { Vec::new() };
                sequence(&[&oid(id), &critical, &octets(value)])
            })
            .collect();
        let extensions =
            if extensions.is_empty() { Vec::new() } else { explicit(3, &tlv(&[0x30], &extensions.concat())) };
        let signed = sequence(&[
            &version,
            &integer(&[1]),
            algorithm,
            &self.issuer,
            &sequence(&[&time(self.not_before), &time(self.not_after)]),
            &self.subject,
            &key.spki(),
            &extensions,
        ]);
        let signature = issuer.sign(number, &signed);
        sequence(&[&signed, algorithm, &bits(&signature)])
    }
}

/// A CA with its own certificate.
pub(crate) struct Authority {
    pub(crate) subject: Vec<u8>,
    pub(crate) key: Key,
    pub(crate) der: Vec<u8>,
}

impl Authority {
    pub(crate) fn root() -> Self {
        Self::of(Key::p256(), &Certificate::authority("Example Root", "Example Root"), None)
    }

    /// A CA from its certificate, signed by another CA or by itself.
    pub(crate) fn of(key: Key, certificate: &Certificate, issuer: Option<&Key>) -> Self {
        let der = certificate.sign(&key, issuer.unwrap_or(&key));
        Self { subject: certificate.subject.clone(), key, der }
    }
}
