//! Problem documents (RFC 9457), and the conversion of errors to HTTP responses.

mod batch;
mod limits;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use binding::access::Denied;
use binding::code::NotRedeemed;
use binding::ids::{CredentialId, IdentityId};
use binding::job::{NotDone, Reason, Refused};
use binding::mail::NotAgain;
use binding::state::State;
use binding::unavailable::Unavailable;

use crate::scalar::{Named, Uuid};
use crate::view::{self, BatchError, DisownedPasskey, FieldViolation, ProblemDetail, ProblemKind, ProblemType};

impl FieldViolation {
    /// Creates a violation from the path of the field in the body, or the name of a parameter, and what it must be.
    pub fn new(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self { field: field.into().into(), description: description.into().into() }
    }
}

/// The error response to a request.
#[derive(Clone, Debug)]
pub struct Problem(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    status: StatusCode,
    kind: Option<ProblemKind>,
    title: String,
    detail: String,
    details: Vec<ProblemDetail>,
    state: Option<State>,
    reason: Option<Reason>,
    credential_id: Option<CredentialId>,
    webauthn: Option<DisownedPasskey>,
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
            state: None,
            reason: None,
            credential_id: None,
            webauthn: None,
            headers: Vec::new(),
        }))
    }

    /// A problem of a kind with its own type.
    fn of_kind(kind: ProblemKind, detail: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut problem = Self::new(status, kind.title(), detail);
        problem.0.kind = Some(kind);
        problem
    }

    fn header(mut self, name: HeaderName, value: &str) -> Self {
        self.0.headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        self
    }

    fn state(mut self, state: State) -> Self {
        self.0.state = Some(state);
        self
    }

    /// Adds the resource that the problem is about, by its name in paths and bodies, such as `credential_binding_job`.
    pub(crate) fn resource(mut self, resource: &str, id: &str, description: &str) -> Self {
        self.0.details.push(ProblemDetail::ResourceInfo {
            resource_type: type_name(resource).into(),
            id: id.to_owned(),
            description: description.into(),
        });
        self
    }

    /// 400: all invalid fields.
    #[must_use]
    pub fn invalid(violations: Vec<FieldViolation>) -> Self {
        let detail = match &violations[..] {
            [one] => format!("Invalid field: {} ({}).", &*one.field, &*one.description),
            all => {
                let fields: Vec<&str> = all.iter().map(|violation| &*violation.field).collect();
                format!("Invalid fields: {}. See details.", fields.join(", "))
            }
        };
        let mut problem = Self::new(StatusCode::BAD_REQUEST, "Invalid request", detail);
        problem.0.details.push(ProblemDetail::FieldViolations { field_violations: violations });
        problem
    }

    /// 400: the body is not a JSON object.
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

    /// 404: a resource that the request names does not exist.
    #[must_use]
    pub fn not_found(resource: &str, id: &str) -> Self {
        let description = format!("The {} {id} does not exist.", resource.replace('_', " "));
        Self::new(StatusCode::NOT_FOUND, "Not found", description.as_str()).resource(resource, id, &description)
    }

    /// 404: identities of a batch do not exist. Nothing was changed.
    #[must_use]
    pub fn identities_not_found(ids: &[IdentityId]) -> Self {
        let detail =
            "Some of these identities do not exist. Nothing was erased. Leave them out and repeat the request.";
        let mut problem = Self::new(StatusCode::NOT_FOUND, "Not found", detail);
        problem.0.details.push(ProblemDetail::BatchOperationErrors {
            errors: vec![BatchError {
                description: "identities not found".into(),
                ids: ids.iter().map(|id| id.as_str().into()).collect(),
                resource_type: type_name("identity").into(),
            }],
        });
        problem
    }

    /// 409: another identity of the realm has the user name.
    #[must_use]
    pub fn username_taken(username: &str, holder: &IdentityId) -> Self {
        let detail = format!("The username {username} already exists in this realm. Choose another.");
        Self::conflict(detail).resource("identity", holder.as_str(), "has this username")
    }

    /// 409: a realm cannot be deleted while it has these.
    #[must_use]
    pub fn realm_not_empty(id: &str, contents: &str, remedy: &str) -> Self {
        Self::conflict(format!("The realm {id} has {contents}. {remedy}, then try again.")).resource(
            "realm",
            id,
            &format!("has {contents}"),
        )
    }

    /// 404: no route has this path.
    #[must_use]
    pub fn no_such_route() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found", "Nothing is at this address. Check the path and the method.")
    }

    /// 404: the response to a request without the right secret, whether or not the job exists.
    #[must_use]
    pub fn unknown_link() -> Self {
        Self::of_kind(ProblemKind::UnknownLink, "The link is invalid. Check that it is complete.")
    }

    /// 401: the device's ceremony token has expired.
    #[must_use]
    pub fn ceremony_expired() -> Self {
        let detail = "The binding request has timed out. Open the link again to get a fresh one.";
        Self::of_kind(ProblemKind::CeremonyExpired, detail)
    }

    /// 405: credentials are created only through jobs.
    #[must_use]
    pub fn credentials_are_not_posted(jobs_path: &str) -> Self {
        let detail =
            format!("Credentials are created only through credential binding jobs. Create one with POST {jobs_path}.");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", detail).header(header::ALLOW, "GET")
    }

    /// 405: the path supports other methods.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", "This path does not support this method.")
    }

    /// 403: the realm does not allow the request.
    #[must_use]
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", detail)
    }

    /// 403: the config does not trust the page that makes the request.
    #[must_use]
    pub fn untrusted_origin(config: &str) -> Self {
        let detail =
            format!("The origin of this page is not in the trusted_origins of the authenticator config {config}.");
        Self::of_kind(ProblemKind::UntrustedOrigin, detail)
    }

    /// 403: the config does not trust the page, and the page may not use its passkeys.
    #[must_use]
    pub fn untrusted_sign_in_origin(config: &str) -> Self {
        let detail = format!(
            "The origin of this page is neither in trusted_origins nor in passkey_policy.origins of the authenticator config \
             {config}."
        );
        Self::of_kind(ProblemKind::UntrustedOrigin, detail)
    }

    /// 409: a resource already exists, or was changed meanwhile.
    #[must_use]
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "Conflict", detail)
    }

    /// 409: the resource has reached a final state and cannot be changed.
    #[must_use]
    pub fn ended(resource: &str, id: &str, description: &str) -> Self {
        Self::conflict(format!("It can no longer be changed: {description}.")).resource(resource, id, description)
    }

    /// 409: a request with the same idempotency key is still running.
    #[must_use]
    pub fn request_in_progress() -> Self {
        let detail = "A request with this Idempotency-Key is still running. Repeat this one in a moment.";
        Self::of_kind(ProblemKind::RequestInProgress, detail).header(header::RETRY_AFTER, "1")
    }

    /// 409: the identity is suspended, so no link is mailed or returned for it.
    #[must_use]
    pub fn identity_suspended(id: &str) -> Self {
        let detail = format!("The identity {id} is suspended. Set its status to active, then try again.");
        Self::of_kind(ProblemKind::IdentitySuspended, detail).resource("identity", id, "is suspended")
    }

    /// 422: the idempotency key was used for another request.
    #[must_use]
    pub fn idempotency_key_reused() -> Self {
        let detail = "This Idempotency-Key was used with another body. Use a new key for a new request.";
        Self::of_kind(ProblemKind::IdempotencyKeyReused, detail)
    }

    /// 403: the realm does not allow holders of an expired link to request a new one.
    #[must_use]
    pub fn renewal_not_allowed() -> Self {
        let detail = "The realm does not allow the renewal of expired links. Ask the sender for a new link.";
        Self::of_kind(ProblemKind::RenewalNotAllowed, detail)
    }

    /// 409: the link still works, so it cannot be renewed.
    #[must_use]
    pub fn job_not_expired(state: State) -> Self {
        let detail = format!("The job has not expired: it is in state {state}. Its link still works.");
        Self::of_kind(ProblemKind::JobNotExpired, detail).state(state)
    }

    /// 410: the right to disown the passkey has expired.
    #[must_use]
    pub fn disownment_expired() -> Self {
        let detail = "This link to remove the passkey no longer works. Contact support.";
        Self::of_kind(ProblemKind::DisownmentExpired, detail)
    }

    /// Why a code of a redirect URI cannot be redeemed.
    #[must_use]
    pub fn not_redeemed(not: NotRedeemed) -> Self {
        match not {
            NotRedeemed::Unknown => {
                Self::new(StatusCode::NOT_FOUND, "Unknown code", "No job of this realm has this code.")
            }
            NotRedeemed::Expired => {
                let detail = "The code was valid for ten minutes. Read the job by its id instead.";
                Self::of_kind(ProblemKind::CodeExpired, detail)
            }
            NotRedeemed::Redeemed => {
                let detail = "The code has already been redeemed. Read the job by its id instead.";
                Self::of_kind(ProblemKind::CodeRedeemed, detail)
            }
        }
    }

    /// Why a job's link is not mailed again.
    #[must_use]
    pub fn not_mailed_again(id: &str, not: NotAgain) -> Self {
        let detail = format!("The link is not mailed again: {not}.");
        match not {
            NotAgain::Ended(refused) => Self::ended("credential_binding_job", id, &refused.to_string()),
            NotAgain::NeverMailed => Self::unprocessable("Never mailed", detail),
            NotAgain::TooSoon(seconds) => {
                Self::of_kind(ProblemKind::MailTooSoon, detail).header(header::RETRY_AFTER, &seconds.to_string())
            }
            NotAgain::TooMany => Self::of_kind(ProblemKind::TooManyMails, detail),
        }
    }

    /// 422: the request is well-formed but cannot be carried out.
    #[must_use]
    pub fn unprocessable(title: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, title, detail)
    }

    /// 422: a proof was refused.
    #[must_use]
    pub fn proof_refused(reason: Reason, detail: impl Into<String>) -> Self {
        let mut problem = Self::of_kind(ProblemKind::ProofRefused, detail);
        problem.0.reason = Some(reason);
        problem
    }

    /// 409: the job is complete, and the submitted proof is the one that completed it. The sender, who may have missed
    /// the first response, gets the credential's id.
    #[must_use]
    pub fn already_bound(credential_id: CredentialId) -> Self {
        let mut problem = Self::from(NotDone::Refused(Refused::AlreadyComplete));
        problem.0.credential_id = Some(credential_id);
        problem
    }

    /// 429: too many test mails of a realm.
    #[must_use]
    pub fn too_many_test_mails(seconds: i64) -> Self {
        let detail = format!("A realm can send one test mail per minute. Try again in {seconds} s.");
        Self::of_kind(ProblemKind::MailTooSoon, detail).header(header::RETRY_AFTER, &seconds.to_string())
    }

    /// 422: SES rejects a mail permanently.
    #[must_use]
    pub fn mail_rejected(reason: &str) -> Self {
        let detail = format!("Amazon SES rejects this mail ({reason}). Check the address, or use another one.");
        Self::unprocessable("Mail rejected", detail)
    }

    /// 429: too many failed tries on one job.
    #[must_use]
    pub fn too_many_attempts(seconds: i64) -> Self {
        let detail = format!("Too many attempts failed on this job. Try again in {seconds} s.");
        Self::of_kind(ProblemKind::TooManyAttempts, detail).header(header::RETRY_AFTER, &seconds.to_string())
    }

    /// 429: too many requests of one sign-in from an address or for an identity.
    #[must_use]
    pub fn too_many_sign_ins(seconds: i64) -> Self {
        let detail = format!("Too many sign-ins were attempted. Try again in {seconds} s.");
        Self::of_kind(ProblemKind::TooManyAttempts, detail).header(header::RETRY_AFTER, &seconds.to_string())
    }

    /// 403: passkeys do not sign in under the config.
    #[must_use]
    pub fn sign_in_disabled(config: &str) -> Self {
        let detail = format!("Sign-in is not enabled. Set sign_in.enabled of the authenticator config {config}.");
        Self::of_kind(ProblemKind::SignInDisabled, detail)
    }

    /// 401: the token of a sign-in is too old.
    #[must_use]
    pub fn sign_in_expired() -> Self {
        Self::of_kind(ProblemKind::SignInExpired, "The sign-in took more than five minutes. Begin another one.")
    }

    /// 409: the token of a sign-in was used.
    #[must_use]
    pub fn sign_in_used() -> Self {
        let detail = "The token was already used, or a newer one was. Begin another sign-in.";
        Self::of_kind(ProblemKind::SignInUsed, detail)
    }

    /// 409: the identity that signs in is suspended.
    #[must_use]
    pub fn sign_in_suspended() -> Self {
        let detail = "This account is suspended. Contact support. The passkey works again when the account is active.";
        Self::of_kind(ProblemKind::IdentitySuspended, detail)
    }

    /// 404: no active credential matches. With the passkey, if it is one, for the Signal API of browsers.
    #[must_use]
    pub fn unknown_credential(passkey: Option<DisownedPasskey>) -> Self {
        let detail = "No active credential of this realm matches. It may have been revoked.";
        let mut problem = Self::of_kind(ProblemKind::UnknownCredential, detail);
        problem.0.webauthn = passkey;
        problem
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The problem document. `instance` and `request_id` are added at the edge, where the request is known.
    #[must_use]
    pub fn document(&self, instance: &str, request_id: &str) -> view::Problem {
        let parts = &self.0;
        view::Problem {
            r#type: ProblemType(parts.kind),
            title: parts.title.as_str().into(),
            status: parts.status.as_u16(),
            detail: parts.detail.as_str().into(),
            instance: instance.into(),
            code: code(parts.status).into(),
            message: parts.detail.as_str().into(),
            details: parts.details.clone(),
            request_id: request_id.into(),
            state: parts.state.map(Named),
            reason: parts.reason.map(Named),
            credential_id: parts.credential_id.as_ref().map(Uuid::of),
            webauthn: parts.webauthn.clone(),
        }
    }
}

/// The name of a resource's type in the published API: `CredentialBindingJob` for `credential_binding_job`.
fn type_name(resource: &str) -> String {
    let capitalized =
        |word: &str| word.get(..1).unwrap_or_default().to_ascii_uppercase() + word.get(1..).unwrap_or_default();
    resource.split('_').map(capitalized).collect()
}

/// The HTTP reason phrase in snake case.
fn code(status: StatusCode) -> String {
    status.canonical_reason().unwrap_or("error").to_lowercase().replace([' ', '-'], "_")
}

impl IntoResponse for Problem {
    /// The response, with the problem as an extension. [`crate::edge`] writes the document.
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
        let detail = "A dependency did not respond. Nothing was lost. Try again in a moment.";
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

impl From<NotDone> for Problem {
    fn from(rejected: NotDone) -> Self {
        let refused = match rejected {
            NotDone::NotFound => return Self::unknown_link(),
            NotDone::AlreadyRegistered => {
                let detail =
                    "This passkey is already registered in the realm. Use another device or delete the passkey first.";
                return Self::of_kind(ProblemKind::CredentialExists, detail);
            }
            NotDone::IdentitySuspended => {
                let detail = "The account that this link is for is suspended. Ask the sender of the link. It works again when \
                              the account is active.";
                return Self::of_kind(ProblemKind::IdentitySuspended, detail);
            }
            NotDone::Refused(refused) => refused,
        };
        match refused {
            Refused::Expired => {
                Self::of_kind(ProblemKind::JobExpired, "The job has expired. Ask for a new link.").state(State::Expired)
            }
            Refused::Revoked => {
                Self::of_kind(ProblemKind::JobRevoked, "The job was revoked. Ask for a new link.").state(State::Revoked)
            }
            Refused::FailedToSend => {
                let detail = "The job's mail could not be delivered. Create a new job.";
                Self::of_kind(ProblemKind::JobFailedToSend, detail).state(State::FailedToSend)
            }
            Refused::LinkReplaced => Self::of_kind(ProblemKind::LinkReplaced, "A newer link was sent. Use that one."),
            Refused::AlreadyComplete => {
                let detail = "The job is complete. A job creates one passkey only.";
                Self::of_kind(ProblemKind::JobComplete, detail).state(State::Complete)
            }
            Refused::TooEarly(state) => {
                let detail = format!("The job is in state {state}; fetch the binding request (:getInfo) first.");
                Self::of_kind(ProblemKind::JobNotReady, detail).state(state)
            }
            Refused::TooLate(state) => {
                Self::of_kind(ProblemKind::JobTooFar, format!("The job is already in state {state}.")).state(state)
            }
        }
    }
}
