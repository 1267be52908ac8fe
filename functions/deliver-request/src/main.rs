//! The Lambda function `deliver-request`.

use cloud::boot::{Error, http};
use deliver_request::router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http(router).await
}
