//! Verifies a blob of the FIDO Metadata Service and writes its compact form: `update_mds BLOB ROOT OUT`. The program
//! behind `infra/update-mds`.
//!
//! What is at OUT already is replaced only by something better: a blob that is forged, expired or older is refused.

use std::path::Path;
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proof::mds::{BlobExpected, Metadata};
use time::OffsetDateTime;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [blob, root, out] = args.as_slice() else {
        eprintln!("usage: update_mds BLOB ROOT OUT");
        return ExitCode::from(2);
    };
    match update(blob, root, Path::new(out)) {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("refused: {error}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a blob is as good as it is today")]
fn update(blob: &str, root: &str, out: &Path) -> Result<String, String> {
    let read = |file: &str| std::fs::read(file).map_err(|error| format!("{file}: {error}"));
    let root = certificate(read(root)?).ok_or_else(|| format!("{root}: not a certificate in PEM or DER"))?;
    let known_no = match std::fs::read(out) {
        Ok(bytes) => Metadata::from_bytes(&bytes).ok().map(|known| known.no()),
        Err(_) => None,
    };
    let expected = BlobExpected { root: &root, now: OffsetDateTime::now_utc().unix_timestamp(), known_no };
    let metadata = Metadata::from_blob(&read(blob)?, expected).map_err(|error| error.to_string())?;
    let bytes = metadata.to_bytes();
    // Renamed when it is whole: a crash leaves the last one.
    let whole = out.with_extension("new");
    let written = std::fs::write(&whole, &bytes).and_then(|()| std::fs::rename(&whole, out));
    written.map_err(|error| format!("{}: {error}", out.display()))?;
    let next = OffsetDateTime::from_unix_timestamp(metadata.next_update()).map(OffsetDateTime::date);
    let next = next.map(|date| date.to_string()).unwrap_or_default();
    let (no, models) = (metadata.no(), metadata.len());
    Ok(format!("blob {no}: {models} models in {} bytes; the next is due on {next}", bytes.len()))
}

/// The DER of a certificate in PEM or DER.
fn certificate(bytes: Vec<u8>) -> Option<Vec<u8>> {
    let Ok(text) = std::str::from_utf8(&bytes) else { return Some(bytes) };
    let body = text.split_once("-----BEGIN CERTIFICATE-----")?.1.split_once("-----END CERTIFICATE-----")?.0;
    STANDARD.decode(body.split_ascii_whitespace().collect::<String>()).ok()
}
