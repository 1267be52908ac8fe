//! Problems of limits.

use axum::http::{HeaderName, header};
use binding::limit::Exceeded;

use super::Problem;
use crate::view::ProblemKind;

impl Problem {
    /// 429: the tenant has sent too many requests.
    #[must_use]
    pub fn too_many_requests(Exceeded { per_second, retry_seconds }: Exceeded) -> Self {
        let detail = format!(
            "The requests of this tenant are limited to {per_second} a second, over all of its access tokens. Try again in \
             {retry_seconds} s."
        );
        Self::of_kind(ProblemKind::TooManyRequests, detail)
            .rate_limit(per_second, 0)
            .header(header::RETRY_AFTER, &retry_seconds.to_string())
    }

    /// Adds the headers that describe a limit: the limit, and what is left of it.
    pub(super) fn rate_limit(self, limit: u32, remaining: u32) -> Self {
        self.header(HeaderName::from_static("ratelimit-limit"), &limit.to_string())
            .header(HeaderName::from_static("ratelimit-remaining"), &remaining.to_string())
    }
}
