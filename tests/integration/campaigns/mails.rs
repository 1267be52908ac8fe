//! What mails do to batches, and reminders.

use serde_json::{Value, json};

use super::{BATCHES, batch};
use crate::world::{ADA, Invited, REALM, World, job};

const HOUR: i64 = 60 * 60 * 1000;

#[tokio::test(flavor = "multi_thread")]
async fn too_many_bounces_stop_a_batch() {
    let world = World::new().await;
    world.person("bad", Some("bounce@simulator.amazonses.com"), &json!({})).await;
    let mut ids = vec!["bad".to_owned()];
    ids.extend(world.people(5).await);
    let made = world.call("POST", BATCHES, &batch(&ids, &json!({"pacing": {"max_per_minute": 1}}))).await.ok();
    world.minutes(5).await;
    let stopped = world.batch(&made).await;
    assert_eq!(stopped["control"]["state"], "stopped_by_bounces", "{stopped}");
    let (invited, bounced) = (&stopped["counts"]["invited"], &stopped["counts"]["bounced"]);
    assert!(invited.as_u64().unwrap() <= 3 && *bounced == 1, "{stopped}");
    let results = world.results(&made).await;
    assert_eq!((&results[0]["state"], &results[0]["reason"]), (&json!("FAILED_TO_SEND"), &json!("bounced")));
    let events = world.local("events").await;
    let told = events.as_array().unwrap().iter().any(|event| {
        let data = &event["detail"]["data"];
        data["batch_credential_binding_job"]["control"]["state"] == "stopped_by_bounces"
            && data["previous_control"] == "active"
    });
    assert!(told, "{events}");
    world.minutes(2).await;
    assert_eq!(world.batch(&made).await["counts"]["invited"], *invited);
    // A person looks at it, and goes on: the share is counted afresh.
    world.control(&made, "resume").await.ok();
    world.minutes(8).await;
    let ended = world.batch(&made).await;
    assert_eq!((&ended["state"], &ended["counts"]["invited"]), (&json!("SUCCESS"), &json!(6)));
    // Another batch does not try the address again.
    let again = world.call("POST", BATCHES, &batch(&ids[..1], &json!({"dry_run": true}))).await.ok();
    assert_eq!(again["plan"][0]["reason"], "bounced");
}

/// The mails of a job, oldest first: subject and text.
async fn mails(world: &World, id: &str) -> Vec<(String, String)> {
    let mails = world.local("mail").await;
    let of_job = mails.as_array().unwrap().iter().filter(|mail| mail["tags"]["job_id"] == id);
    of_job.map(|mail| (mail["subject"].to_string(), mail["text"].to_string())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn recipients_who_do_nothing_are_reminded() {
    let world = World::new().await;
    let ids = world.people(4).await;
    let reminders = json!([{"after_seconds": 3600}, {"after_seconds": 7200}]);
    let made = world.call("POST", BATCHES, &batch(&ids, &json!({"reminders": reminders}))).await.ok();
    world.minutes(1).await;
    let results = world.results(&made).await;
    let jobs: Vec<String> = results.iter().map(|result| result["id"].as_str().unwrap().to_owned()).collect();
    // p0 creates the passkey, p1 opens the link, p2's job is revoked, p3 does nothing.
    let mut invited = Vec::new();
    for (id, job) in ids.iter().zip(&jobs) {
        let secret = crate::model::secret_of(&mails(&world, job).await[0].1.replace("\\n", "\n"));
        invited.push(Invited { path: format!("{REALM}/identities/{id}/credential-binding-jobs/{job}"), secret });
    }
    world.enrol(&invited[0]).await;
    world.open(&invited[1]).await.ok();
    world.call("POST", &format!("{}:revoke", invited[2].path), &Value::Null).await.ok();
    world.stack.clock().advance(HOUR);
    world.minutes(2).await;
    let count = async |index: usize| {
        let all = mails(&world, &jobs[index]).await;
        all.iter().filter(|(_, text)| text.contains(&invited[index].secret)).count()
    };
    assert_eq!([count(0).await, count(1).await, count(2).await, count(3).await], [1, 2, 1, 2]);
    let texts = mails(&world, &jobs[3]).await;
    assert!(texts[1].0.contains("Reminder"), "{:?}", texts[1]);
    assert_eq!(world.get(&invited[3].path).await["reminders_sent"], 1);
    assert_eq!(world.results(&made).await[3]["reminders_sent"], 1);
    world.stack.clock().advance(HOUR);
    world.minutes(2).await;
    assert_eq!([count(1).await, count(3).await], [3, 3]);
    world.stack.clock().advance(3 * HOUR);
    world.minutes(2).await;
    assert_eq!(count(3).await, 3, "two reminders, and no more");
    assert!(world.items().iter().all(|item| item.get("due_shard").is_none()));
    let events = world.local("events").await;
    let reminded = events.as_array().unwrap().iter().filter(|event| {
        let job = &event["detail"]["data"]["credential_binding_job"];
        job["id"] == jobs[3].as_str() && job["reminders_sent"] == 2
    });
    assert!(reminded.count() >= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn single_jobs_and_realms_have_reminders_too() {
    let world = World::new().await;
    let reminders = json!({"realm": {"reminders": [{"after_seconds": 3600}]}});
    assert_eq!(world.call("PATCH", REALM, &reminders).await.ok()["reminders"][0]["after_seconds"], 3600);
    let jobs = format!("{ADA}/credential-binding-jobs");
    let make = async |more: Value| world.call("POST", &jobs, &job("EMAIL", &more)).await;
    let by_realm = make(json!({})).await.ok()["credential_binding_job"]["id"].as_str().unwrap().to_owned();
    let never = make(json!({"reminders": []})).await.ok()["credential_binding_job"].clone();
    assert_eq!(never.get("reminders"), None);
    world.drained().await;
    world.stack.clock().advance(HOUR);
    world.minutes(2).await;
    assert_eq!(mails(&world, &by_realm).await.len(), 2);
    assert_eq!(mails(&world, never["id"].as_str().unwrap()).await.len(), 1);
    for bad in [
        json!([{"after_seconds": 3600}, {"after_seconds": 3601}]),
        json!([{"after_seconds": 60}]),
        json!([{}, {}]),
        json!(vec![json!({"after_seconds": 3600}); 4]),
        json!("soon"),
    ] {
        assert!(!make(json!({"reminders": bad})).await.fields().is_empty(), "{bad}");
    }
    let returned = world.call("POST", &jobs, &job("RETURN", &json!({"reminders": [{"after_seconds": 3600}]}))).await;
    assert_eq!(returned.fields(), ["job.reminders"]);
}

/// A mail that SES throttles halves the pace of batches for ten minutes.
#[tokio::test(flavor = "multi_thread")]
async fn throttling_halves_the_pace() {
    let world = World::new().await;
    world.fault("sesv2", "SendEmail", "throttle", 8).await;
    world.call("POST", &format!("{ADA}/credential-binding-jobs"), &job("EMAIL", &json!({}))).await.ok();
    world.drained().await;
    let pacer = |world: &World| {
        let items = world.all_items();
        let pacer = items.iter().find(|item| item["kind"]["S"] == "PACE").cloned().unwrap_or_default();
        pacer["throttled_ms"]["N"].as_str().map(|time| time.parse::<i64>().unwrap())
    };
    let until = pacer(&world).unwrap();
    let now = world.stack.clock().now().millis();
    assert!(until > now && until <= now + 600_000, "{until} {now}");
}
