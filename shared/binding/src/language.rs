//! The languages of the hosted page, the mails and the SDK's errors, and how one is chosen.

/// A language that users are addressed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Portuguese, as it is written in Brazil.
    Portuguese,
    /// Italian.
    Italian,
    /// Dutch.
    Dutch,
    /// Polish.
    Polish,
    /// Japanese.
    Japanese,
    /// Chinese in simplified characters.
    Chinese,
    /// Korean.
    Korean,
    /// Arabic.
    Arabic,
}

impl Language {
    /// All languages. English, the first, is the fallback.
    pub const ALL: [Self; 12] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Portuguese,
        Self::Italian,
        Self::Dutch,
        Self::Polish,
        Self::Japanese,
        Self::Chinese,
        Self::Korean,
        Self::Arabic,
    ];

    /// Its tag (RFC 5646), which is also the name of its folder in `shared/messages`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Portuguese => "pt-BR",
            Self::Italian => "it",
            Self::Dutch => "nl",
            Self::Polish => "pl",
            Self::Japanese => "ja",
            Self::Chinese => "zh-Hans",
            Self::Korean => "ko",
            Self::Arabic => "ar",
        }
    }

    /// The direction of its text, as a value of HTML's attribute `dir`.
    #[must_use]
    pub const fn direction(self) -> &'static str {
        if matches!(self, Self::Arabic) { "rtl" } else { "ltr" }
    }

    /// The language of a tag, in the forms in use: `de-CH`, `pt_BR`, `zh-CN`, `AR-eg`. A script or region with
    /// another writing is not matched: traditional Chinese does not become simplified Chinese.
    #[must_use]
    pub fn of(tag: &str) -> Option<Self> {
        let mut parts = tag.trim().split(['-', '_']);
        let primary = parts.next().unwrap_or_default();
        let language = Self::ALL.into_iter().find(|language| {
            language.tag().split('-').next().is_some_and(|known| known.eq_ignore_ascii_case(primary))
        })?;
        let traditional = |part: &str| ["Hant", "TW", "HK", "MO"].iter().any(|other| other.eq_ignore_ascii_case(part));
        let simplified = parts.clone().any(|part| part.eq_ignore_ascii_case("Hans"));
        (language != Self::Chinese || simplified || !parts.any(traditional)).then_some(language)
    }

    /// The first of these tags whose language is known: a job's, then its identity's, then the realm's.
    pub fn first_of<'a>(tags: impl IntoIterator<Item = Option<&'a str>>) -> Option<Self> {
        tags.into_iter().flatten().find_map(Self::of)
    }

    /// The language that an `Accept-Language` header prefers (RFC 9110 §12.5.4), if it names one that is known.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best = (None, 0.0);
        for range in header.split(',') {
            let (tag, weight) = range.split_once(';').unwrap_or((range, ""));
            let weight =
                weight.trim().strip_prefix(['q', 'Q']).and_then(|weight| weight.strip_prefix('=')?.parse().ok());
            let weight = weight.unwrap_or(1.0);
            if let Some(language) = Self::of(tag).filter(|_| weight > best.1) {
                best = (Some(language), weight);
            }
        }
        best.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_has_many_forms() {
        for (tag, expected) in [
            ("en", Some("en")),
            ("de-CH", Some("de")),
            ("pt_BR", Some("pt-BR")),
            ("pt", Some("pt-BR")),
            ("pt-PT", Some("pt-BR")),
            ("zh-CN", Some("zh-Hans")),
            ("zh", Some("zh-Hans")),
            ("zh-SG", Some("zh-Hans")),
            ("zh-Hans-HK", Some("zh-Hans")),
            ("zh-TW", None),
            ("zh-hant", None),
            ("zh_Hant_CN", None),
            ("ar-EG", Some("ar")),
            ("AR", Some("ar")),
            ("es-419", Some("es")),
            ("ja-JP-u-ca-japanese", Some("ja")),
            ("sv", None),
            ("deu", None),
            ("arn", None),
            ("", None),
            ("*", None),
        ] {
            assert_eq!(Language::of(tag).map(Language::tag), expected, "{tag}");
        }
        for language in Language::ALL {
            assert_eq!(Language::of(language.tag()), Some(language));
        }
    }

    #[test]
    fn the_first_known_language_is_chosen() {
        assert_eq!(Language::first_of([Some("sv"), None, Some("fr-CA"), Some("de")]), Some(Language::French));
        assert_eq!(Language::first_of([None, Some("tlh")]), None);
    }

    #[test]
    fn a_browser_says_which_language_its_user_speaks() {
        for (accepted, expected) in [
            ("", "en"),
            ("*", "en"),
            ("sv-SE,sv;q=0.9", "en"),
            ("de", "de"),
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("en-GB,en;q=0.9,de;q=0.8", "en"),
            ("sv, DE;q=0.5, en;q=0.4", "de"),
            ("en;Q=0.4, de;Q=0.5", "de"),
            ("de;q=0, en;q=0.1", "en"),
            ("de;q=nonsense", "de"),
            ("zh-TW,zh;q=0.9,en-US;q=0.8", "zh-Hans"),
            ("zh-TW,en-US;q=0.8", "en"),
            ("pt-BR,pt;q=0.9", "pt-BR"),
            ("ar-SA", "ar"),
        ] {
            assert_eq!(Language::accepted(accepted).unwrap_or_default().tag(), expected, "{accepted}");
        }
    }
}
