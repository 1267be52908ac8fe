//! The embedded DynamoDB.

use std::path::Path;
use std::sync::Arc;

use cloud::clock::Clock;
use dynoxide::Database;
use dynoxide::storage::Storage;

/// The engine finds the end of a stream at every write, and a stream's records at every read: without these it looks at
/// all the records that there ever were.
const STREAM_INDEXES: &str = "
    CREATE INDEX IF NOT EXISTS stream_end ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
    CREATE INDEX IF NOT EXISTS shard_range ON _stream_records (table_name, shard_id, CAST(sequence_number AS INTEGER));
";

/// The stack's clock, as the table's engine reads it to purge what is past its TTL.
struct TableClock(Clock);

impl dynoxide::storage_backend::Clock for TableClock {
    fn now_unix_secs(&self) -> u64 {
        self.0.now().seconds().unsigned_abs()
    }

    fn now_unix_secs_f64(&self) -> f64 {
        self.0.now().millis() as f64 / 1000.0
    }
}

/// Opens the database of a data folder, or one in memory.
///
/// # Errors
/// What keeps the engine from starting, in words.
pub(crate) fn open(data: Option<&Path>, clock: &Clock) -> Result<Database, String> {
    let told = |error: String| format!("the embedded DynamoDB cannot start: {error}");
    let folder = tempfile::tempdir().map_err(|error| told(error.to_string()))?;
    let file = data.unwrap_or(folder.path()).join("table.sqlite");
    let file = file.to_string_lossy();
    let indexed = Storage::new(&file).map_err(|error| told(error.to_string()))?;
    indexed.conn().execute_batch(STREAM_INDEXES).map_err(|error| told(error.to_string()))?;
    drop(indexed);
    let opened = match data {
        Some(_) => Database::new(&file),
        // What is in memory begins as a copy of an empty file that has the indexes.
        None => Database::memory_with_clock(Arc::new(TableClock(clock.clone())))
            .and_then(|database| database.restore_from(&file).map(|()| database)),
    };
    opened.map_err(|error| told(error.to_string()))
}
