//! The Lambda function `console`.

use cloud::boot::{Error, http};
use console::router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http(router).await
}
