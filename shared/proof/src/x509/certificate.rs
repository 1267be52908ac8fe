//! Parses a certificate without copying. `chain` and the attestation formats interpret it.

use ::der::asn1::{GeneralizedTime, ObjectIdentifier, UtcTime};
use ::der::{Decode as _, Tag, TagNumber};

use super::name::Name;
use crate::der::{Element, Elements, NotDer, constructed};
use crate::key::{Key, signature_scheme};

/// The maximum size of a certificate, in bytes.
const LARGEST: usize = 16 * 1024;
/// The maximum number of extensions.
const MOST_EXTENSIONS: usize = 40;

const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const SUBJECT_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
const CERTIFICATE_POLICIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32");

/// An extension (RFC 5280 §4.2).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extension<'a> {
    pub(crate) id: ObjectIdentifier,
    pub(crate) critical: bool,
    pub(crate) value: &'a [u8],
}

/// Basic constraints (RFC 5280 §4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BasicConstraints {
    pub(crate) ca: bool,
    pub(crate) path_length: Option<u64>,
}

/// A certificate.
#[derive(Clone, Debug)]
pub(crate) struct Certificate<'a> {
    signed: &'a [u8],
    signature_algorithm: &'a [u8],
    signature: &'a [u8],
    pub(crate) version: u64,
    /// The serial number, big-endian and without leading zeros.
    pub(crate) serial: &'a [u8],
    pub(crate) issuer: Name<'a>,
    pub(crate) subject: Name<'a>,
    /// The first and last second of its validity, since the Unix epoch.
    validity: (i64, i64),
    /// `None`: an unsupported kind of key.
    pub(crate) key: Option<Key>,
    extensions: Vec<Extension<'a>>,
}

impl<'a> Certificate<'a> {
    /// Parses a certificate.
    pub(crate) fn read(der: &'a [u8]) -> Result<Self, NotDer> {
        Self::read_with(der, Element::octets_of_bit_string)
    }

    /// Parses a certificate of a U2F token. The signature of early ones is a bit string that claims to have unused
    /// bits, but has none.
    pub(crate) fn read_of_u2f(der: &'a [u8]) -> Result<Self, NotDer> {
        Self::read_with(der, Element::octets_despite_unused_bits)
    }

    fn read_with(der: &'a [u8], signature: fn(Element<'a>) -> Result<&'a [u8], NotDer>) -> Result<Self, NotDer> {
        if der.len() > LARGEST {
            return Err(NotDer);
        }
        let mut outer = Element::of(der)?.within(Tag::Sequence)?;
        let signed = outer.next()?;
        let signature_algorithm = outer.next()?.whole;
        let signature = signature(outer.next()?)?;
        outer.finish()?;

        let mut parts = signed.within(Tag::Sequence)?;
        let version = match parts.optional(constructed(0))? {
            None => 1,
            Some(explicit) => Element::of(explicit.content)?.small_integer()?.saturating_add(1),
        };
        let serial = parts.content(Tag::Integer)?;
        let zeros = serial.iter().take_while(|byte| **byte == 0).count();
        let serial = serial.get(zeros..).unwrap_or_default();
        // RFC 5280 §4.1.1.2: the signed part must name the same algorithm.
        if parts.next()?.whole != signature_algorithm {
            return Err(NotDer);
        }
        let issuer = Name::read(parts.next()?)?;
        let validity = validity(parts.next()?)?;
        let subject = Name::read(parts.next()?)?;
        let key = Key::from_spki(parts.next()?)?;
        for unique_id in 1..=2 {
            parts.optional(Tag::ContextSpecific { constructed: false, number: TagNumber(unique_id) })?;
        }
        let extensions = match parts.optional(constructed(3))? {
            None => Vec::new(),
            Some(explicit) => extensions(Element::of(explicit.content)?)?,
        };
        parts.finish()?;
        Ok(Self {
            signed: signed.whole,
            signature_algorithm,
            signature,
            version,
            serial,
            issuer,
            subject,
            validity,
            key,
            extensions,
        })
    }

    pub(crate) fn extension(&self, id: ObjectIdentifier) -> Option<Extension<'a>> {
        self.extensions.iter().find(|extension| extension.id == id).copied()
    }

    /// Whether the issuer's key signed the certificate. `None`: the signature algorithm is not supported.
    pub(crate) fn verify_signature(&self, issuer: &Key) -> Option<bool> {
        let scheme = signature_scheme(self.signature_algorithm).filter(|scheme| issuer.can_verify(*scheme))?;
        Some(issuer.verifies(scheme, self.signed, self.signature))
    }

    pub(crate) fn is_valid_at(&self, now: i64) -> bool {
        self.has_begun_at(now) && now <= self.validity.1
    }

    pub(crate) fn has_begun_at(&self, now: i64) -> bool {
        self.validity.0 <= now
    }

    /// The last second of its validity, since the Unix epoch.
    #[cfg(feature = "mds")]
    pub(crate) fn ends(&self) -> i64 {
        self.validity.1
    }

    pub(crate) fn basic_constraints(&self) -> Result<Option<BasicConstraints>, NotDer> {
        let Some(extension) = self.extension(BASIC_CONSTRAINTS) else { return Ok(None) };
        let mut parts = Element::of(extension.value)?.within(Tag::Sequence)?;
        let ca = match parts.optional(Tag::Boolean)? {
            None => false,
            Some(flag) => boolean(flag.content)?,
        };
        let path_length = parts.optional(Tag::Integer)?.map(Element::small_integer).transpose()?;
        parts.finish()?;
        Ok(Some(BasicConstraints { ca, path_length }))
    }

    /// Whether the key may sign certificates: it has key usage `keyCertSign` (RFC 5280 §4.2.1.3), or no key usage at
    /// all.
    pub(crate) fn may_sign_certificates(&self) -> bool {
        let Some(extension) = self.extension(KEY_USAGE) else { return true };
        let bits = Element::of(extension.value).and_then(|bits| bits.is(Tag::BitString));
        bits.is_ok_and(|bits| bits.get(1).is_some_and(|usages| usages & 0x04 != 0))
    }

    /// The purposes of the key (RFC 5280 §4.2.1.12).
    pub(crate) fn extended_key_usages(&self) -> Result<Vec<ObjectIdentifier>, NotDer> {
        let Some(extension) = self.extension(EXTENDED_KEY_USAGE) else { return Ok(Vec::new()) };
        let usages = Element::of(extension.value)?.within(Tag::Sequence)?.rest()?;
        usages.into_iter().map(Element::object_identifier).collect()
    }

    /// The directory names among its alternative names (RFC 5280 §4.2.1.6).
    pub(crate) fn alternative_directory_names(&self) -> Result<Vec<Name<'a>>, NotDer> {
        let Some(extension) = self.extension(SUBJECT_ALT_NAME) else { return Ok(Vec::new()) };
        let names = Element::of(extension.value)?.within(Tag::Sequence)?.rest()?;
        let directory_names = names.into_iter().filter(|name| name.tag == constructed(4));
        directory_names.map(|name| Name::read(Element::of(name.content)?)).collect()
    }

    /// A critical extension that is not supported (RFC 5280 §4.2 requires that such a certificate be rejected).
    pub(crate) fn unknown_critical_extension(&self) -> Option<ObjectIdentifier> {
        let known = [BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, SUBJECT_ALT_NAME, CERTIFICATE_POLICIES];
        self.extensions.iter().find(|e| e.critical && !known.contains(&e.id)).map(|extension| extension.id)
    }
}

fn boolean(content: &[u8]) -> Result<bool, NotDer> {
    match content {
        [0] => Ok(false),
        [0xff] => Ok(true),
        _ => Err(NotDer),
    }
}

fn validity(element: Element<'_>) -> Result<(i64, i64), NotDer> {
    let mut parts = element.within(Tag::Sequence)?;
    let mut time = || {
        let element = parts.next()?;
        let since_epoch = match element.tag {
            Tag::UtcTime => UtcTime::from_der(element.whole)?.to_unix_duration(),
            Tag::GeneralizedTime => GeneralizedTime::from_der(element.whole)?.to_unix_duration(),
            _ => return Err(NotDer),
        };
        i64::try_from(since_epoch.as_secs()).map_err(|_| NotDer)
    };
    let validity = (time()?, time()?);
    parts.finish()?;
    Ok(validity)
}

fn extensions(element: Element<'_>) -> Result<Vec<Extension<'_>>, NotDer> {
    let mut read: Vec<Extension<'_>> = Vec::new();
    let mut all: Elements<'_> = element.within(Tag::Sequence)?;
    while !all.is_finished() {
        let mut parts = all.next()?.within(Tag::Sequence)?;
        let id = parts.next()?.object_identifier()?;
        let critical = match parts.optional(Tag::Boolean)? {
            None => false,
            Some(flag) => boolean(flag.content)?,
        };
        let value = parts.content(Tag::OctetString)?;
        parts.finish()?;
        // RFC 5280 §4.2: each at most once.
        if read.len() == MOST_EXTENSIONS || read.iter().any(|other| other.id == id) {
            return Err(NotDer);
        }
        read.push(Extension { id, critical, value });
    }
    Ok(read)
}
