//! `expire_time` is obeyed by the clock, in every read and every write.

use serde_json::{Value, json};

use crate::world::World;

const DAY: i64 = 24 * 3600 * 1000;

#[tokio::test(flavor = "multi_thread")]
async fn seven_days_less_a_second_works() {
    let world = World::new().await;
    let invited = world.invite().await;
    // A second, and some for a slow machine; the millisecond is a unit test's.
    world.stack.clock().advance(7 * DAY - 1000 - 4000);
    world.enrol(&invited).await;
    assert_eq!(world.get(&invited.path).await["state"], "COMPLETE");
    // What is complete does not expire.
    world.stack.clock().advance(8 * DAY);
    assert_eq!(world.get(&invited.path).await["state"], "COMPLETE");
}

#[tokio::test(flavor = "multi_thread")]
async fn seven_days_do_not() {
    let world = World::new().await;
    let (sent, opened, delivered) = (world.invite().await, world.invite().await, world.invite().await);
    world.stack.clock().advance(7 * DAY - 60_000);
    let opened_ceremony = world.open(&opened).await.ok()["token"].as_str().unwrap().to_owned();
    let (ceremony, registration) = world.prepare(&delivered).await;
    world.stack.clock().advance(60_000);
    let answers = [
        world.open(&sent).await,
        world.open(&opened).await,
        world.get_info(&opened, &opened_ceremony).await,
        world.get_info(&delivered, &ceremony).await,
        world.bind(&delivered, &ceremony, &registration).await,
    ];
    for answer in answers {
        answer.problem(410);
        assert_eq!((answer.kind(), &answer.json["state"]), ("job-expired", &json!("EXPIRED")));
    }
    let revoked = world.call("POST", &format!("{}:revoke", sent.path), &Value::Null).await;
    revoked.problem(409);
    assert_eq!(revoked.json["details"][0]["description"], "the job has expired");
    for job in [&sent, &opened, &delivered] {
        let read = world.get(&job.path).await;
        assert_eq!(read["state"], "EXPIRED");
        assert_eq!(read["transitions"].as_array().unwrap().last().unwrap()["time"], read["expire_time"]);
    }
    let list = world.get(sent.path.rsplit_once('/').unwrap().0).await;
    assert!(list["credential_binding_jobs"].as_array().unwrap().iter().all(|job| job["state"] == "EXPIRED"), "{list}");
    // The hosted page is told too, before any click.
    let preview = world.bearing(&sent.secret, "GET", &format!("{}:preview", sent.path), "").await.ok();
    assert_eq!(preview["state"], "EXPIRED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ceremony_lives_fifteen_minutes_and_its_link_longer() {
    let world = World::new().await;
    let invited = world.invite().await;
    let (ceremony, registration) = world.prepare(&invited).await;
    world.stack.clock().advance(15 * 60_000);
    let late = world.bind(&invited, &ceremony, &registration).await;
    late.problem(401);
    assert_eq!(late.kind(), "ceremony-expired");
    assert_eq!(world.get_info(&invited, &ceremony).await.kind(), "ceremony-expired");
    world.enrol(&invited).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creator_can_ask_for_less() {
    let world = World::new().await;
    let invited = world.invite_with(&json!({"expires_in_seconds": 60})).await;
    world.stack.clock().advance(54_000);
    world.open(&invited).await.ok();
    world.stack.clock().advance(6_000);
    world.open(&invited).await.problem(410);
}

/// DynamoDB purges thirty days after the end, and not before.
#[tokio::test(flavor = "multi_thread")]
async fn the_purge_comes_thirty_days_later() {
    let world = World::new().await;
    world.invite().await;
    let items = world.items();
    let job = items.iter().find(|item| item["kind"]["S"] == "JOB").unwrap();
    let number = |name: &str| job[name]["N"].as_str().unwrap().parse::<i64>().unwrap();
    assert_eq!(number("ttl"), number("expire_ms") / 1000 + 30 * 24 * 3600);
    world.eventually("events", |events| events.len() == 1).await;
    let advance = async |days: i64| {
        let body = json!({"advance_seconds": days * 24 * 3600}).to_string();
        world.send("POST", "/_local/clock", &[], body).await.ok();
        world.items().iter().filter(|item| item["kind"]["S"] == "JOB").count()
    };
    assert_eq!(advance(36).await, 1);
    // Another engine takes its own time.
    if !world.stack.engine().purges() {
        return;
    }
    assert_eq!(advance(2).await, 0);
    // The purge is told to nobody.
    world.invite().await;
    assert_eq!(world.eventually("events", |events| events.len() >= 2).await.len(), 2);
}
