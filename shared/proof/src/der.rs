//! DER (X.690), element by element. The `der` crate reads lengths and tags, strictly; nothing is copied.

use ::der::asn1::{AnyRef, ObjectIdentifier};
use ::der::{Decode as _, Reader as _, SliceReader, Tag, TagNumber};

/// The bytes are not the expected DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotDer;

impl From<::der::Error> for NotDer {
    fn from(_: ::der::Error) -> Self {
        NotDer
    }
}

/// An element: its tag, its content, and the whole encoding.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: Tag,
    pub(crate) content: &'a [u8],
    pub(crate) whole: &'a [u8],
}

impl<'a> Element<'a> {
    /// Parses bytes that consist of one element.
    pub(crate) fn of(bytes: &'a [u8]) -> Result<Self, NotDer> {
        let mut elements = Elements::of(bytes)?;
        let element = elements.next()?;
        elements.finish()?;
        Ok(element)
    }

    /// The content, if the element has this tag.
    pub(crate) fn is(self, tag: Tag) -> Result<&'a [u8], NotDer> {
        if self.tag == tag { Ok(self.content) } else { Err(NotDer) }
    }

    /// The elements inside, if the element has this tag.
    pub(crate) fn within(self, tag: Tag) -> Result<Elements<'a>, NotDer> {
        Elements::of(self.is(tag)?)
    }

    pub(crate) fn object_identifier(self) -> Result<ObjectIdentifier, NotDer> {
        ObjectIdentifier::from_bytes(self.is(Tag::ObjectIdentifier)?).map_err(|_| NotDer)
    }

    /// An INTEGER or ENUMERATED that is not negative and fits 63 bits.
    pub(crate) fn small_integer(self) -> Result<u64, NotDer> {
        if self.tag != Tag::Integer && self.tag != Tag::Enumerated {
            return Err(NotDer);
        }
        match unsigned(self.content)? {
            bytes if bytes.len() <= 8 => Ok(bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))),
            _ => Err(NotDer),
        }
    }

    /// A bit string without unused bits.
    pub(crate) fn octets_of_bit_string(self) -> Result<&'a [u8], NotDer> {
        match self.is(Tag::BitString)?.split_first() {
            Some((0, bytes)) => Ok(bytes),
            _ => Err(NotDer),
        }
    }

    /// A bit string of whole octets that claims to have unused bits. The octets are returned unchanged.
    pub(crate) fn octets_despite_unused_bits(self) -> Result<&'a [u8], NotDer> {
        match self.is(Tag::BitString)?.split_first() {
            Some((0..=7, bytes)) => Ok(bytes),
            _ => Err(NotDer),
        }
    }
}

/// An INTEGER's content as an unsigned number without leading zeros.
pub(crate) fn unsigned(content: &[u8]) -> Result<&[u8], NotDer> {
    match content {
        [] => Err(NotDer),
        [0] => Ok(content),
        [0, next, ..] if next & 0x80 == 0 => Err(NotDer),
        [0, rest @ ..] => Ok(rest),
        [first, ..] if first & 0x80 != 0 => Err(NotDer),
        _ => Ok(content),
    }
}

/// `[number]` that contains elements: an explicit tag, or an implicit one of a sequence.
pub(crate) fn constructed(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

/// A sequence of elements.
pub(crate) struct Elements<'a> {
    bytes: &'a [u8],
    reader: SliceReader<'a>,
}

impl<'a> Elements<'a> {
    pub(crate) fn of(bytes: &'a [u8]) -> Result<Self, NotDer> {
        Ok(Self { bytes, reader: SliceReader::new(bytes)? })
    }

    pub(crate) fn next(&mut self) -> Result<Element<'a>, NotDer> {
        let offset = |reader: &SliceReader<'_>| usize::try_from(reader.position()).map_err(|_| NotDer);
        let begin = offset(&self.reader)?;
        let any = AnyRef::decode(&mut self.reader)?;
        let whole = self.bytes.get(begin..offset(&self.reader)?).ok_or(NotDer)?;
        Ok(Element { tag: ::der::Tagged::tag(&any), content: any.value(), whole })
    }

    /// The next element's content, if its tag is this one.
    pub(crate) fn content(&mut self, tag: Tag) -> Result<&'a [u8], NotDer> {
        self.next()?.is(tag)
    }

    /// The next element, if there is one and its tag is this one.
    pub(crate) fn optional(&mut self, tag: Tag) -> Result<Option<Element<'a>>, NotDer> {
        if self.is_finished() || Tag::peek(&self.reader)? != tag { Ok(None) } else { self.next().map(Some) }
    }

    pub(crate) fn is_finished(&self) -> bool {
        self.reader.is_finished()
    }

    /// All remaining elements.
    pub(crate) fn rest(mut self) -> Result<Vec<Element<'a>>, NotDer> {
        let mut elements = Vec::new();
        while !self.is_finished() {
            elements.push(self.next()?);
        }
        Ok(elements)
    }

    /// Requires that no element remains.
    pub(crate) fn finish(self) -> Result<(), NotDer> {
        if self.is_finished() { Ok(()) } else { Err(NotDer) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_element_without_trailing_bytes() {
        assert_eq!(Element::of(&[2, 1, 5]).and_then(Element::small_integer), Ok(5));
        for not in [&[2, 1][..], &[2, 1, 5, 0], &[], &[0x30, 0x80, 0, 0], &[2, 0x81, 1, 5]] {
            assert!(Element::of(not).is_err(), "{not:?}");
        }
    }

    #[test]
    fn integers_have_one_encoding() {
        assert_eq!(unsigned(&[0, 0x80]), Ok(&[0x80][..]));
        for not in [&[][..], &[0, 1], &[0x80]] {
            assert_eq!(unsigned(not), Err(NotDer));
        }
    }
}
