//! Records what each function of the template asks AWS for while it answers one event: `record FILE`. See `tests/bench`.
//!
//! A stack runs in this process. Each function's debug program runs against a Runtime API, with a proxy between it and the
//! stack's AWS services. FILE gets, for each function, its environment, the event, and the calls with their answers.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a recording that fails ends the run")]

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::Response;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use local::{Function, TEMPLATE, Template};
use serde_json::{Value, json};

#[path = "../integration/authenticator.rs"]
#[expect(dead_code, reason = "its device can do more than is needed here")]
mod authenticator;
#[path = "../integration/lambda.rs"]
#[expect(dead_code, reason = "most of it is tests")]
#[expect(unused_imports, reason = "most of it is tests")]
mod lambda;
#[path = "../integration/world.rs"]
#[expect(dead_code, reason = "it can do more than is needed here")]
mod world;

use lambda::{Lambda, command, request};
use world::{ADA, REALM, World, job};

#[tokio::main]
async fn main() {
    let file = std::env::args().nth(1).expect("usage: record FILE");
    let world = World::new().await;
    let mut recordings = Vec::new();
    for function in Template::parse(TEMPLATE, &[]).unwrap().functions().unwrap() {
        let event = event(&world, &function).await;
        recordings.push(record(&world, &function.binary, event).await);
        world.injected().await;
    }
    std::fs::write(file, Value::Array(recordings).to_string()).unwrap();
}

/// A usual event of a function. A function that is not named here gets a request for a path that does not exist.
async fn event(world: &World, function: &Function) -> Value {
    let claims = json!({"tenant_id": "demo", "scope": "credential-binding-jobs:create credential-binding-jobs:read \
                        credential-binding-jobs:revoke realms:read"});
    let posted = |path: &str, bearer: &str, body: &Value| {
        let mut event =
            request("POST", &path.replace(':', "/"), if bearer.is_empty() { &claims } else { &Value::Null });
        event["headers"]["content-type"] = "application/json".into();
        if !bearer.is_empty() {
            event["headers"]["authorization"] = format!("Bearer {bearer}").into();
        }
        event["body"] = if body.is_null() { "".into() } else { body.to_string().into() };
        event
    };
    match function.binary.as_str() {
        "create-job" => posted(&format!("{ADA}/credential-binding-jobs"), "", &job("RETURN", &json!({}))),
        "open-link" => {
            let invited = world.invite().await;
            posted(&format!("{}:open", invited.path), &invited.secret, &Value::Null)
        }
        "deliver-request" => {
            let invited = world.invite().await;
            let ceremony = world.open(&invited).await.ok()["token"].as_str().unwrap().to_owned();
            posted(&format!("{}:getInfo", invited.path), &ceremony, &Value::Null)
        }
        "verify-attestation" => {
            let invited = world.invite().await;
            let (ceremony, registration) = world.prepare(&invited).await;
            posted(&format!("{}:bind", invited.path), &ceremony, &json!({"type": "FIDO2", "raw": registration}))
        }
        "verify-assertion" => {
            let config = format!("{REALM}/authenticator-configs/hosted");
            let invited = world.invite().await;
            let ceremony = world.open(&invited).await.ok()["token"].as_str().unwrap().to_owned();
            let info = world.get_info(&invited, &ceremony).await.ok();
            let mut device = authenticator::Device::new(world.stack.base());
            device.user_handle = info["creation_options"]["user"]["id"].as_str().map(str::to_owned);
            world.bind(&invited, &ceremony, &device.register(&info["creation_options"])).await.ok();
            let begun = world.send("POST", &format!("{config}:beginSignIn"), &[], "{}").await.ok();
            let credential = device.sign_in(&begun["request_options"]);
            let mut event = posted(
                &format!("{config}:finishSignIn"),
                "",
                &json!({"token": begun["token"], "credential": credential}),
            );
            event["requestContext"].as_object_mut().unwrap().remove("authorizer");
            event
        }
        "query-status" => request("GET", &world.invite().await.path, &claims),
        "revoke" => posted(&format!("{}:revoke", world.invite().await.path), "", &Value::Null),
        "manage-directory" => request("GET", REALM, &claims),
        "send-link" => {
            // The stack's own function must not be first: its first claim waits until the faults are removed. Mails that are not
            // alone are sent at a pace, for which the function reads the account.
            world.plan(&json!({"function": "SendLink", "operation": "UpdateItem", "kind": "hold"})).await;
            let path = format!("{ADA}/credential-binding-jobs");
            world.call("POST", &path, &job("EMAIL", &json!({}))).await.ok();
            world.until(async || world.local("faults").await["planned"] == json!([])).await;
            world.call("POST", &path, &job("EMAIL", &json!({}))).await.ok();
            inserted(world, 2)
        }
        "publish-changes" => {
            world.invite().await;
            inserted(world, 1)
        }
        "track-email" => {
            let detail = json!({"eventType": "Delivery", "mail": {"tags": {}}});
            json!({"Records": [{"messageId": "1", "body": json!({"detail": detail}).to_string()}]})
        }
        "expire-jobs" => json!({"detail-type": "Scheduled Event"}),
        "console" => request("GET", "/console", &Value::Null),
        _ if !function.streams.is_empty() => json!({"Records": []}),
        _ if !function.schedules.is_empty() => json!({"detail-type": "Scheduled Event"}),
        _ => request("GET", "/nowhere", &json!({})),
    }
}

/// The insertion records of the `count` newest jobs.
fn inserted(world: &World, count: usize) -> Value {
    let created = |item: &Value| item["create_ms"]["N"].as_str().and_then(|text| text.parse::<i64>().ok());
    let mut jobs: Vec<Value> = world.items().into_iter().filter(|item| item["kind"]["S"] == "JOB").collect();
    jobs.sort_by_key(created);
    let record = |(number, job): (usize, &Value)| {
        json!({
            "eventID": number.to_string(), "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
            "awsRegion": "local", "eventSourceARN": "arn:aws:dynamodb:local:000000000000:table/Table/stream/1",
            "dynamodb": {
                "ApproximateCreationDateTime": 1, "SequenceNumber": number.to_string(), "SizeBytes": 1,
                "StreamViewType": "NEW_AND_OLD_IMAGES", "Keys": {"pk": job["pk"], "sk": job["sk"]}, "NewImage": job,
            },
        })
    };
    json!({"Records": (1..).zip(&jobs[jobs.len() - count..]).map(record).collect::<Vec<_>>()})
}

/// What is between a function and the stack.
#[derive(Clone)]
struct Proxy {
    base: String,
    client: Client<HttpConnector, Body>,
    calls: Arc<Mutex<Vec<Value>>>,
}

async fn record(world: &World, function: &str, event: Value) -> Value {
    let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    let proxy = Proxy { base: world.stack.base().to_owned(), client, calls: Arc::default() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(pass_on).with_state(proxy.clone());
    let server = tokio::spawn(async move { axum::serve(listener, router).await });

    let mut lambda = Lambda::with(event.clone()).await;
    let mut command = command(world, &lambda, function, &[]);
    command.env("AWS_ENDPOINT_URL", format!("http://{address}"));
    let mut child = command.spawn().unwrap();
    let answer = lambda.answer().await;
    child.kill().await.unwrap();
    server.abort();
    assert!(answer["statusCode"].as_u64().is_none_or(|status| status < 500), "{function}: {answer}");

    let another = ["AWS_LAMBDA_RUNTIME_API", "AWS_ENDPOINT_URL", "AWS_CALL_TIMEOUT_FACTOR"];
    let env = command.as_std().get_envs().filter_map(|(name, value)| Some((name.to_str()?, value?.to_str()?)));
    let env: serde_json::Map<String, Value> =
        env.filter(|(name, _)| !another.contains(name)).map(|(name, value)| (name.to_owned(), value.into())).collect();
    let calls = std::mem::take(&mut *proxy.calls.lock().unwrap());
    json!({"name": function, "env": env, "event": event, "answer": answer, "calls": calls})
}

async fn pass_on(State(proxy): State<Proxy>, request: Request) -> Response<Body> {
    let (mut parts, body) = request.into_parts();
    let sent: Bytes = to_bytes(body, 1 << 24).await.unwrap();
    let target = parts.headers.get("x-amz-target").map_or(parts.uri.path(), |target| target.to_str().unwrap());
    let target = target.to_owned();
    parts.uri = format!("{}{}", proxy.base, parts.uri.path()).parse().unwrap();
    parts.headers.remove("host");
    let answer = proxy.client.request(Request::from_parts(parts, Body::from(sent.clone()))).await.unwrap();
    let (parts, body) = answer.into_parts();
    let received = to_bytes(Body::new(body), 1 << 24).await.unwrap();
    let kind = parts.headers.get("content-type").and_then(|kind| kind.to_str().ok());
    let call = json!({
        "target": target, "request": String::from_utf8_lossy(&sent), "status": parts.status.as_u16(), "type": kind,
        "answer": String::from_utf8_lossy(&received),
    });
    proxy.calls.lock().unwrap().push(call);
    let mut response = Response::new(Body::from(received));
    (*response.status_mut(), *response.headers_mut()) = (parts.status, parts.headers);
    response
}
