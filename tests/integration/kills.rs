//! Each function dies before and after each of its calls. Every operation still completes, through a retry by the
//! client or by the stream.

use serde_json::{Value, json};

use crate::authenticator::Device;
use crate::model::check::{check_events, id, items};
use crate::sign_in::{HOSTED, begin_at, finish};
use crate::world::{Answer, Invited, PATIENCE, REALM, World, job};

/// Repeats a request while the function dies, as a client does.
async fn persist(ask: impl AsyncFn() -> Answer) -> Answer {
    for _ in 0..5 {
        let answer = ask().await;
        if answer.status < 500 {
            return answer;
        }
        assert_eq!(answer.json, json!({"message": "Internal Server Error"}), "{}", answer.text);
    }
    panic!("the function dies every time");
}

/// Signs in, and begins again if the function died after it had recorded the sign-in.
async fn persist_sign_in(world: &World, identity: &str, device: &Device) {
    for _ in 0..2 {
        let begun = persist(async || begin_at(world, HOSTED, &json!({"identity_id": identity})).await).await.ok();
        let assertion = device.sign_in(&begun["request_options"]);
        let answer = persist(async || finish(world, &begun, &assertion).await).await;
        match answer.kind() {
            "sign-in-used" => {}
            _ => {
                assert_eq!(answer.ok()["identity_id"], identity);
                return;
            }
        }
    }
    panic!("the sign-in was used twice");
}

/// The mails of a kind for a job.
async fn mails(world: &World, job: &str, letter: &str) -> Vec<Value> {
    let mails = world.local("mail").await;
    let fits = |mail: &&Value| mail["tags"]["job_id"] == job && mail["tags"]["mail"] == letter;
    mails.as_array().unwrap().iter().filter(fits).cloned().collect()
}

/// From the identity to the revoked credential, with one call of each kind; returns the job's id. The stream is drained
/// after each step, so that each step has its own batches.
pub(crate) async fn whole_life(world: &World, identity: &str) -> String {
    life(world, identity, false).await
}

/// The same; with `at_once`, the device opens the link and fetches the request in one request.
async fn life(world: &World, identity: &str, at_once: bool) -> String {
    let path = format!("{REALM}/identities/{identity}");
    let traits = json!({"username": identity, "primary_email_address": "someone@example.com"});
    let body = json!({"identity": {"display_name": "Someone", "traits": traits}});
    persist(async || world.call("PUT", &path, &body).await).await.ok();
    let jobs = format!("{path}/credential-binding-jobs");
    let token = format!("Bearer {}", world.token());
    let headers = [("authorization", token.as_str()), ("idempotency-key", identity)];
    let body = job("EMAIL", &json!({})).to_string();
    let made = persist(async || world.send("POST", &jobs, &headers, body.clone()).await).await.ok();
    let id = made["credential_binding_job"]["id"].as_str().unwrap().to_owned();
    world.drained().await;

    let mails = mails(world, &id, "invitation-1").await;
    let text = mails[0]["text"].as_str().unwrap();
    let invited = Invited { path: format!("{jobs}/{id}"), secret: crate::model::secret_of(text) };
    let mut opened = Value::Null;
    if !at_once {
        opened = persist(async || world.open(&invited).await).await.ok();
        world.drained().await;
    }
    let token = opened["token"].as_str().unwrap_or(&invited.secret);
    let info = persist(async || world.get_info(&invited, token).await).await.ok();
    world.drained().await;
    let ceremony = info["token"].as_str().unwrap_or(token);
    let mut device = Device::new(world.stack.base());
    device.user_handle = info["creation_options"]["user"]["id"].as_str().map(str::to_owned);
    let registration = device.register(&info["creation_options"]);
    let bound = persist(async || world.bind(&invited, ceremony, &registration).await).await;
    let credential = match bound.status {
        200 => bound.json["id"].clone(),
        // The first attempt succeeded, and the repeated proof gets the credential's id.
        _ => bound.json["credential_id"].clone(),
    };
    world.drained().await;
    persist_sign_in(world, identity, &device).await;
    world.drained().await;
    let read = persist(async || world.call("GET", &invited.path, &Value::Null).await).await.ok();
    assert_eq!((&read["state"], &read["credential_id"]), (&json!("COMPLETE"), &credential), "{}", bound.text);
    let revoke = format!("{path}/credentials/{}:revoke", credential.as_str().unwrap());
    assert_eq!(persist(async || world.call("POST", &revoke, &Value::Null).await).await.ok()["state"], "REVOKED");
    world.drained().await;
    id
}

/// The number of calls that each warm function makes in a whole life.
async fn calls(world: &World) -> Vec<(String, u64)> {
    whole_life(world, "cold").await;
    world.send("DELETE", "/_local/requests", &[], "").await.ok();
    whole_life(world, "warm").await;
    let counts = world.local("requests?by=function").await;
    let sum = |calls: &Value| calls.as_object().unwrap().values().filter_map(Value::as_u64).sum();
    counts.as_object().unwrap().iter().map(|(function, calls)| (function.clone(), sum(calls))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_completes_wherever_a_function_dies() {
    let world = World::new().await;
    let calls = calls(&world).await;
    assert_eq!(calls.len(), 11, "all functions take part: {calls:?}");
    for (function, count) in calls {
        let count = match function.as_str() {
            // Five steps are always published separately; the number of batches with reports about mails varies.
            "PublishChanges" => 5,
            // Two mails with four calls each. Some mails reserve a time at the pace of sending first.
            "SendLink" => 8,
            _ => count,
        };
        for (call, kind) in (0..count).flat_map(|call| [(call, "kill_before"), (call, "kill_after")]) {
            let identity = format!("{function}-{call}-{kind}");
            world.plan(&json!({"function": function, "skip": call, "kind": kind})).await;
            let made = tokio::time::timeout(PATIENCE * 5, whole_life(&world, &identity)).await;
            let made = made.unwrap_or_else(|_| panic!("{identity} did not complete"));
            let injected = world.send("DELETE", "/_local/faults", &[], "").await.ok()["injected"].clone();
            assert_eq!(injected.as_array().unwrap().len(), 1, "{identity}: {injected}");
            converged(&world, &identity, &made, &injected[0]).await;
        }
    }
    assert_eq!(world.local("set-aside").await, json!([]));
}

/// The same for a device that opens the link and fetches the request at once. Its write has two events.
#[tokio::test(flavor = "multi_thread")]
async fn an_opening_with_delivery_completes_wherever_a_function_dies() {
    let world = World::new().await;
    life(&world, "cold", true).await;
    let deliver = |skip: usize| json!({"function": "DeliverRequest", "skip": skip});
    let publish = |skip: usize| json!({"function": "PublishChanges", "operation": "PutEvents", "skip": skip});
    // The identity with its credentials, and the write; the events of the job, of its credential and of its mail.
    let calls = (0..2).map(deliver).chain((0..6).map(publish));
    for (number, call) in calls.enumerate() {
        for kind in ["kill_before", "kill_after"] {
            let identity = format!("call-{number}-{kind}");
            let mut plan = call.clone();
            plan["kind"] = kind.into();
            world.plan(&plan).await;
            let made = tokio::time::timeout(PATIENCE * 5, life(&world, &identity, true)).await;
            let made = made.unwrap_or_else(|_| panic!("{identity} did not complete"));
            let injected = world.injected().await;
            assert_eq!(injected.len(), 1, "{identity}: {plan}");
            converged(&world, &identity, &made, &injected[0]).await;
        }
    }
    assert_eq!(world.local("set-aside").await, json!([]));
}

async fn converged(world: &World, identity: &str, job: &str, fault: &Value) {
    let items = items(world, identity);
    let of_kind = |kind: &str| items.iter().filter(|item| item["kind"]["S"] == kind).collect::<Vec<_>>();
    let (jobs, credentials) = (of_kind("JOB"), of_kind("CREDENTIAL"));
    let events = world.local("events").await.as_array().unwrap().clone();
    let told_twice = fault["function"] == "PublishChanges";
    for item in &jobs {
        check_events(item, "credential_binding_job", &events, told_twice);
    }
    for item in &credentials {
        check_events(item, "credential", &events, told_twice);
    }
    assert_eq!(credentials.len(), 1, "{identity}");
    assert_eq!(credentials[0]["job_id"]["S"], job, "{identity}");
    assert_eq!(jobs.len(), 1, "{identity}: one key, one job");
    // Only a mail that SES accepted before the function could record it is sent again.
    let unnoted = fault["function"] == "SendLink"
        && ((fault["operation"] == "SendEmail" && fault["kind"] == "kill_after")
            || (fault["operation"] == "UpdateItem" && fault["kind"] == "kill_before"));
    let sent = [mails(world, job, "invitation-1").await.len(), mails(world, job, "notice-1").await.len()];
    let expected = [[1, 1], [2, 1], [1, 2]];
    let most = if unnoted { 3 } else { 1 };
    assert!(expected[..most].contains(&sent), "{identity}: {sent:?} mails after {fault}");
}

/// A sweep that dies leaves the rest to the next one.
#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_that_dies_is_completed_by_the_next() {
    let world = World::new().await;
    let short = json!({"expires_in_seconds": 60});
    let a_minute_later = async || {
        world.stack.clock().advance(60_000);
        world.drained().await;
    };
    let (mut call, mut hit) = (0, true);
    while hit {
        assert!(call < 100, "a sweep is bounded");
        for kind in ["kill_before", "kill_after"] {
            let invited = [world.invite_with(&short).await, world.invite_with(&short).await];
            world.drained().await;
            world.plan(&json!({"function": "ExpireJobs", "skip": call, "kind": kind})).await;
            a_minute_later().await;
            let injected = world.send("DELETE", "/_local/faults", &[], "").await.ok()["injected"].clone();
            hit = !injected.as_array().unwrap().is_empty();
            a_minute_later().await;
            let events = world.local("events").await.as_array().unwrap().clone();
            for job in &invited {
                let wanted = job.path.rsplit_once('/').unwrap().1;
                let mut jobs = items(&world, "ada").into_iter().filter(|item| item["kind"]["S"] == "JOB");
                let item = jobs.find(|item| id(item) == wanted).unwrap();
                assert_eq!(item["state"]["S"], "EXPIRED", "call {call}, {kind}");
                check_events(&item, "credential_binding_job", &events, false);
            }
        }
        call += 1;
    }
    assert!(call > 16, "each shard was queried: {call}");
}
