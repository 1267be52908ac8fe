//! `expire_time` is enforced by the clock, in every read and every write.

use binding::ids::{IdentityId, IdentityRef, JobId, JobRef, RealmId, RealmRef, TenantId};
use binding::job::{Command, NotDone, Refused};
use binding::state::State;
use cloud::aws::Aws;
use cloud::env::Env;
use cloud::table::{Holder, Table};
use serde_json::{Value, json};

use crate::world::{Invited, World};

const DAY: i64 = 24 * 3600 * 1000;

#[tokio::test(flavor = "multi_thread")]
async fn a_link_works_until_the_last_millisecond_of_seven_days() {
    let world = World::new().await;
    world.stack.clock().stop();
    let invited = world.invite().await;
    world.stack.clock().advance(7 * DAY - 1);
    world.enrol(&invited).await;
    assert_eq!(world.get(&invited.path).await["state"], "COMPLETE");
    // A complete job does not expire.
    world.stack.clock().advance(8 * DAY);
    assert_eq!(world.get(&invited.path).await["state"], "COMPLETE");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_does_not_work_after_seven_days() {
    let world = World::new().await;
    world.stack.clock().stop();
    let (sent, opened, delivered) = (world.invite().await, world.invite().await, world.invite().await);
    world.stack.clock().advance(7 * DAY - 1);
    let opened_ceremony = world.open(&opened).await.ok()["token"].as_str().unwrap().to_owned();
    let (ceremony, registration) = world.prepare(&delivered).await;
    world.stack.clock().advance(1);
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
    // The hosted page shows this before any click.
    let preview = world.bearing(&sent.secret, "GET", &format!("{}:preview", sent.path), "").await.ok();
    assert_eq!(preview["state"], "EXPIRED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ceremony_lasts_fifteen_minutes_and_its_link_longer() {
    let world = World::new().await;
    world.stack.clock().stop();
    let invited = world.invite().await;
    let (ceremony, registration) = world.prepare(&invited).await;
    world.stack.clock().advance(15 * 60_000 - 1);
    world.get_info(&invited, &ceremony).await.ok();
    world.stack.clock().advance(1);
    let late = world.bind(&invited, &ceremony, &registration).await;
    late.problem(401);
    assert_eq!(late.kind(), "ceremony-expired");
    assert_eq!(world.get_info(&invited, &ceremony).await.kind(), "ceremony-expired");
    world.enrol(&invited).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creator_can_set_a_shorter_lifetime() {
    let world = World::new().await;
    world.stack.clock().stop();
    let invited = world.invite_with(&json!({"expires_in_seconds": 60})).await;
    world.stack.clock().advance(59_999);
    world.open(&invited).await.ok();
    world.stack.clock().advance(1);
    world.open(&invited).await.problem(410);
}

/// DynamoDB purges thirty days after the end, and not earlier.
#[tokio::test(flavor = "multi_thread")]
async fn items_are_purged_after_thirty_days() {
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
    // Other engines purge on their own schedule.
    if !world.stack.engine().purges() {
        return;
    }
    assert_eq!(advance(2).await, 0);
    // The purge is not published.
    world.invite().await;
    assert_eq!(world.eventually("events", |events| events.len() >= 2).await.len(), 2);
}

/// The job as it is stored.
fn stored(world: &World, job: &Invited) -> Value {
    let sort_key = format!("JOB#{}", job.path.rsplit_once('/').unwrap().1);
    world.items().into_iter().find(|item| item["sk"]["S"] == sort_key).unwrap()
}

/// Until the sweep has recorded the expiry, the condition of each write rejects the change.
#[tokio::test(flavor = "multi_thread")]
async fn every_write_checks_the_clock_without_the_sweep() {
    let world = World::new().await;
    world.stack.clock().stop();
    world.without_sweep().await;
    let short = json!({"expires_in_seconds": 60});
    let [sent, opened, delivered] =
        [world.invite_with(&short).await, world.invite_with(&short).await, world.invite_with(&short).await];
    let opened_ceremony = world.open(&opened).await.ok()["token"].as_str().unwrap().to_owned();
    let (ceremony, registration) = world.prepare(&delivered).await;
    world.stack.clock().advance(60_000);
    let before = [&sent, &opened, &delivered].map(|job| stored(&world, job));
    for answer in [
        world.open(&sent).await,
        world.get_info(&opened, &opened_ceremony).await,
        world.bind(&delivered, &ceremony, &registration).await,
        world.bearing(&sent.secret, "POST", &format!("{}:decline", sent.path), "").await,
    ] {
        answer.problem(410);
        assert_eq!(answer.kind(), "job-expired");
    }
    for verb in ["revoke", "resend"] {
        world.call("POST", &format!("{}:{verb}", sent.path), &Value::Null).await.problem(409);
    }
    assert_eq!([&sent, &opened, &delivered].map(|job| stored(&world, job)), before);
}

/// The job has not expired when `:bind` reads it, but has when the transaction runs.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_expires_during_bind_is_not_completed() {
    let world = World::new().await;
    world.stack.clock().stop();
    world.without_sweep().await;
    let invited = world.invite_with(&json!({"expires_in_seconds": 60})).await;
    let (ceremony, registration) = world.prepare(&invited).await;
    world.stack.clock().advance(59_999);
    world.plan(&json!({"function": "VerifyAttestation", "operation": "GetItem", "kind": "slow"})).await;
    let late = world.bind(&invited, &ceremony, &registration).await;
    late.problem(410);
    assert_eq!(late.kind(), "job-expired");
    assert_eq!(stored(&world, &invited)["state"]["S"], "REQUEST_DELIVERED");
    assert!(world.items().iter().all(|item| item["kind"]["S"] != "CREDENTIAL"));
    let slow = world.injected().await.into_iter().filter(|fault| fault["kind"] == "slow").count();
    assert_eq!(slow, 1);
}

/// The mailer processes a job in its last millisecond, or one later.
#[tokio::test(flavor = "multi_thread")]
async fn the_mail_of_an_expired_job_is_not_sent() {
    for (lives_for, mails) in [(1, 1), (0, 0)] {
        let world = World::new().await;
        world.stack.clock().stop();
        world.without_sweep().await;
        let invited = world.invite().await;
        let mut item = stored(&world, &invited);
        item["delivery_method"] = json!({"S": "EMAIL"});
        item["invitation"] = json!({"S": "WANTED"});
        item["mails"] = json!({"N": "1"});
        item["expire_ms"] = json!({"N": (world.stack.clock().now().millis() + lives_for).to_string()});
        world.put(&item);
        world.drained().await;
        assert_eq!(world.local("mail").await.as_array().unwrap().len(), mails);
        if mails == 0 {
            assert_eq!(stored(&world, &invited), item, "the mail was not claimed");
        }
    }
}

/// The index that the sweep reads is eventually consistent, and a job's lifetime may have been extended since.
#[tokio::test(flavor = "multi_thread")]
async fn no_expiry_is_recorded_early() {
    let world = World::new().await;
    world.stack.clock().stop();
    let invited = world.invite_with(&json!({"expires_in_seconds": 60})).await;
    let before = stored(&world, &invited);
    let env = [
        ("AWS_REGION", "local"),
        ("AWS_ACCESS_KEY_ID", "ExpireJobs"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_ENDPOINT_URL", world.stack.base()),
        ("AWS_CALL_TIMEOUT_FACTOR", "10"),
        ("TABLE_NAME", "Table"),
    ];
    let env = Env::new(env.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let table = Table::new(&Aws::new(&env).unwrap(), &env).unwrap();
    let realm = RealmRef { tenant: TenantId::parse("demo").unwrap(), id: RealmId::parse("demo").unwrap() };
    let job = JobRef {
        identity: IdentityRef { realm, id: IdentityId::parse("ada").unwrap() },
        id: JobId::parse(invited.path.rsplit_once('/').unwrap().1).unwrap(),
    };
    let expire = async || table.advance(&job, Holder::Us, Command::Expire, world.stack.clock().now()).await.unwrap();
    world.stack.clock().advance(59_999);
    assert_eq!(expire().await, Err(NotDone::Refused(Refused::TooEarly(State::LinkSent))));
    assert_eq!(stored(&world, &invited), before);
    world.stack.clock().advance(1);
    assert_eq!(expire().await.unwrap().state, State::Expired);
}
