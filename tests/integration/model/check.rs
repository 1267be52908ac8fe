//! The invariants after every case, checked from outside and in the table.

use std::collections::{BTreeMap, BTreeSet};

use binding::mail::EmailStatus;
use serde_json::{Value, json};

use super::play::{Known, Play, secret_of};
use super::reference::State;
use crate::world::World;

/// Checks the result of a case, given the faults that were injected.
pub(crate) async fn check(play: &mut Play<'_>, injected: &[Value]) {
    for job in 0..play.jobs.len() {
        play.read(job).await;
    }
    play.fetch_mails().await;
    let world = play.world;
    let events = world.local(&format!("events?skip={}", play.seen.events)).await.as_array().unwrap().clone();
    play.seen.events += events.len();
    let items = items(world, play.identity.rsplit_once('/').unwrap().1);
    let of_kind = |kind: &str| items.iter().filter(|item| item["kind"]["S"] == kind).collect::<Vec<_>>();
    let (jobs, credentials) = (of_kind("JOB"), of_kind("CREDENTIAL"));

    let hit = |fits: &dyn Fn(&Value) -> bool| injected.iter().filter(|fault| fits(fault)).count();
    let streamed = |fault: &Value| fault["function"] == "SendLink" || fault["function"] == "PublishChanges";
    let killed = hit(&|fault| !streamed(fault) && fault["kind"].as_str().unwrap().starts_with("kill"));
    // An invocation can make concurrent calls, and each can kill it.
    assert!(play.broken <= killed, "the gateway reports a failed function only when one was killed");
    let mail_hit = hit(&|fault| fault["function"] == "SendLink" && fault["service"] != "stream");
    let publisher_hit = hit(&|fault| fault["function"] == "PublishChanges") > 0;

    let ids: BTreeSet<&str> = jobs.iter().map(|item| id(item)).collect();
    for known in &play.jobs {
        assert!(ids.contains(known.id.as_str()), "a job that was returned does not exist: {}", known.id);
    }
    assert!(jobs.len() <= play.jobs.len() + play.doubtful, "there are jobs that were not requested");
    for item in &jobs {
        let credentials: Vec<_> = credentials.iter().filter(|c| c["job_id"]["S"] == id(item)).copied().collect();
        let known = play.jobs.iter().find(|known| known.id == id(item));
        check_job(item, &credentials, known);
        check_events(item, "credential_binding_job", &events, publisher_hit);
        let mails = play.mails.get(id(item)).map(Vec::as_slice).unwrap_or_default();
        check_mails(item, mails, known, mail_hit);
        let notices = play.notices.iter().filter(|job| *job == id(item)).count();
        check_notices(item, notices, mail_hit, play.may_fail);
    }
    for item in &credentials {
        check_events(item, "credential", &events, publisher_hit);
    }
    let kept = json!([items, events]).to_string();
    assert!(!play.secrets.iter().any(|secret| kept.contains(secret)), "a secret is stored: {kept}");
    assert_eq!(world.local("set-aside").await, json!([]));
}

/// The items of an identity, as DynamoDB JSON.
pub(crate) fn items(world: &World, identity: &str) -> Vec<Value> {
    let request = json!({
        "TableName": "Table",
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": format!("T#demo#R#demo#I#{identity}")}},
    });
    world.dynamodb("Query", request)["Items"].as_array().unwrap().clone()
}

pub(crate) fn id(item: &Value) -> &str {
    item["sk"]["S"].as_str().unwrap().split_once('#').unwrap().1
}

fn number(item: &Value, name: &str) -> i64 {
    item[name]["N"].as_str().unwrap_or_else(|| panic!("no {name}: {item}")).parse().unwrap()
}

/// At most one credential, and only if the job is complete; the stored state matches the responses; nothing after the
/// end.
fn check_job(item: &Value, credentials: &[&Value], known: Option<&Known>) {
    let complete = item["state"]["S"] == "COMPLETE";
    assert_eq!(credentials.len(), usize::from(complete), "{item}");
    for credential in credentials {
        assert_eq!(item["credential_id"]["S"], id(credential));
    }
    if let Some(known) = known {
        let ours = credentials.first().copied();
        if let Some(credential) = &known.credential {
            assert_eq!(ours.map(id), Some(credential.as_str()), "the returned credential is stored");
            let revoked = ours.unwrap()["state"]["S"] == "REVOKED";
            assert!(revoked || !known.credential_revoked, "a revoked credential is active");
        }
        assert_eq!(known.belief.states.contains(&State::Complete), complete, "{:?}", known.belief);
        assert_eq!(known.belief.states.len(), 1, "the state is known after a read: {:?}", known.belief);
    }
    let entered: Vec<&String> = item.as_object().unwrap().keys().filter(|name| name.starts_with("entered_")).collect();
    for name in entered {
        let in_time = number(item, name) < number(item, "expire_ms");
        assert!(in_time || name == "entered_EXPIRED", "{name} at or after the end: {item}");
    }
}

fn rank(state: &str) -> usize {
    ["LINK_SENT", "LINK_OPENED", "REQUEST_DELIVERED"].iter().position(|name| *name == state).unwrap_or(3)
}

/// Every version is published, with the same content each time. In order, states only advance, `update_time` never
/// decreases, and each status of a mail is published once.
pub(crate) fn check_events(item: &Value, thing: &str, events: &[Value], publisher_hit: bool) {
    let of_item = events.iter().map(|event| &event["detail"]).filter(|detail| detail["data"][thing]["id"] == id(item));
    let mut versions: BTreeMap<i64, &Value> = BTreeMap::new();
    let mut newest = 0;
    for detail in of_item {
        let sequence = detail["metadata"]["sequence"].as_i64().unwrap();
        assert_eq!(detail["metadata"]["event_id"], format!("{}:{sequence}", id(item)));
        let first = *versions.entry(sequence).or_insert(detail);
        assert_eq!(first, detail, "two events of one version differ");
        assert!(publisher_hit || sequence > newest || sequence == newest, "out of order: {detail}");
        newest = newest.max(sequence);
    }
    let published: Vec<i64> = versions.keys().copied().collect();
    let committed: Vec<i64> = (1..=number(item, "version")).collect();
    assert_eq!(published, committed, "a version was not published: {item}");
    let mut before: Option<&str> = None;
    let (mut updated, mut mail) = ("", None);
    for detail in versions.values() {
        let state = detail["data"][thing]["state"].as_str().unwrap();
        let time = detail["data"][thing]["update_time"].as_str().unwrap();
        assert!(updated <= time, "update_time was {updated}: {detail}");
        updated = time;
        let status = detail["data"][thing]["email_status"].as_str().map(|name| EmailStatus::from_name(name).unwrap());
        let rises = status > mail;
        let (asked_again, failed) = (status.is_none(), rises && state == "FAILED_TO_SEND");
        if before.is_some() && detail["data"]["previous_state"].is_null() {
            assert!(rises || asked_again, "the status of the mail was {mail:?}: {detail}");
        } else {
            assert!(status == mail || failed, "the status of the mail was {mail:?}: {detail}");
        }
        mail = status;
        assert_ne!(detail["data"]["previous_state"], state, "no change: {detail}");
        if let Some(before) = before.filter(|before| *before != state) {
            assert_eq!(detail["data"]["previous_state"], before, "{detail}");
            let forward = thing == "credential" || (rank(before) < 3 && rank(before) < rank(state));
            assert!(forward, "from {before} to {state}");
        }
        before = Some(state);
    }
    assert_eq!(before, item["state"]["S"].as_str(), "the last event has the stored state");
}

/// One mail for each job that needs one and did not end before, always with the same link, and not twice without a
/// fault.
fn check_mails(item: &Value, mails: &[Value], known: Option<&Known>, mail_hit: usize) {
    if item["delivery_method"]["S"] != "EMAIL" {
        return assert!(mails.is_empty() && known.is_none_or(|known| !known.mailed), "{item}");
    }
    let links: BTreeSet<String> = mails.iter().map(|mail| secret_of(mail["text"].as_str().unwrap())).collect();
    assert!(links.len() <= 1, "a job has one link");
    let most = 1 + known.map_or(0, |known| known.resends) + mail_hit;
    assert!(mails.len() <= most, "{} mails, but only {mail_hit} faults affected the mailer: {item}", mails.len());
    let status = item["email_status"]["S"].as_str();
    if mails.is_empty() {
        let ended = known.is_none_or(|known| known.belief.states.iter().all(|state| *state > State::Complete));
        assert!(ended && matches!(status, None | Some("REJECTED")), "no mail: {item}");
    }
    let Some(known) = known.filter(|known| known.belief.states.contains(&State::Sent)) else { return };
    assert_eq!(status, Some("DELIVERED"), "the status of its mail is not recorded: {item}");
    let newest = mails.last().map(|mail| &mail["tags"]["mail"]);
    assert!(known.bounced.as_ref() != newest, "its mail bounced, but it did not fail: {item}");
}

/// One notice for each complete job, unless SES may reject it, and not twice without a fault.
fn check_notices(item: &Value, notices: usize, mail_hit: usize, may_fail: bool) {
    let complete = item["state"]["S"] == "COMPLETE";
    assert!(notices <= if complete { 1 + mail_hit } else { 0 }, "{notices} notices: {item}");
    assert!(notices > 0 || !complete || may_fail, "no notice: {item}");
}

/// No line of the log contains a secret.
pub(crate) fn not_logged(secrets: &BTreeSet<String>) {
    for line in local::Logs::all() {
        let word = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_');
        assert!(!line.split(word).any(|word| secrets.contains(word)), "a secret is in the log");
    }
}
