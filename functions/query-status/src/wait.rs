//! `GET {job}?wait_seconds=20&state=COMPLETE`: responds as soon as the job reaches the state or can no longer reach
//! it, and at the end of the wait at the latest, with the job's current state.
//!
//! The wait consists of a bounded number of reads at growing intervals. All but the last are eventually consistent.

use std::time::Duration;

use api::problem::Problem;
use api::query::{integer, pairs};
use api::view::FieldViolation;
use binding::ids::JobRef;
use binding::job::Job;
use binding::state::State;
use binding::unavailable::Unavailable;
use cloud::clock::Clock;
use cloud::table::Table;

/// The longest wait, in seconds. The gateway's limit for a function is thirty.
const LONGEST: i64 = 20;

/// The pauses between reads, in milliseconds; the last one is repeated. Twenty seconds take at most fifteen reads, and
/// one at the end.
const PAUSES: [u64; 8] = [200, 300, 500, 700, 1000, 1300, 1600, 2000];

/// What a caller waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    state: State,
    millis: u64,
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

/// Reads a job, after the requested wait.
pub(crate) async fn job(
    table: &Table,
    clock: &Clock,
    job: &JobRef,
    wait: Option<Wait>,
) -> Result<Option<Job>, Unavailable> {
    let Some(wait) = wait else { return table.job(job).await };
    let mut left = wait.millis;
    for pause in PAUSES.into_iter().chain(std::iter::repeat(PAUSES[PAUSES.len() - 1])) {
        if left == 0 {
            break;
        }
        match table.job_eventually(job).await? {
            Some(found) if wait.is_over(found.state_at(clock.now())) => return Ok(Some(found)),
            // The job may not be replicated yet, or not exist: a consistent read decides.
            None => return table.job(job).await,
            Some(_) => {}
        }
        let pause = pause.min(left);
        left -= pause;
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    table.job(job).await
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
    fn the_longest_wait_is_fifteen_reads_and_one_more() {
        let (mut slept, mut reads) = (0, 0);
        let mut pauses = PAUSES.into_iter().chain(std::iter::repeat(2000));
        while slept < 20_000 {
            slept += pauses.next().unwrap();
            reads += 1;
        }
        assert_eq!(reads, 15);
    }
}
