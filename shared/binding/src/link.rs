//! The link that a user follows, and the secret in it.
//!
//! The secret is not drawn but derived: `HMAC-SHA256(link key, job and link version)`. A retry, a second mail and an
//! idempotent replay give the same link without any plaintext being stored; the table holds [`LinkTokenHash`] only.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::percent_decode_str;
use ring::{digest, hmac};

use crate::directory::Invocation;
use crate::ids::JobRef;

/// The key from which link secrets are derived. Only the functions that create jobs and send mail may have it.
#[derive(Clone)]
pub struct LinkKey(hmac::Key);

impl LinkKey {
    /// From secret bytes, at least 32 of them.
    ///
    /// # Errors
    /// [`ShortKey`] when there are fewer.
    pub fn new(secret: &[u8]) -> Result<Self, ShortKey> {
        hmac_key(secret).map(Self)
    }

    /// The secret of a job's link. The same arguments give the same secret.
    #[must_use]
    pub fn derive(&self, job: &JobRef, link_version: u32) -> LinkToken {
        self.secret(&format!("link\n{link_version}\n{job}"))
    }

    /// The secret by which the recipient of the notice of a new passkey may take it back. It opens no link.
    #[must_use]
    pub fn derive_disownment(&self, job: &JobRef) -> LinkToken {
        self.secret(&format!("disown\n{job}"))
    }

    fn secret(&self, purpose: &str) -> LinkToken {
        let mac = hmac::sign(&self.0, purpose.as_bytes());
        let mut secret = [0; 32];
        secret.copy_from_slice(mac.as_ref());
        LinkToken(secret)
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(…)")
    }
}

/// A key of fewer than 32 bytes, which would weaken every token made with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortKey;

impl fmt::Display for ShortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key must have at least 32 bytes")
    }
}

impl std::error::Error for ShortKey {}

pub(crate) fn hmac_key(secret: &[u8]) -> Result<hmac::Key, ShortKey> {
    if secret.len() < 32 { Err(ShortKey) } else { Ok(hmac::Key::new(hmac::HMAC_SHA256, secret)) }
}

/// The secret of a link: who has it may bind a passkey to the identity. It has no `Display` and a redacted `Debug`, so
/// that it gets into no log by accident, and the table does not take it: that wants a [`LinkTokenHash`].
#[derive(Clone, PartialEq, Eq)]
pub struct LinkToken([u8; 32]);

impl LinkToken {
    /// Reads the form that stands in a link: 43 characters of base64url (RFC 4648 §5), in its one canonical spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// Reads the secret from the query of a link, by its name, and undoes what mail systems and people do to links:
    /// percent-encoding of characters that need none (RFC 3986 §2.3), `&amp;`, parameters of others, soft line breaks and
    /// invisible characters, punctuation behind the secret. The first `token` that holds a whole secret counts.
    #[must_use]
    pub fn in_query(query: &str) -> Option<Self> {
        let text = decoded(query);
        let lower = text.to_ascii_lowercase();
        lower.match_indices(NAME).find_map(|(at, _)| {
            let separated = at == 0 || text[..at].ends_with(|c: char| "?&;#".contains(c) || c.is_whitespace());
            let value = text.get(at + NAME.len()..).filter(|_| separated)?;
            // `=3D` is an equals sign in quoted-printable (RFC 2045 §6.7) that nobody undid.
            let value_after_3d = value.strip_prefix("3D").and_then(Self::at_start);
            value_after_3d.or_else(|| Self::at_start(value))
        })
    }

    /// The secret at the start of a text, with what cannot be part of it passed over.
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

    /// What the table stores of the secret, and what it compares with.
    #[must_use]
    pub fn hash(&self) -> LinkTokenHash {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, &self.0).as_ref());
        LinkTokenHash(hash)
    }

    /// The secret, to be put into a link and nowhere else.
    #[must_use]
    pub fn expose(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

/// How a query names the secret.
const NAME: &str = "token=";

/// The characters of a secret's text.
const LENGTH: usize = 43;

fn is_of_secret(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// How often a link may have been percent-encoded, one system after the other.
const MOST_ENCODINGS: usize = 4;

/// A text without percent-encoding.
fn decoded(text: &str) -> String {
    let decode = |text: String, _| percent_decode_str(&text).decode_utf8_lossy().into_owned();
    (0..MOST_ENCODINGS).fold(text.to_owned(), decode)
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(…)")
    }
}

/// SHA-256 of a link's secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LinkTokenHash([u8; 32]);

impl LinkTokenHash {
    /// From stored bytes.
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

/// The address of an installation as its users see it, without a slash at the end: `https://bind.example.com`.
/// It comes from configuration and never from a request's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Reads an address: https, or http on this very machine; no path, query, fragment or user.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = url::Url::parse(text).ok()?;
        let allowed = url.scheme() == "https" || crate::redirect::is_loopback_http(&url);
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let anonymous = url.username().is_empty() && url.password().is_none();
        (allowed && bare && anonymous).then(|| Self(url.origin().ascii_serialization()))
    }

    /// The address, which is also the origin (RFC 6454) of the hosted page.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// The host alone: the relying party id of the hosted page, unless a config names another.
    #[must_use]
    pub fn host(&self) -> String {
        let host = url::Url::parse(&self.0).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_default()
    }

    /// A job's address: the audience (RFC 7519 §4.1.3) of a proof by JWT.
    #[must_use]
    pub fn audience(&self, job: &JobRef) -> String {
        format!("{}{job}", self.0)
    }

    /// A job's link, as the config's page takes it.
    #[must_use]
    pub fn link(&self, invocation: &Invocation, job: &JobRef, token: &LinkToken) -> Link {
        match invocation {
            Invocation::HostedWeb => self.hosted_link(job, token),
            Invocation::Embedded { .. } => self.embedded_link(job, token),
        }
    }

    /// The link to the hosted page. The secret is in the fragment, which no server, proxy or log sees.
    #[must_use]
    pub fn hosted_link(&self, job: &JobRef, token: &LinkToken) -> Link {
        Link(format!("{}/bind#{job}?token={}", self.0, token.expose()))
    }

    /// The link by which a recipient who did not expect a job's link withdraws it, on the hosted page.
    #[must_use]
    pub fn decline_link(&self, job: &JobRef, token: &LinkToken) -> Link {
        self.errand_link("decline", job, token)
    }

    /// The link by which a person takes back a passkey that somebody else made, on the hosted page.
    #[must_use]
    pub fn disown_link(&self, job: &JobRef, token: &LinkToken) -> Link {
        self.errand_link("disown", job, token)
    }

    /// The secret comes last: a link that is cut short is not whole, and never another link.
    fn errand_link(&self, errand: &str, job: &JobRef, token: &LinkToken) -> Link {
        Link(format!("{}/bind#{job}?do={errand}&token={}", self.0, token.expose()))
    }

    /// The link that an app's SDK takes, or that leads a browser to the app.
    #[must_use]
    pub fn embedded_link(&self, job: &JobRef, token: &LinkToken) -> Link {
        Link(format!("{}{job}:invokeAuthenticator?token={}", self.0, token.expose()))
    }
}

/// A whole link with its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    /// The link, to be handed to the user or the caller and nobody else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Link(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::tests::job_ref;

    #[test]
    fn derivation_depends_on_everything_that_names_the_job() {
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
        // The last character holds two bits that no byte uses: they must be zero.
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let spellings =
            alphabet.iter().filter(|c| LinkToken::parse(&format!("{}{}", &token[..42], **c as char)).is_some());
        assert_eq!(spellings.count(), 16);
    }

    #[test]
    fn a_secret_is_found_in_what_became_of_a_link() {
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
    fn a_link_that_is_cut_short_is_not_whole() {
        let token = LinkKey::new(&[7; 32]).unwrap().derive(&job_ref("ada"), 1);
        let url = PublicUrl::parse("https://bind.example.com").unwrap();
        for link in [url.decline_link(&job_ref("ada"), &token), url.disown_link(&job_ref("ada"), &token)] {
            assert!(link.expose().contains("?do=") && link.expose().ends_with(&token.expose()), "{}", link.expose());
            let (_, query) = link.expose().split_once('?').unwrap();
            assert_eq!(LinkToken::in_query(query), Some(token.clone()));
            assert!((0..query.len()).all(|length| LinkToken::in_query(&query[..length]).is_none()));
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let key = LinkKey::new(&[7; 32]).unwrap();
        let token = key.derive(&job_ref("ada"), 1);
        let link = PublicUrl::parse("https://bind.example.com").unwrap().hosted_link(&job_ref("ada"), &token);
        assert_eq!(format!("{key:?} {token:?} {link:?}"), "LinkKey(…) LinkToken(…) Link(…)");
        assert_eq!(LinkKey::new(&[7; 31]).unwrap_err().to_string(), "a key must have at least 32 bytes");
    }

    #[test]
    fn the_public_url_is_an_origin() {
        for good in
            ["https://bind.example.com", "https://bind.example.com/", "http://localhost:3000", "http://127.0.0.1:1"]
        {
            assert!(PublicUrl::parse(good).is_some(), "{good}");
        }
        for bad in [
            "http://bind.example.com",
            "https://a@b.example",
            "https://a.example/x",
            "https://a.example/?q",
            "ftp://a",
            "a",
        ] {
            assert!(PublicUrl::parse(bad).is_none(), "{bad}");
        }
        assert_eq!(PublicUrl::parse("http://localhost:3000/").unwrap().origin(), "http://localhost:3000");
        assert_eq!(PublicUrl::parse("https://bind.example.com").unwrap().host(), "bind.example.com");
    }

    #[test]
    fn a_link_leads_to_the_configs_page() {
        let (ours, job) = (PublicUrl::parse("https://bind.example.com").unwrap(), job_ref("ada"));
        let token = LinkKey::new(&[7; 32]).unwrap().derive(&job, 1);
        let secret = token.expose();
        let hosted = format!("https://bind.example.com/bind#{job}?token={secret}");
        let errand = |errand: &str| format!("https://bind.example.com/bind#{job}?do={errand}&token={secret}");
        let embedded = format!("https://bind.example.com{job}:invokeAuthenticator?token={secret}");
        let app = Invocation::Embedded {
            invoke_url: "https://app.example.com".to_owned(),
            trusted_origins: Vec::new(),
            invocation_type: None,
        };
        assert_eq!(ours.link(&Invocation::HostedWeb, &job, &token).expose(), hosted);
        assert_eq!(ours.link(&app, &job, &token).expose(), embedded);
        assert_eq!(ours.decline_link(&job, &token).expose(), errand("decline"));
        assert_eq!(ours.disown_link(&job, &token).expose(), errand("disown"));
        assert_eq!(ours.audience(&job), format!("https://bind.example.com{job}"));
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
