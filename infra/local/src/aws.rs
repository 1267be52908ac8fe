//! AWS on one port, for the functions' SDK clients.
//!
//! DynamoDB is forwarded to the table's engine. SES v2, EventBridge ([`crate::bus`]), SQS and Secrets Manager are small
//! servers that speak the real wire protocols and store what they receive. An unsupported operation gets a 501.

pub(crate) mod bus;
pub(crate) mod database;
pub(crate) mod default_bus;
pub(crate) mod email;
pub(crate) mod engine;
pub(crate) mod event_schemas;
pub(crate) mod permissions;
pub(crate) mod remote;
pub(crate) mod secrets;
pub(crate) mod wire;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use cloud::clock::Clock;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::aws::default_bus::DefaultBus;
use crate::aws::email::{NOT_VERIFIED, SendQuota, Sendings, SesReport};
use crate::aws::engine::Engine;
use crate::aws::event_schemas::EventSchemas;
use crate::aws::permissions::Permissions;
use crate::aws::secrets::Secrets;
use crate::aws::wire::{failure, fresh_id, respond, success};
use crate::faults::{Call, Fault, Faults, SLOW_MILLIS};
use crate::journal::Journal;
use crate::record::{Counts, lock};

/// The AWS services of a stack.
#[derive(Clone, Debug)]
pub(crate) struct Aws {
    pub(crate) engine: Engine,
    pub(crate) http: Client<HttpConnector, Body>,
    pub(crate) secrets: Secrets,
    pub(crate) mails: Journal,
    /// The quotas of the SES account.
    pub(crate) quota: Arc<Mutex<SendQuota>>,
    pub(crate) sendings: Sendings,
    /// Where SES publishes events about mails.
    pub(crate) default_bus: DefaultBus,
    pub(crate) events: Journal,
    pub(crate) event_schemas: EventSchemas,
    pub(crate) queues: Vec<String>,
    pub(crate) set_aside: Journal,
    pub(crate) counts: Counts,
    pub(crate) faults: Faults,
    pub(crate) permissions: Permissions,
    pub(crate) written: Arc<Notify>,
    pub(crate) clock: Clock,
}

/// Whether a request is for AWS: by its target header, or by the path of SES v2.
pub(crate) fn is_for_aws(path: &str, headers: &HeaderMap) -> bool {
    headers.contains_key("x-amz-target") || path.starts_with("/v2/email/")
}

impl Aws {
    /// Answers a request of an SDK.
    pub(crate) async fn answer(&self, method: &str, path: &str, headers: &HeaderMap, body: Bytes) -> Response<Body> {
        let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
        let (prefix, name) = target.rsplit_once('.').unwrap_or_default();
        let (service, operation) = match prefix {
            "DynamoDB_20120810" | "DynamoDBStreams_20120810" => ("dynamodb", name),
            "AWSEvents" => ("eventbridge", name),
            "secretsmanager" => ("secretsmanager", name),
            "AmazonSQS" => ("sqs", name),
            _ if method == "POST" && path == "/v2/email/outbound-emails" => ("sesv2", "SendEmail"),
            _ if method == "GET" && path == "/v2/email/account" => ("sesv2", "GetAccount"),
            _ => return failure(501, "UnknownOperationException", &format!("not here: {target} {method} {path}")),
        };
        let function = caller(headers);
        self.counts.called(function, service, operation);
        if let Err(denied) = self.permissions.check(function, service, operation, &body) {
            tracing::error!(denied, "a function is not allowed what it does");
            return failure(400, "AccessDeniedException", &denied);
        }
        let fault = self.faults.of_call(Call { function, service, operation });
        match fault {
            Some(Fault::Throttle) => return failure(400, "ThrottlingException", "injected"),
            Some(Fault::Error) => return failure(500, "InternalServerError", "injected"),
            Some(Fault::Rejected) => return failure(400, "MessageRejected", "injected"),
            Some(Fault::NotVerified) => return failure(400, "MessageRejected", NOT_VERIFIED),
            Some(Fault::TransactionConflict) => return conflict(operation, &body),
            Some(Fault::Hold) => self.faults.hold().await,
            Some(Fault::Timeout) => tokio::time::sleep(Duration::from_secs(30)).await,
            Some(Fault::KillBefore) => {
                self.faults.kill(function);
                return failure(500, "InternalServerError", "injected: nobody is left to read this");
            }
            _ => {}
        }
        let partial = fault == Some(Fault::Partial);
        let answer = match (service, operation) {
            ("dynamodb", _) if partial => self.all_but_the_last(operation, headers, &body).await,
            ("dynamodb", _) => self.dynamodb(operation, headers, body).await,
            ("eventbridge", "PutEvents") => self.put_events(function, &body, partial),
            ("eventbridge", "DescribeEventBus") => bus::describe(&body),
            ("secretsmanager", "GetSecretValue") => self.secrets.get(&body),
            ("secretsmanager", "PutSecretValue") => self.secrets.put(&body, self.clock.now()),
            ("sqs", "SendMessage") => self.send_message(&body),
            ("sesv2", "GetAccount") => self.account(),
            ("sesv2", _) => self.send_email(&body),
            _ => failure(501, "UnknownOperationException", &format!("not here: {target}")),
        };
        if service != "dynamodb" {
            self.counts.add(service, operation, 0.0, 0.0);
        }
        match fault {
            Some(Fault::KillAfter) => self.faults.kill(function),
            Some(Fault::Slow) => self.clock.advance(SLOW_MILLIS),
            _ => {}
        }
        match fault {
            Some(Fault::LostResponse | Fault::KillAfter) => {
                failure(500, "InternalServerError", "injected: done, but the answer was lost")
            }
            _ => answer,
        }
    }

    async fn dynamodb(&self, operation: &str, headers: &HeaderMap, body: Bytes) -> Response<Body> {
        let writes =
            ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"].contains(&operation);
        let (capacity, body) = with_capacity(operation, body);
        let answer = match &self.engine {
            Engine::Embedded(embedded) => self.embedded(&embedded.url, headers, body).await,
            Engine::Remote(remote) => {
                let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
                let sent = remote.send(target, body).await;
                sent.map(|(status, body)| (StatusCode::from_u16(status).unwrap_or_default(), body))
                    .map_err(|(_, words)| failure(500, "InternalServerError", &words))
            }
        };
        let (status, body) = match answer {
            Ok(answer) => answer,
            Err(failure) => return failure,
        };
        let (read, write) = if capacity { consumed(&body, writes) } else { (0.0, 0.0) };
        self.counts.add("dynamodb", operation, read, write);
        if writes {
            self.written.notify_waiters();
        }
        let response = Response::builder().status(status).header(header::CONTENT_TYPE, "application/x-amz-json-1.0");
        response.body(Body::from(body)).unwrap_or_default()
    }

    /// Carries out a batch without its last element, which the response returns as unprocessed.
    async fn all_but_the_last(&self, operation: &str, headers: &HeaderMap, body: &[u8]) -> Response<Body> {
        let reads = operation == "BatchGetItem";
        let mut request: Value = serde_json::from_slice(body).unwrap_or_default();
        let Some((table, batch)) = request["RequestItems"].as_object_mut().and_then(|tables| tables.iter_mut().last())
        else {
            return failure(400, "ValidationException", "RequestItems names no table");
        };
        let (table, mut left) = (table.clone(), batch.clone());
        let (elements, rest) = if reads { (&mut batch["Keys"], &mut left["Keys"]) } else { (batch, &mut left) };
        let last = elements.as_array_mut().and_then(Vec::pop).unwrap_or_default();
        *rest = json!([last]);
        let mut answer = json!({});
        if elements.as_array().is_some_and(|elements| !elements.is_empty()) {
            let (parts, body) = self.dynamodb(operation, headers, request.to_string().into()).await.into_parts();
            let body = axum::body::to_bytes(body, 32 << 20).await.unwrap_or_default();
            if !parts.status.is_success() {
                return Response::from_parts(parts, Body::from(body));
            }
            answer = serde_json::from_slice(&body).unwrap_or_default();
        }
        answer[if reads { "UnprocessedKeys" } else { "UnprocessedItems" }] = json!({table: left});
        success(&answer)
    }

    async fn embedded(
        &self,
        url: &str,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<(StatusCode, Bytes), Response<Body>> {
        let failed = |words: &str| failure(500, "InternalServerError", words);
        let mut request = Request::post(url);
        for name in ["x-amz-target", "content-type", "authorization", "x-amz-date"] {
            if let Some(value) = headers.get(name) {
                request = request.header(name, value);
            }
        }
        let request = request.body(Body::from(body)).map_err(|error| failed(&error.to_string()))?;
        let answer = self.http.request(request).await.map_err(|error| failed(&error.to_string()))?;
        let (parts, body) = answer.into_parts();
        let body = axum::body::to_bytes(Body::new(body), 32 << 20).await.map_err(|error| failed(&error.to_string()))?;
        Ok((parts.status, body))
    }

    /// All queues of the template are one list: the records that were set aside.
    fn send_message(&self, body: &[u8]) -> Response<Body> {
        let request: Value = serde_json::from_slice(body).unwrap_or_default();
        let queue = request["QueueUrl"].as_str().unwrap_or_default();
        if !self.queues.iter().any(|known| known == queue) {
            return failure(400, "com.amazonaws.sqs#QueueDoesNotExist", &format!("no such queue: {queue}"));
        }
        let Ok(Value::Object(mut entry)) = serde_json::from_str(request["MessageBody"].as_str().unwrap_or_default())
        else {
            return failure(400, "com.amazonaws.sqs#InvalidMessageContents", "a JSON object is expected");
        };
        entry.insert("queue".to_owned(), queue.into());
        if let Err(error) = self.set_aside.add(Value::Object(entry)) {
            return failure(500, "InternalFailure", &format!("it cannot be kept: {error}"));
        }
        success(&json!({"MessageId": fresh_id()}))
    }

    fn send_email(&self, body: &[u8]) -> Response<Body> {
        let request: Value = serde_json::from_slice(body).unwrap_or_default();
        let simple = &request["Content"]["Simple"];
        let (subject, parts) = (&simple["Subject"]["Data"], &simple["Body"]);
        let to = &request["Destination"]["ToAddresses"][0];
        let complete = to.is_string() && subject.is_string() && parts["Text"]["Data"].is_string();
        if !complete || !parts["Html"]["Data"].is_string() {
            return failure(
                400,
                "BadRequestException",
                "one recipient, a subject, a text and an HTML part are expected",
            );
        }
        let tags = request["EmailTags"].as_array().cloned().unwrap_or_default();
        let fits = |tag: &Value| {
            tag.as_str().is_some_and(|tag| {
                (1..=256).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
            })
        };
        if !tags.iter().all(|tag| fits(&tag["Name"]) && fits(&tag["Value"])) {
            return failure(400, "BadRequestException", "a tag has letters, digits, _ and - only");
        }
        if !self.sendings.allow(&lock(&self.quota)) {
            return failure(400, "TooManyRequestsException", "Maximum sending rate exceeded.");
        }
        let tags = tags.iter().filter_map(|tag| Some((tag["Name"].as_str()?.to_owned(), tag["Value"].clone())));
        let id = fresh_id();
        let mail = json!({
            "message_id": id,
            "from": request["FromEmailAddress"],
            "configuration_set": request["ConfigurationSetName"],
            "reply_to": request["ReplyToAddresses"][0],
            "to": to,
            "subject": subject,
            "text": parts["Text"]["Data"],
            "html": parts["Html"]["Data"],
            "headers": simple["Headers"],
            "time": self.clock.now().to_string(),
            "tags": Value::Object(tags.collect()),
        });
        if let Err(error) = self.mails.add(mail.clone()) {
            return failure(500, "InternalFailure", &format!("the mail cannot be kept: {error}"));
        }
        let now = self.clock.now().to_string();
        let report = email::fate(to.as_str().unwrap_or_default()).iter();
        self.default_bus.put_after(email::TRANSIT, report.map(|report| email::event(*report, &mail, &now)).collect());
        success(&json!({"MessageId": id}))
    }

    /// The account's quotas, and how many of the mails were sent in the last 24 hours.
    fn account(&self) -> Response<Body> {
        let SendQuota { max_send_rate, max_24_hour_send, .. } = *lock(&self.quota);
        let since = self.clock.now().plus_seconds(-24 * 60 * 60).to_string();
        let sent = self.mails.count(|mail| mail["time"].as_str() > Some(since.as_str()));
        success(&json!({
            "SendingEnabled": true, "ProductionAccessEnabled": true, "EnforcementStatus": "HEALTHY",
            "SendQuota": {
                "MaxSendRate": max_send_rate, "Max24HourSend": max_24_hour_send, "SentLast24Hours": sent,
            },
        }))
    }

    /// Publishes a report about a mail.
    pub(crate) fn report(&self, report: SesReport, mail: &Value) {
        self.default_bus.put(email::event(report, mail, &self.clock.now().to_string()));
    }
}

/// The logical id of the calling function: each function signs with its own as access key id.
fn caller(headers: &HeaderMap) -> &str {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let credential = authorization.split_once("Credential=").map_or("", |(_, credential)| credential);
    credential.split('/').next().unwrap_or_default()
}

/// Requests the consumed capacity if the operation supports it and the request does not.
fn with_capacity(operation: &str, body: Bytes) -> (bool, Bytes) {
    let tells = ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem", "BatchWriteItem"];
    if !tells.contains(&operation) && operation != "TransactWriteItems" {
        return (false, body);
    }
    match serde_json::from_slice::<Value>(&body) {
        Ok(mut request) if request.is_object() => {
            request["ReturnConsumedCapacity"] = "INDEXES".into();
            (true, request.to_string().into())
        }
        _ => (false, body),
    }
}

fn consumed(body: &[u8], writes: bool) -> (f64, f64) {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let units = match &answer["ConsumedCapacity"] {
        Value::Array(tables) => tables.iter().filter_map(|table| table["CapacityUnits"].as_f64()).sum(),
        table => table["CapacityUnits"].as_f64().unwrap_or_default(),
    };
    if writes { (0.0, units) } else { (units, 0.0) }
}

/// The error for a write to an item that a transaction holds; for a transaction, about its first item.
fn conflict(operation: &str, body: &[u8]) -> Response<Body> {
    let message = "Transaction is ongoing for the item";
    if operation != "TransactWriteItems" {
        return failure(400, "TransactionConflictException", message);
    }
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let mut reasons: Vec<Value> =
        request["TransactItems"].as_array().into_iter().flatten().map(|_| json!({"Code": "None"})).collect();
    if let Some(first) = reasons.first_mut() {
        *first = json!({"Code": "TransactionConflict", "Message": message});
    }
    let kind = "TransactionCanceledException";
    let body = json!({"__type": kind, "Message": "Transaction cancelled", "CancellationReasons": reasons});
    respond(StatusCode::BAD_REQUEST, "application/x-amz-json-1.0", Some(kind), &body)
}
