//! Puts events on the bus, wave by wave, within the function's time budget.

use std::time::Duration;

use cloud::bus::{Bus, Message};
use tokio::time::Instant;

use crate::waves::{self, Entry};

/// How many times an entry may be refused before the shard waits for Lambda's retry.
const TRIES: u32 = 4;

/// How long new waves are started. One takes 3 s at most.
const BUDGET: Duration = Duration::from_secs(12);

/// The result of a batch.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// The number of events that the bus accepted.
    pub(crate) published: u64,
    /// The number of refusals.
    pub(crate) refusals: u64,
    /// The events that the bus will never accept.
    pub(crate) poison: Vec<Poison>,
    /// The first record whose event is not published yet.
    pub(crate) unpublished: Option<usize>,
}

/// A record that can never be published.
#[derive(Debug)]
pub(crate) struct Poison {
    /// Its index in the batch.
    pub(crate) index: usize,
    /// The reason.
    pub(crate) reason: String,
}

/// Puts events, those with the same key in order. It stops when an event was refused too many times, the bus does not
/// respond, or the time is up.
pub(crate) async fn in_waves(bus: &Bus, mut left: Vec<Entry>) -> Report {
    let mut outcome = Report::default();
    let begun = Instant::now();
    while !left.is_empty() && begun.elapsed() < BUDGET {
        let refused = match one_wave(bus, &mut left, &mut outcome).await {
            Ok(refused) => refused,
            Err(error) => {
                tracing::error!(detail = %error, "the bus does not respond");
                break;
            }
        };
        if refused >= TRIES {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100 * u64::from(refused))).await;
    }
    outcome.unpublished = left.first().map(|entry| entry.index);
    outcome
}

/// Puts one wave, removes the settled entries, and returns the highest number of refusals of one entry.
async fn one_wave(
    bus: &Bus,
    left: &mut Vec<Entry>,
    outcome: &mut Report,
) -> Result<u32, binding::unavailable::Unavailable> {
    let wave = waves::next(left);
    let messages: Vec<Message> = wave.iter().map(|&position| left[position].message.clone()).collect();
    let results = bus.put(&messages).await?;
    let mut most = 0;
    // In reverse order, so that earlier positions stay valid.
    for (position, result) in wave.into_iter().zip(results).rev() {
        let Err(refusal) = result else {
            outcome.published += 1;
            left.remove(position);
            continue;
        };
        outcome.refusals += 1;
        if refusal.is_for_good() {
            let Entry { index, .. } = left.remove(position);
            outcome.poison.push(Poison { index, reason: format!("the bus refused it for good: {}", refusal.code) });
        } else {
            let entry = &mut left[position];
            entry.refused += 1;
            most = most.max(entry.refused);
            tracing::warn!(
                code = refusal.code,
                attempt = entry.refused,
                job_id = entry.key,
                "the bus refused an event"
            );
        }
    }
    Ok(most)
}
