//! A realm's settings.

use serde_json::json;

use super::{Context, object, set, set_list};
use crate::args::Realms;
use crate::error::Error;
use crate::print::Column;

const REALM: &[Column] = &[
    ("id", "/id"),
    ("tenant", "/tenant_id"),
    ("name", "/display_name"),
    ("redirect URIs", "/post_binding_redirect_uris"),
    ("links live, seconds", "/link_lifetime/default_seconds"),
    ("at most", "/link_lifetime/max_seconds"),
    ("link renewal", "/link_renewal"),
    ("RETURN", "/return_delivery"),
    ("mail from", "/email/from_name"),
    ("mail subject", "/email/subject"),
    ("created", "/create_time"),
    ("updated", "/update_time"),
];

pub(super) fn run(context: &Context, command: Realms) -> Result<(), Error> {
    let client = &context.client;
    let path = client.realm()?;
    let realm = match command {
        Realms::Get => client.get(&path)?,
        Realms::Put { display_name, redirects, body } => {
            let mut realm = object(body.file.as_deref())?;
            set(&mut realm, "display_name", display_name);
            set_list(&mut realm, "post_binding_redirect_uris", redirects);
            client.call("PUT", &path, Some(&json!({"realm": realm})))?
        }
    };
    context.show(REALM, &realm);
    Ok(())
}
