//! The address of an installation.

use crate::ids::JobRef;
use crate::redirect;

/// The address of an installation as its users see it, without a trailing slash: `https://bind.example.com`.
/// It comes from configuration, never from a request header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Parses an address: https, or http on a loopback host; no path, query, fragment or user info.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = url::Url::parse(text).ok()?;
        let allowed = url.scheme() == "https" || redirect::is_loopback_http(&url);
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let anonymous = url.username().is_empty() && url.password().is_none();
        (allowed && bare && anonymous).then(|| Self(url.origin().ascii_serialization()))
    }

    /// The address, which is also the origin (RFC 6454) of the hosted page.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// The host: the relying party id of the hosted page, unless a config sets another.
    #[must_use]
    pub fn host(&self) -> String {
        let host = url::Url::parse(&self.0).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_default()
    }

    /// A job's address: the audience (RFC 7519 §4.1.3) of a JWT proof.
    #[must_use]
    pub fn audience(&self, job: &JobRef) -> String {
        format!("{}{job}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
