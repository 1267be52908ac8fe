//! Checks published files and replaces the ones that are deployed next. The program behind `infra/update-mds`,
//! `infra/update-roots` and `infra/update-android-status`:
//!
//! ```text
//! update mds BLOB OUT [ROOTS]
//! update roots SET OUT [FILE|URL [SHA256…]]
//! update android-status OUT [FILE|URL]
//! ```
//!
//! A file that is malformed, forged or older than the known one is rejected, and OUT is not changed.

mod android_status;
mod mds;
mod roots;

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use time::OffsetDateTime;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 48 * 1024 * 1024;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["mds", blob, out] => mds::update(blob, Path::new(out), None),
        ["mds", blob, out, roots] => mds::update(blob, Path::new(out), Some(roots)),
        ["roots", set, out, rest @ ..] => roots::update(set, Path::new(out), rest),
        ["android-status", out] => android_status::update(Path::new(out), android_status::SOURCE),
        ["android-status", out, source] => android_status::update(Path::new(out), source),
        _ => {
            eprintln!("usage: update mds BLOB OUT [ROOTS]");
            eprintln!("       update roots SET OUT [FILE|URL [SHA256…]]");
            eprintln!("       update android-status OUT [FILE|URL]");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(done) => {
            println!("{done}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("refused: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Reads a file, or fetches an address: by https, or by http from loopback.
fn read(source: &str) -> Result<Vec<u8>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{source}: {error}");
    if !source.contains("://") {
        return std::fs::read(source).map_err(|error| failed(&error));
    }
    if !source.starts_with("https://") && !source.starts_with("http://127.0.0.1:") {
        return Err(format!("{source}: must be a file or an https address"));
    }
    let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(60))).max_redirects(0).build();
    let mut answer = ureq::Agent::new_with_config(config).get(source).call().map_err(|error| failed(&error))?;
    if answer.status() != 200 {
        return Err(format!("{source}: answered {}", answer.status()));
    }
    let mut bytes = Vec::new();
    let mut body = answer.body_mut().as_reader().take(LARGEST + 1);
    body.read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    if bytes.len() as u64 > LARGEST { Err(format!("{source}: too large")) } else { Ok(bytes) }
}

/// Replaces a file after its new content is written completely: a crash leaves the old one.
fn write(out: &Path, bytes: &[u8]) -> Result<(), String> {
    let whole = out.with_extension("new");
    let written = std::fs::write(&whole, bytes).and_then(|()| std::fs::rename(&whole, out));
    written.map_err(|error| format!("{}: {error}", out.display()))
}

/// The current time, in seconds since the Unix epoch.
#[expect(clippy::disallowed_methods, reason = "published files are checked at the current time")]
fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

/// A day, as `2026-11-27`.
fn day(seconds: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(seconds).map(OffsetDateTime::date);
    time.map(|date| date.to_string()).unwrap_or_default()
}
