//! The CSV file of a campaign (RFC 4180).

use std::collections::HashMap;

use api::check;
use api::request::LARGEST_QUEUE;
use csv::{ByteRecord, ReaderBuilder, Trim};

/// The names of the columns.
const COLUMNS: [&str; 6] = ["id", "name", "username", "address", "locale", "time_zone"];

/// The columns that must be there, with a value in each line.
const REQUIRED: [&str; 2] = ["id", "address"];

/// The most errors that are listed.
const MOST_ERRORS: usize = 1000;

/// A person to invite. What the file does not say is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Person {
    /// The line of the file, counted from 1.
    pub(super) line: u64,
    pub(super) id: String,
    /// The mail address, as the API stores it.
    pub(super) address: String,
    pub(super) name: Option<String>,
    pub(super) username: Option<String>,
    pub(super) locale: Option<String>,
    pub(super) time_zone: Option<String>,
}

/// Reads and checks a whole file.
///
/// # Errors
/// All errors, a line for each.
pub(super) fn read(file: &[u8]) -> Result<Vec<Person>, String> {
    let mut reading = Reading::default();
    let people = reading.people(file);
    if reading.errors.is_empty() {
        return Ok(people);
    }
    let count = reading.errors.len();
    let mut words = format!("{count} error{}; nothing was sent", if count == 1 { "" } else { "s" });
    for error in reading.errors.iter().take(MOST_ERRORS) {
        words.push_str(&format!("\n  {error}"));
    }
    if count > MOST_ERRORS {
        words.push_str(&format!("\n  and {} more", count - MOST_ERRORS));
    }
    Err(words)
}

#[derive(Default)]
struct Reading {
    errors: Vec<String>,
    /// The line of each id, and of each username in lower case.
    ids: HashMap<String, u64>,
    usernames: HashMap<String, u64>,
}

impl Reading {
    fn people(&mut self, file: &[u8]) -> Vec<Person> {
        if file.starts_with(&[0xff, 0xfe]) || file.starts_with(&[0xfe, 0xff]) {
            self.errors.push("the file is UTF-16; save it as CSV in UTF-8".to_owned());
            return Vec::new();
        }
        let mut reader = ReaderBuilder::new().trim(Trim::All).flexible(true).from_reader(file);
        let header = match reader.byte_headers() {
            Ok(header) => header.clone(),
            Err(error) => {
                self.errors.push(error.to_string());
                return Vec::new();
            }
        };
        let Some(columns) = self.columns(&header) else { return Vec::new() };
        let mut people = Vec::new();
        for record in reader.byte_records() {
            match record {
                Ok(record) => people.push(self.person(&columns, line_of(&record, file), &record)),
                Err(error) => self.errors.push(error.to_string()),
            }
        }
        if people.is_empty() && self.errors.is_empty() {
            self.errors.push("the file has no people below its header".to_owned());
        }
        if people.len() > LARGEST_QUEUE as usize {
            self.errors.push(format!("the file has {} people; at most {LARGEST_QUEUE} are allowed", people.len()));
        }
        people
    }

    /// The names of the columns, in the order of the file.
    fn columns(&mut self, header: &ByteRecord) -> Option<Vec<&'static str>> {
        let names: Vec<String> = header.iter().map(|name| String::from_utf8_lossy(name).to_lowercase()).collect();
        let separated = |name: &String| name.contains([';', '\t']);
        if names.iter().any(separated) {
            self.errors.push("line 1: columns must be separated by commas".to_owned());
            return None;
        }
        let mut columns: Vec<&'static str> = Vec::new();
        for name in &names {
            match COLUMNS.into_iter().find(|column| column == name) {
                Some(column) if columns.contains(&column) => {
                    self.errors.push(format!("line 1: the column {column} appears twice"));
                }
                Some(column) => columns.push(column),
                None => {
                    let known = COLUMNS.join(", ");
                    self.errors
                        .push(format!("line 1: unknown column `{}`; the columns are {known}", name.escape_debug()));
                }
            }
        }
        for column in REQUIRED {
            if !columns.contains(&column) {
                self.errors.push(format!("line 1: the column {column} is missing"));
            }
        }
        self.errors.is_empty().then_some(columns)
    }

    fn person(&mut self, columns: &[&'static str], line: u64, record: &ByteRecord) -> Person {
        let mut person = Person { line, ..Person::default() };
        if record.len() != columns.len() {
            let (has, expected) = (record.len(), columns.len());
            self.errors.push(format!("line {line}: has {has} values; the header has {expected}"));
            return person;
        }
        for (column, cell) in columns.iter().zip(record) {
            if let Err(why) = self.cell(&mut person, column, cell) {
                self.errors.push(format!("line {line}, column {column}: {why}"));
            }
        }
        person
    }

    /// Reads a value into the person.
    fn cell(&mut self, person: &mut Person, column: &str, cell: &[u8]) -> Result<(), String> {
        let text = std::str::from_utf8(cell).map_err(|_| "must be UTF-8".to_owned())?;
        if text.is_empty() {
            return if REQUIRED.contains(&column) { Err("is required".to_owned()) } else { Ok(()) };
        }
        match column {
            "id" => {
                check::identity_id(text)?;
                once(&mut self.ids, text.to_owned(), person.line)?;
                person.id = text.to_owned();
            }
            "address" => person.address = check::mail_address(text)?,
            "name" => {
                check::text(text, 128)?;
                person.name = Some(text.to_owned());
            }
            "username" => {
                check::text(text, 128)?;
                // Usernames are unique in a realm, without regard to case.
                once(&mut self.usernames, text.to_lowercase(), person.line)?;
                person.username = Some(text.to_owned());
            }
            "locale" => person.locale = Some(check::language_tag(text)?),
            _ => {
                check::time_zone(text)?;
                person.time_zone = Some(text.to_owned());
            }
        }
        Ok(())
    }
}

/// Records a value that may occur once.
fn once(seen: &mut HashMap<String, u64>, value: String, line: u64) -> Result<(), String> {
    match seen.insert(value, line) {
        Some(earlier) => Err(format!("is the same as in line {earlier}")),
        None => Ok(()),
    }
}

/// The line in which a record begins. The reader's own position is before the blank lines that it skips.
fn line_of(record: &ByteRecord, file: &[u8]) -> u64 {
    let Some(position) = record.position() else { return 0 };
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let blank = file.iter().skip(from).take_while(|byte| b"\r\n".contains(byte)).filter(|byte| **byte == b'\n');
    position.line() + blank.count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_is_read() {
        let file = "\u{feff}ID, address ,Name,locale,time_zone,username\r\n\
                    ada,ada@müller.example,\"Lovelace, Ada\",en_GB,Europe/London,\r\n\
                    \r\n\
                    4711, bob@example.com ,,,,Bob\r\n";
        let people = read(file.as_bytes()).unwrap();
        let ada = Person {
            line: 2,
            id: "ada".to_owned(),
            address: "ada@xn--mller-kva.example".to_owned(),
            name: Some("Lovelace, Ada".to_owned()),
            username: None,
            locale: Some("en-GB".to_owned()),
            time_zone: Some("Europe/London".to_owned()),
        };
        let bob = Person {
            line: 4,
            id: "4711".to_owned(),
            address: "bob@example.com".to_owned(),
            username: Some("Bob".to_owned()),
            ..Person::default()
        };
        assert_eq!(people, [ada, bob]);
    }

    #[test]
    fn all_errors_are_listed_by_line_and_column() {
        let file = b"id,name,address,locale,time_zone,username\n\
                     ada,\"two\nlines\",ada@example,?,Mars/Olympus,x\n\
                     a/b,,bob@example.com,,,X\n\
                     \n\
                     ada,,ada@example.com,,\n\
                     ada,,,,,\n\
                     caf\xe9,,eve@example.com,,,\n";
        insta::assert_snapshot!(read(file).unwrap_err(), @r#"
        10 errors; nothing was sent
          line 2, column name: must not contain control characters
          line 2, column address: must be a mail address, such as ada@example.com
          line 2, column locale: must be a language tag, such as en or de-CH
          line 2, column time_zone: must be an IANA time zone, such as Europe/Berlin
          line 4, column id: must be 1 to 128 characters of A-Z a-z 0-9 . _ ~ - and not "-", "." or ".."
          line 4, column username: is the same as in line 2
          line 6: has 5 values; the header has 6
          line 7, column id: is the same as in line 2
          line 7, column address: is required
          line 8, column id: must be UTF-8
        "#);
    }

    #[test]
    fn a_wrong_header_is_explained() {
        let error = |file: &[u8]| read(file).unwrap_err();
        insta::assert_snapshot!(error(b"id;address\nada;ada@example.com\n"), @r"
        1 error; nothing was sent
          line 1: columns must be separated by commas
        ");
        insta::assert_snapshot!(error(b"id,mail,id\n"), @r"
        3 errors; nothing was sent
          line 1: unknown column `mail`; the columns are id, name, username, address, locale, time_zone
          line 1: the column id appears twice
          line 1: the column address is missing
        ");
        insta::assert_snapshot!(error(b"id,address\n"), @r"
        1 error; nothing was sent
          the file has no people below its header
        ");
        insta::assert_snapshot!(error(b""), @r"
        2 errors; nothing was sent
          line 1: the column id is missing
          line 1: the column address is missing
        ");
        insta::assert_snapshot!(error(b"\xff\xfei\0d\0"), @r"
        1 error; nothing was sent
          the file is UTF-16; save it as CSV in UTF-8
        ");
    }
}
