//! The error for a dependency that did not respond.
/// A required dependency (the table, the mailer, the bus, the keys) did not respond within its time budget, or
/// responded with an invalid answer. No change is known to have been made; the caller may retry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{dependency} is unavailable: {detail}")]
pub struct Unavailable {
    /// The dependency, such as `dynamodb`.
    pub dependency: &'static str,
    /// Details for the log. Callers never see them.
    pub detail: String,
}

impl Unavailable {
    /// Creates the error for a dependency.
    #[must_use]
    pub fn new(dependency: &'static str, detail: impl Into<String>) -> Self {
        Self { dependency, detail: detail.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_names_what_did_not_answer() {
        assert_eq!(Unavailable::new("dynamodb", "timed out").to_string(), "dynamodb is unavailable: timed out");
    }
}
