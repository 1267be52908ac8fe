//! A device opens a link and gets the binding request in one request, `:getInfo` with the link's secret.
//!
//! Operations: getInfo.

use serde_json::{Value, json};

use crate::authenticator::register;
use crate::model::check::{check_events, id, items};
use crate::world::{ADA, Invited, World, job};

/// The job's item.
fn item(world: &World, job: &Invited) -> Value {
    let wanted = job.path.rsplit_once('/').unwrap().1;
    items(world, "ada").into_iter().find(|item| item["kind"]["S"] == "JOB" && id(item) == wanted).unwrap()
}

/// The job's events. Its whole stream is published before.
async fn events(world: &World, job: &Invited) -> Vec<Value> {
    world.drained().await;
    let id = job.path.rsplit_once('/').unwrap().1;
    let events = world.local("events").await.as_array().unwrap().clone();
    check_events(&item(world, job), "credential_binding_job", &events, false);
    events.into_iter().filter(|event| event["detail"]["metadata"]["correlation_id"] == id).collect()
}

/// The events of a job without its id, to be compared with those of another job.
fn comparable(events: &[Value], job: &Invited) -> Vec<Value> {
    let id = job.path.rsplit_once('/').unwrap().1;
    let of = |event: &Value| {
        let mut event: Value = serde_json::from_str(&event.to_string().replace(id, "JOB")).unwrap();
        event["id"] = Value::Null;
        event
    };
    events.iter().map(of).collect()
}

/// The states that the job's events report, with their sequence.
fn states(events: &[Value]) -> Vec<(&str, u64)> {
    let mut found = Vec::new();
    for event in events {
        let Some(state) = event["detail"]["data"]["credential_binding_job"]["state"].as_str() else { continue };
        found.push((state, event["detail"]["metadata"]["sequence"].as_u64().unwrap()));
    }
    found
}

/// The same state, history and events as with two requests, and one request less.
#[tokio::test(flavor = "multi_thread")]
async fn one_request_does_what_two_do() {
    let world = World::new().await;
    world.stack.clock().stop();
    let (one, two) = (world.invite().await, world.invite().await);
    let opened = world.open(&two).await.ok();
    let mut delivered = world.get_info(&two, opened["token"].as_str().unwrap()).await.ok();
    let mut at_once = world.get_info(&one, &one.secret).await.ok();
    let token = at_once["token"].as_str().unwrap().to_owned();
    assert_eq!(delivered["token"], Value::Null, "a device that has a ceremony token gets no other");
    let [registration, other] =
        [&at_once, &delivered].map(|request| register(&request["creation_options"], world.stack.base()));
    for (request, job) in [(&mut at_once, &one), (&mut delivered, &two)] {
        request["creation_options"]["challenge"] = Value::Null;
        request["jwt_binding"]["nonce"] = Value::Null;
        request.as_object_mut().unwrap().remove("token");
        *request = serde_json::from_str(&request.to_string().replace(&job.path, "JOB")).unwrap();
    }
    assert_eq!(at_once, delivered);

    let read = world.get(&one.path).await;
    assert_eq!(read["state"], "REQUEST_DELIVERED");
    let history = |job: &Value| job["transitions"].clone();
    assert_eq!(history(&read), history(&world.get(&two.path).await));
    assert_eq!(history(&read).as_array().unwrap().len(), 3, "{read}");

    world.bind(&one, &token, &registration).await.ok();
    world.bind(&two, opened["token"].as_str().unwrap(), &other).await.ok();
    let (of_one, of_two) = (events(&world, &one).await, events(&world, &two).await);
    let expected = [("LINK_SENT", 1), ("LINK_OPENED", 2), ("REQUEST_DELIVERED", 3), ("COMPLETE", 4)];
    assert_eq!(states(&of_one), expected);
    // The completions differ in their keys.
    assert_eq!(comparable(&of_one[..3], &one), comparable(&of_two[..3], &two));
}

/// A repetition returns the options again, with another token, and changes nothing. Both tokens are valid.
#[tokio::test(flavor = "multi_thread")]
async fn a_repetition_is_harmless() {
    let world = World::new().await;
    let invited = world.invite().await;
    let first = world.get_info(&invited, &invited.secret).await.ok();
    let before = item(&world, &invited);
    let second = world.get_info(&invited, &invited.secret).await.ok();
    world.open(&invited).await.ok();
    assert_ne!(first["token"], second["token"]);
    assert_ne!(first["creation_options"]["challenge"], second["creation_options"]["challenge"]);
    assert_eq!(item(&world, &invited), before);
    let registration = register(&first["creation_options"], world.stack.base());
    world.bind(&invited, first["token"].as_str().unwrap(), &registration).await.ok();
    let late = world.get_info(&invited, &invited.secret).await;
    assert_eq!((late.status, late.kind()), (409, "job-complete"));
}

/// Whatever opened the link before, and whichever token the device has, each state is entered once.
#[tokio::test(flavor = "multi_thread")]
async fn each_state_is_entered_once() {
    let world = World::new().await;
    let expected = [("LINK_SENT", 1), ("LINK_OPENED", 2), ("REQUEST_DELIVERED", 3)];

    let opened = world.invite().await;
    world.open(&opened).await.ok();
    world.get_info(&opened, &opened.secret).await.ok();
    assert_eq!(states(&events(&world, &opened).await), expected);

    // A client that follows an app's link without being a user's navigation gets a ceremony token, but opens nothing.
    let body = job("RETURN", &json!({"authenticator_config_id": "embedded"}));
    let made = world.call("POST", &format!("{ADA}/credential-binding-jobs"), &body).await.ok();
    let link = made["credential_binding_link"].as_str().unwrap().strip_prefix(world.stack.base()).unwrap();
    let redirected = world.send("GET", link, &[], "").await;
    let location = redirected.headers["location"].to_str().unwrap();
    let ceremony = location.split_once("&token=").unwrap().1;
    let app = Invited { path: link.split_once(':').unwrap().0.to_owned(), secret: String::new() };
    assert_eq!(world.get(&app.path).await["state"], "LINK_SENT");
    let request = world.get_info(&app, ceremony).await.ok();
    assert_eq!(request["token"], Value::Null);
    assert_eq!(states(&events(&world, &app).await), expected);
}

/// Requests at the same moment, of both kinds.
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_requests_enter_each_state_once() {
    let world = World::new().await;
    for _ in 0..10 {
        let invited = world.invite().await;
        let (open, fetch) = (|| world.open(&invited), || world.get_info(&invited, &invited.secret));
        let (a, b, c, d) = tokio::join!(open(), fetch(), open(), fetch());
        for answer in [a, b, c, d] {
            assert!(answer.ok()["token"].is_string());
        }
        let expected = [("LINK_SENT", 1), ("LINK_OPENED", 2), ("REQUEST_DELIVERED", 3)];
        assert_eq!(states(&events(&world, &invited).await), expected);
    }
}

/// The write recognizes itself when its response was lost, and a device whose response was lost repeats the request.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_response_loses_nothing() {
    let world = World::new().await;
    let invited = world.invite().await;
    world.drained().await;
    world.plan(&json!({"function": "DeliverRequest", "operation": "UpdateItem", "kind": "lost_response"})).await;
    let request = world.get_info(&invited, &invited.secret).await.ok();
    assert!(request["token"].is_string());
    assert_eq!(world.injected().await.len(), 1);
    let expected = [("LINK_SENT", 1), ("LINK_OPENED", 2), ("REQUEST_DELIVERED", 3)];
    assert_eq!(states(&events(&world, &invited).await), expected);
}

/// The bus refuses one of the two events of a write, for a moment. They are published in order all the same.
#[tokio::test(flavor = "multi_thread")]
async fn both_events_of_a_write_are_published_in_order() {
    let world = World::new().await;
    let expected = [("LINK_SENT", 1), ("LINK_OPENED", 2), ("REQUEST_DELIVERED", 3)];
    for fault in [
        json!({"operation": "PutEventsEntry", "kind": "error"}),
        json!({"operation": "PutEventsEntry", "kind": "error", "skip": 1}),
        json!({"operation": "PutEventsEntry", "kind": "error", "skip": 1, "times": 6}),
        json!({"operation": "PutEvents", "kind": "throttle", "skip": 1, "times": 2}),
    ] {
        let invited = world.invite().await;
        world.drained().await;
        let mut plan = fault.clone();
        (plan["function"], plan["service"]) = (json!("PublishChanges"), json!("eventbridge"));
        world.plan(&plan).await;
        world.get_info(&invited, &invited.secret).await.ok();
        world.drained().await;
        assert!(!world.injected().await.is_empty(), "{fault}");
        // An event whose response was lost is published again. `events` has checked the order.
        let of_job = events(&world, &invited).await;
        let mut published = states(&of_job);
        published.dedup();
        assert_eq!(published, expected, "{fault}");
    }
}

/// Who may not open a link gets no options either, and learns no more than with `:open`.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_opened_is_not_delivered() {
    let world = World::new().await;
    let none = Value::Null;
    let wrong = |job: &Invited| Invited { path: job.path.clone(), secret: "A".repeat(43) };
    let (live, revoked, declined) = (world.invite().await, world.invite().await, world.invite().await);
    let expired = world.invite_with(&json!({"expires_in_seconds": 60})).await;
    world.call("POST", &format!("{}:revoke", revoked.path), &none).await.ok();
    world.bearing(&declined.secret, "POST", &format!("{}:decline", declined.path), "").await.ok();
    world.stack.clock().advance(61_000);
    for (job, status, kind) in
        [(&revoked, 410, "job-revoked"), (&declined, 410, "job-revoked"), (&expired, 410, "job-expired")]
    {
        for answer in [world.get_info(job, &job.secret).await, world.open(job).await] {
            answer.problem(status);
            assert_eq!(answer.kind(), kind);
        }
    }
    for job in [&live, &revoked, &expired] {
        world.get_info(job, &wrong(job).secret).await.problem(404);
    }
    world.call("PATCH", ADA, &json!({"identity": {"status": "suspended"}})).await.ok();
    let suspended = world.get_info(&live, &live.secret).await;
    assert_eq!((suspended.status, suspended.kind()), (409, "identity-suspended"));
    for (job, kind) in [(&revoked, "job-revoked"), (&expired, "job-expired")] {
        assert_eq!(world.get_info(job, &job.secret).await.kind(), kind, "the end of the job comes first");
    }
    for job in [&live, &revoked] {
        world.get_info(job, &wrong(job).secret).await.problem(404);
    }
    assert_eq!(states(&events(&world, &live).await), [("LINK_SENT", 1)]);
}
