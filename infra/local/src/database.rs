//! The embedded DynamoDB.

use std::path::Path;
use std::sync::Arc;

use cloud::clock::Clock;
use dynoxide::Database;
use dynoxide::storage::Storage;
use serde_json::{Value, json};

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

/// Makes the table, unless it is there from the last run.
///
/// # Errors
/// What is wrong with the request, in words.
pub(crate) fn make_table(database: &Database, request: Value, ttl: &str) -> Result<(), String> {
    let name = request["TableName"].clone();
    let create = serde_json::from_value(request).map_err(|error| error.to_string())?;
    match database.create_table(create) {
        Ok(_) => {}
        Err(dynoxide::DynoxideError::ResourceInUseException(_)) => return Ok(()),
        Err(error) => return Err(format!("the table cannot be made: {error}")),
    }
    let ttl = json!({
        "TableName": name,
        "TimeToLiveSpecification": {"AttributeName": ttl, "Enabled": true},
    });
    let ttl = serde_json::from_value(ttl).map_err(|error| error.to_string())?;
    database.update_time_to_live(ttl).map(drop).map_err(|error| error.to_string())
}
