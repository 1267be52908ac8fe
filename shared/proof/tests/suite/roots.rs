//! The root certificates that ship with the code, and the program that updates the deployed files.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::JoinHandle;

use proof::RootSet;
use proof::android_status::{AndroidStatus, StatusError};
use proof::roots::{self, Bundle, FIDO_MDS, Root};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::authenticator::certificate::{Authority, Certificate};
use crate::authenticator::keys::Key;

fn shipped() -> [Bundle; 3] {
    [FIDO_MDS, RootSet::Google.bundle(), RootSet::Apple.bundle()]
}

/// Fails 90 days before a root expires, so that there is time for a release: see `infra/update-roots`.
#[test]
#[expect(clippy::disallowed_methods, reason = "the test checks whether the roots are valid today")]
fn shipped_roots_are_valid_for_90_days() {
    let soon = OffsetDateTime::now_utc() + Duration::days(90);
    for bundle in shipped() {
        for der in bundle.certificates() {
            let root = Root::read(der).unwrap();
            assert!(root.ends > soon.unix_timestamp(), "{} ends within 90 days", root.subject);
        }
    }
}

/// The SHA-256 of each: Google's from its documentation, Apple's from its PKI page, GlobalSign's from its root list.
#[test]
fn shipped_roots_are_the_published_ones() {
    let of = |bundle: Bundle| {
        let roots = bundle.certificates().into_iter().map(|der| Root::read(der).unwrap().sha256);
        roots.collect::<Vec<_>>()
    };
    assert_eq!(
        of(FIDO_MDS),
        [
            "4fa3126d8d3a11d1c4855a4f807cbad6cf919d3a5a88b03bea2c6372d93c40c9",
            "cbb522d7b7f127ad6a0113865bdf1cd4102e7d0759af635a7cf4720dc963c53b",
        ]
    );
    assert_eq!(
        of(RootSet::Google.bundle()),
        [
            "cedb1cb6dc896ae5ec797348bce9286753c2b38ee71ce0fbe34a9a1248800dfc",
            "6d9db4ce6c5c0b293166d08986e05774a8776ceb525d9e4329520de12ba4bcc0",
        ]
    );
    assert_eq!(of(RootSet::Apple.bundle()), ["0915dd5c07a28db549d1f677bb5a75d4bfbe9561a773424327762e9e02f9bb29"]);
    for bundle in shipped() {
        assert!(bundle.source().starts_with("https://"), "{}", bundle.source());
        assert_eq!(bundle.version().len(), "2026-11-27".len());
    }
}

/// A temporary folder, and the program `update` in it.
struct Update {
    folder: PathBuf,
}

impl Update {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.folder.join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The program's output: `Ok` if it succeeded.
    #[track_caller]
    fn run(&self, args: &[&str]) -> Result<String, String> {
        let mut program = std::env::current_exe().unwrap();
        program.pop();
        program.set_file_name("examples");
        program.push("update");
        let output = Command::new(program).args(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
    }
}

impl Drop for Update {
    fn drop(&mut self) {
        let _: std::io::Result<()> = std::fs::remove_dir_all(&self.folder);
    }
}

/// A loopback server that gives one response.
fn serve(status: &str, body: &str) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/list", listener.local_addr().unwrap());
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    let served = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _: std::io::Result<usize> = stream.read(&mut [0; 4096]);
        stream.write_all(answer.as_bytes()).unwrap();
    });
    (address, served)
}

#[test]
fn a_new_root_is_accepted_only_with_its_fingerprint() {
    let update = Update::new("roots");
    let root = |name: &str, not_after: &'static str| {
        let certificate = Certificate { not_after, ..Certificate::authority(name, name) };
        Authority::of(Key::p256(), &certificate, None).der
    };
    let (one, two, ending) =
        (root("One", "20990101000000Z"), root("Two", "20990101000000Z"), root("Three", "20250101000000Z"));
    let sha256 = |der: &Vec<u8>| Root::read(der.clone()).unwrap().sha256;
    let heading = "Set: google\nVersion: 2026-01-01\nSource: https://example.com/roots\n\n";
    let out = update.file("google.pem", format!("{heading}{}", roots::pem(&one)).as_bytes());
    let known = || {
        let text = std::fs::read_to_string(&out).unwrap();
        roots::certificates(&text).unwrap()
    };
    let list = json!([roots::pem(&one), roots::pem(&two), roots::pem(&ending)]).to_string();
    let source = update.file("source", list.as_bytes());

    let refused = update.run(&["roots", "google", &out, &source]).unwrap_err();
    assert!(refused.contains(&sha256(&two)) && refused.contains("CN=Two"), "{refused}");
    assert_eq!(known(), std::slice::from_ref(&one));
    let done = update.run(&["roots", "google", &out, &source, &sha256(&two).to_uppercase()]).unwrap();
    assert!(done.contains("added") && done.contains("left out"), "{done}");
    assert_eq!(known(), [one.clone(), two.clone()]);
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(text.contains("Source: https://example.com/roots\n") && !text.contains("Version: 2026-01-01"), "{text}");
    // Known roots need no fingerprint, from a server or in DER, and roots that are no longer published are removed.
    let (address, served) = serve("200 OK", &roots::pem(&one));
    let done = update.run(&["roots", "google", &out, &address]).unwrap();
    served.join().unwrap();
    assert!(done.contains("removed") && done.contains("CN=Two"), "{done}");
    assert_eq!(known(), std::slice::from_ref(&one));
    let der = update.file("der", &one);
    update.run(&["roots", "google", &out, &der]).unwrap();

    let stranger = Authority::root();
    let leaf = Certificate::attesting(&stranger).sign(&Key::p256(), &stranger.key);
    for (bad, why) in [
        (roots::pem(&leaf), "root CA"),
        (roots::pem(&ending), "90 days"),
        (String::new(), "no certificates"),
        ("[]".to_owned(), "no certificates"),
        (roots::pem(&[1, 2, 3]), "root CA"),
    ] {
        let source = update.file("bad", bad.as_bytes());
        let refused = update.run(&["roots", "google", &out, &source]).unwrap_err();
        assert!(refused.contains(why), "{refused}");
    }
    assert!(update.run(&["roots", "apple", &out, &der]).unwrap_err().contains("not the file of the set"));
    assert!(update.run(&["roots", "google", &out, "http://example.com/roots"]).unwrap_err().contains("https"));
    assert_eq!(known(), [one]);
}

fn listed(serials: &[&str]) -> String {
    let entries: Value = serials.iter().map(|one| ((*one).to_owned(), json!({"status": "SUSPENDED"}))).collect();
    json!({"entries": entries}).to_string()
}

#[test]
fn googles_list_is_checked_and_shrunk() {
    let read = |json: &str, known: Option<&AndroidStatus>| AndroidStatus::from_json(json.as_bytes(), 1_000, known);
    // The form in Google's documentation.
    let json = r#"{"entries": {"2c8cdddfd5e03bfc": {"status": "REVOKED", "expires": "2020-11-13",
        "reason": "KEY_COMPROMISE", "comment": "Key stored on unsecured file server"},
        "0abc": {"status": "SUSPENDED", "reason": "SOFTWARE_FLAW"}, "ABC": {"status": "REVOKED"}}}"#;
    let list = read(json, None).unwrap();
    assert_eq!((list.len(), list.is_empty(), list.fetched()), (2, false, 1_000));
    assert!(list.names(&[0x2c, 0x8c, 0xdd, 0xdf, 0xd5, 0xe0, 0x3b, 0xfc]) && list.names(&[0x0a, 0xbc]));
    assert!(!list.names(&[0xbc]) && !list.names(&[]) && !list.names(&[0x0a, 0xbc, 0]));
    let bytes = list.to_bytes();
    assert_eq!(AndroidStatus::from_bytes(&bytes), Ok(list.clone()));
    for end in 0..bytes.len() {
        AndroidStatus::from_bytes(&bytes[..end]).unwrap_err();
    }
    assert!(!list.is_out_of_date(1_000 + 30 * 86_400) && list.is_out_of_date(1_001 + 30 * 86_400));

    for malformed in ["", "{}", "[]", r#"{"entries": []}"#, r#"{"entries": {"a": {}}}"#, &json[..json.len() - 1]] {
        assert_eq!(read(malformed, None), Err(StatusError::Malformed), "{malformed}");
    }
    for name in ["", "0", "xyz", "-1", "12 34", &"f".repeat(41)] {
        assert_eq!(read(&listed(&[name]), None), Err(StatusError::NotASerial(name.to_owned())));
    }
    let five = read(&listed(&["1", "2", "3", "4", "5"]), None).unwrap();
    assert_eq!(read(&listed(&["1"]), Some(&five)), Err(StatusError::Shrunk { known: 5, found: 1 }));
    assert_eq!(read(&listed(&["1", "2"]), Some(&five)).unwrap().len(), 2);
    let earlier = AndroidStatus::from_json(listed(&["1", "2", "3"]).as_bytes(), 999, Some(&five));
    assert_eq!(earlier, Err(StatusError::RolledBack));
}

#[test]
fn googles_list_is_fetched_and_dated() {
    let update = Update::new("android-status");
    let out = update.folder.join("list.cbor").to_str().unwrap().to_owned();
    let known = || std::fs::read(&out).ok().map(|bytes| AndroidStatus::from_bytes(&bytes).unwrap());
    let fetch = |status: &str, body: &str| {
        let (address, served) = serve(status, body);
        let done = update.run(&["android-status", &out, &address]);
        served.join().unwrap();
        done
    };
    assert!(fetch("500 Internal Server Error", &listed(&["1"])).unwrap_err().contains("500"));
    assert!(fetch("302 Found", &listed(&["1"])).unwrap_err().contains("302"));
    assert!(fetch("200 OK", "<html>").unwrap_err().contains("JSON"));
    assert_eq!(known(), None);
    let done = fetch("200 OK", &listed(&["1", "2", "3"])).unwrap();
    assert!(done.starts_with("3 certificates (0 before)"), "{done}");
    let first = known().unwrap();
    assert!(first.fetched() > 1_750_000_000);
    assert!(fetch("200 OK", &listed(&[])).unwrap_err().contains("delete the known one"));
    assert_eq!(known().unwrap(), first, "the last valid list stays");
    let file = update.file("list.json", listed(&["1", "2", "3", "4"]).as_bytes());
    update.run(&["android-status", &out, &file]).unwrap();
    assert_eq!(known().unwrap().len(), 4);
}
