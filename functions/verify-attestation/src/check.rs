//! Reads a proof from the body of `:bind`, and reports disagreements between the two verifiers.

use api::problem::Problem;
use api::view::FieldViolation;
use cloud::metric::Metrics;
use proof::{Reason, Submitted};
use serde_json::{Map, Value};

/// Reads the body of `:bind`.
///
/// # Errors
/// A 400 that names the field.
pub(crate) fn read(body: &Map<String, Value>) -> Result<Submitted<'_>, Problem> {
    let violation = |(field, must)| Problem::invalid(vec![FieldViolation::new(field, must)]);
    Submitted::read(body.get("type"), body.get("raw")).map_err(|wrong: (&str, &str)| violation(wrong))
}

/// Logs and counts a disagreement between the two verifiers, which is a defect of one of them. The alarm
/// `VerifiersDisagree` watches the count.
pub(crate) fn report(reason: Reason, detail: &str, metrics: &Metrics) {
    if reason == Reason::VerifiersDisagree {
        tracing::error!(detail, "the two verifiers disagree");
        metrics.count(&[("VerifiersDisagree", 1)]);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use cloud::clock::Clock;
    use cloud::env::Env;

    use super::*;

    /// What is logged and counted for a refusal.
    fn logged(reason: Reason) -> String {
        let env = Env::new([("POWERTOOLS_SERVICE_NAME".to_owned(), "verify-attestation".to_owned())]);
        let metrics = Metrics::new(&env, Clock::default()).unwrap();
        let (mut lines, writer) = std::io::pipe().unwrap();
        let subscriber = cloud::log::subscriber(&env, move || writer.try_clone().unwrap());
        tracing::subscriber::with_default(subscriber, || report(reason, "why", &metrics));
        let mut text = String::new();
        lines.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn only_a_disagreement_of_the_verifiers_is_counted() {
        assert_eq!(logged(Reason::ChallengeMismatch), "");
        let text = logged(Reason::VerifiersDisagree);
        let (log, metric) = text.split_once('\n').unwrap();
        let log: Value = serde_json::from_str(log).unwrap();
        assert_eq!((&log["level"], &log["detail"]), (&"ERROR".into(), &"why".into()));
        let metric: Value = serde_json::from_str(metric).unwrap();
        assert_eq!((&metric["VerifiersDisagree"], &metric["service"]), (&1.into(), &"verify-attestation".into()));
    }
}
