//! Colors of a theme, and whether text in one of them is legible on the other (WCAG 2.2, success criterion 1.4.3).

/// The background and text color of a button whose realm sets none.
pub const DEFAULT_BUTTON: (&str, &str) = ("#3a4fd0", "#ffffff");

/// The minimum contrast of legible text (level AA).
pub const LEAST_CONTRAST: f64 = 4.5;

/// The contrast of two colors in the form `#rrggbb`, from 1 to 21. `None` if one has another form.
#[must_use]
pub fn contrast(one: &str, other: &str) -> Option<f64> {
    let (one, other) = (luminance(one)?, luminance(other)?);
    Some((one.max(other) + 0.05) / (one.min(other) + 0.05))
}

/// The colors of a button: the realm's, with the default for each that is empty, if they are legible.
#[must_use]
pub fn of_button<'a>(background: &'a str, text: &'a str) -> (&'a str, &'a str) {
    let chosen = or_default(background, text);
    let readable = contrast(chosen.0, chosen.1).is_some_and(|contrast| contrast >= LEAST_CONTRAST);
    if readable { chosen } else { DEFAULT_BUTTON }
}

/// These colors, with the default for each that is empty.
#[must_use]
pub fn or_default<'a>(background: &'a str, text: &'a str) -> (&'a str, &'a str) {
    let or = |color: &'a str, default| if color.is_empty() { default } else { color };
    (or(background, DEFAULT_BUTTON.0), or(text, DEFAULT_BUTTON.1))
}

/// Relative luminance, from 0 (black) to 1 (white).
fn luminance(color: &str) -> Option<f64> {
    let digits = color.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok().map(|value| f64::from(value) / 255.0);
    let linear = |value: f64| if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
    Some(0.2126 * linear(part(0)?) + 0.7152 * linear(part(2)?) + 0.0722 * linear(part(4)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Figures of the WebAIM contrast checker.
    #[test]
    fn contrast_is_that_of_wcag() {
        for (one, other, expected) in [
            ("#ffffff", "#000000", 21.0),
            ("#777777", "#ffffff", 4.48),
            ("#767676", "#FFFFFF", 4.54),
            ("#0000ff", "#ffffff", 8.59),
        ] {
            let found = contrast(one, other).unwrap();
            assert!((found - expected).abs() < 0.01, "{one} {other}: {found}");
        }
        for bad in ["red", "#fff", "", "#ggffff", "#ééé"] {
            assert_eq!(contrast(bad, "#ffffff"), None, "{bad}");
        }
    }

    #[test]
    fn a_button_is_legible() {
        assert_eq!(of_button("", ""), DEFAULT_BUTTON);
        assert_eq!(of_button("#005500", ""), ("#005500", "#ffffff"));
        assert_eq!(of_button("#eeeeee", "#ffffff"), DEFAULT_BUTTON);
        assert_eq!(of_button("", "#000000"), DEFAULT_BUTTON);
        let (background, text) = DEFAULT_BUTTON;
        assert!(contrast(background, text).unwrap() >= LEAST_CONTRAST);
    }
}
