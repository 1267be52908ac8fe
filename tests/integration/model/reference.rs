//! A job in the fewest words: what may be asked of it, what is answered, and what it is then. It knows of the system
//! only what is promised to its users, and an answer that never came leaves it in doubt between two things.

use std::collections::BTreeSet;

/// The states. What is over comes last.
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

/// What is asked of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    Open,
    Deliver,
    BindWell,
    BindBadly,
    Revoke,
    /// Whoever has the link says that they did not ask for it.
    Decline,
    Resend,
    Read,
}

/// Where an ask falls, seen from the job's `expire_time`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expiry {
    Ahead,
    /// It was under way meanwhile: either is right.
    Now,
    Past,
}

/// What is believed of a job: the states that it may be in.
#[derive(Clone, Debug)]
pub(crate) struct Belief {
    pub(crate) states: BTreeSet<State>,
    /// Whether its mail may be refused, or bounce, behind our back.
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

    /// The state after an ask, and the answer: `ok`, the state that is read, or the kind of problem.
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
    /// Takes in an answer; none, when it is not known what became of the ask.
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
