//! A statement's members.

use ciborium::Value;

use super::invalid;
use crate::Algorithm;
use crate::refusal::{Reason, Refusal};
use crate::x509::Certificate;

/// The most certificates that a statement may have.
const LONGEST_CHAIN: usize = 8;

/// A map with text keys, each at most once.
pub(super) struct Statement<'a>(Vec<(&'a str, &'a Value)>);

impl<'a> Statement<'a> {
    pub(super) fn read(value: &'a Value) -> Result<Self, Refusal> {
        let malformed = |detail: &str| Refusal::new(Reason::MalformedAttestation, detail);
        let map = value.as_map().ok_or_else(|| malformed("attStmt is not a map"))?;
        let mut members: Vec<(&str, &Value)> = Vec::with_capacity(map.len());
        for (key, value) in map {
            let key = key.as_text().ok_or_else(|| malformed("a member of attStmt has no text for a name"))?;
            if members.iter().any(|(other, _)| *other == key) {
                return Err(malformed("attStmt has a member twice"));
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

    /// `alg`, as COSE numbers it.
    pub(super) fn algorithm_number(&self) -> Result<i64, Refusal> {
        let number = self.get("alg").and_then(Value::as_integer).and_then(|number| i64::try_from(number).ok());
        number.ok_or_else(|| invalid("alg must be the number of an algorithm"))
    }

    /// `alg`, if it is an algorithm of keys.
    pub(super) fn algorithm(&self) -> Result<Algorithm, Refusal> {
        let number = self.algorithm_number()?;
        Algorithm::from_cose(number).ok_or_else(|| invalid(format!("alg {number} is not supported")))
    }

    /// `x5c`, which has one certificate at least.
    pub(super) fn certificates(&self) -> Result<Vec<Certificate<'a>>, Refusal> {
        let x5c = self.get("x5c").and_then(Value::as_array).ok_or_else(|| invalid("x5c must be an array"))?;
        if !(1..=LONGEST_CHAIN).contains(&x5c.len()) {
            return Err(invalid("x5c must have one to eight certificates"));
        }
        let read = |value: &'a Value| value.as_bytes().and_then(|der| Certificate::read(der).ok());
        let chain: Option<Vec<_>> = x5c.iter().map(read).collect();
        chain.ok_or_else(|| Refusal::new(Reason::AttestationCertificateInvalid, "x5c has what is no DER certificate"))
    }
}

/// The first of a chain.
pub(super) fn leaf<'c, 'a>(chain: &'c [Certificate<'a>]) -> Result<&'c Certificate<'a>, Refusal> {
    chain.first().ok_or_else(|| invalid("x5c must not be empty"))
}
