//! A dependency that did not answer.
/// Something that the outcome hangs on (the table, the mailer, the bus, the keys) did not answer within its budget,
/// or answered nonsense. Nothing is known to have changed; the caller may try again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{dependency} is unavailable: {detail}")]
pub struct Unavailable {
    /// What did not answer, such as `dynamodb`.
    pub dependency: &'static str,
    /// What is known of it, for the log and never for a caller.
    pub detail: String,
}

impl Unavailable {
    /// What did not answer, and what is known of it.
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
