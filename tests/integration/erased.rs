//! A job that outlives the erasure of its identity is for no identity, not even for a new one with the same id.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::mail::{by_link, mailed};
use crate::suspended::during_completion;
use crate::world::{ADA, REALM, World};

/// A job that was created during its identity's erasure may outlive it. Its link is not renewed for another identity
/// with the same id.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_not_renewed_for_an_identity_that_was_erased_and_created_again() {
    let world = World::new().await;
    world.stack.clock().stop();
    let realm = json!({"realm": {"display_name": "Demo", "link_renewal": "allowed"}});
    world.call("PUT", REALM, &realm).await.ok();
    let invited = world.invite().await;
    let stored = world.items().into_iter().find(|item| item["kind"]["S"] == "JOB").unwrap();
    assert_eq!(world.call("DELETE", ADA, &Value::Null).await.status, 200);
    world.stack.clock().advance(7 * 24 * 3600 * 1000);
    let ada = json!({"identity": {"display_name": "Another", "traits": {
        "type": "traits_v0", "username": "ada", "primary_email_address": "another@example.com",
    }}});
    world.call("PUT", ADA, &ada).await.ok();
    world.put(&stored);
    let preview = world.bearing(&invited.secret, "GET", &format!("{}:preview", invited.path), "").await;
    preview.problem(404);
    let refused = by_link(&world, &invited, "renew").await;
    refused.problem(403);
    assert_eq!(refused.kind(), "renewal-not-allowed");
    world.drained().await;
    assert_eq!(world.items().iter().filter(|item| item["kind"]["S"] == "JOB").count(), 1);
    assert_eq!(world.local("mail").await, json!([]));
}

/// Neither its link nor the notice of its passkey is mailed to the other identity.
#[tokio::test(flavor = "multi_thread")]
async fn an_identity_created_again_gets_no_mail_of_the_erased_one() {
    let world = World::new().await;
    mailed(&world, "ada@example.com").await;
    world.drained().await;
    let mut invitation = world.items().into_iter().find(|item| item["kind"]["S"] == "JOB").unwrap();
    for attribute in ["email_status", "email_message_id"] {
        invitation.as_object_mut().unwrap().remove(attribute);
    }
    invitation["invitation"]["S"] = "WANTED".into();
    let mut notice = invitation.clone();
    notice["sk"]["S"] = format!("JOB#{}", "01a21dc4-14cf-7964-89cd-1a4f85071dac").into();
    notice["state"]["S"] = "COMPLETE".into();
    notice["notice"] = json!({"S": "WANTED"});
    assert_eq!(world.call("DELETE", ADA, &Value::Null).await.status, 200);
    let ada = json!({"identity": {"display_name": "Another", "traits": {
        "type": "traits_v0", "username": "ada", "primary_email_address": "another@example.com",
    }}});
    world.call("PUT", ADA, &ada).await.ok();
    for job in [&invitation, &notice] {
        world.put(job);
    }
    world.drained().await;
    let mails = world.local("mail").await;
    assert!(mails.as_array().unwrap().iter().all(|mail| mail["to"] == "ada@example.com"), "{mails}");
    // Without a notice, there is no right to disown the passkey.
    assert!(world.items().iter().all(|item| item.get("disown_hash").is_none()));
}

/// An erasure that was answered leaves nothing of a completion that read the identity before.
#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_during_a_completion_prevents_it() {
    let world = Arc::new(World::new().await);
    let ada = json!({"identity": {"display_name": "Ada", "traits": {"type": "traits_v0", "username": "ada"}}});
    for again in [false, true] {
        let invited = world.invite().await;
        let answer = during_completion(&world, &invited, async || {
            assert_eq!(world.call("DELETE", ADA, &Value::Null).await.status, 200);
            if again {
                world.call("PUT", ADA, &ada).await.ok();
            }
        });
        answer.await.problem(404);
        let of_job = |item: &Value| ["JOB", "CREDENTIAL", "CLAIM"].iter().any(|kind| item["kind"]["S"] == *kind);
        assert!(!world.items().iter().any(of_job));
        world.call("PUT", ADA, &ada).await.ok();
    }
}
