//! The delivery status of mails, resending, and the actions of the people who receive them.
//!
//! Operations: resend, renew, decline, previewDisown, disown.

use std::sync::Arc;

use binding::ids::{IdentityId, IdentityRef, JobId, JobRef, RealmId, RealmRef, TenantId};
use binding::mail::EmailStatus;
use cloud::table::EmailReport;
use serde_json::{Value, json};

use crate::events::record;
use crate::model::check::check_events;
use crate::world::{ADA, Invited, REALM, World, job, persistently};

/// A job with a mail to this address.
pub(crate) async fn mailed(world: &World, address: &str) -> Value {
    let ada = json!({"identity": {
        "display_name": "Ada", "traits": {"type": "traits_v0", "username": "ada", "primary_email_address": address},
    }});
    world.call("PUT", ADA, &ada).await.ok();
    let answer = world.call("POST", &format!("{ADA}/credential-binding-jobs"), &job("EMAIL", &json!({}))).await.ok();
    answer["credential_binding_job"].clone()
}

fn path(job: &Value) -> String {
    format!("{ADA}/credential-binding-jobs/{}", job["id"].as_str().unwrap())
}

/// Waits until a job meets a condition.
async fn until(world: &World, job: &Value, condition: impl Fn(&Value) -> bool) -> Value {
    let read = persistently(async || {
        let read = world.get(&path(job)).await;
        if condition(&read) { Ok(read) } else { Err(read) }
    });
    read.await.unwrap_or_else(|read| panic!("{read}"))
}

async fn tell(world: &World, mail: &Value, event: &str) {
    let body = json!({"message_id": mail["message_id"], "event": event}).to_string();
    world.send("POST", "/_local/email-events", &[], body).await.ok();
}

/// The link in a mail whose `do` is this; `None` for the one that creates the passkey.
fn link(mail: &Value, action: Option<&str>) -> Invited {
    let query = action.map_or_else(|| "?token=".to_owned(), |action| format!("?do={action}&token="));
    let mut words = mail["text"].as_str().unwrap().split_whitespace().filter_map(|word| word.split_once("/bind#"));
    let found = words.find_map(|(_, fragment)| fragment.split_once(&query));
    let (path, secret) = found.unwrap_or_else(|| panic!("{mail}"));
    Invited { path: path.to_owned(), secret: secret.to_owned() }
}

pub(crate) async fn by_link(world: &World, link: &Invited, verb: &str) -> crate::world::Answer {
    world.bearing(&link.secret, "POST", &format!("{}:{verb}", link.path), "").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_that_ses_reports_is_on_the_job() {
    let world = World::new().await;
    for (address, status, reason, state) in [
        ("ada@example.com", "DELIVERED", None, "LINK_SENT"),
        ("success@simulator.amazonses.com", "DELIVERED", None, "LINK_SENT"),
        ("bounce+1@simulator.amazonses.com", "BOUNCED", Some("General"), "FAILED_TO_SEND"),
        ("reject@simulator.amazonses.com", "REJECTED", Some("Bad content"), "FAILED_TO_SEND"),
        ("renderingfailure@simulator.amazonses.com", "REJECTED", Some("RenderingFailure"), "FAILED_TO_SEND"),
        ("softbounce@simulator.amazonses.com", "SOFT_BOUNCED", Some("General"), "LINK_SENT"),
        ("delay@simulator.amazonses.com", "DELAYED", Some("MailboxFull"), "LINK_SENT"),
        ("complaint@simulator.amazonses.com", "COMPLAINED", Some("abuse"), "LINK_SENT"),
    ] {
        let job = mailed(&world, address).await;
        let read = until(&world, &job, |job| job["email_status"] == status).await;
        assert_eq!((read["email_status_reason"].as_str(), &read["state"]), (reason, &json!(state)), "{address}");
    }
    assert!(!Value::from(world.local("events").await.as_array().unwrap().clone()).to_string().contains("@simulator"));
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_arrive_in_any_order_and_more_than_once() {
    let world = World::new().await;
    let job = mailed(&world, "delay@simulator.amazonses.com").await;
    let mails = world.eventually("mail", |mails| mails.len() == 1).await;
    until(&world, &job, |job| job["email_status"] == "DELAYED").await;
    for event in ["complaint", "delivery", "delay", "complaint", "delivery", "soft_bounce"] {
        tell(&world, &mails[0], event).await;
    }
    until(&world, &job, |job| job["email_status"] == "COMPLAINED").await;
    // One event for each rise of the status, and none for late or repeated reports.
    tell(&world, &mails[0], "delay").await;
    let of_mail = |events: &[Value]| {
        let status =
            events.iter().map(|event| event["detail"]["data"]["credential_binding_job"]["email_status"].clone());
        status.filter(|status| !status.is_null()).collect::<Vec<_>>()
    };
    let events = world.eventually("events", |events| of_mail(events).last() == Some(&json!("COMPLAINED"))).await;
    assert!(of_mail(&events).len() <= 3, "{:?}", of_mail(&events));
}

/// SES reports such a reply as a transient bounce, before or after the delivery.
#[tokio::test(flavor = "multi_thread")]
async fn an_out_of_office_reply_changes_nothing() {
    let world = World::new().await;
    let job = mailed(&world, "ooto@simulator.amazonses.com").await;
    let read = until(&world, &job, |job| job["email_status"] == "DELIVERED").await;
    let mails = world.eventually("mail", |mails| mails.len() == 1).await;
    tell(&world, &mails[0], "out_of_office").await;
    tell(&world, &mails[0], "complaint").await;
    let after = until(&world, &job, |job| job["email_status"] == "COMPLAINED").await;
    assert_eq!((&after["state"], read.get("email_status_reason")), (&json!("LINK_SENT"), None));
    let states = |events: &[Value]| {
        let of_job =
            events.iter().map(|event| event["detail"]["data"]["credential_binding_job"]["email_status"].clone());
        of_job.filter(|status| !status.is_null()).collect::<Vec<_>>()
    };
    let events = world.eventually("events", |events| states(events).last() == Some(&json!("COMPLAINED"))).await;
    assert!(!states(&events).contains(&json!("SOFT_BOUNCED")), "{:?}", states(&events));
}

/// The sender's record of a mail may come after the report about it: no second event is published, and the time does
/// not decrease.
#[tokio::test(flavor = "multi_thread")]
async fn a_status_is_published_once_and_in_order() {
    let world = World::new().await;
    // The mailer dies with the mail claimed; the test then writes its last record.
    world.plan(&json!({"function": "SendLink", "operation": "SendEmail", "kind": "kill_before"})).await;
    let job = mailed(&world, "ada@example.com").await;
    world.eventually_items(|items| items.iter().any(|item| item.get("invitation_claim").is_some())).await;
    let (table, job_ref) = (world.table(), job_ref(&job));
    let now = world.stack.clock().now();
    let report = |status| EmailReport { mail: 1, status, reason: "", batch_id: None };
    table.record_email_status(&job_ref, report(EmailStatus::Delivered), now).await.unwrap();
    table.note_sent(&job_ref, 1, "a message id", now.plus_seconds(-1)).await.unwrap();
    table.record_email_status(&job_ref, report(EmailStatus::Delayed), now).await.unwrap();
    table.record_email_status(&job_ref, report(EmailStatus::Complained), now.plus_seconds(-1)).await.unwrap();
    world.drained().await;
    assert_eq!(statuses(&world, &job).await, [json!(null), json!("DELIVERED"), json!("COMPLAINED")]);
    let item = world.items().into_iter().find(|item| item["kind"]["S"] == "JOB").unwrap();
    assert_eq!(item["update_ms"]["N"], now.millis().to_string());
    check_events(&item, "credential_binding_job", world.local("events").await.as_array().unwrap(), false);
    assert_eq!(world.local("mail").await, json!([]), "a mail with a reported status is not sent again");

    // The other order.
    world.plan(&json!({"function": "SendLink", "operation": "SendEmail", "kind": "kill_before"})).await;
    let job = mailed(&world, "ada@example.com").await;
    world
        .eventually_items(|items| items.iter().filter(|item| item.get("invitation_claim").is_some()).count() == 1)
        .await;
    let (job_ref, now) = (self::job_ref(&job), world.stack.clock().now());
    table.note_sent(&job_ref, 1, "a message id", now).await.unwrap();
    table.note_sent(&job_ref, 1, "a message id", now).await.unwrap();
    table.record_email_status(&job_ref, report(EmailStatus::Delivered), now).await.unwrap();
    world.drained().await;
    assert_eq!(statuses(&world, &job).await, [json!(null), json!("SENT"), json!("DELIVERED")]);
}

/// The statuses of a job's mail, in the order of publication.
async fn statuses(world: &World, job: &Value) -> Vec<Value> {
    let events = world.local("events").await;
    let jobs = events.as_array().unwrap().iter().map(|event| &event["detail"]["data"]["credential_binding_job"]);
    jobs.filter(|event| event["id"] == job["id"]).map(|event| event["email_status"].clone()).collect()
}

fn job_ref(job: &Value) -> JobRef {
    let realm = RealmRef { tenant: TenantId::parse("demo").unwrap(), id: RealmId::parse("demo").unwrap() };
    let identity = IdentityRef { realm, id: IdentityId::parse("ada").unwrap() };
    JobRef { identity, id: JobId::parse(job["id"].as_str().unwrap()).unwrap() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_after_the_opening_does_not_end_the_job() {
    let world = World::new().await;
    let job = mailed(&world, "ada@example.com").await;
    let mails = world.eventually("mail", |mails| mails.len() == 1).await;
    let invited = link(&mails[0], None);
    world.open(&invited).await.ok();
    tell(&world, &mails[0], "bounce").await;
    let read = until(&world, &job, |job| job["email_status"] == "BOUNCED").await;
    assert_eq!(read["state"], "LINK_OPENED");
    world.enrol(&invited).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_table_loses_no_report() {
    let world = World::new().await;
    let job = mailed(&world, "delay@simulator.amazonses.com").await;
    let mails = world.eventually("mail", |mails| mails.len() == 1).await;
    until(&world, &job, |job| job["email_status"] == "DELAYED").await;
    world.fault("dynamodb", "UpdateItem", "error", 8).await;
    tell(&world, &mails[0], "bounce").await;
    // The response to the successful write is lost too.
    world.fault("dynamodb", "UpdateItem", "lost_response", 1).await;
    let read = until(&world, &job, |job| job["email_status"] == "BOUNCED").await;
    assert_eq!(read["state"], "FAILED_TO_SEND");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_resent_with_the_same_link_and_limits() {
    let world = World::new().await;
    world.stack.clock().stop();
    let job = mailed(&world, "ada@example.com").await;
    until(&world, &job, |job| job["email_status"] == "DELIVERED").await;
    let resend = async |body: &Value| world.call("POST", &format!("{}:resend", path(&job)), body).await;
    let soon = resend(&Value::Null).await;
    soon.problem(429);
    assert_eq!((soon.kind(), soon.headers.contains_key("retry-after")), ("mail-too-soon", true));
    world.stack.clock().advance(60_000);
    let again = resend(&Value::Null).await.ok();
    assert_eq!((&again["expire_time"], again.get("email_status")), (&job["expire_time"], None));
    let mails = world.eventually("mail", |mails| mails.len() == 2).await;
    assert_eq!(link(&mails[0], None).secret, link(&mails[1], None).secret);
    assert_eq!(mails[1]["tags"]["mail"], "invitation-2");
    // A report about the first mail does not affect the second.
    until(&world, &job, |job| job["email_status"] == "DELIVERED").await;
    tell(&world, &mails[0], "bounce").await;

    world.stack.clock().advance(60_000);
    assert_eq!(resend(&json!({"expires_in_seconds": 59})).await.fields(), ["expires_in_seconds"]);
    let longer = resend(&json!({"expires_in_seconds": 20 * 24 * 3600})).await.ok();
    assert!(longer["expire_time"].as_str() > job["expire_time"].as_str());
    world.stack.clock().advance(8 * 24 * 3600 * 1000);
    assert_eq!(world.get(&path(&job)).await["state"], "LINK_SENT");
    for _ in 3..10 {
        world.stack.clock().advance(60_000);
        resend(&Value::Null).await.ok();
    }
    world.stack.clock().advance(60_000);
    assert_eq!(resend(&Value::Null).await.kind(), "too-many-mails");
    world.call("POST", &format!("{}:revoke", path(&job)), &Value::Null).await.ok();
    resend(&Value::Null).await.problem(409);

    let returned = world.invite().await;
    world.stack.clock().advance(60_000);
    world.call("POST", &format!("{}:resend", returned.path), &Value::Null).await.problem(422);
    let unknown = format!("{ADA}/credential-binding-jobs/01a20a52-8cdd-7ce4-b7e8-52164f112b0f:resend");
    world.call("POST", &unknown, &Value::Null).await.problem(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recipient_can_decline_an_unexpected_link() {
    let world = World::new().await;
    let job = mailed(&world, "ada@example.com").await;
    let mails = world.eventually("mail", |mails| mails.len() == 1).await;
    let (invited, decline) = (link(&mails[0], None), link(&mails[0], Some("decline")));
    assert!(mails[0]["html"].as_str().unwrap().contains("?do=decline&amp;token="));
    let wrong = Invited { path: decline.path.clone(), secret: "A".repeat(43) };
    by_link(&world, &wrong, "decline").await.problem(404);
    assert_eq!(by_link(&world, &decline, "decline").await.ok(), json!({"state": "REVOKED"}));
    by_link(&world, &decline, "decline").await.ok();
    let read = world.get(&path(&job)).await;
    assert_eq!((&read["state"], &read["revoked_by"]), (&json!("REVOKED"), &json!("RECIPIENT")));
    let preview = world.bearing(&invited.secret, "GET", &format!("{}:preview", invited.path), "").await.ok();
    assert_eq!((&preview["state"], &preview["revoked_by"]), (&json!("REVOKED"), &json!("RECIPIENT")));
    world.open(&invited).await.problem(410);
    world
        .eventually("events", |events| {
            events.iter().any(|event| event["detail"]["data"]["credential_binding_job"]["revoked_by"] == "RECIPIENT")
        })
        .await;
    // A complete job cannot be declined.
    let done = world.invite().await;
    world.enrol(&done).await;
    by_link(&world, &done, "decline").await.problem(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_sent_and_its_passkey_can_be_disowned_for_a_day() {
    let world = World::new().await;
    for late in [false, true] {
        let invited = world.invite().await;
        let credential = world.enrol(&invited).await;
        let notice_in =
            |mails: &[Value]| mails.iter().rev().find(|m| m["tags"]["job_id"] == credential["job_id"]).cloned();
        let mails = world.eventually("mail", |mails| notice_in(mails).is_some()).await;
        let mail = notice_in(&mails).unwrap();
        assert_eq!((&mail["to"], &mail["tags"]["mail"]), (&json!("ada@example.com"), &json!("notice-1")));
        let text = mail["text"].as_str().unwrap();
        assert!(text.contains("Made with: Not named") && text.contains("UTC"), "{text}");
        let disown = link(&mail, Some("disown"));
        // Its secret opens nothing, and the link's secret disowns nothing.
        world.open(&disown).await.problem(404);
        by_link(&world, &invited, "disown").await.problem(404);
        let preview =
            async |secret: &str, verb: &str| world.bearing(secret, "GET", &format!("{}:{verb}", disown.path), "").await;
        preview(&disown.secret, "preview").await.problem(404);
        preview(&invited.secret, "previewDisown").await.problem(404);
        let about = preview(&disown.secret, "previewDisown").await.ok();
        assert_eq!((&about["removable"], &about["identity"]["display_name"]), (&json!(true), &json!("Ada Lovelace")));
        let shown = json!({"state": "ACTIVE", "create_time": credential["create_time"]});
        assert_eq!((&about["credential"], &about["realm"]["display_name"]), (&shown, &json!("Demo Inc.")));
        assert!(about["expire_time"].as_str() > about["credential"]["create_time"].as_str());
        let id = credential["id"].as_str().unwrap();
        if late {
            world.stack.clock().advance(24 * 3600 * 1000);
            let late = by_link(&world, &disown, "disown").await;
            late.problem(410);
            assert_eq!(late.kind(), "disownment-expired");
            let about = preview(&disown.secret, "previewDisown").await.ok();
            assert_eq!((about.get("removable"), &about["credential"]["state"]), (None, &json!("ACTIVE")));
            assert_eq!(world.get(&format!("{ADA}/credentials/{id}")).await["state"], "ACTIVE");
        } else {
            assert_eq!(by_link(&world, &disown, "disown").await.ok()["state"], "REVOKED");
            by_link(&world, &disown, "disown").await.ok();
            let about = preview(&disown.secret, "previewDisown").await.ok();
            assert_eq!((about.get("removable"), &about["credential"]["state"]), (None, &json!("REVOKED")));
            assert_eq!(about["credential"]["revoked_by"], "RECIPIENT");
            assert!(about["credential"]["revoke_time"].is_string());
            let read = world.get(&format!("{ADA}/credentials/{id}")).await;
            assert_eq!((&read["state"], &read["revoked_by"]), (&json!("REVOKED"), &json!("RECIPIENT")));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_realm_can_turn_notices_off() {
    let world = World::new().await;
    let quiet = json!({"realm": {"display_name": "Demo", "email": {"passkey_notice": false}}});
    world.call("PUT", REALM, &quiet).await.ok();
    world.enrol(&world.invite().await).await;
    mailed(&world, "ada@example.com").await;
    let mails = world.eventually("mail", |mails| !mails.is_empty()).await;
    assert_eq!((mails.len(), &mails[0]["tags"]["mail"]), (1, &json!("invitation-1")));
    let notices = async || {
        world.drained().await;
        let mails = world.local("mail").await;
        mails.as_array().unwrap().iter().filter(|mail| mail["tags"]["mail"] == "notice-1").count()
    };
    assert_eq!(notices().await, 0);

    // On again, within a minute. Off again, at once.
    let loud = json!({"realm": {"display_name": "Demo", "email": {"passkey_notice": true}}});
    world.call("PUT", REALM, &loud).await.ok();
    world.stack.clock().advance(61_000);
    world.enrol(&world.invite().await).await;
    assert_eq!(notices().await, 1);
    world.call("PUT", REALM, &quiet).await.ok();
    world.enrol(&world.invite().await).await;
    assert_eq!(notices().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_link_is_renewed_by_mail_to_the_stored_address() {
    let world = World::new().await;
    world.stack.clock().stop();
    let first = world.invite().await;
    let looked =
        async |link: &Invited| world.bearing(&link.secret, "GET", &format!("{}:preview", link.path), "").await.ok();
    let preview = async |link: &Invited| looked(link).await["renewable"].clone();
    let early = by_link(&world, &first, "renew").await;
    early.problem(409);
    assert_eq!((early.kind(), preview(&first).await), ("job-not-expired", Value::Null));

    world.stack.clock().advance(7 * 24 * 3600 * 1000);
    assert_eq!(preview(&first).await, Value::Null);
    let refused = by_link(&world, &first, "renew").await;
    refused.problem(403);
    assert_eq!(refused.kind(), "renewal-not-allowed");
    let realm = json!({"realm": {"display_name": "Demo", "link_renewal": "allowed"}});
    world.call("PUT", REALM, &realm).await.ok();
    assert_eq!(preview(&first).await, true);
    let wrong = Invited { path: first.path.clone(), secret: "A".repeat(43) };
    by_link(&world, &wrong, "renew").await.problem(404);
    let answer = by_link(&world, &first, "renew").await.ok();
    assert_eq!(answer["delivery_method"], "EMAIL");
    assert!(!answer.to_string().contains("ada@"), "{answer}");
    let mails = world.eventually("mail", |mails| mails.len() == 1).await;
    assert_eq!(mails[0]["to"], "ada@example.com");
    assert!(mails[0]["subject"].as_str().unwrap().starts_with("Your new link: "), "{}", mails[0]["subject"]);
    for part in ["text", "html"] {
        assert!(mails[0][part].as_str().unwrap().contains("A new link was requested"), "{}", mails[0][part]);
    }
    let second = link(&mails[0], None);
    let under_way = looked(&first).await;
    assert_eq!((&under_way["state"], &under_way["renewable"]), (&json!("EXPIRED"), &json!(true)));
    assert_eq!(under_way["renewal"]["state"], "LINK_SENT");
    assert_eq!(under_way["renewal"]["mail_time"], world.get(&second.path).await["create_time"]);
    let old = world.get(&first.path).await;
    assert_eq!(world.get(&second.path).await["renews_job_id"], old["id"]);
    assert!(second.path.ends_with(old["renewed_by_job_id"].as_str().unwrap()));

    // Another request resends the same mail, within the limits, and creates no third job.
    by_link(&world, &first, "renew").await.problem(429);
    world.stack.clock().advance(60_000);
    by_link(&world, &first, "renew").await.ok();
    let mails = world.eventually("mail", |mails| mails.len() == 2).await;
    assert_eq!(link(&mails[1], None).path, second.path);
    assert!(looked(&first).await["renewal"]["mail_time"].as_str() > under_way["renewal"]["mail_time"].as_str());
    world.enrol(&second).await;
    let done = looked(&first).await;
    assert_eq!((&done["renewal"]["state"], done.get("renewable")), (&json!("COMPLETE"), None));
    by_link(&world, &first, "renew").await.problem(409);
    world.open(&first).await.problem(410);
}

/// A job that needs a mail but is blocked by the stream's filter, and a batch for the mailer with its record.
pub(crate) async fn unstreamed(world: &World) -> Value {
    let invited = world.invite().await;
    let sort_key = format!("JOB#{}", invited.path.rsplit_once('/').unwrap().1);
    let mut item = world.items().into_iter().find(|item| item["sk"]["S"] == sort_key).unwrap();
    item["delivery_method"] = json!({"S": "EMAIL"});
    item["invitation"] = json!({"S": "SENDING"});
    item["mails"] = json!({"N": "1"});
    world.put(&item);
    world.drained().await;
    json!({"Records": [record(1, None, &item)]})
}

/// Whether a run of the mailer completes its batch.
pub(crate) async fn sends(world: &World, records: &Value) -> bool {
    let answer = world.invoke("SendLink", records).await;
    answer.status == 200 && answer.json["batchItemFailures"] == json!([])
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_runs_with_one_record_send_one_mail() {
    let world = Arc::new(World::new().await);
    let records = unstreamed(&world).await;
    let runs = (0..8).map(|_| {
        let (world, records) = (world.clone(), records.clone());
        tokio::spawn(async move { sends(&world, &records).await })
    });
    let mut done = 0;
    for run in runs.collect::<Vec<_>>() {
        done += usize::from(run.await.unwrap());
    }
    assert!(done > 0);
    world.drained().await;
    assert_eq!(world.local("mail").await.as_array().unwrap().len(), 1);
}

/// While a run may be working on a mail, even if it has died, no other run sends it.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_blocks_other_runs_for_a_minute() {
    let world = World::new().await;
    world.stack.clock().stop();
    let records = unstreamed(&world).await;
    world.plan(&json!({"function": "SendLink", "operation": "SendEmail", "kind": "kill_before"})).await;
    assert!(!sends(&world, &records).await, "the first run dies");
    world.stack.clock().advance(59_999);
    assert!(!sends(&world, &records).await, "the claim is still valid");
    assert_eq!(world.local("mail").await, json!([]));
    world.stack.clock().advance(1);
    assert!(sends(&world, &records).await);
    assert!(sends(&world, &records).await, "the mail is sent, and the batch is complete");
    assert_eq!(world.local("mail").await.as_array().unwrap().len(), 1);
}

/// A run that fails releases its claim, so that the next one need not wait.
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_run_releases_its_claim() {
    let world = World::new().await;
    world.stack.clock().stop();
    let records = unstreamed(&world).await;
    world.fault("sesv2", "SendEmail", "error", 4).await;
    assert!(!sends(&world, &records).await);
    assert!(sends(&world, &records).await);
    assert_eq!(world.local("mail").await.as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_in_the_identitys_language_unless_the_job_sets_one() {
    let world = World::new().await;
    let ada = json!({"identity": {"display_name": "Ada", "traits": {
        "type": "traits_v0", "username": "ada", "primary_email_address": "ada@example.com", "locale": "de-AT",
    }}});
    world.call("PUT", ADA, &ada).await.ok();
    for more in [json!({}), json!({"locale": "en"})] {
        world.call("POST", &format!("{ADA}/credential-binding-jobs"), &job("EMAIL", &more)).await.ok();
    }
    let mails = world.eventually("mail", |mails| mails.len() == 2).await;
    let subjects: Vec<&Value> = mails.iter().map(|mail| &mail["subject"]).collect();
    assert!(subjects.iter().any(|subject| subject.as_str().unwrap().starts_with("Erstellen")), "{subjects:?}");
    assert!(subjects.iter().any(|subject| subject.as_str().unwrap().starts_with("Create")), "{subjects:?}");
}
