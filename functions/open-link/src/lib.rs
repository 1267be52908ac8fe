//! Opens links: the hosted page, the data that it shows before the click, and the click.
//!
//! Loading the page changes nothing, because mail scanners load pages and run their scripts too. The user's click sends
//! `POST …/{job}:open`, which counts as opened. A link to an app (`:invokeAuthenticator`) is opened by an SDK, which
//! requests JSON, or by a navigation that a user started.

mod browser;
mod page;
mod preview;
mod visitor;
mod well_known;

use api::operation::*;
use api::permit::{Anybody, LinkHolder, LinkVisitor};
use api::problem::Problem;
use api::routes::Routes;
use api::view::Instruction;
use api::{accept, origin};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use binding::directory::Invocation;
use binding::job::{Command, Job, NotDone};
use binding::link::PublicUrl;
use binding::time::Timestamp;
use cloud::aws::Aws;
use cloud::boot::{Error, FromEnv};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::keys::CeremonyKeys;
use cloud::random;
use cloud::table::{Holder, Table};

/// The function's dependencies.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    ceremony_keys: CeremonyKeys,
    public_url: PublicUrl,
    page: page::Page,
    well_known: well_known::WellKnown,
}

impl FromEnv for Deps {
    async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let aws = Aws::new(env)?;
        let table = Table::new(&aws, env)?;
        let (ceremony_keys, ()) = tokio::join!(CeremonyKeys::open(&aws, env), table.warm());
        let (ceremony_keys, public_url) = (ceremony_keys?, env.public_url()?);
        let page = page::Page::new(&public_url);
        let well_known = well_known::WellKnown::new(env, public_url.origin())?;
        Ok(Self { table, clock, ceremony_keys, public_url, page, well_known })
    }
}

/// The function's routes.
pub fn router(deps: Deps) -> Router {
    let page = deps.page.clone();
    let texts = page::TEXTS.into_iter().fold(Routes::default(), |routes, texts| {
        let preview = async move |State(deps): State<Deps>, _: Anybody| deps.page.preview(texts);
        routes
            .on(Operation::file(texts.path), async move |_: Anybody| texts.file())
            .on(Operation::file(texts.preview), preview)
    });
    texts
        .on(HOSTED_PAGE, async |State(deps): State<Deps>, _: Anybody, headers: HeaderMap| deps.page.hosted(&headers))
        .on(Operation::file(page::QR_SCRIPT), page::qr_script)
        .on(RELATED_ORIGINS, async |State(deps): State<Deps>, _: Anybody| deps.well_known.origins())
        .on(PASSKEY_ENDPOINTS, async |State(deps): State<Deps>, _: Anybody| deps.well_known.endpoints())
        .on(ANDROID_APPS, async |State(deps): State<Deps>, _: Anybody| deps.well_known.android_apps())
        .on(APPLE_APPS, async |State(deps): State<Deps>, _: Anybody| deps.well_known.apple_apps())
        .on(PREVIEW, preview::preview)
        .on(PREVIEW_DISOWN, preview::preview_disown)
        .on(OPEN, open)
        .on(INVOKE_AUTHENTICATOR, invoke_authenticator)
        .finish_for_devices(deps)
        .layer(from_fn_with_state(page, browser::show_problems_as_pages))
}

/// The click: the job becomes `LINK_OPENED`, and the response contains a ceremony token.
async fn open(State(deps): State<Deps>, link: LinkHolder, headers: HeaderMap) -> Result<Json<Instruction>, Problem> {
    deps.check_origin(&link, &headers).await?;
    deps.check_identity(&link).await?;
    let now = deps.clock.now();
    let job = deps.table.advance(&link.job, Holder::Link(&link.token.hash()), Command::Open, now).await??;
    Ok(Json(deps.instruction(&job, now)))
}

/// An app's link: JSON for an SDK, a redirect to the app for a browser.
async fn invoke_authenticator(
    State(deps): State<Deps>,
    LinkVisitor(link): LinkVisitor,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    deps.check_origin(&link, &headers).await?;
    deps.check_identity(&link).await?;
    let (reference, hash) = (&link.job, link.token.hash());
    let now = deps.clock.now();
    let for_sdk = accept::wants_json(&headers);
    // A HEAD request never opens the link, whatever its headers are.
    let opens = method == Method::GET && (for_sdk || visitor::is_user(&headers));
    let job = if opens {
        deps.table.advance(reference, Holder::Link(&hash), Command::Open, now).await??
    } else {
        deps.table.record_prefetch(reference, &hash, now).await??
    };
    let instruction = deps.instruction(&job, now);
    if for_sdk {
        return Ok(Json(instruction).into_response());
    }
    let realm = &reference.identity.realm;
    let config = deps.table.config_version(realm, &job.config_id, job.config_version).await?;
    let Invocation::Embedded { invoke_url, .. } = config.invocation else { return Err(Problem::unknown_link()) };
    let query = [
        ("api_base_url", &*instruction.api_base_url),
        ("tenant_id", &instruction.tenant_id),
        ("realm_id", &instruction.realm_id),
        ("identity_id", &instruction.identity_id),
        ("job_id", &instruction.job_id),
        ("token", &instruction.token),
    ];
    let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let location = format!("{}/bind?{}", invoke_url.trim_end_matches('/'), query.join("&"));
    let headers = [(header::LOCATION, location), (header::REFERRER_POLICY, "no-referrer".to_owned())];
    Ok((StatusCode::FOUND, headers).into_response())
}

impl Deps {
    /// Reads the job of a link for a caller that has its secret.
    async fn held(&self, link: &LinkHolder) -> Result<Job, Problem> {
        let job = self.table.job(&link.job).await?.filter(|job| job.link_hash == link.token.hash());
        job.ok_or_else(Problem::unknown_link)
    }

    /// Whether the page that sends the request may act for the job. The hosted page, and clients other than browsers,
    /// need no read.
    async fn check_origin(&self, link: &LinkHolder, headers: &HeaderMap) -> Result<(), Problem> {
        let origin = origin::foreign(headers, &self.public_url);
        if origin.is_none() {
            return Ok(());
        }
        let job = self.held(link).await?;
        let realm = &job.reference.identity.realm;
        let config = self.table.config_version(realm, &job.config_id, job.config_version).await?;
        origin::check(origin, &config)
    }

    /// Whether the identity is active. If the job has ended, the holder of the link gets that reason instead.
    async fn check_identity(&self, link: &LinkHolder) -> Result<(), Problem> {
        let person = self.table.identity(&link.job.identity).await?;
        if !person.is_some_and(|person| person.is_suspended()) {
            return Ok(());
        }
        let job = self.held(link).await?;
        job.apply(Command::Open, self.clock.now()).map_err(NotDone::from)?;
        Err(NotDone::IdentitySuspended.into())
    }

    /// The data that a device needs to continue.
    fn instruction(&self, job: &Job, now: Timestamp) -> Instruction {
        let token = self.ceremony_keys.current().issue(&job.reference, job.link_version, now, random::bytes());
        let identity = &job.reference.identity;
        Instruction {
            api_base_url: self.public_url.origin().into(),
            tenant_id: identity.realm.tenant.as_str().into(),
            realm_id: identity.realm.id.as_str().into(),
            identity_id: identity.id.as_str().into(),
            job_id: job.reference.id.to_string().into(),
            token: token.expose().into(),
        }
    }
}
