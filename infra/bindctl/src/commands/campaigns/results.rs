//! `bindctl campaigns results`.

use api::operation::LIST_BATCH_RESULTS;
use api::view::BatchResult;

use crate::commands::{Context, list};
use crate::error::Error;
use crate::print::{self, Column, Shown as _};

const LIST: &[Column<BatchResult>] = &[
    ("IDENTITY", |result| result.identity_id.shown()),
    ("STATE", |result| result.state.shown()),
    ("MAIL", |result| result.email_status.shown()),
    ("REASON", |result| result.reason.shown()),
    ("REMINDERS", |result| result.reminders_sent.shown()),
    ("JOB", |result| result.id.shown()),
    ("UPDATED", |result| result.update_time.shown()),
];

/// Prints the results of batches, one after another.
///
/// # Errors
/// See [`Error`].
pub(super) fn run(context: &Context, batches: &[String], csv: bool) -> Result<(), Error> {
    let mut results = Vec::new();
    for (index, batch) in batches.iter().enumerate() {
        let path = context.client.path(&LIST_BATCH_RESULTS, &[batch])?;
        if csv {
            let text = context.client.get_csv(&path)?;
            // One header for all.
            let rows = if index == 0 { &text } else { text.split_once('\n').map_or("", |(_, rows)| rows) };
            print::text(rows);
        } else {
            results.extend(list::read(context, &path, "job_results", None, usize::MAX)?.0);
        }
    }
    if csv { Ok(()) } else { list::print(context, LIST, results) }
}
