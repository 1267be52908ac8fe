//! New jobs: their link's secret is derived here, for single jobs and for those of batches.

use binding::directory::{AuthenticatorConfig, Identity};
use binding::ids::{BatchId, JobId, JobRef};
use binding::job::{DeliveryMethod, Job, NewJob};
use binding::reminder::Reminders;
use binding::time::Timestamp;

use crate::keys::LinkKeys;

/// What a new job is, besides its identity and config.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How the link reaches the user.
    pub delivery_method: DeliveryMethod,
    /// Where the user is redirected after binding.
    pub post_binding_redirect_uri: Option<String>,
    /// The language of the mail.
    pub locale: Option<String>,
    /// The lifetime, in seconds.
    pub lifetime_seconds: i64,
    /// When the recipient is reminded.
    pub reminders: Reminders,
    /// The expired job that this one replaces.
    pub renews: Option<JobId>,
    /// The batch that creates the job.
    pub batch_id: Option<BatchId>,
}

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
            delivery_method: settings.delivery_method,
            config: (config.id.clone(), config.version),
            post_binding_redirect_uri: settings.post_binding_redirect_uri,
            locale: settings.locale,
            lifetime_seconds: settings.lifetime_seconds,
            link_hash: token.hash(),
            link_key: self.generation(),
            renews: settings.renews,
            batch_id: settings.batch_id,
            reminders: settings.reminders,
        };
        Job::new(new, now)
    }
}
