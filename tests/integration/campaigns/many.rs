//! A campaign of many recipients, by a clock that is moved: nobody is lost or invited twice, the pace is kept, and the
//! requests of the table for each recipient do not grow with their number. The program behind `tests/campaign`, and a short
//! run of it as a test.
//!
//! 1. The identities are written as items; the stream counts them as unenrolled.
//! 2. Batches of a thousand are created through the API.
//! 3. The clock is moved to each minute and to each slot, until the realm's queue is empty.
//! 4. When the stream is drained, the jobs are compared with the recipients, the mails with the jobs, and the counts by
//!    enrollment status with both.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::world::{REALM, World};

/// The pause between two checks of the stream. The stack reads a thousand records for each.
const SLOWLY: Duration = Duration::from_millis(500);

const BATCHES: &str = "/v1/tenants/demo/realms/demo/batch-credential-binding-jobs";

/// The result of a campaign.
#[derive(Debug)]
pub(crate) struct Figures {
    recipients: usize,
    /// The limit, in invitations a minute.
    limit: usize,
    /// The most invitations within 60 seconds, wherever they begin.
    most: usize,
    /// How many minutes the invitations took, by the stack's clock.
    minutes: i64,
    /// The requests of the table by the runner.
    requests: BTreeMap<String, u64>,
    /// How long it took in real time, in seconds.
    took: u64,
    pub(crate) violations: Vec<String>,
}

impl Figures {
    /// The requests of the table by the runner for each recipient.
    pub(crate) fn per_recipient(&self) -> f64 {
        self.requests.values().sum::<u64>() as f64 / self.recipients as f64
    }
}

/// The figures as a table.
pub(crate) fn table(all: &[Figures]) -> Vec<String> {
    let mut lines = vec![
        "| recipients | minutes | limit in 60 s | most in 60 s | the runner's requests of the table for each recipient | s |".to_owned(),
        "|---|---|---|---|---|---|".to_owned(),
    ];
    for one in all {
        let Figures { recipients, limit, most, minutes, requests, took, .. } = one;
        let of = |(name, count): (&String, &u64)| format!("{name} {:.3}", *count as f64 / *recipients as f64);
        let parts: Vec<String> = requests.iter().map(of).collect();
        let sum = format!("{:.3} ({})", one.per_recipient(), parts.join(", "));
        lines.push(format!("| {recipients} | {minutes} | {limit} | {most} | {sum} | {took} |"));
    }
    lines
}

/// Runs a campaign on a stack of its own, at a pace of `limit` invitations a minute.
pub(crate) async fn run(recipients: usize, limit: usize) -> Figures {
    let begun = Instant::now();
    let world = World::new().await;
    let ids = identities(&world, recipients).await;
    world.drained_every(SLOWLY).await;
    // The first batch may be served before the last one is created.
    world.send("DELETE", "/_local/requests", &[], "").await.ok();
    for some in ids.chunks(1000) {
        let batch = json!({
            "identity_ids": some, "job_template": {"authenticator_config_id": "hosted"}, "pacing": {"max_per_minute": limit},
        });
        world.call("POST", BATCHES, &json!({"batch_credential_binding_job": batch})).await.ok();
    }
    let mut violations = Vec::new();
    // A run lasts 50 of 60 seconds, and slots can be missed.
    let most_minutes = 10 + recipients * 3 / limit;
    let mut minutes = 0;
    while queued(&world) > 0 {
        minutes += 1;
        if minutes > most_minutes {
            violations.push(format!("the queue is not empty after {most_minutes} runs"));
            break;
        }
        minute(&world).await;
    }
    world.drained_every(SLOWLY).await;
    let by_function = world.local("requests?by=function").await;
    let (created, sent) = jobs(&world);
    let mut times: Vec<i64> = created.values().flatten().copied().collect();
    times.sort_unstable();
    for id in &ids {
        match created.get(id).map_or(0, Vec::len) {
            1 => {}
            count => violations.push(format!("{id} has {count} jobs")),
        }
    }
    if created.len() != recipients {
        violations.push(format!("{} identities were invited, of {recipients}", created.len()));
    }
    let mails = by_function["SendLink"]["sesv2:SendEmail"].as_u64().unwrap_or_default();
    if (sent, mails) != (recipients, recipients as u64) {
        violations.push(format!("{mails} mails were sent, for {sent} of {recipients} jobs"));
    }
    let most = most_in_a_minute(&times);
    if most > limit {
        violations.push(format!("{most} invitations within 60 s, and {limit} are allowed"));
    }
    let counts = world.get(&format!("{REALM}/enrollment")).await;
    // Ada has no job.
    if (&counts["pending"], &counts["unenrolled"]) != (&json!(recipients), &json!(1)) {
        violations.push(format!("the counts are {counts}"));
    }
    let runner = by_function["RunCampaigns"].as_object().cloned().unwrap_or_default();
    let of_table = |(name, count): (String, Value)| Some((name.strip_prefix("dynamodb:")?.to_owned(), count.as_u64()?));
    Figures {
        recipients,
        limit,
        most,
        minutes: times.last().zip(times.first()).map_or(0, |(last, first)| (last - first) / 60_000 + 1),
        requests: runner.into_iter().filter_map(of_table).collect(),
        took: begun.elapsed().as_secs(),
        violations,
    }
}

/// Writes identities as items, past the functions.
async fn identities(world: &World, count: usize) -> Vec<String> {
    let ada = world.items().into_iter().find(|item| item["sk"]["S"] == "IDENTITY").unwrap();
    let ids: Vec<String> = (0..count).map(|number| format!("m{number:06}")).collect();
    for id in &ids {
        let mut item = ada.clone();
        item["pk"]["S"] = format!("T#demo#R#demo#I#{id}").into();
        item["realm_sort"]["S"] = format!("{}#{id}", "0".repeat(15)).into();
        item["email"]["S"] = format!("{id}@example.com").into();
        item["username"]["S"] = id.as_str().into();
        world.put(&item);
    }
    ids
}

/// The realm's queue.
fn queue(world: &World) -> Value {
    let query = json!({
        "TableName": "Table", "ConsistentRead": true, "KeyConditionExpression": "pk = :pk AND sk = :sk",
        "ExpressionAttributeValues": {":pk": {"S": "T#demo#R#demo#Q"}, ":sk": {"S": "QUEUE"}},
    });
    world.dynamodb("Query", query)["Items"][0].take()
}

/// The recipients in the realm's queue.
fn queued(world: &World) -> u64 {
    queue(world)["queued"]["N"].as_str().map_or(0, |text| text.parse().unwrap())
}

/// A run of the runner: the clock is moved to the next minute, and then to each slot as soon as somebody waits for it.
async fn minute(world: &World) {
    world.stack.clock().advance(61_000);
    let over = AtomicBool::new(false);
    let wake = async {
        while !over.load(Ordering::Relaxed) {
            world.wake();
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let claimed = |queue: &Value| queue.get("claim").is_some();
    let runs = async {
        // The schedule looks at the clock every 50 ms.
        let begun = Instant::now();
        while !claimed(&queue(world)) && begun.elapsed() < Duration::from_secs(2) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // The claim of a run that failed stays; it lapses in the next minute.
        let (mut last, mut changed) = (Value::Null, Instant::now());
        while changed.elapsed() < Duration::from_secs(20) {
            let now = queue(world);
            if !claimed(&now) {
                break;
            }
            if now != last {
                (last, changed) = (now, Instant::now());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        over.store(true, Ordering::Relaxed);
    };
    tokio::join!(wake, runs);
}

/// When the jobs of each identity were created, in milliseconds, and for how many of them SES has delivered the mail.
fn jobs(world: &World) -> (HashMap<String, Vec<i64>>, usize) {
    let (mut created, mut sent): (HashMap<String, Vec<i64>>, usize) = (HashMap::new(), 0);
    for item in world.items().iter().filter(|item| item["kind"]["S"] == "JOB") {
        let time = item["create_ms"]["N"].as_str().unwrap().parse().unwrap();
        let id = item["pk"]["S"].as_str().unwrap().rsplit('#').next().unwrap();
        created.entry(id.to_owned()).or_default().push(time);
        sent += usize::from(item["email_status"]["S"] == "DELIVERED");
    }
    (created, sent)
}

/// The most of these sorted times within 60 seconds, wherever they begin.
fn most_in_a_minute(times: &[i64]) -> usize {
    let (mut first, mut most) = (0, 0);
    for (index, time) in times.iter().enumerate() {
        while *time >= times[first] + 60_000 {
            first += 1;
        }
        most = most.max(index + 1 - first);
    }
    most
}

#[cfg(test)]
#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_of_three_times_the_size_needs_no_more_for_each_recipient() {
    let all = [run(100, 300).await, run(300, 300).await];
    for line in table(&all) {
        println!("{line}");
    }
    for one in &all {
        assert!(one.violations.is_empty(), "{:#?}", one.violations);
    }
    let [few, many] = all.map(|one| one.per_recipient());
    assert!(many <= few * 1.1 && many < 3.5, "{few} {many}");
}
