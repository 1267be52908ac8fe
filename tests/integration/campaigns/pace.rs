//! When invitations are sent: pace, ramp, start, quiet hours, the installation's share of SES.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{BATCHES, batch};
use crate::world::{REALM, World};

const HOUR: i64 = 60 * 60 * 1000;

/// When the jobs of batches were created, in milliseconds, in order; by identity.
pub(crate) fn created(world: &World) -> BTreeMap<String, Vec<i64>> {
    let mut created: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for item in world.items().iter().filter(|item| item["kind"]["S"] == "JOB" && item.get("batch_id").is_some()) {
        let time = item["create_ms"]["N"].as_str().unwrap().parse().unwrap();
        created.entry(item["pk"]["S"].as_str().unwrap().to_owned()).or_default().push(time);
    }
    created
}

/// The most invitations within 60 seconds, wherever they begin.
pub(crate) fn most_in_a_minute(created: &BTreeMap<String, Vec<i64>>) -> usize {
    let mut times: Vec<i64> = created.values().flatten().copied().collect();
    times.sort_unstable();
    let within = |first: usize| times[first..].iter().take_while(|time| **time < times[first] + 60_000).count();
    (0..times.len()).map(within).max().unwrap_or_default()
}

impl World {
    /// Writes identities as items, past the functions.
    pub(crate) async fn many(&self, count: usize) -> Vec<String> {
        self.person("template", Some("someone@example.com"), &json!({})).await;
        let items = self.items();
        let template = items.iter().find(|item| item["pk"]["S"] == "T#demo#R#demo#I#template").unwrap();
        let ids: Vec<String> = (0..count).map(|number| format!("m{number:05}")).collect();
        for id in &ids {
            let mut item = template.clone();
            item["pk"]["S"] = format!("T#demo#R#demo#I#{id}").into();
            item["realm_sort"]["S"] = format!("{}#{id}", "0".repeat(15)).into();
            self.put(&item);
        }
        ids
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ramp_limits_the_first_days() {
    let world = World::new().await;
    let ids = world.people(7).await;
    let more = json!({"pacing": {"ramp": [2, 3]}});
    // Two batches of a realm share the days.
    for some in ids.chunks(4) {
        world.call("POST", BATCHES, &batch(some, &more)).await.ok();
    }
    let mut by_day = Vec::new();
    for _ in 0..3 {
        world.minutes(3).await;
        by_day.push(created(&world).len());
        let clock = world.stack.clock();
        // Shortly after midnight.
        clock.advance(24 * HOUR - clock.now().millis() % (24 * HOUR) + 1000);
    }
    assert_eq!(by_day, [2, 5, 7]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_before_the_start_or_at_night() {
    let world = World::new().await;
    let now = world.stack.clock().now();
    let time = |hours: i64| now.plus_seconds(hours * 3600);
    let of_day = |hours: i64| time(hours).to_string()[11..16].to_owned();
    world.person("here", Some("here@example.com"), &json!({})).await;
    // Nine hours ahead of UTC, without summer time.
    world.person("far", Some("far@example.com"), &json!({"zoneinfo": "Asia/Tokyo"})).await;
    let ids = ["here", "far"].map(str::to_owned);
    let quiet = json!({"time_zone": "UTC", "from": of_day(1), "to": of_day(5)});
    let more = json!({"start_time": time(2).to_string(), "quiet_hours": quiet});
    let made = world.call("POST", BATCHES, &batch(&ids, &more)).await.ok();
    let path = format!("{BATCHES}/{}", made["id"].as_str().unwrap());
    let invited = || created(&world).keys().map(|pk| pk.rsplit('#').next().unwrap().to_owned()).collect::<Vec<_>>();
    world.minutes(2).await;
    assert_eq!(invited(), [""; 0]);
    world.stack.clock().advance(2 * HOUR);
    world.minutes(3).await;
    assert_eq!(invited(), ["far"], "it is quiet here until {}", of_day(5));
    assert_eq!(world.get(&path).await["counts"]["deferred"], 1);
    world.stack.clock().advance(HOUR);
    world.minutes(2).await;
    assert_eq!(invited(), ["far"]);
    world.stack.clock().advance(2 * HOUR);
    world.minutes(3).await;
    assert_eq!(invited(), ["far", "here"]);
    assert_eq!(world.get(&path).await["state"], "SUCCESS");
    let unknown = json!({"identity": {"traits": {"username": "here", "zoneinfo": "Mars/Olympus"}}});
    let refused = world.call("PUT", &format!("{REALM}/identities/here"), &unknown).await;
    assert_eq!(refused.fields(), ["identity.traits.zoneinfo"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_realms_share_the_accounts_rate_and_quota() {
    let world = World::new().await;
    let account = |rate: f64, day: f64| json!({"max_send_rate": rate, "max_24_hour_send": day}).to_string();
    world.send("POST", "/_local/account", &[], account(0.2, 1_000_000.0)).await.ok();
    world.call("PUT", "/v1/tenants/demo/realms/other", &json!({"realm": {}})).await.ok();
    let config = json!({"authenticator_config": {"config": {"type": "hosted_web"}}});
    let configs = "/v1/tenants/demo/realms/other/authenticator-configs";
    let config = world.call("POST", configs, &config).await.ok()["id"].clone();
    let ids = world.people(12).await;
    for id in &ids {
        let traits = json!({"username": id, "primary_email_address": format!("{id}@example.org")});
        let body = json!({"identity": {"traits": traits}});
        world.call("PUT", &format!("/v1/tenants/demo/realms/other/identities/{id}"), &body).await.ok();
    }
    world.call("POST", BATCHES, &batch(&ids, &json!({}))).await.ok();
    let elsewhere = batch(&ids, &json!({"job_template": {"authenticator_config_id": config}}));
    world.call("POST", &BATCHES.replace("realms/demo", "realms/other"), &elsewhere).await.ok();
    world.minutes(2).await;
    // 80 % of 12 mails a minute, for all.
    let mut by_minute: BTreeMap<i64, usize> = BTreeMap::new();
    for time in created(&world).values().flatten() {
        *by_minute.entry(time / 60_000).or_default() += 1;
    }
    assert!(by_minute.values().all(|count| *count <= 9), "{by_minute:?}");
    assert!(by_minute.values().any(|count| *count > 4), "{by_minute:?}");
    // A tenth of the day's quota is kept for single jobs.
    let sent = world.local("mail").await.as_array().unwrap().len();
    world.send("POST", "/_local/account", &[], account(10.0, sent as f64 + 2.0)).await.ok();
    let before: usize = created(&world).values().map(Vec::len).sum();
    world.minutes(3).await;
    let after: usize = created(&world).values().map(Vec::len).sum();
    assert!(after - before <= 2, "{before} {after}");
    let job = crate::world::job("EMAIL", &json!({}));
    let single = world.call("POST", &format!("{REALM}/identities/p0/credential-binding-jobs"), &job).await;
    assert_eq!(single.ok()["credential_binding_job"]["batch_id"], Value::Null);
}
