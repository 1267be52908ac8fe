//! Redirect URIs: where a user is redirected after binding.

use url::{Host, Url, form_urlencoded};

use crate::code::RedirectCode;

/// Why a realm may not list a URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadUri {
    /// Not an absolute URL (WHATWG URL).
    NotAbsolute,
    /// Neither https nor http on a loopback host.
    Scheme,
    /// It contains a user name or a password.
    UserInfo,
    /// It has a fragment.
    Fragment,
    /// Its host contains a `*`. Patterns are not supported.
    Wildcard,
    /// It is longer than 2048 characters, or contains control characters or spaces.
    Form,
}

impl std::fmt::Display for BadUri {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            BadUri::NotAbsolute => "must be an absolute URL, such as https://app.example.com/done",
            BadUri::Scheme => "must begin with https:// (http:// is allowed for localhost, 127.0.0.1 and [::1])",
            BadUri::UserInfo => "must not contain a user name or password",
            BadUri::Wildcard => "must name one host: patterns with * are not supported",
            BadUri::Fragment => "must not contain a fragment (#…)",
            BadUri::Form => "must be at most 2048 characters, without spaces or control characters",
        })
    }
}

/// A redirect URI with a code. An existing `code` in its query is replaced; everything else stays unchanged.
#[must_use]
pub fn with_code(uri: &str, code: &RedirectCode) -> Option<String> {
    let mut uri = Url::parse(uri).ok()?;
    let is_code = |pair: &str| form_urlencoded::parse(pair.as_bytes()).any(|(name, _)| name == "code");
    let others: Vec<&str> = uri.query().unwrap_or_default().split('&').filter(|pair| !is_code(pair)).collect();
    let others = others.join("&");
    uri.set_query(Some(others.as_str()).filter(|others| !others.is_empty()));
    uri.query_pairs_mut().append_pair("code", &code.expose());
    Some(uri.into())
}

/// Checks a redirect URI of a realm or the invoke URL of an app.
///
/// # Errors
/// [`BadUri`]: the first rule that it violates.
pub fn check(text: &str) -> Result<Url, BadUri> {
    if text.len() > 2048 || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(BadUri::Form);
    }
    let url = Url::parse(text).map_err(|_| BadUri::NotAbsolute)?;
    if url.scheme() != "https" && !is_loopback_http(&url) {
        return Err(BadUri::Scheme);
    }
    // Checks the text as well, because the parser drops an empty user name.
    let authority = text.split(['/', '?', '#', '\\']).nth(2).unwrap_or_default();
    if !url.username().is_empty() || url.password().is_some() || authority.contains('@') {
        return Err(BadUri::UserInfo);
    }
    if url.host_str().is_some_and(|host| host.contains('*')) {
        return Err(BadUri::Wildcard);
    }
    if url.fragment().is_some() {
        return Err(BadUri::Fragment);
    }
    Ok(url)
}

/// The prefix of an Android app's origin, followed by the SHA-256 of its signing certificate in base64url.
const APK_KEY_HASH: &str = "android:apk-key-hash:";

/// Whether an origin is that of an Android app.
#[must_use]
pub fn is_app(origin: &str) -> bool {
    origin.starts_with(APK_KEY_HASH)
}

/// Checks the origin of a page, as [`check_origin`] does, or of an Android app.
///
/// # Errors
/// A description of the error for people.
pub fn check_origin_or_app(text: &str) -> Result<(), String> {
    let Some(hash) = text.strip_prefix(APK_KEY_HASH) else { return check_origin(text) };
    let in_alphabet = hash.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    // 43 characters hold 258 bits: the last two are unused and must be zero.
    let whole = hash.len() == 43 && hash.ends_with(|last| "AEIMQUYcgkosw048".contains(last));
    if in_alphabet && whole {
        Ok(())
    } else {
        Err(format!("must be {APK_KEY_HASH} and the SHA-256 of the app's signing certificate in base64url"))
    }
}

/// Checks an origin (RFC 6454): a URI as above with nothing after host and port, in the form that browsers send.
///
/// # Errors
/// A description of the error for people.
pub fn check_origin(text: &str) -> Result<(), String> {
    let url = check(text).map_err(|bad| bad.to_string())?;
    let origin = url.origin().ascii_serialization();
    if origin == text { Ok(()) } else { Err(format!("must be an origin as browsers write it: {origin}")) }
}

/// Whether `wanted` is on the realm's list: the same text and the same parsed URL. No prefixes, suffixes or patterns.
#[must_use]
pub fn is_listed(list: &[String], wanted: &str) -> bool {
    check(wanted).is_ok() && list.iter().any(|allowed| allowed == wanted)
}

/// `http` to a loopback name or address.
pub(crate) fn is_loopback_http(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_https_or_loopback() {
        for good in
            ["https://app.example.com/done", "https://app.example.com", "http://localhost:3000/x?y=1", "http://[::1]/"]
        {
            assert!(check(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("/done", BadUri::NotAbsolute),
            ("http://app.example.com/", BadUri::Scheme),
            ("http://localhost.example.com/", BadUri::Scheme),
            ("javascript:alert(1)", BadUri::Scheme),
            ("https://app.example.com@evil.example/", BadUri::UserInfo),
            ("https://@evil.example/", BadUri::UserInfo),
            ("https://app.example.com/#x", BadUri::Fragment),
            ("https://*.example.com/", BadUri::Wildcard),
            ("https://app.example.com/\n", BadUri::Form),
            (" https://app.example.com/", BadUri::Form),
        ] {
            assert_eq!(check(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn only_exact_uris_are_listed() {
        let list = vec!["https://example.com/done".to_owned()];
        assert!(is_listed(&list, "https://example.com/done"));
        for near in [
            "https://example.com/done/",
            "https://example.com/done?x",
            "https://example.com/Done",
            "https://badexample.com/done",
            "https://example.com.evil.example/done",
            "https://example.com@evil.example/done",
            "https://EXAMPLE.com/done",
        ] {
            assert!(!is_listed(&list, near), "{near}");
        }
    }

    #[test]
    fn an_android_apps_origin_is_the_hash_of_its_certificate() {
        let good = "android:apk-key-hash:7nJ5aS8kXyOaR0pZcmVjZWlwdHMtYXJlLWhlcmUtMTI";
        assert_eq!(check_origin_or_app(good), Ok(()));
        assert!(is_app(good) && !is_app("https://app.example.com"));
        assert_eq!(check_origin_or_app("https://app.example.com"), Ok(()));
        let hexadecimal = format!("android:apk-key-hash:{}", "7d".repeat(32));
        for bad in [
            &good[..good.len() - 1],
            &format!("{good}="),
            &good.replace("MTI", "MTJ"),
            &good.replace("kXy", "k+y"),
            &hexadecimal,
            "android:apk-key-hash:",
            "ios:bundle-id:com.example",
        ] {
            assert!(check_origin_or_app(bad).is_err(), "{bad}");
        }
        assert!(check_origin(good).is_err());
    }

    #[test]
    fn an_origin_must_have_the_form_that_browsers_send() {
        assert!(check_origin("https://app.example.com").is_ok());
        assert!(check_origin("http://localhost:5173").is_ok());
        for bad in
            ["https://app.example.com/", "https://app.example.com:443", "https://APP.example.com", "app.example.com"]
        {
            assert!(check_origin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_code_is_added_to_the_existing_query() {
        let job = crate::job::tests::job_ref("ada");
        let code = RedirectCode::new(job, [7; 32]);
        let text = code.expose();
        let with = |uri: &str| with_code(uri, &code);
        assert_eq!(with("https://app.example.com/done"), Some(format!("https://app.example.com/done?code={text}")));
        assert_eq!(with("https://a.example/?x=1&y"), Some(format!("https://a.example/?x=1&y&code={text}")));
        for (uri, rest) in [
            ("https://a.example/?code=theirs", ""),
            ("https://a.example/?code=one&x=%41&code=two", "x=%41&"),
            ("https://a.example/?c%6Fde=one&x=a+b", "x=a+b&"),
            ("https://a.example/?code", ""),
            ("https://a.example/?xcode=1&code2=2", "xcode=1&code2=2&"),
        ] {
            assert_eq!(with(uri), Some(format!("https://a.example/?{rest}code={text}")), "{uri}");
        }
        assert_eq!(with("/done"), None);
    }

    #[test]
    fn a_uri_has_at_most_2048_characters() {
        let of = |length: usize| format!("https://a.example/{}", "x".repeat(length - 18));
        assert!(check(&of(2048)).is_ok());
        assert_eq!(check(&of(2049)), Err(BadUri::Form));
        // The parser accepts other numbers of slashes too.
        for slashes in ["//", "", "/", "///", "\\\\"] {
            for user in ["user", "user:", ":secret", "user:secret"] {
                let uri = format!("https:{slashes}{user}@a.example/");
                assert_eq!(check(&uri), Err(BadUri::UserInfo), "{uri}");
            }
        }
        assert_eq!(check("https://a.example/b c"), Err(BadUri::Form));
    }

    #[test]
    fn a_bad_uri_is_explained() {
        use BadUri::{Form, Fragment, NotAbsolute, Scheme, UserInfo, Wildcard};
        for (bad, words) in [
            (NotAbsolute, "absolute"),
            (Scheme, "https://"),
            (UserInfo, "user name"),
            (Fragment, "fragment"),
            (Wildcard, "patterns"),
            (Form, "2048"),
        ] {
            assert!(bad.to_string().starts_with("must ") && bad.to_string().contains(words), "{bad}");
        }
    }

    #[test]
    fn loopback_is_this_machine_only() {
        for (uri, ours) in [
            ("http://localhost/", true),
            ("http://127.0.0.1/", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]:3000/", true),
            ("http://10.0.0.1/", false),
            ("http://[::2]/", false),
            ("http://localhost.evil.example/", false),
            ("https://localhost/", false),
        ] {
            assert_eq!(is_loopback_http(&Url::parse(uri).unwrap()), ours, "{uri}");
        }
    }
}
