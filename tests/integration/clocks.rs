//! Clocks of functions differ, and writes can be late: `update_time` of a job or credential never decreases.

use serde_json::{Value, json};

use crate::model::check::{check_events, items};
use crate::world::{ADA, Answer, World, job};

/// Sets the clock back by three seconds: the clock of the next function is behind that of the previous one.
fn set_back(world: &World) {
    world.stack.clock().advance(-3000);
}

/// Checks that `update_time` at a path is no earlier than before, and that the transitions are in order.
async fn no_earlier(world: &World, path: &str, before: &mut String) {
    let read = world.get(path).await;
    let time = read["update_time"].as_str().unwrap();
    assert!(before.as_str() <= time, "update_time was {before}: {read}");
    let transitions = read["transitions"].as_array().cloned().unwrap_or_default();
    assert!(transitions.is_sorted_by_key(|transition| transition["time"].as_str().unwrap().to_owned()), "{read}");
    time.clone_into(before);
}

/// Checks the published events of ada's jobs and credentials.
async fn published(world: &World) {
    world.drained().await;
    let events = world.local("events").await.as_array().unwrap().clone();
    for item in items(world, "ada") {
        match item["kind"]["S"].as_str().unwrap() {
            "JOB" => check_events(&item, "credential_binding_job", &events, false),
            "CREDENTIAL" => check_events(&item, "credential", &events, false),
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_with_a_slower_clock_does_not_lower_update_time() {
    let world = World::new().await;
    let (invited, mut before) = (world.invite().await, String::new());
    no_earlier(&world, &invited.path, &mut before).await;
    set_back(&world);
    let opened: Answer = world.open(&invited).await;
    let ceremony = opened.ok()["token"].as_str().unwrap().to_owned();
    no_earlier(&world, &invited.path, &mut before).await;
    set_back(&world);
    let info = world.get_info(&invited, &ceremony).await.ok();
    no_earlier(&world, &invited.path, &mut before).await;
    set_back(&world);
    let registration = crate::authenticator::register(&info["creation_options"], world.stack.base());
    let credential = world.bind(&invited, &ceremony, &registration).await.ok();
    no_earlier(&world, &invited.path, &mut before).await;
    let path = format!("{ADA}/credentials/{}", credential["id"].as_str().unwrap());
    let mut before = String::new();
    no_earlier(&world, &path, &mut before).await;
    set_back(&world);
    assert_eq!(world.call("POST", &format!("{path}:revoke"), &Value::Null).await.ok()["state"], "REVOKED");
    no_earlier(&world, &path, &mut before).await;
    published(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resend_and_a_bounce_with_a_slower_clock_do_not_lower_update_time() {
    let world = World::new().await;
    let created = world.call("POST", &format!("{ADA}/credential-binding-jobs"), &job("EMAIL", &json!({}))).await.ok();
    let path = format!("{ADA}/credential-binding-jobs/{}", created["credential_binding_job"]["id"].as_str().unwrap());
    let mut before = String::new();
    world.drained().await;
    no_earlier(&world, &path, &mut before).await;
    world.stack.clock().advance(61_000);
    world.call("POST", &format!("{path}:resend"), &Value::Null).await.ok();
    no_earlier(&world, &path, &mut before).await;
    world.drained().await;
    let mails = world.eventually("mail", |mails| mails.len() == 2).await;
    set_back(&world);
    let report = json!({"message_id": mails[1]["message_id"], "event": "bounce"}).to_string();
    world.send("POST", "/_local/email-events", &[], report).await.ok();
    world.drained().await;
    no_earlier(&world, &path, &mut before).await;
    assert_eq!(world.get(&path).await["state"], "FAILED_TO_SEND");
    published(&world).await;
}

/// A job expires at its `expire_time`, even if the expiry is recorded after a later report about its mail.
#[tokio::test(flavor = "multi_thread")]
async fn an_expiry_recorded_after_a_report_does_not_lower_update_time() {
    let world = World::new().await;
    let short = job("EMAIL", &json!({"expires_in_seconds": 60}));
    let created = world.call("POST", &format!("{ADA}/credential-binding-jobs"), &short).await.ok();
    let path = format!("{ADA}/credential-binding-jobs/{}", created["credential_binding_job"]["id"].as_str().unwrap());
    let mails = world.eventually("mail", |mails| mails.len() == 1).await;
    world.drained().await;
    let mut before = String::new();
    // Every sweep fails.
    world.plan(&json!({"function": "ExpireJobs", "kind": "error", "times": 100_000})).await;
    world.stack.clock().advance(120_000);
    no_earlier(&world, &path, &mut before).await;
    let report = json!({"message_id": mails[0]["message_id"], "event": "complaint"}).to_string();
    world.send("POST", "/_local/email-events", &[], report).await.ok();
    let complained = |items: &[Value]| items.iter().any(|item| item["email_status"]["S"] == "COMPLAINED");
    world.eventually_items(complained).await;
    no_earlier(&world, &path, &mut before).await;
    world.send("DELETE", "/_local/faults", &[], "").await.ok();
    world.stack.clock().advance(61_000);
    world.eventually_items(|items| items.iter().any(|item| item["state"]["S"] == "EXPIRED")).await;
    no_earlier(&world, &path, &mut before).await;
    let read = world.get(&path).await;
    assert_eq!(read["transitions"].as_array().unwrap().last().unwrap()["time"], read["expire_time"]);
    assert!(read["update_time"].as_str() > read["expire_time"].as_str(), "{read}");
    published(&world).await;
}
