//! Client data (WebAuthn Level 3 §5.8.1), as browsers and other clients write it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use proof::Reason;
use serde_json::Value;

use crate::authenticator::{CHALLENGE, Device, lenient, verify};

fn refused(client_data: &[u8]) -> Option<(Reason, String)> {
    let mut response = Device::new().none();
    response["response"]["clientDataJSON"] = URL_SAFE_NO_PAD.encode(client_data).into();
    verify(&response, lenient()).err().map(|refusal| (refusal.reason, refusal.detail))
}

/// Verifies client data with one member set to the given JSON, or added.
fn with(name: &str, json: &str) -> Option<(Reason, String)> {
    let text = String::from_utf8(Device::new().client_data()).unwrap();
    let mut members: serde_json::Map<String, Value> = serde_json::from_str(&text).unwrap();
    members.remove(name);
    let rest = Value::Object(members).to_string();
    refused(format!("{{\"{name}\":{json},{}", &rest[1..]).as_bytes())
}

/// §7.1, step 5: "UTF-8 decode" strips a byte order mark and replaces invalid UTF-8.
#[test]
fn bytes_are_decoded_as_the_specification_says() {
    let plain = Device::new().client_data();
    assert_eq!(refused(&plain), None);
    let mark = b"\xef\xbb\xbf".as_slice();
    assert_eq!(refused(&[mark, &plain].concat()), None);
    assert_eq!(refused(&[mark, mark, &plain].concat()).unwrap().0, Reason::MalformedResponse, "two marks");
    assert_eq!(refused(&[&plain, mark].concat()).unwrap().0, Reason::MalformedResponse);
    let mut invalid = plain.clone();
    invalid.splice(1..1, *b"\"x\":\"\xff\xc3\",");
    assert_eq!(refused(&invalid), None);
    // With a replaced byte, the origin differs.
    let place = plain.windows(7).position(|part| part == b"example").unwrap();
    let mut invalid = plain;
    invalid[place] = 0xff;
    assert_eq!(refused(&invalid).unwrap().0, Reason::OriginMismatch);
}

#[test]
fn other_members_may_be_anything() {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    for json in
        [r#""unused""#, r#"{"status":"whatever"}"#, r#""\ud83d""#, "1e999", "-0", &"9".repeat(400), &deep, "null"]
    {
        assert_eq!(with("tokenBinding", json), None, "{json:.40}");
        assert_eq!(with("other_keys_can_be_added_here", json), None, "{json:.40}");
    }
}

#[test]
fn malformed_members_are_named() {
    for (name, json, text) in [
        ("type", "null", "clientDataJSON.type must be a string"),
        ("challenge", "[]", "clientDataJSON.challenge must be a string"),
        ("origin", "{\"a\":[1]}", "clientDataJSON.origin must be a string"),
        ("crossOrigin", "\"false\"", "clientDataJSON.crossOrigin must be true or false"),
        ("crossOrigin", "0", "clientDataJSON.crossOrigin must be true or false"),
        ("topOrigin", "7", "clientDataJSON.topOrigin must be a string"),
    ] {
        let (reason, detail) = with(name, json).unwrap();
        assert_eq!(reason, Reason::MalformedResponse);
        assert!(detail.starts_with(text), "{detail}");
    }
    for json in ["", "[]", "null", "{", "{}x", r#"{"type":"a","type":"b"}"#] {
        assert_eq!(refused(json.as_bytes()).unwrap().0, Reason::MalformedResponse, "{json}");
    }
}

#[test]
fn null_is_absent_and_a_frame_is_refused() {
    for (name, json, reason) in [
        ("crossOrigin", "null", None),
        ("crossOrigin", "false", None),
        ("topOrigin", "null", None),
        ("crossOrigin", "true", Some(Reason::CrossOrigin)),
        ("topOrigin", "\"https://example.com\"", Some(Reason::CrossOrigin)),
        ("topOrigin", "\"\"", Some(Reason::CrossOrigin)),
    ] {
        assert_eq!(with(name, json).map(|(reason, _)| reason), reason, "{name} {json}");
    }
}

/// The challenge has one spelling: base64url without padding.
#[test]
fn a_challenge_in_another_alphabet_is_refused() {
    let refusal = |text: String| with("challenge", &format!("{text:?}")).map(|(reason, _)| reason);
    assert_eq!(refusal(URL_SAFE_NO_PAD.encode(CHALLENGE)), None);
    for other in [STANDARD.encode(CHALLENGE), STANDARD_NO_PAD.encode(CHALLENGE), URL_SAFE.encode(CHALLENGE)] {
        assert_eq!(refusal(other), Some(Reason::ChallengeMismatch));
    }
    let spelt = URL_SAFE_NO_PAD.encode(CHALLENGE);
    let last = spelt.chars().last().unwrap();
    let stray = format!("{}{}", &spelt[..spelt.len() - 1], char::from_u32(last as u32 + 1).unwrap());
    assert_eq!(refusal(stray), Some(Reason::ChallengeMismatch));
    assert_eq!(refusal(format!("{spelt}\n")), Some(Reason::ChallengeMismatch));
}
