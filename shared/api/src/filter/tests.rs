use serde_json::{Value, json};

use super::*;

impl Element for Value {
    fn text(&self, attribute: &str) -> Option<&str> {
        self.get(attribute).and_then(Value::as_str)
    }

    fn time(&self, attribute: &str) -> Option<Timestamp> {
        self.text(attribute).and_then(Timestamp::parse)
    }
}

const ATTRIBUTES: [Attribute; 3] = [
    Attribute { name: "state", kind: Kind::Name(|| vec!["A", "B", "C"]) },
    Attribute { name: "config", kind: Kind::Text },
    Attribute { name: "create_time", kind: Kind::Time },
];

fn parse(text: &str) -> Result<Filter, BadFilter> {
    Filter::parse(text, &ATTRIBUTES)
}

fn matches(filter: &str, state: &str, config: &str) -> bool {
    parse(filter)
        .unwrap()
        .matches(&json!({"state": state, "config": config, "create_time": "2026-05-01T00:00:00.000Z"}))
}

#[test]
fn comparisons() {
    assert!(matches(r#"state eq "A""#, "A", ""));
    assert!(!matches(r#"state eq "A""#, "B", ""));
    assert!(matches(r#"STATE NE "A""#, "B", ""));
    assert!(matches(r#"config eq "a \"b\" \u00e4""#, "A", "a \"b\" ä"));
    for (filter, holds) in [
        (r#"create_time gt "2026-05-01T00:00:00Z""#, false),
        (r#"create_time ge "2026-05-01T02:00:00+02:00""#, true),
        (r#"create_time lt "2026-05-01T00:00:00Z""#, false),
        (r#"create_time le "2026-05-01T00:00:00Z""#, true),
        (r#"create_time eq "2026-05-01T00:00:00Z""#, true),
        (r#"create_time ne "2026-05-01T00:00:00Z""#, false),
    ] {
        assert_eq!(matches(filter, "A", ""), holds, "{filter}");
    }
    for (filter, holds) in [
        (r#"config co "LOVE""#, true),
        (r#"config co "ada lovelace""#, true),
        (r#"config co """#, true),
        (r#"config co "ä""#, true),
        (r#"config co "x""#, false),
        (r#"config SW "ADA""#, true),
        (r#"config sw "love""#, false),
        (r#"not (config co "love")"#, false),
    ] {
        assert_eq!(matches(filter, "A", "Ada Lovelace Ä"), holds, "{filter}");
    }
    let nothing = json!({});
    assert!(!parse(r#"config co """#).unwrap().matches(&nothing));
    assert!(!parse(r#"state eq "A""#).unwrap().matches(&nothing));
    assert!(parse(r#"state ne "A""#).unwrap().matches(&nothing));
}

#[test]
fn and_binds_closer_than_or_and_not_closest() {
    let filter = r#"state eq "A" or state eq "B" and config eq "x""#;
    assert!(matches(filter, "A", "y"));
    assert!(!matches(filter, "B", "y"));
    let filter = r#"(state eq "A" or state eq "B") and config eq "x""#;
    assert!(!matches(filter, "A", "y"));
    assert!(matches(filter, "B", "x"));
    let filter = r#"not (state eq "A") and config eq "x""#;
    assert!(matches(filter, "B", "x"));
    assert!(!matches(filter, "B", "y"));
    assert!(matches(r#"Not((state eq "A")AND(config eq "x"))"#, "A", "y"));
}

#[test]
fn an_error_names_the_position_and_the_remedy() {
    for (filter, expected) in [
        ("", "at character 1: expected one of: state, config, create_time"),
        (
            "colour eq \"x\"",
            "at character 1: colour cannot be filtered by; it must be one of: state, config, create_time",
        ),
        ("state co \"A\"", "at character 7: state is not a text: use another operator"),
        ("config sw", "at character 10: expected a value in double quotes"),
        ("state pr", "at character 7: expected eq, ne, co, sw, gt, ge, lt or le after state"),
        ("state eq A", "at character 10: expected a value in double quotes"),
        ("state eq", "at character 9: expected a value in double quotes"),
        ("state eq 1", "at character 10: values are JSON strings, in double quotes"),
        ("state eq \"D\"", "at character 10: state must be one of: A, B, C"),
        ("state gt \"A\"", "at character 7: state has no order: use eq or ne"),
        ("state eq \"A", "at character 10: this is not a JSON string"),
        ("create_time gt \"May\"", "at character 16: expected an RFC 3339 time, such as \"2026-01-31T12:00:00Z\""),
        ("state eq \"A\" state eq \"B\"", "at character 14: expected and, or, or the end"),
        ("state eq \"A\")", "at character 13: this parenthesis was not opened"),
        ("(state eq \"A\"", "at character 14: expected ) for the ( at character 1"),
        ("not state eq \"A\"", "at character 5: expected ( after not"),
        ("state eq \"A\" and", "at character 17: expected one of: state, config, create_time"),
    ] {
        assert_eq!(parse(filter).unwrap_err().to_string(), expected, "{filter}");
    }
}

#[test]
fn length_and_depth_are_bounded() {
    let deep = |depth: usize| format!("{}state eq \"A\"{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&deep(DEEPEST)).is_ok());
    assert!(parse(&deep(DEEPEST + 1)).unwrap_err().to_string().contains("deep"));
    assert!(parse(&deep(LONGEST)).unwrap_err().to_string().contains("longer"));
    // Closed groups do not add to the nesting.
    assert!(parse(&vec![deep(3); 30].join(" and ")).is_ok());
}

#[test]
fn a_span_contains_all_times_that_can_match() {
    let time = |text: &str| Timestamp::parse(text).unwrap();
    let span = |filter: &str| parse(filter).unwrap().span("create_time");
    let (may, june) = (time("2026-05-01T00:00:00Z"), time("2026-06-01T00:00:00Z"));
    let (from, until) = (r#"create_time ge "2026-05-01T00:00:00Z""#, r#"create_time lt "2026-06-01T00:00:00Z""#);
    assert_eq!(span(&format!("{from} and {until}")), Span { from: may, until: june });
    assert_eq!(span(&format!("{from} and state eq \"A\"")), Span { from: may, ..Span::all() });
    assert_eq!(span(&format!("{from} or state eq \"A\"")), Span::all());
    assert_eq!(span(&format!("not ({from})")), Span::all());
    assert_eq!(span(&format!("({from} and {until}) or create_time eq \"2026-05-01T00:00:00Z\"")).until, june);
    assert!(span(&format!("{from} and create_time lt \"2026-01-01T00:00:00Z\"")).from > span(until).from);
}

/// Every text of a few words and every truncation of a long filter is accepted or rejected, without a panic.
#[test]
fn no_input_causes_a_panic() {
    let words = ["(", ")", "not", "and", "or", "state", "eq", "gt", "\"A\"", "\"", "\\", "ä", "create_time", "", "1"];
    let mut accepted = 0;
    for index in 0..words.len().pow(4) {
        let text: Vec<&str> = (0..4).map(|place| words[index / words.len().pow(place) % words.len()]).collect();
        accepted += u32::from(parse(&text.join(" ")).is_ok());
    }
    assert_eq!(accepted, 4, "state eq \"A\" with an empty word in any of four places");
    let long = r#"not (state eq "A" or config ne "\u00e4\\\"") and create_time ge "2026-05-01T00:00:00Z""#;
    assert!(parse(long).is_ok());
    let cuts = long.char_indices().filter(|(end, _)| parse(&long[..*end]).is_ok()).count();
    assert_eq!(cuts, 2, "after the parenthesis, and after the space that follows it");
}
