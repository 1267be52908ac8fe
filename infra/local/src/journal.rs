//! Append-only lists: mails, events, and records that were set aside.
//!
//! An entry is one line of JSON. It is written before its sender gets an answer. A half-written last line is therefore
//! an entry that was never acknowledged, and its sender sends it again; the next start removes it. Lines are not synced
//! to disk one by one: a crash of the machine, but not of the process, can lose the last ones.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::folder::{Folder, private};
use crate::record::lock;

/// A list in memory, and in a file of JSON lines if there is a data folder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Journal(Arc<Mutex<Lines>>);

#[derive(Debug, Default)]
struct Lines {
    entries: Vec<Value>,
    /// The file and its length in bytes.
    file: Option<(File, u64)>,
}

impl Journal {
    /// Opens a journal with the entries of its file.
    ///
    /// # Errors
    /// When the file cannot be read or written, or one of its lines is invalid.
    pub(crate) fn open(folder: &Folder, name: &str) -> Result<Self, String> {
        let Some(path) = folder.path(name) else { return Ok(Self::default()) };
        let of_file = |error: std::io::Error| format!("{}: {error}", path.display());
        let mut file = private().read(true).open(&path).map_err(of_file)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(of_file)?;
        let (whole, rest) = bytes.split_at(bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1));
        let mut entries = Vec::new();
        for (index, line) in whole.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
            entries.push(serde_json::from_slice(line).map_err(|error| {
                let number = index + 1;
                format!(
                    "{}: line {number} is damaged ({error}). Repair or delete that line. You can also delete the \
                     file; /_local/ no longer shows its entries then.",
                    path.display()
                )
            })?);
        }
        let mut length = whole.len() as u64;
        // An object that can be parsed is complete, and only its newline is missing.
        match serde_json::from_slice::<Value>(rest).ok().filter(Value::is_object) {
            Some(entry) => {
                file.seek(SeekFrom::End(0)).and_then(|_| file.write_all(b"\n")).map_err(of_file)?;
                length = bytes.len() as u64 + 1;
                entries.push(entry);
            }
            None if !rest.is_empty() => {
                eprintln!("{}: the last line is half-written, and is removed.", path.display());
                file.set_len(length).map_err(of_file)?;
            }
            None => {}
        }
        Ok(Self(Arc::new(Mutex::new(Lines { entries, file: Some((file, length)) }))))
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// When it cannot be written; it is not added then.
    pub(crate) fn add(&self, entry: Value) -> std::io::Result<()> {
        let mut lines = lock(&self.0);
        if let Some((file, length)) = &mut lines.file {
            let line = format!("{entry}\n");
            if let Err(error) = file.seek(SeekFrom::Start(*length)).and_then(|_| file.write_all(line.as_bytes())) {
                // The next line must not be appended to a part of this one.
                file.set_len(*length)?;
                return Err(error);
            }
            *length += line.len() as u64;
        }
        lines.entries.push(entry);
        Ok(())
    }

    /// The entries after the first `skip`, oldest first.
    #[must_use]
    pub(crate) fn after(&self, skip: usize) -> Vec<Value> {
        lock(&self.0).entries.get(skip..).unwrap_or_default().to_vec()
    }

    /// The number of entries that match.
    #[must_use]
    pub(crate) fn count(&self, fits: impl Fn(&Value) -> bool) -> usize {
        lock(&self.0).entries.iter().filter(|entry| fits(entry)).count()
    }

    /// The newest entries, at most `count`, newest first.
    #[must_use]
    pub(crate) fn newest(&self, count: usize) -> Vec<Value> {
        lock(&self.0).entries.iter().rev().take(count).cloned().collect()
    }

    /// The number of entries.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        lock(&self.0).entries.len()
    }

    /// Removes all entries.
    ///
    /// # Errors
    /// When the file cannot be emptied.
    pub(crate) fn clear(&self) -> std::io::Result<()> {
        let mut lines = lock(&self.0);
        if let Some((file, length)) = &mut lines.file {
            file.set_len(0)?;
            *length = 0;
        }
        lines.entries.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NAME: &str = "mails.jsonl";

    /// The entries and the file after a restart and one more entry, when the file had this content.
    fn reopened(text: &str) -> Result<(Vec<Value>, String), String> {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join(NAME);
        std::fs::write(&file, text).unwrap();
        let folder = Folder::open(home.path()).unwrap();
        let journal = Journal::open(&folder, NAME).map_err(|error| error.replace(&file.display().to_string(), NAME))?;
        journal.add(json!({"n": 9})).unwrap();
        assert_eq!(Journal::open(&folder, NAME).unwrap().after(0), journal.after(0));
        Ok((journal.after(0), std::fs::read_to_string(&file).unwrap()))
    }

    #[test]
    fn a_truncated_line_does_not_affect_the_others() {
        let whole = "{\"n\":1}\n{\"n\":2}\n";
        let all = (vec![json!({"n": 1}), json!({"n": 2}), json!({"n": 9})], format!("{whole}{{\"n\":9}}\n"));
        for rest in ["", "{", "{\"n\":3", "\u{0}\u{0}"] {
            assert_eq!(reopened(&format!("{whole}{rest}")).unwrap(), all, "{rest:?}");
        }
        let (entries, text) = reopened(&format!("{whole}{{\"n\":3}}")).unwrap();
        assert_eq!((entries.len(), text.lines().count()), (4, 4), "only the newline was missing: {text}");
        assert_eq!(reopened("{\"n\"").unwrap().0, [json!({"n": 9})]);
    }

    #[test]
    fn a_damaged_line_is_named() {
        let error = reopened("{\"n\":1}\n{\"n\":\n{\"n\":3}\n").unwrap_err();
        assert!(error.starts_with("mails.jsonl: line 2 is damaged") && error.contains("delete that line"), "{error}");
    }

    /// `/dev/full` rejects every write.
    #[test]
    fn an_entry_that_cannot_be_written_is_not_added() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::open(home.path()).unwrap();
        let journal = Journal::open(&folder, NAME).unwrap();
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        journal.add(json!({"n": 1})).unwrap();
        lock(&journal.0).file = Some((full, 0));
        assert!(journal.add(json!({"n": 2})).is_err());
        assert_eq!(journal.after(0), [json!({"n": 1})]);
    }
}
