//! The embedded DynamoDB.

use std::fmt::Display;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use cloud::clock::Clock;
use dynoxide::Database;
use dynoxide::storage::Storage;

use crate::folder::{Folder, private};

/// The engine finds the end of a stream at every write, and a stream's records at every read. Without these indexes it
/// scans all records that were ever written.
const STREAM_INDEXES: &str = "
    CREATE INDEX IF NOT EXISTS stream_end ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
    CREATE INDEX IF NOT EXISTS shard_range ON _stream_records (table_name, shard_id, CAST(sequence_number AS INTEGER));
";

/// The stack's clock, by which the engine purges items whose TTL has passed.
struct TableClock(Clock);

impl dynoxide::storage_backend::Clock for TableClock {
    fn now_unix_secs(&self) -> u64 {
        self.0.now().seconds().unsigned_abs()
    }

    fn now_unix_secs_f64(&self) -> f64 {
        self.0.now().millis() as f64 / 1000.0
    }
}

/// Its file in the data folder.
const FILE: &str = "table.sqlite";

/// The maximum size of a file that is checked completely at the start, in bytes, which takes less than a second. A
/// check of a million jobs would take a minute; in larger files SQLite finds damage when it reads the damaged page.
const CHECKED: u64 = 256 << 20;

/// The first bytes of an SQLite database (<https://www.sqlite.org/fileformat.html>).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Opens the database of a data folder, or one in memory.
///
/// # Errors
/// The error that prevents the engine from starting, in words.
pub(crate) fn open(folder: &Folder, clock: &Clock) -> Result<Database, String> {
    match folder.path(FILE) {
        Some(path) => kept(folder, &path),
        None => in_memory(clock).map_err(|error| format!("the embedded DynamoDB cannot start: {error}")),
    }
}

/// Opens the database of a data folder. SQLite treats an empty file as a new database and reads pages only when
/// needed, so the file is checked first.
fn kept(folder: &Folder, path: &Path) -> Result<Database, String> {
    let damaged = |error: &dyn Display| folder.damaged(FILE, error);
    if folder.requires(FILE) {
        let mut begin = [0; MAGIC.len()];
        let mut file = File::open(path).map_err(|_| folder.missing(FILE))?;
        if file.read_exact(&mut begin).is_err() || &begin != MAGIC {
            return Err(damaged(&"it is not an SQLite database"));
        }
    }
    // SQLite creates its other files with the mode of this one.
    private().open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let file = path.to_string_lossy();
    let storage = Storage::new(&file).map_err(|error| damaged(&error))?;
    let size = std::fs::metadata(path).map_err(|error| damaged(&error))?.len();
    let check = if size > CHECKED { "SELECT 'ok' FROM sqlite_schema LIMIT 1" } else { "PRAGMA quick_check(1)" };
    let check = storage.conn().query_row(check, [], |row| row.get::<_, String>(0));
    match check {
        Ok(ok) if ok == "ok" => {}
        Ok(fault) => return Err(damaged(&fault.replace('\n', " "))),
        Err(error) => return Err(damaged(&error)),
    }
    storage.conn().execute_batch(STREAM_INDEXES).map_err(|error| damaged(&error))?;
    drop(storage);
    let database = Database::new(&file).map_err(|error| damaged(&error))?;
    folder.require(FILE)?;
    Ok(database)
}

/// Opens a database in memory: a copy of an empty file with the indexes.
fn in_memory(clock: &Clock) -> Result<Database, Box<dyn std::error::Error>> {
    let home = tempfile::tempdir()?;
    let file = home.path().join(FILE);
    let file = file.to_string_lossy();
    Storage::new(&file)?.conn().execute_batch(STREAM_INDEXES)?;
    let database = Database::memory_with_clock(Arc::new(TableClock(clock.clone())))?;
    database.restore_from(&file)?;
    Ok(database)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_database_is_not_replaced_by_a_new_one() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::open(home.path()).unwrap();
        let open = || open(&folder, &Clock::default()).map(drop);
        open().unwrap();
        open().unwrap();
        let file = home.path().join(FILE);
        let whole = std::fs::read(&file).unwrap();
        let mut overwritten = whole.clone();
        overwritten[whole.len() / 2..].fill(0x5a);
        for damaged in [&[][..], &whole[..100], &whole[..whole.len() / 2], b"no database", &overwritten] {
            std::fs::write(&file, damaged).unwrap();
            let error = open().unwrap_err();
            assert!(error.contains("table.sqlite is damaged"), "{} bytes: {error}", damaged.len());
        }
        std::fs::remove_file(&file).unwrap();
        assert!(open().unwrap_err().contains("table.sqlite is missing"));
    }
}
