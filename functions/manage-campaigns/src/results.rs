//! `GET …/{batch}:listResults`: the result of each recipient.
//!
//! The first page reads all jobs of the batch for the totals, which the tokens carry on. Each of the other pages reads
//! its own recipients and their jobs.

use std::collections::HashMap;
use std::ops::Range;

use api::accept::wants_csv;
use api::list;
use api::path::Reference as _;
use api::permit::Permitted;
use api::problem::Problem;
use api::view::{BatchResult, BatchResults, Standing};
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse as _, Response};
use binding::campaign::{CHUNK_SIZE, LARGEST_BATCH, Outcome};
use binding::ids::{BatchRef, IdentityId};
use binding::job::Job;
use binding::time::Timestamp;

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
    let wanted = page.first..page.first + page.size;
    let csv = wants_csv(&headers);
    let known = <[u32; 3]>::try_from(page.carried.as_slice()).ok().filter(|_| !csv);
    let read = if known.is_some() { wanted.clone() } else { 0..LARGEST_BATCH };
    let Some((total, results)) = deps.results(&reference, read.clone(), now).await? else {
        return Err(reference.missing());
    };
    if csv {
        let rows = results.iter().map(|(result, _)| result.row());
        let lines: Vec<String> = std::iter::once(BatchResult::COLUMNS.to_owned()).chain(rows).collect();
        let kind = [(header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present")];
        return Ok((kind, lines.join("\r\n") + "\r\n").into_response());
    }
    let totals = known.unwrap_or_else(|| totals(&results));
    let of_page = results.into_iter().skip(wanted.start - read.start).take(page.size);
    let job_results: Vec<BatchResult> = of_page.map(|(result, _)| result).collect();
    let next = page.first + job_results.len();
    let next_page_token = (next < total as usize).then(|| page.token(&key, next, &totals, now));
    let [total_success_count, total_failure_count, total_pending_count] = totals;
    let page = BatchResults {
        job_results,
        total_success_count,
        total_failure_count,
        total_pending_count,
        total_size: total,
        next_page_token,
    };
    Ok(Json(page).into_response())
}

/// How many recipients succeeded, failed, and can still succeed.
fn totals(results: &[(BatchResult, Outcome)]) -> [u32; 3] {
    [Standing::Success, Standing::Failure, Standing::Pending].map(|standing| {
        let of = results.iter().filter(|(result, outcome)| result.standing(*outcome) == standing);
        u32::try_from(of.count()).unwrap_or(u32::MAX)
    })
}

impl Deps {
    /// The number of recipients of a batch, and the results of those at `positions`, counted from 0.
    async fn results(
        &self,
        reference: &BatchRef,
        positions: Range<usize>,
        now: Timestamp,
    ) -> Result<Option<(u32, Vec<(BatchResult, Outcome)>)>, Problem> {
        let Some((batch, chunks)) = self.table.batch_part(reference, positions.clone()).await? else {
            return Ok(None);
        };
        let recipients = chunks.into_iter().flat_map(|chunk| chunk.recipients);
        let recipients: Vec<(IdentityId, Outcome)> =
            recipients.skip(positions.start % CHUNK_SIZE).take(positions.len()).collect();
        let jobs = self.jobs(&batch, &recipients).await?;
        let jobs: HashMap<&IdentityId, &Job> = jobs.iter().map(|job| (&job.reference.identity.id, job)).collect();
        let result = |(id, outcome): &(IdentityId, Outcome)| {
            (BatchResult::of(&batch, id, *outcome, jobs.get(id).copied(), now), *outcome)
        };
        Ok(Some((batch.size, recipients.iter().map(result).collect())))
    }
}
