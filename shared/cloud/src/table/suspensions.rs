//! Suspensions: no job of an identity is completed once its suspension was answered (docs/adr/0013).
//!
//! A completion reads the job, then the identity, and writes on the condition that the job's number of suspensions is the
//! one that it read. A suspension writes the identity, then increments that number. A completion that read the identity
//! before that write had read the job before, so the job is among those whose number is incremented.

use binding::ids::IdentityRef;
use binding::rule::Note;
use binding::state::State;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::attribute::{STATE, SUSPENSIONS};
use super::item::{Reader, s};
use super::jobs::note;
use super::records::job_ref;
use super::{Table, keys};
use crate::aws::unavailable;

impl Table {
    /// Makes every completion fail that read the identity before it was written as suspended. It can be repeated.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn stop_completions(&self, identity: &IdentityRef, now: Timestamp) -> Result<(), Unavailable> {
        let mut start = None;
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.name)
                .key_condition_expression("pk = :pk AND begins_with(sk, :jobs)")
                .filter_expression("#state = :delivered")
                .projection_expression("pk, sk")
                .expression_attribute_names("#state", STATE)
                .expression_attribute_values(":pk", s(keys::identity_pk(identity)))
                .expression_attribute_values(":jobs", s(keys::JOB))
                .expression_attribute_values(":delivered", s(State::RequestDelivered.name()))
                .consistent_read(true)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| unavailable("dynamodb", &error))?;
            for item in page.items.unwrap_or_default() {
                let job = job_ref(&Reader(&item))?;
                // A job that has ended meanwhile is not changed.
                self.change(note(&job, Note::Suspend, now).increment(SUSPENSIONS)).await?;
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(());
            }
        }
    }
}
