//! Signing in with a passkey that a job created: the token between its two requests.
//!
//! It is stateless, like a ceremony token: a MAC over the config, its version, the identity and nonce of the request,
//! and the time. [`SignInToken::slot`] and [`SignInToken::order`], stored with the credential that signs in, make it
//! single-use.

use ring::hmac;

use crate::ids::{ConfigRef, IdentityId, IdentityRef};
use crate::key::{NotAToken, TokenKey, derive, key, open, redacted, seal};
use crate::time::Timestamp;

/// How long a token is valid, in seconds: as long as a browser waits for its user.
pub const LIFETIME_SECONDS: i64 = 5 * 60;

/// How many slots a credential has for tokens that were used.
pub const SLOTS: usize = 16;

/// The maximum length of an app's nonce, in bytes.
pub const LONGEST_NONCE: usize = 128;

const FORMAT: u8 = 1;
const HEAD: usize = 1 + 4 + 8 + 16;

/// The typical forms of passkeys: the length of the credential id, in bytes, and the transports.
const LOOKS: [(usize, &[&str]); 4] =
    [(16, &["hybrid", "internal"]), (20, &["hybrid", "internal"]), (32, &["internal"]), (64, &["nfc", "usb"])];

/// Whether and how passkeys sign in under an authenticator config.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignInSettings {
    /// Whether they can sign in.
    pub enabled: bool,
    /// The `aud` of tokens about sign-ins, if it is not the config's address.
    pub audience: Option<String>,
    /// What happens when a passkey may have been cloned.
    pub on_clone: OnClone,
}

/// What happens when a signature counter did not increase, so that another device may have a copy of the passkey
/// (WebAuthn Level 3 §7.2, step 22). An event is published in either case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum OnClone {
    /// The sign-in is rejected.
    #[default]
    Refuse,
    /// The sign-in is accepted, and its token states the suspicion.
    Accept,
}

proof::names!(OnClone);

key! {
    /// The key of sign-in tokens, challenges and decoys. It makes no ceremony tokens, and does not sign the token that the
    /// app receives.
    SignInKey
}

impl SignInKey {
    /// Issues a token for a new sign-in.
    ///
    /// # Errors
    /// [`LongNonce`] when the app's nonce has more than [`LONGEST_NONCE`] bytes.
    pub fn issue(
        &self,
        config: &ConfigRef,
        begin: Begin,
        now: Timestamp,
        random: [u8; 16],
    ) -> Result<SignInToken, LongNonce> {
        if begin.nonce.as_ref().is_some_and(|nonce| nonce.len() > LONGEST_NONCE) {
            return Err(LongNonce);
        }
        let mut body = vec![FORMAT];
        body.extend(begin.config_version.to_be_bytes());
        body.extend(now.millis().to_be_bytes());
        body.extend(random);
        put(&mut body, begin.identity.as_ref().map(IdentityId::as_str));
        put(&mut body, begin.nonce.as_deref());
        let text = seal(&self.0, &subject(config), body);
        Ok(SignInToken { key: self.clone(), text, begin, begin_time: now, random })
    }

    /// The passkeys in the response for an identity that has none or does not exist, each a credential id with its
    /// transports. An identity gets the same ones as long as the key is unchanged, and they have the form of real ones.
    /// Without the key they cannot be distinguished from real ones.
    #[must_use]
    pub fn decoys(&self, identity: &IdentityRef) -> Vec<(Vec<u8>, Vec<String>)> {
        let block = |number: u8| hmac::sign(&self.0, format!("decoy\n{number}\n{identity}").as_bytes());
        let bytes = [block(1), block(2)].iter().flat_map(|tag| tag.as_ref().to_vec()).collect::<Vec<u8>>();
        let look = block(0).as_ref().first().copied().unwrap_or_default();
        let (length, transports) = LOOKS[usize::from(look) % LOOKS.len()];
        let transports = transports.iter().map(|&transport| transport.to_owned()).collect();
        vec![(bytes.into_iter().take(length).collect(), transports)]
    }
}

impl TokenKey for SignInKey {
    type Subject = ConfigRef;
    type Token = SignInToken;

    fn verify(&self, config: &ConfigRef, text: &str, now: Timestamp) -> Result<SignInToken, NotAToken> {
        let body = open(&self.0, &subject(config), text)?;
        let (begin, begin_time, random) = read(&body).ok_or(NotAToken::Unknown)?;
        if begin_time.plus_seconds(LIFETIME_SECONDS) <= now {
            return Err(NotAToken::Expired);
        }
        Ok(SignInToken { key: self.clone(), text: text.to_owned(), begin, begin_time, random })
    }
}

/// The parameters that a sign-in begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begin {
    /// The version of the config whose policy applies.
    pub config_version: u32,
    /// The identity that signs in, if the app knows it.
    pub identity: Option<IdentityId>,
    /// The app's nonce, which the signed token repeats.
    pub nonce: Option<String>,
}

/// An app's nonce of more than [`LONGEST_NONCE`] bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LongNonce;

/// A valid token. Only a [`SignInKey`] creates it. It has no `Display`.
#[derive(Clone)]
pub struct SignInToken {
    /// The key that made it. Several keys are valid while they are rotated.
    key: SignInKey,
    text: String,
    begin: Begin,
    begin_time: Timestamp,
    random: [u8; 16],
}

impl SignInToken {
    /// The token's text. Only the device may receive it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The parameters that the sign-in began with.
    #[must_use]
    pub fn begin(&self) -> &Begin {
        &self.begin
    }

    /// The challenge (WebAuthn Level 3 §13.4.3): 32 bytes derived with the token's key, so it need not be stored.
    #[must_use]
    pub fn challenge(&self) -> [u8; 32] {
        derive(&self.key.0, &format!("challenge\n{}", self.text))
    }

    /// Which of a credential's [`SLOTS`] records the use of this token.
    #[must_use]
    pub fn slot(&self) -> usize {
        usize::from(self.random[0]) % SLOTS
    }

    /// The value that the slot stores. A credential accepts a token only if this value is greater than the one in its
    /// slot, and then stores it. That invalidates the token and older tokens of the same slot.
    ///
    /// A used token is thus never accepted again, in constant space. An unused token is rejected only if the same
    /// credential used a younger token of the same slot within [`LIFETIME_SECONDS`].
    #[must_use]
    pub fn order(&self) -> i64 {
        let tie = i64::from(u16::from_be_bytes([self.random[1], self.random[2]]));
        (self.begin_time.millis() << 16) | tie
    }
}

redacted!(SignInToken);

fn subject(config: &ConfigRef) -> String {
    format!("sign-in\n{}\n{}\n", config.realm, config.id)
}

/// Appends an optional text with its length before it; length 255 means that it is absent.
fn put(bytes: &mut Vec<u8>, text: Option<&str>) {
    let length = text.map_or(Some(u8::MAX), |text| u8::try_from(text.len()).ok());
    bytes.push(length.unwrap_or(u8::MAX));
    bytes.extend(text.unwrap_or_default().as_bytes());
}

fn take(bytes: &[u8]) -> Option<(Option<&str>, &[u8])> {
    let (&length, rest) = bytes.split_first()?;
    if length == u8::MAX {
        return Some((None, rest));
    }
    let (text, rest) = rest.split_at_checked(usize::from(length))?;
    Some((Some(std::str::from_utf8(text).ok()?), rest))
}

fn read(body: &[u8]) -> Option<(Begin, Timestamp, [u8; 16])> {
    let (head, rest) = body.split_first_chunk::<HEAD>()?;
    let (&[format], head) = head.split_first_chunk::<1>()?;
    let (&version, head) = head.split_first_chunk::<4>()?;
    let (&millis, random) = head.split_first_chunk::<8>()?;
    let (identity, rest) = take(rest)?;
    let (nonce, rest) = take(rest)?;
    if format != FORMAT || !rest.is_empty() {
        return None;
    }
    let identity = match identity {
        Some(id) => Some(IdentityId::parse(id).ok()?),
        None => None,
    };
    let begin = Begin { config_version: u32::from_be_bytes(version), identity, nonce: nonce.map(str::to_owned) };
    Some((begin, Timestamp::from_millis(i64::from_be_bytes(millis)), random.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;
    use crate::ids::{ConfigId, RealmId, RealmRef, TenantId};
    use crate::key::{Key as _, ShortKey};

    fn now() -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000)
    }

    fn config(realm: &str, id: &str) -> ConfigRef {
        let realm = RealmRef { tenant: TenantId::parse("t").unwrap(), id: RealmId::parse(realm).unwrap() };
        ConfigRef { realm, id: ConfigId::parse(id).unwrap() }
    }

    fn begin(identity: Option<&str>, nonce: Option<&str>) -> Begin {
        Begin {
            config_version: 7,
            identity: identity.map(|id| IdentityId::parse(id).unwrap()),
            nonce: nonce.map(str::to_owned),
        }
    }

    fn key() -> SignInKey {
        SignInKey::new(&[1; 32]).unwrap()
    }

    fn issue(random: [u8; 16]) -> SignInToken {
        key().issue(&config("r", "c"), begin(Some("ada"), Some("n")), now(), random).unwrap()
    }

    #[test]
    fn a_token_returns_the_parameters_of_its_sign_in() {
        let long = "i".repeat(128);
        for begin in [
            begin(None, None),
            begin(Some("ada"), None),
            begin(None, Some("")),
            begin(Some(&long), Some(&"é".repeat(64))),
        ] {
            let token = key().issue(&config("r", "c"), begin.clone(), now(), [5; 16]).unwrap();
            let read = key().verify(&config("r", "c"), token.expose(), now()).unwrap();
            assert_eq!(*read.begin(), begin);
            assert_eq!((read.challenge(), read.order()), (token.challenge(), token.order()));
        }
        let nonce = begin(None, Some(&"n".repeat(129)));
        assert_eq!(key().issue(&config("r", "c"), nonce, now(), [5; 16]).err(), Some(LongNonce));
    }

    #[test]
    fn a_token_is_valid_for_its_config_and_five_minutes() {
        let token = issue([5; 16]);
        let verify = |key: &SignInKey, config, now| key.verify(&config, token.expose(), now).map(drop);
        assert_eq!(verify(&key(), config("r", "c"), now().plus_seconds(299)), Ok(()));
        assert_eq!(verify(&key(), config("r", "c"), now().plus_seconds(300)), Err(NotAToken::Expired));
        assert_eq!(verify(&key(), config("r", "d"), now()), Err(NotAToken::Unknown));
        assert_eq!(verify(&key(), config("s", "c"), now()), Err(NotAToken::Unknown));
        let other = SignInKey::new(&[2; 32]).unwrap();
        assert_eq!(verify(&other, config("r", "c"), now()), Err(NotAToken::Unknown));
        assert_eq!(SignInKey::new(&[1; 31]).err(), Some(ShortKey));
    }

    #[test]
    fn a_changed_bit_invalidates_the_token() {
        let token = issue([5; 16]);
        let bytes = URL_SAFE_NO_PAD.decode(token.expose()).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let text = URL_SAFE_NO_PAD.encode(flipped);
            assert_eq!(key().verify(&config("r", "c"), &text, now()).err(), Some(NotAToken::Unknown), "bit {bit}");
        }
        for end in 0..token.expose().len() {
            let text = &token.expose()[..end];
            assert_eq!(key().verify(&config("r", "c"), text, now()).err(), Some(NotAToken::Unknown), "cut at {end}");
        }
    }

    #[test]
    fn each_token_has_its_own_challenge() {
        let other = SignInKey::new(&[2; 32]).unwrap();
        let theirs = other.issue(&config("r", "c"), begin(Some("ada"), Some("n")), now(), [5; 16]).unwrap();
        let challenges = [issue([5; 16]), issue([6; 16]), theirs].map(|token| token.challenge());
        assert_eq!(BTreeSet::from(challenges).len(), 3);
    }

    /// The slots of a credential, as the table stores them: one conditional write for each sign-in.
    #[derive(Default)]
    struct Slots([i64; SLOTS]);

    impl Slots {
        fn accept(&mut self, token: &SignInToken) -> bool {
            let slot = &mut self.0[token.slot()];
            let fresh = *slot < token.order();
            *slot = token.order().max(*slot);
            fresh
        }
    }

    /// No token is accepted twice, in whatever order tokens are used.
    #[test]
    fn a_used_token_is_never_accepted_again() {
        let mut slots = Slots::default();
        let token = |number: u8| {
            let mut random = [0; 16];
            random[..3].copy_from_slice(&[number.wrapping_mul(31), 0, number]);
            let begun = now().plus_seconds(i64::from(number / 3));
            key().issue(&config("r", "c"), begin(None, None), begun, random).unwrap()
        };
        let shuffled: Vec<u8> = (0..=255).map(|number: u8| number.wrapping_mul(77)).collect();
        let accepted = shuffled.iter().filter(|number| slots.accept(&token(**number))).count();
        assert!((SLOTS..256).contains(&accepted), "{accepted}");
        assert_eq!(shuffled.iter().filter(|number| slots.accept(&token(**number))).count(), 0);
    }

    /// Two concurrent sign-ins are both accepted unless they share a slot, even if the older one finishes last.
    #[test]
    fn tokens_of_different_slots_do_not_disturb_each_other() {
        let mut slots = Slots::default();
        let (older, younger) = (issue([1; 16]), issue([2; 16]));
        assert_ne!(older.slot(), younger.slot());
        assert!(slots.accept(&younger) && slots.accept(&older));
        assert!(!slots.accept(&younger) && !slots.accept(&older));
    }

    #[test]
    fn decoys_are_stable_and_differ() {
        let identity = |id: &str| {
            let config = config("r", "c");
            IdentityRef { realm: config.realm, id: IdentityId::parse(id).unwrap() }
        };
        assert_eq!(key().decoys(&identity("ada")), key().decoys(&identity("ada")));
        assert_ne!(key().decoys(&identity("ada")), SignInKey::new(&[2; 32]).unwrap().decoys(&identity("ada")));
        let all: BTreeSet<_> = (0..64).flat_map(|n| key().decoys(&identity(&format!("i{n}")))).collect();
        assert_eq!(all.len(), 64);
        let lengths: BTreeSet<usize> = all.iter().map(|(id, _)| id.len()).collect();
        assert_eq!(lengths, LOOKS.iter().map(|(length, _)| *length).collect());
    }

    #[test]
    fn debug_shows_neither_key_nor_token() {
        assert_eq!(format!("{:?} {:?}", key(), issue([5; 16])), "SignInKey(…) SignInToken(…)");
    }
}
