//! Identities: the people who get passkeys.

use api::operation::*;
use api::view::{Identity, IdentityList};
use serde_json::{Map, Value, json};

use super::{Context, list, set};
use crate::args::{Identities, Traits};
use crate::error::Error;
use crate::print::{Column, Shown as _};

const LIST: &[Column<Identity>] = &[
    ("ID", |element| element.id.shown()),
    ("NAME", |element| element.display_name.shown()),
    ("USERNAME", |element| element.traits.username.shown()),
    ("MAIL", |element| element.traits.primary_email_address.shown()),
    ("STATUS", |element| element.status.shown()),
    ("CREATED", |element| element.create_time.shown()),
];

const IDENTITY: &[Column<Identity>] = &[
    ("id", |element| element.id.shown()),
    ("name", |element| element.display_name.shown()),
    ("status", |element| element.status.shown()),
    ("enrollment", |element| element.enrollment_status.shown()),
    ("username", |element| element.traits.username.shown()),
    ("mail", |element| element.traits.primary_email_address.shown()),
    ("locale", |element| element.traits.locale.shown()),
    ("time zone", |element| element.traits.zoneinfo.shown()),
    ("created", |element| element.create_time.shown()),
    ("updated", |element| element.update_time.shown()),
];

/// The identity as a request body.
pub(super) fn identity(given: Traits) -> Value {
    let mut traits = Map::new();
    set(&mut traits, "username", given.username);
    set(&mut traits, "primary_email_address", given.email);
    set(&mut traits, "locale", given.locale);
    set(&mut traits, "zoneinfo", given.time_zone);
    let mut identity = Map::new();
    set(&mut identity, "display_name", given.display_name);
    if !traits.is_empty() {
        traits.insert("type".to_owned(), "traits_v0".into());
        identity.insert("traits".to_owned(), traits.into());
    }
    json!({"identity": identity})
}

fn status(status: &str) -> Value {
    json!({"identity": {"status": status}})
}

pub(super) fn run(context: &Context, command: Identities) -> Result<(), Error> {
    let client = &context.client;
    let shown = match command {
        Identities::List { filter, listing } => {
            return list::show::<IdentityList, _>(context, (LIST_IDENTITIES, &[]), &listing, filter.as_deref(), LIST);
        }
        Identities::Get { id } => client.call(GET_IDENTITY, &[&id], None)?,
        Identities::Create { id, mut traits } => {
            traits.username = traits.username.or_else(|| id.clone());
            traits.display_name = traits.display_name.or_else(|| traits.username.clone());
            match id {
                Some(id) => client.call(PUT_IDENTITY, &[&id], Some(&identity(traits)))?,
                None => client.call(CREATE_IDENTITY, &[], Some(&identity(traits)))?,
            }
        }
        Identities::Update { id, traits } => client.call(PATCH_IDENTITY, &[&id], Some(&identity(traits)))?,
        Identities::Suspend { id } => client.call(PATCH_IDENTITY, &[&id], Some(&status("suspended")))?,
        Identities::Activate { id } => client.call(PATCH_IDENTITY, &[&id], Some(&status("active")))?,
        Identities::Delete { id } => {
            client.call(ERASE_IDENTITY, &[&id], None)?;
            context.say(&format!("The identity {id} is erased, with its jobs and passkeys."));
            return Ok(());
        }
    };
    context.show(IDENTITY, &shown)
}
