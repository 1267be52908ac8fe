//! A realm's settings.

use api::operation::{DELETE_REALM, GET_REALM, LIST_REALMS, PUT_REALM};
use api::view::{LinkRenewal, Realm, RealmList};
use serde_json::json;

use super::{Context, list, object, set, set_list};
use crate::args::Realms;
use crate::error::Error;
use crate::print::{Column, Shown as _};

const LIST: &[Column<Realm>] = &[
    ("ID", |element| element.id.shown()),
    ("NAME", |element| element.display_name.shown()),
    ("CREATED", |element| element.create_time.shown()),
];

const REALM: &[Column<Realm>] = &[
    ("id", |element| element.id.shown()),
    ("tenant", |element| element.tenant_id.shown()),
    ("name", |element| element.display_name.shown()),
    ("redirect URIs", |element| element.post_binding_redirect_uris.shown()),
    ("links live, seconds", |element| element.link_lifetime.default_seconds.shown()),
    ("at most", |element| element.link_lifetime.max_seconds.shown()),
    ("link renewal", |element| renewal(element.link_renewal)),
    ("RETURN", |element| element.return_delivery.shown()),
    ("mail from", |element| element.email.from_name.shown()),
    ("mail subject", |element| element.email.subject.shown()),
    ("created", |element| element.create_time.shown()),
    ("updated", |element| element.update_time.shown()),
];

fn renewal(renewal: LinkRenewal) -> String {
    match renewal {
        LinkRenewal::Allowed => "allowed",
        LinkRenewal::Forbidden => "forbidden",
    }
    .to_owned()
}

pub(super) fn run(context: &Context, command: Realms) -> Result<(), Error> {
    let client = &context.client;
    let realm = match command {
        Realms::List { listing } => {
            return list::show::<RealmList, _>(context, (LIST_REALMS, &[]), &listing, None, LIST);
        }
        Realms::Get => client.call(GET_REALM, &[], None)?,
        Realms::Delete => {
            client.call(DELETE_REALM, &[], None)?;
            context.say("The realm is deleted, with its authenticator configs.");
            return Ok(());
        }
        Realms::Put { display_name, redirects, body } => {
            let mut realm = object(body.file.as_deref())?;
            set(&mut realm, "display_name", display_name);
            set_list(&mut realm, "post_binding_redirect_uris", redirects);
            client.call(PUT_REALM, &[], Some(&json!({"realm": realm})))?
        }
    };
    context.show(REALM, &realm)
}
