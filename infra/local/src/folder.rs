//! The data folder: the state that outlives the process.
//!
//! An advisory lock lets one process at a time use it; the operating system releases the lock when the process ends,
//! `kill -9` included. The folder has mode 0700 and its files 0600. Files are replaced atomically, so a crash leaves
//! either the old or the new content; [`crate::journal`] appends. The folder lists the files that must exist: a missing
//! or damaged one is an error, and is never replaced by a new one.
//!
//! | file | content |
//! |---|---|
//! | `lock` | process id and address of the process that holds the lock |
//! | `folder.json` | names of the files that must exist |
//! | `table.sqlite`, `-wal`, `-shm` | the embedded table |
//! | `table-name` | the table's name on another DynamoDB |
//! | `secrets.json`, `issuer.der` | the template's secrets, and the issuer's private key |
//! | `checkpoint-{function}` | the last stream record that the function processed |
//! | `mails.jsonl`, `events.jsonl`, `set-aside.jsonl` | the journals |
//! | `clock.json` | how far the clock is ahead of the system's |
//! | `seeds.json` | the addresses in the seed data |

use std::collections::BTreeSet;
use std::fmt::Display;
use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{ErrorKind, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::record::lock;

const LOCK: &str = "lock";
const LIST: &str = "folder.json";
/// Suffix of a file that is being written.
const UNFINISHED: &str = ".new";

/// A data folder. The default is none: reads find no file, and writes do nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folder(Option<Arc<Inner>>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    lock: File,
    /// Names of the files that must exist.
    list: Mutex<BTreeSet<String>>,
}

impl Folder {
    /// Locks a folder for this process, and creates it if it does not exist.
    ///
    /// # Errors
    /// When another process holds the lock, or the folder cannot be read or written.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let of_folder = |error: std::io::Error| format!("{}: {error}", path.display());
        if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            std::fs::create_dir_all(parent).map_err(of_folder)?;
        }
        match DirBuilder::new().mode(0o700).create(path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(of_folder(error)),
            _ => {}
        }
        let lock = acquire(path)?;
        make_private(path).map_err(of_folder)?;
        let inner = Inner { path: path.to_owned(), lock, list: Mutex::default() };
        let folder = Self(Some(Arc::new(inner)));
        folder.announce(None)?;
        match folder.json::<BTreeSet<String>>(LIST)? {
            Some(list) => folder.require_all(list)?,
            None => folder.require_all(unlisted(path))?,
        }
        Ok(folder)
    }

    /// Writes this process's id and the address that it listens on into the lock file, for the error that other
    /// processes report.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn announce(&self, address: Option<&str>) -> Result<(), String> {
        let Some(inner) = &self.0 else { return Ok(()) };
        let holder = json!({"pid": std::process::id(), "address": address}).to_string();
        let written = (|| {
            let mut file = &inner.lock;
            file.rewind()?;
            file.set_len(0)?;
            file.write_all(holder.as_bytes())
        })();
        written.map_err(|error| self.of_file(LOCK, &error))
    }

    /// Releases the lock.
    pub(crate) fn release(&self) {
        if let Some(inner) = &self.0
            && let Err(error) = inner.lock.unlock()
        {
            tracing::warn!(%error, "the data folder stays locked until this process ends");
        }
    }

    /// The path of a file, if there is a folder.
    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        self.0.as_ref().map(|inner| inner.path.join(name))
    }

    /// Reads a file; `None` if it was never written.
    ///
    /// # Errors
    /// When it cannot be read, or was written before and is missing.
    pub(crate) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let Some(inner) = &self.0 else { return Ok(None) };
        match std::fs::read(inner.path.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() != ErrorKind::NotFound => Err(self.of_file(name, &error)),
            Err(_) if self.requires(name) => Err(self.missing(name)),
            Err(_) => Ok(None),
        }
    }

    /// Reads a JSON file, as [`Folder::read`].
    ///
    /// # Errors
    /// As [`Folder::read`], and when the content is invalid.
    pub(crate) fn json<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, String> {
        let bytes = self.read(name)?;
        bytes.map(|bytes| serde_json::from_slice(&bytes).map_err(|error| self.damaged(name, &error))).transpose()
    }

    /// Replaces a file atomically. It must exist from now on.
    ///
    /// # Errors
    /// When it cannot be written; it keeps its old content then.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let Some(inner) = &self.0 else { return Ok(()) };
        replace(&inner.path, name, bytes).map_err(|error| self.of_file(name, &error))?;
        self.require(name)
    }

    /// Replaces a JSON file, as [`Folder::write`].
    ///
    /// # Errors
    /// As [`Folder::write`].
    pub(crate) fn write_json(&self, name: &str, content: &impl Serialize) -> Result<(), String> {
        let bytes = serde_json::to_vec(content).map_err(|error| self.of_file(name, &error))?;
        self.write(name, &bytes)
    }

    /// Adds a file to the list of those that must exist.
    ///
    /// # Errors
    /// When the list cannot be written.
    pub(crate) fn require(&self, name: &str) -> Result<(), String> {
        if self.requires(name) { Ok(()) } else { self.require_all([name.to_owned()].into()) }
    }

    fn require_all(&self, names: BTreeSet<String>) -> Result<(), String> {
        let Some(inner) = &self.0 else { return Ok(()) };
        let mut list = lock(&inner.list);
        list.extend(names);
        let bytes = serde_json::to_vec(&*list).map_err(|error| self.of_file(LIST, &error))?;
        replace(&inner.path, LIST, &bytes).map_err(|error| self.of_file(LIST, &error))
    }

    /// Whether a file must exist.
    pub(crate) fn requires(&self, name: &str) -> bool {
        self.0.as_ref().is_some_and(|inner| lock(&inner.list).contains(name))
    }

    /// The error for a file that must exist and does not.
    pub(crate) fn missing(&self, name: &str) -> String {
        self.with_remedy(name, "is missing")
    }

    /// The error for a file whose content is invalid.
    pub(crate) fn damaged(&self, name: &str, why: &dyn Display) -> String {
        self.with_remedy(name, &format!("is damaged ({why})"))
    }

    fn with_remedy(&self, name: &str, what: &str) -> String {
        let folder = self.0.as_ref().map(|inner| inner.path.display().to_string()).unwrap_or_default();
        let file = self.path(name).unwrap_or_default();
        format!("{} {what}. Restore it from a copy, or delete the folder {folder} to start anew.", file.display())
    }

    fn of_file(&self, name: &str, error: &dyn Display) -> String {
        format!("{}: {error}", self.path(name).unwrap_or_default().display())
    }
}

/// The files that must exist in a folder without a list, which is new or was made by a version that wrote no list.
fn unlisted(folder: &Path) -> BTreeSet<String> {
    let tables = ["table.sqlite", "table-name"];
    let mut files: Vec<&str> = tables.into_iter().filter(|name| folder.join(name).exists()).collect();
    if !files.is_empty() {
        files.extend(["secrets.json", "issuer.der"]);
    }
    files.into_iter().map(str::to_owned).collect()
}

/// Acquires the folder's lock.
fn acquire(folder: &Path) -> Result<File, String> {
    let path = folder.join(LOCK);
    let of_file = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut file = private().read(true).open(&path).map_err(of_file)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::Error(error)) => Err(of_file(error)),
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            drop(file.read_to_string(&mut text));
            let holder: Value = serde_json::from_str(&text).unwrap_or_default();
            let process = holder["pid"].as_u64().map_or("another process".to_owned(), |pid| format!("process {pid}"));
            let address = holder["address"].as_str().map(|address| format!(" on {address}")).unwrap_or_default();
            Err(format!(
                "the data folder {} is in use by {process}{address}. Stop that process, or choose another folder with \
                 --data FOLDER.",
                folder.display()
            ))
        }
    }
}

/// Options that open a file for writing without truncating it, or create it with mode 0600.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    options
}

/// Replaces a file atomically: temporary file, fsync, rename, fsync of the folder.
fn replace(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let unfinished = folder.join(format!("{name}{UNFINISHED}"));
    let mut file = private().truncate(true).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&unfinished, folder.join(name))?;
    File::open(folder)?.sync_all()
}

/// Removes all permissions of group and others from our files, and from the folder if it contains nothing else.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut only_ours = true;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && is_ours(&entry.file_name().to_string_lossy()) {
            restrict(&entry.path(), 0o600)?;
        } else {
            only_ours = false;
        }
    }
    if only_ours { restrict(folder, 0o700) } else { Ok(()) }
}

fn restrict(path: &Path, mode: u32) -> std::io::Result<()> {
    let restricted = std::fs::metadata(path).and_then(|there| match there.permissions().mode() & 0o077 {
        0 => Ok(()),
        _ => std::fs::set_permissions(path, Permissions::from_mode(mode)),
    });
    match restricted {
        // SQLite removes its write-ahead log when its last connection closes.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        restricted => restricted,
    }
}

fn is_ours(name: &str) -> bool {
    let name = name.strip_suffix(UNFINISHED).unwrap_or(name);
    let names = [LOCK, LIST, "table-name", "secrets.json", "issuer.der", "clock.json", "seeds.json"];
    let journals = ["mails.jsonl", "events.jsonl", "set-aside.jsonl"];
    names.contains(&name)
        || journals.contains(&name)
        || ["table.sqlite", "checkpoint-"].iter().any(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn one_process_at_a_time_uses_it_and_is_named_in_the_error() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/b");
        let folder = Folder::open(&path).unwrap();
        let refused = Folder::open(&path).unwrap_err();
        assert!(refused.contains(&format!("in use by process {}.", std::process::id())), "{refused}");
        folder.announce(Some("http://localhost:3000")).unwrap();
        let refused = Folder::open(&path).unwrap_err();
        let holder = format!("process {} on http://localhost:3000.", std::process::id());
        assert!(refused.contains(&holder) && refused.contains("--data"), "{refused}");
        folder.release();
        Folder::open(&path).unwrap();
    }

    #[test]
    fn permissions_of_an_existing_folder_are_restricted() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("data");
        Folder::open(&path).unwrap().write("secrets.json", b"{}").unwrap();
        assert_eq!(mode(&path), 0o700);
        for name in ["lock", "folder.json", "secrets.json"] {
            assert_eq!(mode(&path.join(name)), 0o600, "{name}");
        }
        let open_to_all = |path: &Path, mode| std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        open_to_all(&path, 0o755);
        open_to_all(&path.join("secrets.json"), 0o644);
        Folder::open(&path).unwrap();
        assert_eq!((mode(&path), mode(&path.join("secrets.json"))), (0o700, 0o600));
        // In a folder with other files, only the stack's files become private.
        std::fs::write(path.join("thesis.txt"), "").unwrap();
        open_to_all(&path, 0o755);
        open_to_all(&path.join("thesis.txt"), 0o644);
        open_to_all(&path.join("secrets.json"), 0o644);
        Folder::open(&path).unwrap();
        assert_eq!((mode(&path), mode(&path.join("thesis.txt"))), (0o755, 0o644));
        assert_eq!(mode(&path.join("secrets.json")), 0o600);
    }

    #[test]
    fn a_written_file_must_exist_and_be_valid() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::open(home.path()).unwrap();
        assert_eq!(folder.json::<Value>("clock.json").unwrap(), None);
        folder.write_json("clock.json", &json!({"ahead_millis": 1})).unwrap();
        assert_eq!(folder.json("clock.json").unwrap(), Some(json!({"ahead_millis": 1})));
        folder.release();

        let folder = Folder::open(home.path()).unwrap();
        let file = home.path().join("clock.json");
        for text in ["", "{\"ahead"] {
            std::fs::write(&file, text).unwrap();
            let error = folder.json::<Value>("clock.json").unwrap_err();
            assert!(error.starts_with(&format!("{} is damaged", file.display())), "{error}");
            assert!(error.contains("Restore it from a copy"), "{error}");
        }
        std::fs::remove_file(&file).unwrap();
        let error = folder.json::<Value>("clock.json").unwrap_err();
        assert!(error.starts_with(&format!("{} is missing", file.display())), "{error}");
        folder.release();
        std::fs::write(home.path().join("folder.json"), "[\"clock").unwrap();
        assert!(Folder::open(home.path()).unwrap_err().contains("folder.json is damaged"));

        // A folder of a version that wrote no list.
        std::fs::remove_file(home.path().join("folder.json")).unwrap();
        std::fs::write(home.path().join("table.sqlite"), "").unwrap();
        let folder = Folder::open(home.path()).unwrap();
        assert!(folder.requires("table.sqlite") && !folder.requires("table-name"));
        assert!(folder.read("secrets.json").unwrap_err().contains("secrets.json is missing"));
    }

    /// A crash during a write leaves a temporary file, which the next write replaces.
    #[test]
    fn an_interrupted_write_leaves_the_old_file() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::open(home.path()).unwrap();
        folder.write("secrets.json", b"old").unwrap();
        std::fs::write(home.path().join("secrets.json.new"), "ne").unwrap();
        assert_eq!(folder.read("secrets.json").unwrap().unwrap(), b"old");
        folder.write("secrets.json", b"newer").unwrap();
        assert_eq!(folder.read("secrets.json").unwrap().unwrap(), b"newer");
        assert!(!home.path().join("secrets.json.new").exists());
    }

    #[test]
    fn without_a_folder_nothing_is_stored() {
        let folder = Folder::default();
        folder.write("secrets.json", b"x").unwrap();
        folder.announce(None).unwrap();
        assert_eq!((folder.read("secrets.json").unwrap(), folder.path("x")), (None, None));
        folder.release();
    }
}
