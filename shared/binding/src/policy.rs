//! The policy that a passkey must meet, and which pages may create it.

pub use proof::{
    Algorithm, Attestation, BackupEligibility, Certification, Mechanism, Policy, Requirement, RootSet, Trust,
};

use crate::redirect;

/// Whether pages of an origin may use a relying party id: their host, or a domain above it (HTML, "is a registrable
/// domain suffix of or is equal to"). Public suffixes are left to browsers.
#[must_use]
pub fn may_use(origin: &str, rp_id: &str) -> bool {
    let host = redirect::check(origin).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let above = host.strip_suffix(rp_id).is_some_and(|rest| rest.ends_with('.'));
    !host.is_empty() && host == rp_id || above && rp_id.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_use_its_host_and_the_domains_above() {
        for (origin, rp_id, may) in [
            ("https://example.com", "example.com", true),
            ("https://login.app.example.com", "example.com", true),
            ("http://localhost:3000", "localhost", true),
            ("https://badexample.com", "example.com", false),
            ("https://example.com", "app.example.com", false),
            ("https://example.com", "com", false),
            ("https://example.com.evil.example", "example.com", false),
            ("nonsense", "", false),
        ] {
            assert_eq!(may_use(origin, rp_id), may, "{origin} {rp_id}");
        }
    }
}
