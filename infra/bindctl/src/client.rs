//! Requests to the API, with an access token from the client credentials grant (RFC 6749 §4.4).

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use api::operation::{Operation, encoded};
use api::view::{ProblemKind, TYPES};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::{Request, Response};

use crate::error::Error;
use crate::pace::Pace;
use crate::profile::{Connection, is_loopback};

/// A waiting request is answered within 20 s, and a function has 28 s.
const TIMEOUT: Duration = Duration::from_secs(40);
/// The pauses before the retries of a request that is safe to repeat.
const RETRIES: &[Duration] = &[Duration::from_millis(500), Duration::from_secs(2)];
/// The same for a command that sends many requests, and would have to be repeated for one that failed: a minute in all.
const PATIENT_RETRIES: &[Duration] = &[
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(8),
    Duration::from_secs(16),
    Duration::from_secs(32),
];

/// The longest pause that a response can ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A successful response.
#[derive(Debug)]
struct Answer {
    value: Value,
    /// When to repeat the request, if the response asks for that.
    retry_after: Option<Duration>,
}

/// A failed request.
#[derive(Debug)]
struct Failure {
    error: Error,
    /// When to repeat the request, if the response says so.
    retry_after: Option<Duration>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, retry_after: None }
    }
}

/// A client of the API. Threads can share it.
pub(crate) struct Client {
    pub(crate) connection: Connection,
    agent: Agent,
    /// A token that was given; it cannot be renewed.
    given: Option<String>,
    /// The token that the issuer gave.
    fetched: Mutex<Option<String>>,
    retries: &'static [Duration],
    pace: Pace,
}

impl Client {
    /// Creates a client. Without a token, one is requested before the first request that needs it.
    pub(crate) fn new(connection: Connection, token: Option<String>, pace: Pace) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            // A redirect could send the token, or the client's secret, to another server.
            .max_redirects(0)
            .user_agent(concat!("bindctl/", env!("CARGO_PKG_VERSION")));
        Self {
            connection,
            agent: config.build().into(),
            given: token,
            fetched: Mutex::default(),
            retries: RETRIES,
            pace,
        }
    }

    /// The same client, which retries for a minute.
    pub(crate) fn patient(self) -> Self {
        Self { retries: PATIENT_RETRIES, ..self }
    }

    /// The path of an operation, with these ids after those of tenant and realm. A verb follows a slash, which both addresses
    /// of an installation accept; the `:` of the documentation needs the distribution.
    ///
    /// # Errors
    /// When tenant or realm is not set.
    pub(crate) fn path<P>(&self, operation: &Operation<P>, ids: &[&str]) -> Result<String, Error> {
        let missing = |what: &str, variable: &str| {
            Error::Usage(format!("no {what} is given: use --{what}, {variable} or a profile"))
        };
        let tenant = self.connection.tenant.as_deref().ok_or_else(|| missing("tenant", "BINDCTL_TENANT"))?;
        let realm = match self.connection.realm.as_deref() {
            None if operation.route.parameters().any(|name| name == "realm_id") => {
                return Err(missing("realm", "BINDCTL_REALM"));
            }
            realm => realm.unwrap_or_default(),
        };
        // A `:` in an id is percent-encoded.
        Ok(operation.route.at([tenant, realm].into_iter().chain(ids.iter().copied())).replace(':', "/"))
    }

    /// Sends a `GET`, and retries after a temporary failure.
    pub(crate) fn get(&self, path: &str) -> Result<Value, Error> {
        Ok(self.repeat(|| self.send("GET", path, &[], None))?.value)
    }

    /// Sends a `GET` that waits for a state. If the state is not reached: how long to pause before the next one.
    pub(crate) fn get_waiting(&self, path: &str) -> Result<(Value, Option<Duration>), Error> {
        let Answer { value, retry_after } = self.repeat(|| self.send("GET", path, &[], None))?;
        Ok((value, retry_after))
    }

    /// The CSV form of a resource.
    pub(crate) fn get_csv(&self, path: &str) -> Result<String, Error> {
        match self.repeat(|| self.send("GET", path, &[("accept", "text/csv")], None))?.value {
            Value::String(text) => Ok(text),
            other => Err(Error::Usage(format!("{path}: the API answered with {other} instead of CSV"))),
        }
    }

    /// Performs an operation, with or without a body. A `GET` is retried after a temporary failure.
    pub(crate) fn call<P>(&self, operation: Operation<P>, ids: &[&str], body: Option<&Value>) -> Result<Value, Error> {
        match operation.route.method {
            "GET" => self.call_repeatedly(operation, ids, body),
            _ => self.call_once(&operation, ids, body).map(|answer| answer.value).map_err(|failure| failure.error),
        }
    }

    /// Performs an operation that can be repeated without another effect, and retries after a temporary failure.
    pub(crate) fn call_repeatedly<P>(
        &self,
        operation: Operation<P>,
        ids: &[&str],
        body: Option<&Value>,
    ) -> Result<Value, Error> {
        Ok(self.repeat(|| self.call_once(&operation, ids, body))?.value)
    }

    fn call_once<P>(&self, operation: &Operation<P>, ids: &[&str], body: Option<&Value>) -> Result<Answer, Failure> {
        self.send(operation.route.method, &self.path(operation, ids)?, &[], body)
    }

    /// Performs an idempotent creation, which is retried with the same key.
    pub(crate) fn create<P>(
        &self,
        operation: Operation<P>,
        ids: &[&str],
        key: &str,
        body: &Value,
    ) -> Result<Value, Error> {
        let path = self.path(&operation, ids)?;
        let send = || self.send(operation.route.method, &path, &[("idempotency-key", key)], Some(body));
        Ok(self.repeat(send)?.value)
    }

    /// Requests a token, if there is none yet.
    pub(crate) fn sign_in(&self) -> Result<(), Error> {
        self.token().map(drop)
    }

    /// Sends a request again after a temporary failure.
    fn repeat(&self, send: impl Fn() -> Result<Answer, Failure>) -> Result<Answer, Error> {
        for usual in self.retries {
            match send() {
                Err(Failure { error: Error::Unavailable(_), retry_after }) => {
                    std::thread::sleep(pause_before_retry(retry_after, *usual));
                }
                other => return other.map_err(|failure| failure.error),
            }
        }
        send().map_err(|failure| failure.error)
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer, Failure> {
        // The local stack's own pages need no token.
        let token = if path.starts_with("/_local/") { None } else { Some(self.token()?) };
        let (status, Answer { value, retry_after }) =
            match self.send_with(token.as_deref(), method, path, headers, body)? {
                // A command can outlive its token.
                (401, _) if self.given.is_none() && token.is_some() => {
                    let token = self.renewed_token(token.as_deref())?;
                    self.send_with(Some(&token), method, path, headers, body)?
                }
                answer => answer,
            };
        let error = match status {
            200..=299 => return Ok(Answer { value, retry_after }),
            // The realm's queue stays full for longer than a retry waits.
            429 if is_kind(&value, ProblemKind::QueueFull) => Error::Problem(status, value),
            // Throttling by the gateway is temporary too, and so is a request with the same key that is still running.
            409 if is_kind(&value, ProblemKind::RequestInProgress) => unavailable(status, value),
            429 | 500..=599 => unavailable(status, value),
            _ => Error::Problem(status, value),
        };
        Err(Failure { error, retry_after })
    }

    fn send_with(
        &self,
        token: Option<&str>,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<(u16, Answer), Error> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.connection.url));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if !headers.iter().any(|(name, _)| *name == "accept") {
            request = request.header("accept", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let wrong = |error: ureq::http::Error| Error::Usage(format!("{path}: {error}"));
        self.pace.wait();
        let answer = if matches!(method, "GET" | "DELETE") {
            self.agent.run(request.body(()).map_err(wrong)?)
        } else {
            let text = body.map(Value::to_string).unwrap_or_default();
            self.agent.run(request.header("content-type", "application/json").body(text).map_err(wrong)?)
        };
        read(&self.connection.url, answer)
    }

    fn token(&self) -> Result<String, Error> {
        match &self.given {
            Some(token) => Ok(token.clone()),
            None => self.renewed_token(None),
        }
    }

    /// The present token, unless that is `old`; then a new one. Concurrent callers get the same one.
    fn renewed_token(&self, old: Option<&str>) -> Result<String, Error> {
        let mut fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
        match &*fetched {
            Some(token) if old != Some(token) => Ok(token.clone()),
            _ => Ok(fetched.insert(self.fetch_token()?).clone()),
        }
    }

    fn fetch_token(&self) -> Result<String, Error> {
        let Connection { token_url, client_id, client_secret, scope, audience, tenant, .. } = &self.connection;
        let (Some(url), Some(id), Some(secret)) = (token_url, client_id, client_secret) else {
            let missing = match (token_url, client_id) {
                (None, _) => "the token URL (--token-url, BINDCTL_TOKEN_URL)",
                (_, None) => "the client id (--client-id, BINDCTL_CLIENT_ID)",
                _ => "the client secret (BINDCTL_CLIENT_SECRET)",
            };
            return Err(Error::Usage(format!(
                "to get an access token for {}, {missing} is missing; or give a token in BINDCTL_TOKEN",
                self.connection.url
            )));
        };
        let mut form = "grant_type=client_credentials".to_owned();
        // The local issuer issues tokens for any tenant; other issuers bind the tenant to the client.
        let local_tenant = tenant.as_ref().filter(|_| is_loopback(url));
        for (name, value) in [("scope", scope.as_ref()), ("audience", audience.as_ref()), ("tenant_id", local_tenant)] {
            if let Some(value) = value {
                form.push_str(&format!("&{name}={}", encoded(value)));
            }
        }
        // RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
        let basic = STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret)));
        let request = Request::post(url)
            .header("authorization", format!("Basic {basic}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body(form)
            .map_err(|error| Error::Usage(format!("{url}: {error}")))?;
        let (status, Answer { value: answer, .. }) = read(url, self.agent.run(request))?;
        match answer["access_token"].as_str() {
            Some(token) if status == 200 => Ok(token.to_owned()),
            _ if status >= 500 => Err(Error::Unavailable(format!("the issuer {url} answered {status}"))),
            _ => {
                let text = |name: &str| answer[name].as_str().unwrap_or_default();
                let detail = format!("{url}: {} {}", text("error"), text("error_description"));
                let title = "The issuer gave no access token";
                Err(Error::Problem(status, json!({"title": title, "detail": detail.trim()})))
            }
        }
    }
}

/// Whether a problem is of this kind, by its type.
pub(crate) fn is_kind(problem: &Value, kind: ProblemKind) -> bool {
    problem["type"].as_str().and_then(|uri| uri.strip_prefix(TYPES)) == Some(kind.name())
}

fn unavailable(status: u16, problem: Value) -> Error {
    Error::Unavailable(Error::Problem(status, problem).to_string())
}

/// Status and content of a response: JSON, its text if it is CSV, and null if it contains neither.
fn read(url: &str, answer: Result<Response<ureq::Body>, ureq::Error>) -> Result<(u16, Answer), Error> {
    let unavailable = |error: ureq::Error| {
        let hint = if is_loopback(url) { "; is `cargo local` running?" } else { "" };
        Error::Unavailable(format!("{url} cannot be reached: {error}{hint}"))
    };
    let (parts, mut body) = answer.map_err(unavailable)?.into_parts();
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let kind = header("content-type");
    let retry_after = header("retry-after").and_then(pause);
    let is_csv = kind.is_some_and(|kind| kind.starts_with("text/csv"));
    let text = body.with_config().limit(16 << 20).read_to_string().map_err(unavailable)?;
    let value = if is_csv { Value::String(text) } else { serde_json::from_str(&text).unwrap_or_default() };
    Ok((parts.status.as_u16(), Answer { value, retry_after }))
}

/// The pause before a retry: at least what `Retry-After` says. It is not shorter than usual, because a tenant's limit asks for
/// a second each time, and others may be quicker.
fn pause_before_retry(retry_after: Option<Duration>, usual: Duration) -> Duration {
    retry_after.unwrap_or_default().max(usual)
}

/// The pause that a `Retry-After` header asks for, in its form with seconds (RFC 9110 §10.2.3).
fn pause(retry_after: &str) -> Option<Duration> {
    retry_after.parse().ok().map(|seconds| Duration::from_secs(seconds).min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_although_retry_after_does_not() {
        let second = Duration::from_secs(1);
        let all: Duration = PATIENT_RETRIES.iter().map(|usual| pause_before_retry(Some(second), *usual)).sum();
        assert_eq!(all, Duration::from_secs(61));
        assert_eq!(pause_before_retry(None, second), second);
        assert_eq!(pause_before_retry(Some(LONGEST_PAUSE), second), LONGEST_PAUSE);
    }

    #[test]
    fn a_pause_is_bounded() {
        assert_eq!(pause("3"), Some(Duration::from_secs(3)));
        assert_eq!(pause("86400"), Some(LONGEST_PAUSE));
        assert_eq!(pause("Wed, 21 Oct 2026 07:28:00 GMT"), None);
    }
}
