//! The Lambda function `open-link`.

use cloud::boot::{Error, http};
use open_link::router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http(router).await
}
