use binding::ids::{RealmId, RealmRef, TenantId};

use super::*;

const OCCASIONS: [Occasion; 5] = [
    Occasion::Created,
    Occasion::Renewed,
    Occasion::Reminder { days_left: 1 },
    Occasion::Reminder { days_left: 3 },
    Occasion::Reminder { days_left: 11 },
];

fn realm() -> Realm {
    let reference = RealmRef { tenant: TenantId::parse("t").unwrap(), id: RealmId::parse("r").unwrap() };
    let mut realm = Realm::new(reference, "Demo \"Inc\" <b>".to_owned(), time());
    realm.theme.logo_url_light = "https://demo.example/logo.png".to_owned();
    realm.theme.support_url = "https://demo.example/help?a=1&b='2'".to_owned();
    realm
}

fn time() -> Timestamp {
    Timestamp::parse("2026-11-30T12:05:09Z").unwrap()
}

/// All kinds of mails in a language.
fn all(realm: &Realm, name: &str, language: Language) -> Vec<Text> {
    let head = Letterhead { realm, name, language, test: false };
    let mail = Invitation {
        link: "https://bind.example/bind#/v1?token=x&y",
        decline: "https://bind.example/bind#/v1?do=decline&token=x",
        expire_time: time(),
        occasion: Occasion::Created,
    };
    let invite = |occasion| invitation(&head, &Invitation { occasion, ..mail });
    let tell = |model| {
        notice(
            &head,
            &Notice { model, create_time: time(), disown: "https://bind.example/bind#/v1?do=disown", hours: 24 },
        )
    };
    let mut mails: Vec<Text> = OCCASIONS.into_iter().map(invite).collect();
    mails.extend([None, Some("Key 5")].map(tell));
    mails.push(invitation(&Letterhead { test: true, ..head }, &mail));
    mails
}

#[test]
fn every_mail_is_complete_in_every_language() {
    for language in Language::ALL {
        for Text { subject, text, html } in all(&realm(), "Ada", language) {
            for part in [&subject, &text, &html] {
                assert!(!part.contains("{{") && !part.contains("{%") && !part.contains("{$"), "{part}");
                assert!(!part.trim().is_empty() && !part.contains("undefined"), "{part}");
            }
            let markup = format!("<html lang=\"{}\" dir=\"{}\">", language.tag(), language.direction());
            assert!(html.contains(&markup), "{html}");
            // Nothing that ought to be there is missing: no empty element, no empty line where a text belongs.
            for element in ["p", "h1", "h2", "strong", "a"] {
                let end = format!("</{element}>");
                let ends = html.split(&end).filter(|before| before.ends_with('>'));
                let mut opened = ends.filter_map(|before| before.rsplit_once('<')).map(|(_, tag)| tag);
                let empty = opened.find(|tag| tag.split([' ', '>']).next() == Some(element));
                assert_eq!(empty, None, "{language:?}: {html}");
            }
            assert!(!text.contains("\n\n\n"), "{language:?}: {text:?}");
            assert!(!subject.contains('<') || subject.contains("<b>"), "{subject}");
        }
    }
}

/// A name is marked off wherever it is: in elements by `bdi`, in titles and attributes by characters.
#[test]
fn names_are_marked_off_wherever_they_are() {
    for language in Language::ALL {
        for Text { subject, text, html } in all(&realm(), "\u{202e}Ada", language) {
            let plain = "\u{2068}Demo \"Inc\" <b>\u{2069}";
            assert!(subject.contains(plain), "{subject}");
            assert!(text.contains("\u{2068}Ada\u{2069}") && !text.contains('\u{202e}'), "{text}");
            assert_eq!(text.matches("Demo").count(), text.matches(plain).count(), "{text}");
            let quoted = "Demo &quot;Inc&quot; &lt;b&gt;";
            assert!(html.contains("<bdi>Ada</bdi>") && html.contains(&format!("alt=\"\u{2068}{quoted}\u{2069}\"")));
            let marked = html.matches(&format!("<bdi>{quoted}</bdi>")).count();
            assert_eq!(
                html.matches("Demo").count(),
                marked + html.matches(&format!("\u{2068}{quoted}\u{2069}")).count()
            );
            let mut tags = html.split('<').skip(1).filter_map(|tag| tag.split_once('>').map(|(tag, _)| tag));
            assert!(tags.all(|tag| !tag.contains("bdi;") && !tag.contains("&lt;bdi")), "an element in an attribute");
            let title = html.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).unwrap().0;
            assert!(!title.contains('<'), "{title}");
        }
    }
}

#[test]
fn links_are_complete_in_both_parts() {
    for language in Language::ALL {
        let mails = all(&realm(), "Ada", language);
        let Text { text, html, .. } = &mails[0];
        for link in ["https://bind.example/bind#/v1?token=x&y", "https://bind.example/bind#/v1?do=decline&token=x"] {
            assert!(text.lines().any(|line| line == link), "{text}");
            assert!(html.contains(&format!("href=\"{}\"", link.replace('&', "&amp;"))), "{html}");
        }
        assert!(html.contains("href=\"https://demo.example/help?a=1&amp;b=&#39;2&#39;\""), "{html}");
    }
}

#[test]
fn numbers_and_dates_follow_the_rules_of_the_language() {
    let left = |language, days_left| {
        let words = Words::of(language, Form::Text);
        words.attribute(
            "mail-invitation",
            "days-left",
            &FluentArgs::from_iter([("days", FluentValue::from(days_left))]),
        )
    };
    assert_eq!(left(Language::English, 1), "It works for 1 more day.");
    assert_eq!(left(Language::English, 3), "It works for 3 more days.");
    let date = |language| Words::of(language, Form::Text).moment(time());
    assert_eq!(date(Language::English), "30 November 2026, 12:05 UTC");
    assert_eq!(date(Language::German), "30. November 2026, 12:05 Uhr (UTC)");
}

/// A realm's own texts replace ours in their language only, as plain text.
#[test]
fn an_operator_may_choose_texts() {
    let mut realm = realm();
    let own = |text: &str| text.to_owned();
    realm.texts.push(OwnTexts {
        language: Language::Polish,
        name: own("Firma"),
        intro: own("Wejdź <b>na</b> evil.example"),
        help: own("Pokój 12"),
    });
    let mails = all(&realm, "Ada", Language::Polish);
    for part in [&mails[0].text, &mails[0].html] {
        assert!(part.contains("na") && part.contains("evil.\u{200c}example") && part.contains("Pokój 12"), "{part}");
        assert!(!part.contains("Demo") && part.contains("Firma"), "{part}");
    }
    assert!(mails[0].html.contains("Wejdź &lt;b&gt;na"), "{}", mails[0].html);
    let mails = all(&realm, "Ada", Language::German);
    assert!(mails[0].text.contains("Demo") && !mails[0].text.contains("Pokój"));
}

/// An operator's subject is taken as it is, but turns no text.
#[test]
fn an_operator_may_choose_the_subject() {
    let mut realm = realm();
    realm.email.subject = "Join \u{202e}us".to_owned();
    let mails = all(&realm, "Ada", Language::Polish);
    assert_eq!(mails[0].subject, "Join us");
    assert!(mails[0].html.contains("<title>Join us</title>"));
    assert!(mails[7].subject.contains("Join us") && mails[7].subject != "Join us");
}
