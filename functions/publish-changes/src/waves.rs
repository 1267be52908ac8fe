//! Chooses the events of each call. The bus can refuse one entry of a call and accept later ones, so a call contains
//! at most one event of each job: the first that is not accepted yet. A refused event is never published after its
//! successor.

use std::collections::HashSet;

use cloud::bus::{BATCH, Message};

/// An event to publish.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The index of its record.
    pub(crate) index: usize,
    /// The id of the job or identity. Entries with the same key are published in order.
    pub(crate) key: String,
    /// The event.
    pub(crate) message: Message,
    /// How many times the bus refused it.
    pub(crate) refused: u32,
}

impl Entry {
    pub(crate) fn new(index: usize, key: String, message: Message) -> Self {
        Self { index, key, message, refused: 0 }
    }
}

/// The positions of the next entries, in order: the first of each key, at most one call's worth.
pub(crate) fn next(left: &[Entry]) -> Vec<usize> {
    let mut keys = HashSet::new();
    let first_of_key = left.iter().enumerate().filter(|(_, entry)| keys.insert(entry.key.as_str()));
    first_of_key.map(|(position, _)| position).take(BATCH).collect()
}

#[cfg(test)]
mod tests {
    use api::events::JOB_STATE;
    use cloud::clock::Clock;

    use super::*;

    fn entries(keys: &str) -> Vec<Entry> {
        let message = Message { detail_type: JOB_STATE, time: Clock::default().now(), detail: String::new() };
        keys.chars().enumerate().map(|(index, key)| Entry::new(index, key.into(), message.clone())).collect()
    }

    #[test]
    fn a_wave_has_the_first_of_each_key_and_at_most_ten() {
        for (keys, wave) in [
            ("", &[][..]),
            ("a", &[0]),
            ("aaa", &[0]),
            ("aabab", &[0, 2]),
            ("abcabcd", &[0, 1, 2, 6]),
            ("abcdefghijkl", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
            ("aaaaaaaaaaaaab", &[0, 13]),
        ] {
            assert_eq!(next(&entries(keys)), wave, "{keys}");
        }
    }

    /// Under every pattern of refusals, waves end, and the accepted entries of a key are in order.
    #[test]
    fn the_order_is_kept_under_every_pattern_of_refusals() {
        let keys = "abacabadaabbccdd";
        for pattern in 1..512_u32 {
            let (mut left, mut accepted, mut calls) = (entries(keys), Vec::new(), 0);
            while !left.is_empty() {
                let wave = next(&left);
                assert!(!wave.is_empty() && calls < 1000, "{pattern}");
                for position in wave.into_iter().rev() {
                    calls += 1;
                    if pattern >> (calls % 9) & 1 == 1 {
                        accepted.push(left.remove(position));
                    }
                }
            }
            for key in ["a", "b", "c", "d"] {
                let of_key = accepted.iter().filter(|entry| entry.key == key).map(|entry| entry.index);
                let expected = keys.char_indices().filter(|(_, k)| k.to_string() == key).map(|(index, _)| index);
                assert!(of_key.eq(expected), "{pattern} {key}");
            }
        }
    }
}
