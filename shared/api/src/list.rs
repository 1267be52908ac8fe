//! Lists: page sizes, and authenticated page tokens.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use binding::time::Timestamp;
use ring::hmac;
use serde::{Deserialize, Serialize};

use crate::filter::{Attribute, Element, Filter};
use crate::problem::Problem;
use crate::query::{integer, pairs};
use crate::scalar::Base64Url;
use crate::view::{self, FieldViolation, List};

pub use crate::view::COUNT_BOUND;

/// The default page size.
const DEFAULT_SIZE: usize = 20;
/// The maximum size of a page of a list whose elements are numbered.
const LARGEST_SIZE: usize = 200;
/// The maximum number of elements that can be skipped.
const LARGEST_SKIP: usize = 1000;
/// How long a page token is valid, in seconds: a week.
const LIFETIME_SECONDS: i64 = 7 * 24 * 3600;

/// The key that signs page tokens.
#[derive(Clone)]
pub struct PageKey(hmac::Key);

impl PageKey {
    /// Creates a key from secret bytes.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }
}

impl fmt::Debug for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageKey(…)")
    }
}

/// The query of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Query {
    /// The page size.
    size: usize,
    /// The number of elements to skip.
    skip: usize,
    /// Where to continue.
    page_token: Option<String>,
    /// The filter, parsed and as a text.
    filter: Option<(Filter, String)>,
}

/// The content of a page token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Page {
    /// The keys of the last element of the previous page.
    position: Vec<String>,
    /// The size of the list, as far as it was counted.
    total: Option<u32>,
    /// The number of elements that the previous pages contained or skipped.
    #[serde(default)]
    before: u32,
    /// The path and filter of the list. The token is valid only for these.
    list: String,
    issued_ms: i64,
}

impl Query {
    /// Parses the query of a list.
    ///
    /// # Errors
    /// A 400 with all violations.
    fn parse(query: Option<&str>, attributes: &[Attribute], largest: usize) -> Result<Self, Problem> {
        let mut parsed = Self { size: DEFAULT_SIZE, skip: 0, page_token: None, filter: None };
        let mut violations = Vec::new();
        for (name, value) in pairs(query.unwrap_or_default()) {
            match &*name {
                "page_size" => match integer(&value) {
                    Some(0) => parsed.size = DEFAULT_SIZE,
                    Some(size) if size > 0 => {
                        parsed.size = usize::try_from(size).unwrap_or(largest).min(largest);
                    }
                    _ => {
                        let range = format!("must be a whole number from 1 to {largest}");
                        violations.push(FieldViolation::new("page_size", range));
                    }
                },
                "skip" => match integer(&value).and_then(|skip| usize::try_from(skip).ok()) {
                    Some(skip) if skip <= LARGEST_SKIP => parsed.skip = skip,
                    _ => violations.push(FieldViolation::new("skip", "must be a whole number from 0 to 1000")),
                },
                "page_token" if !value.is_empty() => parsed.page_token = Some(value.into_owned()),
                "filter" if !value.is_empty() => match read_filter(value.into_owned(), attributes) {
                    Ok(filter) => parsed.filter = Some(filter),
                    Err(why) => violations.push(FieldViolation::new("filter", why)),
                },
                _ => {}
            }
        }
        if violations.is_empty() { Ok(parsed) } else { Err(Problem::invalid(violations)) }
    }

    /// The page that the token names, if there is one.
    ///
    /// # Errors
    /// A 400 on `page_token` when the token is invalid, for another list, or more than a week old.
    fn page(&self, key: &PageKey, list: &str, now: Timestamp) -> Result<Option<Page>, Problem> {
        let Some(token) = &self.page_token else { return Ok(None) };
        let refuse = |why: &str| Problem::invalid(vec![FieldViolation::new("page_token", why)]);
        let page = open(key, token).ok_or_else(|| refuse("is not a token of this list; start again without one"))?;
        if page.list != list {
            return Err(refuse("belongs to another list; start again without one"));
        }
        if page.issued_ms + LIFETIME_SECONDS * 1000 <= now.millis() {
            return Err(refuse("is more than a week old; start again without one"));
        }
        Ok(Some(page))
    }
}

fn read_filter(text: String, attributes: &[Attribute]) -> Result<(Filter, String), String> {
    if attributes.is_empty() {
        return Err("is not supported by this list".to_owned());
    }
    Ok((Filter::parse(&text, attributes).map_err(|bad| bad.to_string())?, text))
}

/// Whether the filter of a query names an attribute. It may be in a value; then too much is read, but nothing is wrong.
#[must_use]
pub fn filter_names(query: Option<&str>, attribute: &str) -> bool {
    let named = |text: &str| text.to_lowercase().contains(attribute);
    pairs(query.unwrap_or_default()).any(|(name, value)| name == "filter" && named(&value))
}

/// The requested page.
#[derive(Debug)]
pub struct Wanted {
    /// The position of the last element of the previous page, as its fetch returned it.
    pub position: Option<Vec<String>>,
    /// The number of elements to skip.
    pub skip: usize,
    /// The maximum number of elements.
    pub size: usize,
    /// The filter; `None` returns all elements.
    pub filter: Option<Filter>,
    /// Whether to count the matching elements beyond this page.
    pub count: bool,
}

/// A page as the table returned it.
#[derive(Debug)]
pub struct Found<T> {
    /// Its elements.
    pub elements: Vec<T>,
    /// Where the next page starts, if there is one.
    pub next: Option<Vec<String>>,
    /// The number of matching elements that were found.
    pub matched: u32,
}

/// Answers a request for a list: parses the query, counts on the first page, fetches the page and creates the next
/// page token. `list` is the list's path. For a filtered list, the first page counts the matches among at most 2 000
/// elements.
///
/// # Errors
/// A 400 for an invalid query, and the errors of `count` and `fetch`.
pub async fn answer<L: List<Element: Element>, E: Into<Problem>>(
    key: &PageKey,
    (list, query): (&str, Option<&str>),
    now: Timestamp,
    count: impl AsyncFnOnce() -> Result<u32, E>,
    fetch: impl AsyncFnOnce(Wanted) -> Result<Found<L::Element>, E>,
) -> Result<L, Problem> {
    let mut query = Query::parse(query, &L::Element::attributes(), L::LARGEST_PAGE)?;
    // A token is valid only with the filter that it was issued for.
    let (filter, list) = match query.filter.take() {
        Some((filter, text)) => (Some(filter), format!("{list}?filter={text}")),
        None => (None, list.to_owned()),
    };
    let (position, skip, known, before) = match query.page(key, &list, now)? {
        Some(page) => (Some(page.position), 0, page.total, page.before),
        None if filter.is_some() => (None, query.skip, None, 0),
        None => (None, query.skip, Some(count().await.map_err(Into::into)?), 0),
    };
    let (filtered, first) = (filter.is_some(), known.is_none());
    let wanted = Wanted { position, skip, size: query.size, filter, count: filtered && first };
    let Found { elements, next, matched } = fetch(wanted).await.map_err(Into::into)?;
    let so_far = before.saturating_add(matched).min(COUNT_BOUND);
    let total = if filtered { known.unwrap_or_default().max(so_far) } else { known.unwrap_or_default() };
    let passed = u32::try_from(skip + elements.len()).unwrap_or(u32::MAX);
    let next = next.map(|position| Page {
        position,
        total: Some(total),
        before: before.saturating_add(passed),
        list,
        issued_ms: now.millis(),
    });
    let next_page_token = next.map(|next| token(key, &next).into());
    Ok(L::of(view::Page { elements, total_size: total, next_page_token }))
}

/// A page of a list whose elements are counted.
#[derive(Clone, Debug)]
pub struct Numbered {
    /// Its first element, counted from 0.
    pub first: usize,
    /// How many elements, at most.
    pub size: usize,
    /// The numbers that the previous page put into the token; empty for the first page.
    pub carried: Vec<u32>,
    list: String,
}

impl Numbered {
    /// The token of the page that begins with the element `next`, with numbers that this page would have to compute
    /// again.
    #[must_use]
    pub fn token(&self, key: &PageKey, next: usize, carried: &[u32], now: Timestamp) -> Base64Url {
        let position = std::iter::once(next.to_string()).chain(carried.iter().map(u32::to_string)).collect();
        let page = Page { position, total: None, before: 0, list: self.list.clone(), issued_ms: now.millis() };
        token(key, &page).into()
    }
}

/// Reads the query of a list whose elements are counted. `list` is the list's path.
///
/// # Errors
/// A 400 for a wrong query.
pub fn by_number(key: &PageKey, (list, query): (&str, Option<&str>), now: Timestamp) -> Result<Numbered, Problem> {
    let query = Query::parse(query, &[], LARGEST_SIZE)?;
    let (first, carried) = match query.page(key, list, now)? {
        Some(page) => {
            let mut numbers = page.position.iter().map_while(|number| number.parse::<u32>().ok());
            (numbers.next().unwrap_or_default() as usize, numbers.collect())
        }
        None => (query.skip, Vec::new()),
    };
    Ok(Numbered { first, size: query.size, carried, list: list.to_owned() })
}

/// Creates the token of a page.
fn token(key: &PageKey, page: &Page) -> String {
    let mut bytes = serde_json::to_vec(page).unwrap_or_default();
    let mac = hmac::sign(&key.0, &bytes);
    bytes.extend(mac.as_ref());
    URL_SAFE_NO_PAD.encode(bytes)
}

fn open(key: &PageKey, token: &str) -> Option<Page> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (json, mac) = bytes.split_at_checked(bytes.len().checked_sub(32)?)?;
    hmac::verify(&key.0, json, mac).ok()?;
    serde_json::from_slice(json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_sizes_are_clamped() {
        assert_eq!(Query::parse(None, &[], 200).unwrap().size, 20);
        assert_eq!(Query::parse(Some("page_size=7"), &[], 200).unwrap().size, 7);
        for large in ["page_size=9999", "page_size=99999999999999999999", "page%5Fsize=%39999", "page_size=3e2"] {
            assert_eq!(Query::parse(Some(large), &[], 200).unwrap().size, 200, "{large}");
        }
        for bad in [
            "page_size=x",
            "page_size=-1",
            "page_size=1.5",
            "page_size=-99999999999999999999",
            "skip=-1",
            "skip=1001",
            "filter=a",
        ] {
            assert!(Query::parse(Some(bad), &[], 200).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_token_is_valid_for_its_list_and_a_week() {
        let key = PageKey::new(&[1; 32]);
        let now = Timestamp::from_millis(1_000_000);
        let page = Page {
            position: vec!["a".into(), "b".into()],
            total: Some(7),
            before: 0,
            list: "/jobs".into(),
            issued_ms: now.millis(),
        };
        let token = token(&key, &page);
        let query = Query { size: 1, skip: 0, page_token: Some(token.clone()), filter: None };
        let page = query.page(&key, "/jobs", now).unwrap().unwrap();
        assert_eq!((page.position, page.total), (vec!["a".to_owned(), "b".to_owned()], Some(7)));
        assert!(query.page(&key, "/other", now).is_err());
        assert!(query.page(&key, "/jobs", now.plus_seconds(LIFETIME_SECONDS)).is_err());
        assert!(query.page(&PageKey::new(&[2; 32]), "/jobs", now).is_err());
        for index in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            let query = Query { page_token: String::from_utf8(changed).ok(), ..query.clone() };
            assert!(query.page(&key, "/jobs", now).is_err(), "{index}");
        }
    }
}
