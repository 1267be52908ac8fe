//! Queries of requests: `application/x-www-form-urlencoded`, decoded as WHATWG URL §5.1 requires, names as well as
//! values.

use std::borrow::Cow;

use serde_json::Number;

/// The name-value pairs of a query.
pub fn pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    url::form_urlencoded::parse(query.as_bytes())
}

/// Parses an integer parameter. A number out of range is clamped.
#[must_use]
pub fn integer(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| integer_of(&text.parse::<Number>().ok()?))
}

/// Converts a number to an integer in the sense of JSON Schema (2020-12 Validation §6.1.1): 3600.0 and 3.6e3 are
/// integers. A number out of range is clamped.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "`as` saturates")]
pub(crate) fn integer_of(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| number.as_f64().filter(|float| float.fract() == 0.0).map(|float| float as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_decoded() {
        let found: Vec<_> = pairs("page%5Fsize=%32&filter=a+b%20%22%c3%A4&flag&=x&x=%zz%ff").collect();
        let expected = [("page_size", "2"), ("filter", "a b \"ä"), ("flag", ""), ("", "x"), ("x", "%zz\u{fffd}")];
        assert_eq!(found, expected.map(|(name, value)| (name.into(), value.into())));
    }

    #[test]
    fn integers_have_several_spellings() {
        for (text, expected) in [
            ("20", Some(20)),
            ("020", Some(20)),
            ("-3", Some(-3)),
            ("20.0", Some(20)),
            ("2e1", Some(20)),
            ("99999999999999999999", Some(i64::MAX)),
            ("-1e30", Some(i64::MIN)),
            ("20.5", None),
            ("", None),
            ("x", None),
            ("1e999", None),
        ] {
            assert_eq!(integer(text), expected, "{text}");
        }
    }
}
