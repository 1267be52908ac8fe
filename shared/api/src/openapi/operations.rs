//! The operations: who may do what where, and how it can end.

use binding::state::State;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json};

use super::examples::{self, Example};
use super::{Schemas, problems};
use crate::request::{
    CreateConfig, CreateJob, PatchConfig, PatchIdentity, Proof, PutIdentity, PutRealm, Redeem, Resend,
};
use crate::scalar::{ChosenId, Named, Uuid};
use crate::view::ProblemKind::{self, *};
use crate::view::{
    AuthenticatorConfig, AuthenticatorConfigList, BindingRequest, BoundCredential, CreatedJob, Credential,
    CredentialList, CredentialProof, Declined, DisownPreview, Disowned, Identity, IdentityList, Instruction, Job,
    JobList, KeySet, PasskeyEndpoints, Preview, ProblemType, Realm, RedeemedJob, RelatedOrigins, Renewed,
};

/// An operation of the API.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its name (`operationId`).
    pub id: &'static str,
    /// The method, in capitals.
    pub method: &'static str,
    /// The path as callers write it, with `{parameters}` and `:verb`.
    pub path: String,
    /// The scope that an access token must have.
    pub scope: Option<&'static str>,
    summary: &'static str,
    security: Value,
    body: Option<Body>,
    success: Success,
    pub(super) problems: Vec<(u16, Vec<ProblemType>)>,
    parameters: Vec<Value>,
    /// Whether people open the address in a browser, which then shows problems as pages.
    pub(super) in_browsers: bool,
}

/// A type of bodies, with an example.
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

/// What a success is.
#[derive(Clone, Copy, Debug)]
enum Success {
    /// 200 with JSON.
    Json(Body),
    /// 200 without a body.
    Empty,
    /// 200 with a page.
    Page,
    /// 200 with JSON, or 302 to the app.
    Redirect,
    /// There is none.
    Never,
}

const REALM: &str = "/v1/tenants/{tenant_id}/realms/{realm_id}";

/// All operations.
#[must_use]
pub fn operations() -> Vec<Operation> {
    let identities = &format!("{REALM}/identities");
    let identity = &format!("{identities}/{{identity_id}}");
    let configs = &format!("{REALM}/authenticator-configs");
    let config = &format!("{configs}/{{config_id}}");
    let jobs = &format!("{identity}/credential-binding-jobs");
    let job = &format!("{jobs}/{{job_id}}");
    let credentials = &format!("{identity}/credentials");
    let credential = &format!("{credentials}/{{credential_id}}");
    let verb = |verb: &str| format!("{job}:{verb}");
    let ended = [JobExpired, JobRevoked, JobFailedToSend, LinkReplaced];
    vec![
        managed("getRealm", "GET", REALM, "realms:read", "Read a realm").json::<Realm>().may(&[404]),
        managed("putRealm", "PUT", REALM, "realms:update", "Make a realm or replace its settings")
            .takes::<PutRealm>()
            .json::<Realm>()
            .may(&[409]),
        managed("createIdentity", "POST", identities, "identities:create", "Make an identity")
            .takes::<PutIdentity>()
            .json::<Identity>()
            .may(&[404, 409]),
        managed("listIdentities", "GET", identities, "identities:read", "List identities")
            .pages()
            .json::<IdentityList>(),
        managed("getIdentity", "GET", identity, "identities:read", "Read an identity").json::<Identity>().may(&[404]),
        managed("putIdentity", "PUT", identity, "identities:update", "Make or replace an identity with an id of yours")
            .takes::<PutIdentity>()
            .json::<Identity>()
            .may(&[404, 409]),
        managed("patchIdentity", "PATCH", identity, "identities:update", "Change an identity (JSON Merge Patch)")
            .takes::<PatchIdentity>()
            .json::<Identity>()
            .may(&[404, 409]),
        managed(
            "eraseIdentity",
            "DELETE",
            identity,
            "identities:delete",
            "Erase an identity, its jobs and credentials",
        )
        .empty()
        .may(&[404]),
        managed("createAuthenticatorConfig", "POST", configs, "authenticator-configs:create", "Make a config")
            .takes::<CreateConfig>()
            .json::<AuthenticatorConfig>()
            .may(&[404, 409]),
        managed("listAuthenticatorConfigs", "GET", configs, "authenticator-configs:read", "List configs")
            .pages()
            .json::<AuthenticatorConfigList>(),
        managed("getAuthenticatorConfig", "GET", config, "authenticator-configs:read", "Read a config")
            .json::<AuthenticatorConfig>()
            .may(&[404]),
        managed(
            "patchAuthenticatorConfig",
            "PATCH",
            config,
            "authenticator-configs:update",
            "Make a config's next version",
        )
        .takes::<PatchConfig>()
        .json::<AuthenticatorConfig>()
        .may(&[404, 409]),
        managed("deleteAuthenticatorConfig", "DELETE", config, "authenticator-configs:delete", "Delete a config")
            .empty()
            .may(&[404]),
        managed("createJob", "POST", jobs, "credential-binding-jobs:create", "Ask for a passkey")
            .takes::<CreateJob>()
            .json::<CreatedJob>()
            .header("Idempotency-Key", json!({"type": "string", "minLength": 1, "maxLength": 255}))
            .may(&[404, 409, 422])
            .fails(&[IdentitySuspended, RequestInProgress, IdempotencyKeyReused]),
        managed("listJobs", "GET", jobs, "credential-binding-jobs:read", "List jobs; identity - is the whole realm")
            .pages()
            .filter()
            .json::<JobList>(),
        managed("getJob", "GET", job, "credential-binding-jobs:read", "Read a job, or wait for its state")
            .query("wait_seconds", json!({"type": "integer", "minimum": 0, "maximum": 20}))
            .query("state", inline::<Named<State>>())
            .json::<Job>()
            .may(&[404]),
        managed("revokeJob", "POST", &verb("revoke"), "credential-binding-jobs:revoke", "Withdraw a job")
            .json::<Job>()
            .may(&[404, 409]),
        managed("resend", "POST", &verb("resend"), "credential-binding-jobs:create", "Mail a job's link once more")
            .may_take::<Resend>()
            .json::<Job>()
            .may(&[404, 409, 422])
            .fails(&[IdentitySuspended, MailTooSoon, TooManyMails]),
        managed(
            "redeem",
            "POST",
            &format!("{REALM}/credential-binding-jobs:redeem"),
            "credential-binding-jobs:read",
            "Trade the code of a redirect URI for the job",
        )
        .takes::<Redeem>()
        .json::<RedeemedJob>()
        .may(&[404])
        .fails(&[CodeExpired, CodeRedeemed]),
        managed(
            "listCredentials",
            "GET",
            credentials,
            "credentials:read",
            "List credentials; identity - is the whole realm",
        )
        .pages()
        .filter()
        .json::<CredentialList>(),
        managed("getCredential", "GET", credential, "credentials:read", "Read a credential")
            .json::<Credential>()
            .may(&[404]),
        managed(
            "getCredentialProof",
            "GET",
            &format!("{credential}/proof"),
            "credentials:read",
            "What a credential was proven with",
        )
        .json::<CredentialProof>(),
        managed(
            "revokeCredential",
            "POST",
            &format!("{credential}:revoke"),
            "credentials:revoke",
            "Withdraw a credential",
        )
        .json::<Credential>()
        .may(&[404]),
        Operation {
            security: json!([{"developer": []}]),
            ..any("refuseCredentials", "POST", credentials, "Refused: credentials come to be through jobs alone")
        }
        .may(&[401, 403, 405]),
        held("preview", "GET", &verb("preview"), "link", "What a link is for. Changes nothing")
            .json::<Preview>()
            .fails(&[IdentitySuspended]),
        held(
            "previewDisown",
            "GET",
            &verb("previewDisown"),
            "link",
            "Which passkey a notice is about. Changes nothing",
        )
        .json::<DisownPreview>(),
        held("open", "POST", &verb("open"), "link", "The user's click on a link")
            .json::<Instruction>()
            .fails(&ended)
            .fails(&[UntrustedOrigin, IdentitySuspended, JobComplete, JobTooFar]),
        held("decline", "POST", &verb("decline"), "link", "The recipient does not want a passkey")
            .json::<Declined>()
            .fails(&ended)
            .fails(&[JobComplete]),
        held("disown", "POST", &verb("disown"), "link", "The recipient takes a new passkey back")
            .json::<Disowned>()
            .fails(&[DisownmentExpired]),
        held("renew", "POST", &verb("renew"), "link", "Have a new link mailed in the place of an expired one")
            .json::<Renewed>()
            .fails(&ended)
            .may(&[409, 422])
            .fails(&[RenewalNotAllowed, IdentitySuspended, JobNotExpired, JobComplete, MailTooSoon, TooManyMails]),
        linked(
            "invokeAuthenticator",
            "GET",
            &verb("invokeAuthenticator"),
            "An app's link: JSON for an SDK, else a redirect",
        )
        .fails(&ended),
        linked("lookAtLink", "HEAD", &verb("invokeAuthenticator"), "Changes nothing, and is counted").fails(&ended),
        held("getInfo", "POST", &verb("getInfo"), "ceremony", "The device gets the binding request")
            .json::<BindingRequest>()
            .fails(&ended)
            .fails(&[CeremonyExpired, UntrustedOrigin, IdentitySuspended, JobComplete, JobNotReady, JobTooFar]),
        held("bind", "POST", &verb("bind"), "ceremony", "The device proves its key")
            .takes::<Proof>()
            .json::<BoundCredential>()
            .fails(&ended)
            .fails(&[
                CeremonyExpired,
                UntrustedOrigin,
                IdentitySuspended,
                JobComplete,
                JobNotReady,
                CredentialExists,
                ProofRefused,
                TooManyAttempts,
            ]),
        Operation { success: Success::Page, ..any("hostedPage", "GET", "/bind", "The page that hosted links lead to") },
        Operation { success: Success::Page, ..any("lookAtHostedPage", "HEAD", "/bind", "The page's headers") },
        any("relatedOrigins", "GET", "/.well-known/webauthn", "Origins that may use passkeys of this host")
            .in_browsers()
            .json::<RelatedOrigins>()
            .may(&[404]),
        any("passkeyEndpoints", "GET", "/.well-known/passkey-endpoints", "Where passkeys are made and managed")
            .in_browsers()
            .json::<PasskeyEndpoints>()
            .may(&[404]),
        any("keySet", "GET", "/.well-known/jwks.json", "The keys that sign receipts").json::<KeySet>(),
    ]
}

fn any(id: &'static str, method: &'static str, path: &str, summary: &'static str) -> Operation {
    let parameters = path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| parameter(name));
    Operation {
        id,
        method,
        path: path.to_owned(),
        scope: None,
        summary,
        security: json!([]),
        body: None,
        success: Success::Never,
        problems: Vec::new(),
        parameters: parameters.collect(),
        in_browsers: false,
    }
    .may(&[400, 503])
    // An id that is `..` makes another path of it.
    .may(if path.contains('{') { &[404] } else { &[] })
}

fn managed(
    id: &'static str,
    method: &'static str,
    path: &str,
    scope: &'static str,
    summary: &'static str,
) -> Operation {
    let security = json!([{"developer": [scope]}]);
    Operation { scope: Some(scope), security, ..any(id, method, path, summary) }.may(&[401, 403])
}

fn held(id: &'static str, method: &'static str, path: &str, by: &str, summary: &'static str) -> Operation {
    Operation { security: json!([{by: []}]), ..any(id, method, path, summary) }.fails(&[UnknownLink])
}

fn linked(id: &'static str, method: &'static str, path: &str, summary: &'static str) -> Operation {
    let operation = Operation { success: Success::Redirect, in_browsers: true, ..any(id, method, path, summary) };
    operation.query("token", json!({"type": "string", "description": "The link's secret."})).fails(&[
        UnknownLink,
        UntrustedOrigin,
        IdentitySuspended,
        JobComplete,
        JobTooFar,
    ])
}

fn parameter(name: &str) -> Value {
    let made = ["job_id", "credential_id"].contains(&name);
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

/// The headings of the operations, in the order that a reader needs them.
pub(super) fn tags() -> Value {
    let tags = [
        ("Jobs", "Asking for passkeys, and what became of it."),
        ("Credentials", "The passkeys."),
        ("Identities", "The people who get them."),
        ("Authenticator configs", "Where a link leads, and what a passkey must be."),
        ("Realms", "Settings of a realm."),
        ("Device", "What the user's device does with a link. The link's own secret lets it in."),
        ("For everybody", "The hosted page, and documents at well-known addresses."),
    ];
    tags.into_iter().map(|(name, description)| json!({"name": name, "description": description})).collect()
}

impl Operation {
    /// The path as functions and template.yaml have it: `{id}:verb` is `{id}/verb` there.
    #[must_use]
    pub fn route(&self) -> String {
        self.path.replace(':', "/")
    }

    fn json<T: JsonSchema + Example>(self) -> Self {
        Self { success: Success::Json(Body::of::<T>()), ..self }
    }

    fn in_browsers(self) -> Self {
        Self { in_browsers: true, ..self }
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

    fn pages(self) -> Self {
        self.query("page_size", json!({"type": "integer", "minimum": 0, "description": "More than 200 is cut to 200."}))
            .query("page_token", json!({"type": "string", "description": "The next_page_token of the page before."}))
            .query("skip", json!({"type": "integer", "minimum": 0, "maximum": 1000}))
    }

    fn filter(self) -> Self {
        self.query(
            "filter",
            json!({"type": "string", "description": "RFC 7644 §3.4.2.2, such as state eq \"EXPIRED\"."}),
        )
    }

    /// Statuses that it can end with, without a kind of problem of their own.
    fn may(self, statuses: &[u16]) -> Self {
        statuses.iter().fold(self, |operation, status| operation.problem(*status, ProblemType(None)))
    }

    /// Kinds of problems that it can end with.
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

    /// Under which heading it is, of [`tags`].
    fn tag(&self) -> &'static str {
        match self.scope.and_then(|scope| scope.split(':').next()) {
            Some("credential-binding-jobs") => "Jobs",
            Some("identities") => "Identities",
            Some("authenticator-configs") => "Authenticator configs",
            Some("realms") => "Realms",
            _ if self.path.ends_with("/credentials") || self.path.contains("/credentials/") => "Credentials",
            _ if self.path.starts_with("/v1/") => "Device",
            _ => "For everybody",
        }
    }

    pub(super) fn describe(&self, schemas: &mut Schemas) -> Value {
        let id = request_id();
        let Schemas { answers, requests } = schemas;
        let mut json = |Body { schema, example, .. }: Body| json!({"application/json": {"schema": schema(answers), "example": example()}});
        let mut responses = match self.success {
            Success::Json(body) => json!({"200": {"description": "Done.", "headers": id, "content": json(body)}}),
            Success::Empty => json!({"200": {"description": "Done.", "headers": id}}),
            Success::Page => json!({"200": {
                "description": "The page.", "headers": id, "content": {"text/html": {"schema": {"type": "string"}}},
            }}),
            Success::Redirect => json!({
                "200": {
                    "description": "For who accepts JSON.", "headers": id,
                    "content": json(Body::of::<Instruction>()),
                },
                "302": {"description": "To the app.", "headers": {"location": header("The app's /bind.")}},
            }),
            Success::Never => json!({}),
        };
        for (status, types) in &self.problems {
            responses[status.to_string()] =
                json!({"$ref": format!("#/components/responses/{}", problems::name(*status, types, self.in_browsers))});
        }
        let mut described = json!({
            "operationId": self.id, "summary": self.summary, "tags": [self.tag()], "security": self.security,
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

/// The headers of every answer.
pub(super) fn request_id() -> Value {
    json!({"x-request-id": header("Names the request.")})
}

/// A header of an answer.
pub(super) fn header(description: &str) -> Value {
    json!({"description": description, "schema": {"type": "string"}})
}
