//! Realms, identities and authenticator configs.
//!
//! Operations: getRealm, putRealm, deleteRealm, createIdentity, listIdentities, getIdentity, putIdentity, patchIdentity,
//! eraseIdentity, createAuthenticatorConfig, listAuthenticatorConfigs, getAuthenticatorConfig,
//! patchAuthenticatorConfig, deleteAuthenticatorConfig.

use serde_json::{Value, json};

use crate::world::{ADA, REALM, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_realm_is_written_and_validated_as_a_whole() {
    let world = World::new().await;
    let path = "/v1/tenants/demo/realms/staff";
    world.call("GET", path, &Value::Null).await.problem(404);
    let realm = json!({"realm": {
        "display_name": "Staff", "return_delivery": "forbidden",
        "theme": {"button_color": "#112233", "support_url": "https://help.example.com/"},
        "email": {"from_name": "Staff IT", "reply_to": "it@example.com"},
        "post_binding_redirect_uris": ["https://staff.example.com/"],
        "link_lifetime": {"default_seconds": 3600, "max_seconds": 7200},
    }});
    let made = world.call("PUT", path, &realm).await.ok();
    assert_eq!(made, world.get(path).await);
    assert_eq!((&made["id"], &made["link_lifetime"]["max_seconds"]), (&json!("staff"), &json!(7200)));
    let replaced = world.call("PUT", path, &json!({"realm": {"display_name": "Staff 2"}})).await.ok();
    assert_eq!(replaced["create_time"], made["create_time"]);
    assert_eq!(replaced["post_binding_redirect_uris"], json!([]), "PUT replaces all settings");
    let wrong = json!({"realm": {
        "display_name": "", "return_delivery": "perhaps",
        "theme": {"button_color": "red", "logo_url_light": "http://a.example/x.png"},
        "email": {"reply_to": "a@b\r\nBcc: c@d.example", "from_name": "x\u{0}"},
        "post_binding_redirect_uris": ["https://ok.example/", "javascript:alert(1)", 7, "https://a@b.example/"],
        "link_lifetime": {"default_seconds": 99999999, "max_seconds": 7200},
    }});
    let answer = world.call("PUT", path, &wrong).await;
    assert_eq!(
        answer.fields(),
        [
            "realm.theme.logo_url_light",
            "realm.theme.button_color",
            "realm.email.from_name",
            "realm.email.reply_to",
            "realm.post_binding_redirect_uris[1]",
            "realm.post_binding_redirect_uris[2]",
            "realm.post_binding_redirect_uris[3]",
            "realm.link_lifetime.default_seconds",
            "realm.return_delivery",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_realm_is_deleted_when_it_is_empty() {
    let world = World::new().await;
    let path = "/v1/tenants/demo/realms/staff";
    let send = async |method: &str, rest: &str, body: Value| world.call(method, &format!("{path}{rest}"), &body).await;
    let delete = async || send("DELETE", "", Value::Null).await;
    delete().await.problem(404);
    send("PUT", "", json!({"realm": {"display_name": "Staff"}})).await.ok();
    let config = json!({"authenticator_config": {"config": {"type": "hosted_web"}}});
    let config = send("POST", "/authenticator-configs", config).await.ok()["id"].as_str().unwrap().to_owned();
    let traits = json!({"username": "bob", "primary_email_address": "bob@example.com"});
    send("PUT", "/identities/bob", json!({"identity": {"traits": traits}})).await.ok();
    let start = world.stack.clock().now().plus_seconds(3600).to_string();
    let batch = json!({"batch_credential_binding_job": {
        "identity_ids": ["bob"], "job_template": {"authenticator_config_id": config}, "start_time": start,
    }});
    let batch = send("POST", "/batch-credential-binding-jobs", batch).await.ok()["id"].as_str().unwrap().to_owned();

    let refused = delete().await;
    refused.problem(409);
    assert_eq!(refused.json["detail"], "The realm staff has identities. Erase them, then try again.");
    assert_eq!(refused.json["details"][0]["resource_type"], "Realm");
    send("DELETE", "/identities/bob", Value::Null).await.ok();
    let refused = delete().await;
    refused.problem(409);
    assert!(refused.json["detail"].as_str().unwrap().contains("batches that have not ended"), "{}", refused.text);
    assert_eq!(send("GET", &format!("/authenticator-configs/{config}"), Value::Null).await.ok()["id"], config);
    send("POST", &format!("/batch-credential-binding-jobs/{batch}:cancel"), Value::Null).await.ok();
    world.minutes(1).await;

    // The function dies between the realm and its configs: the next deletion goes on.
    world
        .plan(&json!({"function": "ManageDirectory", "operation": "TransactWriteItems", "kind": "error", "skip": 1, "times": 100}))
        .await;
    delete().await.problem(503);
    assert!(!world.injected().await.is_empty());
    send("GET", "", Value::Null).await.problem(404);
    let deleted = delete().await;
    assert_eq!((deleted.status, deleted.text.as_str()), (200, ""));
    delete().await.problem(404);

    let left: Vec<String> = world.items().iter().map(|item| item["pk"]["S"].as_str().unwrap().to_owned()).collect();
    let kept = ["T#demo#R#staff#AUDIT", "T#demo#R#staff#Q", "T#demo#R#staff#B#", "T#demo#R#staff#E"];
    let own = left.iter().filter(|pk| pk.starts_with("T#demo#R#staff"));
    assert!(own.clone().all(|pk| kept.iter().any(|kept| pk.starts_with(kept))), "{left:?}");
    let listed = world.get("/v1/tenants/demo/realms").await;
    assert!(!listed["realms"].as_array().unwrap().iter().any(|realm| realm["id"] == "staff"), "{listed}");
    let log = send("GET", "/audit-entries", Value::Null).await.ok();
    assert_eq!(log["audit_entries"][0]["operation"], "deleteRealm");
    send("PUT", "", json!({"realm": {"display_name": "Staff"}})).await.ok();
    let configs = send("GET", "/authenticator-configs", Value::Null).await.ok();
    assert_eq!(configs["authenticator_configs"], json!([]));
}

impl World {
    /// Waits until a function has called the table so often since the counts were reset.
    async fn called(&self, operation: &str, times: u64) {
        let name = format!("dynamodb:{operation}");
        let calls = async || self.local("requests?by=function").await["ManageDirectory"][&name].as_u64();
        self.until(async || calls().await.unwrap_or_default() >= times).await;
    }

    /// Holds a call of the function from now on.
    async fn hold(&self, operation: &str, skip: u32) {
        self.plan(&json!({"function": "ManageDirectory", "operation": operation, "kind": "hold", "skip": skip})).await;
        self.send("DELETE", "/_local/requests", &[], "").await.ok();
    }
}

/// An identity and a config whose creation began before the realm was deleted, and ends after it, are not created.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_created_in_a_realm_that_is_deleted_meanwhile() {
    let world = World::new().await;
    let path = "/v1/tenants/demo/realms/staff";
    let send = async |method: &str, rest: &str, body: Value| world.call(method, &format!("{path}{rest}"), &body).await;
    let identity = json!({"identity": {"traits": {"username": "bob"}}});
    let config = json!({"authenticator_config": {"config": {"type": "hosted_web"}}});
    for (method, rest, body) in [
        ("PUT", "/identities/bob", &identity),
        ("POST", "/identities", &identity),
        ("POST", "/authenticator-configs", &config),
    ] {
        send("PUT", "", json!({"realm": {"display_name": "Staff"}})).await.ok();
        world.hold("TransactWriteItems", 0).await;
        let deletion = async {
            world.called("TransactWriteItems", 1).await;
            send("DELETE", "", Value::Null).await.ok_empty();
            world.injected().await;
        };
        let (created, ()) = tokio::join!(send(method, rest, body.clone()), deletion);
        created.problem(409);
        assert!(
            created.json["detail"].as_str().unwrap().contains("The realm staff is being deleted."),
            "{}",
            created.text
        );
        let left = |item: &Value| {
            ["T#demo#R#staff", "T#demo#R#staff#I#", "T#demo#R#staff#U#"].iter().any(|own| {
                item["pk"]["S"] == *own || own.ends_with('#') && item["pk"]["S"].as_str().unwrap().starts_with(own)
            })
        };
        assert!(!world.items().iter().any(left), "{rest}: {:?}", world.items());
        send(method, rest, body.clone()).await.problem(404);
    }
}

/// The list of identities gets one that was created a moment ago while the realm is being deleted. The realm stays, and takes
/// new ones.
#[tokio::test(flavor = "multi_thread")]
async fn a_realm_stays_when_an_identity_was_created_before_its_deletion() {
    let world = World::new().await;
    let path = "/v1/tenants/demo/realms/staff";
    let send = async |method: &str, rest: &str, body: Value| world.call(method, &format!("{path}{rest}"), &body).await;
    let identity = json!({"identity": {"traits": {"username": "bob"}}});
    send("PUT", "", json!({"realm": {"display_name": "Staff"}})).await.ok();
    send("PUT", "/identities/bob", identity).await.ok();
    let bob = world.items().into_iter().find(|item| item["pk"]["S"] == "T#demo#R#staff#I#bob").unwrap();
    send("DELETE", "/identities/bob", Value::Null).await.ok_empty();
    world.drained().await;
    let realm = send("GET", "", Value::Null).await.ok();

    world.hold("Query", 1).await;
    let arrival = async {
        world.called("Query", 2).await;
        let other = json!({"identity": {"traits": {"username": "eve"}}});
        send("PUT", "/identities/eve", other).await.problem(409);
        world.put(&bob);
        world.injected().await;
    };
    let (deletion, ()) = tokio::join!(send("DELETE", "", Value::Null), arrival);
    deletion.problem(409);
    assert_eq!(deletion.json["detail"], "The realm staff has identities. Erase them, then try again.");
    assert_eq!(send("GET", "", Value::Null).await.ok(), realm);
    send("PUT", "/identities/eve", json!({"identity": {"traits": {"username": "eve"}}})).await.ok();

    // A deletion that dies leaves the realm closed for a minute.
    for id in ["bob", "eve"] {
        send("DELETE", &format!("/identities/{id}"), Value::Null).await.ok_empty();
    }
    world.drained().await;
    world.plan(&json!({"function": "ManageDirectory", "operation": "UpdateItem", "kind": "kill_after"})).await;
    assert_eq!(send("DELETE", "", Value::Null).await.status, 500);
    let config = json!({"authenticator_config": {"config": {"type": "hosted_web"}}});
    send("POST", "/authenticator-configs", config.clone()).await.problem(409);
    world.stack.clock().advance(60_000);
    send("POST", "/authenticator-configs", config).await.ok();
    assert_eq!(send("GET", "", Value::Null).await.ok(), realm);
    send("DELETE", "", Value::Null).await.ok_empty();
}

/// A repeated deletion leaves a realm that was created again meanwhile, with its configs.
#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_deletion_leaves_a_realm_that_was_created_again() {
    let world = World::new().await;
    let path = "/v1/tenants/demo/realms/staff";
    let send = async |method: &str, rest: &str, body: Value| world.call(method, &format!("{path}{rest}"), &body).await;
    let realm = json!({"realm": {"display_name": "Staff"}});
    let config = json!({"authenticator_config": {"config": {"type": "hosted_web"}}});
    send("PUT", "", realm.clone()).await.ok();
    send("POST", "/authenticator-configs", config.clone()).await.ok();
    world
        .plan(&json!({"function": "ManageDirectory", "operation": "TransactWriteItems", "kind": "error", "skip": 1, "times": 100}))
        .await;
    send("DELETE", "", Value::Null).await.problem(503);
    world.injected().await;

    world.hold("TransactWriteItems", 0).await;
    let creation = async {
        world.called("TransactWriteItems", 1).await;
        send("PUT", "", realm.clone()).await.ok();
        let id = send("POST", "/authenticator-configs", config.clone()).await.ok()["id"].clone();
        world.injected().await;
        id
    };
    let (deletion, id) = tokio::join!(send("DELETE", "", Value::Null), creation);
    deletion.problem(404);
    send("GET", "", Value::Null).await.ok();
    send("GET", &format!("/authenticator-configs/{}", id.as_str().unwrap()), Value::Null).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn identities_are_created_changed_and_erased() {
    let world = World::new().await;
    let list = format!("{REALM}/identities");
    let body = json!({"identity": {"display_name": "Grace", "traits": {"type": "traits_v0", "username": "grace"}}});
    let made = world.call("POST", &list, &body).await.ok();
    let path = format!("{list}/{}", made["id"].as_str().unwrap());
    assert_eq!(world.get(&path).await, made);
    assert!(made["traits"].get("primary_email_address").is_none(), "absent, not null");
    let patch = json!({"identity": {"traits": {"primary_email_address": "grace@example.com"}}});
    let patched = world.call("PATCH", &path, &patch).await.ok();
    assert_eq!(patched["traits"]["primary_email_address"], "grace@example.com");
    assert_eq!((&patched["display_name"], &patched["traits"]["username"]), (&json!("Grace"), &json!("grace")));
    let patch = json!({"identity": {"traits": {"primary_email_address": null}}});
    assert!(world.call("PATCH", &path, &patch).await.ok()["traits"].get("primary_email_address").is_none());
    let wrong = json!({"identity": {"display_name": 5, "traits": {"username": " ", "primary_email_address": "grace"}}});
    assert_eq!(
        world.call("PATCH", &path, &wrong).await.fields(),
        ["identity.display_name", "identity.traits.username", "identity.traits.primary_email_address"]
    );
    let deleted = world.call("DELETE", &path, &Value::Null).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (200, ""));
    for (method, body) in [("GET", Value::Null), ("PATCH", json!({"identity": {}})), ("DELETE", Value::Null)] {
        world.call(method, &path, &body).await.problem(404);
    }
    let elsewhere = "/v1/tenants/demo/realms/none/identities";
    world.call("POST", elsewhere, &body).await.problem(404);
    assert_eq!(world.call("PUT", &format!("{list}/a%20b"), &body).await.fields(), ["identity_id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_identity_leaves_its_id_in_the_audit_log_and_nothing_else() {
    let world = World::new().await;
    // The counts of the realm do not name anybody.
    let counts = ["AUDIT", "SHEET", "SLOTS"];
    let named = |item: &Value| !counts.contains(&item["kind"]["S"].as_str().unwrap());
    let items = || world.all_items().into_iter().filter(named).collect::<Vec<_>>();
    world.drained().await;
    let before = items();
    let path = format!("{REALM}/identities/zoe");
    let zoe = json!({"identity": {"display_name": "Zoe", "traits": {"username": "zoe"}}});
    world.call("PUT", &path, &zoe).await.ok();
    for _ in 0..30 {
        let body = crate::world::job("RETURN", &json!({}));
        let answer = world.call("POST", &format!("{path}/credential-binding-jobs"), &body).await.ok();
        let link = answer["credential_binding_link"].as_str().unwrap();
        let (path, secret) = link.split_once("/bind#").unwrap().1.split_once("?token=").unwrap();
        world.enrol(&crate::world::Invited { path: path.to_owned(), secret: secret.to_owned() }).await;
    }
    assert!(items().len() > before.len() + 90);
    world.call("DELETE", &path, &Value::Null).await.ok_empty();
    world.drained().await;
    assert_eq!(items(), before);
    assert!(!json!(world.items()).to_string().contains("Zoe"));
}

/// A job that was created during the erasure is for no identity, not even for a later one with the same id.
#[tokio::test(flavor = "multi_thread")]
async fn an_orphaned_job_accepts_no_proof() {
    let world = World::new().await;
    let invited = world.invite().await;
    let orphan = world.items().into_iter().find(|item| item["kind"]["S"] == "JOB").unwrap();
    world.call("DELETE", ADA, &Value::Null).await.ok_empty();
    world.put(&orphan);
    for _ in 0..2 {
        let ceremony = world.open(&invited).await.ok()["token"].as_str().unwrap().to_owned();
        let refused = world.get_info(&invited, &ceremony).await;
        refused.problem(404);
        assert_eq!(refused.kind(), "unknown-link");
        world.stack.clock().advance(1000);
        let ada = json!({"identity": {"display_name": "Another Ada", "traits": {"username": "ada"}}});
        world.call("PUT", ADA, &ada).await.ok();
    }
}

impl crate::world::Answer {
    /// Checks that this is a success without a body.
    #[track_caller]
    pub(crate) fn ok_empty(&self) {
        assert_eq!((self.status, self.text.as_str()), (200, ""));
    }
}

/// Members that a hosted config does not use are validated all the same, so that clients can rely on the description.
#[tokio::test(flavor = "multi_thread")]
async fn unused_members_of_a_hosted_config_are_validated() {
    let world = World::new().await;
    let body = json!({"authenticator_config": {
        "display_name": "Ours", "config": {"type": "hosted_web", "trusted_origins": "https://app.example.com"},
    }});
    let refused = world.call("POST", &format!("{REALM}/authenticator-configs"), &body).await;
    assert_eq!(refused.fields(), ["authenticator_config.config.trusted_origins"]);
}

/// A job keeps the version of the config that it was created with.
#[tokio::test(flavor = "multi_thread")]
async fn configs_have_versions() {
    let world = World::new().await;
    let list = format!("{REALM}/authenticator-configs");
    let body = json!({"authenticator_config": {
        "display_name": "Ours", "config": {"type": "hosted_web"}, "passkey_policy": {"user_verification": "preferred"},
    }});
    let made = world.call("POST", &list, &body).await.ok();
    assert_eq!((&made["version"], &made["passkey_policy"]["resident_key"]), (&json!(1), &json!("required")));
    let path = format!("{list}/{}", made["id"].as_str().unwrap());
    let before = world.invite_with(&json!({"authenticator_config_id": made["id"]})).await;
    let patch = json!({"authenticator_config": {"passkey_policy": {"user_verification": "required"}}});
    let changed = world.call("PATCH", &path, &patch).await.ok();
    assert_eq!((&changed["version"], &changed["display_name"]), (&json!(2), &json!("Ours")));
    let after = world.invite_with(&json!({"authenticator_config_id": made["id"]})).await;
    for (invited, wish, status) in [(before, "preferred", 200), (after, "required", 422)] {
        let ceremony = world.open(&invited).await.ok()["token"].as_str().unwrap().to_owned();
        let options = world.get_info(&invited, &ceremony).await.ok()["creation_options"].clone();
        assert_eq!(options["authenticatorSelection"]["userVerification"], wish);
        let mut device = crate::authenticator::Device::new(world.stack.base());
        device.flags = 0x41;
        assert_eq!(world.bind(&invited, &ceremony, &device.register(&options)).await.status, status);
    }
    let unopened = world.invite_with(&json!({"authenticator_config_id": made["id"]})).await;
    world.call("DELETE", &path, &Value::Null).await.ok_empty();
    world.call("GET", &path, &Value::Null).await.problem(404);
    // A job names its version, which stays readable.
    let job = world.call("GET", &unopened.path, &Value::Null).await.ok();
    assert_eq!(job["authenticator_config_version"], 2);
    for (version, policy) in [("1", "preferred"), ("2", "required"), ("2e0", "required")] {
        let config = world.call("GET", &format!("{path}?version={version}"), &Value::Null).await.ok();
        assert_eq!(config["passkey_policy"]["user_verification"], policy);
    }
    world.call("GET", &format!("{path}?version=3"), &Value::Null).await.problem(404);
    for invalid in ["0", "-1", "x", "1.5", "4294967296", ""] {
        let answer = world.call("GET", &format!("{path}?version={invalid}"), &Value::Null).await;
        assert_eq!(answer.fields(), ["version"]);
    }
    world.enrol(&unopened).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_violations_of_a_config_are_reported() {
    let world = World::new().await;
    let body = json!({"authenticator_config": {
        "display_name": "x".repeat(129),
        "config": {
            "type": "embedded", "invoke_url": "https://app.example.com/?x", "invocation_type": "sometimes",
            "trusted_origins": ["https://app.example.com/", "https://*.example.com"], "authentication_methods": "all",
        },
        "relying_party": {"id": "https://example.com"},
        "passkey_policy": {"user_verification": "always", "attestation": "total", "trust": "fido_mds"},
    }});
    let answer = world.call("POST", &format!("{REALM}/authenticator-configs"), &body).await;
    assert_eq!(
        answer.fields(),
        [
            "authenticator_config.display_name",
            "authenticator_config.config.invoke_url",
            "authenticator_config.config.trusted_origins[0]",
            "authenticator_config.config.trusted_origins[1]",
            "authenticator_config.config.invocation_type",
            "authenticator_config.config.authentication_methods",
            "authenticator_config.relying_party.id",
            "authenticator_config.passkey_policy.user_verification",
            "authenticator_config.passkey_policy.attestation",
            "authenticator_config.passkey_policy.trust",
        ]
    );
}

/// Concurrent changes of different parts of a resource: every change that was reported as successful is kept.
#[tokio::test(flavor = "multi_thread")]
async fn no_change_is_lost() {
    let world = std::sync::Arc::new(World::new().await);
    let patches = [
        json!({"display_name": "Countess"}),
        json!({"traits": {"username": "lovelace"}}),
        json!({"traits": {"primary_email_address": "countess@example.com"}}),
    ];
    for round in 0..10 {
        let reset = json!({"identity": {"display_name": "Ada", "traits": {"username": "ada"}}});
        world.call("PUT", ADA, &reset).await.ok();
        let changes = patches.clone().map(|patch| {
            let world = world.clone();
            tokio::spawn(async move { world.call("PATCH", ADA, &json!({"identity": patch})).await.status })
        });
        let mut kept = Vec::new();
        for change in changes {
            kept.push(change.await.unwrap());
        }
        let ada = world.get(ADA).await;
        let found = [
            ada["display_name"] == "Countess",
            ada["traits"]["username"] == "lovelace",
            ada["traits"]["primary_email_address"] == "countess@example.com",
        ];
        assert!(kept.contains(&200), "round {round}: {kept:?}");
        for (status, found) in kept.iter().zip(found) {
            assert_eq!(found, *status == 200, "round {round}: {kept:?} {ada}");
        }
    }
}

/// The enrollment status of an identity, read one by one and in the list.
#[tokio::test(flavor = "multi_thread")]
async fn an_identity_shows_its_enrollment() {
    let world = World::new().await;
    let status = async || {
        let one = world.get(ADA).await["enrollment_status"].clone();
        let list = world.get(&format!("{REALM}/identities")).await;
        assert_eq!(list["identities"][0]["enrollment_status"], one);
        one
    };
    let made = json!({"identity": {"traits": {"username": "bob"}}});
    let made = world.call("POST", "/v1/tenants/demo/realms/demo/identities", &made).await.ok();
    assert_eq!(made["enrollment_status"], "UNENROLLED");
    world.call("DELETE", &format!("{REALM}/identities/{}", made["id"].as_str().unwrap()), &Value::Null).await;
    assert_eq!(status().await, "UNENROLLED");
    let invited = world.invite().await;
    assert_eq!(status().await, "PENDING");
    let credential = world.enrol(&invited).await;
    assert_eq!(status().await, "ENROLLED");
    let path = format!("{ADA}/credentials/{}:revoke", credential["id"].as_str().unwrap());
    world.call("POST", &path, &Value::Null).await.ok();
    assert_eq!(status().await, "UNENROLLED");
    crate::mail::mailed(&world, "bounce@simulator.amazonses.com").await;
    crate::world::persistently(async || {
        let ada = world.get(ADA).await;
        if ada["enrollment_status"] == "INVITE_FAILED" { Ok(()) } else { Err(ada) }
    })
    .await
    .unwrap();
    assert_eq!(status().await, "INVITE_FAILED");
    // The status is read-only.
    let patch = json!({"identity": {"enrollment_status": "ENROLLED"}});
    assert_eq!(world.call("PATCH", ADA, &patch).await.ok()["enrollment_status"], "INVITE_FAILED");
}

/// `identities/batchDelete` is an operation for POST, and an identity for every other method.
#[tokio::test(flavor = "multi_thread")]
async fn an_identity_can_have_the_name_of_an_operation() {
    let world = World::new().await;
    let path = format!("{REALM}/identities/batchDelete");
    let body = json!({"identity": {"display_name": "Batch", "traits": {"username": "batch"}}});
    assert_eq!(world.call("PUT", &path, &body).await.ok()["id"], "batchDelete");
    assert_eq!(world.get(&path).await["display_name"], "Batch");
    let patch = json!({"identity": {"display_name": "B"}});
    assert_eq!(world.call("PATCH", &path, &patch).await.ok()["display_name"], "B");
    let theme = world.call("PATCH", &format!("{REALM}/themes/active"), &json!({"theme": {}})).await;
    theme.problem(404);
    let ids = json!({"ids": ["batchDelete"]});
    let deleted = world.call("POST", &format!("{REALM}/identities:batchDelete"), &ids).await;
    assert_eq!(deleted.status, 200, "{}", deleted.text);
    world.call("GET", &path, &Value::Null).await.problem(404);
}
