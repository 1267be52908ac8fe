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

/// The maximum number of requests for the jobs of an identity. Each reads 1 MB, about a thousand jobs.
const REQUESTS: usize = 50;

impl Table {
    /// Makes every completion fail that read the identity before it was written as suspended. It can be repeated.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn stop_completions(&self, identity: &IdentityRef, now: Timestamp) -> Result<(), Unavailable> {
        let query = self
            .partition(&keys::identity_pk(identity), keys::JOB)
            .filter_expression("#state = :delivered")
            .projection_expression("pk, sk")
            .expression_attribute_names("#state", STATE)
            .expression_attribute_values(":delivered", s(State::RequestDelivered.name()));
        let (jobs, all) = self.pages(query, REQUESTS).await?;
        for item in &jobs {
            let job = job_ref(&Reader(item))?;
            // A job that has ended meanwhile is not changed.
            self.change(note(&job, Note::Suspend, now).increment(SUSPENSIONS)).await?;
        }
        if all { Ok(()) } else { Err(Unavailable::new("dynamodb", "the identity has too many jobs")) }
    }
}
