//! Enrollment status: of identities, in filters, and counted for a realm.
//!
//! Operations: getEnrollment.

use std::collections::BTreeMap;
use std::time::Duration;

use binding::enrollment::Slot;
use binding::ids::{IdentityId, IdentityRef, RealmId, RealmRef, TenantId};
use fastrand::Rng;
use serde_json::{Value, json};

use crate::events::record;
use crate::world::{ADA, REALM, World, invited, job};

const STATUSES: [&str; 4] = ["ENROLLED", "PENDING", "INVITE_FAILED", "UNENROLLED"];

/// The number of random steps. `BINDERY_STEPS` sets another number, `BINDERY_SEED` other ones.
const STEPS: u64 = 60;

impl World {
    async fn identity(&self, id: &str, address: &str) {
        let traits = json!({"username": id, "primary_email_address": address});
        let body = json!({"identity": {"display_name": id, "traits": traits}});
        self.call("PUT", &format!("{REALM}/identities/{id}"), &body).await.ok();
    }

    async fn job_for(&self, id: &str, method: &str, more: &Value) -> Value {
        self.call("POST", &format!("{REALM}/identities/{id}/credential-binding-jobs"), &job(method, more)).await.ok()
    }

    /// The ids of the identities with a status, by the filter.
    async fn with_status(&self, status: &str) -> Vec<String> {
        let filter = format!("filter=enrollment_status%20eq%20%22{status}%22&page_size=200");
        let list = self.get(&format!("{REALM}/identities?{filter}")).await;
        assert_eq!(list.get("next_page_token"), None);
        let identities = list["identities"].as_array().unwrap();
        assert!(identities.iter().all(|identity| identity["enrollment_status"] == status), "{list}");
        identities.iter().map(|identity| identity["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Leaves the slot of an identity that was erased while it was given, and delivers the record of the identity.
    pub(crate) async fn orphaned_slot(&self, slot: u32) {
        let item =
            |sk: &str, kind: &str| json!({"pk": {"S": "T#demo#R#demo#I#nobody"}, "sk": {"S": sk}, "kind": {"S": kind}});
        let mut orphan = item("IDENTITY#SLOT", "SLOT");
        orphan["slot"] = json!({"N": slot.to_string()});
        self.put(&orphan);
        let records = json!({"Records": [record(1, None, &item("IDENTITY", "IDENTITY"))]});
        assert_eq!(self.invoke("PublishChanges", &records).await.ok(), json!({"batchItemFailures": []}));
        assert!(!self.all_items().iter().any(|item| item["pk"]["S"] == "T#demo#R#demo#I#nobody"));
    }

    /// Counts the identities of the realm again, and returns how many there were.
    pub(crate) async fn recount(&self) -> u64 {
        self.recount_with(false).await
    }

    /// The same; with `clear`, all statuses are forgotten first.
    async fn recount_with(&self, clear: bool) -> u64 {
        let (mut counted, mut after) = (0, Value::Null);
        loop {
            let clear = clear && after.is_null();
            let request = json!({"recount": {"tenant_id": "demo", "realm_id": "demo", "clear": clear, "after": after}});
            let answer = self.invoke("PublishChanges", &request).await.ok();
            counted += answer["identities_counted"].as_u64().unwrap();
            after = answer["next"].clone();
            if after.is_null() {
                return counted;
            }
        }
    }

    /// The counts, which must be those of the identities as they are read one by one.
    async fn checked(&self, context: &str) -> BTreeMap<String, u64> {
        self.drained().await;
        let counts = self.get(&format!("{REALM}/enrollment")).await;
        let identities = self.get(&format!("{REALM}/identities?page_size=200")).await;
        let identities = identities["identities"].as_array().unwrap();
        let mut expected: BTreeMap<String, u64> = STATUSES.iter().map(|name| (name.to_lowercase(), 0)).collect();
        for identity in identities {
            *expected.get_mut(&identity["enrollment_status"].as_str().unwrap().to_lowercase()).unwrap() += 1;
        }
        for (name, count) in &expected {
            assert_eq!(counts[name], *count, "{name}, {context}: {counts}");
        }
        assert_eq!(counts["total"], identities.len(), "{context}");
        expected
    }
}

fn of(counts: &BTreeMap<String, u64>) -> [u64; 4] {
    ["enrolled", "pending", "invite_failed", "unenrolled"].map(|name| counts[name])
}

#[tokio::test(flavor = "multi_thread")]
async fn identities_are_counted_and_filtered_by_status() {
    let world = World::new().await;
    assert_eq!(of(&world.checked("at first").await), [0, 0, 0, 1]);
    for id in ["bob", "cleo", "dan"] {
        world.identity(id, &format!("{id}@example.com")).await;
    }
    world.identity("eve", "bounce@simulator.amazonses.com").await;
    let (first, second) = (world.invite().await, world.invite().await);
    world.job_for("bob", "EMAIL", &json!({})).await;
    world.job_for("cleo", "RETURN", &json!({"expires_in_seconds": 60})).await;
    world.job_for("eve", "EMAIL", &json!({})).await;
    assert_eq!(of(&world.checked("invited").await), [0, 3, 1, 1]);
    let one = world.enrol(&first).await;
    let other = world.enrol(&second).await;
    assert_eq!(of(&world.checked("enrolled").await), [1, 2, 1, 1]);
    for (status, expected) in [
        ("ENROLLED", vec!["ada"]),
        ("PENDING", vec!["bob", "cleo"]),
        ("INVITE_FAILED", vec!["eve"]),
        ("UNENROLLED", vec!["dan"]),
    ] {
        let mut found = world.with_status(status).await;
        found.sort();
        assert_eq!(found, expected);
    }
    let both = "filter=enrollment_status%20ne%20%22ENROLLED%22%20and%20id%20eq%20%22bob%22";
    assert_eq!(world.get(&format!("{REALM}/identities?{both}")).await["total_size"], 1);
    let wrong = format!("{REALM}/identities?filter=enrollment_status%20eq%20%22DONE%22");
    assert_eq!(world.call("GET", &wrong, &Value::Null).await.fields(), ["filter"]);
    let nowhere = format!("{}/enrollment", REALM.replace("realms/demo", "realms/nowhere"));
    world.call("GET", &nowhere, &Value::Null).await.problem(404);

    // Cleo's job expires, which the sweep records within a minute.
    world.stack.clock().advance(130_000);
    world.eventually("events", |events| events.iter().any(|event| event.to_string().contains("EXPIRED"))).await;
    assert_eq!(of(&world.checked("expired").await), [1, 1, 1, 2]);
    for (credential, expected) in [(&one, [1, 1, 1, 2]), (&other, [0, 1, 1, 3])] {
        let path = format!("{REALM}/identities/ada/credentials/{}:revoke", credential["id"].as_str().unwrap());
        world.call("POST", &path, &Value::Null).await.ok();
        assert_eq!(of(&world.checked("revoked").await), expected);
    }
    // The job whose mail was refused is purged.
    let purged = |item: &Value| item["kind"]["S"] == "JOB" && item["state"]["S"] == "FAILED_TO_SEND";
    let mut failed = world.items().into_iter().find(purged).unwrap();
    failed["ttl"]["N"] = world.stack.clock().now().seconds().to_string().into();
    world.put(&failed);
    world.send("POST", "/_local/clock", &[], json!({"advance_seconds": 120}).to_string()).await.ok();
    if !world.stack.engine().purges() {
        let key = json!({"pk": failed["pk"], "sk": failed["sk"]});
        world.dynamodb("DeleteItem", json!({"TableName": "Table", "Key": key}));
    }
    assert!(!world.items().iter().any(purged));
    assert_eq!(of(&world.checked("purged").await), [0, 1, 0, 4]);
    world.call("DELETE", &format!("{REALM}/identities/eve"), &Value::Null).await.ok();
    assert_eq!(of(&world.checked("erased").await), [0, 1, 0, 3]);
    world.identity("eve", "eve@example.com").await;
    assert_eq!(of(&world.checked("created again").await), [0, 1, 0, 4]);
}

/// An identity that is erased while it is given a slot leaves nothing, and is not counted. Nor is one whose slot was freed by
/// mistake lost: it gets another.
#[tokio::test(flavor = "multi_thread")]
async fn a_slot_belongs_to_one_identity() {
    let world = World::new().await;
    world.orphaned_slot(3).await;
    world.identity("bob", "bob@example.com").await;
    assert_eq!(of(&world.checked("an orphan").await), [0, 0, 0, 2]);
    let sheet = || world.all_items().into_iter().find(|item| item["kind"]["S"] == "SHEET").unwrap();
    assert_eq!(sheet()["statuses"]["S"], "UU.-");
    let mut freed = sheet();
    freed["statuses"]["S"] = "U-.-".into();
    world.put(&freed);
    world.job_for("bob", "RETURN", &json!({})).await;
    assert_eq!(of(&world.checked("freed by mistake").await), [0, 1, 0, 1]);
}

/// Identities of before there were counts are counted on request, and those whose records were lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_realm_is_counted_again() {
    let world = World::new().await;
    let ids = world.many(120).await;
    world.invite().await;
    world.drained().await;
    let table = world.table();
    for item in world.all_items().iter().filter(|item| item["kind"]["S"] == "SLOT") {
        let id = item["pk"]["S"].as_str().unwrap().rsplit('#').next().unwrap();
        let realm = RealmRef { tenant: TenantId::parse("demo").unwrap(), id: RealmId::parse("demo").unwrap() };
        let identity = IdentityRef { realm, id: IdentityId::parse(id).unwrap() };
        let slot = Slot(item["slot"]["N"].as_str().unwrap().parse().unwrap());
        table.drop_enrollment_slot(&identity, slot).await.unwrap();
    }
    world.drained().await;
    assert_eq!(world.get(&format!("{REALM}/enrollment")).await["total"], 0);
    assert_eq!(world.recount().await, 122);
    // Those of `many`, their template, and ada.
    assert_eq!(of(&world.checked("counted again").await), [0, 1, 0, ids.len() as u64 + 1]);
    assert_eq!(world.recount().await, 122, "once more, nothing changes");
    assert_eq!(of(&world.checked("counted twice").await), [0, 1, 0, ids.len() as u64 + 1]);
    // While a version without counts was deployed, two identities were erased, and one was enrolled.
    let mut sheet = world.all_items().into_iter().find(|item| item["kind"]["S"] == "SHEET").unwrap();
    let statuses = sheet["statuses"]["S"].as_str().unwrap().replacen('P', "U", 1) + "EP";
    sheet["statuses"]["S"] = statuses.into();
    world.put(&sheet);
    assert_eq!(world.recount_with(true).await, 122);
    assert_eq!(of(&world.checked("cleared").await), [0, 1, 0, ids.len() as u64 + 1]);
    let place = json!({"tenant_id": "demo", "realm_id": "demo", "clear": true, "after": ["a", "b", "c"]});
    for wrong in [json!({"tenant_id": "demo"}), json!({"tenant_id": "a b", "realm_id": "demo"}), place] {
        assert!(
            world
                .invoke("PublishChanges", &json!({"recount": wrong}))
                .await
                .headers
                .contains_key("x-amz-function-error")
        );
    }
}

/// An identity can have more jobs than one look at it reads, such as one that a monitor invites every few minutes. It keeps
/// its status, it is counted, and a batch knows it.
#[tokio::test(flavor = "multi_thread")]
async fn an_identity_with_very_many_jobs_is_known() {
    let world = World::new().await;
    world.enrol(&world.invite().await).await;
    world.drained().await;
    let job = world.items().into_iter().find(|item| item["kind"]["S"] == "JOB").unwrap();
    for number in 0..20 {
        let mut newer = job.clone();
        newer["sk"]["S"] = format!("JOB#ffffffff-ffff-7fff-bfff-0000000000{number:02}").into();
        newer["padding"] = json!({"S": "x".repeat(380_000)});
        world.put(&newer);
    }
    assert_eq!(of(&world.checked("enrolled").await), [1, 0, 0, 0]);
    assert_eq!(world.get(ADA).await["enrollment_status"], "ENROLLED");
    assert_eq!(world.with_status("ENROLLED").await, ["ada"]);
    let batch =
        json!({"identity_ids": ["ada"], "job_template": {"authenticator_config_id": "hosted"}, "dry_run": true});
    let path = format!("{REALM}/batch-credential-binding-jobs");
    let planned = world.call("POST", &path, &json!({"batch_credential_binding_job": batch})).await.ok();
    assert_eq!(planned["plan"][0]["reason"], "already_enrolled", "{planned}");
    assert_eq!(world.recount().await, 1);
    assert_eq!(of(&world.checked("counted again").await), [1, 0, 0, 0]);
}

/// One change of one of a few identities.
async fn change(world: &World, rng: &mut Rng, step: u64) -> String {
    let id = format!("r{}", rng.u8(0..6));
    let path = format!("{REALM}/identities/{id}");
    let exists = world.call("GET", &path, &Value::Null).await.status == 200;
    match rng.u8(0..if exists { 10 } else { 1 }) {
        _ if !exists => world.identity(&id, &format!("{id}.{step}@example.com")).await,
        0..4 => {
            let answer = world.job_for(&id, "RETURN", &json!({"expires_in_seconds": 3600})).await;
            if rng.bool() {
                world.enrol(&invited(&answer)).await;
            }
        }
        4 | 5 => {
            let credentials = world.get(&format!("{path}/credentials")).await;
            for credential in credentials["credentials"].as_array().unwrap() {
                let revoke = format!("{path}/credentials/{}:revoke", credential["id"].as_str().unwrap());
                world.call("POST", &revoke, &Value::Null).await.ok();
            }
        }
        6 => {
            let jobs = world.get(&format!("{path}/credential-binding-jobs")).await;
            for job in jobs["credential_binding_jobs"].as_array().unwrap() {
                let revoke = format!("{path}/credential-binding-jobs/{}:revoke", job["id"].as_str().unwrap());
                drop(world.call("POST", &revoke, &Value::Null).await);
            }
        }
        7 => drop(world.call("DELETE", &path, &Value::Null).await.ok()),
        8 => {
            // The mail is refused for good.
            world.identity(&id, "bounce@simulator.amazonses.com").await;
            world.job_for(&id, "EMAIL", &json!({})).await;
        }
        _ => world.stack.clock().advance(1_200_000),
    }
    id
}

/// Random changes while the publisher is killed, throttled, and gets batches twice and reordered, and while batches of long
/// ago are delivered again by several invocations at once. When nothing is left to deliver, the counts are exact.
#[tokio::test(flavor = "multi_thread")]
async fn counts_are_exact_after_kills_and_repeated_and_reordered_batches() {
    let number = |name: &str, usual: u64| std::env::var(name).map_or(usual, |text| text.parse().unwrap());
    let (seed, steps) = (number("BINDERY_SEED", 20_260_131), number("BINDERY_STEPS", STEPS));
    println!("BINDERY_SEED={seed} BINDERY_STEPS={steps}");
    let world = World::new().await;
    let mut rng = Rng::with_seed(seed);
    let (mut old, mut hits) = (Vec::new(), 0);
    for step in 0..steps {
        let kinds = ["kill_before", "kill_after", "throttle", "error", "lost_response", "duplicate", "reorder"];
        let kind = rng.choice(kinds).unwrap();
        let mut fault = json!({"function": "PublishChanges", "kind": kind, "times": rng.u8(1..4)});
        if !["duplicate", "reorder"].contains(&kind) {
            fault["service"] = "dynamodb".into();
            fault["skip"] = rng.u8(0..12).into();
        }
        world.plan(&fault).await;
        change(&world, &mut rng, step).await;
        old.extend(
            world.all_items().into_iter().filter(|item| ["JOB", "SLOT"].contains(&item["kind"]["S"].as_str().unwrap())),
        );
        if rng.u8(0..4) == 0 {
            let there = world.all_items();
            let mut batch = || {
                let some: Vec<Value> = (0..5).map(|_| redelivered(&old[rng.usize(0..old.len())], &there)).collect();
                json!({"Records": some})
            };
            let (one, other) = (batch(), batch());
            tokio::join!(world.invoke("PublishChanges", &one), world.invoke("PublishChanges", &other));
        }
        if rng.u8(0..6) == 0 {
            hits += world.injected().await.len();
            world.checked(&format!("step {step}")).await;
        }
    }
    hits += world.injected().await.len();
    let counts = world.checked("at the end").await;
    println!("{counts:?} after {hits} faults");
    assert!(hits > 10, "{hits}");
}

/// The record of an item that was created, or of the deletion of a slot that is not there any more.
fn redelivered(item: &Value, there: &[Value]) -> Value {
    let mut record = record(1, None, item);
    if item["kind"]["S"] == "SLOT" && !there.contains(item) {
        record["eventName"] = "REMOVE".into();
        record["dynamodb"]["OldImage"] = record["dynamodb"]["NewImage"].take();
        record["dynamodb"].as_object_mut().unwrap().remove("NewImage");
    }
    record
}

/// The writes for the counts: one for a job that is created, one for a passkey, and none for what is in between.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_status_costs_one_write() {
    let world = World::new().await;
    let writes = async || {
        world.drained().await;
        let counts = world.local("requests?by=function").await["PublishChanges"].clone();
        world.send("DELETE", "/_local/requests", &[], "").await.ok();
        let of = |name: &str| counts[format!("dynamodb:{name}")].as_u64().unwrap_or_default();
        of("UpdateItem") + of("PutItem") + of("DeleteItem") + of("TransactWriteItems")
    };
    writes().await;
    let job = world.invite().await;
    assert_eq!(writes().await, 1, "pending");
    let (ceremony, registration) = world.prepare(&job).await;
    assert_eq!(writes().await, 0, "opened and delivered");
    world.bind(&job, &ceremony, &registration).await.ok();
    assert_eq!(writes().await, 1, "enrolled");
    world.enrol(&world.invite().await).await;
    assert_eq!(writes().await, 0, "a second passkey");
    // The next slot, the identity's slot, and its status.
    world.identity("bob", "bob@example.com").await;
    assert_eq!(writes().await, 3, "a new identity");
}

/// An invocation that has read an identity before a change, and its sheet after another invocation has counted the change,
/// writes an older status. It reads the identity again, and corrects that.
#[tokio::test(flavor = "multi_thread")]
async fn a_slower_invocation_leaves_no_older_status() {
    let world = World::new().await;
    let invited = world.invite().await;
    world.drained().await;
    let job = world.items().into_iter().find(|item| item["kind"]["S"] == "JOB").unwrap();
    let batch = json!({"Records": [record(1, None, &job)]});
    world.plan(&json!({"function": "PublishChanges", "operation": "GetItem", "kind": "hold"})).await;
    let faster = async {
        world.until(async || world.local("faults").await["injected_count"] != 0).await;
        world.enrol(&invited).await;
        assert_eq!(of(&world.checked("the faster one").await), [1, 0, 0, 0]);
        world.injected().await.len()
    };
    let (slower, held) = tokio::join!(world.invoke("PublishChanges", &batch), faster);
    assert_eq!((slower.ok(), held), (json!({"batchItemFailures": []}), 1));
    assert_eq!(of(&world.checked("the slower one").await), [1, 0, 0, 0]);
}

/// A batch writes its sheets concurrently, and its events do not wait for them: identities of a large realm are in many.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_sheet_delays_neither_events_nor_other_sheets() {
    let world = World::new().await;
    world.drained().await;
    let mut slots = world.all_items().into_iter().find(|item| item["kind"]["S"] == "SLOTS").unwrap();
    slots["next_slot"]["N"] = "700".into();
    world.put(&slots);
    world.identity("bob", "bob@example.com").await;
    world.drained().await;
    for id in ["ada", "bob"] {
        world.job_for(id, "RETURN", &json!({})).await;
    }
    world.drained().await;
    let sheets = || world.all_items().into_iter().filter(|item| item["kind"]["S"] == "SHEET").collect::<Vec<_>>();
    let pending = || sheets().iter().filter(|sheet| sheet["statuses"]["S"].as_str().unwrap().contains('P')).count();
    assert_eq!(pending(), 2);
    for mut sheet in sheets() {
        sheet["statuses"]["S"] = sheet["statuses"]["S"].as_str().unwrap().replace('P', "U").into();
        world.put(&sheet);
    }
    let events = world.local("events").await.as_array().unwrap().len();
    let jobs = world.items().into_iter().filter(|item| item["kind"]["S"] == "JOB");
    let records: Vec<Value> = (1..).zip(jobs).map(|(number, job)| record(number, None, &job)).collect();
    let batch = json!({"Records": records});
    world.plan(&json!({"function": "PublishChanges", "operation": "UpdateItem", "kind": "hold"})).await;
    let others = async {
        while pending() == 0 || world.local("events").await.as_array().unwrap().len() < events + 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let others = async {
        let others = tokio::time::timeout(Duration::from_secs(8), others).await;
        (others, pending(), world.injected().await.len())
    };
    let (answer, others) = tokio::join!(world.invoke("PublishChanges", &batch), others);
    assert_eq!(others, (Ok(()), 1, 1), "the other sheet is written, and so are the events");
    assert_eq!(answer.ok(), json!({"batchItemFailures": []}));
    assert_eq!(of(&world.checked("released").await), [0, 2, 0, 0]);
}

/// The command calls the function until no identity is left.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_counts_a_realm_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let (stub, noted) = (folder.path().join("aws"), folder.path().join("noted"));
    // `cargo local` has no CloudFormation. The first answer has a next page, the second has none.
    let script = r#"#!/usr/bin/env bash
[ "$1" = lambda ] || exit 255
printf '%s\n' "$@" >>"$NOTED"
next='["T#demo","IDENTITY","0"]'
[ "$(grep -c '^{' "$NOTED")" = 1 ] || next=null
echo '{"identities_counted":1,"next":'"$next"'}' >"${@: -1}"
echo "$ERROR"
"#;
    std::fs::write(&stub, script).unwrap();
    std::fs::set_permissions(&stub, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let run = async |options: &[&str], path: &str, error: &str| {
        let search = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut command = tokio::process::Command::new(root.join("infra/recount"));
        command.args(options).args([path, "a-stack"]).env("PATH", search).env("NOTED", &noted).env("ERROR", error);
        command.output().await.unwrap()
    };
    let output = run(&[], REALM, "None").await;
    assert!(output.status.success(), "{output:?}");
    let text = std::fs::read_to_string(&noted).unwrap();
    let sent: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let request = |clear: bool, after: Value| json!({"recount": {"tenant_id": "demo", "realm_id": "demo", "clear": clear, "after": after}});
    let next = json!(["T#demo", "IDENTITY", "0"]);
    assert_eq!(sent, [request(false, Value::Null), request(false, next.clone())]);
    assert!(text.lines().any(|line| line == "a-stack-PublishChanges"));
    assert!(!run(&[], REALM, "Unhandled").await.status.success());
    std::fs::remove_file(&noted).unwrap();
    assert!(run(&["--clear"], REALM, "None").await.status.success());
    let text = std::fs::read_to_string(&noted).unwrap();
    let sent: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(sent, [request(true, Value::Null), request(false, next)]);
    std::fs::remove_file(&noted).unwrap();
    for path in ["/v1/tenants/demo", &format!("{REALM}/identities"), &REALM.replace("demo", "a\"b")] {
        assert!(!run(&[], path, "None").await.status.success(), "{path}");
    }
    assert!(!noted.exists(), "an invalid path is not sent");
}
