//! A blob of the FIDO Metadata Service. ROOTS is a file of PEM blocks, or a certificate in DER; the default is the
//! roots that ship with the code.

use std::path::Path;

use proof::mds::{BlobExpected, Metadata, signer_ends};
use proof::roots;

use crate::{day, now, read, write};

pub(crate) fn update(blob: &str, out: &Path, roots: Option<&str>) -> Result<String, String> {
    let roots = match roots {
        None => roots::FIDO_MDS.certificates(),
        Some(file) => certificates(read(file)?).ok_or_else(|| format!("{file}: not certificates in PEM or DER"))?,
    };
    let known = std::fs::read(out).ok().and_then(|bytes| Metadata::from_bytes(&bytes).ok());
    let expected = BlobExpected { roots: &roots, now: now(), known_no: known.map(|known| known.no()) };
    let blob = read(blob)?;
    let metadata = Metadata::from_blob(&blob, expected).map_err(|error| error.to_string())?;
    let bytes = metadata.to_bytes();
    write(out, &bytes)?;
    let (no, models, size, next) = (metadata.no(), metadata.len(), bytes.len(), day(metadata.next_update()));
    let signer = signer_ends(&blob).map(day).unwrap_or_default();
    Ok(format!(
        "blob {no}: {models} models in {size} bytes; the next is due on {next}; its signer's certificate ends on {signer}"
    ))
}

fn certificates(bytes: Vec<u8>) -> Option<Vec<Vec<u8>>> {
    match std::str::from_utf8(&bytes) {
        Ok(text) => roots::certificates(text),
        Err(_) => Some(vec![bytes]),
    }
}
