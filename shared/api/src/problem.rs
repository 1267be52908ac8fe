//! Problem documents (RFC 9457), and the one edge where errors become HTTP.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use binding::access::Denied;
use binding::code::NotRedeemed;
use binding::job::{Refused, Rejected};
use binding::mail::NotAgain;
use binding::state::State;
use binding::unavailable::Unavailable;
use serde_json::{Map, Value, json};

/// Where the types of problems are described.
pub const TYPES: &str = "https://bindery.dev/problems/";

/// A field that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The field's path in the body, or the name of a query parameter.
    pub field: String,
    /// What it must be.
    pub description: String,
}

impl Violation {
    /// A violation.
    pub fn new(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self { field: field.into(), description: description.into() }
    }
}

/// A refusal of a request.
#[derive(Clone, Debug)]
pub struct Problem(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    status: StatusCode,
    kind: Option<&'static str>,
    title: String,
    detail: String,
    details: Vec<Value>,
    members: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    fn new(status: StatusCode, title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            status,
            kind: None,
            title: title.into(),
            detail: detail.into(),
            details: Vec::new(),
            members: Map::new(),
            headers: Vec::new(),
        }))
    }

    /// A problem of a kind of its own, with a type that says so.
    fn of_kind(status: StatusCode, kind: &'static str, title: &str, detail: impl Into<String>) -> Self {
        let mut problem = Self::new(status, title, detail);
        problem.0.kind = Some(kind);
        problem
    }

    fn header(mut self, name: HeaderName, value: &str) -> Self {
        self.0.headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        self
    }

    fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.members.insert(name.to_owned(), value.into());
        self
    }

    /// 400: fields are not as they must be, all of them at once.
    #[must_use]
    pub fn invalid(violations: Vec<Violation>) -> Self {
        let fields: Vec<&str> = violations.iter().map(|violation| violation.field.as_str()).collect();
        let detail = format!("Not as it must be: {}. See details.", fields.join(", "));
        let violations: Vec<Value> =
            violations.iter().map(|v| json!({"field": v.field, "description": v.description})).collect();
        let mut problem = Self::new(StatusCode::BAD_REQUEST, "Invalid request", detail);
        problem.0.details.push(json!({"type": "FieldViolations", "field_violations": violations}));
        problem
    }

    /// 400: the body is no JSON object.
    #[must_use]
    pub fn unreadable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Unreadable body", detail)
    }

    /// 413: the body is too large.
    #[must_use]
    pub fn too_large(limit: usize) -> Self {
        let detail = format!("The body is larger than {limit} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "Body too large", detail)
    }

    /// 404: a thing that the request names does not exist.
    #[must_use]
    pub fn not_found(resource: &str, id: &str) -> Self {
        let description = format!("There is no {} {id} here.", resource.replace('_', " "));
        let mut problem = Self::new(StatusCode::NOT_FOUND, "Not found", description.as_str());
        problem
            .0
            .details
            .push(json!({"type": "ResourceInfo", "resource_type": resource, "id": id, "description": description}));
        problem
    }

    /// 404: nothing is at this address.
    #[must_use]
    pub fn no_such_route() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found", "Nothing is at this address. Check the path and the method.")
    }

    /// 404: whoever lacks the right secret gets this, whether the job exists or not.
    #[must_use]
    pub fn unknown_link() -> Self {
        Self::of_kind(
            StatusCode::NOT_FOUND,
            "unknown-link",
            "Unknown link",
            "This link is not known here. Check that it is complete.",
        )
    }

    /// 401: the device's ceremony token is too old.
    #[must_use]
    pub fn ceremony_expired() -> Self {
        let detail = "The binding request has timed out. Open the link again to get a fresh one.";
        Self::of_kind(StatusCode::UNAUTHORIZED, "ceremony-expired", "Binding request timed out", detail)
    }

    /// 405: credentials are created only through jobs.
    #[must_use]
    pub fn credentials_are_not_posted(jobs_path: &str) -> Self {
        let detail =
            format!("Credentials are created only through credential binding jobs. Create one with POST {jobs_path}.");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", detail).header(header::ALLOW, "GET")
    }

    /// 405 for a path that knows other methods.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", "This address does not take this method.")
    }

    /// 403: the realm does not allow what was asked.
    #[must_use]
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", detail)
    }

    /// 403: the page that makes the request is not one that the config trusts.
    #[must_use]
    pub fn untrusted_origin(config: &str) -> Self {
        let detail =
            format!("This page's origin is not among the trusted_origins of the authenticator config {config}.");
        Self::of_kind(StatusCode::FORBIDDEN, "untrusted-origin", "Origin not trusted", detail)
    }

    /// 409: a thing is already there, or was changed meanwhile.
    #[must_use]
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "Conflict", detail)
    }

    /// 409: a thing has come to its end, and what was asked would have to change it.
    #[must_use]
    pub fn ended(resource: &str, id: &str, description: &str) -> Self {
        let mut problem = Self::conflict(format!("It cannot be changed any more: {description}."));
        problem
            .0
            .details
            .push(json!({"type": "ResourceInfo", "resource_type": resource, "id": id, "description": description}));
        problem
    }

    /// 409: a request with the same idempotency key is still running.
    #[must_use]
    pub fn request_in_progress() -> Self {
        let detail = "A request with this Idempotency-Key is still running. Send this one again in a moment.";
        Self::of_kind(StatusCode::CONFLICT, "request-in-progress", "Request in progress", detail)
            .header(header::RETRY_AFTER, "1")
    }

    /// 422: the idempotency key was used for another request.
    #[must_use]
    pub fn idempotency_key_reused() -> Self {
        let detail = "This Idempotency-Key came with another body before. Use a new key for a new request.";
        Self::of_kind(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency-key-reused",
            "Idempotency key was used for another request",
            detail,
        )
    }

    /// 403: the realm does not let holders of an expired link ask for a new one.
    #[must_use]
    pub fn renewal_not_allowed() -> Self {
        let detail = "An expired link cannot be renewed here. Ask who sent it for a new one.";
        Self::of_kind(StatusCode::FORBIDDEN, "renewal-not-allowed", "Renewal not allowed", detail)
    }

    /// 409: the link need not be renewed: it works.
    #[must_use]
    pub fn job_not_expired(state: State) -> Self {
        let detail = format!("The job has not expired: it is in state {state}. Its link still works.");
        Self::of_kind(StatusCode::CONFLICT, "job-not-expired", "Job not expired", detail).state(state)
    }

    /// 410: the right to take back the passkey is over.
    #[must_use]
    pub fn disownment_expired() -> Self {
        let detail = "This link to remove the passkey is over. Contact support.";
        Self::of_kind(StatusCode::GONE, "disownment-expired", "Link is over", detail)
    }

    /// A code of a redirect URI that brings nothing, and why.
    #[must_use]
    pub fn not_redeemed(not: NotRedeemed) -> Self {
        match not {
            NotRedeemed::Unknown => {
                Self::new(StatusCode::NOT_FOUND, "Unknown code", "No job of this realm has this code.")
            }
            NotRedeemed::Expired => {
                let detail = "The code was good for ten minutes. Read the job by its id instead.";
                Self::of_kind(StatusCode::GONE, "code-expired", "Code expired", detail)
            }
            NotRedeemed::Redeemed => {
                let detail = "The code was redeemed before, and is good for once. Read the job by its id instead.";
                Self::of_kind(StatusCode::GONE, "code-redeemed", "Code redeemed", detail)
            }
        }
    }

    /// A job's link that is not mailed again, and why.
    #[must_use]
    pub fn not_mailed_again(id: &str, not: NotAgain) -> Self {
        let detail = format!("The link is not mailed again: {not}.");
        match not {
            NotAgain::Ended(refused) => Self::ended("credential_binding_job", id, &refused.to_string()),
            NotAgain::NeverMailed => Self::unprocessable("Never mailed", detail),
            NotAgain::TooSoon(seconds) => {
                Self::of_kind(StatusCode::TOO_MANY_REQUESTS, "mail-too-soon", "Mail too soon", detail)
                    .header(header::RETRY_AFTER, &seconds.to_string())
            }
            NotAgain::TooMany => {
                Self::of_kind(StatusCode::TOO_MANY_REQUESTS, "too-many-mails", "Too many mails", detail)
            }
        }
    }

    /// 422: well-formed, but it cannot be done.
    #[must_use]
    pub fn unprocessable(title: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, title, detail)
    }

    /// 422: a proof was refused; `reason` is machine-readable.
    #[must_use]
    pub fn proof_refused(reason: &str, detail: impl Into<String>) -> Self {
        Self::of_kind(StatusCode::UNPROCESSABLE_ENTITY, "proof-refused", "Proof refused", detail)
            .member("reason", reason)
    }

    /// 409: the job is complete, and the proof that was sent is the one that completed it. Its sender, whom the first
    /// answer did not reach, learns the credential's id.
    #[must_use]
    pub fn already_bound(credential_id: &str) -> Self {
        Self::from(Rejected::Refused(Refused::AlreadyComplete)).member("credential_id", credential_id)
    }

    /// 429: too many failed tries on one job.
    #[must_use]
    pub fn too_many_attempts(seconds: i64) -> Self {
        let detail = format!("Too many tries failed on this job. Try again in {seconds} s.");
        Self::of_kind(StatusCode::TOO_MANY_REQUESTS, "too-many-attempts", "Too many attempts", detail)
            .header(header::RETRY_AFTER, &seconds.to_string())
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The document. `instance` and `request_id` are added at the edge, where the request is known.
    #[must_use]
    pub fn document(&self, instance: &str, request_id: &str) -> Value {
        let mut document = self.0.members.clone();
        let kind = self.0.kind.map_or_else(|| "about:blank".to_owned(), |kind| format!("{TYPES}{kind}"));
        document.insert("type".into(), kind.into());
        document.insert("title".into(), self.0.title.as_str().into());
        document.insert("status".into(), self.0.status.as_u16().into());
        document.insert("detail".into(), self.0.detail.as_str().into());
        document.insert("instance".into(), instance.into());
        document.insert("code".into(), code(self.0.status).into());
        document.insert("message".into(), self.0.title.as_str().into());
        document.insert("details".into(), self.0.details.clone().into());
        document.insert("request_id".into(), request_id.into());
        Value::Object(document)
    }
}

/// The HTTP reason phrase in snake case.
fn code(status: StatusCode) -> String {
    status.canonical_reason().unwrap_or("error").to_lowercase().replace([' ', '-'], "_")
}

impl IntoResponse for Problem {
    /// The answer, with the problem among its extensions: [`crate::edge`] writes the document.
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.headers_mut().extend(self.0.headers.iter().cloned());
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Unavailable> for Problem {
    fn from(error: Unavailable) -> Self {
        tracing::error!(dependency = error.dependency, detail = %error.detail, "dependency unavailable");
        let detail = "Something that this depends on does not answer. Nothing was lost; try again in a moment.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "Service unavailable", detail).header(header::RETRY_AFTER, "2")
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let detail = format!("Access denied: {denied}.");
        match denied {
            Denied::NoToken => {
                Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", detail).header(header::WWW_AUTHENTICATE, "Bearer")
            }
            Denied::OtherTenant => Self::forbidden(detail),
            Denied::MissingScope(scope) => Self::forbidden(detail)
                .header(header::WWW_AUTHENTICATE, &format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"")),
        }
    }
}

impl From<Rejected> for Problem {
    fn from(rejected: Rejected) -> Self {
        let conflict = |kind, title, detail: &str| Self::of_kind(StatusCode::CONFLICT, kind, title, detail);
        let gone = |kind, title, detail: &str| Self::of_kind(StatusCode::GONE, kind, title, detail);
        match rejected {
            Rejected::NotFound => Self::unknown_link(),
            Rejected::AlreadyRegistered => conflict(
                "credential-exists",
                "Already registered",
                "This passkey is already registered in the realm. Use another device or delete the passkey first.",
            ),
            Rejected::Refused(Refused::Expired) => {
                gone("job-expired", "Job expired", "The job has expired. Ask for a new link.").state(State::Expired)
            }
            Rejected::Refused(Refused::Revoked) => {
                gone("job-revoked", "Job revoked", "The job was revoked. Ask for a new link.").state(State::Revoked)
            }
            Rejected::Refused(Refused::FailedToSend) => gone(
                "job-failed-to-send",
                "Mail not delivered",
                "The job's mail could not be delivered. Create a new job.",
            )
            .state(State::FailedToSend),
            Rejected::Refused(Refused::LinkReplaced) => {
                gone("link-replaced", "Link replaced", "A newer link was sent. Use that one.")
            }
            Rejected::Refused(Refused::AlreadyComplete) => conflict(
                "job-complete",
                "Job complete",
                "The job is complete: its passkey exists. A job makes one passkey only.",
            )
            .state(State::Complete),
            Rejected::Refused(Refused::TooEarly(state)) => {
                let detail = format!("The job is in state {state}; fetch the binding request (:getInfo) first.");
                conflict("job-not-ready", "Too early", &detail).state(state)
            }
            Rejected::Refused(Refused::TooLate(state)) => {
                conflict("job-too-far", "Too late", &format!("The job is already in state {state}.")).state(state)
            }
        }
    }
}

impl Problem {
    fn state(self, state: State) -> Self {
        self.member("state", state.name())
    }
}
