//! A client that retries until it gets an answer, and its record of the stack's mails and events.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use hyper_util::client::legacy::Client as Http;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

const REALM: &str = "/v1/tenants/demo/realms/demo";

/// The published states of a job or a credential, by version.
pub(crate) type StatesByVersion = BTreeMap<u64, String>;

#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) base: String,
    http: Http<HttpConnector, Body>,
    token: Mutex<String>,
    identities: tokio::sync::Mutex<BTreeSet<usize>>,
    pub(crate) seen: Mutex<Seen>,
    pub(crate) again: AtomicUsize,
    pub(crate) moved_on: AtomicUsize,
}

/// The content of the journals.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    mails_read: usize,
    pub(crate) events_read: usize,
    /// The secret of a job's link, and the number of mails that contained it.
    pub(crate) mails: HashMap<String, (String, usize)>,
    /// The number of notices about a job.
    pub(crate) notices: HashMap<String, usize>,
    pub(crate) published: HashMap<String, StatesByVersion>,
    pub(crate) contradictions: Vec<String>,
    waiting: usize,
}

impl Client {
    pub(crate) fn new(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            http: Http::builder(TokioExecutor::new()).build(HttpConnector::new()),
            token: Mutex::default(),
            identities: tokio::sync::Mutex::default(),
            seen: Mutex::default(),
            again: AtomicUsize::new(0),
            moved_on: AtomicUsize::new(0),
        }
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: String) -> (u16, Value) {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let Ok(request) = request.body(Body::from(body)) else { return (0, Value::Null) };
        let Ok(response) = self.http.request(request).await else { return (0, Value::Null) };
        let (parts, body) = response.into_parts();
        let Ok(body) = axum::body::to_bytes(Body::new(body), 1 << 28).await else { return (0, Value::Null) };
        (parts.status.as_u16(), serde_json::from_slice(&body).unwrap_or_default())
    }

    /// Repeats a request with a link's token until the outcome is known.
    async fn persist_with(&self, bearer: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let authorization = format!("Bearer {bearer}");
        self.ask_again(method, path, &[("authorization", &authorization)], body).await
    }

    /// Repeats a request with an access token until the outcome is known.
    async fn persist(&self, method: &str, path: &str, key: &str, body: &Value) -> (u16, Value) {
        for _ in 0..5 {
            let authorization = format!("Bearer {}", lock(&self.token));
            let headers = [("authorization", authorization.as_str()), ("idempotency-key", key)];
            match self.ask_again(method, path, &headers, body).await {
                (401, _) => self.renew_token().await,
                answer => return answer,
            }
        }
        (401, Value::Null)
    }

    async fn ask_again(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        for _ in 0..50 {
            let (status, answer) = self.send(method, path, headers, body.clone()).await;
            match status {
                0 | 429 | 500.. => {
                    self.again.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                _ => return (status, answer),
            }
        }
        (0, Value::Null)
    }

    async fn renew_token(&self) {
        let form = "grant_type=client_credentials&client_id=local&client_secret=local".to_owned();
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let (_, answer) = self.send("POST", "/oauth2/token", &headers, form).await;
        *lock(&self.token) = answer["access_token"].as_str().unwrap_or_default().to_owned();
    }

    /// Sends a request to one of the stack's own addresses.
    pub(crate) async fn local(&self, method: &str, name: &str, body: &Value) -> Value {
        let headers = [("accept", "application/json")];
        self.send(method, &format!("/_local/{name}"), &headers, body.to_string()).await.1
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.persist("GET", &format!("{REALM}{path}"), "-", &Value::Null).await.1
    }

    /// Creates an identity, once.
    pub(crate) async fn identity(&self, number: usize) -> Result<(), String> {
        let mut made = self.identities.lock().await;
        if made.contains(&number) {
            return Ok(());
        }
        let traits = json!({"username": format!("load-{number}"), "primary_email_address": "load@example.com"});
        let body = json!({"identity": {"display_name": "Load", "traits": traits}});
        let path = format!("{REALM}/identities/load-{number}");
        match self.persist("PUT", &path, "-", &body).await {
            (200, _) => {
                made.insert(number);
                Ok(())
            }
            (status, answer) => Err(format!("no identity: {status} {answer}")),
        }
    }

    pub(crate) async fn create(
        &self,
        identity: usize,
        number: usize,
        mailed: bool,
    ) -> Result<(String, Option<String>), String> {
        let path = format!("{REALM}/identities/load-{identity}/credential-binding-jobs");
        let method = if mailed { "EMAIL" } else { "RETURN" };
        let body = json!({"job": {"delivery_method": method, "authenticator_config_id": "hosted"}});
        let (status, answer) = self.persist("POST", &path, &format!("job-{number}"), &body).await;
        let id = answer["credential_binding_job"]["id"].as_str();
        let id = id.ok_or_else(|| format!("{number} was not created: {status} {answer}"))?;
        let secret = answer["credential_binding_link"].as_str().and_then(|link| link.split_once("?token="));
        Ok((id.to_owned(), secret.map(|(_, secret)| secret.to_owned())))
    }

    /// Waits for the mail of a job.
    pub(crate) async fn mailed_secret(&self, id: &str) -> Result<String, String> {
        lock(&self.seen).waiting += 1;
        let mut found = None;
        for _ in 0..60_000 {
            found = lock(&self.seen).mails.get(id).map(|(secret, _)| secret.clone());
            if found.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        lock(&self.seen).waiting -= 1;
        found.ok_or_else(|| format!("{id}: no mail came"))
    }

    async fn step(&self, identity: usize, id: &str, verb: &str, bearer: &str, body: &Value) -> (u16, Value) {
        let path = format!("{REALM}/identities/load-{identity}/credential-binding-jobs/{id}:{verb}");
        let (status, answer) = self.persist_with(bearer, "POST", &path, body).await;
        (status, answer)
    }

    pub(crate) async fn open(&self, identity: usize, id: &str, secret: &str) -> Result<String, String> {
        let (status, answer) = self.step(identity, id, "open", secret, &Value::Null).await;
        let token = answer["token"].as_str().map(str::to_owned);
        token.ok_or_else(|| format!("{id} was not opened: {status} {answer}"))
    }

    /// The creation options; `None` when the ceremony has expired.
    pub(crate) async fn get_info(&self, identity: usize, id: &str, ceremony: &str) -> Result<Option<Value>, String> {
        match self.step(identity, id, "getInfo", ceremony, &Value::Null).await {
            (200, answer) => Ok(Some(answer["creation_options"].clone())),
            (401, _) => Ok(None),
            (status, answer) => Err(format!("{id} was not delivered: {status} {answer}")),
        }
    }

    /// The credential's id; `None` when the ceremony has expired.
    pub(crate) async fn bind(
        &self,
        identity: usize,
        id: &str,
        ceremony: &str,
        registration: &Value,
    ) -> Result<Option<String>, String> {
        let body = json!({"type": "FIDO2", "raw": registration});
        let (status, answer) = self.step(identity, id, "bind", ceremony, &body).await;
        let credential = match status {
            200 => answer["id"].as_str(),
            // The first attempt succeeded, and the repeated proof gets the credential's id.
            409 => answer["credential_id"].as_str(),
            401 => return Ok(None),
            _ => None,
        };
        credential.map(|id| Some(id.to_owned())).ok_or_else(|| format!("{id} was not bound: {status} {answer}"))
    }

    /// Reads mails and events repeatedly.
    pub(crate) async fn read_journals(&self) {
        let mut last_mail = Instant::now();
        loop {
            let fresh = self.read_mails().await;
            if fresh > 0 || lock(&self.seen).waiting == 0 {
                last_mail = Instant::now();
            }
            if last_mail.elapsed() > Duration::from_secs(2) {
                self.move_on().await;
                last_mail = Instant::now();
            }
            self.read_events().await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Advances the clock by a minute.
    async fn move_on(&self) {
        self.moved_on.fetch_add(1, Ordering::Relaxed);
        self.local("POST", "clock", &json!({"advance_seconds": 61})).await;
    }

    async fn read_mails(&self) -> usize {
        let skip = lock(&self.seen).mails_read;
        let mails = self.local("GET", &format!("mail?skip={skip}"), &Value::Null).await;
        let mails = mails.as_array().map_or(&[][..], Vec::as_slice);
        let mut seen = lock(&self.seen);
        seen.mails_read += mails.len();
        for mail in mails {
            let id = mail["tags"]["job_id"].as_str().unwrap_or_default();
            if mail["tags"]["mail"] == "notice-1" {
                *seen.notices.entry(id.to_owned()).or_default() += 1;
                continue;
            }
            let text = mail["text"].as_str().unwrap_or_default();
            let secret = text.split_once("?token=").map_or("", |(_, rest)| rest);
            let secret = secret.split_whitespace().next().unwrap_or_default().to_owned();
            let (first, count) = seen.mails.entry(id.to_owned()).or_insert_with(|| (secret.clone(), 0));
            *count += 1;
            if *first != secret {
                seen.contradictions.push(format!("{id} was mailed two links"));
            }
        }
        mails.len()
    }

    async fn read_events(&self) {
        let skip = lock(&self.seen).events_read;
        let events = self.local("GET", &format!("events?skip={skip}"), &Value::Null).await;
        let mut seen = lock(&self.seen);
        for event in events.as_array().map_or(&[][..], Vec::as_slice) {
            seen.events_read += 1;
            let detail = &event["detail"];
            let things = ["credential_binding_job", "credential"].map(|thing| &detail["data"][thing]);
            let Some(thing) = things.into_iter().find(|thing| thing.is_object()) else { continue };
            let id = thing["id"].as_str().unwrap_or_default().to_owned();
            let version = detail["metadata"]["sequence"].as_u64().unwrap_or_default();
            let state = thing["state"].as_str().unwrap_or_default().to_owned();
            let first = seen.published.entry(id.clone()).or_default().entry(version).or_insert_with(|| state.clone());
            if *first != state {
                seen.contradictions.push(format!("{id}:{version} was published with two states"));
            }
        }
    }

    /// Waits until every function has processed the whole stream, and reads the rest.
    pub(crate) async fn drain(&self) -> Result<(), String> {
        for round in 1..=12_000 {
            let behind = self.local("GET", "streams", &Value::Null).await;
            let done = behind.as_object().is_some_and(|all| all.values().all(|count| *count == 0));
            if done {
                self.read_mails().await;
                self.read_events().await;
                return Ok(());
            }
            if round % 200 == 0 {
                self.move_on().await;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err("the stream was not drained".to_owned())
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
