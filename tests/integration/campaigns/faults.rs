//! The runner under faults: several at once, killed at each of its calls, with a table that throttles. Nobody is lost, nobody
//! is invited twice, and the pace is kept.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use tokio::runtime::Handle;

use super::pace::{created, most_in_a_minute};
use super::{BATCHES, batch};
use crate::world::World;

/// How many random campaigns are run. `BINDERY_CAMPAIGNS` sets another number, `BINDERY_SEED` other ones.
const CASES: u32 = 12;

/// One thing that happens to a campaign.
#[derive(Clone, Debug)]
enum Op {
    /// A run, by the clock.
    Minute,
    /// So many runners at once, besides that of the clock.
    Together(usize),
    Pause,
    Resume,
    /// Time passes in which nobody runs; a claim lapses in it.
    Pass,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => Just(Op::Minute),
        3 => (2..4_usize).prop_map(Op::Together),
        1 => Just(Op::Pause),
        2 => Just(Op::Resume),
        1 => Just(Op::Pass),
    ]
}

const WEATHERS: [(&[&str], f64); 5] = [
    (&["throttle", "error"], 0.2),
    (&["lost_response"], 0.2),
    (&["kill_before", "kill_after"], 0.1),
    (&["transaction_conflict", "partial"], 0.3),
    (&["throttle", "lost_response", "kill_before", "kill_after", "transaction_conflict"], 0.1),
];

impl World {
    /// Runs the runner so many times at once.
    async fn runners(&self, count: usize) {
        let tick = json!({});
        let runs = futures(count, || self.invoke("RunCampaigns", &tick));
        let done = std::sync::atomic::AtomicBool::new(false);
        let wake = async {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                self.wake();
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
        };
        let runs = async {
            runs.await;
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        };
        tokio::join!(runs, wake);
    }

    /// Runs until the batches have ended, without faults.
    async fn finish(&self, batches: &[Value]) -> Vec<Value> {
        for _ in 0..40 {
            let mut ended = Vec::new();
            for batch in batches {
                ended.push(self.batch(batch).await);
            }
            if ended.iter().all(|batch| batch["state"] != "RUNNING") {
                return ended;
            }
            self.minutes(1).await;
        }
        panic!(
            "the batches do not end: {:?}",
            self.items().iter().filter(|i| i["kind"]["S"] != "JOB").collect::<Vec<_>>()
        );
    }
}

/// Several futures at once.
async fn futures<F: Future>(count: usize, make: impl Fn() -> F) {
    match count {
        0 | 1 => drop(make().await),
        2 => drop(tokio::join!(make(), make())),
        _ => drop(tokio::join!(make(), make(), make())),
    }
}

/// What must hold of the jobs of ended batches.
fn check(world: &World, ids: &[String], limit: usize, context: &str) {
    let created = created(world);
    let expected: Vec<String> = ids.iter().map(|id| format!("T#demo#R#demo#I#{id}")).collect();
    let invited: BTreeMap<&String, usize> = created.iter().map(|(pk, times)| (pk, times.len())).collect();
    assert!(expected.iter().all(|pk| invited.get(pk) == Some(&1)), "{context}: {invited:?}");
    assert_eq!(invited.len(), expected.len(), "{context}");
    let most = most_in_a_minute(&created);
    assert!(most <= limit, "{context}: {most} in a minute");
    let items = world.items();
    let ready = items.iter().any(|item| item["kind"]["S"] == "READY");
    assert!(!ready, "{context}: nothing is left in the queue");
    let queue = items.iter().find(|item| item["kind"]["S"] == "QUEUE").unwrap();
    assert_eq!(queue["queued"]["N"], "0", "{context}");
}

async fn play(world: &World, case: usize, weather: (&[&str], f64), seed: u64, ops: &[Op]) {
    let limit = 30;
    let mut all = Vec::new();
    let mut batches = Vec::new();
    for part in 0..2 {
        let ids: Vec<String> = (0..12).map(|number| format!("c{case}-{part}-{number}")).collect();
        for id in &ids {
            world.person(id, Some(&format!("{id}@example.com")), &json!({})).await;
        }
        let more = json!({"pacing": {"max_per_minute": limit}});
        batches.push(world.call("POST", BATCHES, &batch(&ids, &more)).await.ok());
        all.extend(ids);
    }
    let (kinds, probability) = weather;
    world.plan(&json!({"seed": seed, "probability": probability, "kinds": kinds})).await;
    for op in ops {
        match op {
            Op::Minute => world.minutes(1).await,
            Op::Together(count) => {
                world.stack.clock().advance(20_000);
                world.runners(*count).await;
            }
            Op::Pause => drop(world.control(&batches[0], "pause").await),
            Op::Resume => drop(world.control(&batches[0], "resume").await),
            Op::Pass => world.stack.clock().advance(80_000),
        }
    }
    world.injected().await;
    for batch in &batches {
        // One that was paused goes on; one that has ended says so.
        drop(world.control(batch, "resume").await);
    }
    let ended = world.finish(&batches).await;
    assert!(ended.iter().all(|batch| batch["state"] == "SUCCESS"), "{ended:?}");
    check(world, &all, limit, &format!("case {case}: {kinds:?} {ops:?}"));
    // The next case has identities of its own, and none of these jobs.
    for id in &all {
        world.call("DELETE", &format!("{}/identities/{id}", crate::world::REALM), &Value::Null).await.ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn random_campaigns_lose_nobody_and_invite_nobody_twice() {
    let number = |name: &str, usual: u64| std::env::var(name).map_or(usual, |text| text.parse().unwrap());
    let (seed, cases) = (number("BINDERY_SEED", 20_260_131), number("BINDERY_CAMPAIGNS", CASES.into()));
    println!("BINDERY_SEED={seed} BINDERY_CAMPAIGNS={cases}");
    let world = World::new().await;
    let runtime = Handle::current();
    tokio::task::block_in_place(|| {
        let config = Config {
            cases: u32::try_from(cases).unwrap(),
            max_shrink_iters: 0,
            failure_persistence: None,
            ..Config::default()
        };
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
        let case = std::cell::Cell::new(0);
        let strategy = (select(&WEATHERS), any::<u64>(), prop::collection::vec(op(), 3..8));
        runner
            .run(&strategy, |(weather, seed, ops)| {
                case.set(case.get() + 1);
                runtime.block_on(play(&world, case.get(), weather, seed, &ops));
                Ok(())
            })
            .unwrap();
    });
}

/// The runner dies before and after each of the calls of a run.
#[tokio::test(flavor = "multi_thread")]
async fn a_runner_that_dies_anywhere_is_made_good_by_the_next() {
    let world = World::new().await;
    let (mut call, mut hit) = (0, true);
    while hit {
        assert!(call < 120, "a run is bounded");
        for kind in ["kill_before", "kill_after"] {
            let ids: Vec<String> = (0..2).map(|number| format!("k{call}-{kind}-{number}")).collect();
            for id in &ids {
                world.person(id, Some(&format!("{id}@example.com")), &json!({})).await;
            }
            let made = world.call("POST", BATCHES, &batch(&ids, &json!({}))).await.ok();
            world.plan(&json!({"function": "RunCampaigns", "skip": call, "kind": kind})).await;
            world.minutes(1).await;
            hit = !world.injected().await.is_empty();
            let ended = world.finish(&[made]).await;
            assert_eq!(ended[0]["counts"]["invited"], 2, "call {call}, {kind}");
            check(&world, &ids, 10_000, &format!("call {call}, {kind}"));
            let mails = world.mails_by_address().await;
            assert!(ids.iter().all(|id| mails[&format!("{id}@example.com")] == 1), "call {call}, {kind}");
            for id in &ids {
                world.call("DELETE", &format!("{}/identities/{id}", crate::world::REALM), &Value::Null).await.ok();
            }
        }
        call += 1;
    }
    assert!(call > 25, "each shard was asked, and each step was taken: {call}");
}
