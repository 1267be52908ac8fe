//! AAGUIDs, which are written in the form of UUIDs (WebAuthn Level 3 §6.1).

use uuid::Uuid;
#[cfg(feature = "server")]
use uuid::fmt::Hyphenated;

/// Parses `08987058-cadc-4b81-b6e1-30de50dcbe96`, in either case.
#[cfg(feature = "server")]
pub(crate) fn parse(text: &str) -> Option<[u8; 16]> {
    text.parse::<Hyphenated>().ok().map(|aaguid| aaguid.into_uuid().into_bytes())
}

/// Formats an AAGUID.
pub(crate) fn text(aaguid: &[u8; 16]) -> String {
    Uuid::from_bytes(*aaguid).to_string()
}

#[cfg(all(test, feature = "server"))]
mod tests {
    use super::*;

    #[test]
    fn are_read_back() {
        let good = "08987058-cadc-4b81-b6e1-30de50dcbe96";
        assert_eq!(text(&parse(good).unwrap()), good);
        assert_eq!(parse(&good.to_uppercase()), parse(good));
        let [simple, urn, braced] = [good.replace('-', ""), format!("urn:uuid:{good}"), format!("{{{good}}}")];
        for bad in ["", &simple, &urn, &braced, "08987058-cadc-4b81-b6e1-30de50dcbe9g", &good[1..]] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
