//! Distinguished names (RFC 5280 §4.1.2.4).

use std::fmt::Write as _;

use ::der::Tag;
use ::der::asn1::ObjectIdentifier;

use crate::der::{Element, NotDer};

/// An attribute's type and value.
pub(crate) type Attribute<'a> = (ObjectIdentifier, &'a str);

/// A name: its DER, by which names are compared, and its attributes.
#[derive(Clone, Debug)]
pub(crate) struct Name<'a> {
    pub(crate) der: &'a [u8],
    pub(crate) attributes: Vec<Attribute<'a>>,
}

const SHORT: [(ObjectIdentifier, &str); 4] =
    [(Name::COMMON_NAME, "CN"), (Name::COUNTRY, "C"), (Name::ORGANIZATION, "O"), (Name::UNIT, "OU")];

impl<'a> Name<'a> {
    pub(crate) const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
    pub(crate) const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
    pub(crate) const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
    pub(crate) const UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");
    pub(crate) const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");

    /// Parses a name. A value that is not one of the usual string types is read as empty.
    pub(crate) fn read(element: Element<'a>) -> Result<Self, NotDer> {
        let mut attributes = Vec::new();
        for set in element.within(Tag::Sequence)?.rest()? {
            for attribute in set.within(Tag::Set)?.rest()? {
                let mut parts = attribute.within(Tag::Sequence)?;
                let id = parts.next()?.object_identifier()?;
                let value = parts.next()?;
                parts.finish()?;
                let is_text = matches!(value.tag, Tag::Utf8String | Tag::PrintableString | Tag::Ia5String);
                let text = if is_text { std::str::from_utf8(value.content).map_err(|_| NotDer)? } else { "" };
                attributes.push((id, text));
            }
        }
        Ok(Self { der: element.whole, attributes })
    }

    /// Whether two names are the same: the same bytes, or texts that differ only in string type, case and spaces (RFC
    /// 5280 §7.1, which compares by the rules of stringprep; characters outside ASCII are compared unchanged).
    pub(crate) fn is(&self, other: &Name<'_>) -> bool {
        let same = |(one, other): (&Attribute<'_>, &Attribute<'_>)| {
            one.0 == other.0 && !one.1.is_empty() && folded(one.1).eq(folded(other.1))
        };
        self.der == other.der
            || self.attributes.len() == other.attributes.len()
                && self.attributes.iter().zip(&other.attributes).all(same)
    }

    /// The attribute of this type, if there is exactly one.
    pub(crate) fn only(&self, id: ObjectIdentifier) -> Option<&'a str> {
        let mut found = self.attributes.iter().filter(|(other, _)| *other == id);
        found.next().filter(|_| found.next().is_none()).map(|(_, text)| *text)
    }

    /// The name in readable form: `CN=…, O=…`, truncated to 200 characters.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for (id, value) in &self.attributes {
            let separator = if text.is_empty() { "" } else { ", " };
            let written = match SHORT.iter().find(|(known, _)| known == id) {
                Some((_, short)) => write!(text, "{separator}{short}={value}"),
                None => write!(text, "{separator}{id}={value}"),
            };
            // Writing to a string does not fail.
            let _: Result<(), std::fmt::Error> = written;
        }
        text.chars().filter(|c| !c.is_control()).take(200).collect()
    }
}

/// A text in lower case, with surrounding spaces removed and inner ones collapsed.
fn folded(text: &str) -> impl Iterator<Item = char> {
    text.split_ascii_whitespace().flat_map(|word| [" ", word]).flat_map(str::chars).map(|c| c.to_ascii_lowercase())
}
