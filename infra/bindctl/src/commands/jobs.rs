//! Credential binding jobs.

use serde_json::{Map, Value, json};

use super::{Context, list, set, watch};
use crate::args::{Delivery, JobOf, Jobs};
use crate::client::segment;
use crate::error::Error;
use crate::print::{self, Column};

const LIST: &[Column] = &[
    ("ID", "/id"),
    ("IDENTITY", "/identity_id"),
    ("STATE", "/state"),
    ("DELIVERY", "/delivery_method"),
    ("MAIL", "/email_status"),
    ("CREATED", "/create_time"),
    ("EXPIRES", "/expire_time"),
];

const JOB: &[Column] = &[
    ("id", "/id"),
    ("identity", "/identity_id"),
    ("state", "/state"),
    ("revoked by", "/revoked_by"),
    ("delivery", "/delivery_method"),
    ("mail", "/email_status"),
    ("because", "/email_status_reason"),
    ("config", "/authenticator_config_id"),
    ("redirect URI", "/post_binding_redirect_uri"),
    ("locale", "/locale"),
    ("last failure", "/last_failure/time"),
    ("because", "/last_failure/detail"),
    ("credential", "/credential_id"),
    ("renews", "/renews_job_id"),
    ("renewed by", "/renewed_by_job_id"),
    ("expires", "/expire_time"),
];

pub(super) fn run(context: &Context, command: Jobs) -> Result<(), Error> {
    let client = &context.client;
    let realm = client.realm()?;
    let all = |identity: &str| format!("{realm}/identities/{}/credential-binding-jobs", segment(identity));
    let one = |of: &JobOf| format!("{}/{}", all(&of.identity), segment(&of.id));
    match command {
        Jobs::Create { identity, config, delivery, expires_in, redirect, locale, idempotency_key, watch } => {
            let mut job = Map::new();
            let delivery = match delivery {
                Delivery::Email => "EMAIL",
                Delivery::Return => "RETURN",
            };
            set(&mut job, "delivery_method", Some(delivery));
            set(&mut job, "authenticator_config_id", Some(config));
            set(&mut job, "expires_in_seconds", expires_in);
            set(&mut job, "post_binding_redirect_uri", redirect);
            set(&mut job, "locale", locale);
            let key = idempotency_key.unwrap_or_else(fresh_key);
            let created = client.create(&all(&identity), &key, &json!({"job": job}))?;
            if context.json && !watch {
                print::json(&created);
                return Ok(());
            }
            let job = &created["credential_binding_job"];
            if !watch {
                show(context, job);
            }
            if let Some(link) = created["credential_binding_link"].as_str() {
                // On standard error with --json: what goes to standard output are the job's changes.
                let words = format!("The link, which nothing will show again:\n{link}");
                if context.json { eprintln!("{words}") } else { print::line(&words) }
            }
            if watch {
                let of = JobOf { id: print::text(job.get("id")), identity };
                return watch::run(context, &one(&of));
            }
        }
        Jobs::List { identity, filter, listing } => {
            let (path, filter) = (all(&identity), filter.as_deref());
            return list::show(context, &path, "credential_binding_jobs", &listing, filter, LIST);
        }
        Jobs::Get(of) => show(context, &client.get(&one(&of))?),
        Jobs::Watch(of) => return watch::run(context, &one(&of)),
        Jobs::Revoke(of) => show(context, &client.call("POST", &format!("{}:revoke", one(&of)), None)?),
        Jobs::Resend { job, expires_in } => {
            let mut body = Map::new();
            set(&mut body, "expires_in_seconds", expires_in);
            show(context, &client.call("POST", &format!("{}:resend", one(&job)), Some(&body.into()))?);
        }
    }
    Ok(())
}

/// Exchanges a code for its job.
pub(super) fn redeem(context: &Context, code: &str) -> Result<(), Error> {
    let path = format!("{}/credential-binding-jobs:redeem", context.client.realm()?);
    let redeemed = context.client.call("POST", &path, Some(&json!({"code": code})))?;
    show(context, &redeemed["credential_binding_job"]);
    Ok(())
}

/// A key that nobody used before. It is no secret.
#[expect(clippy::disallowed_methods, reason = "what functions draw comes from one place; this is no function")]
fn fresh_key() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// A job, with its timeline.
fn show(context: &Context, job: &Value) {
    context.show(JOB, job);
    if !context.json {
        print::line("");
        for transition in job["transitions"].as_array().into_iter().flatten() {
            print::line(&watch::transition(transition));
        }
    }
}
