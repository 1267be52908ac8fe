//! A suspended identity gets no passkey and no mail; everything works again when it is active.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::mail::by_link;
use crate::model::secret_of;
use crate::world::{ADA, Answer, Invited, REALM, World, job};

const JOBS: &str = "/v1/tenants/demo/realms/demo/identities/ada/credential-binding-jobs";

async fn set(world: &World, status: &str) -> Value {
    world.call("PATCH", ADA, &json!({"identity": {"status": status}})).await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_done_for_a_suspended_identity_until_it_is_active_again() {
    let world = World::new().await;
    world.stack.clock().stop();
    let realm = json!({"realm": {"display_name": "Demo", "link_renewal": "allowed"}});
    world.call("PUT", REALM, &realm).await.ok();
    let expired = world.invite_with(&json!({"expires_in_seconds": 60})).await;
    let mailed = world.call("POST", JOBS, &job("EMAIL", &json!({}))).await.ok()["credential_binding_job"].clone();
    world.drained().await;
    world.stack.clock().advance(61_000);
    let fresh = world.invite().await;
    let delivered = world.invite().await;
    let (ceremony, registration) = world.prepare(&delivered).await;
    let app = world.invite_embedded("embedded").await;

    let none = Value::Null;
    let invoke = |accept: &'static str| {
        let (world, path) = (&world, format!("{}:invokeAuthenticator?token={}", app.path, app.secret));
        async move { world.send("GET", &path, &[("accept", accept)], "").await }
    };
    let resend = format!("{JOBS}/{}:resend", mailed["id"].as_str().unwrap());
    for status in ["suspended", "active"] {
        assert_eq!(set(&world, status).await["status"], status);
        let before = world.items().into_iter().filter(|item| item["kind"]["S"] == "JOB").collect::<Vec<_>>();
        let answers = [
            ("create RETURN", world.call("POST", JOBS, &job("RETURN", &json!({}))).await, 200),
            ("create EMAIL", world.call("POST", JOBS, &job("EMAIL", &json!({}))).await, 200),
            ("resend", world.call("POST", &resend, &none).await, 200),
            ("preview", world.bearing(&fresh.secret, "GET", &format!("{}:preview", fresh.path), "").await, 200),
            ("open", world.open(&fresh).await, 200),
            ("invokeAuthenticator of an SDK", invoke("application/json").await, 200),
            ("invokeAuthenticator of a client", invoke("*/*").await, 302),
            ("getInfo", world.get_info(&delivered, &ceremony).await, 200),
            ("renew", by_link(&world, &expired, "renew").await, 200),
            ("bind", world.bind(&delivered, &ceremony, &registration).await, 200),
        ];
        for (what, answer, success) in answers {
            if status == "active" {
                assert_eq!(answer.status, success, "{what}: {}", answer.text);
            } else {
                answer.problem(409);
                assert_eq!(answer.kind(), "identity-suspended", "{what}: {}", answer.text);
                assert!(answer.json["detail"].as_str().unwrap().contains("active"), "{what} names the remedy");
            }
        }
        if status == "suspended" {
            let now = world.items().into_iter().filter(|item| item["kind"]["S"] == "JOB").collect::<Vec<_>>();
            assert_eq!(now, before, "no job was created or changed");
            // A browser gets a page. A request with the wrong secret learns nothing.
            let page = invoke("text/html").await;
            assert_eq!(page.status, 409);
            assert!(page.text.contains("data-problem=\"identity-suspended\""), "{}", page.text);
            let wrong = Invited { path: fresh.path.clone(), secret: delivered.secret.clone() };
            world.open(&wrong).await.problem(404);
            world.bearing(&wrong.secret, "GET", &format!("{}:preview", wrong.path), "").await.problem(404);
            let app = Invited { path: app.path.clone(), secret: fresh.secret.clone() };
            let path = format!("{}:invokeAuthenticator?token={}", app.path, app.secret);
            world.send("GET", &path, &[("accept", "application/json")], "").await.problem(404);
            // A link that has ended gives that reason, and the preview of an expired one offers no renewal.
            assert_eq!(world.open(&expired).await.kind(), "job-expired");
            let preview = world.bearing(&expired.secret, "GET", &format!("{}:preview", expired.path), "").await.ok();
            assert_eq!((&preview["state"], preview.get("renewable")), (&json!("EXPIRED"), None));
        }
    }
    assert_eq!(world.get(&delivered.path).await["state"], "COMPLETE");
}

/// The recipient can still decline a link and disown a passkey, and the operator can revoke them.
#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_identity_does_not_block_revocation() {
    let world = World::new().await;
    let (declined, revoked, bound) = (world.invite().await, world.invite().await, world.invite().await);
    let credential = world.enrol(&bound).await["id"].as_str().unwrap().to_owned();
    let notice = world.eventually("mail", |mails| mails.len() == 1).await.remove(0);
    set(&world, "suspended").await;
    by_link(&world, &declined, "decline").await.ok();
    world.call("POST", &format!("{}:revoke", revoked.path), &Value::Null).await.ok();
    let secret = secret_of(notice["text"].as_str().unwrap());
    let disown = Invited { path: bound.path.clone(), secret };
    by_link(&world, &disown, "disown").await.ok();
    assert_eq!(world.get(&format!("{ADA}/credentials/{credential}")).await["state"], "REVOKED");
    assert_eq!(world.open(&bound).await.kind(), "job-complete");
}

/// A mail that was requested earlier is not sent while the identity is suspended, nor is the notice of a passkey.
#[tokio::test(flavor = "multi_thread")]
async fn no_mail_goes_to_a_suspended_identity() {
    let world = World::new().await;
    world.plan(&json!({"function": "SendLink", "kind": "kill_before", "times": 1_000_000})).await;
    let invited = world.invite().await;
    world.enrol(&invited).await;
    let mailed = world.call("POST", JOBS, &job("EMAIL", &json!({}))).await.ok()["credential_binding_job"].clone();
    set(&world, "suspended").await;
    world.injected().await;
    world.drained().await;
    assert_eq!(world.local("mail").await, json!([]));
    set(&world, "active").await;
    world.stack.clock().advance(61_000);
    world.call("POST", &format!("{JOBS}/{}:resend", mailed["id"].as_str().unwrap()), &Value::Null).await.ok();
    let mails = world.eventually("mail", |mails| mails.len() == 1).await;
    assert_eq!(mails[0]["tags"]["job_id"], mailed["id"]);
}

/// Carries out `act` after a completion has read the job and the identity, and before it writes.
pub(crate) async fn during_completion(world: &Arc<World>, invited: &Invited, act: impl AsyncFnOnce()) -> Answer {
    let (ceremony, registration) = world.prepare(invited).await;
    world.plan(&json!({"function": "VerifyAttestation", "operation": "TransactWriteItems", "kind": "hold"})).await;
    world.send("DELETE", "/_local/requests", &[], "").await.ok();
    let bound = tokio::spawn({
        let (world, invited) = (world.clone(), Invited { path: invited.path.clone(), secret: String::new() });
        async move { world.bind(&invited, &ceremony, &registration).await }
    });
    let calls = async || world.local("requests?by=function").await["VerifyAttestation"].take();
    world.until(async || !calls().await["dynamodb:TransactWriteItems"].is_null()).await;
    act().await;
    assert!(!bound.is_finished(), "the completion was not held");
    world.injected().await;
    bound.await.unwrap()
}

/// A suspension that was answered prevents a completion that read the identity before. This is so too if the first try of
/// the suspension ends after the write of the identity.
#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_during_a_completion_prevents_it() {
    let world = Arc::new(World::new().await);
    for dies in [false, true] {
        let invited = world.invite().await;
        let answer = during_completion(&world, &invited, async || {
            if dies {
                let kill = json!({"function": "ManageDirectory", "operation": "UpdateItem", "kind": "kill_before"});
                world.plan(&kill).await;
                let patch = json!({"identity": {"status": "suspended"}});
                assert_eq!(world.call("PATCH", ADA, &patch).await.status, 500);
                assert_eq!(world.get(ADA).await["status"], "suspended");
            }
            assert_eq!(set(&world, "suspended").await["status"], "suspended");
        });
        let answer = answer.await;
        answer.problem(409);
        assert_eq!(answer.kind(), "identity-suspended");
        let id = invited.path.rsplit('/').next().unwrap();
        let made = |item: &Value| item["kind"]["S"] == "CREDENTIAL" && item["job_id"]["S"] == id;
        assert!(!world.items().iter().any(made));
        // Once the identity is active again, the job can be completed.
        set(&world, "active").await;
        world.enrol(&invited).await;
    }
}

/// A suspension that has ended again also prevents a completion that read the identity before it.
#[tokio::test(flavor = "multi_thread")]
async fn a_short_suspension_during_a_completion_prevents_it() {
    let world = Arc::new(World::new().await);
    let invited = world.invite().await;
    let answer = during_completion(&world, &invited, async || {
        set(&world, "suspended").await;
        set(&world, "active").await;
    });
    assert_eq!(answer.await.kind(), "identity-suspended");
    world.enrol(&invited).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_of_the_status_is_published() {
    let world = World::new().await;
    for status in ["suspended", "suspended", "active"] {
        set(&world, status).await;
    }
    // A replacement without a status does not end a suspension.
    set(&world, "suspended").await;
    let ada = json!({"identity": {"display_name": "Ada", "traits": {"username": "ada"}}});
    assert_eq!(world.call("PUT", ADA, &ada).await.ok()["status"], "suspended");
    let events = world.eventually("events", |events| events.len() >= 3).await;
    world.drained().await;
    assert_eq!(world.local("events").await.as_array().unwrap().len(), 3);
    let changes: Vec<(&str, &str)> = events
        .iter()
        .map(|event| {
            assert_eq!(event["detail-type"], "Identity State Change");
            let data = &event["detail"]["data"];
            assert_eq!(data["identity"]["id"], "ada");
            assert!(data["identity"].get("display_name").is_none() && data["identity"].get("traits").is_none());
            (data["previous_status"].as_str().unwrap(), data["identity"]["status"].as_str().unwrap())
        })
        .collect();
    assert_eq!(changes, [("active", "suspended"), ("suspended", "active"), ("active", "suspended")]);
    let metadata = |index: usize| &events[index]["detail"]["metadata"];
    assert_eq!([2, 4, 5], [0, 1, 2].map(|index| metadata(index)["sequence"].as_u64().unwrap()));
    let first = metadata(0)["correlation_id"].as_str().unwrap();
    assert_eq!(metadata(0)["event_id"], format!("{first}:2"));
    // Another identity with the same id has its own events.
    world.call("DELETE", ADA, &Value::Null).await;
    world.stack.clock().advance(1000);
    let ada = json!({"identity": {"display_name": "Ada", "status": "suspended", "traits": {"username": "ada"}}});
    assert_eq!(world.call("PUT", ADA, &ada).await.ok()["status"], "suspended");
    set(&world, "active").await;
    let events = world.eventually("events", |events| events.len() == 4).await;
    assert_ne!(events[3]["detail"]["metadata"]["correlation_id"], first);
    for bad in [json!("SUSPENDED"), json!("deleted"), json!(1)] {
        let refused = world.call("PATCH", ADA, &json!({"identity": {"status": bad}})).await;
        assert_eq!(refused.fields(), ["identity.status"]);
    }
}

/// Identities that were written before the status existed are active.
#[tokio::test(flavor = "multi_thread")]
async fn an_identity_of_an_older_version_is_active() {
    let world = World::new().await;
    let mut stored = world.items().into_iter().find(|item| item["kind"]["S"] == "IDENTITY").unwrap();
    for attribute in ["status", "version"] {
        stored.as_object_mut().unwrap().remove(attribute);
    }
    world.put(&stored);
    assert_eq!(world.get(ADA).await["status"], "active");
    world.enrol(&world.invite().await).await;
    assert_eq!(set(&world, "suspended").await["status"], "suspended");
    world.eventually("events", |events| events.iter().any(|e| e["detail-type"] == "Identity State Change")).await;
}
