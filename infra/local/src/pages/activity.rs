//! Mails and events in one list.

use serde::Serialize;
use serde_json::Value;

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
    mails: bool,
    events: bool,
}

impl Asked {
    /// Parses the query's `page`, `page_size` and `kind` (`mail` or `event`; absent for both). Invalid values are
    /// replaced by the nearest valid one.
    pub(super) fn read(page: Option<&String>, page_size: Option<&String>, kind: Option<&String>) -> Self {
        let number = |text: Option<&String>, usual| text.and_then(|text| text.parse().ok()).unwrap_or(usual);
        let kind = kind.map(String::as_str);
        Self {
            page: number(page, 1).max(1),
            page_size: number(page_size, PAGE_SIZE).clamp(1, LARGEST_PAGE),
            mails: kind != Some("event"),
            events: kind != Some("mail"),
        }
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
}

impl Entry {
    /// RFC 3339 in UTC. All have milliseconds, so their order is the order of the texts.
    fn time(&self) -> &str {
        let time = match self {
            Entry::Mail(mail) => &mail["time"],
            Entry::Event(event) => &event["detail"]["metadata"]["occurred_time"],
        };
        time.as_str().unwrap_or_default()
    }
}

/// The requested page, or the last one if there are fewer.
pub(super) fn page(mails: &Journal, events: &Journal, asked: Asked) -> Page {
    let Asked { page, page_size, .. } = asked;
    let count = |journal: &Journal, wanted| if wanted { journal.len() } else { 0 };
    let total = count(mails, asked.mails) + count(events, asked.events);
    let pages = total.div_ceil(page_size).max(1);
    let page = page.min(pages);
    // No entry of the page comes after this many of its own kind.
    let end = page * page_size;
    let newest = |journal: &Journal, wanted| if wanted { journal.newest(end) } else { Vec::new() };
    let mut mails = newest(mails, asked.mails).into_iter().map(Entry::Mail).peekable();
    let mut events = newest(events, asked.events).into_iter().map(Entry::Event).peekable();
    // Merged: entries of one kind keep the order in which they arrived, so no entry is on two pages.
    let merged = std::iter::from_fn(|| match (mails.peek(), events.peek()) {
        (Some(mail), Some(event)) if mail.time() < event.time() => events.next(),
        (Some(_), _) => mails.next(),
        (None, _) => events.next(),
    });
    let entries = merged.skip(end - page_size).take(page_size).collect();
    Page { entries, page, pages, total }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn journals(times: &[(char, u32)]) -> (Journal, Journal) {
        let (mails, events) = (Journal::default(), Journal::default());
        for (kind, second) in times {
            let time = format!("2026-01-01T00:00:{second:02}.000Z");
            match kind {
                'm' => mails.add(json!({"time": time, "subject": second})).unwrap(),
                _ => events.add(json!({"detail": {"metadata": {"occurred_time": time}}})).unwrap(),
            }
        }
        (mails, events)
    }

    fn shown(times: &[(char, u32)], page: &str, kind: Option<&str>) -> (String, usize, usize) {
        let (mails, events) = journals(times);
        let kind = kind.map(str::to_owned);
        let asked = Asked::read(Some(&page.to_owned()), Some(&"2".to_owned()), kind.as_ref());
        let page = super::page(&mails, &events, asked);
        let names = page.entries.iter().map(|entry| {
            let kind = if matches!(entry, Entry::Mail(_)) { 'm' } else { 'e' };
            format!("{kind}{}", &entry.time()[17..19])
        });
        (names.collect::<Vec<_>>().join(" "), page.page, page.total)
    }

    #[test]
    fn pages_list_every_entry_once_newest_first() {
        let times = [('e', 1), ('m', 2), ('m', 3), ('e', 4), ('e', 5)];
        let pages = ["1", "2", "3"].map(|page| shown(&times, page, None).0);
        assert_eq!(pages, ["e05 e04", "m03 m02", "e01"]);
        assert_eq!(shown(&times, "1", Some("mail")), ("m03 m02".to_owned(), 1, 2));
        assert_eq!(shown(&times, "2", Some("event")), ("e01".to_owned(), 2, 3));
    }

    #[test]
    fn a_page_out_of_range_is_the_nearest_existing_one() {
        let times = [('e', 1), ('m', 2), ('m', 3)];
        assert_eq!(shown(&times, "9", None), ("e01".to_owned(), 2, 3));
        assert_eq!(shown(&times, "0", None).0, "m03 m02");
        assert_eq!(shown(&times, "one", None).0, "m03 m02");
        assert_eq!(shown(&[], "1", None), (String::new(), 1, 0));
    }
}
