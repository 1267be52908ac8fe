//! The stack's own addresses: `/_local/…` and the OAuth issuer.

mod activity;
mod files;

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use serde_json::{Map, Value, json};

use activity::{Asked, Sources};

use crate::deployment::Deployment;
use crate::gateway::contract::DOCUMENT;
use crate::http::json_response;
use crate::record::{Logs, lock};
use crate::seed;

pub(crate) async fn answer(
    stack: &Arc<Deployment>,
    method: &str,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
) -> Response<Body> {
    let ok = |value: &Value| json_response(StatusCode::OK, value);
    let path = uri.path().trim_end_matches('/');
    let wants_json = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_none_or(|accept| !accept.contains("text/html"));
    let query = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri).map(|query| query.0);
    let query: HashMap<String, String> = query.unwrap_or_default().into_iter().collect();
    let skip = query.get("skip").and_then(|skip| skip.parse().ok()).unwrap_or(0);
    if let ("GET", Some(file)) = (method, files::at(path)) {
        let is_page = file.content_type.starts_with("text/html");
        if !(is_page && path == "/_local" && wants_json) {
            return file.answer();
        }
    }
    match (method, path) {
        ("GET", "") => redirect("/_local/"),
        ("GET", "/_local") => ok(&json!({
            "addresses": [
                "account", "app", "activity", "mail", "email-events", "events", "failures", "requests", "permissions", "clock", "faults",
                "logs",
                "set-aside", "streams", "reset",
            ],
            "issuer": stack.issuer.metadata(),
        })),
        // The app is no part of Bindery, and its origin shows that.
        ("GET", "/_local/app") => redirect(&format!("{}/", stack.app)),
        ("GET", "/_local/mail") if !wants_json => redirect("/_local/#mail"),
        ("GET", "/_local/events") if !wants_json => redirect("/_local/#event"),
        ("GET", "/_local/activity") => {
            let asked = Asked::read(query.get("page"), query.get("page_size"), query.get("kind"));
            let sources = Sources { mails: &stack.aws.mails, events: &stack.aws.events, failures: &stack.failures };
            ok(&json!(activity::page(sources, asked)))
        }
        ("GET", "/_local/mail") => ok(&stack.aws.mails.after(skip).into()),
        ("GET", "/_local/events") => ok(&stack.aws.events.after(skip).into()),
        ("GET", "/_local/failures") => ok(&stack.failures.newest(usize::MAX).into()),
        ("GET", "/_local/set-aside") => ok(&stack.set_aside.after(skip).into()),
        ("GET", "/_local/streams") => ok(&json!(stack.behind().await)),
        ("GET", "/_local/requests") if query.get("by").is_some_and(|by| by == "function") => {
            ok(&stack.aws.counts.by_function())
        }
        ("GET", "/_local/permissions") => ok(&json!({"unused": stack.aws.permissions.unused()})),
        ("GET", "/_local/requests") => ok(&stack.aws.counts.all()),
        ("GET", "/_local/logs") => text(Logs::all().join("\n")),
        ("GET", "/_local/clock") => ok(&clock(stack)),
        ("POST", "/_local/clock") => match object(body)["advance_seconds"].as_i64() {
            Some(seconds) => match stack.advance(seconds) {
                Ok(()) => ok(&clock(stack)),
                Err(error) => json_response(StatusCode::INTERNAL_SERVER_ERROR, &json!({"message": error})),
            },
            None => refuse("expected {\"advance_seconds\": n}"),
        },
        ("GET", "/_local/faults") => ok(&stack.aws.faults.pending()),
        ("POST", "/_local/faults") => match stack.aws.faults.order(object(body)) {
            Ok(()) => ok(&json!({})),
            Err(error) => refuse(&format!(
                "expected {{\"service\", \"operation\", \"function\", \"kind\", \"skip\", \"times\"}} \
                 or {{\"seed\", \"probability\", \"kinds\"}}: {error}"
            )),
        },
        ("POST", "/_local/account") => match serde_json::from_value(object(body)) {
            Ok(quota) => {
                *lock(&stack.aws.quota) = quota;
                ok(&json!({}))
            }
            Err(error) => {
                refuse(&format!("expected {{\"max_send_rate\", \"max_24_hour_send\", \"enforced\"}}: {error}"))
            }
        },
        ("POST", "/_local/email-events") => {
            let body = object(body);
            let mails = stack.aws.mails.after(0);
            let mail = mails.iter().find(|mail| mail["message_id"] == body["message_id"]);
            match (mail, serde_json::from_value(body["event"].clone())) {
                (Some(mail), Ok(report)) => {
                    stack.aws.report(report, mail);
                    ok(&json!({}))
                }
                _ => refuse("expected {\"message_id\": of a mail in /_local/mail, \"event\": such as \"bounce\"}"),
            }
        }
        ("DELETE", "/_local/faults") => ok(&json!({"injected": stack.aws.faults.clear()})),
        ("DELETE", "/_local/requests") => {
            stack.aws.counts.clear();
            ok(&json!({}))
        }
        ("POST", "/_local/reset") => match seed::reset(stack).await {
            Ok(()) => ok(&json!({})),
            Err(error) => json_response(StatusCode::INTERNAL_SERVER_ERROR, &json!({"message": error})),
        },
        ("GET", "/openapi.json") => ok(&DOCUMENT),
        ("POST", "/oauth2/token") => stack.issuer.token_endpoint(headers, &form(body), stack.clock.now()),
        ("GET", "/oauth2/authorize") => stack.issuer.sign_in(&query),
        ("POST", "/oauth2/authorize") => stack.issuer.approve(&texts(form(body)), stack.clock.now()),
        ("GET", "/oauth2/jwks.json") => ok(&stack.issuer.jwks()),
        ("GET", "/oauth2/.well-known/openid-configuration" | "/oauth2/.well-known/oauth-authorization-server") => {
            ok(&stack.issuer.metadata())
        }
        _ => json_response(
            StatusCode::NOT_FOUND,
            &json!({"message": format!("nothing at {method} {path}; see /_local/")}),
        ),
    }
}

fn clock(stack: &Deployment) -> Value {
    json!({"now": stack.clock.now().to_string(), "ahead_seconds": stack.clock.ahead_millis() / 1000})
}

fn object(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_default()
}

fn refuse(message: &str) -> Response<Body> {
    json_response(StatusCode::BAD_REQUEST, &json!({"message": message}))
}

fn redirect(to: &str) -> Response<Body> {
    let response = Response::builder().status(StatusCode::FOUND).header(header::LOCATION, to);
    response.body(Body::empty()).unwrap_or_default()
}

fn text(page: String) -> Response<Body> {
    let response = Response::builder().header(header::CONTENT_TYPE, "text/plain; charset=utf-8");
    response.body(Body::from(page)).unwrap_or_default()
}

fn texts(form: Map<String, Value>) -> HashMap<String, String> {
    form.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect()
}

/// The fields of a form (`application/x-www-form-urlencoded`): the grammar of a query.
fn form(body: &[u8]) -> Map<String, Value> {
    let uri: Option<Uri> = format!("/?{}", String::from_utf8_lossy(body)).parse().ok();
    let pairs = uri.and_then(|uri| axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok());
    pairs.map(|pairs| pairs.0.into_iter().map(|(name, value)| (name, value.into())).collect()).unwrap_or_default()
}
