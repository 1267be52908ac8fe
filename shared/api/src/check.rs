//! Checks of texts in requests. Clients make the same checks before they send anything.

use binding::campaign::quiet::is_time_zone;
use binding::ids::IdentityId;
use email_address::{EmailAddress, Options};

/// Checks an identity id.
///
/// # Errors
/// What the text must be.
pub fn identity_id(text: &str) -> Result<(), String> {
    IdentityId::parse(text).map(drop).map_err(|invalid| invalid.to_string())
}

/// Checks that a text has at most `longest` characters, and no control characters.
///
/// # Errors
/// What the text must be.
pub fn text(text: &str, longest: usize) -> Result<(), String> {
    if text.chars().count() > longest {
        return Err(format!("must have at most {longest} characters"));
    }
    if text.chars().any(char::is_control) {
        return Err("must not contain control characters".to_owned());
    }
    Ok(())
}

/// Checks that a text is the name of an IANA time zone.
///
/// # Errors
/// What the text must be.
pub fn time_zone(text: &str) -> Result<(), String> {
    if is_time_zone(text) { Ok(()) } else { Err("must be an IANA time zone, such as Europe/Berlin".to_owned()) }
}

/// Normalises a language tag (BCP 47), whose parts may also be separated by `_`. Its form is checked, but not whether the
/// language exists.
///
/// # Errors
/// What the text must be.
pub fn language_tag(text: &str) -> Result<String, String> {
    let tag = text.replace('_', "-");
    let parts = tag.split('-').all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    let good = parts && tag.len() <= 35 && tag.starts_with(|c: char| c.is_ascii_alphabetic());
    if good { Ok(tag) } else { Err("must be a language tag, such as en or de-CH".to_owned()) }
}

/// Normalises a mail address for SES: an ASCII local part without quotes, and a domain in its DNS form, so that
/// `müller.example` becomes `xn--mller-kva.example` (RFC 5321 §4.1.2, UTS 46).
///
/// # Errors
/// What the text must be.
pub fn mail_address(text: &str) -> Result<String, String> {
    const FORM: Options = Options {
        minimum_sub_domains: 2,
        allow_domain_literal: false,
        allow_display_text: false,
        allow_long_local_parts: false,
    };
    let refuse = || "must be a mail address, such as ada@example.com".to_owned();
    let (local, domain) = text.rsplit_once('@').ok_or_else(refuse)?;
    if !local.is_ascii() {
        return Err("must have only ASCII characters before the @: Amazon SES delivers to no other address".to_owned());
    }
    if local.starts_with('"') {
        return Err("must have no quotes before the @".to_owned());
    }
    let domain = idna::domain_to_ascii_strict(domain).map_err(|_| refuse())?;
    let address = EmailAddress::parse_with_options(&format!("{local}@{domain}"), FORM).map_err(|_| refuse())?;
    if address.as_str().len() > LONGEST_ADDRESS {
        return Err(format!("must have at most {LONGEST_ADDRESS} characters"));
    }
    Ok(address.into())
}

/// The longest address, in bytes (RFC 5321 §4.5.3.1.3, without the angle brackets).
const LONGEST_ADDRESS: usize = 254;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_ses_accepts() {
        let of = |local: &str, domain: &str| format!("{local}@{domain}.example");
        for (given, expected) in [
            ("ada@example.com", "ada@example.com"),
            ("a.b+c@sub.example.org", "a.b+c@sub.example.org"),
            ("ada@müller.example", "ada@xn--mller-kva.example"),
            ("ada@MÜLLER.Example", "ada@xn--mller-kva.example"),
            ("ada@例え.テスト", "ada@xn--r8jz45g.xn--zckzah"),
            ("ada@xn--mller-kva.example", "ada@xn--mller-kva.example"),
            ("Ada.O'Neil@EXAMPLE.com", "Ada.O'Neil@example.com"),
            (&of(&"a".repeat(64), "b"), &of(&"a".repeat(64), "b")),
        ] {
            assert_eq!(mail_address(given).as_deref(), Ok(expected), "{given}");
        }
        for bad in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@example",
            "a b@example.com",
            "a@b@c.d",
            "a@example.com\nBcc:x@y.z",
            "<a@b.cd>",
            "Ada <a@b.cd>",
            ".ada@example.com",
            "ada.@example.com",
            "a..da@example.com",
            "ada@-example.com",
            "ada@example-.com",
            "ada@exa_mple.com",
            "ada@example..com",
            "ada@.example.com",
            "ada@example.com.",
            "ada@[192.0.2.1]",
            "ada@xn--a.example",
            "\"a b\"@example.com",
            "\"a\"@example.com",
            "müller@example.com",
            "a,b@example.com",
            "a;b@example.com",
            "a(b)@example.com",
            &of(&"a".repeat(65), "b"),
            &of("a", &"b".repeat(64)),
            &of("a", &format!("{}{}", "b.".repeat(60), "c".repeat(200))),
        ] {
            assert!(mail_address(bad).is_err(), "{bad}");
        }
    }
}
