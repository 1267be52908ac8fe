//! Limits the requests of each tenant ([`binding::limit`]).

use std::sync::{Arc, Mutex, PoisonError};

use binding::limit::{Counter, Exceeded, TenantLimit, Verdict};

use crate::clock::Clock;
use crate::env::{BadVariable, Env};
use crate::metric::Metrics;
use crate::table::Table;

/// The limit on the requests of each tenant. Clones share their counts.
#[derive(Clone, Debug)]
pub struct Limits(Option<Limited>);

#[derive(Clone, Debug)]
struct Limited {
    limit: TenantLimit,
    counter: Arc<Mutex<Counter>>,
    table: Table,
    clock: Clock,
    metrics: Metrics,
}

impl Limits {
    /// Reads `TENANT_REQUESTS_PER_SECOND`; 0, or no value, is no limit.
    ///
    /// # Errors
    /// [`BadVariable`] when it is not a whole number.
    pub fn new(env: &Env, table: &Table, clock: &Clock) -> Result<Self, BadVariable> {
        let name = "TENANT_REQUESTS_PER_SECOND";
        let bad = |_| BadVariable { name, why: "must be a whole number" };
        let limit = TenantLimit::new(env.get(name).map_or(Ok(0), str::parse).map_err(bad)?);
        let Some(limit) = limit else { return Ok(Self(None)) };
        Ok(Self(Some(Limited {
            limit,
            counter: Arc::new(Mutex::new(Counter::new(limit))),
            table: table.clone(),
            clock: clock.clone(),
            metrics: Metrics::new(env, clock.clone())?,
        })))
    }

    /// Counts a request. If the table does not respond, the request is admitted, and its own reads fail.
    ///
    /// # Errors
    /// [`Exceeded`] when the tenant has sent too many.
    pub async fn admit(&self, tenant: &str) -> Result<(), Exceeded> {
        match &self.0 {
            Some(limited) => limited.admit(tenant).await,
            None => Ok(()),
        }
    }

    /// Whether the bucket of the tenant has room for one more request, which takes it. No request is admitted from memory
    /// here, so that the number in all copies is bounded. If the table does not respond, there is no room.
    pub async fn has_room(&self, tenant: &str) -> bool {
        let Some(Limited { limit, table, clock, .. }) = &self.0 else { return true };
        matches!(table.reserve_requests(tenant, *limit, 1, clock.now()).await, Ok(Ok(())))
    }
}

impl Limited {
    async fn admit(&self, tenant: &str) -> Result<(), Exceeded> {
        let now = self.clock.now();
        match self.with(|counter| counter.count(tenant, now)) {
            Verdict::Admitted => return Ok(()),
            Verdict::Refused(exceeded) => return Err(exceeded),
            Verdict::Reserve => {}
        }
        match self.table.reserve_requests(tenant, self.limit, self.limit.chunk(), now).await {
            Ok(Ok(())) => self.with(|counter| counter.reserved(tenant, now)),
            Ok(Err(room)) => {
                // Once a second in each copy, at most.
                tracing::warn!(tenant, "the tenant has reached its limit");
                self.metrics.count(&[(TENANTS_LIMITED, 1)]);
                return Err(self.with(|counter| counter.refused(tenant, room, now)));
            }
            Err(error) => {
                tracing::warn!(dependency = error.dependency, detail = error.detail, "a request is not counted");
            }
        }
        Ok(())
    }

    fn with<T>(&self, act: impl FnOnce(&mut Counter) -> T) -> T {
        act(&mut self.counter.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The metric of tenants that reached their limit: once a second for each tenant and copy, at most.
pub const TENANTS_LIMITED: &str = "TenantsLimited";
