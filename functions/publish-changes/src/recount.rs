//! Counts the identities of a realm by enrollment status again: those that were created before there were counts, and
//! those whose records were set aside. It is safe at any time, and reads every identity of the realm.
//!
//! An identity that was erased while no version with counts was deployed is still counted. So if that is asked for, all
//! statuses are cleared first. Until the last identity is read, the counts are too low.

use std::time::Duration;

use binding::ids::{RealmId, RealmRef, TenantId};
use cloud::boot::Error;
use cloud::table::Position;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::Instant;

use crate::Deps;

/// The number of identities of a step.
const STEP: usize = 50;

/// How long steps are started. The function has 20 s.
const BUDGET: Duration = Duration::from_secs(12);

/// The realm, and where to continue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    tenant_id: String,
    realm_id: String,
    /// Whether to clear all statuses first.
    #[serde(default)]
    clear: bool,
    after: Option<Vec<String>>,
}

/// How far the count has got.
#[derive(Debug, Serialize)]
pub(crate) struct Recounted {
    /// How many identities this call has counted.
    identities_counted: usize,
    /// The `after` of the next call; `None` after the last identity.
    next: Option<Vec<String>>,
}

impl Deps {
    /// Counts identities of a realm until none is left or the time is up.
    ///
    /// # Errors
    /// The request is invalid, or the table does not respond.
    pub(crate) async fn recount(&self, request: &Value) -> Result<Recounted, Error> {
        let request = Request::deserialize(request).map_err(|error| format!("recount: {error}"))?;
        let realm = RealmRef {
            tenant: TenantId::parse(&request.tenant_id).map_err(|error| format!("recount.tenant_id {error}"))?,
            id: RealmId::parse(&request.realm_id).map_err(|error| format!("recount.realm_id {error}"))?,
        };
        let after = |parts| Position::from_parts(parts).ok_or("recount.after is not the next of an earlier response");
        let mut position = request.after.map(after).transpose()?;
        let (begun, mut identities_counted) = (Instant::now(), 0);
        if request.clear {
            if position.is_some() {
                return Err("recount.clear is for the first request only, without after".into());
            }
            self.table.clear_sheets(&realm).await?;
        }
        loop {
            let (identities, next) = self.table.identities_after(&realm, position.as_ref(), STEP).await?;
            identities_counted += identities.len();
            if !self.enroll_all(identities).await {
                return Err("the table is too busy; try again from the same place".into());
            }
            position = next;
            if position.is_none() || begun.elapsed() >= BUDGET {
                return Ok(Recounted { identities_counted, next: position.map(Position::into_parts) });
            }
        }
    }
}
