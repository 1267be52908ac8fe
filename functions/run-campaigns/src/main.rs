//! The Lambda function `run-campaigns`.

use cloud::boot::{Error, events};
use cloud::clock::Clock;
use run_campaigns::{Deps, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    events(async |env| Deps::from_env(&env, Clock::default()).await, handle).await
}
