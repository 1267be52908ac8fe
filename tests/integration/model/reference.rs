//! A minimal model of a job: the requests, their responses, and the resulting states. It contains only what the system
//! guarantees to its users. If a response is lost, the job may be in either of two states.

use std::collections::BTreeSet;

/// The states, terminal ones last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    Sent,
    Opened,
    Delivered,
    Complete,
    Expired,
    Revoked,
    Failed,
}

/// A request to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    Open,
    Deliver,
    BindWell,
    BindBadly,
    Revoke,
    /// The holder of the link did not expect it.
    Decline,
    Resend,
    Read,
}

/// The time of a request, relative to the job's `expire_time`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expiry {
    Ahead,
    /// The job expired during the request, so either outcome is right.
    Now,
    Past,
}

/// What is known about a job: the states that it may be in.
#[derive(Clone, Debug)]
pub(crate) struct Belief {
    pub(crate) states: BTreeSet<State>,
    /// Whether its mail may be rejected or bounce in the background.
    pub(crate) may_fail: bool,
}

impl State {
    pub(crate) fn name(self) -> &'static str {
        let names =
            ["LINK_SENT", "LINK_OPENED", "REQUEST_DELIVERED", "COMPLETE", "EXPIRED", "REVOKED", "FAILED_TO_SEND"];
        names[self as usize]
    }

    fn is_over(self) -> bool {
        self >= State::Complete
    }

    /// The state after a request, and the response: `ok`, the state that is read, or the kind of problem.
    fn asked(self, ask: Ask) -> (State, &'static str) {
        match (ask, self) {
            (Ask::Read, state) => (state, state.name()),
            (Ask::Revoke | Ask::Decline, State::Revoked) => (self, "ok"),
            (Ask::Revoke | Ask::Resend, state) if state.is_over() => (state, "conflict"),
            (Ask::Resend, _) => (self, "ok"),
            (Ask::Revoke, _) => (State::Revoked, "ok"),
            (_, State::Complete) => (self, "job-complete"),
            (_, State::Expired) => (self, "job-expired"),
            (_, State::Revoked) => (self, "job-revoked"),
            (_, State::Failed) => (self, "job-failed-to-send"),
            (Ask::Decline, _) => (State::Revoked, "ok"),
            (Ask::Open, state) => (state.max(State::Opened), "ok"),
            (Ask::Deliver, _) => (State::Delivered, "ok"),
            (_, State::Sent | State::Opened) => (self, "job-not-ready"),
            (Ask::BindWell, State::Delivered) => (State::Complete, "ok"),
            (Ask::BindBadly, State::Delivered) => (self, "proof-refused"),
        }
    }
}

impl Belief {
    /// Processes a response; `None` if the outcome of the request is unknown.
    pub(crate) fn learn(&mut self, ask: Ask, expiry: Expiry, answer: Option<&str>) -> Result<(), String> {
        let mut before = self.states.clone();
        before.extend((self.may_fail && before.contains(&State::Sent)).then_some(State::Failed));
        if expiry != Expiry::Ahead && before.iter().any(|state| !state.is_over()) {
            before.retain(|state| state.is_over() || expiry == Expiry::Now);
            before.insert(State::Expired);
        }
        let outcomes: Vec<(State, &str)> = before.iter().map(|state| state.asked(ask)).collect();
        let after = |fits: &dyn Fn(&str) -> bool| outcomes.iter().filter(|(_, a)| fits(a)).map(|(s, _)| *s).collect();
        self.states = match answer {
            Some(answer) => after(&|expected| expected == answer),
            None => before.union(&after(&|_| true)).copied().collect(),
        };
        if self.states.is_empty() { Err(format!("{ask:?} was answered {answer:?} in {before:?}")) } else { Ok(()) }
    }
}
