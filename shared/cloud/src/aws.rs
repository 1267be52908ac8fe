//! AWS clients with budgets. The SDK's defaults have no timeout and a back-off of a second, which would let one slow
//! call eat a function's whole time.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use binding::unavailable::Unavailable;

use crate::env::{BadVariable, Env};

/// What every client of a function shares: region, credentials, connections and budgets.
#[derive(Clone, Debug)]
pub struct Aws {
    env: Env,
    region: String,
    credentials: Credentials,
    http: aws_sdk_dynamodb::config::SharedHttpClient,
}

macro_rules! configured {
    ($aws:expr, $sdk:ident, $endpoint:literal) => {{
        let aws = $aws;
        let mut config = $sdk::Config::builder()
            .behavior_version($sdk::config::BehaviorVersion::latest())
            .region($sdk::config::Region::new(aws.region.clone()))
            .credentials_provider(aws.credentials.clone())
            .http_client(aws.http.clone())
            .timeout_config(timeouts())
            .retry_config(retries());
        if let Some(url) = aws.env.get($endpoint).or_else(|| aws.env.get("AWS_ENDPOINT_URL")) {
            config = config.endpoint_url(url);
        }
        $sdk::Client::from_conf(config.build())
    }};
}

impl Aws {
    /// From a function's environment. Lambda puts region and credentials there, so that no provider chain is needed.
    ///
    /// # Errors
    /// [`BadVariable`] when one of them is missing.
    pub fn new(env: &Env) -> Result<Self, BadVariable> {
        let credentials = Credentials::new(
            env.require("AWS_ACCESS_KEY_ID")?,
            env.require("AWS_SECRET_ACCESS_KEY")?,
            env.get("AWS_SESSION_TOKEN").map(str::to_owned),
            None,
            "environment",
        );
        let http =
            aws_smithy_http_client::Builder::new().tls_provider(tls::Provider::Rustls(CryptoMode::Ring)).build_https();
        Ok(Self { region: env.require("AWS_REGION")?.to_owned(), credentials, http, env: env.clone() })
    }

    /// A DynamoDB client.
    #[must_use]
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        configured!(self, aws_sdk_dynamodb, "AWS_ENDPOINT_URL_DYNAMODB")
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

/// A try gets 1.2 s and a call with all its tries 3 s: a function makes at most five calls, one after another, and has
/// 20 s.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_millis(1200))
        .operation_timeout(Duration::from_secs(3))
        .build()
}

fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(4)
        .with_initial_backoff(Duration::from_millis(50))
        .with_max_backoff(Duration::from_millis(500))
}

/// What an SDK error says, with its causes, on one line. Requests' bodies are not in it.
pub(crate) fn unavailable(dependency: &'static str, error: &dyn std::error::Error) -> Unavailable {
    let mut detail = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        detail = format!("{detail}: {cause}");
        source = cause.source();
    }
    Unavailable::new(dependency, detail)
}
