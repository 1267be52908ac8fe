//! The Lambda function `query-status`.

use cloud::boot::{Error, http};
use cloud::clock::Clock;
use query_status::{Deps, router};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http(async |env| Ok::<_, Error>(router(Deps::from_env(&env, Clock::default()).await?))).await
}
