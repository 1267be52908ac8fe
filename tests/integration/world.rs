//! A stack for each test, and the actions of its users: a developer, a person with a link, a device.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use cloud::aws::Aws;
use cloud::env::Env;
use cloud::table::Table;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use local::{Options, Stack};
use serde_json::{Value, json};

use crate::authenticator;

pub(crate) const REALM: &str = "/v1/tenants/demo/realms/demo";
pub(crate) const ADA: &str = "/v1/tenants/demo/realms/demo/identities/ada";

/// How long a test waits while nothing changes. A busy machine may be slow; a condition that is never met still fails
/// the test.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// The pause between two requests of a test that waits.
const PAUSE: Duration = Duration::from_millis(20);

/// Repeats a request until it has a result. Otherwise it returns a description of the current state; the wait ends
/// [`PATIENCE`] after its last change, with that description.
pub(crate) async fn persistently<T>(ask: impl AsyncFn() -> Result<T, Value>) -> Result<T, Value> {
    persistently_every(PAUSE, ask).await
}

/// The same, with this pause between two requests.
async fn persistently_every<T>(pause: Duration, ask: impl AsyncFn() -> Result<T, Value>) -> Result<T, Value> {
    let begun = Instant::now();
    let (mut there, mut changed) = (Value::Null, begun);
    loop {
        match ask().await {
            Ok(answer) => return Ok(answer),
            Err(instead) if instead != there => (there, changed) = (instead, Instant::now()),
            Err(_) if changed.elapsed() > PATIENCE => return Err(there),
            Err(_) => {}
        }
        if begun.elapsed() > PATIENCE * 10 {
            return Err(there);
        }
        tokio::time::sleep(pause).await;
    }
}

/// A stack and a client.
pub(crate) struct World {
    pub(crate) stack: Stack,
    client: Client<HttpConnector, Body>,
}

/// A response.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Answer {
    /// The names of the fields in a 400.
    pub(crate) fn fields(&self) -> Vec<String> {
        assert_eq!(self.status, 400, "{}", self.text);
        let violations = self.json["details"][0]["field_violations"].as_array().unwrap();
        violations.iter().map(|violation| violation["field"].as_str().unwrap().to_owned()).collect()
    }

    /// The body, if the response is a success.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json
    }

    /// Checks that this is a complete problem document with that status.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16) {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        for member in ["type", "title", "detail", "instance", "code", "message", "request_id"] {
            assert!(self.json[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {}", self.text);
        }
        assert_eq!(self.json["status"], status);
        assert!(self.json["details"].is_array());
    }

    /// The last part of the problem's type.
    pub(crate) fn kind(&self) -> &str {
        self.json["type"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default()
    }
}

/// A job with its link.
pub(crate) struct Invited {
    /// The job's path.
    pub(crate) path: String,
    /// The secret of its link.
    pub(crate) secret: String,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    /// Without a limit on the tenant's requests, unless the options set one: tests are quick, and some stop the clock.
    pub(crate) async fn with(mut options: Options) -> Self {
        options.parameters.insert(0, ("TenantRequestsPerSecond".to_owned(), "0".to_owned()));
        let stack = Stack::start(options).await.unwrap();
        Self { stack, client: Client::builder(TokioExecutor::new()).build(HttpConnector::new()) }
    }

    /// A job for the page of an app, under this config.
    pub(crate) async fn invite_embedded(&self, config: &str) -> Invited {
        let body = job("RETURN", &json!({"authenticator_config_id": config}));
        let created = self.call("POST", &format!("{ADA}/credential-binding-jobs"), &body).await.ok();
        let link = created["credential_binding_link"].as_str().unwrap().strip_prefix(self.stack.base()).unwrap();
        let (path, secret) = link.split_once(":invokeAuthenticator?token=").unwrap();
        Invited { path: path.to_owned(), secret: secret.to_owned() }
    }

    /// Opens the link of such a job as a client of the published API does, and returns the ceremony token.
    pub(crate) async fn open_embedded(&self, Invited { path, secret }: &Invited) -> String {
        let link = format!("{path}:invokeAuthenticator?token={secret}");
        let instruction = self.send("GET", &link, &[("accept", "application/json")], "").await.ok();
        instruction["token"].as_str().unwrap().to_owned()
    }

    /// A token of tenant `demo` with all scopes.
    pub(crate) fn token(&self) -> String {
        self.token_with(&json!({}))
    }

    /// A token with other claims.
    pub(crate) fn token_with(&self, claims: &Value) -> String {
        let all = "audit:read tenants:read tenants:update themes:create themes:read themes:update realms:create realms:delete realms:read realms:update identities:create identities:read identities:update identities:delete \
                   authenticator-configs:create authenticator-configs:read authenticator-configs:update \
                   authenticator-configs:delete credential-binding-jobs:create credential-binding-jobs:read \
                   credential-binding-jobs:revoke credential-binding-jobs:update credentials:read credentials:revoke";
        let mut usual = json!({"tenant_id": "demo", "scope": all});
        for (name, value) in claims.as_object().unwrap() {
            usual[name] = value.clone();
        }
        self.stack.issuer().token(&usual, self.stack.clock().now())
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        send_by(&self.client, &format!("{}{path}", self.stack.base()), method, headers, body).await
    }

    /// A request with a bearer token.
    pub(crate) async fn bearing(&self, token: &str, method: &str, path: &str, body: &str) -> Answer {
        self.send(method, path, &[("authorization", &format!("Bearer {token}"))], body.to_owned()).await
    }

    /// A request of the developer.
    pub(crate) async fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.bearing(&self.token(), method, path, &body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.call("GET", path, &Value::Null).await.ok()
    }

    /// A job for ada under the config `hosted`, with RETURN.
    pub(crate) async fn invite(&self) -> Invited {
        self.invite_with(&json!({})).await
    }

    pub(crate) async fn invite_with(&self, more: &Value) -> Invited {
        invited(&self.call("POST", &format!("{ADA}/credential-binding-jobs"), &job("RETURN", more)).await.ok())
    }

    pub(crate) async fn open(&self, job: &Invited) -> Answer {
        self.bearing(&job.secret, "POST", &format!("{}:open", job.path), "").await
    }

    pub(crate) async fn get_info(&self, job: &Invited, ceremony: &str) -> Answer {
        self.bearing(ceremony, "POST", &format!("{}:getInfo", job.path), "").await
    }

    pub(crate) async fn bind(&self, job: &Invited, ceremony: &str, registration: &Value) -> Answer {
        let body = json!({"type": "FIDO2", "raw": registration}).to_string();
        self.bearing(ceremony, "POST", &format!("{}:bind", job.path), &body).await
    }

    /// Opens the link and fetches the request; returns the ceremony token and a registration for it.
    pub(crate) async fn prepare(&self, job: &Invited) -> (String, Value) {
        let ceremony = self.open(job).await.ok()["token"].as_str().unwrap().to_owned();
        let info = self.get_info(job, &ceremony).await.ok();
        (ceremony, authenticator::register(&info["creation_options"], self.stack.base()))
    }

    /// Performs all steps and returns the credential.
    pub(crate) async fn enrol(&self, job: &Invited) -> Value {
        let (ceremony, registration) = self.prepare(job).await;
        self.bind(job, &ceremony, &registration).await.ok()
    }

    pub(crate) async fn local(&self, name: &str) -> Value {
        self.send("GET", &format!("/_local/{name}"), &[("accept", "application/json")], "").await.ok()
    }

    /// Invokes a function as Lambda does, without the gateway.
    pub(crate) async fn invoke(&self, function: &str, payload: &Value) -> Answer {
        let path = format!("/2015-03-31/functions/{function}/invocations");
        self.send("POST", &path, &[], payload.to_string()).await
    }

    pub(crate) async fn fault(&self, service: &str, operation: &str, kind: &str, times: u32) {
        let fault = json!({"service": service, "operation": operation, "kind": kind, "times": times});
        self.plan(&fault).await;
    }

    /// Adds faults of any form.
    pub(crate) async fn plan(&self, faults: &Value) {
        self.send("POST", "/_local/faults", &[], faults.to_string()).await.ok();
    }

    /// Removes all faults, and returns those that were injected.
    pub(crate) async fn injected(&self) -> Vec<Value> {
        let cleared = self.send("DELETE", "/_local/faults", &[], "").await.ok();
        cleared["injected"].as_array().unwrap().clone()
    }

    /// Makes every sweep fail from now on, so that no expiry is recorded.
    pub(crate) async fn without_sweep(&self) {
        self.plan(&json!({"function": "ExpireJobs", "kind": "kill_before", "times": 1_000_000})).await;
    }

    /// Waits until every function has processed the whole stream. A mail whose claimant died is claimed again after a
    /// minute: when nothing changes, the clock is advanced by it.
    pub(crate) async fn drained(&self) {
        self.drained_every(PAUSE).await;
    }

    /// The same, with this pause between two requests.
    pub(crate) async fn drained_every(&self, pause: Duration) {
        let unchanged = std::cell::Cell::new((Value::Null, 0_u32));
        let end = persistently_every(pause, async || {
            let behind = self.local("streams").await;
            if behind.as_object().unwrap().values().all(|count| *count == 0) {
                return Ok(());
            }
            self.wake();
            let (last, rounds) = unchanged.take();
            let rounds = if last == behind { rounds + 1 } else { 0 };
            if rounds % 20 == 19 && self.has_claim() {
                self.stack.clock().advance(61_000);
            }
            unchanged.set((behind.clone(), rounds));
            Err(behind)
        });
        if let Err(behind) = end.await {
            panic!("the stream is stuck: {behind}");
        }
    }

    /// Moves the clock to the first time that a function waits for.
    pub(crate) fn wake(&self) {
        let clock = self.stack.clock();
        if let Some(time) = clock.next_wake() {
            clock.advance((time.millis() - clock.now().millis()).max(0));
        }
    }

    /// Whether a mail is claimed now.
    fn has_claim(&self) -> bool {
        let now = self.stack.clock().now().millis();
        let ends =
            |item: &Value, name: &str| item[name]["N"].as_str().is_some_and(|end| end.parse::<i64>().unwrap() > now);
        let names = ["invitation_lease_ms", "notice_lease_ms"];
        self.items().iter().any(|item| names.iter().any(|name| ends(item, name)))
    }

    /// Waits until a list of the stack meets a condition.
    #[track_caller]
    pub(crate) fn eventually<'a>(
        &'a self,
        name: &'a str,
        condition: impl Fn(&[Value]) -> bool + 'a,
    ) -> impl Future<Output = Vec<Value>> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let list = persistently(async || {
                let list = self.local(name).await;
                if condition(list.as_array().unwrap()) { Ok(list.as_array().unwrap().clone()) } else { Err(list) }
            });
            list.await.unwrap_or_else(|list| panic!("{caller}: {name} is not what was expected: {list}"))
        }
    }

    /// Calls the table's engine directly.
    pub(crate) fn dynamodb(&self, operation: &str, request: Value) -> Value {
        let called = self.stack.engine().call(operation, request);
        // On a thread of its own: blocking on a future inside a future of the same thread loses wakeups of the outer one.
        let runtime = tokio::runtime::Handle::current();
        tokio::task::block_in_place(|| {
            std::thread::scope(|scope| scope.spawn(|| runtime.block_on(called)).join().unwrap()).unwrap()
        })
    }

    /// The items of the table, as DynamoDB JSON, except those that functions of the stream write at any time: the counts
    /// by enrollment status, and the pace of mails.
    pub(crate) fn items(&self) -> Vec<Value> {
        let written_later = ["SHEET", "SLOT", "SLOTS", "PACE"];
        let all = self.all_items().into_iter();
        all.filter(|item| item["kind"]["S"].as_str().is_none_or(|kind| !written_later.contains(&kind))).collect()
    }

    /// Every item of the table, as DynamoDB JSON.
    pub(crate) fn all_items(&self) -> Vec<Value> {
        let mut request = json!({"TableName": "Table", "ConsistentRead": true});
        let mut items = Vec::new();
        loop {
            let page = self.dynamodb("Scan", request.clone());
            items.extend(page["Items"].as_array().unwrap().iter().cloned());
            match page.get("LastEvaluatedKey") {
                Some(key) if !key.is_null() => request["ExclusiveStartKey"] = key.clone(),
                _ => return items,
            }
        }
    }

    /// Waits until the items of the table meet a condition.
    pub(crate) async fn eventually_items(&self, condition: impl Fn(&[Value]) -> bool) {
        for _ in 0..400 {
            if condition(&self.items()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the items do not meet the condition: {:?}", self.items());
    }

    /// Waits until a condition is met. The requests that ask can be slow, so there is a pause between two.
    pub(crate) async fn until(&self, met: impl AsyncFn() -> bool) {
        let waiting = async {
            while !met().await {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(PATIENCE * 3, waiting).await.expect("the condition is met in time");
    }

    /// The table, as functions access it.
    pub(crate) fn table(&self) -> Table {
        let env = Env::new(
            [
                ("AWS_REGION", "local"),
                ("AWS_ACCESS_KEY_ID", "test"),
                ("AWS_SECRET_ACCESS_KEY", "local"),
                ("AWS_ENDPOINT_URL", self.stack.base()),
                ("TABLE_NAME", "Table"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        Table::new(&Aws::new(&env).unwrap(), &env).unwrap()
    }

    /// Writes an item unchanged.
    pub(crate) fn put(&self, item: &Value) {
        self.dynamodb("PutItem", json!({"TableName": "Table", "Item": item}));
    }
}

/// A request to any address.
pub(crate) async fn send(url: &str, method: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    send_by(&client, url, method, headers, body).await
}

async fn send_by(
    client: &Client<HttpConnector, Body>,
    url: &str,
    method: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = async {
        let response = client.request(request.body(body.into()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts, axum::body::to_bytes(Body::new(body), 1 << 24).await.unwrap())
    };
    let answer = tokio::time::timeout(PATIENCE, answer).await;
    let (parts, bytes) = answer.unwrap_or_else(|_| panic!("no response to {method} {url} in {PATIENCE:?}"));
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let json = serde_json::from_str(&text).unwrap_or_default();
    Answer { status: parts.status.as_u16(), headers: parts.headers, text, json }
}

/// The job of an answer with a link of the hosted page.
pub(crate) fn invited(answer: &Value) -> Invited {
    let link = answer["credential_binding_link"].as_str().unwrap();
    let (path, secret) = link.split_once("/bind#").unwrap().1.split_once("?token=").unwrap();
    Invited { path: path.to_owned(), secret: secret.to_owned() }
}

/// The body of a request for a job.
pub(crate) fn job(method: &str, more: &Value) -> Value {
    let mut job = json!({"delivery_method": method, "authenticator_config_id": "hosted"});
    for (name, value) in more.as_object().unwrap() {
        job[name] = value.clone();
    }
    json!({"job": job})
}
