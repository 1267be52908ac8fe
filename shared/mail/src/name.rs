//! Display names in mails. Others choose them, so a name must not become a link in a mail client, and must not turn the
//! text around it (Unicode UAX #9; phishing by display name).

/// The characters that begin and end an isolate, in which a name has its own direction (UAX #9).
const ISOLATE: (char, char) = ('\u{2068}', '\u{2069}');

/// A character without width. After each of [`LINKING`] it prevents mail clients from detecting an address: they look
/// for a host's labels around dots, for `://`, and for `@`.
const BREAK: char = '\u{200c}';

/// The characters that make a text an address. IDNA treats the last three as dots (UTS #46 §2.3).
const LINKING: [char; 7] = ['.', ':', '/', '@', '\u{3002}', '\u{ff0e}', '\u{ff61}'];

/// A name without links and without characters that change the direction of text. It is not isolated from the
/// surrounding text.
pub(crate) fn defused(name: &str) -> String {
    let mut defused = String::with_capacity(name.len());
    let name = without_turns(name);
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        defused.push(c);
        if LINKING.contains(&c) && rest.peek().is_some_and(|next| !next.is_whitespace()) {
            defused.push(BREAK);
        }
    }
    defused
}

/// A name for insertion into other text.
pub(crate) fn isolated(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!("{}{}{}", ISOLATE.0, defused(name), ISOLATE.1) }
}

/// The name of a sender. No characters are added that would have to be encoded.
pub fn of_sender(name: &str) -> String {
    let defused = defused(name);
    if name.is_ascii() { defused.replace(BREAK, " ") } else { isolated(name) }
}

/// A text of the operator, which may contain links.
pub(crate) fn without_turns(text: &str) -> String {
    text.chars().filter(|c| !turns_text(*c) && !c.is_control()).collect()
}

/// Embeddings, overrides and isolates, and their ends (UAX #9 §2). Directional marks stay, because a name may need
/// them.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use linkify::LinkFinder;

    use super::*;

    const ADDRESSES: [&str; 20] = [
        "Your account is locked: https://evil.example/x",
        "http://evil.example",
        "HTTPS://EVIL.EXAMPLE/?a=b#c",
        "evil.example",
        "evil.com",
        "www.evil.com",
        "sub.domain.evil.co.uk/path",
        "Ada (evil.com)",
        "Ada,evil.com.",
        "mailto:ada@evil.com",
        "ada@evil.com",
        "ada+x@sub.evil.com",
        "//evil.com/x",
        "ftp://evil.com",
        "tel:+1-555-0100",
        "evil.com:8080",
        "192.0.2.1/x",
        "xn--bcher-kva.example",
        "bücher.de",
        "evil。com",
    ];

    /// Checked with a published link finder, which also finds bare domains.
    #[test]
    fn no_name_is_a_link() {
        let mut finder = LinkFinder::new();
        finder.url_must_have_scheme(false);
        let mut found = 0;
        for address in ADDRESSES {
            found += usize::from(finder.links(address).next().is_some());
            for shown in
                [defused(address), isolated(address), of_sender(address), format!("Hello {},", isolated(address))]
            {
                assert_eq!(finder.links(&shown).map(|link| link.as_str()).collect::<Vec<_>>(), [""; 0], "{shown:?}");
            }
        }
        assert!(found >= 14, "the finder finds the links in unprotected names: {found}");
        for plain in ["Ada Lovelace", "Demo Inc.", "Dr. Who", "Müller & Söhne: Wien", "עדה"] {
            assert_eq!(defused(plain), plain);
        }
        assert_eq!(of_sender("Dr.Who"), "Dr. Who");
    }

    #[test]
    fn no_name_changes_the_direction_of_the_surrounding_text() {
        let shown = isolated("Ada \u{202e}elpmaxe.live\u{2069}\u{2067}\r\nx");
        assert_eq!(shown, "\u{2068}Ada elpmaxe.\u{200c}livex\u{2069}");
        assert_eq!(of_sender("\u{202e}Ada"), "\u{2068}Ada\u{2069}");
        assert_eq!((isolated(""), of_sender("")), (String::new(), String::new()));
    }
}
