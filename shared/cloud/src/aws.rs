//! AWS clients with time budgets. The SDK's defaults have no timeout and a back-off of a second, so one slow call could
//! use up a function's whole time.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use binding::unavailable::Unavailable;

use crate::env::{BadVariable, Env};
use crate::{http, roots};

/// What all clients of a function share: region, credentials, connections and time budgets.
#[derive(Clone, Debug)]
pub struct Aws {
    env: Env,
    region: String,
    credentials: Credentials,
    http: aws_sdk_dynamodb::config::SharedHttpClient,
    budget: Budget,
}

macro_rules! configured {
    ($aws:expr, $sdk:ident, $endpoint:literal) => {{
        let aws = $aws;
        let mut config = $sdk::Config::builder()
            .behavior_version($sdk::config::BehaviorVersion::latest())
            .region($sdk::config::Region::new(aws.region.clone()))
            .credentials_provider(aws.credentials.clone())
            .http_client(aws.http.clone())
            .timeout_config(aws.budget.timeouts())
            .retry_config(retries());
        if let Some(url) = aws.env.get($endpoint).or_else(|| aws.env.get("AWS_ENDPOINT_URL")) {
            config = config.endpoint_url(url);
        }
        $sdk::Client::from_conf(config.build())
    }};
}

impl Aws {
    /// Reads a function's environment. Lambda provides region and credentials there, so no provider chain is needed.
    ///
    /// # Errors
    /// [`BadVariable`] when a variable is missing, or `AWS_CALL_TIMEOUT_FACTOR` or `AWS_CA_BUNDLE` is invalid.
    pub fn new(env: &Env) -> Result<Self, BadVariable> {
        let budget = Budget::of(env)?;
        let credentials = Credentials::new(
            env.require("AWS_ACCESS_KEY_ID")?,
            env.require("AWS_SECRET_ACCESS_KEY")?,
            env.get("AWS_SESSION_TOKEN").map(str::to_owned),
            None,
            "environment",
        );
        let region = env.require("AWS_REGION")?.to_owned();
        let http = http::client(roots::tls(env, &region)?, budget.connect);
        Ok(Self { region, credentials, http, budget, env: env.clone() })
    }

    /// A DynamoDB client.
    #[must_use]
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        configured!(self, aws_sdk_dynamodb, "AWS_ENDPOINT_URL_DYNAMODB")
    }

    /// How long a page of a filtered list may read.
    pub(crate) fn list_time(&self) -> Duration {
        self.budget.list
    }

    /// An EventBridge client.
    #[must_use]
    pub fn eventbridge(&self) -> aws_sdk_eventbridge::Client {
        configured!(self, aws_sdk_eventbridge, "AWS_ENDPOINT_URL_EVENTBRIDGE")
    }

    /// A Secrets Manager client.
    #[must_use]
    pub fn secretsmanager(&self) -> aws_sdk_secretsmanager::Client {
        configured!(self, aws_sdk_secretsmanager, "AWS_ENDPOINT_URL_SECRETS_MANAGER")
    }

    /// An SES v2 client.
    #[must_use]
    pub fn sesv2(&self) -> aws_sdk_sesv2::Client {
        configured!(self, aws_sdk_sesv2, "AWS_ENDPOINT_URL_SESV2")
    }

    /// An SQS client.
    #[must_use]
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        configured!(self, aws_sdk_sqs, "AWS_ENDPOINT_URL_SQS")
    }
}

/// The time limits of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Budget {
    /// For connecting.
    connect: Duration,
    /// For one attempt, including its connection.
    attempt: Duration,
    /// For the call with all its attempts.
    call: Duration,
    /// After this time, a page of a filtered list reads no further.
    list: Duration,
}

impl Budget {
    /// The budget on AWS. A function makes at most five calls in sequence and has 20 s.
    const DEPLOYED: Self = Self {
        connect: Duration::from_secs(1),
        attempt: Duration::from_millis(1200),
        call: Duration::from_secs(3),
        list: Duration::from_millis(800),
    };

    /// The variable by which the local stack multiplies the budget, because a debug build on a busy machine is slower
    /// than AWS. The template never sets it.
    const FACTOR: &str = "AWS_CALL_TIMEOUT_FACTOR";

    fn of(env: &Env) -> Result<Self, BadVariable> {
        let Some(factor) = env.get(Self::FACTOR) else { return Ok(Self::DEPLOYED) };
        let factor = factor.parse().ok().filter(|factor| (1..=100).contains(factor));
        let factor: u32 =
            factor.ok_or(BadVariable { name: Self::FACTOR, why: "must be a whole number from 1 to 100" })?;
        let Self { connect, attempt, call, list } = Self::DEPLOYED;
        let [connect, attempt, call, list] = [connect, attempt, call, list].map(|budget| budget * factor);
        Ok(Self { connect, attempt, call, list })
    }

    fn timeouts(self) -> TimeoutConfig {
        TimeoutConfig::builder()
            .connect_timeout(self.connect)
            .operation_attempt_timeout(self.attempt)
            .operation_timeout(self.call)
            .build()
    }
}

fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(4)
        .with_initial_backoff(Duration::from_millis(50))
        .with_max_backoff(Duration::from_millis(500))
}

/// An SDK error with its causes, on one line. It contains no request bodies.
pub(crate) fn unavailable(dependency: &'static str, error: &dyn std::error::Error) -> Unavailable {
    let mut detail = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        detail = format!("{detail}: {cause}");
        source = cause.source();
    }
    Unavailable::new(dependency, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(factor: &str) -> Result<Budget, BadVariable> {
        Budget::of(&Env::new([(Budget::FACTOR.to_owned(), factor.to_owned())]))
    }

    /// The budget on AWS, whatever factor the tests use.
    #[test]
    fn a_deployed_function_waits_at_most_three_seconds_for_a_call() {
        let timeouts = Budget::of(&Env::default()).unwrap().timeouts();
        assert_eq!(timeouts.connect_timeout(), Some(Duration::from_secs(1)));
        assert_eq!(timeouts.operation_attempt_timeout(), Some(Duration::from_millis(1200)));
        assert_eq!(timeouts.operation_timeout(), Some(Duration::from_secs(3)));
        let retries = retries();
        assert_eq!(retries.max_attempts(), 4);
        assert_eq!(retries.initial_backoff(), Duration::from_millis(50));
        assert_eq!(retries.max_backoff(), Duration::from_millis(500));
    }

    #[test]
    fn a_factor_multiplies_every_timeout() {
        assert_eq!(budget("1"), Ok(Budget::DEPLOYED));
        assert_eq!(budget(""), Ok(Budget::DEPLOYED));
        let stretched = Budget {
            connect: Duration::from_secs(10),
            attempt: Duration::from_secs(12),
            call: Duration::from_secs(30),
            list: Duration::from_secs(8),
        };
        assert_eq!(budget("10"), Ok(stretched));
        for invalid in ["0", "101", "-1", "1.5", "ten"] {
            assert_eq!(budget(invalid).unwrap_err().name, Budget::FACTOR, "{invalid}");
        }
    }
}
