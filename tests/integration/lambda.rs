//! The functions as Lambda runs them: each binary, with a Runtime API on loopback.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use local::{TEMPLATE, Template};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, mpsc};

use crate::world::{ADA, PATIENCE, World};

/// A Lambda service for some invocations.
pub(crate) struct Lambda {
    address: String,
    answers: mpsc::Receiver<String>,
}

struct Shared {
    events: Mutex<VecDeque<Value>>,
    answers: mpsc::Sender<String>,
}

impl Lambda {
    pub(crate) async fn with(event: Value) -> Self {
        Self::with_all([event]).await
    }

    async fn with_all(events: impl IntoIterator<Item = Value>) -> Self {
        let (sender, answers) = mpsc::channel(4);
        let events = Mutex::new(events.into_iter().collect());
        let shared = std::sync::Arc::new(Shared { events, answers: sender });
        let answer = async |State(shared): State<std::sync::Arc<Shared>>, body: String| {
            shared.answers.send(body).await.unwrap();
        };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answer))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(answer))
            .route("/2018-06-01/runtime/init/error", post(answer))
            .with_state(shared);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, answers }
    }

    pub(crate) async fn answer(&mut self) -> Value {
        let answer = tokio::time::timeout(PATIENCE, self.answers.recv()).await;
        serde_json::from_str(&answer.expect("the function answers in time").unwrap()).unwrap()
    }
}

async fn next(State(shared): State<std::sync::Arc<Shared>>) -> impl IntoResponse {
    let event = shared.events.lock().await.pop_front();
    let Some(event) = event.map(|event| event.to_string()) else { return std::future::pending().await };
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        ("lambda-runtime-deadline-ms", "4102444800000"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:local:000000000000:function:test"),
        ("lambda-runtime-trace-id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0"),
    ] {
        headers.insert(name, value.parse().unwrap());
    }
    (headers, event)
}

/// The command that runs a function's binary, in the folder of this test's own binary. `tests/arm64` names another folder in
/// `FUNCTIONS_FOLDER`, and in `FUNCTIONS_RUNNER` what runs its programs.
fn binary(name: &str) -> Command {
    let folder = std::env::var_os("FUNCTIONS_FOLDER")
        .map_or_else(|| std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().to_owned(), PathBuf::from);
    let path = folder.join(name);
    assert!(path.exists(), "{} is missing: run `cargo build --workspace` before", path.display());
    let runner = std::env::var("FUNCTIONS_RUNNER").unwrap_or_default();
    let mut words = runner.split_whitespace();
    let Some(runner) = words.next() else { return Command::new(path) };
    let mut command = Command::new(runner);
    command.args(words).arg(path);
    command
}

/// Starts a function with its environment from the template.
fn start(world: &World, lambda: &Lambda, binary_name: &str, without: Option<&str>) -> Child {
    start_with(world, lambda, binary_name, without, &[])
}

/// Like [`start`], with other values for parameters of the template.
fn start_with(
    world: &World,
    lambda: &Lambda,
    binary_name: &str,
    without: Option<&str>,
    changes: &[(&'static str, &str)],
) -> Child {
    let mut command = command(world, lambda, binary_name, changes);
    if let Some(name) = without {
        command.env_remove(name);
    }
    command.spawn().unwrap()
}

/// The command that starts a function with the environment of the template.
pub(crate) fn command(world: &World, lambda: &Lambda, binary_name: &str, changes: &[(&'static str, &str)]) -> Command {
    let mut parameters = vec![
        ("PublicUrl", world.stack.base().to_owned()),
        ("SenderAddress", "no-reply@bindery.example".to_owned()),
        ("TokenIssuer", format!("{}/oauth2", world.stack.base())),
        ("TokenAudience", "bindery".to_owned()),
    ];
    parameters.extend(changes.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let functions = Template::parse(TEMPLATE, &parameters).unwrap().functions().unwrap();
    let function = functions.into_iter().find(|function| function.binary == binary_name).unwrap();
    let mut command = binary(binary_name);
    // CloudFormation would insert the secret's value here.
    let mut function = function;
    if let Some(keys) = function.env.get_mut("ORIGIN_KEYS") {
        *keys = "local".to_owned();
    }
    command.env_clear().envs(function.env);
    for (name, value) in [
        ("AWS_LAMBDA_RUNTIME_API", lambda.address.as_str()),
        ("AWS_LAMBDA_FUNCTION_NAME", binary_name),
        ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_REGION", "local"),
        ("AWS_ACCESS_KEY_ID", binary_name),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_ENDPOINT_URL", world.stack.base()),
        // As the local stack does.
        ("AWS_CALL_TIMEOUT_FACTOR", "10"),
    ] {
        command.env(name, value);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    command
}

/// A request as API Gateway passes it to a function (payload format 2.0).
pub(crate) fn request(method: &str, path: &str, claims: &Value) -> Value {
    let mut request = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "",
        "headers": {"host": "api.example.com", "x-forwarded-proto": "https", "x-origin-key": "local"},
        "requestContext": {
            "accountId": "1", "apiId": "a", "domainName": "api.example.com", "domainPrefix": "api",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "t"},
            "requestId": "the-request", "routeKey": "$default", "stage": "$default", "time": "", "timeEpoch": 0,
        },
        "isBase64Encoded": false,
    });
    if claims.is_object() {
        request["requestContext"]["authorizer"] = json!({"jwt": {"claims": claims, "scopes": null}});
    }
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_starts_and_answers() {
    let world = World::new().await;
    for function in Template::parse(TEMPLATE, &[]).unwrap().functions().unwrap() {
        let (event, expected) = if !function.routes.is_empty() {
            (request("GET", "/nowhere", &json!({})), None)
        } else if !function.streams.is_empty() {
            (json!({"Records": []}), Some(json!({"batchItemFailures": []})))
        } else if !function.schedules.is_empty() {
            let nothing: Value = match function.binary.as_str() {
                "run-campaigns" => ["finished", "invited", "missed", "reminded", "skipped", "stopped"].as_slice(),
                _ => &["expired", "never_mailed", "passed_over"],
            }
            .iter()
            .map(|count| ((*count).to_owned(), json!(0)))
            .collect();
            (json!({"detail-type": "Scheduled Event"}), Some(nothing))
        } else {
            let event = json!({"detail": {"eventType": "Delivery", "mail": {"tags": {}}}});
            let message = json!({"messageId": "1", "body": event.to_string()});
            let unreadable = json!({"messageId": "2", "body": "nonsense"});
            let failures = json!({"batchItemFailures": [{"itemIdentifier": "2"}]});
            (json!({"Records": [message, unreadable]}), Some(failures))
        };
        let mut lambda = Lambda::with(event).await;
        let child = start(&world, &lambda, &function.binary, None);
        let answer = lambda.answer().await;
        if let Some(expected) = expected {
            assert_eq!(answer, expected, "{}", function.binary);
        } else {
            assert_eq!(answer["statusCode"], 404, "{}: {answer}", function.binary);
            assert_eq!(answer["headers"]["content-type"], "application/problem+json", "{}", function.binary);
            assert!(answer["body"].as_str().unwrap().contains("the-request"), "{answer}");
        }
        drop(child);
    }
}

/// A new environment opens a connection for each concurrent AWS call, and each costs a TLS handshake.
#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_function_opens_few_connections() {
    const MOST: usize = 4;
    let world = World::new().await;
    for function in Template::parse(TEMPLATE, &[]).unwrap().functions().unwrap() {
        if function.schedules.is_empty() {
            continue;
        }
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let stack = world.stack.base().trim_start_matches("http://").to_owned();
        let opened = std::sync::Arc::new(AtomicUsize::new(0));
        let counter = opened.clone();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                let mut server = tokio::net::TcpStream::connect(&stack).await.unwrap();
                tokio::spawn(async move { tokio::io::copy_bidirectional(&mut client, &mut server).await });
            }
        });
        let mut lambda = Lambda::with(json!({"detail-type": "Scheduled Event"})).await;
        let mut command = command(&world, &lambda, &function.binary, &[]);
        let child = command.env("AWS_ENDPOINT_URL", endpoint).spawn().unwrap();
        let answer = lambda.answer().await;
        assert!(answer.get("errorMessage").is_none(), "{}: {answer}", function.binary);
        let opened = opened.load(Ordering::SeqCst);
        assert!((1..=MOST).contains(&opened), "{} opened {opened} connections", function.binary);
        drop(child);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_serves_with_the_claims_of_the_authorizer() {
    let world = World::new().await;
    let invited = world.invite().await;
    let claims = json!({"tenant_id": "demo", "scope": "credential-binding-jobs:read"});
    for (claims, status) in [(claims, 200), (json!({"tenant_id": "demo", "scope": "credentials:read"}), 403)] {
        let mut lambda = Lambda::with(request("GET", &invited.path, &claims)).await;
        let child = start(&world, &lambda, "query-status", None);
        let answer = lambda.answer().await;
        assert_eq!(answer["statusCode"], status, "{answer}");
        drop(child);
    }
    let mut lambda = Lambda::with(request("GET", &format!("{ADA}/credentials"), &Value::Null)).await;
    let child = start(&world, &lambda, "query-status", None);
    assert_eq!(lambda.answer().await["statusCode"], 401);
    drop(child);
}

/// Past the distribution, a function serves only a request whose token the gateway has verified, and only with `DirectCalls`.
#[tokio::test(flavor = "multi_thread")]
async fn a_direct_call_needs_a_verified_token_and_the_parameter() {
    let world = World::new().await;
    let invited = world.invite().await;
    let claims = json!({"tenant_id": "demo", "scope": "credential-binding-jobs:read"});
    for (function, path, claims, direct, status) in [
        ("query-status", invited.path.clone(), &claims, "true", 200),
        ("query-status", invited.path.clone(), &claims, "false", 403),
        ("query-status", invited.path.clone(), &Value::Null, "true", 403),
        ("open-link", "/bind".to_owned(), &claims, "true", 403),
    ] {
        let mut event = request("GET", &path, claims);
        event["headers"].as_object_mut().unwrap().remove("x-origin-key");
        let (answer, _) = run_with(&world, function, &[("DirectCalls", direct)], event).await;
        assert_eq!(answer["statusCode"], status, "{function} {direct}: {answer}");
    }
}

/// Whatever a client puts into a path, a query or a header, each function responds with a client error at worst. A
/// failed invocation would count against the version and roll a deployment back.
#[tokio::test(flavor = "multi_thread")]
async fn no_request_causes_a_panic() {
    const NASTY: [&str; 16] =
        ["<", ">", "\"", "{", "|", "\\", "^", "`", "#", "%", "\0", "\u{7f}", " ", "ü", "\u{2028}", "\u{10ffff}"];
    let world = World::new().await;
    let mut rng = fastrand::Rng::with_seed(18);
    let path = format!("{ADA}/credential-binding-jobs/{}", "0".repeat(32));
    for function in Template::parse(TEMPLATE, &[]).unwrap().functions().unwrap() {
        if function.routes.is_empty() {
            continue;
        }
        let mut nasty = |most: usize| -> String {
            (0..rng.usize(0..=most)).map(|_| NASTY[rng.usize(0..NASTY.len())].to_owned() + "=&a/:").collect()
        };
        let mut events = Vec::new();
        for route in function.routes.iter().cycle().take(60) {
            let mut event = request(&route.method, &route.path, &json!({"tenant_id": "demo", "scope": nasty(2)}));
            event["rawPath"] =
                [nasty(3), format!("{path}{}", nasty(2)), format!("//{}", nasty(1))][events.len() % 3].as_str().into();
            event["rawQueryString"] = nasty(6).into();
            event["queryStringParameters"] = json!({nasty(1): nasty(1)});
            event["cookies"] = json!([nasty(2)]);
            for name in ["host", "x-forwarded-proto", "authorization", "accept-language", "origin", "if-none-match"] {
                event["headers"][name] = nasty(3).into();
            }
            event["headers"][nasty(1)] = nasty(2).into();
            event["body"] = nasty(9).into();
            events.push(event);
        }
        let count = events.len();
        let mut lambda = Lambda::with_all(events.clone()).await;
        let child = start(&world, &lambda, &function.binary, None);
        for event in events.iter().take(count) {
            let answer = lambda.answer().await;
            let status = answer["statusCode"].as_u64();
            assert!(status.is_some_and(|status| status < 500), "{}: {event} -> {answer}", function.binary);
        }
        drop(child);
    }
}

/// Lambda does not count a 5xx response as an error, so the function counts it, for its own version.
#[tokio::test(flavor = "multi_thread")]
async fn a_5xx_is_counted_for_the_version() {
    let world = World::new().await;
    let invited = world.invite().await;
    world.plan(&json!({"service": "dynamodb", "function": "query-status", "kind": "error", "times": 1000})).await;
    let claims = json!({"tenant_id": "demo", "scope": "credential-binding-jobs:read"});
    let mut past_the_distribution = request("GET", &invited.path, &claims);
    past_the_distribution["headers"]["x-origin-key"] = "guessed".into();
    assert_eq!(run(&world, "query-status", past_the_distribution).await.0["statusCode"], 403);
    let (answer, lines) = run(&world, "query-status", request("GET", &invited.path, &claims)).await;
    assert_eq!(answer["statusCode"], 503, "{answer}");
    let counted: Vec<&Value> = lines.iter().filter(|line| line["ServerErrors"] == 1).collect();
    assert_eq!(counted.len(), 1, "{lines:?}");
    assert_eq!((&counted[0]["service"], &counted[0]["version"]), (&json!("query-status"), &json!("1")));
    assert_eq!(counted[0]["_aws"]["CloudWatchMetrics"][0]["Dimensions"], json!([["service", "version"]]));
    let (_, lines) = run(&world, "query-status", request("GET", "/nowhere", &json!({}))).await;
    assert!(lines.iter().all(|line| line["ServerErrors"].is_null()), "a 404 was counted: {lines:?}");
}

/// A record that is set aside is counted, by a separate line in the log.
#[tokio::test(flavor = "multi_thread")]
async fn records_that_are_set_aside_are_counted() {
    let world = World::new().await;
    let poison = json!({"dynamodb": {"SequenceNumber": "1", "NewImage": "nonsense"}});
    for (count, function) in [(1, "publish-changes"), (2, "send-link")] {
        let (answer, lines) = run(&world, function, json!({"Records": [poison]})).await;
        assert_eq!(answer, json!({"batchItemFailures": []}), "{function}");
        let metrics: Vec<&Value> = lines.iter().filter(|line| line["_aws"].is_object()).collect();
        assert_eq!(metrics.len(), 1, "{lines:?}");
        assert_eq!((&metrics[0]["RecordsSetAside"], &metrics[0]["service"]), (&json!(1), &json!(function)));
        assert!(lines.iter().any(|line| line["level"] == "ERROR" && line["sequence_number"] == "1"), "{lines:?}");
        let set_aside = world.local("set-aside").await;
        assert_eq!(set_aside.as_array().unwrap().len(), count, "{set_aside}");
        assert_eq!(set_aside[count - 1]["function"], function);
        assert_eq!(set_aside[count - 1]["record"], poison);
    }
}

/// Runs a function once and returns its response and its log.
async fn run(world: &World, function: &str, event: Value) -> (Value, Vec<Value>) {
    run_with(world, function, &[], event).await
}

/// Like [`run`], with other values for parameters of the template.
pub(crate) async fn run_with(
    world: &World,
    function: &str,
    changes: &[(&'static str, &str)],
    event: Value,
) -> (Value, Vec<Value>) {
    let mut lambda = Lambda::with(event).await;
    let mut child = start_with(world, &lambda, function, None, changes);
    let answer = lambda.answer().await;
    child.kill().await.unwrap();
    let mut log = String::new();
    child.stdout.take().unwrap().read_to_string(&mut log).await.unwrap();
    (answer, log.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// Mails that are sent late, and those never sent before their job expires, are counted for the operator.
#[tokio::test(flavor = "multi_thread")]
async fn mails_that_are_stuck_are_counted() {
    let world = World::new().await;
    world.plan(&json!({"function": "SendLink", "operation": "UpdateItem", "kind": "error", "times": 100_000})).await;
    let stuck = async |attribute: &str, seconds_ago: i64| {
        let job = crate::world::job("EMAIL", &json!({}));
        world.call("POST", &format!("{ADA}/credential-binding-jobs"), &job).await.ok();
        let mut item = world.items().into_iter().rfind(|item| item["kind"]["S"] == "JOB").unwrap();
        let then = world.stack.clock().now().millis() - seconds_ago * 1000;
        item[attribute]["N"] = then.to_string().into();
        world.put(&item);
        item
    };
    let late = stuck("last_mail_ms", 301).await;
    let record = json!({
        "eventID": "1", "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb", "awsRegion": "local",
        "eventSourceARN": "arn:aws:dynamodb:local:000000000000:table/Table/stream/1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1, "SequenceNumber": "1", "SizeBytes": 1, "StreamViewType": "NEW_AND_OLD_IMAGES",
            "Keys": {"pk": late["pk"], "sk": late["sk"]}, "NewImage": late,
        },
    });
    let counted = |lines: &[Value], name: &str| {
        lines.iter().find_map(|line| line[name].as_u64().filter(|_| line["_aws"].is_object()))
    };
    let (_, lines) = run(&world, "send-link", json!({"Records": [record]})).await;
    assert_eq!(counted(&lines, "MailsSentLate"), Some(1), "{lines:?}");

    stuck("expire_ms", 1).await;
    let (answer, lines) = run(&world, "expire-jobs", json!({})).await;
    assert_eq!(answer, json!({"expired": 1, "never_mailed": 1, "passed_over": 0}));
    assert_eq!(counted(&lines, "JobsNeverMailed"), Some(1), "{lines:?}");
}

/// A function with an incomplete configuration does not start, and names the missing variable.
#[tokio::test(flavor = "multi_thread")]
async fn a_missing_variable_is_named() {
    let world = World::new().await;
    for (function, variable) in
        [("create-job", "LINK_KEY_SECRET"), ("open-link", "PUBLIC_URL"), ("send-link", "SENDER_ADDRESS")]
    {
        let lambda = Lambda::with(json!({})).await;
        let mut child = start(&world, &lambda, function, Some(variable));
        let status = tokio::time::timeout(PATIENCE, child.wait()).await.unwrap().unwrap();
        assert!(!status.success());
        let mut log = String::new();
        child.stdout.take().unwrap().read_to_string(&mut log).await.unwrap();
        let line: Value = serde_json::from_str(log.lines().next().unwrap()).unwrap();
        assert_eq!(line["level"], "ERROR");
        assert!(line["error"].as_str().unwrap().contains(variable), "{log}");
        assert_eq!(line["service"], function);
    }
}
