//! What goes to standard output: tables for people, JSON for programs.

use std::io::{IsTerminal as _, Write as _};

use comfy_table::{Cell, Color, ColumnConstraint, ContentArrangement, Table, presets};
use serde_json::Value;

/// Writes a line. A reader that has gone away, as `head` does, ends the program quietly.
pub(crate) fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Writes JSON, indented.
pub(crate) fn json(value: &Value) {
    line(&format!("{value:#}"));
}

/// A column of a table: its heading, and where in an element its value is (RFC 6901).
pub(crate) type Column = (&'static str, &'static str);

/// Whether standard output is a terminal that colours are welcome on (<https://no-color.org>).
fn coloured() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Elements as a table. On a terminal it is as wide as that at most.
pub(crate) fn table(columns: &[Column], elements: &[Value]) {
    line(&render(columns, elements, coloured()));
}

fn render(columns: &[Column], elements: &[Value], coloured: bool) -> String {
    let mut table = plain();
    table.set_header(columns.iter().map(|(heading, _)| Cell::new(heading)));
    for element in elements {
        table.add_row(columns.iter().map(|(_, pointer)| cell(&text(element.pointer(pointer)), coloured)));
    }
    // What is copied stays whole, as long as there is room.
    if let Some(ids) = table.column_mut(0) {
        ids.set_constraint(ColumnConstraint::ContentWidth);
    }
    trimmed(&table)
}

/// One element, a line for each of its values that is there.
pub(crate) fn details(columns: &[Column], element: &Value) {
    line(&render_details(columns, element, coloured()));
}

fn render_details(columns: &[Column], element: &Value, coloured: bool) -> String {
    let mut table = plain();
    for (heading, pointer) in columns {
        let value = text(element.pointer(pointer));
        if !value.is_empty() {
            table.add_row([Cell::new(heading), cell(&value, coloured)]);
        }
    }
    trimmed(&table)
}

fn plain() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    // Without a terminal there is no width to keep to, and a line stays a line for `grep`.
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
        "COMPLETE" | "ACTIVE" | "DELIVERED" => Some(Color::Green),
        "EXPIRED" | "REVOKED" | "FAILED_TO_SEND" | "BOUNCED" | "REJECTED" | "COMPLAINED" => Some(Color::Red),
        "LINK_SENT" | "LINK_OPENED" | "REQUEST_DELIVERED" => Some(Color::Yellow),
        _ => None,
    };
    match color.filter(|_| coloured) {
        Some(color) => Cell::new(text).fg(color),
        None => Cell::new(text),
    }
}

/// A value as a person reads it.
pub(crate) fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => time(text).unwrap_or_else(|| safe(text)),
        Some(Value::Array(values)) => {
            values.iter().map(text_of).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
        }
        Some(other) => other.to_string(),
    }
}

fn text_of(value: &Value) -> String {
    text(Some(value))
}

/// `2026-01-31T10:00:00.000Z` as `2026-01-31 10:00:00Z`.
fn time(text: &str) -> Option<String> {
    let (date, rest) = text.strip_suffix('Z')?.split_once('T')?;
    let (clock, millis) = rest.split_once('.')?;
    let digits = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|b| b.is_ascii_digit() || b"-:".contains(&b))
    };
    (digits(date, 10) && digits(clock, 8) && digits(millis, 3)).then(|| format!("{date} {clock}Z"))
}

/// Names are others' choice: none may move the cursor or colour the screen.
fn safe(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const COLUMNS: &[Column] = &[("ID", "/id"), ("STATE", "/state"), ("MAIL", "/traits/mail"), ("CREATED", "/time")];

    #[test]
    fn elements_are_rows() {
        let elements = [
            json!({"id": "a", "state": "COMPLETE", "traits": {"mail": "a@example.com"}, "time": "2026-01-31T10:00:00.123Z"}),
            json!({"id": "a-longer-one", "state": "LINK_SENT", "traits": {}}),
        ];
        insta::assert_snapshot!(render(COLUMNS, &elements, false), @r"
        ID            STATE      MAIL           CREATED
        a             COMPLETE   a@example.com  2026-01-31 10:00:00Z
        a-longer-one  LINK_SENT
        ");
    }

    #[test]
    fn an_element_is_lines_of_what_is_there() {
        let element = json!({"id": "a", "state": ["x", "y"], "time": "2026-01-31T10:00:00.123Z"});
        insta::assert_snapshot!(render_details(COLUMNS, &element, false), @r"
        ID       a
        STATE    x, y
        CREATED  2026-01-31 10:00:00Z
        ");
    }

    #[test]
    fn nobodys_name_moves_the_cursor() {
        assert_eq!(text(Some(&json!("Ada\u{1b}[2J\n"))), "Ada\u{fffd}[2J\u{fffd}");
    }
}
