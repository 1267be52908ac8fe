//! The parameters, bodies and responses of each operation.

use binding::state::State;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json};

use super::Schemas;
use super::examples::{self, Example};
use super::parts::{header, problem_name, request_id};
use crate::operation::*;
use crate::permit::Scheme;
use crate::request::{
    BatchDelete, BeginSignIn, CreateBatch, CreateConfig, CreateJob, FinishSignIn, PatchConfig, PatchIdentity,
    PatchRealm, PreviewMail, PreviewPage, Proof, PutIdentity, PutRealm, Redeem, Resend, SendTestMail, UpdateTenant,
    WriteTheme,
};
use crate::scalar::{ChosenId, Named, Uuid};
use crate::view::ProblemKind::{self, *};
use crate::view::{
    AppleAppSiteAssociation, AssetLinks, AuditEntryList, AuthenticatorConfig, AuthenticatorConfigList, Batch,
    BatchList, BatchResults, BegunSignIn, BindingRequest, BoundCredential, CreatedJob, Credential, CredentialList,
    CredentialProof, Declined, DisownPreview, Disowned, Enrollment, Identity, IdentityList, Instruction, Job, JobList,
    KeySet, MailPreview, PasskeyEndpoints, Preview, ProblemType, Realm, RealmList, RealmTheme, RedeemedJob,
    RelatedOrigins, Renewed, SentTestMail, SignedIn, Tenant,
};

/// An operation with its parameters, bodies and responses.
#[derive(Clone, Debug)]
pub struct Described {
    /// Its name, path and access.
    pub route: Route,
    body: Option<Body>,
    success: Success,
    pub(super) problems: Vec<(u16, Vec<ProblemType>)>,
    parameters: Vec<Value>,
    /// Whether people open the address in a browser, which then shows problems as pages.
    pub(super) in_browsers: bool,
    /// What `Retry-After` means in a successful response, if it can have one.
    retry_after: Option<&'static str>,
}

/// A type of body, with an example.
#[derive(Clone, Copy, Debug)]
struct Body {
    schema: fn(&mut SchemaGenerator) -> Schema,
    example: fn() -> Value,
    required: bool,
}

impl Body {
    fn of<T: JsonSchema + Example>() -> Self {
        Self { schema: SchemaGenerator::subschema_for::<T>, example: T::example_json, required: true }
    }
}

/// The successful response.
#[derive(Clone, Copy, Debug)]
enum Success {
    /// 200 with JSON.
    Json(Body),
    /// 200 with JSON, or with CSV on request.
    JsonOrCsv(Body),
    /// 200 without a body.
    Empty,
    /// 200 with a page.
    Page,
    /// 200 with JSON, or 302 to the app.
    Redirect,
    /// The operation never succeeds.
    Never,
}

/// All operations.
#[must_use]
pub fn operations() -> Vec<Described> {
    let ended = [JobExpired, JobRevoked, JobFailedToSend, LinkReplaced];
    vec![
        of(GET_TENANT).json::<Tenant>(),
        of(PATCH_TENANT).takes::<UpdateTenant>().json::<Tenant>().may(&[409]),
        of(LIST_REALMS).pages().json::<RealmList>(),
        of(CREATE_REALM).takes::<PutRealm>().json::<Realm>().may(&[409]),
        of(GET_REALM).json::<Realm>().may(&[404]),
        of(PUT_REALM).takes::<PutRealm>().json::<Realm>().may(&[409]),
        of(PATCH_REALM).takes::<PatchRealm>().json::<Realm>().may(&[404, 409]),
        of(DELETE_REALM).empty().may(&[404, 409]),
        of(PREVIEW_MAIL).takes::<PreviewMail>().json::<MailPreview>().may(&[404]),
        of(PREVIEW_PAGE).takes::<PreviewPage>().json::<Preview>().may(&[404]),
        of(SEND_TEST_MAIL).takes::<SendTestMail>().json::<SentTestMail>().may(&[404, 422]).fails(&[MailTooSoon]),
        of(CREATE_THEME).takes::<WriteTheme>().json::<RealmTheme>().may(&[404, 409]),
        of(GET_ACTIVE_THEME).json::<RealmTheme>().may(&[404]),
        of(GET_THEME).json::<RealmTheme>().may(&[404]),
        of(PATCH_THEME).takes::<WriteTheme>().json::<RealmTheme>().may(&[404, 409]),
        of(CREATE_IDENTITY).takes::<PutIdentity>().json::<Identity>().may(&[404, 409]),
        of(LIST_IDENTITIES).pages().filter().json::<IdentityList>(),
        of(GET_ENROLLMENT).json::<Enrollment>().may(&[404]),
        of(GET_IDENTITY).json::<Identity>().may(&[404]),
        of(PUT_IDENTITY).takes::<PutIdentity>().json::<Identity>().may(&[404, 409]),
        of(PATCH_IDENTITY).takes::<PatchIdentity>().json::<Identity>().may(&[404, 409]),
        of(ERASE_IDENTITY).empty().may(&[404]),
        of(BATCH_DELETE_IDENTITIES).takes::<BatchDelete>().empty().may(&[404]),
        of(CREATE_AUTHENTICATOR_CONFIG).takes::<CreateConfig>().json::<AuthenticatorConfig>().may(&[404, 409]),
        of(LIST_AUTHENTICATOR_CONFIGS).pages().filter().json::<AuthenticatorConfigList>(),
        of(GET_AUTHENTICATOR_CONFIG)
            .query("version", json!({"type": "integer", "minimum": 1}))
            .json::<AuthenticatorConfig>()
            .may(&[404]),
        of(PATCH_AUTHENTICATOR_CONFIG).takes::<PatchConfig>().json::<AuthenticatorConfig>().may(&[404, 409]),
        of(DELETE_AUTHENTICATOR_CONFIG).empty().may(&[404]),
        of(CREATE_JOB)
            .takes::<CreateJob>()
            .json::<CreatedJob>()
            .header("Idempotency-Key", json!({"type": "string", "minLength": 1, "maxLength": 255}))
            .may(&[404, 409, 422])
            .fails(&[IdentitySuspended, RequestInProgress, IdempotencyKeyReused]),
        of(LIST_JOBS).pages().filter().json::<JobList>(),
        of(GET_JOB)
            .query("wait_seconds", json!({"type": "integer", "minimum": 0, "maximum": 20}))
            .query("state", inline::<Named<State>>())
            .json::<Job>()
            .retries("When to ask again, in seconds, if the job has not reached the state yet.")
            .may(&[404]),
        of(REVOKE_JOB).json::<Job>().may(&[404, 409]),
        of(PUBLISH_JOB).json::<Job>().may(&[404]),
        of(RESEND).may_take::<Resend>().json::<Job>().may(&[404, 409, 422]).fails(&[
            IdentitySuspended,
            MailTooSoon,
            TooManyMails,
        ]),
        of(REDEEM).takes::<Redeem>().json::<RedeemedJob>().may(&[404]).fails(&[CodeExpired, CodeRedeemed]),
        of(CREATE_BATCH)
            .takes::<CreateBatch>()
            .json::<Batch>()
            .header("Idempotency-Key", json!({"type": "string", "minLength": 1, "maxLength": 255}))
            .may(&[404])
            .fails(&[RequestInProgress, IdempotencyKeyReused, QueueFull]),
        of(LIST_BATCHES).pages().filter().json::<BatchList>(),
        of(GET_BATCH).json::<Batch>().may(&[404]),
        of(LIST_BATCH_RESULTS).pages().json::<BatchResults>().or_csv().may(&[404]),
        of(PAUSE_BATCH).json::<Batch>().may(&[404, 409]),
        of(RESUME_BATCH).json::<Batch>().may(&[404, 409]),
        of(CANCEL_BATCH).json::<Batch>().may(&[404, 409]),
        of(LIST_CREDENTIALS).pages().filter().json::<CredentialList>(),
        of(GET_CREDENTIAL).json::<Credential>().may(&[404]),
        of(GET_CREDENTIAL_PROOF).json::<CredentialProof>(),
        of(REVOKE_CREDENTIAL).json::<Credential>().may(&[404]),
        of(LIST_AUDIT_ENTRIES).pages().filter().json::<AuditEntryList>(),
        of(LIST_TENANT_AUDIT_ENTRIES).pages().filter().json::<AuditEntryList>(),
        of(REFUSE_CREDENTIALS).may(&[405]),
        of(PREVIEW).json::<Preview>().fails(&[IdentitySuspended]),
        of(PREVIEW_DISOWN).json::<DisownPreview>(),
        of(OPEN).json::<Instruction>().fails(&ended).fails(&[
            UntrustedOrigin,
            IdentitySuspended,
            JobComplete,
            JobTooFar,
        ]),
        of(DECLINE).json::<Declined>().fails(&ended).fails(&[JobComplete]),
        of(DISOWN).json::<Disowned>().fails(&[DisownmentExpired]),
        of(RENEW).json::<Renewed>().fails(&ended).may(&[409, 422]).fails(&[
            RenewalNotAllowed,
            IdentitySuspended,
            JobNotExpired,
            JobComplete,
            MailTooSoon,
            TooManyMails,
        ]),
        of(INVOKE_AUTHENTICATOR).redirect().fails(&ended),
        of(LOOK_AT_LINK).redirect().fails(&ended),
        of(GET_INFO).json::<BindingRequest>().fails(&ended).fails(&[
            CeremonyExpired,
            UntrustedOrigin,
            IdentitySuspended,
            JobComplete,
            JobNotReady,
            JobTooFar,
        ]),
        of(BIND).takes::<Proof>().json::<BoundCredential>().fails(&ended).fails(&[
            CeremonyExpired,
            UntrustedOrigin,
            IdentitySuspended,
            JobComplete,
            JobNotReady,
            CredentialExists,
            ProofRefused,
            TooManyAttempts,
        ]),
        of(BEGIN_SIGN_IN).may_take::<BeginSignIn>().json::<BegunSignIn>().fails(&[
            UntrustedOrigin,
            SignInDisabled,
            TooManyAttempts,
        ]),
        of(FINISH_SIGN_IN).takes::<FinishSignIn>().json::<SignedIn>().fails(&[
            SignInExpired,
            UntrustedOrigin,
            UnknownCredential,
            IdentitySuspended,
            SignInUsed,
            ProofRefused,
            TooManyAttempts,
        ]),
        of(HOSTED_PAGE).page(),
        of(LOOK_AT_HOSTED_PAGE).page(),
        of(RELATED_ORIGINS).in_browsers().json::<RelatedOrigins>().may(&[404]),
        of(PASSKEY_ENDPOINTS).in_browsers().json::<PasskeyEndpoints>().may(&[404]),
        of(ANDROID_APPS).in_browsers().json::<AssetLinks>().may(&[404]),
        of(APPLE_APPS).in_browsers().json::<AppleAppSiteAssociation>().may(&[404]),
        of(KEY_SET).json::<KeySet>(),
    ]
}

/// Describes an operation with the defaults of its kind.
fn of<P>(operation: Operation<P>) -> Described {
    let route = operation.route;
    let described = Described {
        route,
        body: None,
        success: Success::Never,
        problems: Vec::new(),
        parameters: route.parameters().map(parameter).collect(),
        in_browsers: false,
        retry_after: None,
    };
    // An id `..` turns the path into another one.
    let described = described.may(&[400, 503]).may(if route.path.contains('{') { &[404] } else { &[] });
    match route.scheme {
        Scheme::AccessToken => described.may(&[401, 403]).fails(&[TooManyRequests]),
        Scheme::Link | Scheme::Ceremony | Scheme::LinkOrCeremony => described.fails(&[UnknownLink]),
        Scheme::LinkInQuery => described
            .in_browsers()
            .query("token", json!({"type": "string", "description": "The link's secret."}))
            .fails(&[UnknownLink, UntrustedOrigin, IdentitySuspended, JobComplete, JobTooFar]),
        Scheme::Public => described,
    }
}

fn parameter(name: &str) -> Value {
    let made = ["batch_id", "job_id", "credential_id", "theme_id"].contains(&name);
    let schema = if made { inline::<Uuid>() } else { inline::<ChosenId>() };
    let demo = match name {
        "tenant_id" | "realm_id" => "demo",
        "identity_id" => "ada",
        "config_id" => "hosted",
        _ => examples::ID,
    };
    json!({"name": name, "in": "path", "required": true, "schema": schema, "example": demo})
}

/// The schema of a scalar.
fn inline<T: JsonSchema>() -> Value {
    T::json_schema(&mut SchemaGenerator::default()).into()
}

/// The groups of operations, in the order in which a reader needs them.
pub(super) fn tags() -> Value {
    let tags = [
        ("Jobs", "Jobs, each of which creates one passkey."),
        ("Credentials", "Passkeys, and software keys."),
        ("Identities", "The people who get passkeys."),
        ("Authenticator configs", "Where passkeys are created, and the policy that they must meet."),
        ("Realms", "Realms, their settings and themes, and the tenant."),
        ("Device", "Operations for the holder of a link, with the link's secret or a ceremony token."),
        ("Sign-in", "Operations for apps whose users sign in with their passkeys."),
        ("For everybody", "The hosted page, and documents at well-known addresses."),
    ];
    tags.into_iter().map(|(name, description)| json!({"name": name, "description": description})).collect()
}

impl Described {
    fn json<T: JsonSchema + Example>(self) -> Self {
        Self { success: Success::Json(Body::of::<T>()), ..self }
    }

    fn or_csv(self) -> Self {
        match self.success {
            Success::Json(body) => Self { success: Success::JsonOrCsv(body), ..self },
            _ => self,
        }
    }

    fn in_browsers(self) -> Self {
        Self { in_browsers: true, ..self }
    }

    fn page(self) -> Self {
        Self { success: Success::Page, ..self }
    }

    fn redirect(self) -> Self {
        Self { success: Success::Redirect, ..self }
    }

    fn empty(self) -> Self {
        Self { success: Success::Empty, ..self }
    }

    fn takes<T: JsonSchema + Example>(self) -> Self {
        Self { body: Some(Body::of::<T>()), ..self }.may(&[413])
    }

    fn may_take<T: JsonSchema + Example>(self) -> Self {
        Self { body: Some(Body { required: false, ..Body::of::<T>() }), ..self }.may(&[413])
    }

    fn query(mut self, name: &str, schema: Value) -> Self {
        self.parameters.push(json!({"name": name, "in": "query", "schema": schema}));
        self
    }

    fn header(mut self, name: &str, schema: Value) -> Self {
        self.parameters.push(json!({"name": name, "in": "header", "schema": schema}));
        self
    }

    fn retries(self, retry_after: &'static str) -> Self {
        Self { retry_after: Some(retry_after), ..self }
    }

    fn pages(self) -> Self {
        self.query(
            "page_size",
            json!({"type": "integer", "minimum": 0, "description": "Values above 200 count as 200."}),
        )
        .query("page_token", json!({"type": "string", "description": "The next_page_token of the previous page."}))
        .query("skip", json!({"type": "integer", "minimum": 0, "maximum": 1000}))
    }

    fn filter(self) -> Self {
        self.query(
            "filter",
            json!({"type": "string", "description": "RFC 7644 §3.4.2.2, such as state eq \"EXPIRED\"."}),
        )
    }

    /// Adds statuses that have no problem type of their own.
    fn may(self, statuses: &[u16]) -> Self {
        statuses.iter().fold(self, |operation, status| operation.problem(*status, ProblemType(None)))
    }

    /// Adds kinds of problems.
    fn fails(self, kinds: &[ProblemKind]) -> Self {
        kinds.iter().fold(self, |operation, kind| operation.problem(kind.status(), ProblemType(Some(*kind))))
    }

    fn problem(mut self, status: u16, problem: ProblemType) -> Self {
        match self.problems.iter_mut().find(|(known, _)| *known == status) {
            Some((_, types)) if types.contains(&problem) => {}
            Some((_, types)) => types.push(problem),
            None => self.problems.push((status, vec![problem])),
        }
        self
    }

    /// The group, one of [`tags`].
    fn tag(&self) -> &'static str {
        let path = self.route.path;
        match self.route.scope.and_then(|scope| scope.split(':').next()) {
            Some("credential-binding-jobs") => "Jobs",
            Some("identities") => "Identities",
            Some("authenticator-configs") => "Authenticator configs",
            Some("realms" | "tenants" | "themes") => "Realms",
            _ if path.ends_with("/credentials") || path.contains("/credentials/") => "Credentials",
            _ if path.ends_with("SignIn") => "Sign-in",
            _ if path.starts_with("/v1/") => "Device",
            _ => "For everybody",
        }
    }

    fn security(&self) -> Value {
        match self.route.scheme {
            Scheme::AccessToken => json!([{"developer": self.route.scope.as_slice()}]),
            Scheme::Link => json!([{"link": []}]),
            Scheme::Ceremony => json!([{"ceremony": []}]),
            Scheme::LinkOrCeremony => json!([{"link": []}, {"ceremony": []}]),
            Scheme::LinkInQuery | Scheme::Public => json!([]),
        }
    }

    pub(super) fn describe(&self, schemas: &mut Schemas) -> Value {
        let id = request_id();
        let Schemas { answers, requests } = schemas;
        let mut json = |Body { schema, example, .. }: Body| json!({"application/json": {"schema": schema(answers), "example": example()}});
        let mut responses = match self.success {
            Success::Json(body) => json!({"200": {"description": "Done.", "headers": id, "content": json(body)}}),
            Success::JsonOrCsv(body) => {
                let mut content = json(body);
                content["text/csv"] = json!({"schema": {"type": "string"}});
                json!({"200": {"description": "Done.", "headers": id, "content": content}})
            }
            Success::Empty => json!({"200": {"description": "Done.", "headers": id}}),
            Success::Page => json!({"200": {
                "description": "The page.", "headers": id, "content": {"text/html": {"schema": {"type": "string"}}},
            }}),
            Success::Redirect => json!({
                "200": {
                    "description": "For clients that accept JSON.", "headers": id,
                    "content": json(Body::of::<Instruction>()),
                },
                "302": {"description": "To the app.", "headers": {"location": header("The app's /bind.")}},
            }),
            Success::Never => json!({}),
        };
        if let Some(meaning) = self.retry_after {
            responses["200"]["headers"]["retry-after"] = header(meaning);
        }
        for (status, types) in &self.problems {
            responses[status.to_string()] =
                json!({"$ref": format!("#/components/responses/{}", problem_name(*status, types, self.in_browsers))});
        }
        let mut described = json!({
            "operationId": self.route.id, "summary": self.route.summary, "tags": [self.tag()],
            "security": self.security(),
            "parameters": self.parameters, "responses": responses,
        });
        if let Some(Body { schema, example, required }) = self.body {
            described["requestBody"] = json!({
                "required": required,
                "content": {"application/json": {"schema": schema(requests), "example": example()}},
            });
        }
        described
    }
}
