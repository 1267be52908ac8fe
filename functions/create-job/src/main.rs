//! The Lambda function `create-job`.

use cloud::boot::{Error, http};
use cloud::clock::Clock;
use create_job::{Deps, router};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http(async |env| Ok::<_, Error>(router(Deps::from_env(&env, Clock::default()).await?))).await
}
