//! Sends mail from the table's stream through SES: the link of a job with delivery method `EMAIL`, the same link again
//! on request, and a notice of each new passkey.
//!
//! 1. The mail waits for its turn, so that all runs together send at the pace that SES allows.
//! 2. It is claimed for a minute, so that two runs do not both send it.
//! 3. The link is derived again, because it is not stored.
//! 4. If SES accepts the mail, that is recorded. If SES rejects it permanently, the job becomes `FAILED_TO_SEND`. If SES
//!    does not respond, the claim is released and the stream delivers the record again.
//!
//! A run that dies keeps its claim, and the record is retried until the claim expires. That is not logged as an error.
//! An unreadable record is set aside with its content, and the shard goes on.

mod pace;

use std::sync::Arc;

use binding::directory::{Identity, Realm};
use binding::job::{Disownment, Job};
use binding::link::{Link, PublicUrl};
use binding::mail::{EmailStatus, Letter};
use binding::model;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use cloud::aws::Aws;
use cloud::boot::{Error, FromEnv};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::keys::LinkKeys;
use cloud::mail_tags::MailTags;
use cloud::mailer::{Mail, Mailer, Sent};
use cloud::metric::Metrics;
use cloud::sending::SendingQuota;
use cloud::set_aside::SetAside;
use cloud::stream::{Change, Failures, change_in};
use cloud::table::{EmailReport, Lease, Table};

use crate::pace::Pace;
use mail::{Invitation, Letterhead, Notice, Occasion, name};
use serde_json::Value;
use tokio::task::JoinSet;

/// The function's dependencies.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    mailer: Mailer,
    link_keys: LinkKeys,
    public_url: PublicUrl,
    set_aside: SetAside,
    metrics: Metrics,
    pace: Pace,
}

impl FromEnv for Deps {
    async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let aws = Aws::new(env)?;
        let (table, mailer) = (Table::new(&aws, env)?, Mailer::new(&aws, env)?);
        let metrics = Metrics::new(env, clock.clone())?;
        let (link_keys, public_url) = (LinkKeys::open(&aws, env).await?, env.public_url()?);
        let set_aside = SetAside::new(&aws, env)?;
        let pace = Pace::new(&table, &clock, SendingQuota::new(&aws));
        Ok(Self { table, clock, mailer, link_keys, public_url, set_aside, metrics, pace })
    }
}

/// When a mail counts as late, in seconds after its request.
const LATE_SECONDS: i64 = 5 * 60;

/// How long the recipient of a notice can remove the passkey, in hours.
const DISOWNMENT_HOURS: u32 = 24;

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// The result of handling a record.
enum Handled {
    /// The mail was sent, or none is needed.
    Done,
    /// Another run has claimed the mail, and may have died since: the record must be retried.
    Leased,
    /// More mails are waiting than SES takes within seconds: the record must be retried.
    Later,
}

/// The number of mails of a batch that are sent concurrently.
const AT_ONCE: usize = 10;

/// Sends the mails of a batch of stream records (`{"Records": […]}`), several concurrently. Invitations are sent
/// before notices, because users wait for them. Records are parsed one by one, so that an unreadable one does not
/// affect the others. The first record to retry is reported. Mails after it that were sent are not sent again, because
/// each is claimed.
///
/// # Errors
/// When the payload is not a batch. Failures within a batch are part of the response.
pub async fn handle(deps: Arc<Deps>, payload: Value) -> Result<Failures, Error> {
    let records = payload.get("Records").and_then(Value::as_array).ok_or("the payload has no Records")?;
    let alone = records.len() == 1;
    let (notices, invitations): (Vec<usize>, Vec<usize>) =
        (0..records.len()).partition(|index| is_notice(&records[*index]));
    let mut left = None;
    for some in invitations.chunks(AT_ONCE).chain(notices.chunks(AT_ONCE)) {
        let mut sends = JoinSet::new();
        for &index in some {
            let (deps, record) = (deps.clone(), records[index].clone());
            sends.spawn(async move { (index, deps.handle_record(&record, alone).await) });
        }
        while let Some(sent) = sends.join_next().await {
            let (index, why) = match sent? {
                (_, Ok(Handled::Done)) => continue,
                (index, Ok(Handled::Leased)) => (index, "another run has claimed this mail"),
                (index, Ok(Handled::Later)) => (index, "this mail has to wait for others"),
                (index, Err(error)) => {
                    tracing::error!(dependency = error.dependency, detail = error.detail, "a mail was not sent yet");
                    left = Some(left.unwrap_or(index).min(index));
                    continue;
                }
            };
            tracing::info!(why, "a mail is retried");
            left = Some(left.unwrap_or(index).min(index));
        }
    }
    Ok(left.map(|index: usize| Failures::from_sequence_number(sequence_number(&records[index]))).unwrap_or_default())
}

/// Whether a record requests the notice of a new passkey.
fn is_notice(record: &Value) -> bool {
    record["dynamodb"]["NewImage"]["notice"]["S"] == "WANTED"
}

/// Why an invitation is sent.
fn occasion(job: &Job, now: Timestamp) -> Occasion {
    if job.reminder_mail == Some(job.mails) {
        let seconds = job.expire_time.seconds().saturating_sub(now.seconds());
        return Occasion::Reminder { days_left: u32::try_from((seconds + DAY_SECONDS - 1) / DAY_SECONDS).unwrap_or(0) };
    }
    if job.renews.is_some() { Occasion::Renewed } else { Occasion::Created }
}

/// Whether SES refused a mail because the sending rate is exceeded.
fn is_throttled(error: &Unavailable) -> bool {
    error.dependency == "sesv2"
        && ["TooManyRequestsException", "ThrottlingException", "Throttling"].contains(&error.detail.as_str())
}

fn sequence_number(record: &Value) -> &str {
    record["dynamodb"]["SequenceNumber"].as_str().unwrap_or_default()
}

impl Deps {
    /// Sends the mail that a record requests.
    async fn handle_record(&self, record: &Value, alone: bool) -> Result<Handled, Unavailable> {
        match change_in(record) {
            Ok(Change::Job { after, .. }) => self.mail(&after, alone).await,
            Ok(_) => Ok(Handled::Done),
            Err(unreadable) => self.put_aside(record, &unreadable.detail).await,
        }
    }

    /// Sets aside a record that can never be handled.
    async fn put_aside(&self, record: &Value, reason: &str) -> Result<Handled, Unavailable> {
        let sequence_number = sequence_number(record);
        self.set_aside.put(sequence_number, record, reason).await?;
        tracing::error!(sequence_number, reason, "a record was set aside");
        self.metrics.count(&[("RecordsSetAside", 1)]);
        Ok(Handled::Done)
    }

    /// Sends the mail of a job's present state, if it was not sent yet.
    async fn mail(&self, job: &Job, alone: bool) -> Result<Handled, Unavailable> {
        match job.letter() {
            Some(Letter::Notice) => self.notify(job, alone).await,
            Some(Letter::Invitation) if !self.pace.turn(alone).await? => Ok(Handled::Later),
            Some(Letter::Invitation) => match self.claim(job, Letter::Invitation, None).await? {
                Ok(job) => self.settle(&job, Letter::Invitation, self.invite(&job).await).await,
                Err(outcome) => Ok(outcome),
            },
            None => Ok(Handled::Done),
        }
    }

    /// Claims the mail, and returns the current job if this run sends it.
    async fn claim(
        &self,
        job: &Job,
        letter: Letter,
        disownment: Option<Disownment>,
    ) -> Result<Result<Job, Handled>, Unavailable> {
        Ok(match self.table.lease_mail(&job.reference, letter, disownment, self.clock.now()).await? {
            Lease::Ours(job) => Ok(*job),
            Lease::Done => Err(Handled::Done),
            Lease::Theirs => Err(Handled::Leased),
        })
    }

    /// Releases the claim after a failure.
    async fn settle(&self, job: &Job, letter: Letter, sent: Result<(), Unavailable>) -> Result<Handled, Unavailable> {
        if let Err(error) = &sent {
            if is_throttled(error) {
                // All mails slow down, and so do batches.
                self.table.note_throttled(self.clock.now()).await?;
            }
            self.table.release_mail(&job.reference, letter, self.clock.now()).await?;
        }
        sent.map(|()| Handled::Done)
    }

    /// Sends the mail with a job's link.
    async fn invite(&self, job: &Job) -> Result<(), Unavailable> {
        let sent = self.send_invitation(job).await;
        let (id, now) = (job.reference.id, self.clock.now());
        match sent? {
            Some(Sent::Accepted { message_id }) => {
                tracing::info!(job_id = %id, message_id, "mail sent");
                let late = job.last_mail_time.is_some_and(|asked| asked.plus_seconds(LATE_SECONDS) < now);
                self.metrics.count(&[("MailsSentLate", u64::from(late))]);
                self.table.note_sent(&job.reference, job.mails, &message_id, now).await
            }
            Some(Sent::NotAllowed { reason }) => Err(self.not_allowed(&reason)),
            Some(Sent::Undeliverable { reason }) => {
                tracing::warn!(job_id = %id, reason, "SES rejected the mail permanently");
                let (status, batch_id) = (EmailStatus::Rejected, job.batch_id);
                let report = EmailReport { mail: job.mails, status, reason: &reason, batch_id };
                self.table.record_email_status(&job.reference, report, now).await
            }
            None => Ok(()),
        }
    }

    /// Sends the invitation; `None` if the identity was erased or is suspended. Once it is active again, the link can
    /// be resent.
    async fn send_invitation(&self, job: &Job) -> Result<Option<Sent>, Unavailable> {
        let subjects = self.table.subjects(&job.reference.identity, None, None).await?;
        let person = subjects.identity.filter(|person| job.is_for(person) && !person.is_suspended());
        let (Some(realm), Some(person)) = (subjects.realm, person) else { return Ok(None) };
        let Some(address) = person.primary_email_address.as_deref() else {
            return Ok(Some(Sent::Undeliverable { reason: "no_address".to_owned() }));
        };
        let config = self.table.config_version(&realm.reference, &job.config_id, job.config_version).await?;
        let key = self.link_keys.of(job.link_key, self.clock.now()).await?;
        let token = key.derive(&job.reference, job.link_version);
        let link = self.public_url.link(&config.invocation, &job.reference, &token);
        let decline = self.public_url.decline_link(&job.reference, &token);
        let invitation = Invitation {
            link: link.expose(),
            decline: decline.expose(),
            expire_time: job.expire_time,
            occasion: occasion(job, self.clock.now()),
        };
        let text = mail::invitation(&Letterhead::new(&realm, &person, job.locale.as_deref()), &invitation);
        self.post(&realm, address, &text, job, Letter::Invitation, job.mails).await.map(Some)
    }

    /// Mails the notice of the new passkey, if the realm enables notices and the identity has an address.
    async fn notify(&self, job: &Job, alone: bool) -> Result<Handled, Unavailable> {
        let subjects = self.table.people(&job.reference.identity).await?;
        let person = subjects.identity.filter(|person| job.is_for(person) && !person.is_suspended());
        let (Some(realm), Some(person)) = (subjects.realm, person) else { return Ok(Handled::Done) };
        let Some(address) = person.primary_email_address.as_deref().filter(|_| realm.email.passkey_notice) else {
            return Ok(Handled::Done);
        };
        if !self.pace.turn(alone).await? {
            return Ok(Handled::Later);
        }
        let key = self.link_keys.of(job.link_key, self.clock.now()).await?;
        let secret = key.derive_disownment(&job.reference);
        let expire_time = self.clock.now().plus_seconds(i64::from(DISOWNMENT_HOURS) * 60 * 60);
        let right = Disownment { hash: secret.hash(), expire_time };
        let job = match self.claim(job, Letter::Notice, Some(right)).await? {
            Ok(job) => job,
            Err(outcome) => return Ok(outcome),
        };
        let link = self.public_url.disown_link(&job.reference, &secret);
        let sent = self.send_notice(&job, &realm, &person, address, &link).await;
        self.settle(&job, Letter::Notice, sent).await
    }

    async fn send_notice(
        &self,
        job: &Job,
        realm: &Realm,
        person: &Identity,
        address: &str,
        link: &Link,
    ) -> Result<(), Unavailable> {
        let credential = match job.credential_id {
            Some(id) => self.table.credential(&job.reference.identity, id).await?,
            None => None,
        };
        if let Some(credential) = credential {
            let notice = Notice {
                model: credential.facts.webauthn.as_ref().and_then(|facts| model::name(&facts.aaguid)),
                create_time: credential.create_time,
                disown: link.expose(),
                hours: DISOWNMENT_HOURS,
            };
            let text = mail::notice(&Letterhead::new(realm, person, job.locale.as_deref()), &notice);
            match self.post(realm, address, &text, job, Letter::Notice, 1).await? {
                Sent::Accepted { message_id } => tracing::info!(job_id = %job.reference.id, message_id, "notice sent"),
                Sent::Undeliverable { reason } => {
                    tracing::warn!(job_id = %job.reference.id, reason, "SES rejected the notice permanently")
                }
                Sent::NotAllowed { reason } => return Err(self.not_allowed(&reason)),
            }
        }
        self.table.note_notice(&job.reference, self.clock.now()).await
    }

    /// Counts a fault of the account for a separate alarm, because no link is mailed until an operator has fixed it.
    fn not_allowed(&self, reason: &str) -> Unavailable {
        self.metrics.count(&[("SendingNotAllowed", 1)]);
        Unavailable::new("sesv2", format!("SES does not allow this account to send: {reason}"))
    }

    async fn post(
        &self,
        realm: &Realm,
        address: &str,
        text: &mail::Text,
        job: &Job,
        letter: Letter,
        number: u32,
    ) -> Result<Sent, Unavailable> {
        let from_name = if realm.email.from_name.is_empty() { &realm.display_name } else { &realm.email.from_name };
        let mail = Mail {
            to: address,
            from_name: &name::of_sender(from_name),
            reply_to: Some(realm.email.reply_to.as_str()).filter(|address| !address.is_empty()),
            subject: &text.subject,
            text: &text.text,
            html: &text.html,
            tags: Some(&MailTags { job: job.reference.clone(), letter, number, batch_id: job.batch_id }),
        };
        self.mailer.send(&mail).await
    }
}
