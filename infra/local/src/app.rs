//! The sample app: how a customer's own app enrols its users without a visible link.
//!
//! It has its own origin (another port), and uses only what a customer's back end has: the REST API and an access
//! token. Its page uses `@bindery/sdk`.
//!
//! 1. The user signs in. As this is a sample, a name is enough.
//! 2. With one tap, the page asks this back end to create a job with delivery `RETURN`, and gets its link.
//! 3. The page's script passes the link to the SDK, which creates the passkey.
//!
//! A link that reaches the user in another way redirects a browser to `/bind?…` here, which is the same page.

mod api;
mod sign_in;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Router, middleware};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::http::json_response;
use crate::record::lock;
use api::{Api, Failed};
use sign_in::Nonces;

const PAGE: &str = include_str!("app/index.html");
const STYLE: &str = include_str!("app/app.css");
const SCRIPTS: [(&str, &str); 4] = [
    ("/app.js", include_str!("app/app.js")),
    ("/outcomes.js", include_str!("app/outcomes.js")),
    // The SDK as it is published.
    ("/sdk.js", include_str!("../../../shared/sdk/dist/index.js")),
    ("/sign-in-sdk.js", include_str!("../../../shared/sdk/dist/sign-in.js")),
];

/// Binds the app's port: the requested one, else the one after the stack's own, else any free one.
pub(crate) async fn listen(wanted: Option<u16>, stack_port: u16) -> Result<(TcpListener, String), String> {
    let bind = |port| TcpListener::bind(("127.0.0.1", port));
    let listener = match wanted {
        Some(port) => bind(port).await.map_err(|error| {
            let reason = reason(&error);
            format!("port {port} for the sample app {reason}. Choose another with --app-port PORT, or leave it out.")
        })?,
        None => match bind(stack_port.checked_add(1).unwrap_or_default()).await {
            Ok(listener) => listener,
            Err(_) => bind(0).await.map_err(|error| format!("the sample app finds no free port: {error}"))?,
        },
    };
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    Ok((listener, format!("http://localhost:{port}")))
}

/// Why a port cannot be used.
pub(crate) fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::AddrInUse => "is in use by another program".to_owned(),
        _ => format!("cannot be used ({error})"),
    }
}

struct App {
    api: Api,
    /// The signed-in users, by the session id in the cookie.
    sessions: Mutex<HashMap<String, String>>,
    nonces: Nonces,
}

/// The app's routes, for a stack at that address.
pub(crate) fn router(base: &str) -> Router {
    let app = Arc::new(App { api: Api::new(base), sessions: Mutex::default(), nonces: Nonces::default() });
    let page = PAGE.replace("{api}", base);
    let page = move || {
        let page = page.clone();
        async move { ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page) }
    };
    let mut router = Router::new()
        .route("/", get(page.clone()))
        .route("/bind", get(page))
        .route("/app.css", get(async || ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)))
        .route("/session", get(session).post(sign_in).delete(sign_out))
        .route("/nonce", post(nonce))
        .route("/passkeys", post(add_passkey));
    for (path, script) in SCRIPTS {
        let script = move || async move { ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], script) };
        router = router.route(path, get(script));
    }
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self' {base}; base-uri \
         'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    );
    let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    let every_answer = middleware::map_response(move |mut response: Response<Body>| {
        let policy = policy.clone();
        async move {
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
            headers
                .insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
            response
        }
    });
    router.with_state(app).layer(every_answer)
}

/// The signed-in user and their passkeys.
async fn session(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response<Body>, Failed> {
    let user = app.user(&headers)?;
    let identity = app.api.identity(&user).await?;
    let passkeys = app.api.passkeys(&user).await?;
    let username = &identity["traits"]["username"];
    let body = json!({"name": identity["display_name"], "username": username, "passkeys": passkeys});
    Ok(json_response(StatusCode::OK, &body))
}

/// Issues a nonce for the next sign-in of this browser.
async fn nonce(State(app): State<Arc<App>>, headers: HeaderMap) -> Response<Body> {
    let browser = match cookie(&headers, "browser") {
        "" => crate::aws::wire::fresh_id(),
        known => known.to_owned(),
    };
    let body = json!({"nonce": app.nonces.make(&browser)});
    with_cookie(&body, &format!("browser={browser}; HttpOnly; SameSite=Strict; Path=/"))
}

/// Signs a user in, with a sign-in token of Bindery or only with a name.
async fn sign_in(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Result<Response<Body>, Failed> {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let user = match body["token"].as_str() {
        Some(token) => sign_in::verify(&app.api, &app.nonces, cookie(&headers, "browser"), token).await?,
        None => body["username"].as_str().unwrap_or_default().trim().to_owned(),
    };
    let identity = app.api.identity(&user).await?;
    let id = crate::aws::wire::fresh_id();
    lock(&app.sessions).insert(id.clone(), identity["id"].as_str().unwrap_or_default().to_owned());
    Ok(with_cookie(&json!({}), &format!("session={id}; HttpOnly; SameSite=Strict; Path=/")))
}

async fn sign_out(State(app): State<Arc<App>>, headers: HeaderMap) -> Response<Body> {
    lock(&app.sessions).remove(cookie(&headers, "session"));
    with_cookie(&json!({}), "session=; Max-Age=0; Path=/")
}

/// The one tap: creates a job, for the signed-in user only.
async fn add_passkey(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response<Body>, Failed> {
    let user = app.user(&headers)?;
    let link = app.api.create_job(&user).await?;
    Ok(json_response(StatusCode::OK, &json!({"link": link})))
}

impl App {
    fn user(&self, headers: &HeaderMap) -> Result<String, Failed> {
        let user = lock(&self.sessions).get(cookie(headers, "session")).cloned();
        user.ok_or_else(|| Failed::new(StatusCode::UNAUTHORIZED, "Nobody is signed in."))
    }
}

/// The value of a cookie; empty if there is none.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let cookies = headers.get(header::COOKIE).and_then(|cookies| cookies.to_str().ok()).unwrap_or_default();
    let mut pairs = cookies.split("; ").filter_map(|cookie| cookie.split_once('='));
    pairs.find_map(|(known, value)| (known == name).then_some(value)).unwrap_or_default()
}

fn with_cookie(body: &Value, cookie: &str) -> Response<Body> {
    let mut response = json_response(StatusCode::OK, body);
    response.headers_mut().extend(HeaderValue::from_str(cookie).ok().map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response<Body> {
        json_response(self.status, &json!({"message": self.message}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_in_use_is_reported() {
        let other = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let taken = other.local_addr().unwrap().port();
        let error = listen(Some(taken), 3000).await.unwrap_err();
        assert!(error.contains(&format!("port {taken} for the sample app is in use")), "{error}");
        assert!(error.contains("--app-port"), "{error}");
        let (listener, origin) = listen(None, taken - 1).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        assert_ne!(port, taken);
        assert_eq!(origin, format!("http://localhost:{port}"));
    }

    #[test]
    fn a_session_is_identified_by_its_cookie() {
        let with = |cookies: &'static str| HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookies))]);
        assert_eq!(cookie(&with("a=b; session=x; c=d"), "session"), "x");
        assert_eq!(cookie(&with("a=b; xsession=x"), "session"), "");
        assert_eq!(cookie(&HeaderMap::new(), "session"), "");
    }
}
