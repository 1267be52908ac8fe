//! Redeems the codes of redirect URIs, each once.

use binding::code::{NotRedeemed, RedirectCode};
use binding::job::Job;
use binding::link::LinkTokenHash;
use binding::rule::Note;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::Table;
use super::attribute::*;
use super::change::Condition;
use super::item::{Reader, b, n};
use super::jobs::{note, unexplained};
use super::records::job_from_item;
use super::write::Written;

impl Table {
    /// Redeems a code and returns its job. The job's version does not change, so no event is published.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond. The inner error is [`NotRedeemed`].
    pub async fn redeem(&self, code: &RedirectCode, now: Timestamp) -> Result<Result<Job, NotRedeemed>, Unavailable> {
        let hash = code.hash();
        let change = note(&code.job, Note::Redeem, now)
            .when(Condition::Is(CODE_HASH, b(hash.as_bytes())))
            .when(Condition::Greater(CODE_EXPIRE_MS, n(now.millis())))
            .when(Condition::Lacks(REDEEM_OP))
            .marked(REDEEM_OP);
        let item = match self.change(change).await? {
            Written::Done(item) => return job_from_item(&item).map(Ok),
            Written::Unmet(item) => item.filter(|item| item.contains_key(CODE_HASH)),
        };
        let Some(item) = item else { return Ok(Err(NotRedeemed::Unknown)) };
        let there = Reader(&item);
        if LinkTokenHash::from_bytes(there.array(CODE_HASH)?) != hash {
            Ok(Err(NotRedeemed::Unknown))
        } else if there.maybe_text(REDEEM_OP).is_some() {
            Ok(Err(NotRedeemed::Redeemed))
        } else if there.time(CODE_EXPIRE_MS)? <= now {
            Ok(Err(NotRedeemed::Expired))
        } else {
            Err(unexplained())
        }
    }
}
