//! Publishes a job's present state again, for a consumer that lost its events, or after a record was set aside.

use binding::ids::{IdentityId, IdentityRef, JobId, JobRef, RealmId, RealmRef, TenantId};
use cloud::boot::Error;
use cloud::stream::Change;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::publish::{Report, in_waves};
use crate::waves::Entry;
use crate::{Deps, messages};

/// The job to publish.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    tenant_id: String,
    realm_id: String,
    identity_id: String,
    job_id: String,
}

/// What was published.
#[derive(Debug, Serialize)]
pub(crate) struct Republished {
    /// The job's path.
    job: String,
    /// The number of events: the job's, and its credential's if it has one.
    events_published: u64,
}

impl Deps {
    /// Publishes a job and its credential as stored in the table. The events keep their ids.
    ///
    /// # Errors
    /// The request is invalid, the job does not exist, or a dependency did not respond.
    pub(crate) async fn republish(&self, request: &Value) -> Result<Republished, Error> {
        let request = Request::deserialize(request).map_err(|error| format!("republish: {error}"))?;
        let job_ref = reference(&request)?;
        let job = self.table.job(&job_ref).await?.ok_or_else(|| format!("there is no job {job_ref}"))?;
        let mut changes = Vec::new();
        let credential = match job.credential_id {
            Some(id) => self.table.credential(&job_ref.identity, id).await?,
            None => None,
        };
        changes.push(Change::ReplayedJob(Box::new(job)));
        changes.extend(credential.map(|credential| Change::ReplayedCredential(Box::new(credential))));
        let found = changes.iter().flat_map(messages).enumerate();
        let entries = found.map(|(index, (key, message))| Entry::new(index, key, message)).collect();
        let Report { published, refusals, poison, unpublished } = in_waves(&self.bus, entries).await;
        self.metrics.count(&[("EventsPublished", published), ("EntriesRefused", refusals)]);
        match (poison.first(), unpublished) {
            (None, None) => Ok(Republished { job: job_ref.to_string(), events_published: published }),
            (Some(poison), _) => Err(poison.reason.clone().into()),
            (None, Some(_)) => Err("the bus did not accept all events; try again".into()),
        }
    }
}

fn reference(request: &Request) -> Result<JobRef, String> {
    let bad = |name: &str, why: &dyn std::fmt::Display| format!("republish.{name} {why}");
    let realm = RealmRef {
        tenant: TenantId::parse(&request.tenant_id).map_err(|error| bad("tenant_id", &error))?,
        id: RealmId::parse(&request.realm_id).map_err(|error| bad("realm_id", &error))?,
    };
    let identity = IdentityId::parse(&request.identity_id).map_err(|error| bad("identity_id", &error))?;
    let job = JobId::parse(&request.job_id).ok_or_else(|| bad("job_id", &"must be a UUID in lower case"))?;
    Ok(JobRef { identity: IdentityRef { realm, id: identity }, id: job })
}
