//! New jobs: their link's secret is derived here, for single jobs and for those of batches.

use binding::directory::{AuthenticatorConfig, Identity};
use binding::ids::{JobId, JobRef};
use binding::job::{Job, NewJob, Settings};
use binding::time::Timestamp;

use crate::keys::LinkKeys;

impl LinkKeys {
    /// A new job with the hash of its link's secret. It is not stored yet.
    #[must_use]
    pub fn new_job(
        &self,
        id: JobId,
        person: &Identity,
        config: &AuthenticatorConfig,
        settings: Settings,
        now: Timestamp,
    ) -> Job {
        let job = JobRef { identity: person.reference.clone(), id };
        let token = self.current().derive(&job, 1);
        let new = NewJob {
            reference: job,
            identity_create_time: person.create_time,
            config: (config.id.clone(), config.version),
            settings,
            link_hash: token.hash(),
            link_key: self.generation(),
        };
        Job::new(new, now)
    }
}
