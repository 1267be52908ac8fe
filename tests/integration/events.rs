//! Published events: in order for each job, whatever the bus refuses; none lost to an unpublishable record; and only as
//! the published schemas describe.
//!
//! Operations: revokeJob, revokeCredential, publishJob.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use binding::ids::JobId;
use binding::time::Timestamp;
use serde_json::{Value, json};

use crate::world::{ADA, World, job};

const STATES: [&str; 4] = ["LINK_SENT", "LINK_OPENED", "REQUEST_DELIVERED", "COMPLETE"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Passes a batch of stream records to the publisher, as Lambda does, and returns the sequence number to retry from.
async fn publish(world: &World, records: &[Value]) -> Option<String> {
    let answer = world.invoke("PublishChanges", &json!({"Records": records})).await.ok();
    let failures = answer["batchItemFailures"].as_array().unwrap();
    assert!(failures.len() <= 1, "{answer}");
    failures.first().map(|failure| failure["itemIdentifier"].as_str().unwrap().to_owned())
}

pub(crate) fn record(sequence_number: usize, before: Option<&Value>, after: &Value) -> Value {
    let mut record = json!({
        "eventID": format!("e{sequence_number}"), "eventName": if before.is_some() { "MODIFY" } else { "INSERT" },
        "eventVersion": "1.1", "eventSource": "aws:dynamodb", "awsRegion": "local",
        "dynamodb": {
            "Keys": {"pk": after["pk"], "sk": after["sk"]}, "NewImage": after, "StreamViewType": "NEW_AND_OLD_IMAGES",
            "SequenceNumber": sequence_number.to_string(), "SizeBytes": 1, "ApproximateCreationDateTime": 1,
        },
    });
    if let Some(before) = before {
        record["dynamodb"]["OldImage"] = before.clone();
    }
    record
}

/// The items of an enrolment, as templates for items that are in no table: only the publisher sees them.
struct Templates {
    job: Value,
    credential: Value,
    made: u8,
}

impl Templates {
    async fn of(world: &World) -> Self {
        world.enrol(&world.invite().await).await;
        world.eventually("events", |events| events.len() == 5).await;
        let of_kind = |kind: &str| world.items().into_iter().find(|item| item["kind"]["S"] == kind).unwrap();
        Self { job: of_kind("JOB"), credential: of_kind("CREDENTIAL"), made: 0 }
    }

    /// A job's images, one for each state up to COMPLETE, and the image of its credential.
    fn history(&mut self) -> (String, Vec<Value>, Value) {
        self.made += 1;
        let id = JobId::new(Timestamp::from_millis(1), [self.made; 10]).to_string();
        let image = |(index, state): (usize, &&str)| {
            let mut item = self.job.clone();
            item["sk"]["S"] = format!("JOB#{id}").into();
            item["state"]["S"] = (*state).into();
            item["version"]["N"] = (index + 1).to_string().into();
            item
        };
        let mut credential = self.credential.clone();
        let prefix = credential["sk"]["S"].as_str().unwrap().split('#').next().unwrap().to_owned();
        credential["sk"]["S"] = format!("{prefix}#{id}").into();
        credential["job_id"]["S"] = id.as_str().into();
        (id.clone(), STATES.iter().enumerate().map(image).collect(), credential)
    }
}

/// The published states of a job and its credential, in the order of publication.
async fn published_states(world: &World, job: &str) -> Vec<String> {
    let events = world.local("events").await;
    let of_job = events.as_array().unwrap().iter().filter(|e| e["detail"]["metadata"]["correlation_id"] == job);
    let state = |event: &Value| {
        let data = &event["detail"]["data"];
        let state = data["credential_binding_job"]["state"].as_str().or(data["credential"]["state"].as_str());
        state.unwrap().to_owned()
    };
    of_job.map(state).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_of_a_jobs_events_survives_refused_entries() {
    let world = World::new().await;
    let mut templates = Templates::of(&world).await;
    for refusals in [0, 1, 2, 5, 7] {
        let jobs = [templates.history(), templates.history(), templates.history()];
        let mut records = Vec::new();
        for index in 0..STATES.len() {
            for (_, images, _) in &jobs {
                let before = index.checked_sub(1).map(|index| &images[index]);
                records.push(record(records.len(), before, &images[index]));
            }
        }
        for (_, _, credential) in &jobs {
            records.push(record(records.len(), None, credential));
        }
        world.fault("eventbridge", "PutEventsEntry", "error", refusals).await;
        assert_eq!(publish(&world, &records).await, None);
        for (job, ..) in &jobs {
            let expected = [&STATES[..], &["ACTIVE"]].concat();
            assert_eq!(published_states(&world, job).await, expected, "{refusals} refusals");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_the_bus_keeps_refusing_waits_with_its_successors() {
    let world = World::new().await;
    let (job, images, _) = Templates::of(&world).await.history();
    let mut records = vec![record(7, None, &images[0]), record(8, Some(&images[0]), &images[1])];
    let poison = json!({"dynamodb": {"SequenceNumber": "9", "NewImage": "nonsense"}});
    records.push(poison);
    world.fault("eventbridge", "PutEventsEntry", "throttle", 4).await;
    assert_eq!(publish(&world, &records).await.as_deref(), Some("7"));
    assert_eq!(published_states(&world, &job).await, [""; 0]);
    assert_eq!(world.local("set-aside").await, json!([]), "it is retried with the others");
    assert_eq!(publish(&world, &records).await, None);
    assert_eq!(published_states(&world, &job).await, STATES[..2]);
    assert_eq!(world.local("set-aside").await.as_array().unwrap().len(), 1);
}

/// An entry that is missing from the bus's response was not accepted: it is retried like a refused one.
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_missing_from_the_response_is_retried() {
    let world = World::new().await;
    let mut templates = Templates::of(&world).await;
    let ((job, images, _), (other, others, _)) = (templates.history(), templates.history());
    let records = [record(1, None, &images[0]), record(2, None, &others[0])];
    world.fault("eventbridge", "PutEvents", "partial", 1).await;
    assert_eq!(publish(&world, &records).await, None);
    for job in [&job, &other] {
        assert_eq!(published_states(&world, job).await, ["LINK_SENT"]);
    }
    let (job, images, _) = templates.history();
    let records = [record(3, None, &images[0])];
    world.fault("eventbridge", "PutEvents", "partial", 4).await;
    assert_eq!(publish(&world, &records).await.as_deref(), Some("3"), "four refusals end the attempt");
    assert_eq!(published_states(&world, &job).await, [""; 0]);
    assert_eq!(publish(&world, &records).await, None);
    assert_eq!(published_states(&world, &job).await, ["LINK_SENT"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_record_is_set_aside_with_its_content() {
    let world = World::new().await;
    let mut templates = Templates::of(&world).await;
    let ((job, images, _), (other, others, _)) = (templates.history(), templates.history());
    let mut unreadable = images[1].clone();
    unreadable["state"]["S"] = "NO_SUCH_STATE".into();
    let records = [
        record(1, None, &images[0]),
        record(2, Some(&images[0]), &unreadable),
        record(3, Some(&images[0]), &images[1]),
        record(4, None, &others[0]),
    ];
    world.fault("sqs", "SendMessage", "error", 4).await;
    assert_eq!(publish(&world, &records).await.as_deref(), Some("2"), "the queue fails, so the record is retried");
    assert_eq!(world.local("set-aside").await, json!([]));
    assert_eq!(publish(&world, &records[1..]).await, None);
    assert_eq!(published_states(&world, &job).await, ["LINK_SENT", "LINK_OPENED", "LINK_OPENED"]);
    assert_eq!(published_states(&world, &other).await, ["LINK_SENT"; 2]);
    let set_aside = world.local("set-aside").await;
    assert_eq!(set_aside.as_array().unwrap().len(), 1, "{set_aside}");
    assert!(set_aside[0]["reason"].as_str().unwrap().contains("state"), "{set_aside}");
    assert_eq!(set_aside[0]["record"], records[1]);
    assert_eq!(set_aside[0]["sequence_number"], "2");
    assert_eq!(set_aside[0]["function"], "publish-changes");
    assert_eq!(set_aside[0]["queue"], "PoisonRecords");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_the_bus_rejects_permanently_is_set_aside() {
    let world = World::new().await;
    let mut templates = Templates::of(&world).await;
    let (job, images, _) = templates.history();
    let records = [record(1, None, &images[0]), record(2, Some(&images[0]), &images[1])];
    world.fault("eventbridge", "PutEventsEntry", "rejected", 1).await;
    assert_eq!(publish(&world, &records).await, None);
    assert_eq!(published_states(&world, &job).await, ["LINK_OPENED"]);

    let (job, mut images, _) = templates.history();
    images[0]["locale"] = json!({"S": "not a language"});
    assert_eq!(publish(&world, &[record(3, None, &images[0])]).await, None);
    assert_eq!(published_states(&world, &job).await, [""; 0], "the event violates its schema");
    let set_aside = world.local("set-aside").await;
    let reasons: Vec<&str> =
        set_aside.as_array().unwrap().iter().map(|entry| entry["reason"].as_str().unwrap()).collect();
    assert!(matches!(reasons[..], [a, b] if a.ends_with("InvalidArgument") && b.ends_with("MalformedDetail")));
    assert_eq!(set_aside[1]["record"]["dynamodb"]["NewImage"], images[0]);
}

fn republish_of(path: &str) -> Value {
    let ids: Vec<&str> = path.split('/').collect();
    json!({"republish": {"tenant_id": ids[3], "realm_id": ids[5], "identity_id": ids[7], "job_id": ids[9]}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_can_be_published_again() {
    let world = World::new().await;
    let invited = world.invite().await;
    world.enrol(&invited).await;
    let first = world.eventually("events", |events| events.len() == 5).await;
    let again = republish_of(&invited.path);
    for (count, function) in ["PublishChanges", "a-stack-PublishChanges"].into_iter().enumerate() {
        let answer = world.invoke(function, &again).await.ok();
        assert_eq!(answer, json!({"job": invited.path, "events_published": 2}));
        let events = world.local("events").await;
        assert_eq!(events.as_array().unwrap().len(), 7 + 2 * count);
        for (event, kind) in events.as_array().unwrap()[5 + 2 * count..].iter().zip(["job", "credential"]) {
            let metadata = &event["detail"]["metadata"];
            let before = first.iter().find(|event| event["detail"]["metadata"]["event_id"] == metadata["event_id"]);
            let mut before = before.unwrap_or_else(|| panic!("{kind}: {event}"))["detail"].clone();
            before["data"].as_object_mut().unwrap().remove("previous_state");
            before["metadata"]["replay"] = true.into();
            assert_eq!(event["detail"], before);
        }
        assert_eq!(events[5 + 2 * count]["detail"]["data"]["credential_binding_job"]["state"], "COMPLETE");
    }
    let newer = world.invite().await;
    assert_eq!(world.invoke("PublishChanges", &republish_of(&newer.path)).await.ok()["events_published"], 1);
}

/// Its events are those of the present versions, marked as replays, and nothing else changes: no version, no mail.
#[tokio::test(flavor = "multi_thread")]
async fn a_caller_can_publish_a_job_again() {
    let world = World::new().await;
    let invited = world.invite().await;
    world.enrol(&invited).await;
    let first = world.eventually("events", |events| events.len() == 5).await;
    let before = world.get(&invited.path).await;
    assert_eq!(world.call("POST", &format!("{}:publish", invited.path), &Value::Null).await.ok(), before);
    let events = world.eventually("events", |events| events.len() == 7).await;
    for event in &events[5..] {
        let metadata = &event["detail"]["metadata"];
        let original = first.iter().find(|event| event["detail"]["metadata"]["event_id"] == metadata["event_id"]);
        let mut original = original.unwrap_or_else(|| panic!("{event}"))["detail"].clone();
        original["data"].as_object_mut().unwrap().remove("previous_state");
        original["metadata"]["replay"] = true.into();
        assert_eq!(event["detail"], original);
    }
    assert_eq!(world.get(&invited.path).await, before);

    // Its next change is published as usual.
    let pending = world.call("POST", &format!("{ADA}/credential-binding-jobs"), &job("EMAIL", &json!({}))).await.ok();
    let path = format!("{ADA}/credential-binding-jobs/{}", pending["credential_binding_job"]["id"].as_str().unwrap());
    world.drained().await;
    let mails = world.local("mail").await;
    world.call("POST", &format!("{path}:publish"), &Value::Null).await.ok();
    world.call("POST", &format!("{path}:revoke"), &Value::Null).await.ok();
    world.drained().await;
    let events = world.local("events").await;
    let last: Vec<[&Value; 3]> = events.as_array().unwrap()[events.as_array().unwrap().len() - 2..]
        .iter()
        .map(|event| {
            let (metadata, data) = (&event["detail"]["metadata"], &event["detail"]["data"]);
            [&metadata["replay"], &data["credential_binding_job"]["state"], &data["previous_state"]]
        })
        .collect();
    assert_eq!(json!(last), json!([[true, "LINK_SENT", null], [null, "REVOKED", "LINK_SENT"]]));
    assert_eq!(world.local("mail").await, mails);
    let unknown = format!("{ADA}/credential-binding-jobs/0198c0de-0000-7000-8000-000000000001:publish");
    assert_eq!(world.call("POST", &unknown, &Value::Null).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_republish_request_is_explained() {
    let world = World::new().await;
    let path = format!("{ADA}/credential-binding-jobs/0198c0de-0000-7000-8000-000000000001");
    let mut unknown_member = republish_of(&path);
    unknown_member["republish"]["realm"] = "demo".into();
    for (payload, says) in [
        (republish_of(&path), path.as_str()),
        (republish_of(&path.replace("demo", "a b")), "republish.tenant_id must be"),
        (republish_of(&format!("{ADA}/credential-binding-jobs/7")), "republish.job_id must be"),
        (unknown_member, "unknown field `realm`"),
        (json!({"republish": {}}), "missing field `tenant_id`"),
        (json!({"records": []}), "none of Records, republish and recount"),
    ] {
        let answer = world.invoke("PublishChanges", &payload).await;
        assert_eq!(answer.headers["x-amz-function-error"], "Unhandled", "{}", answer.text);
        assert!(answer.json["errorMessage"].as_str().unwrap().contains(says), "{}", answer.text);
    }
    assert_eq!(world.invoke("NoSuchFunction", &json!({})).await.status, 404);
    let no_request = world.invoke("CreateJob", &json!({})).await;
    assert_eq!(no_request.headers["x-amz-function-error"], "Unhandled", "{}", no_request.text);
    assert_eq!(world.local("events").await, json!([]));
}

/// The operators' command, with an `aws` that records its arguments.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_republishes_the_job_in_its_path() {
    let world = World::new().await;
    let invited = world.invite().await;
    let folder = tempfile::tempdir().unwrap();
    let (stub, noted) = (folder.path().join("aws"), folder.path().join("noted"));
    // `cargo local` has no CloudFormation.
    let script = "#!/usr/bin/env bash\n[ \"$1\" = lambda ] || exit 255\nprintf '%s\\n' \"$@\" >\"$NOTED\"\necho '{\"job\":\"it\"}' >\"${@: -1}\"\necho \"$ERROR\"\n";
    std::fs::write(&stub, script).unwrap();
    std::fs::set_permissions(&stub, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let run = async |path: &str, error: &str| {
        let search = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
        let mut command = tokio::process::Command::new(root().join("infra/republish"));
        command.args([path, "a-stack"]).env("PATH", search).env("NOTED", &noted).env("ERROR", error);
        command.output().await.unwrap()
    };
    let output = run(&invited.path, "None").await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), r#"{"job":"it"}"#);
    let noted_text = std::fs::read_to_string(&noted).unwrap();
    let arguments: Vec<&str> = noted_text.lines().collect();
    let after = |name: &str| arguments[arguments.iter().position(|argument| *argument == name).unwrap() + 1];
    let payload: Value = serde_json::from_str(after("--payload")).unwrap();
    assert_eq!(payload, republish_of(&invited.path));
    assert_eq!(world.invoke(after("--function-name"), &payload).await.ok()["job"], invited.path);

    assert!(!run(&invited.path, "Unhandled").await.status.success());
    std::fs::remove_file(&noted).unwrap();
    for path in ["/v1/tenants/demo", &format!("{}:revoke", invited.path), &invited.path.replace("ada", "a\"b")] {
        assert!(!run(path, "None").await.status.success(), "{path}");
    }
    assert!(!noted.exists(), "an invalid path is not sent");
}

/// Jobs with all kinds of outcomes: enrolled and its credential revoked, revoked, mailed, rejected by the mailer.
async fn all_outcomes(world: &World) -> Vec<Value> {
    let invited = world.invite_with(&json!({"locale": "de-CH", "expires_in_seconds": 3600})).await;
    let credential = world.enrol(&invited).await;
    let credential = format!("{ADA}/credentials/{}:revoke", credential["id"].as_str().unwrap());
    world.call("POST", &credential, &Value::Null).await.ok();
    let revoked = world.invite().await;
    world.call("POST", &format!("{}:revoke", revoked.path), &Value::Null).await.ok();
    for (refused, state) in [(false, "LINK_SENT"), (true, "FAILED_TO_SEND")] {
        world.fault("sesv2", "SendEmail", "rejected", refused.into()).await;
        world.call("POST", &format!("{ADA}/credential-binding-jobs"), &job("EMAIL", &json!({}))).await.ok();
        let noted = |event: &Value| {
            let job = &event["detail"]["data"]["credential_binding_job"];
            job["state"] == state && job["email_status"].is_string()
        };
        world.eventually("events", |events| events.iter().any(noted)).await;
    }
    world.local("events").await.as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_identifies_each_event() {
    let world = World::new().await;
    let events = all_outcomes(&world).await;
    assert!(events.len() > 10);
    let mut ids = HashSet::new();
    for event in &events {
        let (metadata, data) = (&event["detail"]["metadata"], &event["detail"]["data"]);
        let (subject, job) = match &data["credential_binding_job"] {
            Value::Null => (&data["credential"], &data["credential"]["job_id"]),
            job => (job, &job["id"]),
        };
        let id = format!("{}:{}", subject["id"].as_str().unwrap(), metadata["sequence"]);
        assert_eq!(metadata["event_id"], id);
        assert!(ids.insert(id), "{event}");
        assert_eq!(metadata["correlation_id"], *job);
        assert_eq!(metadata["occurred_time"], subject["update_time"]);
        assert_eq!(metadata["occurred_time"].as_str().unwrap()[..19], event["time"].as_str().unwrap()[..19]);
        assert_eq!((&metadata["tenant_id"], &metadata["realm_id"]), (&json!("demo"), &json!("demo")));
        let is_first = metadata["sequence"] == 1;
        let is_mail = event["detail-type"] == "Credential Binding Email Status Change";
        assert_eq!(data["previous_state"].is_null(), is_first || is_mail, "{event}");
        for personal in ["@", "Ada"] {
            assert!(!event.to_string().contains(personal), "{event}");
        }
    }
    assert_eq!(world.local("set-aside").await, json!([]));
}

/// The events that the sample consumer is tested with are real: each matches its schema.
#[tokio::test(flavor = "multi_thread")]
async fn the_samples_events_are_real() {
    let world = World::new().await;
    let path = root().join("docs/samples/events.json");
    if std::env::var_os("UPDATE").is_some() {
        let text = serde_json::to_string_pretty(&all_outcomes(&world).await).unwrap();
        std::fs::write(&path, format!("{text}\n")).unwrap();
    }
    let again = "run UPDATE=1 cargo test -p tests samples";
    let events: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).expect(again)).unwrap();
    assert!(!events.is_empty(), "{again}");
    for event in events {
        let entry =
            json!({"Source": "bindery", "DetailType": event["detail-type"], "Detail": event["detail"].to_string()});
        let entries = json!({"Entries": [entry]}).to_string();
        let answer = world.send("POST", "/", &[("x-amz-target", "AWSEvents.PutEvents")], entries).await.ok();
        assert_eq!(answer["FailedEntryCount"], 0, "{again}: {answer}");
    }
}
