//! Batches: created, advanced by the runner, controlled by callers.
//!
//! Operations: createBatchCredentialBindingJob, listBatchCredentialBindingJobs, getBatchCredentialBindingJob,
//! listBatchCredentialBindingJobResults, pauseBatchCredentialBindingJob, resumeBatchCredentialBindingJob,
//! cancelBatchCredentialBindingJob.

mod faults;
mod lists;
mod mails;
pub(crate) mod many;
mod pace;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::world::{ADA, Answer, Invited, REALM, World, job, persistently};

const BATCHES: &str = "/v1/tenants/demo/realms/demo/batch-credential-binding-jobs";

/// A batch for these identities under the config `hosted`.
pub(crate) fn batch(ids: &[String], more: &Value) -> Value {
    let mut batch = json!({"identity_ids": ids, "job_template": {"authenticator_config_id": "hosted"}});
    for (name, value) in more.as_object().unwrap() {
        batch[name] = value.clone();
    }
    json!({"batch_credential_binding_job": batch})
}

impl World {
    /// Creates an identity with a mail address and more traits.
    pub(crate) async fn person(&self, id: &str, address: Option<&str>, more: &Value) {
        let mut traits = json!({"username": id, "primary_email_address": address});
        for (name, value) in more.as_object().unwrap() {
            traits[name] = value.clone();
        }
        let body = json!({"identity": {"display_name": id, "traits": traits}});
        self.call("PUT", &format!("{REALM}/identities/{id}"), &body).await.ok();
    }

    pub(crate) async fn people(&self, count: usize) -> Vec<String> {
        let ids: Vec<String> = (0..count).map(|number| format!("p{number}")).collect();
        for id in &ids {
            self.person(id, Some(&format!("{id}@example.com")), &json!({})).await;
        }
        ids
    }

    pub(crate) async fn create_batch(&self, ids: &[String], more: &Value) -> Value {
        self.call("POST", BATCHES, &batch(ids, more)).await.ok()
    }

    pub(crate) async fn batch(&self, created: &Value) -> Value {
        self.get(&format!("{BATCHES}/{}", created["id"].as_str().unwrap())).await
    }

    pub(crate) async fn control(&self, created: &Value, verb: &str) -> Answer {
        let path = format!("{BATCHES}/{}:{verb}", created["id"].as_str().unwrap());
        self.call("POST", &path, &Value::Null).await
    }

    pub(crate) async fn results(&self, created: &Value) -> Vec<Value> {
        let path = format!("{BATCHES}/{}:listResults?page_size=200", created["id"].as_str().unwrap());
        self.get(&path).await["job_results"].as_array().unwrap().clone()
    }

    /// The next run of the runner, and all that follows from it.
    pub(crate) async fn minutes(&self, count: u32) {
        for _ in 0..count {
            self.stack.clock().advance(61_000);
            // A run waits for the slots of its invitations: the clock is moved to each.
            let end = persistently(async || {
                self.wake();
                let behind = self.local("streams").await["schedules"].clone();
                if behind == 0 { Ok(()) } else { Err(json!([behind, self.stack.clock().now().to_string()])) }
            });
            end.await.unwrap();
            self.drained().await;
        }
    }

    /// The next run of the runner, for many recipients: the clock is moved every millisecond to the next slot. A slot can be missed,
    /// which the next run makes up for.
    pub(crate) async fn quick_minute(&self) {
        self.stack.clock().advance(61_000);
        let wake = async {
            loop {
                self.wake();
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        };
        let end = persistently(async || match self.local("streams").await["schedules"].clone() {
            behind if behind == 0 => Ok(()),
            behind => Err(json!([behind, self.stack.clock().now().to_string()])),
        });
        tokio::select! {
            () = wake => {}
            end = end => end.unwrap(),
        }
    }

    /// How many mails of a kind each address got.
    pub(crate) async fn mails_by_address(&self) -> BTreeMap<String, usize> {
        let mut count = BTreeMap::new();
        for mail in self.local("mail").await.as_array().unwrap() {
            *count.entry(mail["to"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        count
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_invites_those_who_need_it() {
    let world = World::new().await;
    let mut ids = world.people(3).await;
    world.person("mute", None, &json!({})).await;
    world.person("gone", Some("gone@example.com"), &json!({})).await;
    world.person("idle", Some("idle@example.com"), &json!({})).await;
    world.call("PATCH", &format!("{REALM}/identities/idle"), &json!({"identity": {"status": "suspended"}})).await.ok();
    world.person("busy", Some("busy@example.com"), &json!({})).await;
    let pending = format!("{REALM}/identities/busy/credential-binding-jobs");
    world.call("POST", &pending, &job("RETURN", &json!({}))).await.ok();
    world.enrol(&world.invite().await).await;
    ids.extend(["mute", "gone", "idle", "busy", "ada"].map(str::to_owned));

    let plan = world.create_batch(&ids, &json!({"dry_run": true})).await;
    let reasons: Vec<(&Value, &Value)> =
        plan["plan"].as_array().unwrap().iter().map(|one| (&one["plan"], &one["reason"])).collect();
    let (invite, skip) = (json!("invite"), json!("skip"));
    let words = ["no_email", "suspended", "already_pending", "already_enrolled"].map(|word| json!(word));
    let null = Value::Null;
    let expected = [
        (&invite, &null),
        (&invite, &null),
        (&invite, &null),
        (&skip, &words[0]),
        (&invite, &null),
        (&skip, &words[1]),
        (&skip, &words[2]),
        (&skip, &words[3]),
    ];
    assert_eq!(reasons, expected);
    assert_eq!((plan.get("id"), plan.get("state")), (None, None));
    world.drained().await;
    assert_eq!(world.local("mail").await.as_array().unwrap().len(), 1, "only the notice of ada's passkey");

    let created = world.create_batch(&ids, &json!({})).await;
    assert_eq!((&created["state"], &created["control"]["state"]), (&json!("RUNNING"), &json!("active")));
    assert_eq!(created["counts"]["waiting"], 8);
    world.call("DELETE", &format!("{REALM}/identities/gone"), &Value::Null).await.ok();
    world.minutes(1).await;
    let done = world.batch(&created).await;
    assert_eq!(done["state"], "PARTIAL_SUCCESS", "{done}");
    let counts = &done["counts"];
    let expected = json!({
        "total": 8, "waiting": 0, "deferred": 0, "invited": 3, "skipped": 2, "failed": 3, "opened": 0, "complete": 0,
        "bounced": 0, "complained": 0,
    });
    assert_eq!(*counts, expected);
    let errors = &done["state_commentary"]["errors"];
    assert_eq!(errors["mute"], json!({"last_error": "Identity missing email address", "failed_permanently": true}));
    assert_eq!(errors.as_object().unwrap().keys().collect::<Vec<_>>(), ["gone", "idle", "mute"]);

    let mails = world.mails_by_address().await;
    for id in &ids[..3] {
        assert_eq!(mails[&format!("{id}@example.com")], 1, "{id}");
    }
    let results = world.results(&created).await;
    let row = |index: usize| (&results[index]["state"], &results[index]["reason"]);
    assert_eq!(row(0), (&json!("LINK_SENT"), &Value::Null));
    assert_eq!(results[0]["email_status"], "DELIVERED");
    assert_eq!(row(4), (&Value::Null, &json!("not_found")));
    assert!(!results.iter().any(|result| result.to_string().contains("token=")));
    let one = format!("{REALM}/identities/p0/credential-binding-jobs/{}", results[0]["id"].as_str().unwrap());
    assert_eq!(world.get(&one).await["batch_id"], created["id"]);

    // Nothing is done twice, and the queue is at rest.
    world.minutes(3).await;
    assert_eq!(world.mails_by_address().await, mails);
    assert!(world.items().iter().all(|item| item.get("due_shard").is_none()));
    let events = world.local("events").await;
    let of_batch: Vec<&Value> = events
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["detail-type"] == "Credential Binding Batch State Change")
        .map(|event| &event["detail"]["data"]["batch_credential_binding_job"]["state"])
        .collect();
    assert_eq!(of_batch, ["RUNNING", "PARTIAL_SUCCESS"]);

    // What happened is counted by hour.
    let all = world.local("mail").await;
    let mail = all.as_array().unwrap().iter().find(|mail| mail["to"] == "p0@example.com").unwrap();
    let secret = crate::model::secret_of(mail["text"].as_str().unwrap());
    world.enrol(&Invited { path: one, secret }).await;
    let hours = world.batch(&created).await["hours"].clone();
    let sum = |name: &str| hours.as_array().unwrap().iter().map(|hour| hour[name].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("invited"), sum("opened"), sum("complete")), (3, 1, 1), "{hours}");
    assert!(hours[0]["hour"].as_str().unwrap().ends_with(":00:00.000Z"), "{hours}");
}

#[tokio::test(flavor = "multi_thread")]
async fn results_are_pages_or_a_table() {
    let world = World::new().await;
    let ids = world.people(7).await;
    let created = world.create_batch(&ids, &json!({})).await;
    world.minutes(1).await;
    let path = format!("{BATCHES}/{}:listResults", created["id"].as_str().unwrap());
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let page = world.get(&format!("{path}?page_size=3{token}")).await;
        assert_eq!((&page["total_size"], &page["total_pending_count"]), (&json!(7), &json!(7)));
        seen.extend(page["job_results"].as_array().unwrap().iter().map(|one| one["identity_id"].clone()));
        let Some(next) = page["next_page_token"].as_str() else { break };
        token = format!("&page_token={next}");
    }
    assert_eq!(json!(seen), json!(ids), "in the order of the request");
    let bearer = format!("Bearer {}", world.token());
    let table = world.send("GET", &path, &[("authorization", &bearer), ("accept", "text/csv")], "").await;
    assert_eq!(table.headers["content-type"], "text/csv; charset=utf-8; header=present");
    let mut rows = table.text.split("\r\n");
    assert!(rows.next().unwrap().starts_with("identity_id,job_id,state,email_status,reason"));
    let rows: Vec<&str> = rows.filter(|row| !row.is_empty()).collect();
    assert_eq!(rows.len(), 7);
    assert!(rows[2].starts_with("p2,") && rows[2].contains(",LINK_SENT,DELIVERED,,"), "{}", rows[2]);
    world.call("GET", &format!("{path}?page_token=nonsense"), &Value::Null).await.problem(400);
    let unknown = format!("{BATCHES}/01a20a52-8cdd-7ce4-b7e8-52164f112b0f");
    for path in [unknown.clone(), format!("{unknown}:listResults"), format!("{BATCHES}/nonsense")] {
        let answer = world.call("GET", &path, &Value::Null).await;
        answer.problem(404);
        assert_eq!(answer.json["details"][0]["resource_type"], "BatchCredentialBindingJob");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_violations_at_once_and_nothing_begun() {
    let world = World::new().await;
    world.people(2).await;
    let body = json!({"batch_credential_binding_job": {
        "identity_ids": ["p0", "p0", "nobody", "a b", 7],
        "job_template": {
            "authenticator_config_id": "nothing", "delivery_method": "RETURN", "expires_in_seconds": 1,
            "post_binding_redirect_uri": "https://elsewhere.example",
        },
        "start_time": "2020-01-01T00:00:00Z",
        "pacing": {"max_per_minute": 0, "ramp": [0]},
        "quiet_hours": {"time_zone": "Mars/Olympus", "from": "22:00", "to": "22:00"},
        "reminders": [{"after_seconds": 5}],
        "on_existing": {"enrolled": "x", "pending": "y"},
        "dry_run": "no",
    }});
    let answer = world.call("POST", BATCHES, &body).await;
    let fields: Vec<String> =
        answer.fields().iter().map(|field| field.replace("batch_credential_binding_job.", "")).collect();
    for field in [
        "identity_ids[1]",
        "identity_ids[2]",
        "identity_ids[3]",
        "identity_ids[4]",
        "job_template.authenticator_config_id",
        "job_template.delivery_method",
        "job_template.expires_in_seconds",
        "job_template.post_binding_redirect_uri",
        "start_time",
        "pacing.max_per_minute",
        "pacing.ramp",
        "quiet_hours.time_zone",
        "quiet_hours.to",
        "reminders[0].after_seconds",
        "on_existing.enrolled",
        "on_existing.pending",
        "dry_run",
    ] {
        assert!(fields.iter().any(|known| known == field), "{field}: {fields:?}");
    }
    for (ids, more) in [
        (vec![], json!({})),
        (vec!["p0".to_owned(); 1001], json!({})),
        (vec!["p0".to_owned()], json!({"job_template": null})),
        (vec!["p0".to_owned()], json!({"reminders": [{"after_seconds": 604_800}]})),
        (vec!["p0".to_owned()], json!({"quiet_hours": {"from": "22:00", "to": "07:00"}})),
    ] {
        assert!(!world.call("POST", BATCHES, &batch(&ids, &more)).await.fields().is_empty());
    }
    let missing = world.call("POST", BATCHES, &json!({})).await;
    assert_eq!(missing.fields(), ["batch_credential_binding_job"]);
    let elsewhere = BATCHES.replace("realms/demo", "realms/nowhere");
    world.call("POST", &elsewhere, &batch(&["p0".to_owned()], &json!({}))).await.problem(404);
    assert!(
        !world.items().iter().any(|item| ["BATCH", "CHUNK", "QUEUE"].contains(&item["kind"]["S"].as_str().unwrap()))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_makes_one_batch() {
    let world = World::new().await;
    let ids = world.people(2).await;
    let send = async |body: Value| {
        let bearer = format!("Bearer {}", world.token());
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", "wave-1")];
        world.send("POST", BATCHES, &headers, body.to_string()).await
    };
    let first = send(batch(&ids, &json!({}))).await.ok();
    world.minutes(1).await;
    let again = send(batch(&ids, &json!({"unknown": 1}))).await.ok();
    assert_eq!((&again["id"], &again["state"]), (&first["id"], &json!("SUCCESS")));
    let other = send(batch(&ids[..1], &json!({}))).await;
    other.problem(422);
    assert_eq!(other.kind(), "idempotency-key-reused");
    world.stack.clock().advance(31 * 24 * 3600 * 1000);
    assert_ne!(send(batch(&ids, &json!({}))).await.ok()["id"], first["id"], "a month later it is forgotten");
}

/// A thousand recipients are accepted in one request, in few writes.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_are_accepted_at_once() {
    let world = World::new().await;
    world.people(1).await;
    let items = world.items();
    let template = items.iter().find(|item| item["pk"]["S"] == "T#demo#R#demo#I#p0").unwrap();
    let ids: Vec<String> = (0..1000).map(|number| format!("{number:0>36}")).collect();
    for id in &ids {
        let mut item = template.clone();
        item["pk"]["S"] = format!("T#demo#R#demo#I#{id}").into();
        item["realm_sort"]["S"] = format!("{}#{id}", "0".repeat(15)).into();
        world.put(&item);
    }
    // The identities are counted by the publisher.
    world.drained().await;
    world.send("DELETE", "/_local/requests", &[], "").await.ok();
    let created = world.create_batch(&ids, &json!({"start_time": "2026-12-31T00:00:00Z"})).await;
    assert_eq!(created["counts"]["waiting"], 1000);
    let counts = world.local("requests").await["dynamodb"].clone();
    let writes = counts["TransactWriteItems"]["write_units"].as_f64().unwrap();
    assert!(writes <= 150.0, "{counts}");
    assert_eq!(counts["PutItem"]["count"], 1, "the entry of the audit log");
    let longest: Vec<String> = (0..1000).map(|number| format!("{number:0>128}")).collect();
    let answer = world.call("POST", BATCHES, &batch(&longest, &json!({}))).await;
    assert_eq!(answer.fields().len(), 1000, "a body of 131 KB is read");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_paused_resumed_and_cancelled() {
    let world = World::new().await;
    let ids = world.people(6).await;
    let slow = json!({"pacing": {"max_per_minute": 1}});
    let created = world.create_batch(&ids, &slow).await;
    world.minutes(2).await;
    let invited = world.batch(&created).await["counts"]["invited"].as_u64().unwrap();
    assert!((1..=2).contains(&invited), "{invited}");
    let paused = world.control(&created, "pause").await.ok();
    assert_eq!(paused["control"]["state"], "paused");
    world.minutes(1).await;
    let invited = world.batch(&created).await["counts"]["invited"].clone();
    world.minutes(3).await;
    assert_eq!(world.batch(&created).await["counts"]["invited"], invited);
    assert_eq!(world.control(&created, "pause").await.ok()["control"], paused["control"], "a repetition");
    assert_eq!(world.control(&created, "resume").await.ok()["control"]["state"], "active");
    world.minutes(2).await;
    let later = world.batch(&created).await["counts"]["invited"].clone();
    assert!(later.as_u64() > invited.as_u64(), "{later} {invited}");
    assert_eq!(world.control(&created, "cancel").await.ok()["control"]["state"], "cancelled");
    world.minutes(2).await;
    let ended = world.batch(&created).await;
    assert_eq!(ended["state"], "PARTIAL_SUCCESS");
    assert_eq!(ended["counts"]["waiting"], 0);
    assert_eq!(ended["counts"]["invited"].as_u64().unwrap() + ended["counts"]["failed"].as_u64().unwrap(), 6);
    world.control(&created, "cancel").await.ok();
    for verb in ["pause", "resume"] {
        let refused = world.control(&created, verb).await;
        refused.problem(409);
    }
    assert_eq!(world.mails_by_address().await.len() as u64, ended["counts"]["invited"].as_u64().unwrap());
    // The scope is its own.
    let reader = world.token_with(&json!({"scope": "credential-binding-jobs:create credential-binding-jobs:read"}));
    let path = format!("{BATCHES}/{}:pause", created["id"].as_str().unwrap());
    world.bearing(&reader, "POST", &path, "").await.problem(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn existing_jobs_and_passkeys_can_be_ignored() {
    let world = World::new().await;
    world.enrol(&world.invite().await).await;
    let earlier = world.invite().await;
    let on_existing = json!({"on_existing": {"enrolled": "invite", "pending": "supersede"}});
    let created = world.create_batch(&["ada".to_owned()], &on_existing).await;
    world.minutes(1).await;
    assert_eq!(world.batch(&created).await["counts"]["invited"], 1);
    let revoked = world.get(&earlier.path).await;
    assert_eq!((&revoked["state"], &revoked["revoked_by"]), (&json!("REVOKED"), &json!("OPERATOR")));
    let jobs = world.get(&format!("{ADA}/credential-binding-jobs?filter=state%20eq%20%22LINK_SENT%22")).await;
    assert_eq!(jobs["credential_binding_jobs"][0]["batch_id"], created["id"]);
}
