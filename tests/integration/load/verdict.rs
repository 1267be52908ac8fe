//! Compares the responses that the clients got with the stored state, and reports durations.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::Value;

use super::Done;
use super::client::{Client, StatesByVersion, lock};

/// Everything that is lost, duplicated or different from the responses.
pub(crate) async fn violations(client: &Client, done: &[Done], injected: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    let mut by_identity: BTreeMap<usize, Vec<&Done>> = BTreeMap::new();
    for job in done {
        by_identity.entry(job.identity).or_default().push(job);
    }
    let mut jobs_there = 0;
    for (identity, done) in &by_identity {
        let list = async |kind: &str, member: &str| {
            let answer = client.get(&format!("/identities/load-{identity}/{kind}?page_size=200")).await;
            let list = answer[member].as_array().cloned().unwrap_or_default();
            list.into_iter().map(|thing| (text(&thing, "id"), thing)).collect::<HashMap<String, Value>>()
        };
        let jobs = list("credential-binding-jobs", "credential_binding_jobs").await;
        let credentials = list("credentials", "credentials").await;
        jobs_there += jobs.len();
        if credentials.len() != done.len() {
            found.push(format!("{} credentials of {} jobs: identity {identity}", credentials.len(), done.len()));
        }
        for job in done {
            let read = jobs.get(&job.id).cloned().unwrap_or_default();
            if text(&read, "state") != "COMPLETE" || text(&read, "credential_id") != job.credential {
                found.push(format!("{} differs from the response: {read}", job.id));
            }
            if credentials.get(&job.credential).is_none_or(|credential| text(credential, "job_id") != job.id) {
                found.push(format!("the credential of {} is lost", job.id));
            }
        }
        let complete = jobs.values().filter(|job| job["state"] == "COMPLETE").count();
        if complete != done.len() {
            found.push(format!("{complete} complete jobs, {} reported: identity {identity}", done.len()));
        }
    }
    if jobs_there != done.len() {
        found.push(format!("{jobs_there} jobs, {} reported", done.len()));
    }
    found.extend(publication_errors(client, done, injected));
    let set_aside = client.local("GET", "set-aside", &Value::Null).await;
    if set_aside.as_array().is_none_or(|records| !records.is_empty()) {
        found.push(format!("records were set aside: {set_aside}"));
    }
    found
}

/// Checks that every version was published and every mail sent, and none twice without a fault.
fn publication_errors(client: &Client, done: &[Done], injected: &[Value]) -> Vec<String> {
    let seen = lock(&client.seen);
    let mut found = seen.contradictions.clone();
    let nothing = StatesByVersion::new();
    for job in done {
        let published = seen.published.get(&job.id).unwrap_or(&nothing);
        let gapless = published.keys().copied().eq(1..=published.len() as u64);
        let mut states: Vec<&str> = published.values().map(String::as_str).collect();
        states.dedup();
        if !gapless || states != ["LINK_SENT", "LINK_OPENED", "REQUEST_DELIVERED", "COMPLETE"] {
            found.push(format!("{} was published as {published:?}", job.id));
        }
        if seen.published.get(&job.credential).is_none_or(|published| published.len() != 1) {
            found.push(format!("the credential of {} was not published exactly once", job.id));
        }
        let mails = seen.mails.get(&job.id).map_or(0, |(_, count)| *count);
        if (mails > 0) != job.mailed {
            found.push(format!("{} has {mails} mails", job.id));
        }
    }
    let unnoticed = done.iter().filter(|job| !seen.notices.contains_key(&job.id)).map(|job| &job.id);
    found.extend(unnoticed.map(|id| format!("no notice of {id}")));
    let counts = seen.mails.values().map(|(_, count)| count).chain(seen.notices.values());
    let twice: usize = counts.map(|count| count - 1).sum();
    let hit = injected.iter().filter(|fault| fault["function"] == "SendLink" && fault["service"] != "stream").count();
    if twice > hit {
        found.push(format!("{twice} mails were sent twice, but only {hit} faults affected the mailer"));
    }
    found
}

/// Counts, then durations.
pub(crate) async fn figures(client: &Client, done: &[Done], took: Duration, injected: &Value) -> Vec<String> {
    let seconds = took.as_secs_f64();
    let mut lines =
        vec![format!("{} jobs complete in {seconds:.1} s: {:.0} a second", done.len(), done.len() as f64 / seconds)];
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for fault in injected.as_array().into_iter().flatten() {
        *kinds.entry(fault["kind"].as_str().unwrap_or_default()).or_default() += 1;
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    let count = |counter: &std::sync::atomic::AtomicUsize| counter.load(Ordering::Relaxed);
    lines.push(format!("faults: {}", kinds.join(", ")));
    lines.push(format!(
        "{} requests repeated; the clock was advanced {} times",
        count(&client.again),
        count(&client.moved_on)
    ));
    {
        let seen = lock(&client.seen);
        let versions: usize = seen.published.values().map(StatesByVersion::len).sum();
        let mails: usize = seen.mails.values().map(|(_, count)| count).sum();
        lines.push(format!(
            "{} events of {versions} versions; {mails} mails of {} jobs; {} notices of {} jobs",
            seen.events_read,
            seen.mails.len(),
            seen.notices.values().sum::<usize>(),
            seen.notices.len()
        ));
    }
    let requests = client.local("GET", "requests", &Value::Null).await;
    for (service, operations) in requests.as_object().into_iter().flatten() {
        let calls: u64 = operations.as_object().into_iter().flatten().filter_map(|(_, c)| c["count"].as_u64()).sum();
        lines.push(format!("{service}: {:.2} calls a job", calls as f64 / done.len().max(1) as f64));
    }
    let mut steps: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (step, millis) in done.iter().flat_map(|job| &job.steps) {
        steps.entry(step).or_default().push(*millis);
    }
    for (step, mut millis) in steps {
        millis.sort_by(f64::total_cmp);
        let at = |share: f64| millis[((millis.len() - 1) as f64 * share) as usize];
        lines.push(format!("{step}: p50 {:.1} ms, p99 {:.1} ms", at(0.5), at(0.99)));
    }
    lines
}

fn text(thing: &Value, name: &str) -> String {
    thing[name].as_str().unwrap_or_default().to_owned()
}
