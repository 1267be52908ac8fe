//! Standard output: tables for people, JSON for programs.

use std::io::{IsTerminal as _, Write as _};

use comfy_table::{Cell, Color, ColumnConstraint, ContentArrangement, Table, presets};
use serde_json::Value;

use api::scalar::{Base64Url, ChosenId, JwkJson, LanguageTag, Named, Names, Text, Thumbprint, Time, Uuid, WebUrl};

/// Writes a line. If the reader has closed the pipe, as `head` does, the program ends quietly.
pub(crate) fn line(text: &str) {
    self::text(&format!("{text}\n"));
}

/// Writes a text as it is, in the same way.
pub(crate) fn text(text: &str) {
    let mut out = std::io::stdout().lock();
    if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Writes JSON, indented.
pub(crate) fn json(value: &Value) {
    line(&format!("{value:#}"));
}

/// A column of a table: its heading, and the text for an element.
pub(crate) type Column<T> = (&'static str, fn(&T) -> String);

/// Whether standard output is a terminal and colours are enabled (<https://no-color.org>).
fn coloured() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Prints elements as a table. On a terminal it is at most as wide as that.
pub(crate) fn table<T>(columns: &[Column<T>], elements: &[T]) {
    line(&render(columns, elements, coloured()));
}

fn render<T>(columns: &[Column<T>], elements: &[T], coloured: bool) -> String {
    let mut table = plain();
    table.set_header(columns.iter().map(|(heading, _)| Cell::new(heading)));
    for element in elements {
        table.add_row(columns.iter().map(|(_, show)| cell(&show(element), coloured)));
    }
    // Ids are meant to be copied, so they are not wrapped while there is room.
    if let Some(ids) = table.column_mut(0) {
        ids.set_constraint(ColumnConstraint::ContentWidth);
    }
    trimmed(&table)
}

/// Prints one element, with a line for each value that is present.
pub(crate) fn details<T>(columns: &[Column<T>], element: &T) {
    line(&render_details(columns, element, coloured()));
}

fn render_details<T>(columns: &[Column<T>], element: &T, coloured: bool) -> String {
    let mut table = plain();
    for (heading, show) in columns {
        let value = show(element);
        if !value.is_empty() {
            table.add_row([Cell::new(heading), cell(&value, coloured)]);
        }
    }
    trimmed(&table)
}

fn plain() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    // Without a terminal the width is unlimited, so that `grep` finds an element on one line.
    if std::io::stdout().is_terminal() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    table
}

fn trimmed(table: &Table) -> String {
    table.to_string().lines().map(|line| line.trim_end().trim_start_matches(' ')).collect::<Vec<_>>().join("\n")
}

fn cell(text: &str, coloured: bool) -> Cell {
    let color = match text {
        "COMPLETE" | "ACTIVE" | "DELIVERED" | "SUCCESS" => Some(Color::Green),
        "EXPIRED" | "REVOKED" | "FAILED_TO_SEND" | "BOUNCED" | "REJECTED" | "COMPLAINED" | "FAILED" => Some(Color::Red),
        "LINK_SENT" | "LINK_OPENED" | "REQUEST_DELIVERED" | "RUNNING" | "PARTIAL_SUCCESS" => Some(Color::Yellow),
        _ => None,
    };
    match color.filter(|_| coloured) {
        Some(color) => Cell::new(text).fg(color),
        None => Cell::new(text),
    }
}

/// A value in readable form. An absent one is empty.
pub(crate) trait Shown {
    fn shown(&self) -> String;
}

macro_rules! shown_as_text {
    ($($text:ty),+) => {$(
        impl Shown for $text {
            fn shown(&self) -> String {
                safe(&self.to_string())
            }
        }
    )+};
}

shown_as_text!(
    String,
    bool,
    u32,
    u64,
    usize,
    i64,
    Base64Url,
    ChosenId,
    JwkJson,
    LanguageTag,
    Text,
    Thumbprint,
    Uuid,
    WebUrl
);

impl<T: Names> Shown for Named<T> {
    fn shown(&self) -> String {
        self.name().to_owned()
    }
}

impl Shown for Time {
    /// `2026-01-31T10:00:00.000Z` as `2026-01-31 10:00:00Z`.
    fn shown(&self) -> String {
        let text = self.to_string();
        format!("{} {}Z", &text[..10], &text[11..19])
    }
}

impl<T: Shown> Shown for &T {
    fn shown(&self) -> String {
        (*self).shown()
    }
}

impl<T: Shown> Shown for Option<T> {
    fn shown(&self) -> String {
        self.as_ref().map(Shown::shown).unwrap_or_default()
    }
}

impl<T: Shown> Shown for Vec<T> {
    fn shown(&self) -> String {
        self.iter().map(Shown::shown).collect::<Vec<_>>().join(", ")
    }
}

/// Removes control characters. Other people choose names, which must not move the cursor or colour the screen.
pub(crate) fn safe(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use api::scalar::State;

    use super::*;

    struct Element {
        id: Text,
        states: Vec<Named<State>>,
        mail: Option<Text>,
        time: Option<Time>,
    }

    const COLUMNS: &[Column<Element>] = &[
        ("ID", |element| element.id.shown()),
        ("STATE", |element| element.states.shown()),
        ("MAIL", |element| element.mail.shown()),
        ("CREATED", |element| element.time.shown()),
    ];

    fn time() -> Option<Time> {
        Some(serde_json::from_value("2026-01-31T10:00:00.123Z".into()).unwrap())
    }

    #[test]
    fn elements_are_rows() {
        let states = |state| vec![Named(state)];
        let elements = [
            Element {
                id: "a".into(),
                states: states(State::Complete),
                mail: Some("a@example.com".into()),
                time: time(),
            },
            Element { id: "a-longer-one".into(), states: states(State::LinkSent), mail: None, time: None },
        ];
        insta::assert_snapshot!(render(COLUMNS, &elements, false), @r"
        ID            STATE      MAIL           CREATED
        a             COMPLETE   a@example.com  2026-01-31 10:00:00Z
        a-longer-one  LINK_SENT
        ");
    }

    #[test]
    fn an_element_has_a_line_for_each_present_value() {
        let states = vec![Named(State::LinkSent), Named(State::LinkOpened)];
        let element = Element { id: "a".into(), states, mail: None, time: time() };
        insta::assert_snapshot!(render_details(COLUMNS, &element, false), @r"
        ID       a
        STATE    LINK_SENT, LINK_OPENED
        CREATED  2026-01-31 10:00:00Z
        ");
    }

    #[test]
    fn a_name_cannot_move_the_cursor() {
        assert_eq!(Text::from("Ada\u{1b}[2J\n").shown(), "Ada\u{fffd}[2J\u{fffd}");
    }
}
