//! `fuzz TARGET SECONDS SEED`: mutates the target's corpus in a loop and verifies the results.
//!
//! It fails when an input panics, takes a second, or verifies as something that was never signed. A failure prints the seed
//! and the number of the input, which reproduce it.

#![expect(clippy::panic, reason = "a panic is how a failure is reported")]

mod mutate;
mod targets;

use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

use mutate::Random;
use targets::Target;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, seconds, seed] = arguments.as_slice() else {
        panic!("usage: fuzz attestation|assertion|client-data|jws|blob SECONDS SEED");
    };
    let target = Target::named(name).expect("a target of this name");
    let limit = Duration::from_secs(seconds.parse().expect("seconds"));
    let seed: u64 = seed.parse().expect("a seed");
    let begun = Instant::now();
    let (mut count, mut slowest, mut accepted) = (0_u64, Duration::ZERO, 0_u64);
    while begun.elapsed() < limit {
        let mut random = Random::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ count);
        let case = random.below(target.corpus.len());
        let input = mutate::mutate(case, &target.corpus, &mut random);
        let one = Instant::now();
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| target.run(case, &input)));
        slowest = slowest.max(one.elapsed());
        match outcome {
            Ok(verified) => accepted += u64::from(verified),
            Err(_) => panic!("{name}: failed at seed {seed}, input {count}: {input:02x?}"),
        }
        count += 1;
    }
    println!("{name}: {count} inputs, none failed, {accepted} verified, slowest {slowest:?}");
    assert!(slowest < Duration::from_secs(1), "an input takes too long");
}
