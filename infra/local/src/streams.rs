//! The table's stream, brought to the functions as Lambda brings it: in order, in batches, again after a failure, and
//! set aside when nothing helps.

use std::sync::Arc;
use std::time::Duration;

use dynoxide::Database;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::functions::{Running, matches};
use crate::record::Journal;
use crate::template::StreamMapping;

/// How long a batch waits before it is tried again. Lambda waits longer, and longer each time.
const WAIT: Duration = Duration::from_millis(50);

/// One mapping of the table's stream to a function.
pub(crate) struct Pump {
    pub(crate) id: String,
    pub(crate) function: Running,
    pub(crate) mapping: StreamMapping,
    pub(crate) database: Database,
    pub(crate) table: String,
    pub(crate) written: Arc<Notify>,
    pub(crate) set_aside: Journal,
    /// Where to begin, unless a checkpoint says otherwise; the beginning of the stream, if nothing says.
    pub(crate) begin: Option<String>,
    pub(crate) checkpoints: Option<std::path::PathBuf>,
}

impl Pump {
    /// Runs until the task is aborted.
    pub(crate) async fn run(self) {
        let mut done = self.checkpoint().or_else(|| self.begin.clone());
        loop {
            let written = self.written.notified();
            match read(&self.database, &self.table, done.as_deref()) {
                Ok(records) if records.is_empty() => {
                    // A write wakes it; the interval is for writes that went past this process.
                    drop(tokio::time::timeout(Duration::from_millis(500), written).await);
                }
                Ok(records) => {
                    for batch in records.chunks(self.mapping.batch_size) {
                        self.deliver(batch).await;
                        done = batch.last().map(sequence_number);
                        self.save(done.as_deref());
                    }
                }
                Err(error) => {
                    tracing::error!(error, "the stream cannot be read");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// Hands over the records that the function wants, until it has taken them all or they are set aside.
    async fn deliver(&self, batch: &[Value]) {
        let wanted: Vec<Value> = batch.iter().filter(|record| matches(&self.mapping, record)).cloned().collect();
        let mut parts = vec![wanted];
        while let Some(part) = parts.pop() {
            if part.is_empty() {
                continue;
            }
            parts.extend(self.deliver_part(part).await);
        }
    }

    /// Runs the function on a part of a batch until it is done with it; what is left to be delivered, last part first.
    /// As on Lambda, a run that fails halves its part, a partial answer goes on from the record that it names, and what
    /// is tried too often is set aside as a whole.
    async fn deliver_part(&self, mut left: Vec<Value>) -> Vec<Vec<Value>> {
        for _ in 0..=self.mapping.retries {
            match self.function.invoke(json!({"Records": left})).await {
                Ok(answer) => match answer["batchItemFailures"][0]["itemIdentifier"].as_str() {
                    None => return Vec::new(),
                    Some(id) => {
                        let done = left.iter().position(|record| sequence_number(record) == id).unwrap_or(0);
                        if done > 0 {
                            return vec![left.split_off(done)];
                        }
                    }
                },
                Err(error) => {
                    tracing::error!(%error, function = self.id, "the function failed");
                    if left.len() > 1 {
                        let second = left.split_off(left.len() / 2);
                        return vec![second, left];
                    }
                }
            }
            tokio::time::sleep(WAIT).await;
        }
        for record in left {
            let number = sequence_number(&record);
            tracing::error!(function = self.id, sequence_number = number, "a record was set aside");
            self.set_aside.add(json!({"function": self.id, "record": record}));
        }
        Vec::new()
    }

    fn checkpoint(&self) -> Option<String> {
        let folder = self.checkpoints.as_ref()?;
        std::fs::read_to_string(folder.join(format!("checkpoint-{}", self.id))).ok().filter(|text| !text.is_empty())
    }

    fn save(&self, done: Option<&str>) {
        let Some((folder, done)) = self.checkpoints.as_ref().zip(done) else { return };
        if let Err(error) = std::fs::write(folder.join(format!("checkpoint-{}", self.id)), done) {
            tracing::warn!(%error, "the stream's checkpoint was not written");
        }
    }
}

/// The records after a sequence number, as Lambda writes them.
fn read(database: &Database, table: &str, after: Option<&str>) -> Result<Vec<Value>, String> {
    use dynoxide::actions::{describe_stream, get_records, get_shard_iterator};
    let failed = |error: dynoxide::DynoxideError| error.to_string();
    // The table's own stream: one of a table that was deleted before lives on for a while.
    let table = serde_json::from_value(json!({"TableName": table})).map_err(|error| error.to_string())?;
    let table = serde_json::to_value(database.describe_table(table).map_err(failed)?).unwrap_or_default();
    let Some(arn) = table["Table"]["LatestStreamArn"].as_str() else { return Ok(Vec::new()) };
    let described = database
        .describe_stream(describe_stream::DescribeStreamRequest { stream_arn: arn.to_owned(), ..Default::default() });
    let described = serde_json::to_value(described.map_err(failed)?).unwrap_or_default();
    let shard = described["StreamDescription"]["Shards"][0]["ShardId"].as_str().unwrap_or_default();
    let request = json!({
        "StreamArn": arn,
        "ShardId": shard,
        "ShardIteratorType": if after.is_some() { "AFTER_SEQUENCE_NUMBER" } else { "TRIM_HORIZON" },
        "SequenceNumber": after,
    });
    let request: get_shard_iterator::GetShardIteratorRequest =
        serde_json::from_value(request).map_err(|error| error.to_string())?;
    let iterator = database.get_shard_iterator(request).map_err(failed)?;
    let iterator = serde_json::to_value(iterator).unwrap_or_default();
    let records = database.get_records(get_records::GetRecordsRequest {
        shard_iterator: iterator["ShardIterator"].as_str().unwrap_or_default().to_owned(),
        limit: Some(1000),
    });
    let records = serde_json::to_value(records.map_err(failed)?.records).map_err(|error| error.to_string())?;
    let mut records = records.as_array().cloned().unwrap_or_default();
    for record in &mut records {
        record["eventSourceARN"] = arn.into();
    }
    Ok(records)
}

/// The sequence number of the last record of a table's stream, from a known one on.
pub(crate) fn end(database: &Database, table: &str, from: Option<String>) -> Result<Option<String>, String> {
    let mut last = from;
    loop {
        let records = read(database, table, last.as_deref())?;
        match records.last() {
            Some(record) => last = Some(sequence_number(record)),
            None => return Ok(last),
        }
    }
}

fn sequence_number(record: &Value) -> String {
    record["dynamodb"]["SequenceNumber"].as_str().unwrap_or_default().to_owned()
}
