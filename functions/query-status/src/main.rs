//! The Lambda function `query-status`.

use cloud::boot::{Error, http};
use query_status::router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http(router).await
}
