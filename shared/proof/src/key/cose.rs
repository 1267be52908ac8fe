//! COSE keys (RFC 9052, RFC 9053, RFC 8230, RFC 9964) as WebAuthn restricts them (Level 3 §5.8.5, §6.5.1.1).

use ciborium::Value;

use super::{Curve, Key, MlDsa};
use crate::Algorithm;
use crate::refusal::{Reason, Refusal};

/// COSE algorithms that devices use but that are not supported here, by name.
const REFUSED: [(i64, &str); 3] = [(-47, "ES256K"), (-53, "Ed448"), (-65535, "RS1")];

fn refuse(detail: impl Into<String>) -> Refusal {
    Refusal::new(Reason::AlgorithmNotAllowed, detail)
}

impl Key {
    /// Reads a COSE key and checks that its parameters fit its algorithm.
    pub(crate) fn from_cose(key: &Value) -> Result<(Self, Algorithm), Refusal> {
        let map = Map(key.as_map().ok_or_else(|| refuse("the public key is not a COSE key"))?);
        if map.has_duplicates() {
            return Err(refuse("the public key has a duplicate parameter"));
        }
        let number = map.integer(3).ok_or_else(|| refuse("the public key has no algorithm"))?;
        let Some(algorithm) = Algorithm::from_cose(number) else {
            let name = REFUSED.iter().find(|(refused, _)| *refused == number).map_or("", |(_, name)| name);
            return Err(refuse(format!("the algorithm {number} {name} is not supported")));
        };
        let key = match map.integer(1) {
            Some(1) => map.okp(),
            Some(2) => map.ec(),
            Some(3) => map.rsa(),
            Some(7) => map.akp(algorithm),
            _ => None,
        };
        let key = key.filter(|key| key.fits(algorithm) && key.is_sound());
        let name = algorithm.name();
        Ok((key.ok_or_else(|| refuse(format!("the key's type, curve, point or size does not fit {name}")))?, algorithm))
    }
}

struct Map<'a>(&'a [(Value, Value)]);

impl Map<'_> {
    fn has_duplicates(&self) -> bool {
        let seen = |i: usize, key: &Value| self.0.iter().take(i).any(|(other, _)| other == key);
        self.0.iter().enumerate().any(|(i, (key, _))| seen(i, key))
    }

    fn get(&self, label: i64) -> Option<&Value> {
        self.0.iter().find(|(key, _)| key.as_integer() == Some(label.into())).map(|(_, value)| value)
    }

    fn integer(&self, label: i64) -> Option<i64> {
        self.get(label)?.as_integer()?.try_into().ok()
    }

    fn bytes(&self, label: i64) -> Option<&[u8]> {
        self.get(label)?.as_bytes().map(Vec::as_slice)
    }

    fn okp(&self) -> Option<Key> {
        let x = self.bytes(-2)?.try_into().ok()?;
        (self.integer(-1) == Some(6) && self.get(-4).is_none()).then_some(Key::Ed25519(x))
    }

    /// A key with both coordinates: WebAuthn forbids the compressed form.
    fn ec(&self) -> Option<Key> {
        let curve = match self.integer(-1)? {
            1 => Curve::P256,
            2 => Curve::P384,
            3 => Curve::P521,
            _ => return None,
        };
        let (x, y) = (self.bytes(-2)?, self.bytes(-3)?);
        let public = x.len() == curve.size() && y.len() == curve.size() && self.get(-4).is_none();
        Key::ec(curve, x, y).filter(|_| public)
    }

    /// An algorithm key pair (AKP).
    fn akp(&self, algorithm: Algorithm) -> Option<Key> {
        let parameters = MlDsa::ALL.into_iter().find(|one| one.algorithm() == algorithm)?;
        let public = self.bytes(-1)?.to_vec();
        self.get(-2).is_none().then_some(Key::MlDsa { parameters, public })
    }

    fn rsa(&self) -> Option<Key> {
        let (n, e) = (self.bytes(-1)?.to_vec(), self.bytes(-2)?.to_vec());
        self.get(-3).is_none().then_some(Key::Rsa { n, e })
    }
}
