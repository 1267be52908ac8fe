//! `android-key` (§8.4): Android's key attestation.

use ::der::Tag;
use ::der::asn1::ObjectIdentifier;

use super::statement::leaf;
use super::{Attested, Outcome, Statement, certificate_invalid, invalid, is_of_credential};
use crate::der::{Element, NotDer, constructed};
use crate::facts::AttestationType;
use crate::refusal::{Reason, Refusal};

const KEY_DESCRIPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.1.17");

/// Tags of an authorization list, `KM_ORIGIN_GENERATED` and `KM_PURPOSE_SIGN`.
const PURPOSE: u32 = 1;
const ALL_APPLICATIONS: u32 = 600;
const ORIGIN: u32 = 702;
const GENERATED: u64 = 0;
const SIGN: u64 = 2;

pub(super) fn verify<'a>(statement: &Statement<'a>, attested: &Attested<'_>) -> Result<Outcome<'a>, Refusal> {
    let (algorithm, signature) = (statement.algorithm()?, statement.bytes("sig")?);
    let chain = statement.certificates()?;
    let certificate = leaf(&chain)?;
    // An attested key must not attest another key, because its holder could claim anything about that key.
    if let Some(place) = chain.iter().skip(1).position(|issuer| issuer.extension(KEY_DESCRIPTION).is_some()) {
        let detail =
            format!("certificate {} of x5c contains a key description, which only the first one may", place + 1);
        return Err(Refusal::new(Reason::AttestationChainInvalid, detail));
    }
    super::verify_signature(certificate, algorithm, attested.signed, signature)?;
    is_of_credential(certificate, attested)?;
    let extension = certificate
        .extension(KEY_DESCRIPTION)
        .ok_or_else(|| certificate_invalid("the certificate lacks Android's key description"))?;
    let description = KeyDescription::read(extension.value)
        .map_err(|NotDer| certificate_invalid("Android's key description is malformed"))?;
    if description.challenge != attested.client_data_hash {
        return Err(invalid("the certificate's attestationChallenge is not the hash of the client data"));
    }
    description.authorizations.check()?;
    Ok(Outcome { format: "android-key", kind: AttestationType::Basic, chain, vouches_for_model: true })
}

struct KeyDescription<'a> {
    challenge: &'a [u8],
    authorizations: Authorizations,
}

/// The combined content of both authorization lists, the software-enforced and the hardware-enforced one. Roots decide
/// which hardware is trusted.
#[derive(Default)]
struct Authorizations {
    for_all_applications: bool,
    origins: Vec<u64>,
    purposes: Vec<u64>,
}

impl<'a> KeyDescription<'a> {
    fn read(value: &'a [u8]) -> Result<Self, NotDer> {
        let mut parts = Element::of(value)?.within(Tag::Sequence)?;
        // attestationVersion, attestationSecurityLevel, keymasterVersion, keymasterSecurityLevel
        for tag in [Tag::Integer, Tag::Enumerated, Tag::Integer, Tag::Enumerated] {
            parts.content(tag)?;
        }
        let challenge = parts.content(Tag::OctetString)?;
        let _unique_id = parts.content(Tag::OctetString)?;
        let mut authorizations = Authorizations::default();
        authorizations.add(parts.next()?)?;
        authorizations.add(parts.next()?)?;
        parts.finish()?;
        Ok(Self { challenge, authorizations })
    }
}

impl Authorizations {
    fn add(&mut self, list: Element<'_>) -> Result<(), NotDer> {
        for entry in list.within(Tag::Sequence)?.rest()? {
            if entry.tag == constructed(ALL_APPLICATIONS) {
                self.for_all_applications = true;
            } else if entry.tag == constructed(ORIGIN) {
                self.origins.push(Element::of(entry.content)?.small_integer()?);
            } else if entry.tag == constructed(PURPOSE) {
                for purpose in Element::of(entry.content)?.within(Tag::Set)?.rest()? {
                    self.purposes.push(purpose.small_integer()?);
                }
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.for_all_applications {
            return Err(certificate_invalid("the key is for all applications"));
        }
        let only = |values: &[u64], wanted: u64| !values.is_empty() && values.iter().all(|value| *value == wanted);
        if !only(&self.origins, GENERATED) {
            return Err(certificate_invalid("the key's origin must be KM_ORIGIN_GENERATED"));
        }
        if !only(&self.purposes, SIGN) {
            return Err(certificate_invalid("the key's purpose must be KM_PURPOSE_SIGN"));
        }
        Ok(())
    }
}
