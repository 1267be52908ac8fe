//! The Lambda function `revoke`.

use cloud::boot::{Error, http};
use revoke::router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http(router).await
}
