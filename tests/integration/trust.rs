//! Trust in a passkey: a policy is stored, requested from the browser, and enforced, whatever the browser does.
//!
//! Operations: bind, relatedOrigins, passkeyEndpoints, androidApps, appleApps.

use local::Options;
use local::audit::audit;
use proof::android_status::AndroidStatus;
use proof::mds::Metadata;
use serde_json::{Value, json};

use crate::authenticator::Device;
use crate::maker::{self, Authority};
use crate::world::{Answer, Invited, REALM, World};

const MODEL: &str = "adadadad-adad-adad-adad-adadadadadad";
const OTHER: &str = "01010101-0101-0101-0101-010101010101";

fn hosted(policy: &Value) -> Value {
    json!({"authenticator_config": {
        "display_name": "Ours", "config": {"type": "hosted_web"}, "passkey_policy": policy,
    }})
}

async fn put(world: &World, body: &Value) -> Answer {
    world.call("POST", &format!("{REALM}/authenticator-configs"), body).await
}

/// A ceremony under a policy: the job, its token and the options.
async fn ceremony(world: &World, policy: &Value) -> (Invited, String, Value) {
    let config = put(world, &hosted(policy)).await.ok();
    let invited = world.invite_with(&json!({"authenticator_config_id": config["id"]})).await;
    let token = world.open(&invited).await.ok()["token"].as_str().unwrap().to_owned();
    let options = world.get_info(&invited, &token).await.ok()["creation_options"].clone();
    (invited, token, options)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_stored_completely() {
    let world = World::new().await;
    let root = Authority::root();
    let policy = json!({
        "mechanisms": ["FIDO2"],
        "user_verification": "preferred",
        "resident_key": "discouraged",
        "attestation": "direct",
        "trust": {"level": "attested"},
        "attestation_roots": ["google", maker::pem(&root.der), "apple", "google"],
        "aaguids": {"allow": [MODEL.to_uppercase(), MODEL], "deny": [OTHER]},
        "backup_eligible": "forbidden",
        "algorithms": ["ES384", "ES256"],
        "origins": [world.stack.base()],
    });
    let made = put(&world, &hosted(&policy)).await.ok();
    let mut shown = policy.clone();
    shown["trust"] = json!("attested");
    shown["aaguids"]["allow"] = json!([MODEL]);
    shown["attestation_roots"] = made["passkey_policy"]["attestation_roots"].clone();
    assert_eq!(made["passkey_policy"], shown);
    let named: Vec<&str> =
        shown["attestation_roots"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    assert_eq!((named.len(), &named[..2]), (3, &["google", "apple"][..]));
    let path = format!("{REALM}/authenticator-configs/{}", made["id"].as_str().unwrap());
    assert_eq!(world.get(&path).await, made);
    // A change of one item keeps the others; a list is replaced, and null restores the default.
    let patch = json!({"aaguids": {"deny": []}, "algorithms": null, "origins": null, "trust": "any"});
    let patch = json!({"authenticator_config": {"passkey_policy": patch}});
    let changed = world.call("PATCH", &path, &patch).await.ok();
    shown["aaguids"]["deny"] = json!([]);
    shown["trust"] = json!("any");
    shown.as_object_mut().unwrap().retain(|name, _| name != "algorithms" && name != "origins");
    assert_eq!((&changed["passkey_policy"], &changed["version"]), (&shown, &json!(2)));
    assert_eq!(world.get(&path).await, changed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contradictory_policy_is_rejected_when_it_is_saved() {
    let world = World::new().await;
    let root = maker::pem(&Authority::root().der);
    let long = "x".repeat(6000);
    let all = ["FIDO2", "JWT"];
    for (policy, fields) in [
        (json!({"trust": "attested", "attestation_roots": [root]}), vec!["trust"]),
        (json!({"mechanisms": all, "attestation": "required_if_device_bound"}), vec!["mechanisms"]),
        (json!({"trust": "attested", "attestation": "direct"}), vec!["trust"]),
        (json!({"trust": "fido_mds", "attestation": "direct"}), vec!["trust"]),
        (json!({"trust": "fido_mds", "attestation": "none"}), vec!["trust", "trust"]),
        (
            json!({"trust": {"level": "fido_mds"}, "attestation": "direct", "attestation_roots": [root]}),
            vec!["attestation_roots"],
        ),
        (
            json!({"trust": "fido_mds", "attestation": "direct", "attestation_roots": ["google"]}),
            vec!["attestation_roots"],
        ),
        (
            json!({"trust": "attested", "attestation": "direct", "attestation_roots": ["google"], "android_status": "required"}),
            vec!["android_status"],
        ),
        (json!({"android_status": "required"}), vec!["android_status"]),
        (json!({"android_status": true}), vec!["android_status"]),
        (json!({"trust": {"minimum_certification": "L1"}}), vec!["trust.level", "trust.minimum_certification"]),
        (
            json!({"trust": {"level": "any", "minimum_certification": "FIDO_CERTIFIED_L1"}}),
            vec!["trust.minimum_certification"],
        ),
        (json!({"trust": 1}), vec!["trust"]),
        (json!({"aaguids": {"allow": [MODEL]}}), vec!["aaguids.allow"]),
        (
            json!({"aaguids": {"allow": [OTHER, MODEL], "deny": [MODEL]}, "attestation": "direct"}),
            vec!["aaguids.allow[1]"],
        ),
        (json!({"aaguids": {"deny": ["1Password"]}}), vec!["aaguids.deny[0]"]),
        (json!({"aaguids": [MODEL]}), vec!["aaguids"]),
        (json!({"mechanisms": all, "attestation": "direct"}), vec!["mechanisms"]),
        (json!({"mechanisms": all, "aaguids": {"deny": [MODEL]}}), vec!["mechanisms"]),
        (json!({"mechanisms": all, "backup_eligible": "required"}), vec!["mechanisms"]),
        (json!({"mechanisms": all, "algorithms": ["ES512"]}), vec!["algorithms"]),
        (json!({"algorithms": []}), vec!["algorithms"]),
        (json!({"algorithms": ["ES256", "RS1", 7]}), vec!["algorithms[1]", "algorithms[2]"]),
        (json!({"backup_eligible": true}), vec!["backup_eligible"]),
        (
            json!({"attestation_roots": ["AAAA", "Google", root.replace("BEGIN", "END"), long]}),
            vec!["attestation_roots[0]", "attestation_roots[1]", "attestation_roots[2]", "attestation_roots[3]"],
        ),
        (
            json!({"origins": ["http://app.example.com", "https://app.example.com/", "https://a@b.example"]}),
            vec!["origins[0]", "origins[1]", "origins[2]"],
        ),
        (json!({"origins": ["https://app.example.com"]}), vec!["origins"]),
        (
            json!({"trust": "attested", "algorithms": [], "backup_eligible": 0}),
            vec!["backup_eligible", "algorithms", "trust", "trust"],
        ),
    ] {
        let answer = put(&world, &hosted(&policy)).await;
        let expected: Vec<String> =
            fields.iter().map(|field| format!("authenticator_config.passkey_policy.{field}")).collect();
        assert_eq!(answer.fields(), expected, "{policy}: {}", answer.text);
    }
    // Without mechanisms, the policy gets those that can meet it.
    let app = json!({"type": "embedded", "invoke_url": "https://app.example.com"});
    let body = |policy: Value| {
        json!({"authenticator_config": {
            "display_name": "App", "config": app, "passkey_policy": policy,
        }})
    };
    let usual = put(&world, &body(json!({}))).await.ok();
    assert_eq!(usual["passkey_policy"]["mechanisms"], json!(["FIDO2", "WEBAUTHN", "JWT"]));
    let attesting = put(&world, &body(json!({"attestation": "direct"}))).await.ok();
    assert_eq!(attesting["passkey_policy"]["mechanisms"], json!(["FIDO2", "WEBAUTHN"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relying_party_id_must_match_its_pages() {
    let options = Options {
        parameters: vec![("RelatedOrigins".into(), "https://shop.example,https://app.example.net".into())],
        ..Options::default()
    };
    let world = World::with(options).await;
    let with = async |rp: Value, origins: Value| {
        let config = json!({
            "type": "embedded", "invoke_url": "https://app.example.com", "trusted_origins": origins,
        });
        put(&world, &json!({"authenticator_config": {"display_name": "App", "config": config, "relying_party": rp}}))
            .await
    };
    let own = json!(["https://app.example.com", "https://example.com"]);
    let foreign = json!(["https://app.example.com", "https://shop.example"]);
    with(json!({"id": "example.com"}), own.clone()).await.ok();
    for (rp, origins) in [
        (json!({"id": "app.example.com"}), own),
        (json!({"id": "com"}), json!(["https://example.com"])),
        (json!({"id": "example.com"}), foreign.clone()),
        (json!({"id": "ample.com"}), json!(["https://example.com"])),
        // For the installation's own host, the operator decides and not the tenant.
        (json!({"id": "localhost"}), json!(["https://shop.example"])),
        (json!({"id": "localhost", "related_origins": true}), json!(["https://evil.example"])),
    ] {
        let answer = with(rp.clone(), origins).await;
        assert_eq!(answer.fields(), ["authenticator_config.relying_party.id"], "{rp}");
    }
    let related = with(json!({"id": "example.com", "related_origins": true}), foreign).await.ok();
    assert_eq!(related["relying_party"], json!({"id": "example.com", "related_origins": true}));
    with(json!({"id": "localhost", "related_origins": true}), json!(["https://shop.example"])).await.ok();
    with(json!({"id": "x", "related_origins": 1}), json!([])).await.problem(400);

    let listed = world.send("GET", "/.well-known/webauthn", &[], "").await;
    assert_eq!(listed.headers["content-type"], "application/json");
    let own = world.stack.base();
    assert_eq!(listed.ok(), json!({"origins": [own, "https://shop.example", "https://app.example.net"]}));
    assert_eq!(world.send("GET", "/.well-known/passkey-endpoints", &[], "").await.status, 404);
    assert_eq!(World::new().await.send("GET", "/.well-known/webauthn", &[], "").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn passkey_endpoints_are_listed() {
    let parameters = vec![("PasskeyEnrollUrl".to_owned(), "https://app.example.com/passkeys".to_owned())];
    let world = World::with(Options { parameters, ..Options::default() }).await;
    let endpoints = world.send("GET", "/.well-known/passkey-endpoints", &[], "").await.ok();
    assert_eq!(endpoints, json!({"enroll": "https://app.example.com/passkeys"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn native_apps_are_listed() {
    let (first, second) = (["AB"; 32].join(":"), ["CD"; 32].join(":"));
    let android = format!("com.example.app={first},com.example.app={second},com.example.other={first}");
    let parameters = vec![
        ("AndroidApps".to_owned(), android),
        ("AppleApps".to_owned(), "A1B2C3D4E5.com.example.app,A1B2C3D4E5.com.example.other".to_owned()),
    ];
    let world = World::with(Options { parameters, ..Options::default() }).await;
    let answer = world.send("GET", "/.well-known/assetlinks.json", &[], "").await;
    assert_eq!(answer.headers["content-type"], "application/json");
    let link = |package: &str, fingerprints: &[&String]| {
        json!({
            "relation": ["delegate_permission/common.handle_all_urls", "delegate_permission/common.get_login_creds"],
            "target": {
                "namespace": "android_app", "package_name": package, "sha256_cert_fingerprints": fingerprints,
            },
        })
    };
    assert_eq!(answer.ok(), json!([link("com.example.app", &[&first, &second]), link("com.example.other", &[&first])]));
    let answer = world.send("GET", "/.well-known/apple-app-site-association", &[], "").await;
    assert_eq!(answer.headers["content-type"], "application/json");
    let apps = json!(["A1B2C3D4E5.com.example.app", "A1B2C3D4E5.com.example.other"]);
    assert_eq!(answer.ok(), json!({"webcredentials": {"apps": apps}}));

    let world = World::new().await;
    for path in ["/.well-known/assetlinks.json", "/.well-known/apple-app-site-association"] {
        assert_eq!(world.send("GET", path, &[], "").await.status, 404);
    }
}

/// The options request what the policy requires, and the server accepts nothing less.
#[tokio::test(flavor = "multi_thread")]
async fn attestation_is_requested_and_enforced() {
    let world = World::new().await;
    let (root, other) = (Authority::root(), Authority::root());
    let policy = json!({
        "attestation": "direct", "trust": "attested", "attestation_roots": [maker::pem(&root.der)],
        "backup_eligible": "forbidden", "algorithms": ["ES256", "ES384"], "aaguids": {"allow": [MODEL]},
        "resident_key": "preferred",
    });
    let (invited, token, options) = ceremony(&world, &policy).await;
    assert_eq!(options["attestation"], "direct");
    assert_eq!(options["hints"], json!(["security-key", "client-device"]));
    let algorithms: Vec<i64> =
        options["pubKeyCredParams"].as_array().unwrap().iter().map(|param| param["alg"].as_i64().unwrap()).collect();
    assert_eq!(algorithms, [-7, -35]);
    let selection = &options["authenticatorSelection"];
    assert_eq!((&selection["residentKey"], &selection["requireResidentKey"]), (&json!("preferred"), &json!(false)));

    let device = |change: fn(&mut Device)| {
        let mut device = Device::new(world.stack.base());
        change(&mut device);
        device.register(&options)
    };
    for (reason, registration) in [
        ("attestation_downgraded", device(|_| ())),
        ("attestation_untrusted", maker::packed(device(|_| ()), &other)),
        ("backup_eligibility_not_allowed", maker::packed(device(|device| device.flags = 0x4d), &root)),
        ("aaguid_not_allowed", maker::packed(device(|device| device.aaguid = [1; 16]), &root)),
        ("algorithm_not_allowed", maker::packed(device(|device| device.rsa = true), &root)),
    ] {
        let answer = world.bind(&invited, &token, &registration).await;
        answer.problem(422);
        assert_eq!((answer.kind(), &answer.json["reason"]), ("proof-refused", &json!(reason)));
        assert_eq!(world.get(&invited.path).await["last_failure"]["reason"], reason);
    }
    let credential = world.bind(&invited, &token, &maker::packed(device(|_| ()), &root)).await.ok();
    let webauthn = &credential["webauthn"];
    assert_eq!((&webauthn["attestation_format"], &webauthn["attestation_type"]), (&json!("packed"), &json!("basic")));
    assert_eq!(webauthn["attestation_result"], "verified_against_root");
    assert_eq!(webauthn["verified_by"], "CN=Example Root");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_item_is_enforced() {
    let world = World::new().await;
    let base = world.stack.base();
    for (policy, reason, change) in [
        (json!({"aaguids": {"deny": [MODEL]}}), "aaguid_not_allowed", (|_| ()) as fn(&mut Device)),
        (json!({"backup_eligible": "required"}), "backup_eligibility_not_allowed", |_| ()),
        // An algorithm that was not offered is refused, even if the policy does not exclude it.
        (json!({"algorithms": ["EdDSA"]}), "algorithm_not_allowed", |_| ()),
        (json!({"resident_key": "required"}), "resident_key_missing", |device| device.resident_key = Some(false)),
        (json!({"user_verification": "required"}), "user_not_verified", |device| device.flags = 0x41),
        (json!({"attestation": "enterprise"}), "attestation_downgraded", |_| ()),
        (json!({"mechanisms": ["FIDO2"], "origins": [base]}), "origin_mismatch", |device| {
            device.origin = "http://localhost:1".to_owned();
        }),
    ] {
        let (invited, token, options) = ceremony(&world, &policy).await;
        let mut device = Device::new(base);
        change(&mut device);
        let answer = world.bind(&invited, &token, &device.register(&options)).await;
        assert_eq!(answer.json["reason"], reason, "{policy}: {}", answer.text);
    }
    // What the policy leaves open is accepted and reported.
    let (invited, token, options) = ceremony(&world, &json!({})).await;
    assert_eq!(options["hints"], json!([]));
    let mut device = Device::new(base);
    device.resident_key = Some(true);
    let registration = maker::packed(device.register(&options), &Authority::root());
    let credential = world.bind(&invited, &token, &registration).await.ok();
    assert_eq!(credential["webauthn"]["attestation_format"], "packed");
    assert_eq!(credential["webauthn"]["attestation_result"], "not_verified_against_root");
    assert!(credential["webauthn"].get("verified_by").is_none());
}

/// Synced passkeys carry no attestation, so only device-bound keys must have it.
#[tokio::test(flavor = "multi_thread")]
async fn attestation_can_be_required_of_device_bound_keys() {
    let world = World::new().await;
    let root = Authority::root();
    let policy = json!({
        "attestation": "required_if_device_bound", "trust": "attested", "resident_key": "preferred",
        "attestation_roots": [maker::pem(&root.der)],
    });
    for (flags, attests, reason) in
        [(0x45, false, json!("attestation_downgraded")), (0x45, true, json!(null)), (0x5d, false, json!(null))]
    {
        let (invited, token, options) = ceremony(&world, &policy).await;
        assert_eq!((&options["attestation"], &options["hints"]), (&json!("direct"), &json!([])));
        let device = Device { flags, ..Device::new(world.stack.base()) };
        let response = device.register(&options);
        let response = if attests { maker::packed(response, &root) } else { response };
        let answer = world.bind(&invited, &token, &response).await;
        assert_eq!(answer.json["reason"], reason, "{}", answer.text);
    }
}

/// An Android app's origin is the hash of its certificate.
#[tokio::test(flavor = "multi_thread")]
async fn an_android_app_may_create_passkeys() {
    let world = World::new().await;
    let app = "android:apk-key-hash:7nJ5aS8kXyOaR0pZcmVjZWlwdHMtYXJlLWhlcmUtMTI";
    let config = |origins: Value| {
        json!({"authenticator_config": {
            "display_name": "App",
            "config": {"type": "embedded", "invoke_url": "https://app.example.com", "trusted_origins": origins},
            "relying_party": {"id": "app.example.com"},
        }})
    };
    let refused = put(&world, &config(json!([app, "android:apk-key-hash:7d10"]))).await;
    assert_eq!(refused.fields(), ["authenticator_config.config.trusted_origins[1]"]);
    let made = put(&world, &config(json!([app]))).await.ok();
    assert_eq!(made["config"]["trusted_origins"], json!([app]));
    let (invited, token, options) = ceremony(&world, &json!({"origins": [world.stack.base(), app]})).await;
    let by = |origin: &str| Device::new(origin).register(&options);
    let stranger = world.bind(&invited, &token, &by(&app.replace("7nJ5", "8nJ5"))).await;
    assert_eq!(stranger.json["reason"], "origin_mismatch", "{}", stranger.text);
    world.bind(&invited, &token, &by(app)).await.ok();
}

/// ML-DSA keys are offered last, and can be stored, shown and verified again.
#[tokio::test(flavor = "multi_thread")]
async fn post_quantum_keys_register() {
    let world = World::new().await;
    let (invited, token, options) = ceremony(&world, &json!({"resident_key": "preferred"})).await;
    let offered: Vec<&Value> = options["pubKeyCredParams"].as_array().unwrap().iter().map(|one| &one["alg"]).collect();
    assert_eq!(offered, [-7, -8, -35, -257, -48, -49, -50]);
    let device = Device::new(world.stack.base());
    let credential = world.bind(&invited, &token, &maker::post_quantum(device.register(&options))).await.ok();
    let jwk: Value = serde_json::from_str(credential["jwk_json"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&jwk["kty"], &jwk["alg"], jwk["pub"].as_str().unwrap().len()),
        (&json!("AKP"), &json!("ML-DSA-44"), 1750)
    );
    let path = format!("{REALM}/identities/ada/credentials/{}/proof", credential["id"].as_str().unwrap());
    let again = audit(&world.get(&path).await, None).unwrap();
    assert_eq!((&again["verified"], &again["algorithm"]), (&json!(true), &json!("ML-DSA-44")));
}

/// A key that Google revoked is refused. If a policy requires the list, an outdated list is reported as a fault of the
/// installation.
#[tokio::test(flavor = "multi_thread")]
async fn googles_list_decides_on_android_keys() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("android-status.cbor");
    let world = World::with(Options { android_status: Some(file.clone()), ..Options::default() }).await;
    let root = Authority::root();
    let policy = |android_status: &str| {
        json!({
            "attestation": "direct", "trust": "attested", "attestation_roots": [maker::pem(&root.der), "google"],
            "android_status": android_status, "resident_key": "discouraged",
        })
    };
    let refused = put(&world, &hosted(&policy("required"))).await;
    assert_eq!(refused.fields(), ["authenticator_config.passkey_policy.android_status"], "there is no list yet");

    // The maker's certificates have the serial number 1.
    for (revoked, age, optional, required) in [
        ("ab", 0, (200, "null"), (200, "null")),
        ("1", 0, (422, "\"attestation_revoked\""), (422, "\"attestation_revoked\"")),
        ("ab", 31, (200, "null"), (503, "null")),
    ] {
        let now = cloud::clock::Clock::default().now().seconds();
        let list = json!({"entries": {revoked: {"status": "REVOKED"}}}).to_string();
        let list = AndroidStatus::from_json(list.as_bytes(), now - age * 86_400, None).unwrap();
        std::fs::write(&file, list.to_bytes()).unwrap();
        // A process reads the list once, so each case starts a new one.
        let world = World::with(Options { android_status: Some(file.clone()), ..Options::default() }).await;
        for (demand, (status, reason)) in [("if_available", optional), ("required", required)] {
            let (invited, token, options) = ceremony(&world, &policy(demand)).await;
            let device = Device::new(world.stack.base());
            let packed = world.bind(&invited, &token, &device.register(&options)).await;
            assert_eq!(packed.json["reason"], "attestation_downgraded", "other devices are not affected");
            let answer = world.bind(&invited, &token, &maker::android(device.register(&options), &root)).await;
            assert_eq!(
                (answer.status, answer.json["reason"].to_string().as_str()),
                (status, reason),
                "{}",
                answer.text
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fido_metadata_decides_on_models() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fido-metadata.cbor");
    let root = Authority::root();
    let revoked = "02020202-0202-0202-0202-020202020202";
    let models: [(&str, &[&str]); 2] = [(MODEL, &["FIDO_CERTIFIED_L1"]), (revoked, &["REVOKED", "FIDO_CERTIFIED_L2"])];
    // A fixed date is enough, because this blob is valid for decades.
    std::fs::write(&file, maker::metadata(&root, &models, 1_800_000_000)).unwrap();
    let world = World::with(Options { fido_metadata: Some(file.clone()), ..Options::default() }).await;
    let policy = |minimum: &str| json!({"attestation": "direct", "trust": {"level": "fido_mds", "minimum_certification": minimum}});
    let l1 = policy("FIDO_CERTIFIED");
    let made = put(&world, &hosted(&l1)).await.ok();
    assert_eq!(made["passkey_policy"]["trust"], policy("FIDO_CERTIFIED_L1")["trust"]);
    let (invited, token, options) = ceremony(&world, &l1).await;
    let of = |aaguid: [u8; 16]| {
        let mut device = Device::new(world.stack.base());
        device.aaguid = aaguid;
        device.register(&options)
    };
    for (reason, registration) in [
        ("attestation_downgraded", of([0xad; 16])),
        ("attestation_untrusted", maker::packed(of([0xad; 16]), &Authority::root())),
        ("authenticator_unknown", maker::packed(of([3; 16]), &root)),
        ("authenticator_status_refused", maker::packed(of([2; 16]), &root)),
    ] {
        assert_eq!(world.bind(&invited, &token, &registration).await.json["reason"], reason);
    }
    let credential = world.bind(&invited, &token, &maker::packed(of([0xad; 16]), &root)).await.ok();
    assert_eq!(credential["webauthn"]["model"], "Example Key ad");
    assert_eq!(credential["webauthn"]["attestation_result"], "verified_against_root");
    let read = format!("{}/identities/ada/credentials/{}", REALM, credential["id"].as_str().unwrap());
    assert_eq!(world.get(&read).await["webauthn"], credential["webauthn"]);
    // Without the metadata, the audit report names what was not verified again.
    let stored = world.get(&format!("{read}/proof")).await;
    let blind = audit(&stored, None).unwrap();
    assert_eq!((&blind["verified"], &blind["verified_by"]), (&json!(true), &Value::Null));
    assert!(blind["taken_as_it_stands"][0].as_str().unwrap().contains("--fido-metadata"));
    let metadata = Metadata::from_bytes(&std::fs::read(&file).unwrap()).unwrap();
    let whole = audit(&stored, Some(&metadata)).unwrap();
    assert_eq!((&whole["verified"], &whole["taken_as_it_stands"]), (&json!(true), &json!([])));
    assert_eq!(whole["verified_by"], "CN=Example Root");

    let (invited, token, options) = ceremony(&world, &policy("FIDO_CERTIFIED_L2")).await;
    let registration = maker::packed(Device::new(world.stack.base()).register(&options), &root);
    assert_eq!(world.bind(&invited, &token, &registration).await.json["reason"], "certification_too_low");
    // Without its own roots, `attested` uses those in the metadata.
    let (invited, token, options) = ceremony(&world, &json!({"attestation": "direct", "trust": "attested"})).await;
    let registration = maker::packed(Device::new(world.stack.base()).register(&options), &root);
    world.bind(&invited, &token, &registration).await.ok();
}

/// Metadata that is missing after a policy was saved does not weaken the policy.
#[tokio::test(flavor = "multi_thread")]
async fn without_its_metadata_a_policy_accepts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fido-metadata.cbor");
    std::fs::write(&file, "not metadata").unwrap();
    let world = World::with(Options { fido_metadata: Some(file), ..Options::default() }).await;
    let (invited, token, options) = ceremony(&world, &json!({"attestation": "direct", "trust": "fido_mds"})).await;
    let registration = Device::new(world.stack.base()).register(&options);
    let answer = world.bind(&invited, &token, &maker::packed(registration, &Authority::root())).await;
    answer.problem(503);
    let job = world.get(&invited.path).await;
    assert_eq!((&job["state"], job.get("last_failure")), (&json!("REQUEST_DELIVERED"), None));
}
