//! `Accept`: which of two media types a client prefers (RFC 9110 §12.5.1).

use axum::http::{HeaderMap, header};
use mediatype::{MediaTypeList, Name, ReadParams as _};

/// A media type without parameters.
type Kind = (Name<'static>, Name<'static>);

const JSON: Kind = (Name::new_unchecked("application"), Name::new_unchecked("json"));
const HTML: Kind = (Name::new_unchecked("text"), Name::new_unchecked("html"));
const CSV: Kind = (Name::new_unchecked("text"), Name::new_unchecked("csv"));
const ANY: Name<'_> = Name::new_unchecked("*");
const WEIGHT: Name<'_> = Name::new_unchecked("q");

/// Whether a client names JSON and prefers it to HTML, as SDKs do.
#[must_use]
pub fn wants_json(headers: &HeaderMap) -> bool {
    prefers(headers, JSON, HTML)
}

/// Whether a client names HTML and prefers it to JSON, as browsers do.
#[must_use]
pub fn wants_html(headers: &HeaderMap) -> bool {
    prefers(headers, HTML, JSON)
}

/// Whether a client names CSV and prefers it to JSON.
#[must_use]
pub fn wants_csv(headers: &HeaderMap) -> bool {
    prefers(headers, CSV, JSON)
}

/// Whether a client accepts `wanted` by name. If it also names `other`, the weights decide, and then the order.
fn prefers(headers: &HeaderMap, wanted: Kind, other: Kind) -> bool {
    let (wanted, other) = (preference(headers, wanted), preference(headers, other));
    let named = |preference: &Preference| preference.place.is_some() && preference.weight > 0.0;
    named(&wanted)
        && (wanted.weight > other.weight
            || wanted.weight == other.weight && (!named(&other) || wanted.place < other.place))
}

/// A client's preference for a media type.
struct Preference {
    /// The weight, from 0 (not acceptable) to 1.
    weight: f32,
    /// The position of the type's own name; `None` if the client names only a range such as `*/*`.
    place: Option<usize>,
}

/// A client's preference for a media type, by the most specific range that matches it. Invalid ranges are ignored.
fn preference(headers: &HeaderMap, (kind, subkind): Kind) -> Preference {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let (mut closest, mut found) = (0, Preference { weight: 0.0, place: None });
    for (place, range) in values.flat_map(MediaTypeList::new).flatten().enumerate() {
        let specificity = match () {
            () if range.ty == kind && range.subty == subkind && range.suffix.is_none() => 3,
            () if range.ty == kind && range.subty == ANY => 2,
            () if range.ty == ANY && range.subty == ANY => 1,
            () => continue,
        };
        let weight = range.get_param(WEIGHT).and_then(|weight| weight.as_str().parse().ok()).unwrap_or(1.0);
        if specificity > closest {
            (closest, found) = (specificity, Preference { weight, place: (specificity == 3).then_some(place) });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn csv_is_returned_on_request() {
        for (accept, expected) in [
            ("text/csv", true),
            ("text/csv, application/json;q=0.9", true),
            ("application/json, text/csv", false),
            ("*/*", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(wants_csv(&headers), expected, "{accept}");
        }
    }

    #[test]
    fn sdks_want_json_and_browsers_want_html() {
        const NEITHER: (bool, bool) = (false, false);
        const SDK: (bool, bool) = (true, false);
        const BROWSER: (bool, bool) = (false, true);
        for (accept, expected) in [
            // What browsers, fetch, axios and curl send.
            ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", BROWSER),
            ("*/*", NEITHER),
            ("application/json, text/plain, */*", SDK),
            ("", NEITHER),
            // Upper case (§8.3.1), whitespace, parameters.
            ("Application/JSON", SDK),
            ("application/json;charset=utf-8", SDK),
            (" application/json ; Q=0.5 , */*;q=0.1", SDK),
            ("TEXT/html", BROWSER),
            // A weight of 0 means "not acceptable" (§12.4.2).
            ("application/json;q=0", NEITHER),
            ("application/json;q=0.000, */*", NEITHER),
            ("text/html; Q=0.000", NEITHER),
            // Both types are named.
            ("application/json, text/html;q=0.5", SDK),
            ("application/json;q=0.5, text/html", BROWSER),
            ("application/json, text/html", SDK),
            ("text/html, application/json", BROWSER),
            // A range is less specific than a name, and more specific than a wider range.
            ("application/json;q=0.5, text/*", NEITHER),
            ("application/json, text/*;q=0.5, */*", SDK),
            ("application/*", NEITHER),
            // Other types.
            ("application/problem+json", NEITHER),
            ("image/svg+xml, text/plain", NEITHER),
            ("nonsense, ;, application/json", SDK),
            ("x/y;z=\"application/json, text/html\"", NEITHER),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!((wants_json(&headers), wants_html(&headers)), expected, "{accept}");
        }
        let none = HeaderMap::new();
        assert_eq!((wants_json(&none), wants_html(&none)), NEITHER);
        let mut two = HeaderMap::new();
        two.append(header::ACCEPT, HeaderValue::from_static("text/plain"));
        two.append(header::ACCEPT, HeaderValue::from_static("application/json"));
        assert!(wants_json(&two), "the header may occur more than once");
    }
}
