//! Replaces an expired job by a new one.

use binding::job::Job;
use binding::rule::Note;
use binding::unavailable::Unavailable;

use super::Table;
use super::attribute::RENEWED_BY;
use super::change::Condition;
use super::item::s;
use super::jobs::note;
use super::records::job_to_item;
use super::write::{Changed, Transacted, Write};

impl Table {
    /// Stores `new`, which replaces `expired`, unless another job has replaced it since `expired` was read.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn renew(&self, expired: &Job, new: &Job) -> Result<Changed, Unavailable> {
        let unchanged = match expired.renewed_by {
            None => Condition::Lacks(RENEWED_BY),
            Some(before) => Condition::Is(RENEWED_BY, s(before.to_string())),
        };
        let replaced = note(&expired.reference, Note::Renew, new.create_time)
            .when(unchanged)
            .set(RENEWED_BY, s(new.reference.id.to_string()));
        let writes = vec![Write::Change(replaced), Write::Put(job_to_item(new), vec![Condition::Missing])];
        match self.transact(writes).await? {
            Transacted::Done => Ok(Changed::Yes),
            Transacted::Unmet(..) => Ok(Changed::Meanwhile),
            Transacted::Conflict => Err(Unavailable::new("dynamodb", "a renewal was prevented by other transactions")),
        }
    }
}
