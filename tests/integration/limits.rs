//! The limit on the requests of a tenant, and on waits.

use std::time::{Duration, Instant};

use local::Options;
use serde_json::{Value, json};

use crate::world::{Answer, REALM, World, job};

const JOBS: &str = "/v1/tenants/demo/realms/demo/identities/ada/credential-binding-jobs";

/// A world whose clock does not advance, with a limit of requests a second.
async fn limited(per_second: u32) -> World {
    let parameters = vec![("TenantRequestsPerSecond".to_owned(), per_second.to_string())];
    let world = World::with(Options { parameters, ..Options::default() }).await;
    world.stack.clock().stop();
    // The seed data were written through the API, which took some of the limit.
    world.stack.clock().advance(60_000);
    world
}

/// The writes of the function that serves status queries, since the last reset of the counts.
async fn reservations(world: &World) -> u64 {
    let counts = world.local("requests?by=function").await;
    counts["QueryStatus"]["dynamodb:UpdateItem"].as_u64().unwrap_or_default()
}

async fn forget_counts(world: &World) {
    world.send("DELETE", "/_local/requests", &[], "").await.ok();
}

fn refused(answers: &[Answer]) -> Vec<&Answer> {
    let refused: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count() + refused.len(), answers.len());
    refused
}

#[tokio::test(flavor = "multi_thread")]
async fn one_tenant_floods_and_the_others_are_served() {
    let world = limited(10).await;
    let invited = world.invite().await;
    let other = world.token_with(&json!({"tenant_id": "other"}));
    let realm = json!({"realm": {"display_name": "Other"}}).to_string();
    world.bearing(&other, "PUT", "/v1/tenants/other/realms/main", &realm).await.ok();

    // Twenty at once, in two seconds' worth of reservations, and one from each function's memory.
    let mut answers = Vec::new();
    for _ in 0..30 {
        answers.push(world.call("GET", &invited.path, &Value::Null).await);
        answers.push(world.call("GET", REALM, &Value::Null).await);
        // The other tenant sends its requests meanwhile, at its own pace.
        if answers.len() % 6 == 0 {
            world.bearing(&other, "GET", "/v1/tenants/other/realms/main", "").await.ok();
        }
    }
    let refusals = refused(&answers);
    assert!((60 - 24..=60 - 19).contains(&refusals.len()), "{} were refused", refusals.len());
    for answer in refusals {
        answer.problem(429);
        assert_eq!(answer.kind(), "too-many-requests");
        let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
        assert_eq!([header("retry-after"), header("ratelimit-limit"), header("ratelimit-remaining")], ["1", "10", "0"]);
    }
    // Every function counts for the tenant, and a refused request changes nothing.
    let jobs = world.items().iter().filter(|item| item["kind"]["S"] == "JOB").count();
    for _ in 0..3 {
        world.call("POST", JOBS, &job("RETURN", &json!({}))).await;
    }
    let created = world.items().iter().filter(|item| item["kind"]["S"] == "JOB").count() - jobs;
    assert!(created <= 1, "{created} jobs were created from the function's memory");
    // People with links are not counted.
    world.enrol(&invited).await;

    world.stack.clock().advance(1_000);
    world.call("POST", JOBS, &job("RETURN", &json!({}))).await.ok();
    assert_eq!(world.get(&invited.path).await["state"], "COMPLETE");
}

/// A flood costs one write a second, and a tenant with little traffic none.
#[tokio::test(flavor = "multi_thread")]
async fn the_limit_costs_few_writes() {
    let world = limited(100).await;
    let invited = world.invite().await;
    let ask = async |times: usize| {
        let mut answers = Vec::new();
        for _ in 0..times {
            answers.push(world.call("GET", &invited.path, &Value::Null).await);
        }
        answers
    };
    forget_counts(&world).await;
    assert_eq!(refused(&ask(10).await).len(), 0);
    assert_eq!(reservations(&world).await, 0, "the first ten requests are counted in memory");
    let answers = ask(250).await;
    assert_eq!(refused(&answers).len(), 50);
    // One for each ten requests, another when the bucket is in use at the first try, and the refused one.
    let writes = reservations(&world).await;
    assert!((21..=41).contains(&writes), "{writes} writes");
    forget_counts(&world).await;
    assert_eq!(refused(&ask(50).await).len(), 50);
    assert_eq!(reservations(&world).await, 0);
}

/// A request is admitted when it cannot be counted: the limit is no dependency of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_cannot_be_counted_is_admitted() {
    let world = limited(10).await;
    let invited = world.invite().await;
    world.fault("dynamodb", "UpdateItem", "error", 1_000).await;
    for _ in 0..5 {
        world.call("GET", &invited.path, &Value::Null).await.ok();
    }
}

/// A wait takes a request of the bucket itself, never of a function's memory.
#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_has_reached_its_limit_does_not_wait() {
    let world = limited(10).await;
    let invited = world.invite().await;
    let wait = format!("{}?wait_seconds=20&state=COMPLETE", invited.path);
    // Other requests of the tenant empty the bucket. The clock does not advance.
    let mut granted = 0;
    while world.call("GET", REALM, &Value::Null).await.status == 200 {
        granted += 1;
        assert!(granted < 1_000, "the bucket is never empty");
    }
    forget_counts(&world).await;
    let answer = world.call("GET", &wait, &Value::Null).await;
    assert_eq!(answer.headers["retry-after"], "3");
    // One before the wait that is not granted, and one for the response.
    let reads = async || world.local("requests?by=function").await["QueryStatus"]["dynamodb:GetItem"].clone();
    assert_eq!((answer.ok()["state"].clone(), reads().await), (json!("LINK_SENT"), json!(2)));
    world.call("GET", &wait, &Value::Null).await.problem(429);

    // With a full bucket, it waits for a second.
    world.stack.clock().advance(60_000);
    forget_counts(&world).await;
    let begun = Instant::now();
    world.call("GET", &wait, &Value::Null).await.ok();
    assert!(begun.elapsed() >= Duration::from_secs(1) && reads().await.as_u64().unwrap() > 2);
}
