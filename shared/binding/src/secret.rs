//! The secret in a link.
//!
//! The secret is derived, not random: `HMAC-SHA256(link key, job and link version)`. A retry, a second mail and an
//! idempotent replay yield the same link, and no plaintext is stored: the table holds only a [`LinkTokenHash`].

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::percent_decode_str;
use ring::digest;

use crate::ids::JobRef;
use crate::key::{derive, key, redacted};

key! {
    /// The key that link secrets are derived from. Only the functions that create jobs and send mail may have it.
    LinkKey
}

impl LinkKey {
    /// Derives the secret of a job's link. The same arguments yield the same secret.
    #[must_use]
    pub fn derive(&self, job: &JobRef, link_version: u32) -> LinkToken {
        LinkToken(derive(&self.0, &format!("link\n{link_version}\n{job}")))
    }

    /// Derives the secret in the notice of a new passkey, by which the recipient can disown the passkey. It opens no
    /// link.
    #[must_use]
    pub fn derive_disownment(&self, job: &JobRef) -> LinkToken {
        LinkToken(derive(&self.0, &format!("disown\n{job}")))
    }
}

/// The secret of a link. Its holder may bind a passkey to the identity. It has no `Display` and a redacted `Debug`, so
/// that it is not logged by accident. The table stores only a [`LinkTokenHash`].
#[derive(Clone, PartialEq, Eq)]
pub struct LinkToken([u8; 32]);

impl LinkToken {
    /// Parses the form used in links: 43 characters of canonical base64url (RFC 4648 §5).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// Finds the secret in the query of a link and undoes what mail systems and people do to links: percent-encoding of
    /// characters that need none (RFC 3986 §2.3), `&amp;`, added parameters, soft line breaks, invisible characters and
    /// punctuation after the secret. The first `token` that holds a complete secret counts.
    #[must_use]
    pub fn in_query(query: &str) -> Option<Self> {
        let text = decoded(query);
        let lower = text.to_ascii_lowercase();
        lower.match_indices(NAME).find_map(|(at, _)| {
            let separated = at == 0 || text[..at].ends_with(|c: char| "?&;#".contains(c) || c.is_whitespace());
            let value = text.get(at + NAME.len()..).filter(|_| separated)?;
            // `=3D` is an equals sign in quoted-printable (RFC 2045 §6.7) that was not decoded.
            let value_after_3d = value.strip_prefix("3D").and_then(Self::at_start);
            value_after_3d.or_else(|| Self::at_start(value))
        })
    }

    /// The secret at the start of a text. Characters that cannot be part of it are skipped.
    fn at_start(text: &str) -> Option<Self> {
        let mut secret = String::with_capacity(LENGTH);
        let mut rest = text.chars();
        while secret.len() < LENGTH {
            match rest.next()? {
                c if is_of_secret(c) => secret.push(c),
                '=' => {}
                c if c.is_whitespace() || !c.is_ascii() => {}
                _ => return None,
            }
        }
        let behind = rest.as_str().trim_start_matches(['-', '_']);
        if behind.starts_with(is_of_secret) { None } else { Self::parse(&secret) }
    }

    /// The hash that the table stores.
    #[must_use]
    pub fn hash(&self) -> LinkTokenHash {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, &self.0).as_ref());
        LinkTokenHash(hash)
    }

    /// The secret's text, for a link only.
    #[must_use]
    pub fn expose(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

/// The name of the secret in a query.
const NAME: &str = "token=";

/// The number of characters of a secret's text.
const LENGTH: usize = 43;

fn is_of_secret(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// The maximum number of times that systems in sequence may have percent-encoded a link.
const MOST_ENCODINGS: usize = 4;

/// Removes percent-encoding.
fn decoded(text: &str) -> String {
    let decode = |text: String, _| percent_decode_str(&text).decode_utf8_lossy().into_owned();
    (0..MOST_ENCODINGS).fold(text.to_owned(), decode)
}

redacted!(LinkToken);

/// SHA-256 of a link's secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LinkTokenHash([u8; 32]);

impl LinkTokenHash {
    /// Creates a hash from stored bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::tests::job_ref;
    use crate::key::Key as _;

    #[test]
    fn a_secret_depends_on_job_and_link_version() {
        let key = LinkKey::new(&[7; 32]).unwrap();
        let job = job_ref("ada");
        let token = key.derive(&job, 1);
        assert_eq!(token, key.derive(&job, 1));
        assert_ne!(token, key.derive(&job, 2));
        assert_ne!(token, key.derive_disownment(&job));
        assert_ne!(token, key.derive(&job_ref("bob"), 1));
        assert_ne!(token, LinkKey::new(&[8; 32]).unwrap().derive(&job, 1));
        assert_eq!(LinkToken::parse(&token.expose()).map(|t| t.hash()), Some(token.hash()));
    }

    #[test]
    fn a_token_has_one_spelling() {
        let token = LinkKey::new(&[7; 32]).unwrap().derive(&job_ref("ada"), 1).expose();
        assert_eq!(token.len(), 43);
        for wrong in [format!("{token}="), format!("{token} "), token[..42].to_owned(), String::new()] {
            assert_eq!(LinkToken::parse(&wrong), None, "{wrong}");
        }
        // Two bits of the last character are unused and must be zero.
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let spellings =
            alphabet.iter().filter(|c| LinkToken::parse(&format!("{}{}", &token[..42], **c as char)).is_some());
        assert_eq!(spellings.count(), 16);
    }

    #[test]
    fn a_secret_is_found_in_an_altered_link() {
        let token = LinkKey::new(&[7; 32]).unwrap().derive(&job_ref("ada"), 1);
        let text = token.expose();
        let encoded: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let (half, other) = text.split_at(20);
        for query in [
            format!("token={text}"),
            format!("TOKEN={text}"),
            format!("utm_source=mail&token={text}"),
            format!("utm_source=mail&amp;token={text}"),
            format!("token=other&token={text}"),
            format!("token={text}&utm_source=mail"),
            format!("token={text}&amp;utm_source=mail"),
            format!("token={text}?fbclid=x"),
            format!("token={text}#section"),
            format!("token={text}&x=%zz%FF"),
            format!("token={encoded}"),
            format!("token={}", encoded.replace('%', "%25")),
            format!("token%3D{text}"),
            format!("token=3D{text}"),
            format!("token={half}=%0D%0A{other}"),
            format!("token={half}={other}"),
            format!("token={half}%20{other}"),
            format!("token=%E2%80%8B{half}%C2%AD{other}%EF%BB%BF"),
        ] {
            assert_eq!(LinkToken::in_query(&query), Some(token.clone()), "{query}");
        }
        for end in [
            ".",
            ",",
            "%2E",
            ")",
            "%3E",
            "\"",
            "'",
            "%E2%80%9D",
            ";",
            "!",
            "*",
            "_",
            "-",
            "%20",
            "=",
            ".%20Thanks",
            "%20and",
        ] {
            assert_eq!(LinkToken::in_query(&format!("token={text}{end}")), Some(token.clone()), "{end}");
        }
        for wrong in [
            String::new(),
            "token=".to_owned(),
            format!("token={}", &text[..42]),
            format!("token={text}x"),
            format!("token=x{text}"),
            format!("token=.{text}"),
            format!("my_token={text}"),
            format!("x-token={text}"),
            format!("tok={text}"),
        ] {
            assert_eq!(LinkToken::in_query(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let key = LinkKey::new(&[7; 32]).unwrap();
        assert_eq!(format!("{key:?} {:?}", key.derive(&job_ref("ada"), 1)), "LinkKey(…) LinkToken(…)");
        assert_eq!(LinkKey::new(&[7; 31]).unwrap_err().to_string(), "a key must have at least 32 bytes");
    }

    #[test]
    fn a_hash_is_of_the_secret_and_is_read_back() {
        let token = LinkToken([7; 32]);
        let expected = digest::digest(&digest::SHA256, &[7; 32]);
        assert_eq!(token.hash().as_bytes(), expected.as_ref());
        assert_eq!(LinkTokenHash::from_bytes(*token.hash().as_bytes()), token.hash());
        assert_ne!(LinkToken([8; 32]).hash(), token.hash());
    }
}
