//! The Lambda function `console`.

use cloud::boot::{Error, http};
use console::{Deps, router};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http(async |env| Ok::<_, Error>(router(Deps::from_env(&env)?))).await
}
