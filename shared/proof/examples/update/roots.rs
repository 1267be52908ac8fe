//! A named set of root certificates. SOURCE has them in PEM, in DER, or as a JSON list of PEM texts. A certificate that
//! is not in the set yet is accepted only if its SHA-256 is given: the operator looks it up in a second source.

use std::fmt::Write as _;
use std::path::Path;

use proof::roots::{self, Root};

use crate::{day, now, read, write};

/// The minimum remaining validity of a root, in seconds: 90 days.
const LEFT: i64 = 90 * 86_400;

pub(crate) fn update(set: &str, out: &Path, rest: &[&str]) -> Result<String, String> {
    let text = std::fs::read_to_string(out).map_err(|error| format!("{}: {error}", out.display()))?;
    let heading = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    if heading("Set: ") != set {
        return Err(format!("{} is not the file of the set {set}", out.display()));
    }
    let published = heading("Source: ");
    let (source, accepted) = rest.split_first().map_or((published, &[][..]), |(source, rest)| (*source, rest));
    let known = read_all(roots::certificates(&text).unwrap_or_default())?;
    let found = read_all(certificates(read(source)?).ok_or_else(|| format!("{source}: has no certificates"))?)?;
    let (lasting, ending): (Vec<Root>, Vec<Root>) = found.into_iter().partition(|root| root.ends > now() + LEFT);
    if lasting.is_empty() {
        return Err(format!("{source}: all certificates end within 90 days"));
    }
    let is_known = |root: &&Root| known.iter().any(|one| one.sha256 == root.sha256);
    let mut told = String::new();
    let mut tell = |what: &str, root: &Root| {
        // Writing to a string does not fail.
        let _: std::fmt::Result = writeln!(told, "{what} {} {} (ends {})", root.sha256, root.subject, day(root.ends));
    };
    let mut unknown = String::new();
    for root in lasting.iter().filter(|root| !is_known(root)) {
        tell("added", root);
        if !accepted.iter().any(|sha256| sha256.replace(':', "").eq_ignore_ascii_case(&root.sha256)) {
            let _: std::fmt::Result = write!(unknown, "\n  {} {}", root.sha256, root.subject);
        }
    }
    if !unknown.is_empty() {
        return Err(format!(
            "there are new certificates. Compare each SHA-256 with a second source, and give those that are right:{unknown}"
        ));
    }
    ending.iter().for_each(|root| tell("left out", root));
    known
        .iter()
        .filter(|one| !lasting.iter().any(|root| root.sha256 == one.sha256))
        .for_each(|root| tell("removed", root));
    let version = day(now());
    let mut file = format!("Set: {set}\nVersion: {version}\nSource: {published}\n");
    for root in &lasting {
        let ends = day(root.ends);
        let _: std::fmt::Result = write!(
            file,
            "\nSubject: {}\nNot after: {ends}\nSHA-256: {}\n{}",
            root.subject,
            root.sha256,
            roots::pem(&root.der)
        );
    }
    write(out, file.as_bytes())?;
    Ok(format!("{told}{set} {version}: {} certificates", lasting.len()))
}

fn read_all(certificates: Vec<Vec<u8>>) -> Result<Vec<Root>, String> {
    certificates
        .into_iter()
        .map(|der| Root::read(der).ok_or_else(|| "not the certificate of a root CA".to_owned()))
        .collect()
}

fn certificates(bytes: Vec<u8>) -> Option<Vec<Vec<u8>>> {
    if let Ok(texts) = serde_json::from_slice::<Vec<String>>(&bytes) {
        return roots::certificates(&texts.join("\n"));
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => roots::certificates(text),
        Err(_) => Some(vec![bytes]),
    }
}
