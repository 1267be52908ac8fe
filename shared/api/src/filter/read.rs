//! The parser of filters: text to words, words to a tree.

use binding::time::Timestamp;

use super::{Attribute, BadFilter, DEEPEST, Kind, LONGEST, Node, Operator, Part};

const OPERATORS: [(&str, Operator); 6] = [
    ("eq", Operator::Equal),
    ("ne", Operator::NotEqual),
    ("gt", Operator::Greater),
    ("ge", Operator::GreaterOrEqual),
    ("lt", Operator::Less),
    ("le", Operator::LessOrEqual),
];

const PARTS: [(&str, Part); 2] = [("co", Part::Contains), ("sw", Part::StartsWith)];

/// A word of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Open,
    Close,
    Name(String),
    Text(String),
}

struct Reader<'a> {
    /// The remaining words with their positions, in reverse order.
    words: Vec<(usize, Word)>,
    end: usize,
    depth: usize,
    attributes: &'a [Attribute],
}

type Read<T> = Result<T, BadFilter>;

fn bad<T>(position: usize, why: impl Into<String>) -> Read<T> {
    Err(BadFilter { position, why: why.into() })
}

pub(super) fn filter(text: &str, attributes: &[Attribute]) -> Read<Node> {
    if text.len() > LONGEST {
        return bad(LONGEST, format!("is longer than {LONGEST} bytes"));
    }
    let mut words = words(text)?;
    words.reverse();
    let mut reader = Reader { words, end: text.chars().count(), depth: 0, attributes };
    let node = reader.any()?;
    match reader.words.last() {
        None => Ok(node),
        Some((position, Word::Close)) => bad(*position, "this parenthesis was not opened"),
        Some((position, _)) => bad(*position, "expected and, or, or the end"),
    }
}

fn words(text: &str) -> Read<Vec<(usize, Word)>> {
    let letters: Vec<char> = text.chars().collect();
    let (mut words, mut at) = (Vec::new(), 0);
    while let Some(letter) = letters.get(at) {
        let begin = at;
        at += 1;
        let word = match letter {
            ' ' | '\t' => continue,
            '(' => Word::Open,
            ')' => Word::Close,
            '"' => {
                while let Some(letter) = letters.get(at) {
                    at += 1;
                    match letter {
                        '"' => break,
                        '\\' => at += 1,
                        _ => {}
                    }
                }
                let quoted: String = letters.get(begin..at).unwrap_or_default().iter().collect();
                match serde_json::from_str(&quoted) {
                    Ok(text) => Word::Text(text),
                    Err(_) => return bad(begin, "this is not a JSON string"),
                }
            }
            letter if letter.is_ascii_alphabetic() => {
                while letters.get(at).is_some_and(|letter| letter.is_ascii_alphanumeric() || "_.:-".contains(*letter)) {
                    at += 1;
                }
                Word::Name(letters.get(begin..at).unwrap_or_default().iter().collect())
            }
            _ => return bad(begin, "values are JSON strings, in double quotes"),
        };
        words.push((begin, word));
    }
    Ok(words)
}

impl Reader<'_> {
    fn next(&mut self) -> (usize, Option<Word>) {
        self.words.pop().map_or((self.end, None), |(position, word)| (position, Some(word)))
    }

    /// Consumes a keyword if it is next.
    fn takes(&mut self, wanted: &str) -> bool {
        let is_next = matches!(self.words.last(), Some((_, Word::Name(name))) if name.eq_ignore_ascii_case(wanted));
        if is_next {
            self.words.pop();
        }
        is_next
    }

    fn any(&mut self) -> Read<Node> {
        let mut nodes = vec![self.all()?];
        while self.takes("or") {
            nodes.push(self.all()?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::Any(nodes) })
    }

    fn all(&mut self) -> Read<Node> {
        let mut nodes = vec![self.one()?];
        while self.takes("and") {
            nodes.push(self.one()?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::All(nodes) })
    }

    fn one(&mut self) -> Read<Node> {
        if self.takes("not") {
            return match self.next() {
                (position, Some(Word::Open)) => self.group(position).map(|node| Node::Not(Box::new(node))),
                (position, _) => bad(position, "expected ( after not"),
            };
        }
        match self.next() {
            (position, Some(Word::Open)) => self.group(position),
            (position, Some(Word::Name(name))) => self.comparison(position, &name),
            (position, _) => bad(position, format!("expected one of: {}", self.names())),
        }
    }

    fn group(&mut self, begin: usize) -> Read<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return bad(begin, format!("parentheses are more than {DEEPEST} deep"));
        }
        let node = self.any()?;
        self.depth -= 1;
        match self.next() {
            (_, Some(Word::Close)) => Ok(node),
            (position, _) => bad(position, format!("expected ) for the ( at character {}", begin + 1)),
        }
    }

    fn comparison(&mut self, begin: usize, name: &str) -> Read<Node> {
        let Some(attribute) = self.attributes.iter().find(|known| known.name.eq_ignore_ascii_case(name)) else {
            return bad(begin, format!("{name} cannot be filtered by; it must be one of: {}", self.names()));
        };
        let (position, word) = self.next();
        let is = |known: &str| matches!(&word, Some(Word::Name(name)) if name.eq_ignore_ascii_case(known));
        if let Some((_, part)) = PARTS.into_iter().find(|(known, _)| is(known)) {
            if !matches!(attribute.kind, Kind::Text) {
                return bad(position, format!("{} is not a text: use another operator", attribute.name));
            }
            let (_, value) = self.value(position)?;
            return Ok(Node::Part(attribute.name, part, value.to_lowercase()));
        }
        let Some((_, operator)) = OPERATORS.into_iter().find(|(known, _)| is(known)) else {
            return bad(position, format!("expected eq, ne, co, sw, gt, ge, lt or le after {}", attribute.name));
        };
        let ordered = !matches!(operator, Operator::Equal | Operator::NotEqual);
        if ordered && !matches!(attribute.kind, Kind::Time) {
            return bad(position, format!("{} has no order: use eq or ne", attribute.name));
        }
        let (position, value) = self.value(position)?;
        match attribute.kind {
            Kind::Time => match Timestamp::parse(&value) {
                Some(time) => Ok(Node::Time(attribute.name, operator, time)),
                None => bad(position, "expected an RFC 3339 time, such as \"2026-01-31T12:00:00Z\""),
            },
            Kind::Name(names) if !names().contains(&value.as_str()) => {
                bad(position, format!("{} must be one of: {}", attribute.name, names().join(", ")))
            }
            Kind::Name(_) | Kind::Text => Ok(Node::Text(attribute.name, operator, value)),
        }
    }

    /// The value after the operator at this position.
    fn value(&mut self, operator: usize) -> Read<(usize, String)> {
        match self.next() {
            (position, Some(Word::Text(value))) => Ok((position, value)),
            _ => bad(self.end.min(operator + 3), "expected a value in double quotes"),
        }
    }

    fn names(&self) -> String {
        self.attributes.iter().map(|attribute| attribute.name).collect::<Vec<_>>().join(", ")
    }
}
