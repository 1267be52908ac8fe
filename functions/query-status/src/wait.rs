//! `GET {job}?wait_seconds=20&state=COMPLETE`: answers as soon as the job has got that far, or cannot any more; at the end
//! of the wait at the latest, with what is true then.
//!
//! The wait is a bounded number of reads, farther apart the longer it takes, and eventually consistent but for the last.

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

/// The longest wait, in seconds: the gateway gives a function thirty.
const LONGEST: i64 = 20;

/// The pauses between reads, in milliseconds; the last one is repeated. Twenty seconds are fifteen reads at most, and one at
/// the end.
const PAUSES: [u64; 8] = [200, 300, 500, 700, 1000, 1300, 1600, 2000];

/// What a caller waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    state: State,
    millis: u64,
}

impl Wait {
    /// Reads the query; nothing when the caller does not want to wait.
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
            violations.push(FieldViolation::new("state", format!("must be what to wait for: one of {names}")));
        }
        if state.is_some() && seconds.is_none() {
            violations.push(FieldViolation::new("wait_seconds", "must say how long to wait for that state"));
        }
        if !violations.is_empty() {
            return Err(Problem::invalid(violations));
        }
        let millis = seconds.and_then(|seconds| u64::try_from(seconds * 1000).ok());
        Ok(state.flatten().zip(millis).map(|(state, millis)| Self { state, millis }))
    }

    /// Whether waiting longer would change nothing.
    fn is_over(&self, state: State) -> bool {
        state == self.state || state.is_terminal() || state.rank() > self.state.rank()
    }
}

/// Reads a job, after waiting as asked.
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
            // Not known there yet, or nowhere: a consistent read tells.
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
    fn a_wait_is_asked_for_in_full() {
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
    fn a_wait_ends_when_nothing_can_come() {
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
