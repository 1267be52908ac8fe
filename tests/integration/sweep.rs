//! Expiry is published within minutes; and waiting for a state.
//!
//! Operations: getJob.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use local::Options;
use serde_json::{Value, json};

use crate::world::{ADA, Answer, World};

/// The longest wait of a caller.
const LONGEST: Duration = Duration::from_secs(20);

const DAY: i64 = 24 * 3600 * 1000;

fn of_state<'a>(events: &'a [Value], state: &str) -> Vec<&'a Value> {
    events.iter().filter(|event| event["detail"]["data"]["credential_binding_job"]["state"] == state).collect()
}

/// The ids of the events about an expiry. An event may be published more than once.
async fn ids(world: &World) -> BTreeSet<String> {
    let events = world.local("events").await;
    let expired = of_state(events.as_array().unwrap(), "EXPIRED");
    expired.iter().map(|event| event["detail"]["metadata"]["event_id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_jobs_expire_at_once_and_none_is_missed() {
    let world = World::new().await;
    world.invite().await;
    let items = world.items();
    let template = items.iter().find(|item| item["kind"]["S"] == "JOB").unwrap();
    for index in 1..1000 {
        let id = format!("01a20a52-8cdd-7ce4-b7e8-{index:012x}");
        let mut item = template.clone();
        item["sk"]["S"] = format!("JOB#{id}").into();
        item["realm_sort"]["S"] = format!("{}#{id}", "0".repeat(15)).into();
        item["expiry_shard"]["S"] = format!("EXPIRY#{}", &id[35..]).into();
        world.put(&item);
    }
    let done = world.invite().await;
    world.enrol(&done).await;
    world.fault("dynamodb", "Query", "error", 9).await;
    world.fault("dynamodb", "UpdateItem", "throttle", 30).await;
    world.fault("dynamodb", "UpdateItem", "lost_response", 10).await;
    let advance = async |seconds: i64| {
        let body = json!({"advance_seconds": seconds}).to_string();
        world.send("POST", "/_local/clock", &[], body).await.ok();
    };
    advance(7 * DAY / 1000).await;
    // The sweeps of the next minutes complete what a failing table prevented.
    for _ in 0..5 {
        world.drained().await;
        advance(60).await;
    }
    world.drained().await;
    assert_eq!(ids(&world).await.len(), 1000);
    let events = world.local("events").await;
    let expired = of_state(events.as_array().unwrap(), "EXPIRED");
    let one = &expired[0]["detail"]["data"];
    assert_eq!(one["previous_state"], "LINK_SENT");
    assert_eq!(world.get(&done.path).await["state"], "COMPLETE");
    // Nothing is left in the index, and the purge is not published.
    assert!(world.items().iter().all(|item| item.get("expiry_shard").is_none()));
    advance(31 * DAY / 1000).await;
    world.drained().await;
    if world.stack.engine().purges() {
        assert_eq!(world.items().iter().filter(|item| item["kind"]["S"] == "JOB").count(), 0);
    }
    assert_eq!(ids(&world).await.len(), 1000);
}

/// Two concurrent sweeps, and a job that is opened at the last moment.
#[tokio::test(flavor = "multi_thread")]
async fn an_expiry_is_recorded_once() {
    let world = World::new().await;
    let invited = world.invite_with(&json!({"expires_in_seconds": 60})).await;
    world.open(&invited).await.ok();
    world.stack.clock().advance(61_000);
    let events = world.eventually("events", |events| of_state(events, "EXPIRED").len() == 1).await;
    assert_eq!(of_state(&events, "EXPIRED")[0]["detail"]["data"]["previous_state"], "LINK_OPENED");
    for _ in 0..3 {
        world.stack.clock().advance(61_000);
        world.drained().await;
    }
    assert_eq!(of_state(world.local("events").await.as_array().unwrap(), "EXPIRED").len(), 1);
    let read = world.get(&invited.path).await;
    assert_eq!(read["transitions"].as_array().unwrap().len(), 3);
}

/// Asks until the job is in the state, or for 20 seconds, as `Retry-After` says. The last answer, and the number of
/// requests.
async fn wait_for(world: &World, path: &str, state: &str) -> (Answer, u32) {
    let begun = Instant::now();
    for requests in 1.. {
        let answer = world.call("GET", &format!("{path}?wait_seconds=20&state={state}"), &Value::Null).await;
        let Some(pause) = answer.headers.get("retry-after") else { return (answer, requests) };
        let pause = Duration::from_secs(pause.to_str().unwrap().parse().unwrap());
        if begun.elapsed() + pause > LONGEST {
            return (answer, requests);
        }
        tokio::time::sleep(pause).await;
    }
    unreachable!("a wait has an end")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_waits_for_a_state() {
    let world = std::sync::Arc::new(World::new().await);
    let invited = world.invite().await;
    let path = invited.path.clone();
    let prepared = world.prepare(&invited).await;
    let waiting = tokio::spawn({
        let world = world.clone();
        async move { wait_for(&world, &path, "COMPLETE").await }
    });
    tokio::time::sleep(Duration::from_millis(400)).await;
    world.bind(&invited, &prepared.0, &prepared.1).await.ok();
    let (answer, requests) = waiting.await.unwrap();
    assert_eq!(answer.ok()["state"], "COMPLETE");
    assert!(requests <= 3, "{requests} requests");

    // An unreachable state, or one that is reached, ends the wait at once.
    let other = world.invite().await;
    for (path, wanted, state) in [(&invited.path, "EXPIRED", "COMPLETE"), (&other.path, "LINK_SENT", "LINK_SENT")] {
        let (answer, requests) = wait_for(&world, path, wanted).await;
        assert_eq!((answer.ok()["state"].clone(), requests), (json!(state), 1));
    }
    let unknown = format!("{ADA}/credential-binding-jobs/01a20a52-8cdd-7ce4-b7e8-52164f112b0f");
    world.call("GET", &format!("{unknown}?wait_seconds=20&state=COMPLETE"), &Value::Null).await.problem(404);
    for bad in ["wait_seconds=21&state=COMPLETE", "wait_seconds=x&state=COMPLETE"] {
        let answer = world.call("GET", &format!("{}?{bad}", other.path), &Value::Null).await;
        assert_eq!(answer.fields(), ["wait_seconds"]);
    }
    let answer = world.call("GET", &format!("{}?wait_seconds=1", other.path), &Value::Null).await;
    assert_eq!(answer.fields(), ["state"]);
}

/// A function is kept waiting for a second at most, however long the caller wants to wait.
#[tokio::test(flavor = "multi_thread")]
async fn a_wait_is_short_and_says_when_to_ask_again() {
    let world = World::new().await;
    world.stack.clock().stop();
    let invited = world.invite().await;
    for (idle_millis, retry_after) in [(0, "3"), (119_999, "3"), (1, "10")] {
        world.stack.clock().advance(idle_millis);
        world.send("DELETE", "/_local/requests", &[], "").await.ok();
        let begun = Instant::now();
        let answer = world.call("GET", &format!("{}?wait_seconds=20&state=COMPLETE", invited.path), &Value::Null).await;
        assert!(begun.elapsed() >= Duration::from_secs(1));
        assert!(begun.elapsed() < LONGEST / 2, "{:?}", begun.elapsed());
        assert_eq!(
            (&answer.json["state"], &answer.headers["retry-after"]),
            (&json!("LINK_SENT"), &retry_after.parse().unwrap())
        );
        // Three reads while it waits, and a consistent one at the end.
        let reads = world.local("requests?by=function").await["QueryStatus"]["dynamodb:GetItem"].clone();
        assert_eq!(reads, 4);
    }
    // A plain query has no such header.
    assert!(!world.call("GET", &invited.path, &Value::Null).await.headers.contains_key("retry-after"));
}

/// Without waits, each query is one consistent read.
#[tokio::test(flavor = "multi_thread")]
async fn waits_can_be_switched_off() {
    let parameters = vec![("WaitSeconds".to_owned(), "0".to_owned())];
    let world = World::with(Options { parameters, ..Options::default() }).await;
    let invited = world.invite().await;
    world.send("DELETE", "/_local/requests", &[], "").await.ok();
    let answer = world.call("GET", &format!("{}?wait_seconds=20&state=COMPLETE", invited.path), &Value::Null).await;
    assert_eq!(answer.headers["retry-after"], "3");
    assert_eq!(world.local("requests?by=function").await["QueryStatus"]["dynamodb:GetItem"], 1);
}
