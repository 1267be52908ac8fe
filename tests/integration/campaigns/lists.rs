//! The list of batches, and the pages of a batch's results: what they return, and what a page reads.

use serde_json::{Value, json};

use super::{BATCHES, batch};
use crate::world::World;

/// All batches of a list, in pages of two.
async fn listed(world: &World, filter: &str) -> Vec<Value> {
    let (mut found, mut token) = (Vec::new(), String::new());
    for _ in 0..10 {
        let page = world.get(&format!("{BATCHES}?page_size=2{filter}{token}")).await;
        found.extend(page["batch_credential_binding_jobs"].as_array().unwrap().iter().cloned());
        match page["next_page_token"].as_str() {
            Some(next) => token = format!("&page_token={next}"),
            None => return found,
        }
    }
    panic!("the list does not end");
}

impl World {
    /// What the table has been asked since the last call: requests and read units of an operation.
    async fn reads(&self, operation: &str) -> (u64, f64) {
        let counts = self.local("requests").await["dynamodb"][operation].clone();
        self.send("DELETE", "/_local/requests", &[], "").await.ok();
        (counts["count"].as_u64().unwrap_or_default(), counts["read_units"].as_f64().unwrap_or_default())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_are_listed_newest_first_with_their_progress() {
    let world = World::new().await;
    assert_eq!(listed(&world, "").await, [Value::Null; 0]);
    let mut ids = world.people(4).await;
    world.person("mute", None, &json!({})).await;
    ids.push("mute".to_owned());
    let mut made = Vec::new();
    for some in [&ids[..2], &ids[2..3], &ids[3..]] {
        made.insert(0, world.create_batch(some, &json!({"pacing": {"max_per_minute": 600}})).await);
        world.stack.clock().advance(1000);
    }
    let later = world.stack.clock().now().plus_seconds(48 * 3600).to_string();
    made.insert(0, world.create_batch(&ids[..1], &json!({"start_time": later})).await);
    world.minutes(1).await;
    world.control(&made[0], "pause").await.ok();

    let all = listed(&world, "").await;
    let numbers: Vec<&Value> = all.iter().map(|one| &one["id"]).collect();
    assert_eq!(numbers, made.iter().map(|one| &one["id"]).collect::<Vec<_>>());
    for summary in &all {
        let whole = world.batch(summary).await;
        for name in ["tenant_id", "realm_id", "state", "control", "start_time", "pacing", "create_time", "update_time"]
        {
            assert_eq!(summary[name], whole[name], "{name}");
        }
        assert_eq!(summary["authenticator_config_id"], whole["job_template"]["authenticator_config_id"]);
        for (name, count) in summary["counts"].as_object().unwrap() {
            assert_eq!(*count, whole["counts"][name], "{name} of {summary}");
        }
    }
    assert_eq!((&all[0]["control"]["state"], &all[0]["counts"]["waiting"]), (&json!("paused"), &json!(1)));
    assert_eq!((&all[1]["state"], &all[1]["counts"]["failed"]), (&json!("PARTIAL_SUCCESS"), &json!(1)));
    assert_eq!((&all[3]["state"], &all[3]["counts"]["invited"]), (&json!("SUCCESS"), &json!(2)));
    assert_eq!(world.get(BATCHES).await["total_size"], 4);

    let start = encoded(&format!("start_time gt \"{}\"", world.stack.clock().now()));
    for (filter, expected) in [
        (encoded(r#"state eq "RUNNING""#), vec![0]),
        (encoded(r#"state ne "RUNNING""#), vec![1, 2, 3]),
        (encoded(r#"control.state eq "paused""#), vec![0]),
        (start, vec![0]),
        (encoded(&format!("create_time lt {}", made[1]["create_time"])), vec![2, 3]),
    ] {
        let found = listed(&world, &format!("&filter={filter}")).await;
        let expected: Vec<&Value> = expected.into_iter().map(|index: usize| &made[index]["id"]).collect();
        assert_eq!(found.iter().map(|one| &one["id"]).collect::<Vec<_>>(), expected, "{filter}");
    }
    let wrong = format!("{BATCHES}?filter={}", encoded(r#"state eq "DONE""#));
    assert_eq!(world.call("GET", &wrong, &Value::Null).await.fields(), ["filter"]);
    assert_eq!(
        world.get(&BATCHES.replace("realms/demo", "realms/other")).await["batch_credential_binding_jobs"],
        json!([])
    );
}

fn encoded(filter: &str) -> String {
    filter.replace('%', "%25").replace(' ', "%20").replace('"', "%22").replace('+', "%2B")
}

/// The first page reads all jobs of the batch for the totals; each of the others only its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_results_reads_what_it_returns() {
    let world = World::new().await;
    let ids = world.many(130).await;
    let created = world.call("POST", BATCHES, &batch(&ids, &json!({"pacing": {"max_per_minute": 6000}}))).await.ok();
    for _ in 0..5 {
        world.quick_minute().await;
        if world.batch(&created).await["state"] != "RUNNING" {
            break;
        }
    }
    world.drained().await;
    let path = format!("{BATCHES}/{}:listResults", created["id"].as_str().unwrap());
    world.reads("BatchGetItem").await;
    let (mut seen, mut token, mut read) = (Vec::new(), String::new(), Vec::new());
    loop {
        let page = world.get(&format!("{path}?page_size=60{token}")).await;
        read.push(world.reads("BatchGetItem").await);
        assert_eq!((&page["total_size"], &page["total_pending_count"]), (&json!(130), &json!(130)));
        let results = page["job_results"].as_array().unwrap();
        assert!(results.iter().all(|result| result["state"] == "LINK_SENT"));
        seen.extend(results.iter().map(|one| one["identity_id"].clone()));
        let Some(next) = page["next_page_token"].as_str() else { break };
        token = format!("&page_token={next}");
    }
    assert_eq!(json!(seen), json!(ids));
    let (requests, units) = read[0];
    // The DynamoDB of an emulated account reports no units of batches.
    let unreported = std::env::var_os("AWS_ENDPOINT_URL_DYNAMODB").is_some();
    assert!(requests == 3 && (units >= 65.0 || unreported), "{read:?}");
    for (requests, units) in &read[1..] {
        // The batch with one or two chunks, and 60 jobs of 1 KB, read with eventual consistency.
        assert!(*requests == 2 && *units <= 36.0, "{read:?}");
    }
    let skipped = world.get(&format!("{path}?skip=129")).await;
    assert_eq!(skipped["job_results"][0]["identity_id"], "m00129");
    let beyond = world.get(&format!("{path}?skip=1000")).await;
    assert_eq!((&beyond["job_results"], &beyond["total_size"]), (&json!([]), &json!(130)));
}
