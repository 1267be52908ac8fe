//! Identities: requests.

use binding::directory::{Identity, IdentityStatus};
use binding::ids::IdentityRef;
use binding::time::Timestamp;
use serde_json::{Map, Value};

use crate::fields::{Fields, language_tag};
use crate::problem::Problem;

/// Reads a whole identity, the next version of the one that was `seen`. Without a status it keeps its own, so that a
/// suspension is lifted by nobody who does not say so.
///
/// # Errors
/// A 400 with all violations.
pub fn parse(
    body: &Map<String, Value>,
    identity: IdentityRef,
    seen: Option<&Identity>,
    now: Timestamp,
) -> Result<Identity, Problem> {
    let mut fields = Fields::of(body, "identity")?;
    let display_name = fields.required_text("display_name", 128);
    let status = fields.choice("status", &IdentityStatus::ALL.map(IdentityStatus::name), IdentityStatus::from_name);
    let (username, address, locale) = fields.object("traits", |traits| {
        traits.choice("type", &["traits_v0"], |name| (name == "traits_v0").then_some(()));
        let username = traits.required_text("username", 128);
        (username, traits.address("primary_email_address"), traits.checked("locale", language_tag))
    });
    fields.done()?;
    Ok(Identity {
        reference: identity,
        display_name,
        status: status.or(seen.map(|seen| seen.status)).unwrap_or(IdentityStatus::Active),
        version: seen.map_or(1, |seen| seen.version + 1),
        username,
        primary_email_address: address.filter(|address| !address.is_empty()),
        locale: locale.filter(|locale| !locale.is_empty()),
        create_time: seen.map_or(now, |seen| seen.create_time),
        update_time: now,
    })
}
