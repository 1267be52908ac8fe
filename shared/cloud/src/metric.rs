//! Metrics: lines in CloudWatch's embedded metric format, written with the log. A line needs no API call.
//!
//! The format: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>

use serde_json::{Value, json};

use crate::clock::Clock;
use crate::env::{BadVariable, Env};

/// The namespace of all metrics. Their dimension is `service`, the function's name; some also have `version`.
pub const NAMESPACE: &str = "Bindery";

/// The target by which the log recognises a metric line, which it writes unchanged.
pub(crate) const TARGET: &str = "cloud::metric";
/// The field that holds the line.
pub(crate) const LINE: &str = "line";

/// The metrics of a function.
#[derive(Clone, Debug)]
pub struct Metrics {
    service: String,
    version: Option<String>,
    clock: Clock,
}

impl Metrics {
    /// Reads `POWERTOOLS_SERVICE_NAME`.
    ///
    /// # Errors
    /// [`BadVariable`] when it is missing.
    pub fn new(env: &Env, clock: Clock) -> Result<Self, BadVariable> {
        Ok(Self { service: env.require("POWERTOOLS_SERVICE_NAME")?.to_owned(), version: None, clock })
    }

    /// The same metrics with the running version of the function, which Lambda names in `AWS_LAMBDA_FUNCTION_VERSION`.
    #[must_use]
    pub fn of_version(self, env: &Env) -> Self {
        Self { version: env.get("AWS_LAMBDA_FUNCTION_VERSION").map(str::to_owned), ..self }
    }

    /// Records counts by metric name (unit `Count`). Zeros are omitted; if all are zero, nothing is written.
    pub fn count(&self, counts: &[(&str, u64)]) {
        let counts: Vec<_> = counts.iter().copied().filter(|(_, count)| *count > 0).collect();
        self.write(&counts, "Count");
    }

    /// Records a duration in seconds. Zero is recorded too, so that an alarm can end.
    pub fn seconds(&self, name: &str, seconds: u64) {
        self.write(&[(name, seconds)], "Seconds");
    }

    fn write(&self, values: &[(&str, u64)], unit: &str) {
        if values.is_empty() {
            return;
        }
        let names: Vec<Value> = values.iter().map(|(name, _)| json!({"Name": name, "Unit": unit})).collect();
        let dimensions = if self.version.is_some() { json!(["service", "version"]) } else { json!(["service"]) };
        let mut line = json!({
            "_aws": {
                "Timestamp": self.clock.now().millis(),
                "CloudWatchMetrics": [{"Namespace": NAMESPACE, "Dimensions": [dimensions], "Metrics": names}],
            },
            "service": self.service,
        });
        if let Some(version) = &self.version {
            line["version"] = version.as_str().into();
        }
        for (name, value) in values {
            line[*name] = (*value).into();
        }
        tracing::info!(target: TARGET, line = line.to_string());
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::log;

    #[test]
    fn a_line_is_in_the_embedded_metric_format() {
        let env = Env::new([("POWERTOOLS_SERVICE_NAME".to_owned(), "a-function".to_owned())]);
        let (mut lines, writer) = std::io::pipe().unwrap();
        tracing::subscriber::with_default(log::subscriber(&env, move || writer.try_clone().unwrap()), || {
            let metrics = Metrics::new(&env, Clock::default()).unwrap();
            metrics.count(&[("Nothing", 0)]);
            metrics.count(&[("Done", 3), ("Failed", 0), ("Left", 1)]);
        });
        let mut text = String::new();
        lines.read_to_string(&mut text).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        let mut line: Value = serde_json::from_str(&text).unwrap();
        assert!(line["_aws"]["Timestamp"].take().as_i64().is_some_and(|millis| millis > 1_700_000_000_000));
        let metrics = json!([{"Name": "Done", "Unit": "Count"}, {"Name": "Left", "Unit": "Count"}]);
        let directive = json!({"Namespace": "Bindery", "Dimensions": [["service"]], "Metrics": metrics});
        let whole = json!({
            "_aws": {"Timestamp": null, "CloudWatchMetrics": [directive]}, "service": "a-function", "Done": 3, "Left": 1,
        });
        assert_eq!(line, whole);
    }
}
