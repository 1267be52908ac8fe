//! `bindctl campaigns`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Terminal, finish, said};
use crate::world::{REALM, World};

impl Terminal {
    /// A file in the home folder.
    fn file(&self, name: &str, text: &str) -> String {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

fn people(count: usize) -> String {
    let row = |number| format!("p{number},Person {number},p{number}@example.com,de,Europe/Berlin\n");
    "id,name,address,locale,time_zone\n".to_owned() + &(0..count).map(row).collect::<String>()
}

fn create<'a>(csv: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["campaigns", "create", "--csv", csv, "--config", "hosted"], more].concat()
}

impl World {
    /// How often an operation was performed, among the last 2000.
    async fn performed(&self, operation: &str) -> u64 {
        let filter = format!("?filter=operation%20eq%20%22{operation}%22&page_size=1");
        self.get(&format!("{REALM}/audit-entries{filter}")).await["total_size"].as_u64().unwrap()
    }

    /// Writes identities as the API stores those of [`people`], which is quicker.
    async fn copies_of_p0(&self, numbers: std::ops::Range<usize>) {
        let traits = json!({
            "username": "p0", "primary_email_address": "p0@example.com", "locale": "de", "zoneinfo": "Europe/Berlin",
        });
        let body = json!({"identity": {"display_name": "Person 0", "traits": traits}});
        self.call("PUT", &format!("{REALM}/identities/p0"), &body).await.ok();
        let items: Vec<String> = self.items().iter().map(Value::to_string).filter(|item| item.contains("p0")).collect();
        for item in items.iter().filter(|item| !item.contains("putIdentity")) {
            for number in numbers.clone() {
                let copy = item.replace("p0", &format!("p{number}")).replace("Person 0", &format!("Person {number}"));
                self.put(&serde_json::from_str(&copy).unwrap());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_invites_the_people_of_a_file() {
    let world = World::new().await;
    let terminal = Terminal::at(world.stack.base());
    // One identity exists, with members that the file does not name; another has a passkey.
    let more = json!({"locale": "fr", "zoneinfo": "Europe/Paris"});
    let old = json!({"identity": {"external_id": "hr-1", "traits": {"username": "Old", "primary_email_address": "old@example.com"}}});
    world.call("PUT", &format!("{REALM}/identities/old"), &old).await.ok();
    world.person("same", Some("same@example.com"), &more).await;
    world.enrol(&world.invite().await).await;
    let csv = "address,id,locale,time_zone,name\n\
               new@example.com,new,de,Europe/Berlin,\"Née, Anne\"\n\
               elsewhere@example.com,old,es,,\n\
               same@example.com,same,,,\n\
               ada@example.com,ada,,,\n";
    let csv = terminal.file("people.csv", csv);
    let before = world.performed("putIdentity").await;
    let plan = terminal.json(&create(&csv, &["--dry-run"])).await;
    let identities = json!({"created": 1, "updated": 1, "unchanged": 2});
    assert_eq!(
        plan,
        json!({"people": 4, "identities": identities, "invite": 3, "defer": 0, "skip": {"already_enrolled": 1}})
    );
    assert_eq!(world.performed("putIdentity").await, before, "a dry run creates nothing");
    assert!(!terminal.home.path().join("people.campaign.json").exists());

    let options = ["--max-per-minute", "600", "--reminder", "3600", "--expires-in", "86400"];
    let quiet = ["--ramp", "100,200", "--supersede-pending"];
    let command = create(&csv, &[&options[..], &quiet[..]].concat());
    let created = terminal.json(&command).await;
    assert_eq!(created["identities"], identities);
    let file = created["campaign_file"].as_str().unwrap();
    let [id] = created["batch_ids"].as_array().unwrap().as_slice() else { panic!("{created}") };
    let old = world.get(&format!("{REALM}/identities/old")).await;
    assert_eq!((&old["external_id"], &old["display_name"]), (&json!("hr-1"), &json!("Old")));
    let traits = json!({"type": "traits_v0", "username": "Old", "primary_email_address": "elsewhere@example.com", "locale": "es"});
    assert_eq!(old["traits"], traits);
    let new = world.get(&format!("{REALM}/identities/new")).await;
    assert_eq!((&new["display_name"], &new["traits"]["username"]), (&json!("Née, Anne"), &json!("new")));

    // Without its campaign file, the batch is found by its key.
    std::fs::remove_file(file).unwrap();
    let again = terminal.json(&command).await;
    assert_eq!(again["identities"], json!({"created": 0, "updated": 0, "unchanged": 4}));
    assert_eq!(again["batch_ids"], created["batch_ids"]);

    let batch = terminal.json(&["campaigns", "status", id.as_str().unwrap()]).await;
    assert_eq!(batch["identity_ids"], json!(["new", "old", "same", "ada"]));
    assert_eq!(batch["pacing"], json!({"max_per_minute": 600, "ramp": [100, 200]}));
    assert_eq!(batch["reminders"], json!([{"after_seconds": 3600}]));
    assert_eq!(batch["on_existing"], json!({"enrolled": "skip", "pending": "supersede"}));
    assert_eq!(batch["job_template"]["expires_in_seconds"], 86400);

    let listed = terminal.json(&["campaigns", "list", "--filter", "state eq \"RUNNING\""]).await;
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["id"]), (1, id));
    let watching = tokio::spawn(finish(terminal.command(&["campaigns", "status", file, "--watch"])));
    world.minutes(1).await;
    let (table, progress) = said(&watching.await.unwrap(), 0);
    let all: Vec<&str> = table.lines().last().unwrap().split_whitespace().collect();
    assert_eq!(all, ["all", "4", "0", "0", "3", "1", "0", "0", "0", "0", "0"], "{table}");
    assert!(progress.starts_with("recipients: 4 of 4"), "{progress}");
    let mails = world.mails_by_address().await;
    assert_eq!((mails["new@example.com"], mails["elsewhere@example.com"], mails["same@example.com"]), (1, 1, 1));

    let results = terminal.json(&["campaigns", "results", file]).await;
    let rows: Vec<(&Value, &Value)> =
        results.as_array().unwrap().iter().map(|row| (&row["identity_id"], &row["reason"])).collect();
    let null = Value::Null;
    let enrolled = (&json!("ada"), &json!("already_enrolled"));
    assert_eq!(rows, [(&json!("new"), &null), (&json!("old"), &null), (&json!("same"), &null), enrolled]);
    let table = terminal.prints(&["campaigns", "results", file]).await;
    assert_eq!((table.lines().count(), table.split_whitespace().next()), (5, Some("IDENTITY")), "{table}");
    let (_, ended) = said(&terminal.run(&["campaigns", "pause", file]).await, 1);
    assert_eq!(ended.trim(), "Every batch of the campaign has ended.");
    let (_, ended) = said(&terminal.run(&["campaigns", "pause", id.as_str().unwrap()]).await, 1);
    assert!(ended.contains("(409)"), "{ended}");
}

/// Killed among the identities and among the batches.
#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_that_is_killed_goes_on_where_it_stopped() {
    let world = World::new().await;
    let terminal = Terminal::at(world.stack.base());
    let csv = terminal.file("people.csv", &people(2500));
    world.copies_of_p0(100..2500).await;
    let start = world.stack.clock().now().plus_seconds(24 * 3600).to_string();
    let quiet = ["--start", &start, "--quiet-hours", "20:00-08:00", "--time-zone", "Europe/Berlin"];
    let command = create(&csv, &quiet);
    for (operation, count) in [("putIdentity", 30), ("createBatchCredentialBindingJob", 1)] {
        let mut running = terminal.command(&command).spawn().unwrap();
        world.until(async || world.performed(operation).await >= count).await;
        running.kill().await.unwrap();
    }
    let (_, progress) = said(&terminal.run(&command).await, 0);
    assert!(progress.contains("batches: 3 of 3"), "{progress}");

    let file = terminal.home.path().join("people.campaign.json");
    let ids = |file: &PathBuf| {
        let record: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        record["batch_ids"].clone()
    };
    let batches = ids(&file);
    let listed = terminal.json(&["campaigns", "list"]).await;
    let listed: BTreeSet<&str> = listed.as_array().unwrap().iter().map(|batch| batch["id"].as_str().unwrap()).collect();
    assert_eq!(listed, batches.as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect());
    assert_eq!(listed.len(), 3);
    let versions: Vec<String> = world
        .items()
        .iter()
        .filter(|item| item["display_name"]["S"].as_str().is_some_and(|name| name.starts_with("Person ")))
        .map(|item| item["version"]["N"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!((versions.len(), versions.iter().all(|version| version == "1")), (2500, true));

    // The same again, and with other settings.
    let (_, progress) = said(&terminal.run(&command).await, 0);
    assert!(!progress.contains("identities"), "{progress}");
    let (_, other) = said(&terminal.run(&create(&csv, &["--max-per-minute", "5"])).await, 2);
    assert!(other.contains("other settings"), "{other}");
    terminal.file("people.csv", &people(2501));
    let (_, other) = said(&terminal.run(&command).await, 2);
    assert!(other.contains("another CSV file"), "{other}");

    let file = file.to_str().unwrap();
    let table = terminal.prints(&["campaigns", "pause", file]).await;
    assert_eq!(table.matches("paused").count(), 3, "{table}");
    let (_, stopped) = said(&terminal.run(&["campaigns", "status", file, "--watch"]).await, 4);
    assert!(stopped.contains("the campaign is paused"), "{stopped}");
    let last = batches[2].as_str().unwrap();
    assert_eq!(terminal.json(&["campaigns", "resume", last]).await["control"]["state"], "active");
    let table = terminal.prints(&["campaigns", "cancel", file]).await;
    assert_eq!(table.matches("cancelled").count(), 3, "{table}");
    let csv = terminal.prints(&["campaigns", "results", file, "--csv"]).await;
    assert_eq!((csv.lines().count(), csv.matches("identity_id,").count()), (2501, 1));
    assert!(csv.starts_with("identity_id,job_id,state,") && csv.contains("\r\np0,"), "{csv}");
}

/// The queue of the realm is full until after the start: the batch begins at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_goes_on_after_its_start() {
    let world = World::new().await;
    let terminal = Terminal::at(world.stack.base());
    let first = terminal.file("first.csv", "id,address\nada,ada@example.com\n");
    let start = world.stack.clock().now().plus_seconds(3600).to_string();
    terminal.prints(&create(&first, &["--start", &start])).await;
    let full = |queued: &str| {
        let mut queue = world.items().into_iter().find(|item| item.get("queued").is_some()).unwrap();
        queue["queued"]["N"] = json!(queued);
        world.put(&queue);
    };
    full("1000000");
    let csv = terminal.file("people.csv", &people(3));
    let command = create(&csv, &["--start", &start]);
    let (_, err) = said(&terminal.run(&command).await, 1);
    assert!(
        err.contains("Queue full (429): The unfinished batches of this realm may have 1000000 recipients"),
        "{err}"
    );
    assert_eq!(world.performed("createBatchCredentialBindingJob").await, 1);
    full("1");
    let file = terminal.home.path().join("people.campaign.json");
    world.stack.clock().advance(2 * 3600 * 1000);
    let now = world.stack.clock().now().to_string();
    let created = terminal.json(&command).await;
    let batch = terminal.json(&["campaigns", "status", created["batch_ids"][0].as_str().unwrap()]).await;
    assert!(*now <= *batch["start_time"].as_str().unwrap(), "{batch}");

    // A campaign that is begun with such a start is refused. Other settings need another name.
    std::fs::remove_file(&file).unwrap();
    let (_, past) = said(&terminal.run(&command).await, 1);
    assert!(past.contains("batch_credential_binding_job.start_time: must not be in the past"), "{past}");
    let (_, other) = said(&terminal.run(&create(&csv, &["--max-per-minute", "5"])).await, 2);
    assert!(other.contains("another --name"), "{other}");
    assert!(!file.exists());
    let other = terminal.json(&create(&csv, &["--max-per-minute", "5", "--name", "autumn"])).await;
    assert_ne!(other["batch_ids"], created["batch_ids"]);
    assert_eq!(other["identities"], json!({"created": 0, "updated": 0, "unchanged": 3}));
    assert_eq!(world.performed("createBatchCredentialBindingJob").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_when_the_file_or_a_setting_is_invalid() {
    let world = World::new().await;
    let terminal = Terminal::at(world.stack.base());
    let bad = "id,address,locale\nada,ada@example.com,en\nbob,bob@example,en\nada,eve@example.com,?\n";
    let csv = terminal.file("bad.csv", bad);
    let (out, err) = said(&terminal.run(&create(&csv, &[])).await, 2);
    let expected = "bad.csv: 3 errors; nothing was sent\n  \
                    line 3, column address: must be a mail address, such as ada@example.com\n  \
                    line 4, column id: is the same as in line 2\n  \
                    line 4, column locale: must be a language tag, such as en or de-CH\n";
    assert!(out.is_empty() && err.ends_with(expected), "{err}");

    let csv = terminal.file("people.csv", &people(3));
    let settings = ["--max-per-minute", "0", "--reminder", "1", "--redirect", "https://elsewhere.example.com"];
    let (_, err) = said(&terminal.run(&create(&csv, &settings)).await, 1);
    for field in ["pacing.max_per_minute: ", "reminders[0].after_seconds: ", "job_template.post_binding_redirect_uri: "]
    {
        assert!(err.contains(&format!("\n  batch_credential_binding_job.{field}")), "{field}: {err}");
    }
    assert!(!err.contains("identity_ids"), "{err}");
    let (_, err) = said(&terminal.run(&create(&csv, &["--quiet-hours", "20:00", "--time-zone", "UTC"])).await, 2);
    assert!(err.contains("such as 20:00-08:00"), "{err}");

    // A username that somebody else has.
    let taken = "id,address,username\nnew,new@example.com,Ada\nother,other@example.com,other\n";
    let csv = terminal.file("taken.csv", taken);
    let (_, err) = said(&terminal.run(&create(&csv, &[])).await, 1);
    assert!(err.contains("\n  line 2, new: ") && err.contains("(409)") && !err.contains("line 3"), "{err}");
    assert_eq!(world.performed("createBatchCredentialBindingJob").await, 0);
    let (_, err) = said(&terminal.run(&["campaigns", "status", "nowhere.json"]).await, 2);
    assert!(err.contains("nowhere.json"), "{err}");
    let elsewhere = ["campaigns", "status", csv.as_str()];
    assert!(said(&terminal.run(&elsewhere).await, 2).1.contains("not a campaign file"));
}

/// Two people begin the same campaign at once: it is created once, and its file is complete.
#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_that_is_begun_twice_at_once_is_created_once() {
    let world = World::new().await;
    let terminal = Terminal::at(world.stack.base());
    for number in 0..5 {
        let csv = terminal.file(&format!("people-{number}.csv"), &people(2));
        let name = number.to_string();
        let command = create(&csv, &["--name", &name, "--json"]);
        let (one, other) = tokio::join!(terminal.run(&command), terminal.run(&command));
        let [one, other]: [Value; 2] = [one, other].map(|run| serde_json::from_str(&said(&run, 0).0).unwrap());
        assert_eq!(one["batch_ids"], other["batch_ids"]);
        let status = terminal.json(&["campaigns", "status", one["campaign_file"].as_str().unwrap()]).await;
        assert_eq!(status[0]["id"], one["batch_ids"][0]);
    }
    let listed = terminal.json(&["campaigns", "list"]).await;
    assert_eq!(listed.as_array().unwrap().len(), 5);
}

/// A command reaches every batch that it can: a request that fails for a moment is repeated, a batch that was purged is
/// reported, and so is how many were changed when the command fails.
#[tokio::test(flavor = "multi_thread")]
async fn batches_are_stopped_although_requests_fail() {
    let world = World::new().await;
    let terminal = Terminal::at(world.stack.base());
    let start = world.stack.clock().now().plus_seconds(24 * 3600).to_string();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let template = json!({"authenticator_config_id": "hosted"});
        let batch = json!({"identity_ids": ["ada"], "job_template": template, "start_time": start});
        let path = format!("{REALM}/batch-credential-binding-jobs");
        let created = world.call("POST", &path, &json!({"batch_credential_binding_job": batch})).await.ok();
        ids.push(created["id"].clone());
    }
    let campaign = |ids: &[Value]| {
        let campaign = json!({
            "url": world.stack.base(), "tenant": "demo", "realm": "demo", "csv": "people.csv", "sha256": "", "name": "",
            "settings": {}, "people": 3, "identities": null, "batches": ids.len(), "batch_ids": ids,
        });
        terminal.file("people.campaign.json", &campaign.to_string())
    };
    // The tries of one request.
    world.plan(&json!({"function": "ManageCampaigns", "service": "dynamodb", "kind": "error", "times": 4})).await;
    let table = terminal.prints(&["campaigns", "pause", &campaign(&ids[..1])]).await;
    assert_eq!((table.matches("paused").count(), world.injected().await.len()), (1, 4), "{table}");

    ids.insert(0, json!("018f0000-0000-7000-8000-000000000000"));
    let file = campaign(&ids);
    let (table, err) = said(&terminal.run(&["campaigns", "cancel", &file]).await, 0);
    assert_eq!(table.matches("cancelled").count(), 3, "{table}");
    assert!(err.contains("batch 018f0000-0000-7000-8000-000000000000 does not exist"), "{err}");
    let mut command = terminal.command(&["campaigns", "cancel", &file]);
    let reads = json!({"tenant_id": "demo", "scope": "credential-binding-jobs:read"});
    command.env("BINDCTL_TOKEN", world.token_with(&reads));
    let (_, err) = said(&finish(command).await, 1);
    assert!(err.contains("0 of 4 batches were changed; repeat the command for the others.\n"), "{err}");
}

/// Eight people are eight comparisons, and the first of them starts at once.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_leaves_others_their_part_of_the_limit() {
    let world = World::new().await;
    let terminal = Terminal::at(world.stack.base());
    let csv = terminal.file("people.csv", &people(8));
    let begun = Instant::now();
    let plan = terminal.json(&create(&csv, &["--dry-run", "--requests-per-second", "5"])).await;
    assert_eq!(plan["identities"]["created"], 8);
    assert!(begun.elapsed() >= Duration::from_millis(7 * 200), "{:?}", begun.elapsed());
    let (_, refused) = said(&finish(terminal.command(&["realms", "get", "--requests-per-second", "0"])).await, 2);
    assert!(refused.contains("--requests-per-second"), "{refused}");
}
