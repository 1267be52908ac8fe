//! AAGUIDs, which are written like UUIDs (WebAuthn Level 3 §6.1).

/// Reads `08987058-cadc-4b81-b6e1-30de50dcbe96`, in either case.
#[cfg(feature = "server")]
pub(crate) fn parse(text: &str) -> Option<[u8; 16]> {
    let hyphens = [8, 13, 18, 23];
    let well_formed = |(index, c): (usize, char)| {
        if hyphens.contains(&index) { c == '-' } else { c.is_ascii_hexdigit() }
    };
    if text.len() != 36 || !text.char_indices().all(well_formed) {
        return None;
    }
    u128::from_str_radix(&text.replace('-', ""), 16).ok().map(u128::to_be_bytes)
}

/// Writes one.
pub(crate) fn text(aaguid: &[u8; 16]) -> String {
    let hex: String = aaguid.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(all(test, feature = "server"))]
mod tests {
    use super::*;

    #[test]
    fn are_read_back() {
        let good = "08987058-cadc-4b81-b6e1-30de50dcbe96";
        assert_eq!(text(&parse(good).unwrap()), good);
        assert_eq!(parse(&good.to_uppercase()), parse(good));
        for bad in ["", "08987058cadc4b81b6e130de50dcbe96", "08987058-cadc-4b81-b6e1-30de50dcbe9g", &good[1..]] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
