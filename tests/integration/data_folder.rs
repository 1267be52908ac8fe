//! `cargo local --data`: the state after a restart or `kill -9`, and damaged files.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use local::{Options, Stack};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::world::{ADA, REALM, World, job};

fn options(data: &Path) -> Options {
    Options { data: Some(data.to_owned()), ..Options::default() }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The program, as `cargo local` runs it.
struct Process {
    child: Child,
    base: String,
    complaints: PathBuf,
}

fn program(home: &TempDir, args: &[&str]) -> Command {
    let folder = std::env::current_exe().unwrap();
    let program = folder.parent().and_then(Path::parent).unwrap().join("local");
    assert!(program.exists(), "{} is missing: run `cargo build --workspace` before", program.display());
    let mut command = Command::new(program);
    command.args(["--port=0", "--data"]).arg(home.path().join("data")).args(args);
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

impl Process {
    async fn start(home: &TempDir) -> Self {
        let complaints = home.path().join("stderr");
        let stderr = std::fs::File::create(&complaints).unwrap();
        let mut child = program(home, &[]).stdout(Stdio::piped()).stderr(stderr).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if let Some(base) = line.strip_prefix("ready ") {
                    return base.to_owned();
                }
            }
            panic!("it ended before it was ready: {}", std::fs::read_to_string(&complaints).unwrap())
        };
        let base = tokio::time::timeout(Duration::from_secs(60), ready).await.expect("it is ready in time");
        Self { child, base, complaints }
    }

    /// `kill -9`.
    async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    async fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Value {
        self.send("POST", path, headers, body).await
    }

    async fn list(&self, name: &str) -> Vec<Value> {
        self.send("GET", &format!("/_local/{name}"), &[("accept", "application/json")], "")
            .await
            .as_array()
            .unwrap()
            .clone()
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Value {
        crate::world::send(&format!("{}{path}", self.base), method, headers, body.to_owned()).await.ok()
    }

    /// Waits until a list of the stack has this many entries.
    async fn until(&self, name: &str, count: usize) -> Vec<Value> {
        for _ in 0..400 {
            let list = self.list(name).await;
            if list.len() >= count {
                return list;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{name}: {:?}", self.list(name).await);
    }

    /// Waits until every function has processed the whole stream and stored its checkpoint.
    async fn drained(&self) {
        for _ in 0..400 {
            let behind = self.send("GET", "/_local/streams", &[], "").await;
            if behind.as_object().unwrap().values().all(|count| *count == 0) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the stream is stuck");
    }

    /// A job whose link is mailed.
    async fn mail_a_link(&self) {
        let form = "grant_type=client_credentials&client_id=local&client_secret=local";
        let token = self.post("/oauth2/token", &[], form).await["access_token"].as_str().unwrap().to_owned();
        let headers = [("authorization", format!("Bearer {token}"))];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.post(&format!("{ADA}/credential-binding-jobs"), &headers, &job("EMAIL", &json!({})).to_string()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_uses_a_folder_at_a_time_until_it_is_killed() {
    let home = tempfile::tempdir().unwrap();
    let first = Process::start(&home).await;
    let refused = program(&home, &["--app-port", "0"]).output().await.unwrap();
    let error = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{error}");
    let holder = format!("in use by process {} on {}", first.child.id().unwrap(), first.base);
    assert!(error.contains(&holder) && error.contains("--data"), "{error}");
    first.mail_a_link().await;
    first.until("mail", 1).await;
    let events = first.until("events", 3).await;
    first.drained().await;
    first.kill().await;

    let second = Process::start(&home).await;
    second.mail_a_link().await;
    let later = second.until("events", 6).await;
    assert_eq!((&later[..3], later.len()), (&events[..], 6), "nothing is published again");
    assert_eq!(second.until("mail", 2).await.len(), 2);
}

/// The mail is sent when the killed process's claim expires, and no error is logged before.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_a_killed_process_had_claimed_is_sent_by_the_next_without_errors() {
    let home = tempfile::tempdir().unwrap();
    let first = Process::start(&home).await;
    let hang = json!({"service": "sesv2", "operation": "SendEmail", "kind": "timeout", "times": 100});
    first.post("/_local/faults", &[], &hang.to_string()).await;
    first.mail_a_link().await;
    let asked = || async {
        let counts = first.send("GET", "/_local/requests?by=function", &[], "").await;
        counts["SendLink"]["sesv2:SendEmail"].as_u64().unwrap_or_default()
    };
    for _ in 0..400 {
        if asked().await > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert!(asked().await > 0, "the mail is claimed");
    first.kill().await;

    let second = Process::start(&home).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(second.list("mail").await.len(), 0, "the claim is valid for a minute");
    second.post("/_local/clock", &[], "{\"advance_seconds\": 61}").await;
    second.until("mail", 1).await;
    second.until("events", 3).await;
    assert_eq!(second.list("set-aside").await.len(), 0);
    let complaints = std::fs::read_to_string(&second.complaints).unwrap();
    assert_eq!(complaints, "");
}

/// The folder of a process that was killed after it mailed a link, and the events that it published.
async fn used() -> (TempDir, PathBuf, Value) {
    let home = tempfile::tempdir().unwrap();
    let process = Process::start(&home).await;
    process.mail_a_link().await;
    process.post("/_local/clock", &[], "{\"advance_seconds\": 5}").await;
    let events = process.until("events", 3).await;
    process.drained().await;
    process.kill().await;
    let data = home.path().join("data");
    (home, data, events.into())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_is_private_and_a_damaged_one_is_named() {
    let (home, data, events) = used().await;
    assert_eq!(mode(&data), 0o700);
    let secrets = std::fs::read(data.join("secrets.json")).unwrap();
    let mut names: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(&data).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(mode(&entry.path()), 0o600, "{}", entry.path().display());
        names.push(entry.file_name().into_string().unwrap());
    }
    assert!(names.len() >= 12, "{names:?}");
    for (number, name) in names.iter().enumerate() {
        let whole = std::fs::read(data.join(name)).unwrap();
        for length in BTreeSet::from([0, whole.len() / 2, whole.len().saturating_sub(1)]) {
            let damaged = home.path().join(format!("{number}-{length}"));
            copy(&data, &damaged);
            std::fs::write(damaged.join(name), &whole[..length]).unwrap();
            let error = match Stack::start(options(&damaged)).await {
                Err(error) => error,
                Ok(stack) => {
                    // Stored only for display, or restored by SQLite from its other files.
                    let shown = ["lock", "mails.jsonl", "events.jsonl", "set-aside.jsonl", "table.sqlite-shm"];
                    let may_start = shown.contains(&name.as_str()) || (name.starts_with("table.sqlite") && length > 0);
                    assert!(may_start, "{name} with {length} of {} bytes is no error", whole.len());
                    drop(stack);
                    let world = World::with(options(&damaged)).await;
                    world.drained().await;
                    let shown = world.local("events").await.as_array().unwrap().clone();
                    assert!(events.as_array().unwrap().starts_with(&shown), "{name}: published again: {shown:?}");
                    assert_eq!(std::fs::read(damaged.join("secrets.json")).unwrap(), secrets, "{name}");
                    let jobs = world.get(&format!("{ADA}/credential-binding-jobs")).await;
                    assert_eq!(jobs["credential_binding_jobs"][0]["email_status"], "DELIVERED", "{name}: {jobs}");
                    // On another engine, the copies of the folder share a table.
                    if world.stack.engine().purges() {
                        world.enrol(&world.invite().await).await;
                        world.eventually("events", |events| events.len() == shown.len() + 5).await;
                    }
                    continue;
                }
            };
            let path = damaged.join(name);
            // Without its write-ahead log, the table lacks a record that a checkpoint names.
            let named = error.contains(&path.display().to_string())
                || (name == "table.sqlite-wal" && error.contains("checkpoint-"));
            assert!(named && error.contains("Restore it from a copy"), "{name}, {length} bytes: {error}");
            if name != "table.sqlite-wal" {
                assert_eq!(std::fs::read(&path).unwrap(), whole[..length], "{name} was changed");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_line_does_not_affect_the_next() {
    let (_home, data, events) = used().await;
    let file = data.join("events.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}{{\"id\":\"half an ev")).unwrap();
    let world = World::with(options(&data)).await;
    assert_eq!(world.local("events").await, events);
    world.invite().await;
    let all = world.eventually("events", |events| events.len() == 4).await;
    world.drained().await;
    drop(world);
    let world = World::with(options(&data)).await;
    // A stack that stops between an event and its checkpoint publishes that event again: at least once.
    let kept = world.local("events").await;
    assert!(kept.as_array().unwrap().starts_with(&all), "{kept}");
}

/// On other ports, the seed data gets the new addresses, and the user's changes stay.
#[tokio::test(flavor = "multi_thread")]
async fn seeded_addresses_follow_the_ports() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let config = format!("{REALM}/authenticator-configs/embedded");
    let addresses = async |world: &World| {
        let (realm, config) = (world.get(REALM).await, world.get(&config).await["config"].clone());
        (realm["post_binding_redirect_uris"].clone(), config["invoke_url"].clone(), config["trusted_origins"].clone())
    };
    let expected = |stack: &Stack, more: &[&str]| {
        let (base, app) = (stack.base(), stack.app());
        let origins: Vec<&str> = [app, base].iter().chain(more).copied().collect();
        let uris = json!([format!("{base}/_local/welcome"), "https://app.example.com/welcome"]);
        (uris, json!(app), json!(origins))
    };
    let world = World::with(options(&data)).await;
    assert_eq!(addresses(&world).await, expected(&world.stack, &[]));
    let before = (world.stack.base().to_owned(), world.stack.app().to_owned());
    // The user trusts another origin, and deletes the hosted config.
    let mine = "http://localhost:9";
    let origins = json!({"authenticator_config": {"config": {"trusted_origins": [before.1, before.0, mine]}}});
    world.call("PATCH", &config, &origins).await.ok();
    world.call("DELETE", &format!("{REALM}/authenticator-configs/hosted"), &Value::Null).await.ok();
    drop(world);

    let world = World::with(options(&data)).await;
    let now = (world.stack.base().to_owned(), world.stack.app().to_owned());
    assert!(now.0 != before.0 && now.1 != before.1);
    assert_eq!(addresses(&world).await, expected(&world.stack, &[mine]));
    world.call("GET", &format!("{REALM}/authenticator-configs/hosted"), &Value::Null).await.problem(404);
    // The user's own app, and no redirect URI of the stack.
    let other = json!({"authenticator_config": {"config": {"invoke_url": "https://app.example.com"}}});
    world.call("PATCH", &config, &other).await.ok();
    world.call("PUT", REALM, &json!({"realm": {"display_name": "Mine"}})).await.ok();
    drop(world);

    let world = World::with(options(&data)).await;
    let (uris, invoke_url, origins) = addresses(&world).await;
    assert_eq!((uris, invoke_url), (json!([]), json!("https://app.example.com")));
    assert_eq!(origins, expected(&world.stack, &[mine]).2);
    // A reset writes all seed data again.
    world.send("POST", "/_local/reset", &[], "").await.ok();
    assert_eq!(addresses(&world).await, expected(&world.stack, &[]));
    drop(world);
    let world = World::with(options(&data)).await;
    assert_eq!(addresses(&world).await, expected(&world.stack, &[]));
    world.enrol(&world.invite().await).await;
    world.eventually("events", |events| events.len() == 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_advanced_clock_stays_ahead() {
    let (_home, data, _) = used().await;
    let world = World::with(options(&data)).await;
    assert_eq!(world.stack.clock().ahead_millis(), 5000);
    world.send("POST", "/_local/reset", &[], "").await.ok();
    drop(world);
    assert_eq!(World::with(options(&data)).await.stack.clock().ahead_millis(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_in_use_is_reported_with_the_option_that_changes_it() {
    let world = World::new().await;
    let port = |address: &str| address.rsplit_once(':').unwrap().1.parse::<u16>().unwrap();
    let taken = port(world.stack.base());
    let error = Stack::start(Options { port: taken, ..Options::default() }).await.unwrap_err();
    assert!(error.contains(&format!("port {taken} is in use")) && error.contains("--port PORT"), "{error}");
    let taken = port(world.stack.app());
    let error = Stack::start(Options { app_port: Some(taken), ..Options::default() }).await.unwrap_err();
    assert!(error.contains(&taken.to_string()) && error.contains("--app-port PORT"), "{error}");
}
