//! Reading and writing attributes.

use std::collections::HashMap;
use std::str::FromStr;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

/// An item of the table.
pub type Item = HashMap<String, AttributeValue>;

pub(super) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(super) fn n(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub(super) fn b(bytes: &[u8]) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

pub(super) fn flag(value: bool) -> AttributeValue {
    AttributeValue::Bool(value)
}

pub(super) fn list(texts: &[String]) -> AttributeValue {
    AttributeValue::L(texts.iter().map(s).collect())
}

pub(super) fn numbers(numbers: &[i64]) -> AttributeValue {
    AttributeValue::L(numbers.iter().map(n).collect())
}

/// An item under construction. Absent values are omitted.
pub(super) struct Writer(pub(super) Item);

impl Writer {
    pub(super) fn new((pk, sk): (String, String), kind: &str) -> Self {
        Self(HashMap::from([("pk".into(), s(pk)), ("sk".into(), s(sk)), ("kind".into(), s(kind))]))
    }

    pub(super) fn set(mut self, name: &str, value: AttributeValue) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    pub(super) fn maybe(self, name: &str, value: Option<AttributeValue>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// Writes a text unless it is empty.
    pub(super) fn text(self, name: &str, value: &str) -> Self {
        if value.is_empty() { self } else { self.set(name, s(value)) }
    }
}

/// An item being read. A malformed attribute is reported as [`Unavailable`].
pub(super) struct Reader<'a>(pub(super) &'a Item);

impl Reader<'_> {
    pub(super) fn malformed(&self, name: &str) -> Unavailable {
        let key = |name| self.0.get(name).and_then(|value| value.as_s().ok()).map_or("?", String::as_str);
        Unavailable::new("dynamodb", format!("item {} {} has no valid attribute {name}", key("pk"), key("sk")))
    }

    pub(super) fn maybe_text(&self, name: &str) -> Option<String> {
        self.0.get(name)?.as_s().ok().cloned()
    }

    pub(super) fn text(&self, name: &str) -> Result<String, Unavailable> {
        self.maybe_text(name).ok_or_else(|| self.malformed(name))
    }

    /// A text that is omitted when empty.
    pub(super) fn text_or_empty(&self, name: &str) -> String {
        self.maybe_text(name).unwrap_or_default()
    }

    /// The name of an enum's value.
    pub(super) fn name<T>(&self, name: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Unavailable> {
        read(&self.text(name)?).ok_or_else(|| self.malformed(name))
    }

    pub(super) fn maybe_name<T>(
        &self,
        name: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Unavailable> {
        self.0.get(name).map(|_| self.name(name, read)).transpose()
    }

    pub(super) fn maybe_number<T: FromStr>(&self, name: &str) -> Option<T> {
        self.0.get(name)?.as_n().ok()?.parse().ok()
    }

    pub(super) fn number<T: FromStr>(&self, name: &str) -> Result<T, Unavailable> {
        self.maybe_number(name).ok_or_else(|| self.malformed(name))
    }

    pub(super) fn maybe_time(&self, name: &str) -> Option<Timestamp> {
        self.maybe_number(name).map(Timestamp::from_millis)
    }

    pub(super) fn time(&self, name: &str) -> Result<Timestamp, Unavailable> {
        self.number(name).map(Timestamp::from_millis)
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(|value| value.as_bool().ok()).copied().unwrap_or_default()
    }

    pub(super) fn bytes(&self, name: &str) -> Result<&[u8], Unavailable> {
        self.0.get(name).and_then(|value| value.as_b().ok()).map(Blob::as_ref).ok_or_else(|| self.malformed(name))
    }

    pub(super) fn maybe_bytes(&self, name: &str) -> Result<Option<&[u8]>, Unavailable> {
        self.0.get(name).map(|_| self.bytes(name)).transpose()
    }

    pub(super) fn array<const N: usize>(&self, name: &str) -> Result<[u8; N], Unavailable> {
        self.bytes(name)?.try_into().map_err(|_| self.malformed(name))
    }

    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        let list = self.0.get(name).and_then(|value| value.as_l().ok()).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(|value| value.as_s().ok().cloned()).collect()
    }

    pub(super) fn numbers<T: FromStr>(&self, name: &str) -> Vec<T> {
        let list = self.0.get(name).and_then(|value| value.as_l().ok()).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(|value| value.as_n().ok()?.parse().ok()).collect()
    }

    pub(super) fn binaries(&self, name: &str) -> Vec<Vec<u8>> {
        let list = self.0.get(name).and_then(|value| value.as_l().ok()).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(|value| value.as_b().ok()).map(|bytes| bytes.as_ref().to_vec()).collect()
    }
}
