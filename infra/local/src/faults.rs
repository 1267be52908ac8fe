//! Injects faults on demand. Planned faults affect the next matching calls; random ones affect any call until they are
//! cleared.
//!
//! Each function has its own random generator, seeded with the seed and the function's name: the n-th call of a
//! function has the same outcome in every run with the same seed. Which call is the n-th depends on the callers: with
//! one client at a time the order is fixed for HTTP functions, but batches of the stream differ between runs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fastrand::Rng;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Notify;

use crate::record::{ErrorsExpected, lock};

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The service throttles the call.
    Throttle,
    /// The service fails.
    Error,
    /// The service does not respond in time.
    Timeout,
    /// The service carries out the call, but the response is lost.
    LostResponse,
    /// The request is rejected permanently: a mail by SES, an entry by EventBridge. Random faults reject only mails.
    Rejected,
    /// SES rejects a mail because an identity is not verified, as in its sandbox or after a domain's DNS records are
    /// removed.
    NotVerified,
    /// The function dies before its call is carried out.
    KillBefore,
    /// The function dies after its call was carried out.
    KillAfter,
    /// A batch of the stream is delivered twice.
    Duplicate,
    /// A batch of the stream is delivered item by item, so that only the order of each item's records is kept.
    Reorder,
    /// Another transaction holds the item: a write fails with `TransactionConflictException`, a transaction is
    /// cancelled with the reason `TransactionConflict`.
    TransactionConflict,
    /// A batch is carried out without its last element: `PutEvents` returns no entry for it, `BatchGetItem` and
    /// `BatchWriteItem` return it as unprocessed.
    Partial,
    /// The call waits until the faults are removed, for at most [`HOLD`].
    Hold,
    /// The call takes [`SLOW_MILLIS`] by the stack's clock, which is advanced after it. No real time passes.
    Slow,
}

/// The longest time that a [`Fault::Hold`] call waits.
const HOLD: Duration = Duration::from_secs(10);

/// How long a [`Fault::Slow`] call takes, in milliseconds of the stack's clock.
pub const SLOW_MILLIS: i64 = 2000;

impl Fault {
    fn is_of_batch(self) -> bool {
        matches!(self, Fault::Duplicate | Fault::Reorder)
    }

    /// Whether this fault can affect a call of this service and operation.
    fn can_hit(self, call: Call<'_>) -> bool {
        match self {
            Fault::Duplicate | Fault::Reorder => false,
            Fault::Rejected | Fault::NotVerified => call.service == "sesv2",
            Fault::TransactionConflict => {
                ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"].contains(&call.operation)
            }
            Fault::Partial => ["PutEvents", "BatchGetItem", "BatchWriteItem"].contains(&call.operation),
            _ => true,
        }
    }
}

/// Faults of the next matching calls.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Planned {
    /// The service, such as `dynamodb`; `*` for any.
    #[serde(default = "any")]
    pub service: String,
    /// The operation, such as `UpdateItem`; `*` for any; `PutEventsEntry` for single entries of `PutEvents`.
    #[serde(default = "any")]
    pub operation: String,
    /// The logical id of the calling function; `*` for any.
    #[serde(default = "any")]
    pub function: String,
    /// The kind of fault.
    pub kind: Fault,
    /// The number of matching calls that succeed first.
    #[serde(default)]
    pub skip: u32,
    /// The number of calls that fail.
    #[serde(default = "once")]
    pub times: u32,
}

fn any() -> String {
    "*".to_owned()
}

fn once() -> u32 {
    1
}

/// Random faults.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Random {
    /// The seed of the random generators.
    pub seed: u64,
    /// The probability of a fault in each call, from 0 to 1.
    pub probability: f64,
    /// The kinds of faults, which are equally likely.
    pub kinds: Vec<Fault>,
}

/// A call or a batch that a fault can affect.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) function: &'a str,
    pub(crate) service: &'a str,
    pub(crate) operation: &'a str,
}

/// A fault that was injected.
#[derive(Clone, Debug, Serialize)]
struct Injected {
    function: String,
    service: String,
    operation: String,
    kind: Fault,
}

#[derive(Debug, Default)]
struct Plans {
    planned: Vec<Planned>,
    random: Option<(Random, ErrorsExpected)>,
    generators: HashMap<String, Rng>,
    injected: Vec<Injected>,
}

/// All pending faults, and the signals that end the invocations of a function.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    plans: Arc<Mutex<Plans>>,
    signals: Arc<Mutex<HashMap<String, Arc<Notify>>>>,
    cleared: Arc<Notify>,
}

impl Faults {
    /// Adds faults: [`Random`] ones if the order has a probability, otherwise [`Planned`] ones.
    pub(crate) fn order(&self, order: Value) -> Result<(), serde_json::Error> {
        if order.get("probability").is_some() {
            let random = serde_json::from_value(order)?;
            let mut plans = lock(&self.plans);
            plans.random = Some((random, ErrorsExpected::begin()));
            plans.generators.clear();
        } else {
            let planned = serde_json::from_value(order)?;
            lock(&self.plans).planned.push(planned);
        }
        Ok(())
    }

    /// The pending faults, and the number of those injected since the last clearing.
    pub(crate) fn pending(&self) -> Value {
        let plans = lock(&self.plans);
        let planned: Vec<&Planned> = plans.planned.iter().filter(|planned| planned.times > 0).collect();
        let random = plans.random.as_ref().map(|(random, _)| random);
        serde_json::json!({"planned": planned, "random": random, "injected_count": plans.injected.len()})
    }

    /// Removes all pending faults, and returns those that were injected since the last call.
    pub(crate) fn clear(&self) -> Value {
        let plans = std::mem::take(&mut *lock(&self.plans));
        self.cleared.notify_waiters();
        serde_json::to_value(plans.injected).unwrap_or_default()
    }

    /// The fault of a call, if any.
    pub(crate) fn of_call(&self, call: Call<'_>) -> Option<Fault> {
        let planned = |planned: &Planned| planned.fits(call) && planned.kind.can_hit(call);
        lock(&self.plans).next(call, planned, |kind| kind.can_hit(call))
    }

    /// The error code of the next entry of a `PutEvents` call, if only that entry fails.
    pub(crate) fn entry_error(&self, function: &str) -> Option<&'static str> {
        let call = Call { function, service: "eventbridge", operation: "PutEventsEntry" };
        let planned = |planned: &Planned| planned.operation == call.operation && planned.fits(call);
        let passing = |kind| matches!(kind, Fault::Throttle | Fault::Error);
        Some(match lock(&self.plans).next(call, planned, passing)? {
            Fault::Throttle => "ThrottlingException",
            Fault::Rejected => "InvalidArgument",
            _ => "InternalFailure",
        })
    }

    /// The fault of a batch for a function, if any.
    pub(crate) fn of_batch(&self, function: &str) -> Option<Fault> {
        let call = Call { function, service: "stream", operation: "Batch" };
        let planned = |planned: &Planned| planned.kind.is_of_batch() && planned.fits(call);
        lock(&self.plans).next(call, planned, Fault::is_of_batch)
    }

    /// Waits until the faults are removed.
    pub(crate) async fn hold(&self) {
        drop(tokio::time::timeout(HOLD, self.cleared.notified()).await);
    }

    /// Ends all running invocations of a function, as if their process had died.
    pub(crate) fn kill(&self, function: &str) {
        self.signal(function).notify_waiters();
    }

    /// Runs an invocation of a function; `None` if the function is killed.
    pub(crate) async fn unless_killed<T>(&self, function: &str, invocation: impl Future<Output = T>) -> Option<T> {
        let signal = self.signal(function);
        tokio::select! {
            biased;
            () = signal.notified() => None,
            answer = invocation => Some(answer),
        }
    }

    fn signal(&self, function: &str) -> Arc<Notify> {
        lock(&self.signals).entry(function.to_owned()).or_default().clone()
    }
}

impl Planned {
    fn fits(&self, call: Call<'_>) -> bool {
        let fits = |wanted: &str, given: &str| wanted == "*" || wanted == given;
        fits(&self.service, call.service)
            && fits(&self.operation, call.operation)
            && fits(&self.function, call.function)
    }
}

impl Plans {
    fn next(
        &mut self,
        call: Call<'_>,
        is_planned: impl Fn(&Planned) -> bool,
        can_be: impl Fn(Fault) -> bool,
    ) -> Option<Fault> {
        let drawn = self.draw(call, can_be);
        let kind = self.take_planned(is_planned).or(drawn)?;
        let Call { function, service, operation } = call;
        let [function, service, operation] = [function, service, operation].map(str::to_owned);
        self.injected.push(Injected { function, service, operation, kind });
        Some(kind)
    }

    fn take_planned(&mut self, is_planned: impl Fn(&Planned) -> bool) -> Option<Fault> {
        for planned in self.planned.iter_mut().filter(|planned| planned.times > 0 && is_planned(planned)) {
            if planned.skip == 0 {
                planned.times -= 1;
                return Some(planned.kind);
            }
            planned.skip -= 1;
        }
        None
    }

    /// Draws twice for each call, so that the outcome of one call does not influence the next one.
    fn draw(&mut self, call: Call<'_>, can_be: impl Fn(Fault) -> bool) -> Option<Fault> {
        let (random, _) = self.random.as_ref()?;
        let name = match call.operation {
            "PutEventsEntry" | "Batch" => format!("{}/{}", call.function, call.operation),
            _ => call.function.to_owned(),
        };
        let seed = name.bytes().fold(random.seed, |seed, byte| seed.wrapping_mul(0x100_0000_01b3) ^ u64::from(byte));
        let generator = self.generators.entry(name).or_insert_with(|| Rng::with_seed(seed));
        let (chance, choice) = (generator.f64(), generator.f64());
        let kinds: Vec<Fault> = random.kinds.iter().copied().filter(|kind| can_be(*kind)).collect();
        if chance >= random.probability {
            return None;
        }
        kinds.get((choice * kinds.len() as f64) as usize).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const CALL: Call<'_> = Call { function: "CreateJob", service: "dynamodb", operation: "PutItem" };

    fn fates(seed: u64, between: impl Fn(&Faults)) -> Vec<Option<Fault>> {
        let faults = Faults::default();
        let kinds = ["error", "kill_before", "rejected", "duplicate"];
        faults.order(json!({"seed": seed, "probability": 0.5, "kinds": kinds})).unwrap();
        let fate = |_| {
            between(&faults);
            faults.of_call(CALL)
        };
        (0..64).map(fate).collect()
    }

    #[test]
    fn a_seed_gives_the_same_faults_whatever_other_functions_do() {
        let once = fates(7, |_| {});
        let busy = |faults: &Faults| {
            faults.of_call(Call { function: "Revoke", ..CALL });
        };
        assert_eq!(once, fates(7, busy));
        assert_ne!(once, fates(8, |_| {}));
        let hits: Vec<Fault> = once.into_iter().flatten().collect();
        assert!((16..48).contains(&hits.len()), "{hits:?}");
        assert!(hits.contains(&Fault::Error) && hits.contains(&Fault::KillBefore), "{hits:?}");
        assert!(!hits.contains(&Fault::Rejected) && !hits.contains(&Fault::Duplicate), "{hits:?}");
    }

    #[test]
    fn planned_faults_affect_matching_calls_after_the_skipped_ones() {
        let faults = Faults::default();
        faults.order(json!({"function": "CreateJob", "kind": "kill_after", "skip": 1, "times": 2})).unwrap();
        faults.order(json!({"function": "SendLink", "kind": "duplicate"})).unwrap();
        assert_eq!(faults.pending()["planned"][0]["times"], 2);
        assert_eq!(faults.of_call(Call { function: "Revoke", ..CALL }), None);
        assert_eq!(
            [(); 4].map(|()| faults.of_call(CALL)),
            [None, Some(Fault::KillAfter), Some(Fault::KillAfter), None]
        );
        assert_eq!(faults.of_call(Call { function: "SendLink", ..CALL }), None);
        assert_eq!([(); 2].map(|()| faults.of_batch("SendLink")), [Some(Fault::Duplicate), None]);
        assert_eq!(faults.pending(), json!({"planned": [], "random": null, "injected_count": 3}));
        assert_eq!(faults.clear().as_array().unwrap().len(), 3);
        assert_eq!(faults.clear(), json!([]));
    }

    #[test]
    fn a_fault_affects_only_calls_that_it_applies_to() {
        let faults = Faults::default();
        let (read, batch) = (Call { operation: "GetItem", ..CALL }, Call { operation: "BatchGetItem", ..CALL });
        faults.order(json!({"kind": "transaction_conflict"})).unwrap();
        faults.order(json!({"kind": "partial"})).unwrap();
        let hits = [read, batch, CALL, read, batch, CALL].map(|call| faults.of_call(call));
        assert_eq!(hits, [None, Some(Fault::Partial), Some(Fault::TransactionConflict), None, None, None]);
    }

    #[tokio::test]
    async fn only_running_invocations_are_killed() {
        let faults = Faults::default();
        let killed = faults.unless_killed("A", async {
            faults.kill("A");
            std::future::pending::<()>().await;
        });
        assert_eq!(killed.await, None);
        let other = faults.unless_killed("B", async { faults.kill("A") });
        assert_eq!(other.await, Some(()));
        assert_eq!(faults.unless_killed("A", async {}).await, Some(()));
    }
}
