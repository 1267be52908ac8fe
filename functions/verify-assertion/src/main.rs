//! The Lambda function `verify-assertion`.

use cloud::boot::{Error, http};
use verify_assertion::router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http(router).await
}
