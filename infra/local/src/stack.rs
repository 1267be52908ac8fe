//! Starts the stack.
//!
//! 1. The data folder is locked, if there is one. Then the ports of the stack and of the sample app are bound, because
//!    the public URL, from which links are made, and the app's origin contain them.
//! 2. The embedded DynamoDB is started, with the table of the template.
//! 3. The server starts, so that the functions can fetch their secrets.
//! 4. The functions of the template start, each with its own environment, and then their event sources.
//! 5. The seed data is written through the API.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use cloud::clock::Clock;
use cloud::env::Env;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::aws::engine::Engine;
use crate::aws::{self, wire};
use crate::deployment::Deployment;
use crate::folder::Folder;
use crate::http::json_response;
use crate::issuer::Issuer;
use crate::lambda::invoke;
use crate::options::Options;
use crate::record::Logs;
use crate::{app, pages, seed};

/// The maximum size of a request in API Gateway, in bytes.
const LARGEST_REQUEST: usize = 10 << 20;

/// A running stack. It stops when it is dropped.
pub struct Stack {
    inner: Arc<Deployment>,
    tasks: Vec<JoinHandle<()>>,
}

impl Stack {
    /// Starts a stack.
    ///
    /// # Errors
    /// The error that prevents it from starting, in words.
    pub async fn start(options: Options) -> Result<Self, String> {
        cloud::log::init(&Env::new([("POWERTOOLS_SERVICE_NAME".into(), "local".into())]), Logs);
        let folder = options.data.as_deref().map_or_else(|| Ok(Folder::default()), Folder::open)?;
        let listener = TcpListener::bind(("127.0.0.1", options.port)).await;
        let listener = listener.map_err(|error| {
            let reason = app::reason(&error);
            format!("port {} {reason}. Choose another with --port PORT; --port 0 takes any that is free.", options.port)
        })?;
        let port = listener.local_addr().map_err(|error| error.to_string())?.port();
        let base = format!("http://localhost:{port}");
        let (app_listener, app) = app::listen(options.app_port, port).await?;
        folder.announce(Some(&base))?;
        let (inner, mut told, serving) = Deployment::assemble(options, folder, base, app).await?;
        let router = Router::new().fallback(route).with_state(inner.clone());
        let mut tasks = vec![
            tokio::spawn({
                let inner = inner.clone();
                async move {
                    while let Some(event) = told.recv().await {
                        inner.deliver(event).await;
                    }
                }
            }),
            tokio::spawn(serve(app_listener, app::router(&inner.base))),
            tokio::spawn(serve(listener, router)),
        ];
        tasks.extend(serving);
        let stack = Self { inner, tasks };
        stack.inner.deploy().await?;
        seed::plant(&stack.inner).await?;
        Ok(stack)
    }

    /// Its address, such as `http://localhost:3000`.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.inner.base
    }

    /// The sample app's origin.
    #[must_use]
    pub fn app(&self) -> &str {
        &self.inner.app
    }

    /// Its OAuth issuer, for tests that need invalid tokens.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.inner.issuer
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The engine of its table, for tests that read items.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.inner.aws.engine
    }
}

impl std::fmt::Debug for Stack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stack").field("base", &self.inner.base).finish_non_exhaustive()
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        self.inner.stop_pumps();
        if let Engine::Remote(remote) = &self.inner.aws.engine {
            remote.clean_up();
        }
        self.inner.folder.release();
    }
}

async fn serve(listener: TcpListener, router: Router) {
    if let Err(error) = axum::serve(listener, router).await {
        tracing::error!(%error, "the server stopped");
    }
}

/// Routes all requests to the one port: to AWS, the local pages, or the gateway.
async fn route(State(inner): State<Arc<Deployment>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST_REQUEST).await else {
        return json_response(
            axum::http::StatusCode::PAYLOAD_TOO_LARGE,
            &serde_json::json!({"message": "Request Entity Too Large"}),
        );
    };
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    if aws::is_for_aws(path, &parts.headers) {
        return inner.aws.answer(method, path, &parts.headers, body).await;
    }
    if let Some(function) = invoke::function_of(path) {
        return invoke::answer(&inner, method, function, &parts.headers, &body).await;
    }
    let ours = ["/", "/openapi.json", "/docs"].contains(&path);
    if ours || ["/_local", "/oauth2/", "/docs/"].iter().any(|start| path.starts_with(start)) {
        return pages::answer(&inner, method, &parts.uri, &parts.headers, &body).await;
    }
    match inner.gateway() {
        Some(gateway) => gateway.answer(method, &parts.uri, &parts.headers, body).await,
        None => wire::failure(503, "ServiceUnavailable", "the stack is still starting"),
    }
}
