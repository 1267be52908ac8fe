//! The Lambda function `verify-attestation`.

use cloud::boot::{Error, http};
use verify_attestation::router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http(router).await
}
