//! Keys of an installation, and the stateless tokens that some of them make: base64url of a body and its MAC.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

use crate::time::Timestamp;

/// A key that is made from a secret.
pub trait Key: Sized {
    /// Creates a key from at least 32 secret bytes.
    ///
    /// # Errors
    /// [`ShortKey`] when there are fewer bytes.
    fn new(secret: &[u8]) -> Result<Self, ShortKey>;
}

/// A key of tokens.
pub trait TokenKey: Key {
    /// What a token is for.
    type Subject;
    /// A token that this key made.
    type Token;

    /// Verifies a token that a device sent back.
    ///
    /// # Errors
    /// [`NotAToken::Unknown`] when this key did not make it for this subject, [`NotAToken::Expired`] when it did, but the
    /// token has expired.
    fn verify(&self, subject: &Self::Subject, text: &str, now: Timestamp) -> Result<Self::Token, NotAToken>;
}

/// Why a text is not a valid token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAToken {
    /// It was not made by this installation, or it is for another subject.
    Unknown,
    /// It was made for this subject, but has expired.
    Expired,
}

/// A key of fewer than 32 bytes, which would weaken every token made with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key must have at least 32 bytes")]
pub struct ShortKey;

/// Declares a key. Its `Debug` is redacted.
macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(ring::hmac::Key);

        impl $crate::key::Key for $name {
            fn new(secret: &[u8]) -> Result<Self, $crate::key::ShortKey> {
                $crate::key::hmac_key(secret).map(Self)
            }
        }

        $crate::key::redacted!($name);
    };
}
pub(crate) use key;

/// A `Debug` that shows no secret.
macro_rules! redacted {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}
pub(crate) use redacted;

pub(crate) fn hmac_key(secret: &[u8]) -> Result<hmac::Key, ShortKey> {
    if secret.len() < 32 { Err(ShortKey) } else { Ok(hmac::Key::new(hmac::HMAC_SHA256, secret)) }
}

/// 32 bytes that only the holder of the key can derive from `purpose`.
pub(crate) fn derive(key: &hmac::Key, purpose: &str) -> [u8; 32] {
    let mut derived = [0; 32];
    derived.copy_from_slice(hmac::sign(key, purpose.as_bytes()).as_ref());
    derived
}

/// The text of a token with this body. `subject` is authenticated with the body, but is not part of the text.
pub(crate) fn seal(key: &hmac::Key, subject: &str, mut body: Vec<u8>) -> String {
    let mac = hmac::sign(key, &[subject.as_bytes(), &body].concat());
    body.extend(mac.as_ref());
    URL_SAFE_NO_PAD.encode(body)
}

/// The body of a token, if this key made it for this subject.
pub(crate) fn open(key: &hmac::Key, subject: &str, text: &str) -> Result<Vec<u8>, NotAToken> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotAToken::Unknown)?;
    let (body, mac) = bytes.split_last_chunk::<32>().ok_or(NotAToken::Unknown)?;
    hmac::verify(key, &[subject.as_bytes(), body].concat(), mac).map_err(|_| NotAToken::Unknown)?;
    Ok(body.to_vec())
}
