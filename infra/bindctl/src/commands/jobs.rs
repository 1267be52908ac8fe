//! Credential binding jobs.

use api::operation::*;
use api::request::{CreateJob, JobSettings, Redeem, Resend};
use api::scalar::{DeliveryMethod, Named, UpTo};
use api::view::{CreatedJob, Job, JobList};
use serde_json::Value;

use super::{Context, body, list, typed, watch};
use crate::args::{Delivery, JobOf, Jobs};
use crate::error::Error;
use crate::print::{self, Column, Shown as _};

const LIST: &[Column<Job>] = &[
    ("ID", |element| element.id.shown()),
    ("IDENTITY", |element| element.identity_id.shown()),
    ("STATE", |element| element.state.shown()),
    ("DELIVERY", |element| element.delivery_method.shown()),
    ("MAIL", |element| element.email_status.shown()),
    ("CREATED", |element| element.create_time.shown()),
    ("EXPIRES", |element| element.expire_time.shown()),
];

const JOB: &[Column<Job>] = &[
    ("id", |element| element.id.shown()),
    ("identity", |element| element.identity_id.shown()),
    ("state", |element| element.state.shown()),
    ("revoked by", |element| element.revoked_by.shown()),
    ("delivery", |element| element.delivery_method.shown()),
    ("mail", |element| element.email_status.shown()),
    ("because", |element| element.email_status_reason.shown()),
    ("config", |element| element.authenticator_config_id.shown()),
    ("redirect URI", |element| element.post_binding_redirect_uri.shown()),
    ("locale", |element| element.locale.shown()),
    ("last failure", |element| element.last_failure.as_ref().map(|failure| failure.time).shown()),
    ("because", |element| element.last_failure.as_ref().map(|failure| &failure.detail).shown()),
    ("credential", |element| element.credential_id.shown()),
    ("renews", |element| element.renews_job_id.shown()),
    ("renewed by", |element| element.renewed_by_job_id.shown()),
    ("expires", |element| element.expire_time.shown()),
];

pub(super) fn run(context: &Context, command: Jobs) -> Result<(), Error> {
    let client = &context.client;
    let watch = |identity: &str, id: &str| watch::run(context, &client.path(&GET_JOB, &[identity, id])?);
    match command {
        Jobs::Create { identity, config, delivery, expires_in, redirect, locale, idempotency_key, watch: follow } => {
            let job = JobSettings {
                delivery_method: Named(match delivery {
                    Delivery::Email => DeliveryMethod::Email,
                    Delivery::Return => DeliveryMethod::Return,
                }),
                authenticator_config_id: Some(config.into()),
                authenticator_config: None,
                post_binding_redirect_uri: redirect.map(UpTo),
                expires_in_seconds: expires_in,
                locale: locale.map(UpTo),
                reminders: None,
            };
            let key = idempotency_key.unwrap_or_else(fresh_key);
            let answer = client.create(CREATE_JOB, &[&identity], &key, &body(&CreateJob { job })?)?;
            if context.json && !follow {
                print::json(&answer);
                return Ok(());
            }
            let created: CreatedJob = typed(&answer)?;
            if !follow {
                lines(&created.credential_binding_job);
            }
            if let Some(link) = created.credential_binding_link {
                // With --json on standard error, because standard output contains the job's changes.
                let words = format!("The link, which nothing will show again:\n{link}");
                if context.json { eprintln!("{words}") } else { print::line(&words) }
            }
            if follow {
                return watch(&identity, &created.credential_binding_job.id.to_string());
            }
            Ok(())
        }
        Jobs::List { identity, filter, listing } => {
            list::show::<JobList, _>(context, (LIST_JOBS, &[&identity]), &listing, filter.as_deref(), LIST)
        }
        Jobs::Get(JobOf { identity, id }) => show(context, &client.call(GET_JOB, &[&identity, &id], None)?),
        Jobs::Watch(JobOf { identity, id }) => watch(&identity, &id),
        Jobs::Revoke(JobOf { identity, id }) => show(context, &client.call(REVOKE_JOB, &[&identity, &id], None)?),
        Jobs::Resend { job: JobOf { identity, id }, expires_in } => {
            let resend = body(&Resend { expires_in_seconds: expires_in })?;
            show(context, &client.call(RESEND, &[&identity, &id], Some(&resend))?)
        }
    }
}

/// Exchanges a code for its job.
pub(super) fn redeem(context: &Context, code: &str) -> Result<(), Error> {
    let redeem = body(&Redeem { code: UpTo(code.to_owned()) })?;
    let redeemed = context.client.call(REDEEM, &[], Some(&redeem))?;
    show(context, &redeemed["credential_binding_job"])
}

/// A new idempotency key. It is not secret.
#[expect(clippy::disallowed_methods, reason = "functions draw random bytes in one place; this is not a function")]
fn fresh_key() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Prints a job, as JSON or as lines.
fn show(context: &Context, answer: &Value) -> Result<(), Error> {
    if context.json {
        print::json(answer);
    } else {
        lines(&typed(answer)?);
    }
    Ok(())
}

/// A job, with its timeline.
fn lines(job: &Job) {
    print::details(JOB, job);
    print::line("");
    job.transitions.iter().for_each(|transition| print::line(&watch::transition(transition)));
}
