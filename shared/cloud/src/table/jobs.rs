//! Jobs: created once, then changed by single conditional writes.

use binding::ids::JobRef;
use binding::job::{Command, FailedAttempt, Job, NotDone, Refused};
use binding::link::LinkTokenHash;
use binding::rule::{Note, Rule, When};
use binding::state::State;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::attribute::*;
use super::change::{Change, Condition};
use super::item::{Item, b, n, s};
use super::records::{job_from_item, job_to_item};
use super::write::Written;
use super::{Table, keys};

/// The authority by which a job is changed. It is part of the write's condition.
#[derive(Clone, Copy, Debug)]
pub enum Holder<'a> {
    /// The link: the hash of its secret must match the job's.
    Link(&'a LinkTokenHash),
    /// A ceremony token for this version of the link.
    Ceremony(u32),
    /// The system itself, or a caller whose access token was verified.
    Us,
}

impl Holder<'_> {
    /// Whether it has authority over this job.
    fn holds(self, job: &Job) -> bool {
        match self {
            Holder::Link(hash) => *hash == job.link_hash,
            Holder::Ceremony(version) => version == job.link_version,
            Holder::Us => true,
        }
    }

    /// The state in which it most likely finds a job: a device with a ceremony token has opened the link.
    fn expects(self) -> State {
        if let Holder::Ceremony(_) = self { State::LinkOpened } else { State::LinkSent }
    }
}

/// The conditions of a rule at `now`, in those of its states that are wanted.
fn conditions(rule: Rule, wanted: impl Fn(State) -> bool, now: Timestamp) -> Vec<Condition> {
    let states = rule.states.iter().filter(|state| wanted(**state)).map(|state| s(state.name())).collect();
    let mut conditions = vec![Condition::OneOf(STATE, states)];
    match rule.when {
        When::BeforeExpiry => conditions.push(Condition::Greater(EXPIRE_MS, n(now.millis()))),
        When::AfterExpiry => conditions.push(Condition::AtMost(EXPIRE_MS, n(now.millis()))),
        When::Anytime => {}
    }
    conditions
}

/// A note on a job, with the conditions of its rule.
pub(super) fn note(job: &JobRef, note: Note, now: Timestamp) -> Change {
    Change::of(keys::job(job)).when_all(conditions(note.rule(), |_| true, now))
}

/// The change that a command makes: state, times, version, operation and the command's data.
pub(super) fn step(job: &JobRef, holder: Holder<'_>, command: Command<'_>, now: Timestamp) -> Change {
    step_from(holder.expects(), job, holder, command, now)
}

/// The same, for a job in `from` or in another state from which the command enters the same states.
fn step_from(from: State, job: &JobRef, holder: Holder<'_>, command: Command<'_>, now: Timestamp) -> Change {
    let (step, to, path) = (command.step(), command.step().to(), command.step().path(from));
    let mut change = Change::of(keys::job(job))
        .when_all(conditions(step.rule(), |state| step.path(state) == path, now))
        .marked(OP)
        .set(STATE, s(to.name()));
    // A job expires at its `expire_time`, however late the expiry is recorded.
    change = match command {
        // `update_ms` may be later, because a status of a mail may have been recorded since.
        Command::Expire => change.increment(VERSION).copy(entered(to), EXPIRE_MS),
        _ => path.iter().fold(change.versions(path.len(), now), |change, state| change.stamp(entered(*state))),
    };
    change = match command {
        Command::Bind { credential, .. } => change.set(CREDENTIAL_ID, s(credential.to_string())),
        Command::Revoke(by) => change.set(REVOKED_BY, s(by.name())),
        Command::Open | Command::Deliver | Command::FailToSend | Command::Expire => change,
    };
    // The index `expiry` contains only jobs that can expire.
    if to.is_terminal() {
        change = change.remove(EXPIRY_SHARD).remove(DUE_SHARD).remove(DUE_MS);
    }
    match holder {
        Holder::Link(hash) => change.when(Condition::Is(LINK_HASH, b(hash.as_bytes()))),
        Holder::Ceremony(version) => change.when(Condition::Is(LINK_VERSION, n(version))),
        Holder::Us => change,
    }
}

/// The state of a job that allows the command, but enters other states than from `from`.
fn other_start(
    from: State,
    item: Option<&Item>,
    holder: Holder<'_>,
    command: Command<'_>,
    now: Timestamp,
) -> Result<Option<State>, Unavailable> {
    let Some(item) = item else { return Ok(None) };
    let (job, step) = (job_from_item(item)?, command.step());
    let allowed = holder.holds(&job) && step.rule().allows(job.state, job.expire_time, now);
    Ok(Some(job.state).filter(|state| allowed && step.path(*state) != step.path(from)))
}

/// Why a step was refused, from the stored item.
pub(super) fn explain(
    item: Option<&Item>,
    holder: Holder<'_>,
    command: Command<'_>,
    now: Timestamp,
) -> Result<Result<Job, NotDone>, Unavailable> {
    let Some(item) = item else { return Ok(Err(NotDone::NotFound)) };
    let job = job_from_item(item)?;
    if !holder.holds(&job) {
        let replaced = matches!(holder, Holder::Ceremony(_));
        return Ok(Err(if replaced { Refused::LinkReplaced.into() } else { NotDone::NotFound }));
    }
    match job.apply(command, now) {
        Ok(after) if after == job => Ok(Ok(job)),
        Ok(_) => Err(unexplained()),
        Err(refused) => Ok(Err(refused.into())),
    }
}

/// A condition failed although the item meets it. A retry finds the reason.
pub(super) fn unexplained() -> Unavailable {
    Unavailable::new("dynamodb", "a condition failed although the item meets it")
}

impl Table {
    /// Stores a new job.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond, or the id is taken, which does not happen.
    pub async fn create_job(&self, job: &Job) -> Result<(), Unavailable> {
        match self.put(job_to_item(job), vec![Condition::Missing]).await? {
            Written::Done(_) => Ok(()),
            Written::Unmet(_) => Err(Unavailable::new("dynamodb", "the id of a new job is taken")),
        }
    }

    /// Stores the job of a recipient of a batch, unless an earlier try has stored it.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer.
    pub async fn create_job_of_batch(&self, job: &Job) -> Result<(), Unavailable> {
        self.put(job_to_item(job), vec![Condition::Missing]).await.map(drop)
    }

    /// Reads some jobs, in no order; half the price if they may be as they were a moment ago.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer.
    pub async fn jobs(&self, jobs: &[JobRef], consistent: bool) -> Result<Vec<Job>, Unavailable> {
        let keys = jobs.iter().map(keys::job).collect();
        self.read_all(keys, consistent).await?.iter().map(job_from_item).collect()
    }

    /// Reads a job.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn job(&self, job: &JobRef) -> Result<Option<Job>, Unavailable> {
        self.get(keys::job(job)).await?.map(|item| job_from_item(&item)).transpose()
    }

    /// Reads a job with eventual consistency, at half the price.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn job_eventually(&self, job: &JobRef) -> Result<Option<Job>, Unavailable> {
        self.read(keys::job(job), false).await?.map(|item| job_from_item(&item)).transpose()
    }

    /// Carries out a command in one conditional write, except `Bind`, which [`Table::complete`] carries out.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond. The inner error is [`NotDone`], when the job refuses it.
    pub async fn advance(
        &self,
        job: &JobRef,
        holder: Holder<'_>,
        command: Command<'_>,
        now: Timestamp,
    ) -> Result<Result<Job, NotDone>, Unavailable> {
        let mut from = holder.expects();
        // The first state is a guess. After that, a job only moves forward.
        for _ in 0..=command.step().rule().states.len() {
            let item = match self.change(step_from(from, job, holder, command, now)).await? {
                Written::Done(item) => return job_from_item(&item).map(Ok),
                Written::Unmet(item) => item,
            };
            match other_start(from, item.as_ref(), holder, command, now)? {
                Some(state) => from = state,
                None => return explain(item.as_ref(), holder, command, now),
            }
        }
        Err(unexplained())
    }

    /// Counts a fetch of the job's link that is not a user action. Neither state nor version changes, so no event is
    /// published.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond. The inner error is [`NotDone`], when the link cannot be opened.
    pub async fn record_prefetch(
        &self,
        job: &JobRef,
        hash: &LinkTokenHash,
        now: Timestamp,
    ) -> Result<Result<Job, NotDone>, Unavailable> {
        let change = note(job, Note::CountPrefetch, now)
            .when(Condition::Is(LINK_HASH, b(hash.as_bytes())))
            .set(PREFETCH_MS, n(now.millis()))
            .increment(PREFETCHES);
        match self.change(change).await? {
            Written::Done(item) => {
                let job = job_from_item(&item)?;
                // Only checks whether the link could be opened.
                Ok(job.apply(Command::Open, now).map(|_| job).map_err(NotDone::from))
            }
            Written::Unmet(_) => Ok(Err(NotDone::NotFound)),
        }
    }

    /// Requests that the present state of a job, and of its credential if it has one, is published again. Neither state
    /// nor version changes. `publish-changes` recognizes the request in the stream. Returns `None` when the job does
    /// not exist.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond. Then one of the two may be published, and a retry publishes both.
    pub async fn request_replay(&self, job: &JobRef) -> Result<Option<Job>, Unavailable> {
        let replay = |key| self.change(Change::of(key).when(Condition::Has(STATE)).increment(REPLAYS));
        let Written::Done(item) = replay(keys::job(job)).await? else { return Ok(None) };
        let found = job_from_item(&item)?;
        if let Some(credential) = found.credential_id {
            replay(keys::credential(&job.identity, credential)).await?;
        }
        Ok(Some(found))
    }

    /// Records a refused proof on a job that could still be completed. Neither state nor version changes, so no event
    /// is published. A job that has ended meanwhile is not changed.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn record_failure(&self, job: &JobRef, failure: &FailedAttempt) -> Result<(), Unavailable> {
        let change = note(job, Note::RecordFailure, failure.time)
            .set(FAILURE_MS, n(failure.time.millis()))
            .set(FAILURE_REASON, s(failure.reason.name()))
            .set(FAILURE_DETAIL, s(&failure.detail))
            .increment(FAILURES);
        self.change(change).await.map(drop)
    }
}
