//! The responses of the API: the one definition of each response's fields. OpenAPI, the event schemas, the TypeScript
//! types and `bindctl` use these types.
//!
//! An optional member is an `Option`. It is absent, never `null`.

mod audit;
mod batch;
mod config;
mod credential;
mod device;
mod identity;
mod job;
mod list;
mod policy;
mod problem;
mod realm;
mod sign_in;

pub use audit::{AuditEntry, Principal};
pub use batch::{
    Batch, BatchControl, BatchCounts, BatchErrors, BatchHour, BatchJobTemplate, BatchResult, BatchResults,
    BatchSummary, BatchSummaryCounts, OnExisting, Pacing, Plan, PlannedRecipient, PublishedBatch, QuietHours,
    RecipientError, Standing, job_ids,
};
pub use config::{AuthenticatorConfig, Invocation, InvocationType, RelyingParty, SignIn};
pub use credential::{
    BoundCredential, Credential, CredentialProof, Expected, RawProof, RegistrationResponse, StoredProof,
    WebauthnCredential,
};
pub use device::{
    AndroidApp, AppleAppSiteAssociation, AppleApps, AssetLink, AssetLinks, BindingRequest, BindingRequestConfig,
    BindingRequestIdentity, CreationOptions, Declined, DisownPreview, Disowned, DisownedPasskey, DisplayName, Emailed,
    IdAndDisplayName, Instruction, JwtBinding, KeySet, NotedCredential, PasskeyEndpoints, Preview, RelatedOrigins,
    Renewal, Renewed, Withdrawn, own_text,
};
pub use identity::{Enrollment, Identity, PublishedIdentity, Traits, TraitsType};
pub use job::{CreatedJob, Job, LastFailure, PublishedJob, RedeemedJob, Reminder, Transition};
pub use list::{
    AuditEntryList, AuthenticatorConfigList, BatchList, COUNT_BOUND, CredentialList, IdentityList, JobList, List, Page,
    RealmList,
};
pub use policy::{Aaguids, AndroidStatus, CertificationStatus, Policy, Trust, TrustLevel};
pub use problem::{BatchError, Code, FieldViolation, Problem, ProblemDetail, ProblemKind, ProblemType, TYPES};
pub use realm::{
    Email, LinkLifetime, LinkRenewal, MailKind, MailPreview, OwnTexts, Realm, RealmTheme, SentTestMail, Tenant, Theme,
};
pub use sign_in::{BegunSignIn, RequestOptions, SignedIn};
