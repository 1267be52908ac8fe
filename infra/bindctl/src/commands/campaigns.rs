//! Campaigns: batches that a CSV file describes.

mod create;
mod import;
mod people;
mod record;
mod results;

use std::path::Path;
use std::time::{Duration, Instant};

use api::operation::{CANCEL_BATCH, GET_BATCH, LIST_BATCHES, PAUSE_BATCH, RESUME_BATCH};
use api::scalar::{BatchState, Control};
use api::view::{Batch, BatchCounts, BatchList, BatchSummary};
use serde_json::Value;

use super::each::each;
use super::{Context, list, typed};
use crate::args::campaigns::{Campaign, Campaigns};
use crate::error::Error;
use crate::print::{self, Column, Shown as _};
use crate::progress::Progress;

/// The least time between two looks at a campaign that is followed.
const INTERVAL: Duration = Duration::from_secs(2);

const BATCH: &[Column<Batch>] = &[
    ("id", |batch| batch.id.shown()),
    ("state", |batch| batch.state.shown()),
    ("control", |batch| batch.control.as_ref().map(|control| control.state).shown()),
    ("since", |batch| batch.control.as_ref().map(|control| control.since).shown()),
    ("config", |batch| batch.job_template.authenticator_config_id.shown()),
    ("starts", |batch| batch.start_time.shown()),
    ("a minute", |batch| batch.pacing.max_per_minute.shown()),
    ("recipients", |batch| batch.counts.total.shown()),
    ("waiting", |batch| batch.counts.waiting.shown()),
    ("deferred", |batch| batch.counts.deferred.shown()),
    ("invited", |batch| batch.counts.invited.shown()),
    ("skipped", |batch| batch.counts.skipped.shown()),
    ("failed", |batch| batch.counts.failed.shown()),
    ("opened", |batch| batch.counts.opened.shown()),
    ("complete", |batch| batch.counts.complete.shown()),
    ("bounced", |batch| batch.counts.bounced.shown()),
    ("complained", |batch| batch.counts.complained.shown()),
    ("created", |batch| batch.create_time.shown()),
];

/// A line of the table of a campaign: a batch, or all.
struct Line {
    name: String,
    state: String,
    control: String,
    counts: BatchCounts,
}

const LINES: &[Column<Line>] = &[
    ("BATCH", |line| line.name.shown()),
    ("STATE", |line| line.state.shown()),
    ("CONTROL", |line| line.control.shown()),
    ("TOTAL", |line| line.counts.total.shown()),
    ("WAITING", |line| line.counts.waiting.shown()),
    ("DEFERRED", |line| line.counts.deferred.shown()),
    ("INVITED", |line| line.counts.invited.shown()),
    ("SKIPPED", |line| line.counts.skipped.shown()),
    ("FAILED", |line| line.counts.failed.shown()),
    ("OPENED", |line| line.counts.opened.shown()),
    ("COMPLETE", |line| line.counts.complete.shown()),
    ("BOUNCED", |line| line.counts.bounced.shown()),
    ("COMPLAINED", |line| line.counts.complained.shown()),
];

const SUMMARIES: &[Column<BatchSummary>] = &[
    ("ID", |batch| batch.id.shown()),
    ("STATE", |batch| batch.state.shown()),
    ("CONTROL", |batch| batch.control.state.shown()),
    ("STARTS", |batch| batch.start_time.shown()),
    ("TOTAL", |batch| batch.counts.total.shown()),
    ("WAITING", |batch| batch.counts.waiting.shown()),
    ("DEFERRED", |batch| batch.counts.deferred.shown()),
    ("INVITED", |batch| batch.counts.invited.shown()),
    ("SKIPPED", |batch| batch.counts.skipped.shown()),
    ("FAILED", |batch| batch.counts.failed.shown()),
    ("BOUNCED", |batch| batch.counts.bounced.shown()),
];

pub(super) fn run(context: &Context, command: Campaigns) -> Result<(), Error> {
    let client = &context.client;
    match command {
        Campaigns::Create(given) => {
            let watched = given.watch;
            let file = create::run(context, *given)?;
            if watched { watch(context, &batches(context, &file.to_string_lossy())?) } else { Ok(()) }
        }
        Campaigns::List { filter, listing } => {
            list::show::<BatchList, _>(context, (LIST_BATCHES, &[]), &listing, filter.as_deref(), SUMMARIES)
        }
        Campaigns::Status { campaign: Campaign { campaign }, watch: watched } => {
            let batches = batches(context, &campaign)?;
            if watched { watch(context, &batches) } else { show(context, &batches, &look(context, &batches)?) }
        }
        Campaigns::Pause(of) => control(context, &of, &|id| client.call_repeatedly(PAUSE_BATCH, &[id], None)),
        Campaigns::Resume(of) => control(context, &of, &|id| client.call_repeatedly(RESUME_BATCH, &[id], None)),
        Campaigns::Cancel(of) => control(context, &of, &|id| client.call_repeatedly(CANCEL_BATCH, &[id], None)),
        Campaigns::Results { campaign: Campaign { campaign }, csv } => {
            results::run(context, &batches(context, &campaign)?.ids, csv)
        }
    }
}

/// The batches that a command is about.
struct Batches {
    ids: Vec<String>,
    /// Whether they are those of a campaign file, and not a single one.
    of_file: bool,
}

/// The batches of a campaign file, or the batch with that id.
fn batches(context: &Context, campaign: &str) -> Result<Batches, Error> {
    if uuid::Uuid::try_parse(campaign).is_ok() {
        return Ok(Batches { ids: vec![campaign.to_owned()], of_file: false });
    }
    let path = Path::new(campaign);
    let record = record::Record::read(path, &context.client)?;
    if record.batch_ids.len() < record.batches {
        let (created, all) = (record.batch_ids.len(), record.batches);
        eprintln!("{created} of {all} batches were created; repeat `bindctl campaigns create` to create the others.");
    }
    Ok(Batches { ids: record.batch_ids, of_file: true })
}

/// The batches as the API returns them.
fn look(context: &Context, batches: &Batches) -> Result<Vec<Value>, Error> {
    let found = each(&batches.ids, |id| context.client.call(GET_BATCH, &[id], None));
    found.into_iter().flatten().collect()
}

/// Prints a batch, or the batches of a campaign with their sums.
fn show(context: &Context, of: &Batches, batches: &[Value]) -> Result<(), Error> {
    if let ([batch], false) = (batches, of.of_file) {
        return context.show(BATCH, batch);
    }
    if context.json {
        print::json(&batches.into());
        return Ok(());
    }
    let batches: Vec<Batch> = batches.iter().map(typed).collect::<Result<_, _>>()?;
    let mut lines: Vec<Line> = batches
        .iter()
        .map(|batch| Line {
            name: batch.id.shown(),
            state: batch.state.shown(),
            control: batch.control.as_ref().map(|control| control.state).shown(),
            counts: batch.counts,
        })
        .collect();
    let (state, control) = (String::new(), String::new());
    lines.push(Line { name: "all".to_owned(), state, control, counts: sum(&batches) });
    print::table(LINES, &lines);
    Ok(())
}

fn sum(batches: &[Batch]) -> BatchCounts {
    batches.iter().fold(BatchCounts::default(), |sum, batch| {
        let counts = &batch.counts;
        BatchCounts {
            total: sum.total + counts.total,
            waiting: sum.waiting + counts.waiting,
            deferred: sum.deferred + counts.deferred,
            invited: sum.invited + counts.invited,
            skipped: sum.skipped + counts.skipped,
            failed: sum.failed + counts.failed,
            opened: sum.opened + counts.opened,
            complete: sum.complete + counts.complete,
            bounced: sum.bounced + counts.bounced,
            complained: sum.complained + counts.complained,
        }
    })
}

/// Follows batches until no recipient waits, and prints their state.
///
/// # Errors
/// [`Error::Ended`] when none of the batches that have recipients left is active.
fn watch(context: &Context, of: &Batches) -> Result<(), Error> {
    let mut progress: Option<Progress> = None;
    loop {
        let begun = Instant::now();
        let answers = look(context, of)?;
        let batches: Vec<Batch> = answers.iter().map(typed).collect::<Result<_, _>>()?;
        let counts = sum(&batches);
        let done = (counts.total - counts.waiting - counts.deferred).into();
        progress.get_or_insert_with(|| Progress::new("recipients", done, counts.total.into())).set(done);
        let running = || batches.iter().filter(|batch| batch.state.is_some_and(|state| state.0 == BatchState::Running));
        let is_active =
            |batch: &Batch| batch.control.as_ref().is_some_and(|control| control.state.0 == Control::Active);
        if running().any(is_active) {
            // Large campaigns are looked at less often.
            std::thread::sleep(INTERVAL.max(begun.elapsed() * 10));
            continue;
        }
        if let Some(progress) = progress {
            progress.end();
        }
        show(context, of, &answers)?;
        return match running().next() {
            None => Ok(()),
            Some(batch) => {
                let control = batch.control.as_ref().map(|control| control.state).shown();
                Err(Error::Ended(format!(
                    "No invitations are sent: the campaign is {control}. See `campaigns resume`."
                )))
            }
        };
    }
}

/// Pauses, resumes or cancels. Each can be repeated. Batches of a campaign that have ended are left out, and those that
/// were purged are reported: the others must not go on because of them.
fn control(
    context: &Context,
    Campaign { campaign }: &Campaign,
    act: &(dyn Fn(&str) -> Result<Value, Error> + Sync),
) -> Result<(), Error> {
    let of = batches(context, campaign)?;
    let changes = each(&of.ids, |id| match act(id) {
        Err(Error::Problem(409, _)) if of.of_file => Ok(None),
        Err(Error::Problem(404, _)) if of.of_file => {
            eprintln!("batch {id} does not exist");
            Ok(None)
        }
        answer => answer.map(Some),
    });
    let (mut answers, mut failed) = (Vec::new(), None);
    for change in changes.into_iter().flatten() {
        match change {
            Ok(answer) => answers.extend(answer),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    if let Some(error) = failed {
        if of.of_file {
            let (changed, all) = (answers.len(), of.ids.len());
            eprintln!("{changed} of {all} batches were changed; repeat the command for the others.");
        }
        return Err(error);
    }
    if answers.is_empty() && of.of_file {
        return Err(Error::Refused("Every batch of the campaign has ended.".to_owned()));
    }
    show(context, &of, &answers)
}
