//! Problems of batches.

use axum::http::header;
use binding::campaign::NotControlled;

use super::Problem;
use crate::view::ProblemKind;

impl Problem {
    /// 429: the unfinished batches of the realm have no room for this one's recipients.
    #[must_use]
    pub fn queue_full(limit: u32, queued: u32, wanted: u32) -> Self {
        let detail = format!(
            "The unfinished batches of this realm may have {limit} recipients and have {queued}; this one has {wanted}. \
             Wait until one has finished, or cancel one."
        );
        Self::of_kind(ProblemKind::QueueFull, detail)
            .rate_limit(limit, limit.saturating_sub(queued))
            .header(header::RETRY_AFTER, "60")
    }

    /// 409: the control of a batch cannot be changed.
    #[must_use]
    pub fn not_controlled(id: &str, not: NotControlled) -> Self {
        Self::ended("batch_credential_binding_job", id, &not.to_string())
    }
}
