//! The operations: who may do what where, and how it can end.

use serde_json::{Map, Value, json};

use super::{examples, schemas};
use crate::shape::{chosen_id, made_id};

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
    body: Option<&'static str>,
    success: Success,
    problems: Vec<(u16, Vec<&'static str>)>,
    parameters: Vec<Value>,
    /// Whether people open the address in a browser, which then shows problems as pages.
    in_browsers: bool,
}

/// What a success is.
#[derive(Clone, Copy, Debug)]
enum Success {
    /// 200 with JSON.
    Json(&'static str),
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
    let ended = [(410, "job-expired"), (410, "job-revoked"), (410, "job-failed-to-send"), (410, "link-replaced")];
    vec![
        managed("getRealm", "GET", REALM, "realms:read", "Read a realm").json("Realm").may(&[(404, "")]),
        managed("putRealm", "PUT", REALM, "realms:update", "Make a realm or replace its settings")
            .takes("realm")
            .json("Realm")
            .may(&[(409, "")]),
        managed("createIdentity", "POST", identities, "identities:create", "Make an identity")
            .takes("identity")
            .json("Identity")
            .may(&[(404, ""), (409, "")]),
        managed("listIdentities", "GET", identities, "identities:read", "List identities").pages().json("IdentityList"),
        managed("getIdentity", "GET", identity, "identities:read", "Read an identity")
            .json("Identity")
            .may(&[(404, "")]),
        managed("putIdentity", "PUT", identity, "identities:update", "Make or replace an identity with an id of yours")
            .takes("identity")
            .json("Identity")
            .may(&[(404, ""), (409, "")]),
        managed("patchIdentity", "PATCH", identity, "identities:update", "Change an identity (JSON Merge Patch)")
            .takes("identity patch")
            .json("Identity")
            .may(&[(404, ""), (409, "")]),
        managed(
            "eraseIdentity",
            "DELETE",
            identity,
            "identities:delete",
            "Erase an identity, its jobs and credentials",
        )
        .empty()
        .may(&[(404, "")]),
        managed("createAuthenticatorConfig", "POST", configs, "authenticator-configs:create", "Make a config")
            .takes("authenticator_config")
            .json("AuthenticatorConfig")
            .may(&[(404, ""), (409, "")]),
        managed("listAuthenticatorConfigs", "GET", configs, "authenticator-configs:read", "List configs")
            .pages()
            .json("AuthenticatorConfigList"),
        managed("getAuthenticatorConfig", "GET", config, "authenticator-configs:read", "Read a config")
            .json("AuthenticatorConfig")
            .may(&[(404, "")]),
        managed(
            "patchAuthenticatorConfig",
            "PATCH",
            config,
            "authenticator-configs:update",
            "Make a config's next version",
        )
        .takes("authenticator_config patch")
        .json("AuthenticatorConfig")
        .may(&[(404, ""), (409, "")]),
        managed("deleteAuthenticatorConfig", "DELETE", config, "authenticator-configs:delete", "Delete a config")
            .empty()
            .may(&[(404, "")]),
        managed("createJob", "POST", jobs, "credential-binding-jobs:create", "Ask for a passkey")
            .takes("job")
            .json("CreatedJob")
            .header("Idempotency-Key", json!({"type": "string", "minLength": 1, "maxLength": 255}))
            .may(&[(404, ""), (409, ""), (409, "request-in-progress"), (422, ""), (422, "idempotency-key-reused")]),
        managed("listJobs", "GET", jobs, "credential-binding-jobs:read", "List jobs; identity - is the whole realm")
            .pages()
            .filter()
            .json("CredentialBindingJobList"),
        managed("getJob", "GET", job, "credential-binding-jobs:read", "Read a job, or wait for its state")
            .query("wait_seconds", json!({"type": "integer", "minimum": 0, "maximum": 20}))
            .query(
                "state",
                json!({"type": "string", "enum": binding::state::State::ALL.map(binding::state::State::name)}),
            )
            .json("CredentialBindingJob")
            .may(&[(404, "")]),
        managed("revokeJob", "POST", &verb("revoke"), "credential-binding-jobs:revoke", "Withdraw a job")
            .json("CredentialBindingJob")
            .may(&[(404, ""), (409, "")]),
        managed("resend", "POST", &verb("resend"), "credential-binding-jobs:create", "Mail a job's link once more")
            .takes("resend")
            .json("CredentialBindingJob")
            .may(&[(404, ""), (409, ""), (422, ""), (429, "mail-too-soon"), (429, "too-many-mails")]),
        managed(
            "redeem",
            "POST",
            &format!("{REALM}/credential-binding-jobs:redeem"),
            "credential-binding-jobs:read",
            "Trade the code of a redirect URI for the job",
        )
        .takes("code")
        .json("RedeemedJob")
        .may(&[(404, ""), (410, "code-expired"), (410, "code-redeemed")]),
        managed(
            "listCredentials",
            "GET",
            credentials,
            "credentials:read",
            "List credentials; identity - is the whole realm",
        )
        .pages()
        .filter()
        .json("CredentialList"),
        managed("getCredential", "GET", credential, "credentials:read", "Read a credential")
            .json("Credential")
            .may(&[(404, "")]),
        managed(
            "getCredentialProof",
            "GET",
            &format!("{credential}/proof"),
            "credentials:read",
            "What a credential was proven with",
        )
        .json("CredentialProof"),
        managed(
            "revokeCredential",
            "POST",
            &format!("{credential}:revoke"),
            "credentials:revoke",
            "Withdraw a credential",
        )
        .json("Credential")
        .may(&[(404, "")]),
        Operation {
            security: json!([{"developer": []}]),
            ..any("refuseCredentials", "POST", credentials, "Refused: credentials come to be through jobs alone")
        }
        .may(&[(401, ""), (403, ""), (405, "")]),
        held("preview", "GET", &verb("preview"), "link", "What a link is for. Changes nothing").json("Preview"),
        held(
            "previewDisown",
            "GET",
            &verb("previewDisown"),
            "link",
            "Which passkey a notice is about. Changes nothing",
        )
        .json("DisownPreview"),
        held("open", "POST", &verb("open"), "link", "The user's click on a link")
            .json("Instruction")
            .may(&ended)
            .may(&[(403, "untrusted-origin"), (409, "job-complete"), (409, "job-too-far")]),
        held("decline", "POST", &verb("decline"), "link", "The recipient does not want a passkey")
            .json("Declined")
            .may(&ended)
            .may(&[(409, "job-complete")]),
        held("disown", "POST", &verb("disown"), "link", "The recipient takes a new passkey back")
            .json("Disowned")
            .may(&[(410, "disownment-expired")]),
        held("renew", "POST", &verb("renew"), "link", "Have a new link mailed in the place of an expired one")
            .json("Renewed")
            .may(&ended)
            .may(&[
                (403, "renewal-not-allowed"),
                (409, "job-not-expired"),
                (409, "job-complete"),
                (409, ""),
                (422, ""),
                (429, "mail-too-soon"),
                (429, "too-many-mails"),
            ]),
        linked(
            "invokeAuthenticator",
            "GET",
            &verb("invokeAuthenticator"),
            "An app's link: JSON for an SDK, else a redirect",
        )
        .may(&ended),
        linked("lookAtLink", "HEAD", &verb("invokeAuthenticator"), "Changes nothing, and is counted").may(&ended),
        held("getInfo", "POST", &verb("getInfo"), "ceremony", "The device gets the binding request")
            .json("BindingRequest")
            .may(&ended)
            .may(&[
                (401, "ceremony-expired"),
                (403, "untrusted-origin"),
                (409, "job-complete"),
                (409, "job-not-ready"),
                (409, "job-too-far"),
            ]),
        held("bind", "POST", &verb("bind"), "ceremony", "The device proves its key")
            .takes("proof")
            .json("BoundCredential")
            .may(&ended)
            .may(&[
                (401, "ceremony-expired"),
                (403, "untrusted-origin"),
                (409, "job-complete"),
                (409, "job-not-ready"),
                (409, "credential-exists"),
                (422, "proof-refused"),
                (429, "too-many-attempts"),
            ]),
        Operation { success: Success::Page, ..any("hostedPage", "GET", "/bind", "The page that hosted links lead to") },
        Operation { success: Success::Page, ..any("lookAtHostedPage", "HEAD", "/bind", "The page's headers") },
        any("relatedOrigins", "GET", "/.well-known/webauthn", "Origins that may use passkeys of this host")
            .in_browsers()
            .json("RelatedOrigins")
            .may(&[(404, "")]),
        any("passkeyEndpoints", "GET", "/.well-known/passkey-endpoints", "Where passkeys are made and managed")
            .in_browsers()
            .json("PasskeyEndpoints")
            .may(&[(404, "")]),
        any("keySet", "GET", "/.well-known/jwks.json", "The keys that sign receipts").json("KeySet"),
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
    .may(&[(400, ""), (503, "")])
    // An id that is `..` makes another path of it.
    .may(if path.contains('{') { &[(404, "")] } else { &[] })
}

fn managed(
    id: &'static str,
    method: &'static str,
    path: &str,
    scope: &'static str,
    summary: &'static str,
) -> Operation {
    let security = json!([{"developer": [scope]}]);
    Operation { scope: Some(scope), security, ..any(id, method, path, summary) }.may(&[(401, ""), (403, "")])
}

fn held(id: &'static str, method: &'static str, path: &str, by: &str, summary: &'static str) -> Operation {
    Operation { security: json!([{by: []}]), ..any(id, method, path, summary) }.may(&[(404, "unknown-link")])
}

fn linked(id: &'static str, method: &'static str, path: &str, summary: &'static str) -> Operation {
    let operation = Operation { success: Success::Redirect, in_browsers: true, ..any(id, method, path, summary) };
    operation.query("token", json!({"type": "string", "description": "The link's secret."})).may(&[
        (404, "unknown-link"),
        (403, "untrusted-origin"),
        (409, "job-complete"),
        (409, "job-too-far"),
    ])
}

fn parameter(name: &str) -> Value {
    let schema = if ["job_id", "credential_id"].contains(&name) { made_id() } else { chosen_id() };
    let demo = match name {
        "tenant_id" | "realm_id" => "demo",
        "identity_id" => "ada",
        "config_id" => "hosted",
        _ => examples::ID,
    };
    json!({"name": name, "in": "path", "required": true, "schema": schema, "example": demo})
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

    fn json(self, schema: &'static str) -> Self {
        Self { success: Success::Json(schema), ..self }
    }

    fn in_browsers(self) -> Self {
        Self { in_browsers: true, ..self }
    }

    fn empty(self) -> Self {
        Self { success: Success::Empty, ..self }
    }

    fn takes(self, body: &'static str) -> Self {
        Self { body: Some(body), ..self }.may(&[(413, "")])
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

    fn may(mut self, problems: &[(u16, &'static str)]) -> Self {
        for (status, kind) in problems {
            match self.problems.iter_mut().find(|(known, _)| known == status) {
                Some((_, kinds)) if kinds.contains(kind) => {}
                Some((_, kinds)) => kinds.push(kind),
                None => self.problems.push((*status, vec![kind])),
            }
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

    pub(super) fn describe(&self) -> Value {
        let id = request_id();
        let json = |schema: &str| json!({"application/json": {"schema": schemas::named(schema), "example": examples::answer(schema)}});
        let mut responses = match self.success {
            Success::Json(schema) => json!({"200": {"description": "Done.", "headers": id, "content": json(schema)}}),
            Success::Empty => json!({"200": {"description": "Done.", "headers": id}}),
            Success::Page => json!({"200": {
                "description": "The page.", "headers": id, "content": {"text/html": {"schema": {"type": "string"}}},
            }}),
            Success::Redirect => json!({
                "200": {"description": "For who accepts JSON.", "headers": id, "content": json("Instruction")},
                "302": {"description": "To the app.", "headers": {"location": header("The app's /bind.")}},
            }),
            Success::Never => json!({}),
        };
        for (status, kinds) in &self.problems {
            responses[status.to_string()] =
                json!({"$ref": format!("#/components/responses/{}", problem_name(*status, kinds, self.in_browsers))});
        }
        let mut described = json!({
            "operationId": self.id, "summary": self.summary, "tags": [self.tag()], "security": self.security,
            "parameters": self.parameters, "responses": responses,
        });
        if let Some(body) = self.body {
            described["requestBody"] = json!({
                "required": body != "resend",
                "content": {"application/json": {"schema": schemas::body(body), "example": examples::body(body)}},
            });
        }
        described
    }
}

/// The name of a problem's response among the document's components.
fn problem_name(status: u16, kinds: &[&str], in_browsers: bool) -> String {
    let kinds: Vec<&str> = kinds.iter().map(|kind| if kind.is_empty() { "blank" } else { kind }).collect();
    format!("{status}.{}{}", kinds.join("."), if in_browsers { ".page" } else { "" })
}

/// The responses of all problems, by name.
pub(super) fn problems() -> Map<String, Value> {
    let all = operations().into_iter().flat_map(|operation| {
        let in_browsers = operation.in_browsers;
        operation.problems.into_iter().map(move |(status, kinds)| (status, kinds, in_browsers))
    });
    all.map(|(status, kinds, in_browsers)| {
        (problem_name(status, &kinds, in_browsers), problem(status, &kinds, in_browsers))
    })
    .collect()
}

fn problem(status: u16, kinds: &[&str], in_browsers: bool) -> Value {
    let mut headers = request_id();
    match status {
        401 | 403 => headers["www-authenticate"] = header("What the access token must be (RFC 6750 §3)."),
        405 => headers["allow"] = header("The methods of this address."),
        409 | 429 | 503 => headers["retry-after"] = header("When to try again, in seconds."),
        _ => {}
    }
    let mut described = json!({
        "description": examples::reason(status),
        "headers": headers,
        "content": {"application/problem+json": {
            "schema": schemas::problem(status, kinds),
            "example": examples::problem(status, kinds.first().copied().unwrap_or_default()),
        }},
    });
    if in_browsers {
        described["content"]["text/html"] = json!({"schema": {"type": "string"}});
    }
    described
}

fn request_id() -> Value {
    json!({"x-request-id": header("Names the request.")})
}

fn header(description: &str) -> Value {
    json!({"description": description, "schema": {"type": "string"}})
}
