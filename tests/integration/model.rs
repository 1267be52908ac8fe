//! Random sequences of actions by users and operators, of time steps and of failing services, checked against a small
//! reference model ([`reference`]) and the invariants ([`check`]).
//!
//! `BINDERY_SEED` selects other sequences, `BINDERY_CASES` their number. A failing sequence is shrunk and printed with
//! its seed. To add an operation: a line in [`Op`], one in [`op`], an arm in [`play::Play::take`], and, if it is a
//! request to a job, a line in the reference model.

pub(crate) mod check;
mod play;
mod reference;

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;
use tokio::runtime::Handle;

use crate::world::World;
use play::{Play, Seen};

pub(crate) use play::secret_of;

/// The number of concurrent stacks, because most of a case's time is waiting.
const WORKERS: u64 = 8;
const CASES: u64 = 160;
const SEED: u64 = 20_260_131;

/// One action. Numbers select one of the existing jobs.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    Create {
        mailed: bool,
        short: bool,
    },
    Open(usize),
    /// Somebody opens it with a wrong secret.
    Guess(usize),
    Deliver(usize),
    /// A device opens the link and fetches the request at once.
    Fetch(usize),
    Bind(usize, Proof),
    Revoke(usize),
    Decline(usize),
    Resend(usize),
    /// SES reports that the newest mail will never arrive.
    Bounce(usize),
    RevokeCredential(usize),
    Read(usize),
    /// Seconds pass.
    Pass(i64),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Proof {
    Good,
    /// Made for another origin.
    Wrong,
    /// The last proof, repeated unchanged.
    Replayed,
    /// A valid proof with the first ceremony token that the device got.
    Stale,
    /// A valid proof with the ceremony token of another job.
    Foreign,
}

/// The faults during a case.
#[derive(Clone, Debug)]
struct Weather {
    seed: u64,
    probability: f64,
    kinds: &'static [&'static str],
}

const WEATHERS: [(&[&str], f64); 9] = [
    (&[], 0.0),
    (&["throttle", "error"], 0.3),
    (&["lost_response"], 0.3),
    (&["kill_before", "kill_after"], 0.15),
    (&["rejected", "duplicate", "reorder"], 0.4),
    (&["throttle", "error", "lost_response", "kill_before", "kill_after", "duplicate", "reorder"], 0.1),
    (&["error", "lost_response", "rejected", "kill_after", "duplicate"], 0.25),
    (&["timeout", "lost_response", "kill_after"], 0.03),
    (&["transaction_conflict", "partial", "slow"], 0.3),
];

fn create() -> impl Strategy<Value = Op> {
    any::<(bool, bool)>().prop_map(|(mailed, short)| Op::Create { mailed, short })
}

fn op() -> impl Strategy<Value = Op> {
    let job = || 0..4_usize;
    let proof = select(&[Proof::Good, Proof::Good, Proof::Wrong, Proof::Replayed, Proof::Stale, Proof::Foreign]);
    prop_oneof![
        3 => create(),
        4 => job().prop_map(Op::Open),
        1 => job().prop_map(Op::Guess),
        4 => job().prop_map(Op::Deliver),
        4 => job().prop_map(Op::Fetch),
        6 => (job(), proof).prop_map(|(job, proof)| Op::Bind(job, proof)),
        1 => job().prop_map(Op::Revoke),
        1 => job().prop_map(Op::Decline),
        2 => job().prop_map(Op::Resend),
        1 => job().prop_map(Op::Bounce),
        1 => job().prop_map(Op::RevokeCredential),
        2 => job().prop_map(Op::Read),
        1 => select(&[1, 61, 16 * 60, 2 * 3600, 8 * 86400]).prop_map(Op::Pass),
    ]
}

fn case() -> impl Strategy<Value = (Weather, Vec<Op>)> {
    let weather =
        (any::<u64>(), select(&WEATHERS)).prop_map(|(seed, (kinds, probability))| Weather { seed, probability, kinds });
    let ops = (create(), vec(op(), 1..40)).prop_map(|(first, rest)| [vec![first], rest].concat());
    (weather, ops)
}

/// Runs one case with its own identity, and checks the result.
async fn play_case(world: &World, seen: &mut Seen, weather: &Weather, ops: &[Op]) -> BTreeSet<String> {
    // Removes the faults of a failed case.
    world.send("DELETE", "/_local/faults", &[], "").await.ok();
    let mut play = Play::begin(world, seen, weather.kinds.contains(&"rejected")).await;
    if !weather.kinds.is_empty() {
        let Weather { seed, probability, kinds } = weather;
        world.plan(&json!({"seed": seed, "probability": probability, "kinds": kinds})).await;
    }
    for op in ops {
        play.take(op).await;
    }
    let injected = world.send("DELETE", "/_local/faults", &[], "").await.ok()["injected"].clone();
    // A failed sweep is completed by the next one.
    world.stack.clock().advance(61_000);
    world.drained().await;
    check::check(&mut play, injected.as_array().unwrap()).await;
    play.secrets
}

/// Runs a worker's share of the cases on its own stack, and returns the number of operations.
fn work(runtime: &Handle, seed: u64, cases: u32) -> usize {
    let world = runtime.block_on(World::new());
    let config = Config { cases, max_shrink_iters: 400, failure_persistence: None, ..Config::default() };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let state = std::cell::RefCell::new((Seen::default(), BTreeSet::new(), 0));
    let outcome = runner.run(&case(), |(weather, ops)| {
        let (seen, secrets, steps) = &mut *state.borrow_mut();
        secrets.extend(runtime.block_on(play_case(&world, seen, &weather, &ops)));
        *steps += ops.len();
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("worker seed {seed}: {failure}");
    }
    let (_, secrets, steps) = state.into_inner();
    check::not_logged(&secrets);
    steps
}

#[tokio::test(flavor = "multi_thread")]
async fn random_jobs_keep_all_guarantees() {
    let number = |name: &str, usual: u64| std::env::var(name).map_or(usual, |text| text.parse().unwrap());
    let (seed, cases) = (number("BINDERY_SEED", SEED), number("BINDERY_CASES", CASES));
    println!("BINDERY_SEED={seed} BINDERY_CASES={cases}");
    let runtime = Handle::current();
    let share = u32::try_from(cases.div_ceil(WORKERS)).unwrap();
    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| {
            let runtime = runtime.clone();
            tokio::task::spawn_blocking(move || work(&runtime, seed.wrapping_mul(WORKERS).wrapping_add(worker), share))
        })
        .collect();
    let mut steps = 0;
    for worker in workers {
        steps += worker.await.unwrap();
    }
    println!("{steps} operations");
    assert!(steps as u64 > cases * 10, "{steps}");
}
