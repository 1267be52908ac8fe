//! Identities: requests.

use binding::directory::{Identity, IdentityStatus};
use binding::ids::{IdentityId, IdentityRef};
use binding::time::Timestamp;
use serde_json::{Map, Value};

use crate::check;
use crate::fields::{Fields, distinct};
use crate::problem::Problem;

/// Reads a complete identity, the next version of the one in `seen`. Without a status the old one is kept, so that only
/// an explicit status ends a suspension.
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
    let display_name = fields.name("display_name", 128);
    let status = fields.one_of("status");
    let external_id = fields.text("external_id", 128).filter(|id| !id.is_empty());
    let (username, address, locale, time_zone) = fields.object("traits", |traits| {
        traits.choice("type", &["traits_v0"], |name| (name == "traits_v0").then_some(()));
        let username = traits.required_text("username", 128);
        let address = traits.address("primary_email_address");
        (username, address, traits.language("locale"), traits.time_zone("zoneinfo"))
    });
    fields.done()?;
    Ok(Identity {
        reference: identity,
        display_name: display_name.unwrap_or_else(|| username.clone()),
        status: status.or(seen.map(|seen| seen.status)).unwrap_or(IdentityStatus::Active),
        version: seen.map_or(1, |seen| seen.version + 1),
        external_id,
        username,
        primary_email_address: address,
        locale,
        time_zone,
        create_time: seen.map_or(now, |seen| seen.create_time),
        update_time: now,
    })
}

/// The maximum number of identities that one request erases.
const LARGEST_BATCH: usize = 1000;

/// Reads the ids of a batch and removes duplicates.
///
/// # Errors
/// A 400 with all violations.
pub fn batch(body: &Map<String, Value>) -> Result<Vec<IdentityId>, Problem> {
    let mut fields = Fields::at(body, String::new());
    let ids = fields.texts("ids", LARGEST_BATCH, check::identity_id);
    if ids.as_ref().is_none_or(Vec::is_empty) && !fields.has_violations() {
        fields.refuse("ids", format!("must list 1 to {LARGEST_BATCH} ids"));
    }
    fields.done()?;
    Ok(distinct(ids.unwrap_or_default().iter().filter_map(|id| IdentityId::parse(id).ok())))
}
