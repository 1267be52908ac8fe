//! The Lambda function `expire-jobs`.

use cloud::boot::{Error, events};
use cloud::clock::Clock;
use expire_jobs::{Deps, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    events(async |env| Deps::from_env(&env, Clock::default()).await, handle).await
}
