//! The program `bindctl`, against a stack.

mod campaigns;
mod export;

use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use crate::world::{Invited, PATIENCE, World};

/// A user at a terminal with a home folder.
struct Terminal {
    url: String,
    home: TempDir,
}

impl Terminal {
    fn at(url: &str) -> Self {
        Self { url: url.to_owned(), home: tempfile::tempdir().unwrap() }
    }

    /// The program, with only the URL set.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.command_without_url(args);
        command.env("BINDCTL_URL", &self.url).env("BINDCTL_REQUESTS_PER_SECOND", "10000");
        command
    }

    fn command_without_url(&self, args: &[&str]) -> Command {
        let folder = std::env::current_exe().unwrap();
        let program = folder.parent().and_then(Path::parent).unwrap().join("bindctl");
        assert!(program.exists(), "{} is missing: run `cargo build --workspace` before", program.display());
        let mut command = Command::new(program);
        command.args(args).env_clear().env("HOME", self.home.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }

    async fn run(&self, args: &[&str]) -> Output {
        finish(self.command(args)).await
    }

    /// The output of a successful run.
    async fn prints(&self, args: &[&str]) -> String {
        said(&self.run(args).await, 0).0
    }

    async fn json(&self, args: &[&str]) -> Value {
        let text = self.prints(&[args, &["--json"]].concat()).await;
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{args:?}: {error}: {text}"))
    }
}

async fn finish(mut command: Command) -> Output {
    tokio::time::timeout(PATIENCE, command.output()).await.expect("it ends in time").unwrap()
}

/// Standard output and error of a run with that exit code.
#[track_caller]
fn said(output: &Output, code: i32) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{out}\n{err}");
    (out, err)
}

/// The job of a link.
fn invited(link: &str) -> Invited {
    let (path, secret) = link.trim().split_once("/bind#").unwrap().1.split_once("?token=").unwrap();
    Invited { path: path.to_owned(), secret: secret.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_gets_from_identity_to_passkey() {
    let world = World::new().await;
    let terminal = Terminal::at(world.stack.base());
    let bob = terminal.prints(&["identities", "create", "bob", "--email", "bob@example.com"]).await;
    assert!(bob.contains("bob@example.com"), "{bob}");
    let create =
        ["jobs", "create", "--identity", "bob", "--config", "hosted", "--delivery", "return", "--expires-in", "600"];
    let printed = terminal.prints(&create).await;
    let link = printed.lines().find(|line| line.contains("/bind#")).unwrap();
    assert!(printed.contains("LINK_SENT") && printed.contains("nothing will show again"), "{printed}");

    let job = invited(link);
    let id = job.path.rsplit('/').next().unwrap();
    let watching = tokio::spawn(finish(terminal.command(&["jobs", "watch", id, "--identity", "bob"])));
    world.enrol(&job).await;
    let timeline = said(&watching.await.unwrap(), 0).0;
    let states: Vec<&str> = timeline.lines().filter_map(|line| line.split("Z  ").nth(1)).collect();
    assert_eq!(states, ["LINK_SENT", "LINK_OPENED", "REQUEST_DELIVERED", "COMPLETE"], "{timeline}");
    assert!(timeline.lines().last().unwrap().starts_with("passkey "), "{timeline}");

    let listed = terminal.json(&["jobs", "list", "--filter", "state eq \"COMPLETE\""]).await;
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["id"]), (1, &json!(id)));
    let job = terminal.json(&["jobs", "get", id, "--identity", "bob"]).await;
    let credential = job["credential_id"].as_str().unwrap();
    let table = terminal.prints(&["credentials", "list"]).await;
    let mut lines = table.lines();
    assert_eq!(lines.next().unwrap().split_whitespace().next_chunk_of(4), ["ID", "IDENTITY", "STATE", "TYPE"]);
    assert_eq!(lines.next().unwrap().split_whitespace().next_chunk_of(4), [credential, "bob", "ACTIVE", "FIDO2"]);
    let proof = terminal.json(&["credentials", "proof", credential, "--identity", "bob"]).await;
    assert_eq!(proof["credential_id"], credential);
    let revoked = terminal.json(&["credentials", "revoke", credential, "--identity", "bob"]).await;
    assert_eq!(revoked["state"], "REVOKED");

    terminal.prints(&["identities", "delete", "bob"]).await;
    let (_, gone) = said(&terminal.run(&["identities", "get", "bob"]).await, 1);
    assert!(gone.starts_with("Not found (404): The identity bob does not exist."), "{gone}");
}

trait FirstWords {
    fn next_chunk_of(self, count: usize) -> Vec<String>;
}

impl<'a, I: Iterator<Item = &'a str>> FirstWords for I {
    fn next_chunk_of(self, count: usize) -> Vec<String> {
        self.take(count).map(str::to_owned).collect()
    }
}

/// The commands that the console displays for its actions.
#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_resent_revoked_and_watched_until_they_end() {
    let world = World::new().await;
    world.stack.clock().stop();
    let terminal = Terminal::at(world.stack.base());
    let console = ["jobs", "create", "--tenant", "demo", "--realm", "demo", "--identity", "ada", "--config", "hosted"];
    let key = ["--delivery", "email", "--idempotency-key", "once", "--json"];
    let created: Value = serde_json::from_str(&terminal.prints(&[&console[..], &key[..]].concat()).await).unwrap();
    let id = created["credential_binding_job"]["id"].as_str().unwrap();
    let again: Value = serde_json::from_str(&terminal.prints(&[&console[..], &key[..]].concat()).await).unwrap();
    assert_eq!(again["credential_binding_job"]["id"], id);
    world.eventually("mail", |mails| mails.len() == 1).await;

    let of = [id, "--identity", "ada"];
    // A mail cannot be resent right after it was sent.
    let (_, soon) = said(&terminal.run(&[&["jobs", "resend"], &of[..]].concat()).await, 3);
    assert!(soon.contains("(429)"), "{soon}");
    world.stack.clock().advance(61_000);
    let resent = terminal.json(&[&["jobs", "resend"], &of[..], &["--expires-in", "3600"]].concat()).await;
    assert_eq!(resent["state"], "LINK_SENT");
    world.eventually("mail", |mails| mails.len() == 2).await;
    world.drained().await;

    let watching = tokio::spawn(finish(terminal.command(&[&["jobs", "watch"], &of[..], &["--json"]].concat())));
    let revoked = terminal.prints(&[&["jobs", "revoke"], &of[..]].concat()).await;
    assert!(revoked.contains("REVOKED"), "{revoked}");
    let (lines, ended) = said(&watching.await.unwrap(), 4);
    assert_eq!(ended.trim(), "The job ended without a passkey: REVOKED");
    let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!(last["state"], "REVOKED");

    world.drained().await;
    let events = terminal.prints(&["events", "tail", "--no-follow"]).await;
    let last = events.lines().last().unwrap();
    assert!(last.contains("REVOKED") && last.ends_with(&format!("ada  {id}")), "{events}");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_read_and_written() {
    let world = World::new().await;
    let terminal = Terminal::at(world.stack.base());
    let elsewhere = ["--tenant", "acme", "--realm", "staff"];
    let redirect = "https://app.example.com/done";
    let put = [&["realms", "put", "--display-name", "Acme", "--redirect", redirect], &elsewhere[..]].concat();
    assert!(terminal.prints(&put).await.contains(redirect));
    let file = terminal.home.path().join("config.json");
    let policy = json!({"passkey_policy": {"mechanisms": ["JWT"]}, "config": {"type": "embedded"}});
    std::fs::write(&file, policy.to_string()).unwrap();
    let file = file.to_str().unwrap();
    let app = ["--invoke-url", "https://app.example.com/bind", "--trusted-origin", "https://app.example.com"];
    let create = ["configs", "create", "--display-name", "App", "--file", file];
    let config = terminal.json(&[&create[..], &app[..], &elsewhere[..]].concat()).await;
    assert_eq!(config["passkey_policy"]["mechanisms"], json!(["JWT"]));
    assert_eq!(config["config"]["trusted_origins"], json!(["https://app.example.com"]));
    let id = config["id"].as_str().unwrap();
    let update = [&["configs", "update", id, "--display-name", "The app"], &elsewhere[..]].concat();
    assert_eq!(terminal.json(&update).await["display_name"], "The app");
    let sign_in = ["configs", "update", id, "--sign-in", "true", "--sign-in-audience", "shop"];
    let updated = terminal.json(&[&sign_in[..], &elsewhere[..]].concat()).await;
    assert_eq!(updated["sign_in"], json!({"enabled": true, "audience": "shop", "on_clone": "refuse"}));
    for name in ["grace", "linus", "margaret"] {
        let create = ["identities", "create", "--username", name, "--locale", "de"];
        terminal.prints(&[&create[..], &elsewhere[..]].concat()).await;
    }
    let list = ["identities", "list", "--limit", "2"];
    let (out, err) = said(&terminal.run(&[&list[..], &elsewhere[..]].concat()).await, 0);
    assert_eq!((out.lines().count(), err.trim()), (3, "There are more: --limit."));
    assert_eq!(terminal.json(&[&["identities", "list"], &elsewhere[..]].concat()).await.as_array().unwrap().len(), 3);
    terminal.prints(&[&["configs", "delete", id], &elsewhere[..]].concat()).await;
    assert_eq!(terminal.prints(&[&["configs", "list"], &elsewhere[..]].concat()).await.trim(), "none");
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_name_the_remedy() {
    let world = World::new().await;
    let terminal = Terminal::at(world.stack.base());
    let create = ["jobs", "create", "--identity", "ada", "--config", "hosted", "--delivery", "email"];
    let (out, err) = said(&terminal.run(&[&create[..], &["--expires-in", "1", "--locale", "?"]].concat()).await, 1);
    assert_eq!(out, "");
    for words in ["Invalid request (400)", "\n  job.expires_in_seconds: ", "\n  job.locale: ", "\nrequest id: "] {
        assert!(err.contains(words), "{words}: {err}");
    }
    let mut command = terminal.command(&["realms", "get"]);
    command.env("BINDCTL_TOKEN", "nonsense");
    assert!(said(&finish(command).await, 1).1.contains("bindctl login"));
    let (_, err) = said(&terminal.run(&["realms", "get", "--scope", "credentials:read"]).await, 1);
    assert!(err.contains("(403)"), "{err}");
    assert!(said(&terminal.run(&["jobs", "create"]).await, 2).1.contains("--identity"));
    let (_, err) = said(&terminal.run(&["realms", "put", "--file", "/nowhere.json"]).await, 2);
    assert!(err.contains("/nowhere.json"), "{err}");

    // A read is retried, and so is a creation, because its key prevents a second job.
    world.fault("dynamodb", "TransactWriteItems", "lost_response", 1).await;
    terminal.prints(&create).await;
    assert_eq!(terminal.json(&["jobs", "list"]).await.as_array().unwrap().len(), 1);
    world.fault("dynamodb", "GetItem", "error", 1000).await;
    assert!(said(&terminal.run(&["realms", "get"]).await, 3).1.contains("(503)"));

    let nobody = Terminal::at("http://127.0.0.1:9");
    let (_, err) = said(&nobody.run(&["realms", "get"]).await, 3);
    assert!(err.contains("cannot be reached") && err.contains("is `cargo local` running?"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_checked_and_stored() {
    let world = World::new().await;
    let terminal = Terminal::at(world.stack.base());
    let token_url = format!("{}/oauth2/token", world.stack.base());
    let login = ["login", "--token-url", &token_url, "--client-id", "local", "--tenant", "demo", "--realm", "demo"];
    let with_secret = async |secret: &str| {
        let mut command = terminal.command(&login);
        command.env("BINDCTL_CLIENT_SECRET", secret);
        finish(command).await
    };
    let (_, err) = said(&with_secret("wrong").await, 1);
    assert!(err.starts_with("The issuer gave no access token (401)") && err.contains("invalid_client"), "{err}");
    assert!(!terminal.home.path().join(".config/bindctl/default.json").exists());

    let (out, _) = said(&with_secret("local").await, 0);
    assert!(out.contains("bindctl/default.json") && !out.contains("secret"), "{out}");
    let realm = said(&finish(terminal.command_without_url(&["realms", "get"])).await, 0).0;
    assert!(realm.contains("Demo Inc."), "{realm}");
    said(&finish(terminal.command_without_url(&["logout"])).await, 0);
    assert!(!terminal.home.path().join(".config/bindctl/default.json").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_has_help_and_completions() {
    let terminal = Terminal::at("https://bind.example.com");
    let help = terminal.prints(&["--help"]).await;
    for words in ["Exit codes", "completions", "BINDCTL_URL", "jobs"] {
        assert!(help.contains(words), "{words}: {help}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = terminal.prints(&["completions", shell]).await;
        assert!(script.contains("resend") && script.contains("bindctl"), "{shell}");
    }
    let (_, err) = said(&terminal.run(&["realms", "get", "--tenant", "acme"]).await, 2);
    assert!(err.contains("--realm, BINDCTL_REALM"), "{err}");
    let (_, err) = said(&terminal.run(&["realms", "get", "--tenant", "acme", "--realm", "staff"]).await, 2);
    assert!(err.contains("BINDCTL_TOKEN"), "{err}");
}
