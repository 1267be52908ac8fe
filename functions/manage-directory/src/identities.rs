//! Identities.

use api::audit;
use api::body::JsonBody;
use api::path::Reference as _;
use api::permit::Permitted;
use api::problem::Problem;
use api::scalar::Named;
use api::{identity, list, view};
use axum::extract::{RawQuery, State};
use axum::http::Uri;
use axum::{Extension, Json};
use binding::directory::Identity;
use binding::enrollment::EnrollmentStatus;
use binding::ids::{IdentityId, IdentityRef, RealmRef};
use cloud::each::each;
use cloud::random;
use cloud::table::{Changed, IdentityWritten, Listed, Listing};
use serde_json::{Map, Value};

use crate::{Deps, after, created, patched};

/// The number of identities that are read or erased concurrently.
const AT_ONCE: usize = 16;

/// Creates an identity with a generated id.
pub(crate) async fn create(
    State(deps): State<Deps>,
    Permitted { on: realm, .. }: Permitted<RealmRef>,
    JsonBody(body): JsonBody,
) -> Result<(Extension<audit::Changed>, Json<view::Identity>), Problem> {
    let now = deps.clock.now();
    let reference = IdentityRef { realm, id: IdentityId::new(now, random::bytes()) };
    let made = identity::parse(&body, reference, None, now)?;
    deps.realm_exists(&made.reference).await?;
    named(&made, deps.table.put_identity(&made, None).await?)?;
    deps.stays(&made.reference).await?;
    Ok((created(&made.reference.id), Json(view::Identity::of(&made, EnrollmentStatus::Unenrolled))))
}

/// Creates an identity with the caller's id, or replaces it.
pub(crate) async fn put(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<IdentityRef>,
    JsonBody(body): JsonBody,
) -> Result<Json<view::Identity>, Problem> {
    deps.realm_exists(&reference).await?;
    let seen = deps.table.identity(&reference).await?;
    deps.write(reference, &body, seen).await
}

pub(crate) async fn get(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<IdentityRef>,
) -> Result<Json<view::Identity>, Problem> {
    let found = deps.table.identity(&reference).await?.ok_or_else(|| reference.missing())?;
    deps.show(&found).await
}

pub(crate) async fn patch(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<IdentityRef>,
    JsonBody(body): JsonBody,
) -> Result<Json<view::Identity>, Problem> {
    let seen = deps.table.identity(&reference).await?.ok_or_else(|| reference.missing())?;
    let body = patched(IdentityRef::RESOURCE, &view::Identity::from(&seen), &body)?;
    deps.write(reference, &body, Some(seen)).await
}

pub(crate) async fn list(
    State(deps): State<Deps>,
    Permitted { on: realm, .. }: Permitted<RealmRef>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Json<view::IdentityList>, Problem> {
    let view = |listed: &Listed| match listed {
        Listed::Identity(found) => Some(view::Identity::from(&**found)),
        Listed::Enrolled(found, status) => Some(view::Identity::of(found, *status)),
        _ => None,
    };
    // A filter on the status needs it of all candidates; otherwise it is read for the page alone.
    let listing = match list::filter_names(query.as_deref(), view::Identity::ENROLLMENT_STATUS) {
        true => Listing::Enrolled(&realm, deps.clock.now()),
        false => Listing::Identities(&realm),
    };
    let Json(mut list): Json<view::IdentityList> = deps.lists.page(listing, view, &uri, query.as_deref()).await?;
    let without = list.identities.iter().enumerate().filter(|(_, shown)| shown.enrollment_status.is_none());
    let without = without.filter_map(|(index, shown)| Some((index, IdentityId::parse(&shown.id).ok()?)));
    let look_up = |(index, id): (usize, IdentityId)| {
        let (table, now, identity) = (deps.table.clone(), deps.clock.now(), IdentityRef { realm: realm.clone(), id });
        async move { table.enrollment(&identity, now).await.map(|status| (index, status)) }
    };
    for (index, status) in each(without.collect::<Vec<_>>(), AT_ONCE, look_up).await? {
        list.identities[index].enrollment_status = Some(Named(status));
    }
    Ok(Json(list))
}

/// Counts the identities of a realm by enrollment status.
pub(crate) async fn enrollment(
    State(deps): State<Deps>,
    Permitted { on: realm, .. }: Permitted<RealmRef>,
) -> Result<Json<view::Enrollment>, Problem> {
    let (found, counts) = tokio::join!(deps.table.realm(&realm), deps.table.enrollment_counts(&realm));
    found?.ok_or_else(|| realm.missing())?;
    Ok(Json(view::Enrollment::of(&realm, &counts?)))
}

/// Erases an identity with its jobs and credentials.
pub(crate) async fn erase(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<IdentityRef>,
) -> Result<(), Problem> {
    deps.table.erase_identity(&reference).await?.then_some(()).ok_or_else(|| reference.missing())
}

/// Erases identities with their jobs and credentials, if all of them exist.
pub(crate) async fn erase_batch(
    State(deps): State<Deps>,
    Permitted { on: realm, .. }: Permitted<RealmRef>,
    JsonBody(body): JsonBody,
) -> Result<Extension<audit::Changed>, Problem> {
    let ids = identity::batch(&body)?;
    let erased = audit::Changed::Each(ids.iter().map(ToString::to_string).collect());
    deps.table.realm(&realm).await?.ok_or_else(|| realm.missing())?;
    let identities: Vec<IdentityRef> =
        ids.into_iter().map(|identity| IdentityRef { realm: realm.clone(), id: identity }).collect();
    let missing = deps.table.missing_identities(&identities).await?;
    if !missing.is_empty() {
        return Err(Problem::identities_not_found(&missing));
    }
    let erase = |identity| {
        let table = deps.table.clone();
        async move { table.erase_identity(&identity).await }
    };
    each(identities, AT_ONCE, erase).await?;
    Ok(Extension(erased))
}

fn named(identity: &Identity, written: IdentityWritten) -> Result<(), Problem> {
    match written {
        IdentityWritten::Yes => Ok(()),
        IdentityWritten::Meanwhile => crate::written(Changed::Meanwhile),
        IdentityWritten::UsernameTaken(holder) => Err(Problem::username_taken(&identity.username, &holder)),
    }
}

impl Deps {
    async fn show(&self, identity: &Identity) -> Result<Json<view::Identity>, Problem> {
        let enrollment = self.table.enrollment(&identity.reference, self.clock.now()).await?;
        Ok(Json(view::Identity::of(identity, enrollment)))
    }

    async fn realm_exists(&self, identity: &IdentityRef) -> Result<(), Problem> {
        self.table.realm(&identity.realm).await?.map(drop).ok_or_else(|| identity.realm.missing())
    }

    /// Erases a new identity again if its realm was deleted while it was created.
    async fn stays(&self, identity: &IdentityRef) -> Result<(), Problem> {
        if self.table.is_open(&identity.realm, self.clock.now()).await? {
            return Ok(());
        }
        self.table.erase_identity(identity).await?;
        Err(crate::being_deleted(&identity.realm))
    }

    /// Writes the identity in a body, if it did not change since it was read.
    async fn write(
        &self,
        reference: IdentityRef,
        body: &Map<String, Value>,
        seen: Option<Identity>,
    ) -> Result<Json<view::Identity>, Problem> {
        let mut changed = identity::parse(body, reference, seen.as_ref(), self.clock.now())?;
        if let Some(seen) = &seen {
            changed.update_time = after(seen.update_time, changed.update_time);
        }
        named(&changed, self.table.put_identity(&changed, seen.as_ref()).await?)?;
        if seen.is_none() {
            self.stays(&changed.reference).await?;
        }
        // Also if it was suspended before: an earlier try may have ended here.
        if changed.is_suspended() {
            self.table.stop_completions(&changed.reference, self.clock.now()).await?;
        }
        self.show(&changed).await
    }
}
