//! `compound` (§8.9): several statements over the same authenticator data. All must verify.

use ciborium::Value;

use super::{Attested, Outcome, invalid, verify_one};
use crate::refusal::{Reason, Refusal};

/// The maximum number of statements.
const MOST: usize = 4;

pub(super) fn verify<'a>(statement: &'a Value, attested: &Attested<'_>) -> Result<Vec<Outcome<'a>>, Refusal> {
    let malformed = |detail: &str| Refusal::new(Reason::MalformedAttestation, detail);
    let parts = statement.as_array().ok_or_else(|| malformed("the attStmt of compound is not an array"))?;
    if !(2..=MOST).contains(&parts.len()) {
        return Err(invalid("compound must have two to four statements"));
    }
    let mut outcomes = Vec::with_capacity(parts.len());
    for part in parts {
        let members = part.as_map().ok_or_else(|| malformed("a statement of compound is not a map"))?;
        let (mut format, mut statement) = (None, None);
        for (key, value) in members {
            let slot = match key.as_text() {
                Some("fmt") => &mut format,
                Some("attStmt") => &mut statement,
                _ => continue,
            };
            if slot.replace(value).is_some() {
                return Err(malformed("a statement of compound has a duplicate member"));
            }
        }
        let format = format.and_then(Value::as_text).ok_or_else(|| malformed("a statement of compound has no fmt"))?;
        let statement = statement.ok_or_else(|| malformed("a statement of compound has no attStmt"))?;
        if format == "compound" {
            return Err(invalid("compound must not be nested"));
        }
        outcomes.push(verify_one(format, statement, attested)?);
    }
    Ok(outcomes)
}
