//! Plays a case: the actions of its users, and what they know.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use binding::time::Timestamp;
use serde_json::{Value, json};

use super::reference::{Ask, Belief, Expiry, State};
use super::{Op, Proof};
use crate::authenticator::{Device, register};
use crate::world::{Answer, Invited, REALM, World, job};

const CEREMONY_MILLIS: i64 = 15 * 60 * 1000;

/// What a worker has read of the stack's journals, which continue from case to case.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    cases: usize,
    mails: usize,
    pub(crate) events: usize,
}

/// A ceremony token, and the request that the device got for it.
#[derive(Clone)]
struct Ceremony {
    token: String,
    /// The earliest and the latest time at which it expires.
    ends: (i64, i64),
    options: Option<Value>,
}

/// A proof that was sent.
#[derive(Clone)]
struct Sent {
    ceremony: Ceremony,
    registration: Value,
    good: bool,
}

/// A job that its creator knows.
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) mailed: bool,
    pub(crate) belief: Belief,
    pub(crate) credential: Option<String>,
    pub(crate) credential_revoked: bool,
    invited: Invited,
    expires: i64,
    ceremonies: Vec<Ceremony>,
    sent: Option<Sent>,
    won: Option<Value>,
    refused: u32,
    /// The latest `update_time` that was read.
    updated: String,
    /// When a mail was last requested.
    mail_asked: i64,
    /// The maximum number of resends that may have happened.
    pub(crate) resends: usize,
    /// The mail that SES reported as undeliverable.
    pub(crate) bounced: Option<Value>,
}

impl Known {
    fn expiry(&self, before: i64, after: i64) -> Expiry {
        match self.expires {
            expires if after < expires => Expiry::Ahead,
            expires if before >= expires => Expiry::Past,
            _ => Expiry::Now,
        }
    }
}

pub(crate) struct Play<'a> {
    pub(crate) world: &'a World,
    pub(crate) seen: &'a mut Seen,
    pub(crate) identity: String,
    pub(crate) jobs: Vec<Known>,
    /// The number of creations whose outcome is unknown.
    pub(crate) doubtful: usize,
    /// The number of responses by the gateway for a function that died.
    pub(crate) broken: usize,
    pub(crate) secrets: BTreeSet<String>,
    /// The mails with a job's link, by job.
    pub(crate) mails: BTreeMap<String, Vec<Value>>,
    /// The jobs for which a notice was sent.
    pub(crate) notices: Vec<String>,
    pub(crate) may_fail: bool,
}

impl<'a> Play<'a> {
    pub(crate) async fn begin(world: &'a World, seen: &'a mut Seen, may_fail: bool) -> Self {
        seen.cases += 1;
        let identity = format!("{REALM}/identities/case-{}", seen.cases);
        let traits = json!({"username": format!("case-{}", seen.cases), "primary_email_address": "case@example.com"});
        let body = json!({"identity": {"display_name": "A case", "traits": traits}});
        world.call("PUT", &identity, &body).await.ok();
        let (jobs, secrets, mails, notices) = (Vec::new(), BTreeSet::new(), BTreeMap::new(), Vec::new());
        Self { world, seen, identity, jobs, doubtful: 0, broken: 0, secrets, mails, notices, may_fail }
    }

    pub(crate) async fn take(&mut self, op: &Op) {
        match *op {
            Op::Create { mailed, short } => self.create(mailed, short).await,
            Op::Pass(seconds) => self.world.stack.clock().advance(seconds * 1000),
            _ if self.jobs.is_empty() => {}
            Op::Open(job) => self.open(self.index(job)).await,
            Op::Guess(job) => self.guess(self.index(job)).await,
            Op::Deliver(job) => self.deliver(self.index(job)).await,
            Op::Fetch(job) => self.fetch(self.index(job)).await,
            Op::Bind(job, proof) => self.bind(self.index(job), proof).await,
            Op::Revoke(job) => self.revoke(self.index(job)).await,
            Op::Decline(job) => self.decline(self.index(job)).await,
            Op::Resend(job) => self.resend(self.index(job)).await,
            Op::Bounce(job) => self.bounce(self.index(job)).await,
            Op::RevokeCredential(job) => self.revoke_credential(self.index(job)).await,
            Op::Read(job) => self.read(self.index(job)).await,
        }
    }

    fn index(&self, job: usize) -> usize {
        job % self.jobs.len()
    }

    async fn create(&mut self, mailed: bool, short: bool) {
        let more = if short { json!({"expires_in_seconds": 3600}) } else { json!({}) };
        let body = job(if mailed { "EMAIL" } else { "RETURN" }, &more);
        let answer = self.world.call("POST", &format!("{}/credential-binding-jobs", self.identity), &body).await;
        match self.outcome(&answer).as_deref() {
            Some("ok") => {}
            None => return self.doubtful += 1,
            Some(other) => panic!("a job was not created: {other}: {}", answer.text),
        }
        let made = &answer.json["credential_binding_job"];
        let id = made["id"].as_str().unwrap().to_owned();
        let secret = answer.json["credential_binding_link"].as_str().map(secret_of).unwrap_or_default();
        assert_eq!(secret.is_empty(), mailed, "{}", answer.text);
        self.secrets.extend(Some(secret.clone()).filter(|secret| !secret.is_empty()));
        self.jobs.push(Known {
            invited: Invited { path: format!("{}/credential-binding-jobs/{id}", self.identity), secret },
            id,
            mailed,
            belief: Belief { states: BTreeSet::from([State::Sent]), may_fail: mailed && self.may_fail },
            expires: Timestamp::parse(made["expire_time"].as_str().unwrap()).unwrap().millis(),
            credential: None,
            credential_revoked: false,
            ceremonies: Vec::new(),
            sent: None,
            won: None,
            refused: 0,
            updated: String::new(),
            mail_asked: self.now(),
            resends: 0,
            bounced: None,
        });
    }

    /// Waits for the job's mail, if its link was not returned, and returns whether its secret is known.
    async fn has_link(&mut self, job: usize) -> bool {
        for _ in 0..15 {
            if !self.jobs[job].invited.secret.is_empty() {
                break;
            }
            self.fetch_mails().await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        !self.jobs[job].invited.secret.is_empty()
    }

    async fn open(&mut self, job: usize) {
        if !self.has_link(job).await {
            return;
        }
        let before = self.now();
        let answer = self.world.open(&self.jobs[job].invited).await;
        self.learn(job, Ask::Open, None, before, &answer);
        if answer.status == 200 {
            let token = answer.json["token"].as_str().unwrap().to_owned();
            self.secrets.insert(token.clone());
            let ends = (before + CEREMONY_MILLIS, self.now() + CEREMONY_MILLIS);
            self.jobs[job].ceremonies.push(Ceremony { token, ends, options: None });
        }
    }

    async fn guess(&mut self, job: usize) {
        let path = self.jobs[job].invited.path.clone();
        let invited = Invited { path, secret: "A".repeat(43) };
        let answer = self.world.open(&invited).await;
        assert!(matches!(self.outcome(&answer).as_deref(), None | Some("unknown-link")), "{}", answer.text);
    }

    async fn deliver(&mut self, job: usize) {
        let Some(ceremony) = self.jobs[job].ceremonies.last().cloned() else { return };
        let before = self.now();
        let answer = self.world.get_info(&self.jobs[job].invited, &ceremony.token).await;
        self.learn(job, Ask::Deliver, Some(&ceremony), before, &answer);
        if answer.status == 200 {
            let options = answer.json["creation_options"].clone();
            assert!(options["challenge"].is_string(), "{}", answer.text);
            self.jobs[job].ceremonies.last_mut().unwrap().options = Some(options);
        }
    }

    async fn fetch(&mut self, job: usize) {
        if !self.has_link(job).await {
            return;
        }
        let before = self.now();
        let answer = self.world.get_info(&self.jobs[job].invited, &self.jobs[job].invited.secret).await;
        self.learn(job, Ask::Deliver, None, before, &answer);
        if answer.status == 200 {
            let token = answer.json["token"].as_str().unwrap().to_owned();
            self.secrets.insert(token.clone());
            let ends = (before + CEREMONY_MILLIS, self.now() + CEREMONY_MILLIS);
            let options = Some(answer.json["creation_options"].clone());
            self.jobs[job].ceremonies.push(Ceremony { token, ends, options });
        }
    }

    async fn bind(&mut self, job: usize, proof: Proof) {
        let others = self.jobs.iter().enumerate().filter(|(index, _)| *index != job);
        let foreign = others.filter_map(|(_, other)| other.ceremonies.last()).next().cloned();
        let known = &self.jobs[job];
        let ceremony = match proof {
            Proof::Stale => known.ceremonies.first().cloned(),
            Proof::Foreign => foreign,
            _ => known.ceremonies.last().cloned(),
        };
        let (sent, ceremony) = match (proof, known.sent.clone(), ceremony) {
            (Proof::Replayed, Some(sent), _) => (sent.clone(), sent.ceremony),
            (Proof::Replayed, None, _) | (_, _, None) => return,
            (_, _, Some(ceremony)) => {
                let unasked = json!({"challenge": "AAAA", "rp": {"id": "localhost"}});
                let options = ceremony.options.as_ref().unwrap_or(&unasked);
                let wrong = matches!(proof, Proof::Wrong);
                let origin = if wrong { "https://evil.example" } else { self.world.stack.base() };
                let registration =
                    if wrong { Device::new(origin).register(options) } else { register(options, origin) };
                let good = !wrong && ceremony.options.is_some();
                (Sent { ceremony: ceremony.clone(), registration, good }, ceremony)
            }
        };
        let before = self.now();
        let answer = self.world.bind(&known.invited, &ceremony.token, &sent.registration).await;
        if matches!(proof, Proof::Foreign) {
            assert!(matches!(self.outcome(&answer).as_deref(), None | Some("unknown-link")), "{}", answer.text);
            return;
        }
        let ask = if sent.good { Ask::BindWell } else { Ask::BindBadly };
        self.learn(job, ask, Some(&ceremony), before, &answer);
        let known = &mut self.jobs[job];
        if answer.status == 200 {
            known.credential = Some(answer.json["id"].as_str().unwrap().to_owned());
            known.won = Some(sent.registration.clone());
        } else if answer.kind() == "job-complete" && known.won.as_ref() == Some(&sent.registration) {
            assert_eq!(answer.json["credential_id"].as_str(), known.credential.as_deref(), "the winner gets the id");
        }
        known.refused += u32::from(ask == Ask::BindBadly);
        known.sent = Some(sent);
    }

    async fn revoke(&mut self, job: usize) {
        let before = self.now();
        let answer = self.world.call("POST", &format!("{}:revoke", self.jobs[job].invited.path), &Value::Null).await;
        self.learn(job, Ask::Revoke, None, before, &answer);
    }

    async fn decline(&mut self, job: usize) {
        let invited = &self.jobs[job].invited;
        if invited.secret.is_empty() {
            return;
        }
        let before = self.now();
        let answer = self.world.bearing(&invited.secret, "POST", &format!("{}:decline", invited.path), "").await;
        self.learn(job, Ask::Decline, None, before, &answer);
    }

    async fn resend(&mut self, job: usize) {
        let before = self.now();
        let answer = self.world.call("POST", &format!("{}:resend", self.jobs[job].invited.path), &Value::Null).await;
        let known = &mut self.jobs[job];
        match answer.kind() {
            "mail-too-soon" => return assert!(before < known.mail_asked + 60_000, "{}", answer.text),
            "too-many-mails" => return assert!(known.resends >= 9, "{}", answer.text),
            _ if answer.json["title"] == "Never mailed" => return assert!(!known.mailed, "{}", answer.text),
            _ => {}
        }
        if answer.status == 200 || answer.status >= 500 {
            known.mail_asked = self.world.stack.clock().now().millis();
            known.resends += 1;
        }
        self.learn(job, Ask::Resend, None, before, &answer);
    }

    async fn bounce(&mut self, job: usize) {
        self.fetch_mails().await;
        let known = &mut self.jobs[job];
        let Some(mail) = self.mails.get(&known.id).and_then(|mails| mails.last()) else { return };
        let body = json!({"message_id": mail["message_id"], "event": "bounce"}).to_string();
        self.world.send("POST", "/_local/email-events", &[], body).await.ok();
        known.bounced = Some(mail["tags"]["mail"].clone());
        known.belief.may_fail = true;
    }

    async fn revoke_credential(&mut self, job: usize) {
        let Some(id) = self.jobs[job].credential.clone() else { return };
        let path = format!("{}/credentials/{id}:revoke", self.identity);
        let answer = self.world.call("POST", &path, &Value::Null).await;
        match self.outcome(&answer).as_deref() {
            Some("ok") => self.jobs[job].credential_revoked = true,
            None => {}
            Some(other) => panic!("a credential was not revoked: {other}: {}", answer.text),
        }
    }

    pub(crate) async fn read(&mut self, job: usize) {
        let before = self.now();
        let answer = self.world.call("GET", &self.jobs[job].invited.path, &Value::Null).await;
        if let Some(updated) = answer.json["update_time"].as_str() {
            let before = std::mem::replace(&mut self.jobs[job].updated, updated.to_owned());
            assert!(before.as_str() <= updated, "update_time was {before}: {}", answer.text);
        }
        self.learn(job, Ask::Read, None, before, &answer);
    }

    /// Checks a response against the outcomes that the reference model allows.
    fn learn(&mut self, job: usize, ask: Ask, ceremony: Option<&Ceremony>, before: i64, answer: &Answer) {
        let (outcome, after) = (self.outcome(answer), self.now());
        let known = &mut self.jobs[job];
        match (outcome.as_deref(), ceremony) {
            (Some("ceremony-expired"), Some(ceremony)) => {
                return assert!(after >= ceremony.ends.0, "it has not expired: {}", answer.text);
            }
            (Some("too-many-attempts"), Some(_)) => {
                assert!(known.refused >= 10 && known.belief.states.remove(&State::Delivered), "{}", answer.text);
                known.belief.states = BTreeSet::from([State::Delivered]);
                return;
            }
            (Some(_), Some(ceremony)) => assert!(before < ceremony.ends.1, "it has expired: {}", answer.text),
            _ => {}
        }
        let expiry = known.expiry(before, after);
        let outcome =
            if ask == Ask::Read && outcome.is_some() { answer.json["state"].as_str() } else { outcome.as_deref() };
        if let Err(error) = known.belief.learn(ask, expiry, outcome) {
            panic!("job {job}: {error}: {} {}", answer.status, answer.text);
        }
    }

    /// The outcome in a response: `ok` or the kind of problem; `None` when it is unknown.
    fn outcome(&mut self, answer: &Answer) -> Option<String> {
        match answer.status {
            200 => Some("ok".to_owned()),
            500 => {
                assert_eq!(answer.json, json!({"message": "Internal Server Error"}));
                self.broken += 1;
                None
            }
            status => {
                answer.problem(status);
                let kind = if answer.kind() == "about:blank" { answer.json["code"].as_str()? } else { answer.kind() };
                match status {
                    400..500 => Some(kind.to_owned()),
                    503 if answer.headers.contains_key("retry-after") => None,
                    _ => panic!("{status}: {}", answer.text),
                }
            }
        }
    }

    pub(crate) async fn fetch_mails(&mut self) {
        let fresh = self.world.local(&format!("mail?skip={}", self.seen.mails)).await;
        for mail in fresh.as_array().unwrap() {
            self.seen.mails += 1;
            if !self.identity.ends_with(&format!("/{}", mail["tags"]["identity_id"].as_str().unwrap())) {
                continue;
            }
            let id = mail["tags"]["job_id"].as_str().unwrap();
            let secret = secret_of(mail["text"].as_str().unwrap());
            self.secrets.insert(secret.clone());
            if mail["tags"]["mail"] == "notice-1" {
                self.notices.push(id.to_owned());
                continue;
            }
            for known in self.jobs.iter_mut().filter(|known| known.id == id) {
                known.invited.secret.clone_from(&secret);
            }
            self.mails.entry(id.to_owned()).or_default().push(mail.clone());
        }
    }

    fn now(&self) -> i64 {
        self.world.stack.clock().now().millis()
    }
}

/// The secret of the link in a text.
pub(crate) fn secret_of(text: &str) -> String {
    let (_, rest) = text.split_once("token=").expect("a link is in the text");
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
}
