//! The SQS queue of stream records that can never be handled. They are stored with their content, and the shard goes
//! on.

use aws_sdk_sqs::Client;
use binding::unavailable::Unavailable;
use serde_json::{Value, json};

use crate::aws::{Aws, unavailable};
use crate::env::{BadVariable, Env};

/// The queue of records that were set aside.
#[derive(Clone, Debug)]
pub struct SetAside {
    client: Client,
    queue_url: String,
    function: String,
}

impl SetAside {
    /// Reads `SET_ASIDE_QUEUE_URL` and `POWERTOOLS_SERVICE_NAME`.
    ///
    /// # Errors
    /// [`BadVariable`] when one is missing.
    pub fn new(aws: &Aws, env: &Env) -> Result<Self, BadVariable> {
        let (queue_url, function) = (env.require("SET_ASIDE_QUEUE_URL")?, env.require("POWERTOOLS_SERVICE_NAME")?);
        Ok(Self { client: aws.sqs(), queue_url: queue_url.to_owned(), function: function.to_owned() })
    }

    /// Puts a record on the queue, as `{function, reason, sequence_number, record}`. A record can be queued twice.
    ///
    /// # Errors
    /// [`Unavailable`] when the queue does not accept it.
    pub async fn put(&self, sequence_number: &str, record: &Value, reason: &str) -> Result<(), Unavailable> {
        let body = json!({
            "function": self.function,
            "reason": reason,
            "sequence_number": sequence_number,
            "record": record,
        });
        let answer = self.client.send_message().queue_url(&self.queue_url).message_body(body.to_string()).send().await;
        answer.map(drop).map_err(|error| unavailable("sqs", &error))
    }
}
