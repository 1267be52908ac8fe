//! Mutations of bits, bytes and lengths, and insertions of pieces of other inputs.

/// A small random number generator (SplitMix64); the same seed gives the same inputs.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit.max(1) as u64) as usize
    }
}

/// Bytes that often encode lengths and types.
const TELLING: [u8; 16] =
    [0x00, 0x01, 0x1f, 0x30, 0x3f, 0x58, 0x59, 0x5b, 0x5f, 0x7f, 0x80, 0x82, 0x9b, 0xbf, 0xfe, 0xff];

pub(crate) fn mutate(case: usize, corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = corpus[case].clone();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let length = random.below(16).min(bytes.len() - at);
        match random.below(8) {
            _ if bytes.is_empty() => bytes.push(TELLING[random.below(16)]),
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = TELLING[random.below(16)],
            2 => bytes[at] = random.below(256) as u8,
            3 => bytes.truncate(at),
            4 => drop(bytes.drain(at..at + length)),
            5 => drop(bytes.splice(at..at, vec![TELLING[random.below(16)]; length])),
            6 => {
                let piece = bytes[at..at + length].to_vec();
                let to = random.below(bytes.len());
                drop(bytes.splice(to..to, piece));
            }
            _ => {
                let other = &corpus[random.below(corpus.len())];
                let from = random.below(other.len());
                let piece = other[from..(from + length).min(other.len())].to_vec();
                drop(bytes.splice(at..at + length, piece));
            }
        }
    }
    bytes
}
