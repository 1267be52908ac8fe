//! The position of a function in the table's stream.

use serde::{Deserialize, Serialize};

use crate::folder::Folder;

/// The last record of the stream that a function processed, kept in the data folder.
#[derive(Clone, Debug)]
pub(crate) struct Checkpoint {
    folder: Folder,
    file: String,
    after: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Content {
    /// A sequence number; `None` before the first record.
    after: Option<String>,
}

impl Checkpoint {
    /// Reads a function's checkpoint from the data folder, or creates one at `begin` if there is none yet.
    ///
    /// # Errors
    /// When the file is damaged or missing: starting over would publish every event again.
    pub(crate) fn open(folder: &Folder, function: &str, begin: Option<String>) -> Result<Self, String> {
        let file = format!("checkpoint-{function}");
        match folder.read(&file)? {
            Some(bytes) => {
                let after = read(&bytes).map_err(|why| folder.damaged(&file, &why))?;
                Ok(Self { folder: folder.clone(), file, after })
            }
            None => Self::begin(folder, function, begin),
        }
    }

    /// Writes a new checkpoint, which replaces any other.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn begin(folder: &Folder, function: &str, begin: Option<String>) -> Result<Self, String> {
        let mut checkpoint = Self { folder: folder.clone(), file: format!("checkpoint-{function}"), after: None };
        checkpoint.set(begin)?;
        Ok(checkpoint)
    }

    /// The sequence number of the last record that was processed; `None` before the first.
    pub(crate) fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// Advances the checkpoint.
    ///
    /// # Errors
    /// When it cannot be written: after a restart, later records are processed again.
    pub(crate) fn set(&mut self, after: Option<String>) -> Result<(), String> {
        self.after.clone_from(&after);
        self.folder.write_json(&self.file, &Content { after })
    }

    /// The error when the table does not have the record.
    pub(crate) fn unknown(&self) -> String {
        self.folder.damaged(&self.file, &"table.sqlite does not have the record that it names")
    }
}

fn read(bytes: &[u8]) -> Result<Option<String>, String> {
    let number = |text: &str| (21..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    // Earlier versions wrote the number alone.
    match std::str::from_utf8(bytes) {
        Ok(text) if number(text) => return Ok(Some(text.to_owned())),
        _ => {}
    }
    let Content { after } = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    match after {
        Some(after) if !number(&after) => Err(format!("{after:?} is not a sequence number")),
        after => Ok(after),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &str = "100000000000000000042";

    #[test]
    fn it_continues_where_it_was_and_never_starts_over() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::open(home.path()).unwrap();
        let open = || Checkpoint::open(&folder, "PublishChanges", None);
        let mut checkpoint = open().unwrap();
        assert_eq!((checkpoint.after(), open().unwrap().after()), (None, None));
        checkpoint.set(Some(NUMBER.to_owned())).unwrap();
        assert_eq!(open().unwrap().after(), Some(NUMBER));

        let file = home.path().join("checkpoint-PublishChanges");
        let whole = std::fs::read_to_string(&file).unwrap();
        for end in 0..whole.len() {
            std::fs::write(&file, &whole[..end]).unwrap();
            let error = open().unwrap_err();
            assert!(error.contains("checkpoint-PublishChanges is damaged"), "{error}");
        }
        std::fs::remove_file(&file).unwrap();
        assert!(open().unwrap_err().contains("checkpoint-PublishChanges is missing"));
    }

    #[test]
    fn the_old_format_is_read_too() {
        assert_eq!(read(NUMBER.as_bytes()), Ok(Some(NUMBER.to_owned())));
        assert!(read(&NUMBER.as_bytes()[1..]).is_err(), "a truncated number");
        assert!(read(b"{\"after\":\"7\"}").is_err());
    }
}
