//! From the table's stream to SES: a new job with delivery method `EMAIL` gets its mail.
//!
//! 1. The mail is claimed for a minute, so that two runs do not both send it.
//! 2. The link is derived again: it is stored nowhere.
//! 3. SES takes it, and that is noted; or refuses it for good, and the job becomes `FAILED_TO_SEND`; or does not
//!    answer, and the claim is given back and the stream brings the record again.

mod mail;

use std::sync::Arc;

use binding::directory::Invocation;
use binding::job::{Command, DeliveryMethod, EmailStatus, Job};
use binding::link::{LinkKey, PublicUrl};
use binding::state::State;
use binding::unavailable::Unavailable;
use cloud::aws::Aws;
use cloud::boot::Error;
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::keys;
use cloud::mailer::{Mail, Mailer, Sent};
use cloud::stream::{Change, Failures, StreamEvent, change};
use cloud::table::{Claim, Holder, Table};

/// What the function needs.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    mailer: Mailer,
    link_key: LinkKey,
    public_url: PublicUrl,
}

impl Deps {
    /// From the function's environment.
    ///
    /// # Errors
    /// What keeps the function from starting.
    pub async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let aws = Aws::new(env)?;
        let (table, mailer) = (Table::new(&aws, env)?, Mailer::new(&aws, env)?);
        Ok(Self { table, clock, mailer, link_key: keys::link(&aws, env).await?, public_url: env.public_url()? })
    }
}

/// Sends the mails of a batch, and stops at the first that must be tried again.
///
/// # Errors
/// None: what fails is reported record by record.
pub async fn handle(deps: Arc<Deps>, batch: StreamEvent) -> Result<Failures, Error> {
    for record in &batch.records {
        let outcome = match change(record) {
            Ok(Change::Job { before: None, after }) if wants_mail(&after) => deps.mail(&after).await,
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            tracing::error!(dependency = error.dependency, detail = error.detail, "a mail was not sent yet");
            return Ok(Failures::from_record(record));
        }
    }
    Ok(Failures::default())
}

fn wants_mail(job: &Job) -> bool {
    job.delivery_method == DeliveryMethod::Email && job.state == State::LinkSent
}

impl Deps {
    async fn mail(&self, job: &Job) -> Result<(), Unavailable> {
        let job = match self.table.claim_mail(&job.job, self.clock.now()).await? {
            Claim::Ours(job) => job,
            Claim::Done => return Ok(()),
            Claim::Theirs => return Err(Unavailable::new("sesv2", "another run is sending this mail")),
        };
        let outcome = self.send(&job).await;
        let now = self.clock.now();
        let id = job.job.job;
        match outcome {
            Ok(Some(Sent::Accepted { message_id })) => {
                tracing::info!(job_id = %id, message_id, "mail sent");
                self.table.note_mail(&job.job, EmailStatus::Sent, &message_id, now).await
            }
            Ok(Some(Sent::Refused { reason })) => {
                tracing::warn!(job_id = %id, reason, "mail refused for good");
                // The state first: a crash after it leaves nothing to be done. A job that moved on meanwhile stays.
                drop(self.table.advance(&job.job, Holder::Us, Command::FailToSend, now).await?);
                self.table.note_mail(&job.job, EmailStatus::Refused, "", now).await
            }
            Ok(None) => Ok(()),
            Err(error) => {
                self.table.release_mail(&job.job).await?;
                Err(error)
            }
        }
    }

    /// Sends the mail of a job; nothing when whom it is for is gone.
    async fn send(&self, job: &Job) -> Result<Option<Sent>, Unavailable> {
        let subjects = self.table.subjects(&job.job.identity, None).await?;
        let (Some(realm), Some(person)) = (subjects.realm, subjects.identity) else { return Ok(None) };
        let Some(address) = person.primary_email_address.as_deref() else {
            return Ok(Some(Sent::Refused { reason: "the identity has no mail address any more".to_owned() }));
        };
        let config = self.table.config_version(&realm.realm, &job.config_id, job.config_version).await?;
        let token = self.link_key.derive(&job.job, job.link_version);
        let link = match config.invocation {
            Invocation::HostedWeb => self.public_url.hosted_link(&job.job, &token),
            Invocation::Embedded { .. } => self.public_url.embedded_link(&job.job, &token),
        };
        let invitation = mail::invitation(job, &realm, &person, &link);
        let from_name = if realm.email.from_name.is_empty() { &realm.display_name } else { &realm.email.from_name };
        let mail = Mail {
            to: address,
            from_name,
            reply_to: Some(realm.email.reply_to.as_str()).filter(|address| !address.is_empty()),
            subject: &invitation.subject,
            text: &invitation.text,
            html: &invitation.html,
            tags: &[
                ("tenant_id", tag(realm.realm.tenant.as_str())),
                ("realm_id", tag(realm.realm.realm.as_str())),
                ("identity_id", tag(job.job.identity.identity.as_str())),
                ("job_id", job.job.job.to_string()),
            ],
        };
        self.mailer.send(&mail).await.map(Some)
    }
}

/// A tag's value as SES takes it: letters, digits, `-`, `_`, `.` and `@`, where ids also have `~`. It is for reading
/// only; what SES tells of a mail is found by its message id.
fn tag(id: &str) -> String {
    id.replace('~', "_")
}
