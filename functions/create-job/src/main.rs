//! The Lambda function `create-job`.

use cloud::boot::{Error, http};
use create_job::router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http(router).await
}
