//! Distinguishes people who follow a link from software that fetches links on its own.

use axum::http::{HeaderMap, header};

/// Words in the `User-Agent` of software that fetches links without a user: previews of messengers, mail scanners,
/// command-line tools. Compared in lower case.
const TOOLS: [&str; 27] = [
    "barracuda",
    "bingpreview",
    "bot/",
    "bot-",
    "bot (",
    "bot)",
    "crawl",
    "curl/",
    "externalhit",
    "facebot",
    "go-http-client",
    "googleimageproxy",
    "java/",
    "libwww",
    "mimecast",
    "preview",
    "proofpoint",
    "python-",
    "okhttp",
    "safelinks",
    "scan",
    "skypeuripreview",
    "slack-imgproxy",
    "snippet",
    "spider",
    "wget/",
    "whatsapp/",
];

/// Whether a request is a navigation that a user started, as the browser states (Fetch Metadata Request Headers), and
/// its `User-Agent` is not that of a tool.
pub(crate) fn is_user(headers: &HeaderMap) -> bool {
    let is = |name: &str, wanted: &str| headers.get(name).is_some_and(|value| value == wanted);
    is("sec-fetch-mode", "navigate") && is("sec-fetch-user", "?1") && !prefetches(headers) && !is_tool(headers)
}

fn prefetches(headers: &HeaderMap) -> bool {
    let purposes = ["sec-purpose", "purpose", "x-purpose", "x-moz"].map(|name| headers.get(name));
    purposes.into_iter().flatten().any(|purpose| {
        let purpose = purpose.to_str().unwrap_or_default().to_ascii_lowercase();
        ["prefetch", "prerender", "preview"].iter().any(|word| purpose.contains(word))
    })
}

fn is_tool(headers: &HeaderMap) -> bool {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let agent = agent.to_ascii_lowercase();
    TOOLS.iter().any(|tool| agent.contains(tool))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    const PHONE: &str =
        "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Mobile Safari/537.36";

    fn request(more: &[(&'static str, &'static str)]) -> HeaderMap {
        let navigation = [("sec-fetch-mode", "navigate"), ("sec-fetch-user", "?1"), ("user-agent", PHONE)];
        let mut headers = HeaderMap::new();
        for (name, value) in navigation.iter().chain(more) {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn a_person_follows_a_link() {
        assert!(is_user(&request(&[])));
        assert!(!is_user(&request(&[("sec-fetch-mode", "cors")])));
        assert!(!is_user(&request(&[("sec-fetch-user", "?0")])));
        assert!(!is_user(&HeaderMap::new()));
    }

    #[test]
    fn a_prefetch_is_not_a_person() {
        let ahead = [
            ("sec-purpose", "prefetch;prerender"),
            ("purpose", "prefetch"),
            ("x-moz", "Prefetch"),
            ("x-purpose", "preview"),
        ];
        for purpose in ahead {
            assert!(!is_user(&request(&[purpose])), "{purpose:?}");
        }
    }

    #[test]
    fn a_tool_is_not_a_person() {
        let tools = [
            "curl/8.14.1",
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            "facebookexternalhit/1.1",
            "Mozilla/5.0 (compatible; Bingbot/2.0)",
            "Mozilla/5.0 Microsoft Office SafeLinks",
            "TelegramBot (like TwitterBot)",
        ];
        for tool in tools {
            assert!(!is_user(&request(&[("user-agent", tool)])), "{tool}");
        }
        // A phone of that name is not a tool, nor is the browser inside an app.
        assert!(is_user(&request(&[("user-agent", "Mozilla/5.0 (Linux; Android 14; CUBOT NOTE 50) Chrome/150.0")])));
        assert!(is_user(&request(&[("user-agent", "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Instagram 400.0")])));
    }
}
