//! `GET …/{batch}:listResults`: the result of each recipient.

use std::collections::HashMap;

use api::accept::wants_csv;
use api::list;
use api::permit::Permitted;
use api::problem::Problem;
use api::view::{BatchResult, BatchResults, Standing};
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse as _, Response};
use binding::campaign::Outcome;
use binding::ids::{BatchRef, IdentityId};
use binding::job::Job;

use crate::Deps;

pub(crate) async fn list(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<BatchRef>,
    headers: HeaderMap,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let now = deps.clock.now();
    let key = deps.lists.key().await?;
    let page = list::by_number(&key, (uri.path(), query.as_deref()), now)?;
    let (batch, chunks) = deps.read(&reference).await?;
    let jobs = deps.jobs(&batch, &chunks).await?;
    let jobs: HashMap<&IdentityId, &Job> = jobs.iter().map(|job| (&job.reference.identity.id, job)).collect();
    let recipients = chunks.iter().flat_map(|chunk| &chunk.recipients);
    let results: Vec<(BatchResult, Outcome)> = recipients
        .map(|(id, outcome)| (BatchResult::of(&batch, id, *outcome, jobs.get(id).copied(), now), *outcome))
        .collect();
    if wants_csv(&headers) {
        let rows = results.iter().map(|(result, _)| result.row());
        let lines: Vec<String> = std::iter::once(BatchResult::COLUMNS.to_owned()).chain(rows).collect();
        let kind = [(header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present")];
        return Ok((kind, lines.join("\r\n") + "\r\n").into_response());
    }
    let count = |standing| {
        let of = results.iter().filter(|(result, outcome)| result.standing(*outcome) == standing);
        u32::try_from(of.count()).unwrap_or(u32::MAX)
    };
    let (total_success_count, total_failure_count) = (count(Standing::Success), count(Standing::Failure));
    let total_pending_count = count(Standing::Pending);
    let total = results.len();
    let job_results: Vec<BatchResult> =
        results.into_iter().map(|(result, _)| result).skip(page.first).take(page.size).collect();
    let next = page.first + job_results.len();
    let next_page_token = (next < total).then(|| page.token(&key, next, now));
    let total_size = u32::try_from(total).unwrap_or(u32::MAX);
    let page = BatchResults {
        job_results,
        total_success_count,
        total_failure_count,
        total_pending_count,
        total_size,
        next_page_token,
    };
    Ok(Json(page).into_response())
}
