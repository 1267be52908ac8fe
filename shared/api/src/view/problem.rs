//! Problem documents (RFC 9457), and the closed set of their types.

use binding::job::Reason;
use binding::state::State;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_with::skip_serializing_none;

use super::DisownedPasskey;
use crate::scalar::{Named, Text, Uuid, text_type};

/// The base of the URIs of problem types.
pub const TYPES: &str = "https://bindery.dev/problems/";
/// The type of a problem whose status explains it (RFC 9457 §4.2.1).
const BLANK: &str = "about:blank";

/// A problem document (RFC 9457), with the members of the published API.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Problem {
    /// The type of the problem. It is `about:blank` where the status explains the problem.
    pub r#type: ProblemType,
    /// A short summary.
    pub title: Text,
    /// The HTTP status.
    #[cfg_attr(feature = "schema", schemars(with = "i64"))]
    pub status: u16,
    /// An explanation of this occurrence, with the remedy.
    pub detail: Text,
    /// The path of the request.
    pub instance: Text,
    /// The reason phrase of the status in snake case.
    pub code: Code,
    /// The same as `detail`, for clients of the published API.
    pub message: Text,
    /// The fields that are invalid, or the resource that does not exist.
    pub details: Vec<ProblemDetail>,
    /// The request's id, for the operators of the server.
    pub request_id: Text,
    /// The state of the job, if it is the reason.
    pub state: Option<Named<State>>,
    /// Why a proof was refused (`proof-refused`).
    pub reason: Option<Named<Reason>>,
    /// The credential, if the proof is the one that created it (`job-complete`).
    pub credential_id: Option<Uuid>,
    /// The passkey that is unknown (`unknown-credential`), for a page that asks the device to forget it (WebAuthn Level 3
    /// §5.1.10).
    pub webauthn: Option<DisownedPasskey>,
}

text_type! {
    /// The reason phrase of an HTTP status in snake case.
    Code {"pattern": "^[a-z_]+$"}
}

/// A detail of a problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
#[serde(tag = "type")]
pub enum ProblemDetail {
    /// The fields that are invalid, all at once.
    FieldViolations {
        /// The fields.
        field_violations: Vec<FieldViolation>,
    },
    /// The resources for which a batch failed.
    BatchOperationErrors {
        /// The resources.
        errors: Vec<BatchError>,
    },
    /// The resource that the problem is about.
    ResourceInfo {
        /// The type of the resource, such as `Identity` or `CredentialBindingJob`.
        resource_type: Text,
        /// Its id.
        id: String,
        /// The error.
        description: Text,
    },
}

/// Resources of one type for which a batch failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BatchError {
    /// The error.
    #[serde(rename = "Description")]
    pub description: Text,
    /// Their ids.
    #[serde(rename = "IDs")]
    pub ids: Vec<Text>,
    /// Their type, such as `Identity`.
    #[serde(rename = "ResourceType")]
    pub resource_type: Text,
}

/// A field that is invalid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct FieldViolation {
    /// The path of the field in the body, or the name of a parameter.
    pub field: Text,
    /// What the field must be.
    pub description: Text,
}

/// The type of a problem: a kind, or `about:blank` where the status explains the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemType(pub Option<ProblemKind>);

impl ProblemType {
    /// The URI.
    #[must_use]
    pub fn uri(self) -> String {
        self.0.map_or_else(|| BLANK.to_owned(), |kind| format!("{TYPES}{}", kind.name()))
    }

    /// All types.
    fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self(None)).chain(ProblemKind::ALL.into_iter().map(|kind| Self(Some(kind))))
    }
}

impl Serialize for ProblemType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.uri())
    }
}

impl<'de> Deserialize<'de> for ProblemType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let uri = String::deserialize(deserializer)?;
        Self::all().find(|one| one.uri() == uri).ok_or_else(|| de::Error::custom("unknown type of problem"))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for ProblemType {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ProblemType".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "uri", "enum": Self::all().map(Self::uri).collect::<Vec<_>>()})
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident { $status:literal, $name:literal, $title:literal })+) => {
        /// The kinds of problems with a type of their own. Each has one status and one title; docs/problems.md
        /// describes them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ProblemKind {
            $($(#[$doc])* $kind,)+
        }

        impl ProblemKind {
            /// All kinds.
            pub const ALL: [ProblemKind; [$($status),+].len()] = [$(ProblemKind::$kind),+];

            /// The last segment of the type's URI.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(ProblemKind::$kind => $name,)+
                }
            }

            /// The HTTP status.
            #[must_use]
            pub fn status(self) -> u16 {
                match self {
                    $(ProblemKind::$kind => $status,)+
                }
            }

            /// The title.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self {
                    $(ProblemKind::$kind => $title,)+
                }
            }
        }
    };
}

kinds! {
    /// The ceremony token has expired.
    CeremonyExpired { 401, "ceremony-expired", "Binding request timed out" }
    /// The token of a sign-in has expired.
    SignInExpired { 401, "sign-in-expired", "Sign-in timed out" }
    /// The config does not trust the origin of the page.
    UntrustedOrigin { 403, "untrusted-origin", "Origin not trusted" }
    /// The realm does not allow the renewal of expired links.
    RenewalNotAllowed { 403, "renewal-not-allowed", "Renewal not allowed" }
    /// Passkeys do not sign in under the config.
    SignInDisabled { 403, "sign-in-disabled", "Sign-in disabled" }
    /// The link's secret is wrong, or the job does not exist.
    UnknownLink { 404, "unknown-link", "Unknown link" }
    /// No active credential of the realm matches what the device sent.
    UnknownCredential { 404, "unknown-credential", "Unknown credential" }
    /// The job's passkey exists.
    JobComplete { 409, "job-complete", "Job complete" }
    /// The job has not reached the required state yet.
    JobNotReady { 409, "job-not-ready", "Too early" }
    /// The job is already past the required state.
    JobTooFar { 409, "job-too-far", "Too late" }
    /// The authenticator's credential id is already registered in the realm.
    CredentialExists { 409, "credential-exists", "Already registered" }
    /// The identity is suspended.
    IdentitySuspended { 409, "identity-suspended", "Identity suspended" }
    /// The token of the sign-in was used before.
    SignInUsed { 409, "sign-in-used", "Sign-in used" }
    /// A request with the same idempotency key is still running.
    RequestInProgress { 409, "request-in-progress", "Request in progress" }
    /// The link still works, so it cannot be renewed.
    JobNotExpired { 409, "job-not-expired", "Job not expired" }
    /// The job has expired.
    JobExpired { 410, "job-expired", "Job expired" }
    /// The job was revoked.
    JobRevoked { 410, "job-revoked", "Job revoked" }
    /// The job's mail could not be delivered.
    JobFailedToSend { 410, "job-failed-to-send", "Mail not delivered" }
    /// A newer link of the job replaced this one.
    LinkReplaced { 410, "link-replaced", "Link replaced" }
    /// The link to disown a passkey has expired.
    DisownmentExpired { 410, "disownment-expired", "Link no longer works" }
    /// The code has expired.
    CodeExpired { 410, "code-expired", "Code expired" }
    /// The code was already redeemed.
    CodeRedeemed { 410, "code-redeemed", "Code redeemed" }
    /// The proof was refused.
    ProofRefused { 422, "proof-refused", "Proof refused" }
    /// The idempotency key was used for another request.
    IdempotencyKeyReused { 422, "idempotency-key-reused", "Idempotency key was used for another request" }
    /// The tenant has sent too many requests.
    TooManyRequests { 429, "too-many-requests", "Too many requests" }
    /// Too many proofs were refused on the job.
    TooManyAttempts { 429, "too-many-attempts", "Too many attempts" }
    /// The last mail was sent less than a minute ago.
    MailTooSoon { 429, "mail-too-soon", "Mail too soon" }
    /// The job has reached the maximum number of mails.
    TooManyMails { 429, "too-many-mails", "Too many mails" }
    /// The batches of the realm have no room for more recipients.
    QueueFull { 429, "queue-full", "Queue full" }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const DOCS: &str = include_str!("../../../../docs/problems.md");

    /// The rows of the tables whose first column has this heading; the first two columns of each.
    fn rows(heading: &str) -> Vec<(&'static str, &'static str)> {
        let mut found = Vec::new();
        let mut inside = false;
        for line in DOCS.lines() {
            let mut columns = line.strip_prefix("| ").into_iter().flat_map(|row| row.split(" | ")).map(str::trim);
            let (first, second) = (columns.next(), columns.next());
            inside = first == Some(heading) || inside && line.starts_with('|');
            if let (true, Some(first), Some(second)) = (inside && first != Some(heading), first, second) {
                found.push((first, second));
            }
        }
        found
    }

    fn in_backticks(text: &str) -> impl Iterator<Item = &str> {
        text.split('`').skip(1).step_by(2)
    }

    #[test]
    fn the_docs_describe_every_kind_with_its_status() {
        let described: BTreeSet<(u16, String)> = rows("status")
            .into_iter()
            .filter(|(_, types)| !types.contains(BLANK))
            .flat_map(|(status, types)| in_backticks(types).map(move |one| (status.parse().unwrap(), one.to_owned())))
            .collect();
        let kinds: BTreeSet<(u16, String)> =
            ProblemKind::ALL.into_iter().map(|kind| (kind.status(), kind.name().to_owned())).collect();
        assert_eq!(described, kinds);
    }

    #[test]
    fn the_docs_describe_every_reason_once() {
        let mut described: Vec<&str> =
            rows("reason").into_iter().flat_map(|(reasons, _)| in_backticks(reasons)).collect();
        let mut reasons: Vec<&str> = Reason::ALL.into_iter().map(Reason::name).collect();
        described.sort_unstable();
        reasons.sort_unstable();
        assert_eq!(described, reasons);
    }

    #[test]
    fn types_are_read_back() {
        for one in ProblemType::all() {
            assert_eq!(serde_json::from_value::<ProblemType>(serde_json::to_value(one).unwrap()).unwrap(), one);
        }
        assert!(serde_json::from_value::<ProblemType>("https://bindery.dev/problems/other".into()).is_err());
    }
}
