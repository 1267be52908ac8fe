//! `bindctl campaigns create`.
//!
//! 1. The file is checked as a whole, then the settings, by a dry run of the API.
//! 2. The identities are created or changed. The campaign file records that all of them are.
//! 3. The batches are created, each with an idempotency key that follows from the file, the name and its number, and
//!    each is recorded in the campaign file. When the command is repeated, it creates those that are missing.

use std::collections::BTreeMap;
use std::path::PathBuf;

use api::operation::CREATE_BATCH;
use api::request::{
    BatchSettings, BatchTemplateSettings, CreateBatch, LARGEST_BATCH, OnExistingSettings, PacingSettings,
    QuietHoursSettings, ReminderSettings,
};
use api::scalar::{Named, OnEnrolled, OnPending, UpTo};
use api::view::{Batch, Plan, ProblemKind};
use ring::digest::{SHA256, digest};
use serde::Serialize;
use serde_json::Value;

use super::import::{self, Difference, Imported};
use super::people::{self, Person};
use super::record::{Record, failed};
use crate::args::campaigns::CreateCampaign;
use crate::client::is_kind;
use crate::commands::{Context, body, typed};
use crate::error::Error;
use crate::print::{Column, Shown as _};
use crate::progress::Progress;

/// What was done.
#[derive(Serialize)]
struct Created {
    campaign_file: PathBuf,
    people: usize,
    identities: Imported,
    batch_ids: Vec<String>,
}

const CREATED: &[Column<Created>] = &[
    ("campaign file", |created| created.campaign_file.display().to_string().shown()),
    ("people", |created| created.people.shown()),
    ("identities created", |created| created.identities.created.shown()),
    ("identities updated", |created| created.identities.updated.shown()),
    ("identities unchanged", |created| created.identities.unchanged.shown()),
    ("batches", |created| created.batch_ids.shown()),
];

/// What would be done.
#[derive(Serialize)]
struct Planned {
    people: usize,
    identities: Imported,
    invite: usize,
    defer: usize,
    skip: BTreeMap<String, usize>,
}

const PLANNED: &[Column<Planned>] = &[
    ("people", |planned| planned.people.shown()),
    ("identities to create", |planned| planned.identities.created.shown()),
    ("identities to update", |planned| planned.identities.updated.shown()),
    ("identities unchanged", |planned| planned.identities.unchanged.shown()),
    ("would be invited", |planned| planned.invite.shown()),
    ("after quiet hours", |planned| planned.defer.shown()),
    ("would be skipped", |planned| {
        planned.skip.iter().map(|(why, count)| format!("{why} {count}")).collect::<Vec<_>>().shown()
    }),
];

/// Creates a campaign or continues it, and returns its campaign file.
///
/// # Errors
/// See [`Error`].
pub(super) fn run(context: &Context, given: CreateCampaign) -> Result<PathBuf, Error> {
    let client = &context.client;
    let path = given.campaign_file.clone().unwrap_or_else(|| given.csv.with_extension("campaign.json"));
    let file = std::fs::read(&given.csv).map_err(|error| failed(&given.csv, &error))?;
    let people = people::read(&file).map_err(|errors| failed(&given.csv, &errors))?;
    let settings = settings(&given)?;
    // Tenant and realm must be known.
    client.path(&CREATE_BATCH, &[])?;
    let connection = client.connection.clone();
    let mut record = Record {
        url: connection.url,
        tenant: connection.tenant.unwrap_or_default(),
        realm: connection.realm.unwrap_or_default(),
        csv: given.csv,
        sha256: sha256(&file),
        name: given.name,
        settings: body(&settings)?,
        people: people.len(),
        identities: None,
        batches: people.len().div_ceil(LARGEST_BATCH),
        batch_ids: Vec::new(),
    };
    if path.exists() {
        let known = Record::read(&path, client)?;
        known.is_continued_by(&record, &path)?;
        record = known;
    } else {
        check_settings(context, &settings, &people)?;
    }
    if given.dry_run {
        let planned = plan(context, &settings, &people)?;
        context.report(PLANNED, &planned)?;
        return Ok(path);
    }
    let identities = match record.identities {
        Some(identities) => identities,
        None => Imported::of(&import::all(client, &people, true)?),
    };
    record.identities = Some(identities);
    record.write(&path)?;
    let progress = Progress::new("batches", record.batch_ids.len() as u64, record.batches as u64);
    for (index, part) in people.chunks(LARGEST_BATCH).enumerate().skip(record.batch_ids.len()) {
        let created = create_batch(context, &record, &settings, index, part);
        if let (0, Err(Error::Usage(_))) = (index, &created) {
            // The campaign was begun before, with other settings than this file has.
            drop(std::fs::remove_file(&path));
        }
        record.batch_ids.push(created?);
        record.write(&path)?;
        progress.step();
    }
    progress.end();
    let created =
        Created { campaign_file: path.clone(), people: people.len(), identities, batch_ids: record.batch_ids };
    // With --json --watch, standard output contains only the state at the end.
    if !(context.json && given.watch) {
        context.report(CREATED, &created)?;
    }
    Ok(path)
}

/// The settings of the batches, without recipients.
fn settings(given: &CreateCampaign) -> Result<BatchSettings, Error> {
    let quiet_hours = match (&given.quiet_hours, &given.time_zone) {
        (Some(span), Some(zone)) => {
            let form = || Error::Usage(format!("--quiet-hours {span}: must be a span, such as 20:00-08:00"));
            let (from, to) = span.split_once('-').ok_or_else(form)?;
            Some(QuietHoursSettings { time_zone: UpTo(zone.clone()), from: from.into(), to: to.into() })
        }
        _ => None,
    };
    let ramp = (!given.ramp.is_empty()).then(|| given.ramp.clone());
    let paced = given.max_per_minute.is_some() || ramp.is_some();
    let reminder = |after_seconds: &u64| ReminderSettings { after_seconds: *after_seconds };
    let existing = given.invite_enrolled || given.supersede_pending;
    Ok(BatchSettings {
        identity_ids: Vec::new(),
        job_template: BatchTemplateSettings {
            authenticator_config_id: Some(given.config.as_str().into()),
            post_binding_redirect_uri: given.redirect.clone().map(UpTo),
            expires_in_seconds: given.expires_in,
            ..BatchTemplateSettings::default()
        },
        start_time: given.start.as_deref().map(Into::into),
        pacing: paced.then_some(PacingSettings { max_per_minute: given.max_per_minute, ramp }),
        quiet_hours,
        reminders: (!given.reminders.is_empty()).then(|| given.reminders.iter().map(reminder).collect()),
        on_existing: existing.then_some(OnExistingSettings {
            enrolled: given.invite_enrolled.then_some(Named(OnEnrolled::Invite)),
            pending: given.supersede_pending.then_some(Named(OnPending::Supersede)),
        }),
        dry_run: None,
    })
}

/// The request for a batch of these people.
fn request<'a>(settings: &BatchSettings, ids: impl Iterator<Item = &'a Person>) -> BatchSettings {
    BatchSettings { identity_ids: ids.map(|person| person.id.as_str().into()).collect(), ..settings.clone() }
}

fn send_dry(context: &Context, mut batch: BatchSettings) -> Result<Value, Error> {
    batch.dry_run = Some(true);
    let request = body(&CreateBatch { batch_credential_binding_job: batch })?;
    context.client.call_repeatedly(CREATE_BATCH, &[], Some(&request))
}

/// Lets the API check the settings, before anything is changed.
///
/// # Errors
/// The violations, except that the identities do not exist yet.
fn check_settings(context: &Context, settings: &BatchSettings, people: &[Person]) -> Result<(), Error> {
    let Err(error) = send_dry(context, request(settings, people.iter().take(1))) else { return Ok(()) };
    let Error::Problem(400, mut problem) = error else { return Err(error) };
    let mut left = 0;
    for detail in problem["details"].as_array_mut().into_iter().flatten() {
        if let Some(violations) = detail["field_violations"].as_array_mut() {
            violations
                .retain(|violation| !violation["field"].as_str().is_some_and(|field| field.contains("identity_ids[")));
            left += violations.len();
        }
    }
    if left == 0 { Ok(()) } else { Err(Error::Problem(400, problem)) }
}

/// Creates the batch of a part of the file, or finds the one that an earlier run created.
fn create_batch(
    context: &Context,
    record: &Record,
    settings: &BatchSettings,
    index: usize,
    part: &[Person],
) -> Result<String, Error> {
    let campaign = sha256(format!("{}\n{}", record.sha256, record.name).as_bytes());
    let key = format!("bindctl-{campaign}-{}", index + 1);
    let send = |batch: BatchSettings| {
        let request = body(&CreateBatch { batch_credential_binding_job: batch })?;
        let answer = context.client.create(CREATE_BATCH, &[], &key, &request)?;
        let Batch { id, .. } = typed(&answer)?;
        id.map(|id| id.to_string()).ok_or_else(|| Error::Usage(format!("the API created no batch: {answer}")))
    };
    let batch = request(settings, part.iter());
    let at_once = BatchSettings { start_time: None, ..batch.clone() };
    // When the start has passed since the campaign was begun, the missing batches begin at once. The first request is
    // repeated for a batch that another run was creating in between.
    let tries = if batch.start_time.is_some() { vec![&batch, &at_once, &batch] } else { vec![&batch] };
    let mut last = None;
    for batch in tries {
        match send(batch.clone()) {
            Err(Error::Problem(400, problem)) if names_only(&problem, "start_time") => {
                last = Some(Error::Problem(400, problem));
            }
            Err(Error::Problem(422, problem)) if is_kind(&problem, ProblemKind::IdempotencyKeyReused) => {
                let words = "a campaign of this file and name was begun with other settings: use the same, or another \
                             --name";
                last = Some(failed(&record.csv, &words));
            }
            other => return other,
        }
    }
    Err(last.unwrap_or_else(|| Error::Usage("no batch was created".to_owned())))
}

/// Whether all violations of a 400 are about this field.
fn names_only(problem: &Value, name: &str) -> bool {
    let details = problem["details"].as_array().into_iter().flatten();
    let mut fields = details.filter_map(|detail| detail["field_violations"].as_array()).flatten();
    fields.all(|violation| violation["field"].as_str().is_some_and(|field| field.ends_with(name)))
}

/// The SHA-256 of bytes, in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What would be done with each person. Those who have no identity yet would be invited; the others are judged by the
/// API.
fn plan(context: &Context, settings: &BatchSettings, people: &[Person]) -> Result<Planned, Error> {
    let differences = import::all(&context.client, people, false)?;
    let (new, known): (Vec<_>, Vec<_>) =
        people.iter().zip(&differences).partition(|(_, difference)| **difference == Difference::New);
    let identities = Imported::of(&differences);
    let mut planned = Planned { people: people.len(), identities, invite: new.len(), defer: 0, skip: BTreeMap::new() };
    for part in known.chunks(LARGEST_BATCH) {
        let answer = send_dry(context, request(settings, part.iter().map(|(person, _)| *person)))?;
        let batch: Batch = typed(&answer)?;
        for recipient in batch.plan.unwrap_or_default() {
            match (recipient.plan, recipient.reason) {
                (Plan::Invite, _) => planned.invite += 1,
                (Plan::Defer, _) => planned.defer += 1,
                // The file has the address.
                (Plan::Skip, Some(reason)) if reason.name() == "no_email" => planned.invite += 1,
                (Plan::Skip, reason) => *planned.skip.entry(reason.shown()).or_default() += 1,
            }
        }
    }
    Ok(planned)
}
