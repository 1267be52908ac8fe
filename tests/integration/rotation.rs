//! Keys are rotated while the system runs. Before, during and after a rotation, every link and every ceremony works,
//! and a leaked key is soon useless. `infra/rotate-keys` adds the next generation beside the current one; a deployment
//! then updates the functions one by one.

use binding::ceremony::CeremonyKey;
use binding::ids::{ConfigId, ConfigRef, IdentityId, IdentityRef, JobId, JobRef, RealmId, RealmRef, TenantId};
use binding::key::Key as _;
use binding::sign_in::{Begin, SignInKey};
use local::Options;
use serde_json::{Value, json};

use crate::lambda::{request, run_with};
use crate::world::{ADA, Answer, Invited, World, job};

/// The parameters of a function that is already deployed while the others are not.
const NEW: &[(&str, &str)] = &[("KeyGeneration", "2")];

async fn secrets_manager(world: &World, operation: &str, request: Value) -> Value {
    let target = format!("secretsmanager.{operation}");
    world.send("POST", "/", &[("x-amz-target", &target)], request.to_string()).await.ok()
}

/// What `infra/rotate-keys` does.
async fn rotate(world: &World) {
    for key in ["LinkKey", "CeremonyKey", "PageKey", "SignInKey"] {
        let current = secrets_manager(world, "GetSecretValue", json!({"SecretId": key})).await;
        for (stage, value) in
            [("generation-1", current["SecretString"].clone()), ("generation-2", json!("new".repeat(16)))]
        {
            let put = json!({"SecretId": key, "SecretString": value, "VersionStages": [stage]});
            secrets_manager(world, "PutSecretValue", put).await;
        }
    }
}

/// The response of a function's program that was deployed with the new generation.
async fn by_new(world: &World, function: &str, method: &str, path: &str, bearer: &str, body: &Value) -> Answer {
    let claims = json!({"tenant_id": "demo", "sub": "test", "scope": "credential-binding-jobs:create"});
    let mut event = request(method, &path.replace(':', "/"), &claims);
    event["headers"]["authorization"] = format!("Bearer {bearer}").into();
    event["headers"]["content-type"] = "application/json".into();
    event["headers"]["idempotency-key"] = "one".into();
    event["body"] = if body.is_null() { Value::Null } else { body.to_string().into() };
    let (answer, _) = run_with(world, function, NEW, event).await;
    let text = answer["body"].as_str().unwrap_or_default().to_owned();
    let status = answer["statusCode"].as_u64().unwrap_or_default().try_into().unwrap();
    Answer { status, headers: Default::default(), json: serde_json::from_str(&text).unwrap_or_default(), text }
}

fn challenge(info: &Value) -> &Value {
    &info["creation_options"]["challenge"]
}

async fn ceremony(world: &World, job: &Invited) -> String {
    world.open(job).await.ok()["token"].as_str().unwrap().to_owned()
}

/// The link of the invitation that was mailed as the `count`th.
async fn mailed_link(world: &World, count: usize) -> Invited {
    let invitation = |mail: &&Value| mail["tags"]["mail"].as_str().is_some_and(|tag| tag.starts_with("invitation"));
    let mails = world.eventually("mail", |mails| mails.iter().filter(invitation).count() >= count).await;
    let text = mails.iter().filter(invitation).nth(count - 1).unwrap()["text"].as_str().unwrap();
    let (path, rest) = text.split_once("/bind#").unwrap().1.split_once("?token=").unwrap();
    Invited { path: path.to_owned(), secret: rest.chars().take(43).collect() }
}

/// A port for a stack that starts twice: below those that the system chooses for connections and for port 0 (Linux, macOS), so
/// nobody else gets it meanwhile.
fn port_of_its_own() -> u16 {
    let free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    (0..100).map(|_| fastrand::u16(20_000..30_000)).find(free).expect("a port is free")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_invalidates_no_link_and_no_ceremony() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { data: Some(folder.path().to_owned()), port: port_of_its_own(), ..Options::default() };
    let world = World::with(options.clone()).await;

    // Before.
    let (unopened, opened) = (world.invite().await, world.invite().await);
    let begun = ceremony(&world, &opened).await;
    let info = world.get_info(&opened, &begun).await.ok();
    let crate::sign_in::Enrolled { device, .. } = crate::sign_in::ada(&world).await;
    let sign_in = crate::sign_in::begin(&world, &json!({})).await;
    rotate(&world).await;

    // During: either generation accepts what the other one made.
    let again =
        by_new(&world, "deliver-request", "POST", &format!("{}:getInfo", opened.path), &begun, &Value::Null).await;
    assert_eq!(challenge(&again.ok()), challenge(&info), "the ceremony continues with the key that it began with");
    let other = world.invite().await;
    let new = by_new(&world, "open-link", "POST", &format!("{}:open", other.path), &other.secret, &Value::Null).await;
    let new = new.ok()["token"].as_str().unwrap().to_owned();
    let info = world.get_info(&other, &new).await.ok();
    let registration = crate::authenticator::register(&info["creation_options"], world.stack.base());
    world.bind(&other, &new, &registration).await.ok();
    let body = job("EMAIL", &json!({}));
    by_new(&world, "create-job", "POST", &format!("{ADA}/credential-binding-jobs"), "", &body).await.ok();
    let mailed = mailed_link(&world, 1).await;
    ceremony(&world, &mailed).await;
    let body = job("RETURN", &json!({"expires_in_seconds": 900}));
    let key = [("authorization", format!("Bearer {}", world.token())), ("idempotency-key", "two".to_owned())];
    let key: Vec<(&str, &str)> = key.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let jobs = format!("{ADA}/credential-binding-jobs");
    let first = world.send("POST", &jobs, &key, body.to_string()).await.ok();
    world.drained().await;
    drop(world);

    // After.
    let parameters = vec![("KeyGeneration".to_owned(), "2".to_owned())];
    let world = World::with(Options { parameters, ..options }).await;
    world.enrol(&unopened).await;
    let assertion = device.sign_in(&sign_in["request_options"]);
    crate::sign_in::finish(&world, &sign_in, &assertion).await.ok();
    let info = world.get_info(&opened, &begun).await.ok();
    let registration = crate::authenticator::register(&info["creation_options"], world.stack.base());
    world.bind(&opened, &begun, &registration).await.ok();
    let replayed = world.send("POST", &jobs, &key, body.to_string()).await.ok();
    assert_eq!(
        replayed["credential_binding_link"], first["credential_binding_link"],
        "the link is the same, although the key changed"
    );
    world.stack.clock().advance(61_000);
    world.call("POST", &format!("{}:resend", mailed.path), &Value::Null).await.ok();
    assert_eq!(mailed_link(&world, 2).await.secret, mailed.secret, "the resent link is the same");
    let items = world.items();
    let keys = |generation: &str| items.iter().filter(|item| item["link_key"]["N"] == generation).count();
    assert_eq!((keys("1"), keys("2")), (5, 1), "each job knows the generation of its link");
    world.enrol(&world.invite().await).await;
}

/// Ceremony tokens made with a leaked key are accepted for at most a day.
#[tokio::test(flavor = "multi_thread")]
async fn a_leaked_key_is_soon_useless() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { data: Some(folder.path().to_owned()), ..Options::default() };
    let world = World::with(options.clone()).await;
    let secret = secrets_manager(&world, "GetSecretValue", json!({"SecretId": "CeremonyKey"})).await;
    let leaked = CeremonyKey::new(secret["SecretString"].as_str().unwrap().as_bytes()).unwrap();
    let secret = secrets_manager(&world, "GetSecretValue", json!({"SecretId": "SignInKey"})).await;
    let leaked_sign_in = SignInKey::new(secret["SecretString"].as_str().unwrap().as_bytes()).unwrap();
    rotate(&world).await;
    drop(world);
    let world = World::with(Options { parameters: vec![("KeyGeneration".into(), "2".into())], ..options }).await;
    let invited = world.invite().await;
    let forged = |world: &World| {
        let realm = RealmRef { tenant: TenantId::parse("demo").unwrap(), id: RealmId::parse("demo").unwrap() };
        let identity = IdentityRef { realm, id: IdentityId::parse("ada").unwrap() };
        let job = JobId::parse(invited.path.rsplit('/').next().unwrap()).unwrap();
        let now = world.stack.clock().now();
        leaked.issue(&JobRef { identity, id: job }, 1, now, [7; 16]).expose().to_owned()
    };
    world.get_info(&invited, &forged(&world)).await.ok();
    world.stack.clock().advance(25 * 60 * 60 * 1000);
    world.get_info(&invited, &forged(&world)).await.problem(404);
    let realm = RealmRef { tenant: TenantId::parse("demo").unwrap(), id: RealmId::parse("demo").unwrap() };
    let hosted = ConfigRef { realm, id: ConfigId::parse("hosted").unwrap() };
    let begin = Begin { config_version: 1, identity: None, nonce: None };
    let token = leaked_sign_in.issue(&hosted, begin, world.stack.clock().now(), [7; 16]).unwrap();
    let answer = crate::sign_in::finish(&world, &json!({"token": token.expose()}), &json!({})).await;
    assert_eq!(answer.fields(), ["token"]);
}
