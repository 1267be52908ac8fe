//! Realms, identities and authenticator configs; previews of a realm's mails.
//!
//! An update reads the resource, changes it and writes it only if it did not change meanwhile; otherwise the caller
//! gets a 409 and retries. `PATCH` is a JSON Merge Patch (RFC 7396) on the representation that `GET` returns.

mod configs;
mod identities;
mod previews;
mod realms;
mod tenants;
mod themes;

use std::path::Path;
use std::sync::Arc;

use api::audit;
use api::config::Installation;
use api::fields::merge;
use api::operation::*;
use api::problem::Problem;
use api::routes::{Limited, Routes};
use api::view::FieldViolation;
use axum::{Extension, Router};
use binding::ids::RealmRef;
use binding::limit::Exceeded;
use binding::link::PublicUrl;
use binding::time::Timestamp;
use cloud::aws::Aws;
use cloud::boot::{Error, FromEnv};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::limits::Limits;
use cloud::mailer::Mailer;
use cloud::table::{Changed, Table};
use lists::Lists;
use serde::Serialize;
use serde_json::{Map, Value};

/// The function's dependencies.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    lists: Lists,
    public_url: PublicUrl,
    related_origins: Vec<String>,
    fido_metadata: bool,
    android_status: bool,
    mailer: Mailer,
    brake: Arc<previews::Brake>,
    limits: Limits,
}

impl FromEnv for Deps {
    async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let aws = Aws::new(env)?;
        let table = Table::new(&aws, env)?;
        let lists = Lists::new(&aws, env, &table, &clock)?;
        table.warm().await;
        let limits = Limits::new(env, &table, &clock)?;
        let has_file = |name| env.get(name).is_some_and(|file| Path::new(file).is_file());
        Ok(Self {
            table,
            clock,
            lists,
            public_url: env.public_url()?,
            related_origins: env.related_origins()?,
            fido_metadata: has_file("FIDO_METADATA_FILE"),
            android_status: has_file("ANDROID_STATUS_FILE"),
            mailer: Mailer::new(&aws, env)?,
            brake: Arc::default(),
            limits,
        })
    }
}

impl Deps {
    fn installation(&self) -> Installation<'_> {
        let Self { public_url, related_origins, fido_metadata, android_status, .. } = self;
        Installation { public_url, related_origins, fido_metadata: *fido_metadata, android_status: *android_status }
    }
}

impl Limited for Deps {
    async fn admit(&self, tenant: &str) -> Result<(), Exceeded> {
        self.limits.admit(tenant).await
    }
}

/// The function's routes.
pub fn router(deps: Deps) -> Router {
    Routes::default()
        .on(GET_TENANT, tenants::get)
        .on(PATCH_TENANT, tenants::patch)
        .on(LIST_REALMS, realms::list)
        .on(CREATE_REALM, realms::create)
        .on(GET_REALM, realms::get)
        .on(PUT_REALM, realms::put)
        .on(PATCH_REALM, realms::patch)
        .on(DELETE_REALM, realms::delete)
        .on(PREVIEW_MAIL, previews::preview_mail)
        .on(PREVIEW_PAGE, previews::preview_page)
        .on(SEND_TEST_MAIL, previews::send_test_mail)
        .on(CREATE_THEME, themes::create)
        .on(GET_ACTIVE_THEME, themes::active)
        .on(GET_THEME, themes::get)
        .on(PATCH_THEME, themes::patch)
        .on(LIST_IDENTITIES, identities::list)
        .on(CREATE_IDENTITY, identities::create)
        .on(GET_ENROLLMENT, identities::enrollment)
        .on(GET_IDENTITY, identities::get)
        .on(PUT_IDENTITY, identities::put)
        .on(PATCH_IDENTITY, identities::patch)
        .on(ERASE_IDENTITY, identities::erase)
        .on(BATCH_DELETE_IDENTITIES, identities::erase_batch)
        .on(LIST_AUTHENTICATOR_CONFIGS, configs::list)
        .on(CREATE_AUTHENTICATOR_CONFIG, configs::create)
        .on(GET_AUTHENTICATOR_CONFIG, configs::get)
        .on(PATCH_AUTHENTICATOR_CONFIG, configs::patch)
        .on(DELETE_AUTHENTICATOR_CONFIG, configs::delete)
        .finish_audited(deps, async |deps: Deps, change| deps.table.audit(change, deps.clock.now()).await)
}

/// The time of a change: later than the one that was seen, so that the write's condition distinguishes the two.
fn after(seen: Timestamp, now: Timestamp) -> Timestamp {
    now.max(Timestamp::from_millis(seen.millis() + 1))
}

/// For the audit log: a new element of the list in the path.
fn created(id: &impl ToString) -> Extension<audit::Changed> {
    Extension(audit::Changed::Created(id.to_string()))
}

/// 409: something was to be created in a realm while it was deleted.
fn being_deleted(realm: &RealmRef) -> Problem {
    let id = realm.id.as_str();
    Problem::conflict(format!("The realm {id} is being deleted. If it still exists in a minute, try again."))
}

fn written(changed: Changed) -> Result<(), Problem> {
    match changed {
        Changed::Yes => Ok(()),
        Changed::Meanwhile => {
            Err(Problem::conflict("The resource was changed by another request. Read it again and repeat the change."))
        }
    }
}

/// The complete body after a merge patch is applied to a resource's representation: `{name: {…}}`.
fn patched(name: &str, view: &impl Serialize, body: &Map<String, Value>) -> Result<Map<String, Value>, Problem> {
    let Some(Value::Object(patch)) = body.get(name) else {
        return Err(Problem::invalid(vec![FieldViolation::new(name, "must be an object")]));
    };
    let mut view = serde_json::to_value(view).unwrap_or_default();
    if let Some(view) = view.as_object_mut() {
        merge(view, patch);
    }
    Ok(Map::from_iter([(name.to_owned(), view)]))
}
