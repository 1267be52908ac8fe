//! Delivers the table's stream to the functions as Lambda does: in order, in batches, with retries after a failure, and
//! records set aside when retries do not help.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::aws::engine::Engine;
use crate::faults::Fault;
use crate::journal::Journal;
use crate::lambda::checkpoint::Checkpoint;
use crate::lambda::functions::{Worker, matches};
use crate::record::lock;
use crate::template::StreamMapping;

/// The pauses before a batch is retried, growing with the number of attempts, as on Lambda.
const WAITS: [Duration; 3] = [Duration::from_millis(50), Duration::from_millis(200), Duration::from_millis(1500)];
/// The number of attempts with the same pause.
const TRIES_PER_WAIT: usize = 20;

/// The pause after an attempt, counted from 0.
fn wait(attempt: usize) -> Duration {
    WAITS[(attempt / TRIES_PER_WAIT).min(WAITS.len() - 1)]
}

/// One mapping of the table's stream to a function.
pub(crate) struct Pump {
    pub(crate) worker: Worker,
    pub(crate) mapping: StreamMapping,
    pub(crate) engine: Engine,
    pub(crate) table: String,
    pub(crate) written: Arc<Notify>,
    pub(crate) set_aside: Journal,
    pub(crate) progress: Progress,
    pub(crate) checkpoint: Checkpoint,
}

/// Each function's position in the stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<Mutex<BTreeMap<String, Seen>>>);

#[derive(Clone, Debug)]
struct Seen {
    table: String,
    last: Option<String>,
}

impl Progress {
    fn set(&self, pump: &Pump) {
        let seen = Seen { table: pump.table.clone(), last: pump.checkpoint.after().map(str::to_owned) };
        lock(&self.0).insert(pump.worker.id.clone(), seen);
    }

    /// The number of records that each function has not processed yet, at most one read's worth.
    pub(crate) async fn behind(&self, engine: &Engine) -> BTreeMap<String, usize> {
        let all = lock(&self.0).clone();
        let mut behind = BTreeMap::new();
        for (id, seen) in all {
            let left = read(engine, &seen.table, seen.last.as_deref()).await;
            behind.insert(id, left.map_or(1, |records| records.len()));
        }
        behind
    }
}

impl Pump {
    /// Runs until the task is aborted.
    pub(crate) async fn run(mut self) {
        self.progress.set(&self);
        let mut tail = None;
        let written = self.written.clone();
        loop {
            let written = written.notified();
            match self.more(&mut tail).await {
                Ok(records) if records.is_empty() => {
                    // A write wakes it; the interval is for writes that bypassed this process.
                    drop(tokio::time::timeout(Duration::from_millis(500), written).await);
                }
                Ok(records) => {
                    for batch in records.chunks(self.mapping.batch_size) {
                        self.deliver(batch).await;
                        if let Err(error) = self.checkpoint.set(batch.last().map(sequence_number)) {
                            tracing::error!(error, "the stream's checkpoint was not written");
                        }
                        self.progress.set(&self);
                    }
                }
                Err(error) => {
                    tracing::error!(error, "the stream cannot be read");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// The records after the last processed one. An iterator that the engine no longer accepts, such as after the clock
    /// was advanced, is replaced.
    async fn more(&self, tail: &mut Option<Tail>) -> Result<Vec<Value>, String> {
        if let Some(tail) = tail
            && let Ok(records) = tail.next(&self.engine).await
        {
            return Ok(records);
        }
        *tail = Tail::after(&self.engine, &self.table, self.checkpoint.after()).await?;
        match tail {
            Some(tail) => tail.next(&self.engine).await,
            None => Ok(Vec::new()),
        }
    }

    /// Delivers the records that match the function's filters, until it has processed them or they are set aside.
    async fn deliver(&self, batch: &[Value]) {
        let wanted: Vec<Value> = batch.iter().filter(|record| matches(&self.mapping, record)).cloned().collect();
        if wanted.is_empty() {
            return;
        }
        let mut parts = match self.worker.faults.of_batch(&self.worker.id) {
            Some(Fault::Duplicate) => vec![wanted.clone(), wanted],
            Some(Fault::Reorder) => vec![item_by_item(&wanted)],
            _ => vec![wanted],
        };
        while let Some(part) = parts.pop() {
            parts.extend(self.deliver_part(part).await);
        }
    }

    /// Invokes the function with a part of a batch, and returns the parts that remain, last part first. As on Lambda,
    /// a failed invocation halves its part, a partial response continues from the record that it names, and a part
    /// that was tried too often or for too long is set aside as a whole.
    async fn deliver_part(&self, mut left: Vec<Value>) -> Vec<Vec<Value>> {
        let (begun, age) = (Instant::now(), Duration::from_secs(self.mapping.age_seconds));
        let tries = self.mapping.retries.map_or(usize::MAX, |retries| retries as usize + 1);
        for attempt in 0..tries {
            match self.worker.invoke(json!({"Records": left})).await {
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
                    tracing::error!(%error, function = self.worker.id, "the function failed");
                    if left.len() > 1 {
                        let second = left.split_off(left.len() / 2);
                        return vec![second, left];
                    }
                }
            }
            if begun.elapsed() >= age {
                break;
            }
            tokio::time::sleep(wait(attempt)).await;
        }
        for record in left {
            let number = sequence_number(&record);
            tracing::error!(function = self.worker.id, sequence_number = number, "a record was set aside");
            if let Err(error) = self.set_aside.add(json!({"function": self.worker.id, "record": record})) {
                tracing::error!(%error, "a record that was set aside cannot be stored");
            }
        }
        Vec::new()
    }
}

/// The records of the item that changed last, then those of the others: in order for each item, but not across items.
fn item_by_item(records: &[Value]) -> Vec<Value> {
    let mut items: Vec<(&Value, Vec<Value>)> = Vec::new();
    for record in records {
        let key = &record["dynamodb"]["Keys"];
        match items.iter_mut().find(|(item, _)| *item == key) {
            Some((_, records)) => records.push(record.clone()),
            None => items.push((key, vec![record.clone()])),
        }
    }
    items.into_iter().rev().flat_map(|(_, records)| records).collect()
}

/// Reads a table's stream from a position on.
struct Tail {
    arn: String,
    iterator: Option<String>,
}

impl Tail {
    /// The records after a sequence number, or all; `None` when the table has no stream.
    async fn after(engine: &Engine, table: &str, after: Option<&str>) -> Result<Option<Self>, String> {
        let kind = if after.is_some() { "AFTER_SEQUENCE_NUMBER" } else { "TRIM_HORIZON" };
        Self::open(engine, table, kind, after).await
    }

    async fn open(engine: &Engine, table: &str, kind: &str, number: Option<&str>) -> Result<Option<Self>, String> {
        let called =
            async |operation: &str, request: Value| engine.call(operation, request).await.map_err(|(_, words)| words);
        let Some(arn) = engine.stream(table).await? else { return Ok(None) };
        let described = called("DescribeStream", json!({"StreamArn": arn})).await?;
        let shards = described["StreamDescription"]["Shards"].as_array().cloned().unwrap_or_default();
        // In the cloud a new table has one shard for its first hours; local engines always have one.
        let [shard] = shards.as_slice() else { return Err(format!("{} shards; one is expected", shards.len())) };
        let mut request = json!({
            "StreamArn": arn,
            "ShardId": shard["ShardId"],
            "ShardIteratorType": kind,
        });
        if let Some(number) = number {
            request["SequenceNumber"] = number.into();
        }
        let answer = called("GetShardIterator", request).await?;
        Ok(Some(Self { arn, iterator: answer["ShardIterator"].as_str().map(str::to_owned) }))
    }

    /// The next records in Lambda's format, at most a thousand.
    async fn next(&mut self, engine: &Engine) -> Result<Vec<Value>, String> {
        let request = json!({"ShardIterator": self.iterator.take().unwrap_or_default(), "Limit": 1000});
        let answer = engine.call("GetRecords", request).await.map_err(|(_, words)| words)?;
        self.iterator = answer["NextShardIterator"].as_str().map(str::to_owned);
        let mut records = answer["Records"].as_array().cloned().unwrap_or_default();
        for record in &mut records {
            record["eventSourceARN"] = self.arn.as_str().into();
        }
        Ok(records)
    }
}

/// The records after a sequence number.
async fn read(engine: &Engine, table: &str, after: Option<&str>) -> Result<Vec<Value>, String> {
    match Tail::after(engine, table, after).await? {
        Some(mut tail) => tail.next(engine).await,
        None => Ok(Vec::new()),
    }
}

/// Whether a table's stream contains the record with a sequence number.
pub(crate) async fn holds(engine: &Engine, table: &str, number: &str) -> Result<bool, String> {
    let Some(mut tail) = Tail::open(engine, table, "AT_SEQUENCE_NUMBER", Some(number)).await? else { return Ok(false) };
    Ok(tail.next(engine).await?.first().is_some_and(|record| sequence_number(record) == number))
}

/// The sequence number of the last record of a table's stream, searched from a known one on.
pub(crate) async fn end(engine: &Engine, table: &str, from: Option<String>) -> Result<Option<String>, String> {
    let mut last = from;
    loop {
        let records = read(engine, table, last.as_deref()).await?;
        match records.last() {
            Some(record) => last = Some(sequence_number(record)),
            None => return Ok(last),
        }
    }
}

fn sequence_number(record: &Value) -> String {
    record["dynamodb"]["SequenceNumber"].as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Template;

    /// A mail that a killed process had claimed is sent and not set aside, and so is one that waits for SES all day.
    #[test]
    fn a_record_is_retried_for_most_of_a_day() {
        let functions = Template::parse(crate::TEMPLATE, &[]).unwrap().functions().unwrap();
        let mappings: Vec<_> = functions.iter().flat_map(|function| &function.streams).collect();
        assert_eq!(mappings.len(), 2);
        for mapping in mappings {
            assert_eq!((mapping.retries, mapping.age_seconds), (None, 23 * 60 * 60));
        }
        assert_eq!([0, 20, 40, 100_000].map(wait), [WAITS[0], WAITS[1], WAITS[2], WAITS[2]]);
    }
}
