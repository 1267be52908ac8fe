//! The table's engine: the embedded one, or another one that speaks DynamoDB's protocol.

use axum::body::Bytes;
use dynoxide::{Database, DynoxideError};
use serde_json::{Value, json};

use crate::aws::remote::Remote;
use crate::aws::wire::EngineError;

/// The engine that stores the table and its stream.
#[derive(Clone, Debug)]
pub enum Engine {
    /// In this process.
    Embedded(Embedded),
    /// At the address of `AWS_ENDPOINT_URL_DYNAMODB`.
    Remote(Remote),
}

/// The embedded engine, which also serves the protocol on loopback.
#[derive(Clone)]
pub struct Embedded {
    pub(crate) database: Database,
    pub(crate) url: String,
}

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedded").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Engine {
    /// Carries out an operation of DynamoDB or DynamoDB Streams.
    ///
    /// # Errors
    /// The engine's error.
    pub async fn call(&self, operation: &str, request: Value) -> Result<Value, EngineError> {
        match self {
            Self::Embedded(embedded) => embedded.call(operation, request),
            Self::Remote(remote) => {
                let service = match operation {
                    "DescribeStream" | "GetShardIterator" | "GetRecords" => "DynamoDBStreams_20120810",
                    _ => "DynamoDB_20120810",
                };
                let body = Bytes::from(request.to_string());
                let (status, answer) = remote.send(&format!("{service}.{operation}"), body).await?;
                let answer: Value = serde_json::from_slice(&answer).unwrap_or_default();
                if status == 200 {
                    return Ok(answer);
                }
                let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
                let kind = text("__type").rsplit('#').next().unwrap_or_default().to_owned();
                Err((kind, format!("{operation}: {status} {} {}", text("__type"), text("message") + &text("Message"))))
            }
        }
    }

    /// Creates the table, unless it exists from the last run.
    ///
    /// # Errors
    /// The error of the request, in words.
    pub(crate) async fn make_table(&self, request: Value, ttl: &str) -> Result<(), String> {
        let name = request["TableName"].clone();
        match self.call("CreateTable", request).await {
            Ok(_) => {}
            Err((kind, _)) if kind == "ResourceInUseException" => return Ok(()),
            Err((_, words)) => return Err(format!("the table cannot be made: {words}")),
        }
        for _ in 0..600 {
            let described = self.call("DescribeTable", json!({"TableName": name})).await.map_err(|(_, words)| words)?;
            if described["Table"]["TableStatus"] == "ACTIVE" {
                let ttl = json!({
                    "TableName": name,
                    "TimeToLiveSpecification": {"AttributeName": ttl, "Enabled": true},
                });
                return self.call("UpdateTimeToLive", ttl).await.map(drop).map_err(|(_, words)| words);
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        Err("the table was not ready within a minute".to_owned())
    }

    /// The ARN of a table's current stream; `None` when it has none.
    ///
    /// # Errors
    /// The error of the request, in words.
    pub(crate) async fn stream(&self, table: &str) -> Result<Option<String>, String> {
        let request = json!({"TableName": table});
        let (operation, at) = match self {
            // The embedded engine counts all items and index entries to describe a table.
            Self::Embedded(_) => ("ListStreams", "/Streams/0/StreamArn"),
            // Other engines list the stream of a deleted table for a while.
            Self::Remote(_) => ("DescribeTable", "/Table/LatestStreamArn"),
        };
        let answer = self.call(operation, request).await.map_err(|(_, words)| words)?;
        Ok(answer.pointer(at).and_then(Value::as_str).map(str::to_owned))
    }

    /// Whether items are purged as soon as their TTL passes by the stack's clock. Other engines purge on their own
    /// schedule.
    #[must_use]
    pub const fn purges(&self) -> bool {
        matches!(self, Self::Embedded(_))
    }

    /// Purges items whose TTL has passed, if the engine supports it.
    pub(crate) fn purge(&self) {
        if let Self::Embedded(embedded) = self
            && let Err(error) = embedded.database.sweep_ttl()
        {
            tracing::error!(%error, "the purge failed");
        }
    }
}

impl Embedded {
    fn call(&self, operation: &str, request: Value) -> Result<Value, EngineError> {
        /// Parses the request, calls the engine, and serializes the response.
        macro_rules! called {
            ($($operation:literal => $method:ident,)*) => {
                match operation {
                    $($operation => {
                        let request = serde_json::from_value(request).map_err(|error| unreadable(&error))?;
                        let answer = self.database.$method(request).map_err(|error| failed(&error))?;
                        serde_json::to_value(answer).map_err(|error| unreadable(&error))
                    })*
                    other => Err(("UnknownOperationException".to_owned(), format!("not called here: {other}"))),
                }
            };
        }
        called! {
            "CreateTable" => create_table,
            "DeleteTable" => delete_table,
            "DescribeStream" => describe_stream,
            "DescribeTable" => describe_table,
            "GetRecords" => get_records,
            "GetShardIterator" => get_shard_iterator,
            "ListStreams" => list_streams,
            "PutItem" => put_item,
            "Query" => query,
            "Scan" => scan,
            "UpdateTimeToLive" => update_time_to_live,
        }
    }
}

fn unreadable(error: &serde_json::Error) -> EngineError {
    ("SerializationException".to_owned(), error.to_string())
}

fn failed(error: &DynoxideError) -> EngineError {
    let kind = match error {
        DynoxideError::ResourceInUseException(_) => "ResourceInUseException",
        DynoxideError::ResourceNotFoundException(_) => "ResourceNotFoundException",
        _ => "ValidationException",
    };
    (kind.to_owned(), error.to_string())
}
