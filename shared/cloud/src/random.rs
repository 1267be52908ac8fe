//! The only module that draws random bytes.

use ring::rand::{SecureRandom, SystemRandom};

/// Returns `N` bytes from the operating system's generator.
///
/// # Panics
/// When the system cannot provide random bytes, because no secret can be made without them.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
