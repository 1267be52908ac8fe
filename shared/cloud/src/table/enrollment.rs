//! What is known of an identity's passkeys, and its enrollment status.

use binding::campaign::Known;
use binding::enrollment::EnrollmentStatus;
use binding::ids::IdentityRef;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::directory::identity_from_item;
use super::item::{Item, Reader, s};
use super::records::{credential_from_item, job_from_item};
use super::{Table, keys};

/// The maximum number of requests for one identity. Each reads 1 MB of its jobs and credentials.
const REQUESTS: usize = 5;

fn ignored(error: &Unavailable) {
    tracing::warn!(detail = error.detail, "an item is ignored in an enrollment status");
}

impl Table {
    /// Reads an identity with its credentials and jobs.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn known(&self, identity: &IdentityRef) -> Result<Known, Unavailable> {
        let mut known = Known::default();
        for item in self.items_of(identity).await? {
            // A malformed job or credential must not make the identity unreadable.
            match Reader(&item).text_or_empty("kind").as_str() {
                "JOB" => known.jobs.extend(job_from_item(&item).inspect_err(ignored).ok()),
                "CREDENTIAL" => known.credentials.extend(credential_from_item(&item).inspect_err(ignored).ok()),
                "IDENTITY" => known.identity = Some(identity_from_item(&item)?),
                _ => {}
            }
        }
        Ok(known)
    }

    /// The items of an identity with its slot, credentials and jobs, read consistently. If it has more jobs than can be read,
    /// the oldest are left out, and nothing else.
    pub(super) async fn items_of(&self, identity: &IdentityRef) -> Result<Vec<Item>, Unavailable> {
        let pk = keys::identity_pk(identity);
        // Newest first: the jobs, then the rest.
        let until = |last: String| {
            self.client
                .query()
                .table_name(&self.name)
                .key_condition_expression("pk = :pk AND sk BETWEEN :credentials AND :last")
                .expression_attribute_values(":pk", s(&pk))
                .expression_attribute_values(":credentials", s(keys::CREDENTIAL))
                .expression_attribute_values(":last", s(last))
                .consistent_read(true)
                .scan_index_forward(false)
        };
        let (mut items, all) = self.pages(until(format!("{}\u{10ffff}", keys::JOB)), REQUESTS).await?;
        if !all {
            let is_job = |item: &Item| Reader(item).text_or_empty("sk").starts_with(keys::JOB);
            items.retain(is_job);
            items.extend(self.pages(until(keys::slot(identity).1), REQUESTS).await?.0);
        }
        Ok(items)
    }

    /// Reads the enrollment status of an identity.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn enrollment(&self, identity: &IdentityRef, now: Timestamp) -> Result<EnrollmentStatus, Unavailable> {
        let known = self.known(identity).await?;
        Ok(EnrollmentStatus::of(&known.credentials, &known.jobs, now))
    }
}
