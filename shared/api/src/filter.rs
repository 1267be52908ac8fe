//! The filter of a list: a subset of SCIM's grammar (RFC 7644 §3.4.2.2).
//!
//! ```text
//! filter     = all *( "or" all )
//! all        = one *( "and" one )
//! one        = "not" "(" filter ")" / "(" filter ")" / comparison
//! comparison = attribute ( "eq" / "ne" / "co" / "sw" / "gt" / "ge" / "lt" / "le" ) JSON string
//! ```
//!
//! Keywords are case-insensitive. Values are case-sensitive, except those of `co` (contains) and `sw` (starts with), which
//! compare texts. `not` binds closest, then `and`, then `or`. Only times can be compared by order.

mod elements;
mod read;
use binding::time::Timestamp;

/// The maximum length of a filter, in bytes.
const LONGEST: usize = 2048;
/// The maximum nesting of parentheses.
const DEEPEST: usize = 16;

/// An attribute that a list can be filtered by.
#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    /// The attribute's name in the elements and in the filter.
    pub name: &'static str,
    /// The type of its values.
    pub kind: Kind,
}

/// The type of an attribute's values.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// One of these names.
    Name(fn() -> Vec<&'static str>),
    /// Any text.
    Text,
    /// A time (RFC 3339).
    Time,
}

/// An attribute with its value in an element.
#[derive(Debug)]
pub struct Member<E: ?Sized> {
    attribute: Attribute,
    value: Value<E>,
}

/// How the value of an attribute is read.
#[derive(Debug)]
enum Value<E: ?Sized> {
    Text(fn(&E) -> Option<&str>),
    Time(fn(&E) -> Timestamp),
}

/// An element of a list.
pub trait Element: 'static {
    /// The attributes that the list can be filtered by. Empty: the list does not support filters.
    const MEMBERS: &'static [Member<Self>] = &[];

    /// The attributes without their values.
    fn attributes() -> Vec<Attribute> {
        Self::MEMBERS.iter().map(|member| member.attribute).collect()
    }

    /// The value of an attribute that is a name or a text.
    fn text(&self, attribute: &str) -> Option<&str> {
        match Self::MEMBERS.iter().find(|member| member.attribute.name == attribute)?.value {
            Value::Text(read) => read(self),
            Value::Time(_) => None,
        }
    }

    /// The value of an attribute that is a time.
    fn time(&self, attribute: &str) -> Option<Timestamp> {
        match Self::MEMBERS.iter().find(|member| member.attribute.name == attribute)?.value {
            Value::Time(read) => Some(read(self)),
            Value::Text(_) => None,
        }
    }
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// A comparison with a part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Contains,
    StartsWith,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Any(Vec<Node>),
    All(Vec<Node>),
    Not(Box<Node>),
    Text(&'static str, Operator, String),
    /// With the wanted part in lower case.
    Part(&'static str, Part, String),
    Time(&'static str, Operator, Timestamp),
}

/// A syntax error of a filter, with its position in characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at character {}: {why}", position + 1)]
pub struct BadFilter {
    position: usize,
    why: String,
}

/// A parsed filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter(Node);

/// A half-open range of times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first time in the range.
    pub from: Timestamp,
    /// The first time after the range.
    pub until: Timestamp,
}

impl Span {
    /// All times.
    #[must_use]
    pub fn all() -> Self {
        Self { from: Timestamp::from_millis(0), until: Timestamp::from_millis(i64::MAX) }
    }
}

impl Filter {
    /// Parses a filter on these attributes.
    ///
    /// # Errors
    /// [`BadFilter`]: the error and its position.
    pub fn parse(text: &str, attributes: &[Attribute]) -> Result<Self, BadFilter> {
        read::filter(text, attributes).map(Self)
    }

    /// Whether an element matches. An absent attribute equals no value.
    #[must_use]
    pub fn matches(&self, element: &impl Element) -> bool {
        self.0.matches(element)
    }

    /// The range of this attribute's times outside of which no element can match, and which therefore need not be read.
    #[must_use]
    pub fn span(&self, attribute: &str) -> Span {
        self.0.span(attribute)
    }
}

impl Operator {
    fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
        }
    }
}

impl Node {
    fn matches(&self, element: &impl Element) -> bool {
        match self {
            Self::Any(nodes) => nodes.iter().any(|node| node.matches(element)),
            Self::All(nodes) => nodes.iter().all(|node| node.matches(element)),
            Self::Not(node) => !node.matches(element),
            Self::Text(name, operator, wanted) => match element.text(name) {
                Some(value) => operator.holds(value.cmp(wanted.as_str())),
                None => *operator == Operator::NotEqual,
            },
            Self::Part(name, part, wanted) => element.text(name).is_some_and(|value| {
                let value = value.to_lowercase();
                match part {
                    Part::Contains => value.contains(wanted),
                    Part::StartsWith => value.starts_with(wanted),
                }
            }),
            Self::Time(name, operator, wanted) => match element.time(name) {
                Some(time) => operator.holds(time.cmp(wanted)),
                None => *operator == Operator::NotEqual,
            },
        }
    }

    fn span(&self, attribute: &str) -> Span {
        let next = |time: Timestamp| Timestamp::from_millis(time.millis().saturating_add(1));
        let all = Span::all();
        match self {
            Self::Time(name, operator, time) if *name == attribute => match operator {
                Operator::Equal => Span { from: *time, until: next(*time) },
                Operator::Greater => Span { from: next(*time), ..all },
                Operator::GreaterOrEqual => Span { from: *time, ..all },
                Operator::Less => Span { until: *time, ..all },
                Operator::LessOrEqual => Span { until: next(*time), ..all },
                Operator::NotEqual => all,
            },
            Self::All(nodes) => nodes
                .iter()
                .map(|node| node.span(attribute))
                .fold(all, |one, other| Span { from: one.from.max(other.from), until: one.until.min(other.until) }),
            Self::Any(nodes) => nodes
                .iter()
                .map(|node| node.span(attribute))
                .reduce(|one, other| Span { from: one.from.min(other.from), until: one.until.max(other.until) })
                .unwrap_or(all),
            Self::Time(..) | Self::Text(..) | Self::Part(..) | Self::Not(_) => all,
        }
    }
}

#[cfg(test)]
mod tests;
