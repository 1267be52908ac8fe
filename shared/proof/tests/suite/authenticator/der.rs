//! Writes DER.

use der::asn1::ObjectIdentifier;

pub(crate) fn tlv(tag: &[u8], content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = tag.to_vec();
    match length {
        0..=0x7f => out.push(length as u8),
        0x80..=0xff => out.extend([0x81, length as u8]),
        _ => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    out.extend(content);
    out
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(&[0x30], &parts.concat())
}

pub(crate) fn set(parts: &[&[u8]]) -> Vec<u8> {
    tlv(&[0x31], &parts.concat())
}

pub(crate) fn explicit(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(&[0xa0 | number], content)
}

/// `[number]` of a number above 30.
pub(crate) fn explicit_high(number: u16, content: &[u8]) -> Vec<u8> {
    tlv(&[0xbf, 0x80 | (number >> 7) as u8, (number & 0x7f) as u8], content)
}

pub(crate) fn oid(text: &str) -> Vec<u8> {
    tlv(&[6], ObjectIdentifier::new_unwrap(text).as_bytes())
}

pub(crate) fn integer(bytes: &[u8]) -> Vec<u8> {
    let padding: &[u8] = if bytes[0] & 0x80 == 0 { &[] } else { &[0] };
    tlv(&[2], &[padding, bytes].concat())
}

pub(crate) fn enumerated(value: u8) -> Vec<u8> {
    tlv(&[10], &[value])
}

pub(crate) fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(&[4], bytes)
}

pub(crate) fn bits(bytes: &[u8]) -> Vec<u8> {
    tlv(&[3], &[&[0], bytes].concat())
}

pub(crate) fn boolean(value: bool) -> Vec<u8> {
    tlv(&[1], &[if value { 0xff } else { 0 }])
}

pub(crate) fn text(text: &str) -> Vec<u8> {
    tlv(&[12], text.as_bytes())
}

/// A name with one attribute in each set.
pub(crate) fn name(attributes: &[(&str, &str)]) -> Vec<u8> {
    let sets: Vec<Vec<u8>> =
        attributes.iter().map(|(id, value)| set(&[&sequence(&[&oid(id), &text(value)])])).collect();
    tlv(&[0x30], &sets.concat())
}
