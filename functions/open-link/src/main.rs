//! The Lambda function `open-link`.

use cloud::boot::{Error, http};
use cloud::clock::Clock;
use open_link::{Deps, router};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http(async |env| Ok::<_, Error>(router(Deps::from_env(&env, Clock::default()).await?))).await
}
