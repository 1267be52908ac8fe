//! `GET {job}?wait_seconds=20&state=COMPLETE`: responds as soon as the job reaches the state or can no longer reach it.
//!
//! The function is kept waiting for `WAIT_SECONDS` at most, because it is charged for that time and is not available to
//! others meanwhile. After that the response is the job's present state, and `Retry-After` says when to ask again.
//!
//! The wait consists of a bounded number of reads at growing intervals. All but the last are eventually consistent.

use std::time::Duration;

use api::problem::Problem;
use api::query::{integer, pairs};
use api::view::FieldViolation;
use binding::ids::JobRef;
use binding::job::Job;
use binding::state::State;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use cloud::env::{BadVariable, Env};

use crate::Deps;

/// The longest wait that a caller may ask for, in seconds. The gateway's limit for a function is thirty.
const LONGEST: i64 = 20;

/// The pauses between reads, in milliseconds; the last one is repeated. A second takes at most three reads, and one at
/// the end.
const PAUSES: [u64; 8] = [200, 300, 500, 700, 1000, 1300, 1600, 2000];

/// How long a job counts as active after its last change, in seconds: the user is probably active.
const ACTIVE_SECONDS: i64 = 120;

/// When to ask again for a job that is active, and for another one, in seconds.
const RETRY_SECONDS: [u32; 2] = [3, 10];

/// What a caller waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    state: State,
    millis: u64,
}

/// The longest time that this function waits, in milliseconds: `WAIT_SECONDS`, 20 by default.
pub(crate) fn longest(env: &Env) -> Result<u64, BadVariable> {
    let bad = BadVariable { name: "WAIT_SECONDS", why: "must be a whole number from 0 to 20" };
    let seconds = env.get("WAIT_SECONDS").map_or(Ok(LONGEST), str::parse).ok();
    seconds
        .filter(|seconds| (0..=LONGEST).contains(seconds))
        .and_then(|seconds| u64::try_from(seconds * 1000).ok())
        .ok_or(bad)
}

impl Wait {
    /// Parses the query; `None` when the caller does not wait.
    pub(crate) fn read(query: Option<&str>) -> Result<Option<Self>, Problem> {
        let value =
            |name: &str| pairs(query.unwrap_or_default()).find(|(known, _)| *known == name).map(|(_, value)| value);
        let mut violations = Vec::new();
        let seconds = value("wait_seconds").map(|text| match integer(&text) {
            Some(seconds @ 0..=LONGEST) => seconds,
            _ => {
                violations
                    .push(FieldViolation::new("wait_seconds", format!("must be a whole number from 0 to {LONGEST}")));
                0
            }
        });
        let state = value("state").map(|name| State::from_name(&name));
        if state == Some(None) || seconds.is_some() && state.is_none() {
            let names = State::ALL.map(State::name).join(", ");
            violations.push(FieldViolation::new("state", format!("must be the state to wait for: one of {names}")));
        }
        if state.is_some() && seconds.is_none() {
            violations.push(FieldViolation::new("wait_seconds", "is required with state: how long to wait for it"));
        }
        if !violations.is_empty() {
            return Err(Problem::invalid(violations));
        }
        let millis = seconds.and_then(|seconds| u64::try_from(seconds * 1000).ok());
        Ok(state.flatten().zip(millis).map(|(state, millis)| Self { state, millis }))
    }

    /// Whether a longer wait cannot change the result.
    fn is_over(&self, state: State) -> bool {
        state == self.state || state.is_terminal() || state.rank() > self.state.rank()
    }
}

/// A job, and when to ask again if it has not reached the state that the caller waits for, in seconds.
type Waited = (Job, Option<u32>);

/// Reads a job, after the requested wait. A wait takes one request more of the tenant's limit; a tenant that has reached it
/// gets the present state at once.
pub(crate) async fn job(deps: &Deps, job: &JobRef, wait: Option<Wait>) -> Result<Option<Waited>, Unavailable> {
    let Some(wait) = wait else { return Ok(deps.table.job(job).await?.map(|found| (found, None))) };
    let mut left = wait.millis.min(deps.longest_wait);
    // Without a pause, one read decides.
    let first = if left > 0 { deps.table.job_eventually(job).await? } else { None };
    if let Some(found) = first {
        if wait.is_over(found.state_at(deps.clock.now())) {
            return Ok(Some((found, None)));
        }
        if !deps.limits.has_room(job.identity.realm.tenant.as_str()).await {
            left = 0;
        }
        for pause in PAUSES.into_iter().chain(std::iter::repeat(PAUSES[PAUSES.len() - 1])) {
            let pause = pause.min(left);
            left -= pause;
            tokio::time::sleep(Duration::from_millis(pause)).await;
            if left == 0 {
                break;
            }
            match deps.table.job_eventually(job).await? {
                Some(found) if wait.is_over(found.state_at(deps.clock.now())) => return Ok(Some((found, None))),
                Some(_) => {}
                None => break,
            }
        }
    }
    // An eventually consistent read may miss the job, or its last change: a consistent one decides.
    Ok(deps.table.job(job).await?.map(|found| {
        let retry = retry_seconds(wait, &found, deps.clock.now());
        (found, retry)
    }))
}

/// When to ask again, if the wait is not over.
fn retry_seconds(wait: Wait, job: &Job, now: Timestamp) -> Option<u32> {
    let active = now < job.update_time.plus_seconds(ACTIVE_SECONDS);
    (!wait.is_over(job.state_at(now))).then_some(RETRY_SECONDS[usize::from(!active)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Option<Wait>, u16> {
        Wait::read(Some(query)).map_err(|problem| problem.status().as_u16())
    }

    #[test]
    fn a_wait_needs_both_parameters() {
        assert_eq!(read(""), Ok(None));
        assert_eq!(read("page_size=3"), Ok(None));
        let wait = Wait { state: State::Complete, millis: 20_000 };
        for good in ["wait_seconds=20&state=COMPLETE", "wait%5Fseconds=2e1&state=%43OMPLETE"] {
            assert_eq!(read(good), Ok(Some(wait)), "{good}");
        }
        for bad in ["wait_seconds=21&state=COMPLETE", "wait_seconds=5", "state=COMPLETE", "wait_seconds=5&state=DONE"] {
            assert_eq!(read(bad), Err(400), "{bad}");
        }
    }

    #[test]
    fn a_wait_ends_when_the_state_is_out_of_reach() {
        let wait = Wait { state: State::LinkOpened, millis: 1 };
        let over: Vec<State> = State::ALL.into_iter().filter(|state| wait.is_over(*state)).collect();
        assert_eq!(over.len(), State::ALL.len() - 1);
        assert!(!over.contains(&State::LinkSent));
    }

    #[test]
    fn the_longest_wait_is_limited() {
        let read = |seconds: &str| longest(&Env::new([("WAIT_SECONDS".to_owned(), seconds.to_owned())])).ok();
        assert_eq!(["0", "1", "20"].map(read), [0, 1_000, 20_000].map(Some));
        assert_eq!(["-1", "21", "1.5", "x"].map(read), [None; 4]);
        assert_eq!(longest(&Env::new([])).ok(), Some(20_000));
    }

    #[test]
    fn a_wait_is_a_bounded_number_of_reads() {
        for (millis, most) in [(1_000, 3), (20_000, 15)] {
            let (mut slept, mut reads) = (0, 0);
            let mut pauses = PAUSES.into_iter().chain(std::iter::repeat(2000));
            while slept < millis {
                slept += pauses.next().unwrap();
                reads += 1;
            }
            assert_eq!(reads, most);
        }
    }
}
