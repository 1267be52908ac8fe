//! `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7, RFC 3279, RFC 5480, RFC 8410, RFC 9881) and the signature algorithms of
//! certificates.

use ::der::Tag;
use ::der::asn1::ObjectIdentifier;

use super::{Curve, Hash, Key, MlDsa, Scheme};
use crate::der::{Element, Elements, NotDer, constructed, unsigned};

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

const EC_PUBLIC_KEY: ObjectIdentifier = oid("1.2.840.10045.2.1");
const RSA_ENCRYPTION: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
const RSASSA_PSS: ObjectIdentifier = oid("1.2.840.113549.1.1.10");
const ED25519: ObjectIdentifier = oid("1.3.101.112");
const MGF1: ObjectIdentifier = oid("1.2.840.113549.1.1.8");

/// Signature algorithms without parameters. SHA-1 is not supported.
const SIGNATURES: [(ObjectIdentifier, Scheme); 7] = [
    (oid("1.2.840.10045.4.3.2"), Scheme::Ecdsa(Hash::Sha256)),
    (oid("1.2.840.10045.4.3.3"), Scheme::Ecdsa(Hash::Sha384)),
    (oid("1.2.840.10045.4.3.4"), Scheme::Ecdsa(Hash::Sha512)),
    (oid("1.2.840.113549.1.1.11"), Scheme::Pkcs1(Hash::Sha256)),
    (oid("1.2.840.113549.1.1.12"), Scheme::Pkcs1(Hash::Sha384)),
    (oid("1.2.840.113549.1.1.13"), Scheme::Pkcs1(Hash::Sha512)),
    (ED25519, Scheme::Ed25519),
];

const HASHES: [(ObjectIdentifier, Hash); 3] = [
    (oid("2.16.840.1.101.3.4.2.1"), Hash::Sha256),
    (oid("2.16.840.1.101.3.4.2.2"), Hash::Sha384),
    (oid("2.16.840.1.101.3.4.2.3"), Hash::Sha512),
];

/// `AlgorithmIdentifier`: the algorithm and its parameters.
fn algorithm_identifier(element: Element<'_>) -> Result<(ObjectIdentifier, Option<Element<'_>>), NotDer> {
    let mut parts = element.within(Tag::Sequence)?;
    let id = parts.next()?.object_identifier()?;
    let parameters = if parts.is_finished() { None } else { Some(parts.next()?) };
    parts.finish()?;
    Ok((id, parameters))
}

fn absent_or_null(parameters: Option<Element<'_>>) -> bool {
    parameters.is_none_or(|element| element.tag == Tag::Null && element.content.is_empty())
}

impl Key {
    /// Reads a certificate's key. `None`: an unsupported kind of key.
    pub(crate) fn from_spki(element: Element<'_>) -> Result<Option<Self>, NotDer> {
        let mut parts = element.within(Tag::Sequence)?;
        let (id, parameters) = algorithm_identifier(parts.next()?)?;
        let bits = parts.next()?.octets_of_bit_string()?;
        parts.finish()?;
        if id == EC_PUBLIC_KEY {
            let named = parameters.ok_or(NotDer)?.object_identifier()?;
            let Some(curve) = Curve::ALL.into_iter().find(|curve| curve.id() == named) else { return Ok(None) };
            // Compressed points do not occur in attestation, and ring does not support them.
            let uncompressed = bits.first() == Some(&4) && bits.len() == 1 + 2 * curve.size();
            return if uncompressed { Ok(Some(Key::Ec { curve, point: bits.to_vec() })) } else { Err(NotDer) };
        }
        if id == RSA_ENCRYPTION && absent_or_null(parameters) {
            let mut numbers = Element::of(bits)?.within(Tag::Sequence)?;
            let n = unsigned(numbers.content(Tag::Integer)?)?.to_vec();
            let e = unsigned(numbers.content(Tag::Integer)?)?.to_vec();
            numbers.finish()?;
            return Ok(Some(Key::Rsa { n, e }));
        }
        if let Some(set) = ml_dsa(id).filter(|_| parameters.is_none()) {
            let fits = bits.len() == set.key_size();
            return if fits { Ok(Some(Key::MlDsa { parameters: set, public: bits.to_vec() })) } else { Err(NotDer) };
        }
        if id == ED25519 && parameters.is_none() {
            return bits.try_into().map(|y| Some(Key::Ed25519(y))).map_err(|_| NotDer);
        }
        Ok(None)
    }
}

fn ml_dsa(id: ObjectIdentifier) -> Option<MlDsa> {
    MlDsa::ALL.into_iter().find(|parameters| oid(parameters.object_identifier()) == id)
}

/// The scheme of a certificate's signature. `None`: it is not supported.
pub(crate) fn signature_scheme(algorithm: &[u8]) -> Option<Scheme> {
    let (id, parameters) = algorithm_identifier(Element::of(algorithm).ok()?).ok()?;
    if id == RSASSA_PSS {
        return pss(parameters?).ok().flatten().map(Scheme::Pss);
    }
    if let Some(set) = ml_dsa(id) {
        return parameters.is_none().then_some(Scheme::MlDsa(set));
    }
    absent_or_null(parameters).then_some(())?;
    SIGNATURES.into_iter().find(|(known, _)| *known == id).map(|(_, scheme)| scheme)
}

/// `RSASSA-PSS-params` (RFC 4055 §3.1): one hash throughout, and a salt of its size.
fn pss(parameters: Element<'_>) -> Result<Option<Hash>, NotDer> {
    let mut parts = parameters.within(Tag::Sequence)?;
    let (hash, of_hash) = algorithm_identifier(explicit(&mut parts, 0)?)?;
    let (mask, of_mask) = algorithm_identifier(explicit(&mut parts, 1)?)?;
    let salt = explicit(&mut parts, 2)?.small_integer()?;
    parts.finish()?;
    let (mask_hash, _) = algorithm_identifier(of_mask.ok_or(NotDer)?)?;
    let known = HASHES.into_iter().find(|(known, _)| *known == hash).map(|(_, hash)| hash);
    let fits = mask == MGF1 && mask_hash == hash && absent_or_null(of_hash);
    Ok(known.filter(|hash| fits && salt == hash.digest(&[]).as_ref().len() as u64))
}

fn explicit<'a>(parts: &mut Elements<'a>, number: u32) -> Result<Element<'a>, NotDer> {
    Element::of(parts.content(constructed(number))?)
}
