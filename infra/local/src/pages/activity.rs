//! Mails, events and failed requests in one list.

use serde::Serialize;
use serde_json::Value;

use crate::failures::Failures;
use crate::journal::Journal;

/// The default number of entries of a page.
const PAGE_SIZE: usize = 20;
/// The maximum number of entries of a page.
const LARGEST_PAGE: usize = 100;

/// The requested part of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// The page, from 1; page 1 has the newest entries.
    page: usize,
    page_size: usize,
    /// The kind of the entries; all kinds if there is none.
    kind: Option<Kind>,
}

/// The kinds of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Mail,
    Event,
    Failure,
}

/// Where the entries are kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sources<'a> {
    pub(super) mails: &'a Journal,
    pub(super) events: &'a Journal,
    pub(super) failures: &'a Failures,
}

impl Asked {
    /// Parses the query's `page`, `page_size` and `kind` (`mail`, `event` or `failure`; absent for all). Invalid values
    /// are replaced by the nearest valid one.
    pub(super) fn read(page: Option<&String>, page_size: Option<&String>, kind: Option<&String>) -> Self {
        let number = |text: Option<&String>, usual| text.and_then(|text| text.parse().ok()).unwrap_or(usual);
        Self {
            page: number(page, 1).max(1),
            page_size: number(page_size, PAGE_SIZE).clamp(1, LARGEST_PAGE),
            kind: match kind.map(String::as_str) {
                Some("mail") => Some(Kind::Mail),
                Some("event") => Some(Kind::Event),
                Some("failure") => Some(Kind::Failure),
                _ => None,
            },
        }
    }

    /// The number, or 0 if entries of this kind are not requested.
    fn of(self, kind: Kind, number: usize) -> usize {
        if self.kind.is_none_or(|asked| asked == kind) { number } else { 0 }
    }
}

/// A page of the list, newest first.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    entries: Vec<Entry>,
    page: usize,
    pages: usize,
    total: usize,
}

#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", content = "entry", rename_all = "lowercase")]
enum Entry {
    Mail(Value),
    Event(Value),
    Failure(Value),
}

impl Entry {
    /// RFC 3339 in UTC. All have milliseconds, so their order is the order of the texts.
    fn time(&self) -> &str {
        let time = match self {
            Entry::Mail(entry) | Entry::Failure(entry) => &entry["time"],
            Entry::Event(event) => &event["detail"]["metadata"]["occurred_time"],
        };
        time.as_str().unwrap_or_default()
    }
}

/// The requested page, or the last one if there are fewer.
pub(super) fn page(sources: Sources<'_>, asked: Asked) -> Page {
    let Sources { mails, events, failures } = sources;
    let Asked { page, page_size, .. } = asked;
    let total = asked.of(Kind::Mail, mails.len())
        + asked.of(Kind::Event, events.len())
        + asked.of(Kind::Failure, failures.len());
    let pages = total.div_ceil(page_size).max(1);
    let page = page.min(pages);
    // No entry of the page comes after this many of its own kind.
    let end = page * page_size;
    let mails = mails.newest(asked.of(Kind::Mail, end)).into_iter().map(Entry::Mail);
    let events = events.newest(asked.of(Kind::Event, end)).into_iter().map(Entry::Event);
    let failures = failures.newest(asked.of(Kind::Failure, end)).into_iter().map(Entry::Failure);
    let entries = merged(merged(mails, events), failures).skip(end - page_size).take(page_size).collect();
    Page { entries, page, pages, total }
}

/// Merges two lists by time. Entries of one list stay in its order, so no entry is on two pages.
fn merged(first: impl Iterator<Item = Entry>, second: impl Iterator<Item = Entry>) -> impl Iterator<Item = Entry> {
    let (mut first, mut second) = (first.peekable(), second.peekable());
    std::iter::from_fn(move || match (first.peek(), second.peek()) {
        (Some(one), Some(other)) if one.time() < other.time() => second.next(),
        (Some(_), _) => first.next(),
        (None, _) => second.next(),
    })
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Response;
    use binding::time::Timestamp;
    use serde_json::json;

    use super::*;

    async fn shown(times: &[(char, u32)], page: &str, kind: Option<&str>) -> (String, usize, usize) {
        let (mails, events, failures) = (Journal::default(), Journal::default(), Failures::default());
        for (kind, second) in times {
            let time = format!("2026-01-01T00:00:{second:02}.000Z");
            match kind {
                'm' => mails.add(json!({"time": time})).unwrap(),
                'e' => events.add(json!({"detail": {"metadata": {"occurred_time": time}}})).unwrap(),
                _ => {
                    let response = Response::builder().status(404).body(Body::empty()).unwrap();
                    failures.note("GET", "/", Timestamp::parse(&time).unwrap(), response).await;
                }
            }
        }
        let sources = Sources { mails: &mails, events: &events, failures: &failures };
        let kind = kind.map(str::to_owned);
        let page = super::page(sources, Asked::read(Some(&page.to_owned()), Some(&"2".to_owned()), kind.as_ref()));
        let names = page.entries.iter().map(|entry| {
            let kind = match entry {
                Entry::Mail(_) => 'm',
                Entry::Event(_) => 'e',
                Entry::Failure(_) => 'f',
            };
            format!("{kind}{}", &entry.time()[17..19])
        });
        (names.collect::<Vec<_>>().join(" "), page.page, page.total)
    }

    #[tokio::test]
    async fn pages_have_every_entry_once_newest_first() {
        let times = [('e', 1), ('m', 2), ('m', 3), ('f', 3), ('e', 4), ('e', 5)];
        let mut pages = Vec::new();
        for page in ["1", "2", "3"] {
            pages.push(shown(&times, page, None).await.0);
        }
        assert_eq!(pages, ["e05 e04", "m03 f03", "m02 e01"]);
        assert_eq!(shown(&times, "1", Some("mail")).await, ("m03 m02".to_owned(), 1, 2));
        assert_eq!(shown(&times, "2", Some("event")).await, ("e01".to_owned(), 2, 3));
        assert_eq!(shown(&times, "1", Some("failure")).await, ("f03".to_owned(), 1, 1));
    }

    #[tokio::test]
    async fn a_page_that_does_not_exist_is_the_nearest_that_does() {
        let times = [('e', 1), ('m', 2), ('m', 3)];
        assert_eq!(shown(&times, "9", None).await, ("e01".to_owned(), 2, 3));
        assert_eq!(shown(&times, "0", None).await.0, "m03 m02");
        assert_eq!(shown(&times, "one", None).await.0, "m03 m02");
        assert_eq!(shown(&[], "1", None).await, (String::new(), 1, 0));
    }
}
