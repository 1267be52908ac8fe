//! The console: a web page for operators that shows jobs, credentials and settings of a tenant.
//!
//! The function serves files and has no other permission: no table, no key, no secret. The page uses the public API
//! with the access token of the person who is signed in.

mod assets;

use api::edge;
use api::problem::Problem;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cloud::boot::{Error, FromEnv};
use cloud::clock::Clock;
use cloud::env::Env;
use ring::digest;
use serde::Serialize;

use assets::Assets;

/// The default scopes that the console requests.
const SCOPES: &str = "audit:read realms:create realms:read realms:update identities:create identities:read \
    identities:update identities:delete authenticator-configs:create authenticator-configs:read \
    authenticator-configs:update authenticator-configs:delete credential-binding-jobs:create credential-binding-jobs:read \
    credential-binding-jobs:revoke credential-binding-jobs:update credential-binding-jobs:return credentials:read credentials:revoke";

/// The function's dependencies.
#[derive(Clone, Debug)]
pub struct Deps {
    assets: Assets,
    settings: Settings,
    policy: HeaderValue,
    stage_policy: HeaderValue,
}

/// The settings that the page needs to sign in.
#[derive(Clone, Debug, Serialize)]
struct Settings {
    issuer: String,
    audience: String,
    tenant_claim: String,
    client_id: String,
    scope: String,
    /// Whether the pages of the local stack exist.
    local: bool,
    /// Where failed requests are logged. Absent locally.
    #[serde(skip_serializing_if = "Option::is_none")]
    logs: Option<Logs>,
}

/// The place of the stack's logs in CloudWatch.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Logs {
    region: String,
    /// The stack's name, which begins the names of its saved queries.
    stack: String,
}

impl Logs {
    /// Lambda sets the region and the function's log group, `/aws/lambda/{stack}/console`.
    fn of(env: &Env) -> Option<Self> {
        let group = env.get("AWS_LAMBDA_LOG_GROUP_NAME")?;
        let stack = group.strip_prefix("/aws/lambda/")?.strip_suffix("/console")?;
        Some(Self { region: env.get("AWS_REGION")?.to_owned(), stack: stack.to_owned() })
    }
}

impl FromEnv for Deps {
    /// Reads `PUBLIC_URL`, `TOKEN_ISSUER`, `TOKEN_AUDIENCE`, `TENANT_CLAIM`, and optionally `CONSOLE_CLIENT_ID`,
    /// `CONSOLE_SCOPES` and `CONSOLE_TOKEN_ORIGIN`.
    async fn from_env(env: &Env, _: Clock) -> Result<Self, Error> {
        let issuer = env.require("TOKEN_ISSUER")?;
        let public_url = env.public_url()?;
        let settings = Settings {
            issuer: issuer.to_owned(),
            audience: env.require("TOKEN_AUDIENCE")?.to_owned(),
            tenant_claim: env.require("TENANT_CLAIM")?.to_owned(),
            client_id: env.get("CONSOLE_CLIENT_ID").unwrap_or_default().to_owned(),
            scope: env.get("CONSOLE_SCOPES").unwrap_or(SCOPES).to_owned(),
            local: public_url.origin().starts_with("http://"),
            logs: Logs::of(env),
        };
        let others: String = [Some(issuer), env.get("CONSOLE_TOKEN_ORIGIN")]
            .into_iter()
            .flatten()
            .filter_map(origin)
            .map(|origin| format!(" {origin}"))
            .collect();
        let policy = format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; \
             connect-src 'self'{others}; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'"
        );
        let policy = HeaderValue::from_str(&policy)?;
        Ok(Self { assets: Assets::assemble(), settings, policy, stage_policy: HeaderValue::from_str(&stage_policy())? })
    }
}

/// The document in which the page shows a mail, with the mail's own styles. It gets the mail from the page that embeds it.
const STAGE: &str = include_str!("stage.html");

/// The policy of [`STAGE`]: only its own script, from other servers only images, and a separate origin.
fn stage_policy() -> String {
    let script = STAGE.split_once("<script>").and_then(|(_, rest)| rest.split_once("</script>"));
    let script = script.map_or("", |(script, _)| script);
    let hash = STANDARD.encode(digest::digest(&digest::SHA256, script.as_bytes()));
    format!(
        "default-src 'none'; script-src 'sha256-{hash}'; style-src 'unsafe-inline'; img-src https: data:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts"
    )
}

/// Scheme, host and port of an https address, or of an http one for local use. Although the operator sets the
/// environment, characters that could end a directive of the policy are rejected.
fn origin(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:".contains(&byte);
    (!authority.is_empty() && authority.bytes().all(plain)).then(|| &url[..url.len() - rest.len() + authority.len()])
}

/// The function's routes.
pub fn router(deps: Deps) -> Router {
    let (policy, stage_policy) = (deps.policy.clone(), deps.stage_policy.clone());
    let router = Router::new()
        .route("/console", get(document))
        .route("/console/", get(document))
        .route("/console/settings.json", get(async |State(deps): State<Deps>| Json(deps.settings)))
        .route("/console/assets/{name}", get(asset))
        .route("/console/mail", get(async || Html(STAGE)))
        .route("/console/{*page}", get(page))
        .with_state(deps);
    edge::finish(router).layer(from_fn(move |request: Request, next: Next| {
        let policy = if request.uri().path() == "/console/mail" { stage_policy.clone() } else { policy.clone() };
        async move {
            let head = request.method() == Method::HEAD;
            let mut response = next.run(request).await;
            protect(response.headers_mut(), policy);
            if head {
                *response.body_mut() = axum::body::Body::empty();
            }
            response
        }
    }))
}

async fn document(State(deps): State<Deps>, asked: HeaderMap) -> Response {
    deps.assets.document.answer(&asked)
}

/// The document for the pages below `/console/`.
async fn page(State(deps): State<Deps>, Path(page): Path<String>, asked: HeaderMap) -> Response {
    // An unknown asset is never answered with the document, because a document could be cached as a script.
    if page.starts_with("assets/") {
        return Problem::no_such_route().into_response();
    }
    deps.assets.document.answer(&asked)
}

async fn asset(State(deps): State<Deps>, Path(name): Path<String>, asked: HeaderMap) -> Response {
    match deps.assets.find(&name) {
        Some(asset) => asset.answer(&asked),
        None => Problem::no_such_route().into_response(),
    }
}

fn protect(headers: &mut HeaderMap, policy: HeaderValue) {
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        (header::REFERRER_POLICY, "no-referrer"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "publickey-credentials-create=(), publickey-credentials-get=(), camera=(), microphone=(), geolocation=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logs_are_those_of_the_stack() {
        let env = |variables: &[(&str, &str)]| {
            Env::new(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
        };
        let region = ("AWS_REGION", "eu-central-1");
        let group = ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/bindery/console");
        let logs = Logs { region: region.1.to_owned(), stack: "bindery".to_owned() };
        assert_eq!(Logs::of(&env(&[region, group])), Some(logs));
        assert_eq!(Logs::of(&env(&[region])), None);
        assert_eq!(Logs::of(&env(&[region, (group.0, "/aws/lambda/other")])), None);
    }

    #[test]
    fn an_origin_has_only_scheme_host_and_port() {
        assert_eq!(origin("https://id.example.com/pool?x"), Some("https://id.example.com"));
        assert_eq!(origin("http://localhost:3000/oauth2"), Some("http://localhost:3000"));
        for bad in ["https://", "ftp://a", "https://a; script-src *", "https://a'b", "id.example.com"] {
            assert_eq!(origin(bad), None, "{bad}");
        }
    }
}
