//! The members of a statement.

use ciborium::Value;

use super::{certificate_invalid, invalid};
use crate::Algorithm;
use crate::der::NotDer;
use crate::refusal::{Reason, Refusal};
use crate::x509::{Certificate, Chain};

/// The maximum number of certificates in a statement.
const LONGEST_CHAIN: usize = 8;

/// A map with text keys, each at most once.
pub(super) struct Statement<'a>(Vec<(&'a str, &'a Value)>);

impl<'a> Statement<'a> {
    pub(super) fn read(value: &'a Value) -> Result<Self, Refusal> {
        let malformed = |detail: &str| Refusal::new(Reason::MalformedAttestation, detail);
        let map = value.as_map().ok_or_else(|| malformed("attStmt is not a map"))?;
        let mut members: Vec<(&str, &Value)> = Vec::with_capacity(map.len());
        for (key, value) in map {
            let key = key.as_text().ok_or_else(|| malformed("a member of attStmt does not have a text as its name"))?;
            if members.iter().any(|(other, _)| *other == key) {
                return Err(malformed("attStmt has a duplicate member"));
            }
            members.push((key, value));
        }
        Ok(Self(members))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    pub(super) fn bytes(&self, name: &str) -> Result<&'a [u8], Refusal> {
        let bytes = self.get(name).and_then(Value::as_bytes).map(Vec::as_slice);
        bytes.ok_or_else(|| invalid(format!("{name} must be a byte string")))
    }

    /// `alg`, as a COSE number.
    pub(super) fn algorithm_number(&self) -> Result<i64, Refusal> {
        let number = self.get("alg").and_then(Value::as_integer).and_then(|number| i64::try_from(number).ok());
        number.ok_or_else(|| invalid("alg must be the number of an algorithm"))
    }

    /// `alg`, if keys of that algorithm are supported.
    pub(super) fn algorithm(&self) -> Result<Algorithm, Refusal> {
        let number = self.algorithm_number()?;
        Algorithm::from_cose(number).ok_or_else(|| invalid(format!("alg {number} is not supported")))
    }

    /// `x5c`: at least one certificate, each issued by the next one. If an issuer's signature has an unsupported
    /// algorithm, such as SHA-1, the decision is left to `trust`.
    pub(super) fn certificates(&self) -> Result<Chain<'a>, Refusal> {
        self.certificates_by(Certificate::read)
    }

    /// Like [`Self::certificates`], with another parser.
    pub(super) fn certificates_by(
        &self,
        read: fn(&'a [u8]) -> Result<Certificate<'a>, NotDer>,
    ) -> Result<Chain<'a>, Refusal> {
        let x5c = self.get("x5c").and_then(Value::as_array).ok_or_else(|| invalid("x5c must be an array"))?;
        if !(1..=LONGEST_CHAIN).contains(&x5c.len()) {
            return Err(invalid("x5c must have one to eight certificates"));
        }
        let certificate = |(place, value): (usize, &'a Value)| {
            let malformed =
                || certificate_invalid(format!("certificate {place} of x5c is not an X.509 certificate in DER"));
            value.as_bytes().and_then(|der| read(der).ok()).ok_or_else(malformed)
        };
        let certificates = x5c.iter().enumerate().map(certificate).collect::<Result<_, _>>()?;
        Chain::new(certificates).map_err(|place| {
            let detail = format!("certificate {place} of x5c did not issue the one before it");
            Refusal::new(Reason::AttestationChainInvalid, detail)
        })
    }
}

/// The first of a chain.
pub(super) fn leaf<'c, 'a>(chain: &'c [Certificate<'a>]) -> Result<&'c Certificate<'a>, Refusal> {
    chain.first().ok_or_else(|| invalid("x5c must not be empty"))
}
