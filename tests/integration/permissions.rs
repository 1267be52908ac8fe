//! Each function's policy allows what it needs and nothing else. The local stack denies what is not allowed, in every
//! test; this test does everything once, and no permission must remain unused.

use local::Options;
use serde_json::{Value, json};

use crate::kills::whole_life;
use crate::world::{ADA, REALM, World, job};

const JOBS: &str = "/v1/tenants/demo/realms/demo/identities/ada/credential-binding-jobs";

async fn every_kind_of_job(world: &World) {
    let invited = world.invite().await;
    world.send("HEAD", &format!("{}:invokeAuthenticator?token=x", invited.path), &[], "").await;
    world.bearing(&invited.secret, "GET", &format!("{}:preview", invited.path), "").await.ok();
    let id = invited.path.rsplit_once('/').unwrap().1;
    let again = json!({"republish": {"tenant_id": "demo", "realm_id": "demo", "identity_id": "ada", "job_id": id}});
    let publish = "/2015-03-31/functions/PublishChanges/invocations";
    world.send("POST", publish, &[], again.to_string()).await.ok();
    world.bearing(&invited.secret, "POST", &format!("{}:decline", invited.path), "").await.ok();
    let welcome = json!({"post_binding_redirect_uri": format!("{}/_local/welcome", world.stack.base())});
    let bound = world.enrol(&world.invite_with(&welcome).await).await;
    let code = bound["post_binding_redirect_uri"].as_str().unwrap().split_once("code=").unwrap().1.to_owned();
    world.call("POST", &format!("{REALM}/credential-binding-jobs:redeem"), &json!({"code": code})).await.ok();
    world.send("GET", "/.well-known/jwks.json", &[], "").await.ok();

    let mailed = world.call("POST", JOBS, &job("EMAIL", &json!({"expires_in_seconds": 600}))).await.ok();
    let path = format!("{JOBS}/{}", mailed["credential_binding_job"]["id"].as_str().unwrap());
    world.drained().await;
    world.stack.clock().advance(61_000);
    world.call("POST", &format!("{path}:resend"), &Value::Null).await.ok();
    world.drained().await;
    let mails = world.local("mail").await;
    let text = mails.as_array().unwrap().last().unwrap()["text"].as_str().unwrap().to_owned();
    world.stack.clock().advance(700_000);
    world.drained().await;
    let secret = crate::model::secret_of(&text);
    world.bearing(&secret, "POST", &format!("{path}:renew"), "").await.ok();
    world.call("POST", &format!("{}:revoke", world.invite().await.path), &Value::Null).await.ok();
}

async fn the_directory(world: &World) {
    for list in
        ["identities", "authenticator-configs", "identities/-/credential-binding-jobs", "identities/-/credentials"]
    {
        world.get(&format!("{REALM}/{list}?page_size=1")).await;
    }
    world.get(&format!("{ADA}/credentials")).await;
    world.get(REALM).await;
    let config = json!({"authenticator_config": {"display_name": "New", "config": {"type": "hosted_web"}}});
    let made = world.call("POST", &format!("{REALM}/authenticator-configs"), &config).await.ok();
    let path = format!("{REALM}/authenticator-configs/{}", made["id"].as_str().unwrap());
    let renamed = json!({"authenticator_config": {"display_name": "Newer"}});
    world.call("PATCH", &path, &renamed).await.ok();
    world.call("DELETE", &path, &Value::Null).await;
    world.call("PATCH", ADA, &json!({"identity": {"display_name": "Ada L."}})).await.ok();
    // A suspension stops the completion of jobs that a device works on.
    world.prepare(&world.invite().await).await;
    world.call("PATCH", ADA, &json!({"identity": {"status": "suspended"}})).await.ok();
    world.call("DELETE", ADA, &Value::Null).await;
}

async fn campaigns(world: &World) {
    let ids = world.people(2).await;
    let sent = world.create_batch(&ids[..1], &json!({})).await;
    world.minutes(1).await;
    world.results(&sent).await;
    let later = world.stack.clock().now().plus_seconds(3600).to_string();
    let inline = json!({"authenticator_config": {"config": {"type": "hosted_web"}}});
    let waiting = world.create_batch(&ids[1..], &json!({"start_time": later, "job_template": inline})).await;
    for verb in ["pause", "resume", "cancel"] {
        world.control(&waiting, verb).await.ok();
    }
    world.minutes(1).await;
}

/// More requests than a function admits without a reservation.
async fn a_busy_tenant(world: &World) {
    world.stack.clock().stop();
    for path in [REALM.to_owned(), format!("{ADA}/credentials")] {
        for _ in 0..11 {
            world.get(&path).await;
        }
    }
}

async fn what_cannot_be_told(world: &World) {
    let poison = json!({"pk": {"S": "T#demo#R#demo#I#ada"}, "sk": {"S": "JOB#poison"}, "kind": {"S": "JOB"},
        "invitation": {"S": "WANTED"}});
    world.put(&poison);
    // By the publisher and by the mailer.
    world.eventually("set-aside", |records| records.len() == 2).await;
}

#[test]
fn no_policy_has_a_wildcard() {
    for function in local::Template::parse(local::TEMPLATE, &[]).unwrap().functions().unwrap() {
        // The console calls the API with its user's token, and makes no calls to AWS.
        assert_eq!(function.statements.is_empty(), function.id == "Console", "{}", function.id);
        for statement in function.statements {
            // The one action without a resource.
            if statement.actions == ["ses:GetAccount"] {
                continue;
            }
            let words = statement.actions.iter().chain(&statement.resources);
            assert!(
                words.clone().all(|word| !word.contains('*') && !word.is_empty()),
                "{}: {statement:?}",
                function.id
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_permission_is_unused() {
    let parameters = vec![("TenantRequestsPerSecond".to_owned(), "9999".to_owned())];
    let world = World::with(Options { parameters, ..Options::default() }).await;
    let renewal = json!({"realm": {"display_name": "Demo", "link_renewal": "allowed",
        "post_binding_redirect_uris": [format!("{}/_local/welcome", world.stack.base())]}});
    world.call("PUT", REALM, &renewal).await.ok();
    whole_life(&world, "someone").await;
    every_kind_of_job(&world).await;
    what_cannot_be_told(&world).await;
    campaigns(&world).await;
    world.orphaned_slot(9000).await;
    world.recount().await;
    the_directory(&world).await;
    let test = json!({"test_mail": {"to": "operator@example.com"}});
    world.call("POST", &format!("{REALM}:sendTestMail"), &test).await.ok();
    world.drained().await;
    a_busy_tenant(&world).await;
    assert_eq!(world.local("permissions").await["unused"], json!({}));
}
