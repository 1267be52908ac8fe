//! The Lambda function `manage-campaigns`.

use cloud::boot::{Error, http};
use cloud::clock::Clock;
use manage_campaigns::{Deps, router};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http(async |env| Ok::<_, Error>(router(Deps::from_env(&env, Clock::default()).await?))).await
}
