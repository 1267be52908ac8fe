//! The Lambda function `manage-campaigns`.

use cloud::boot::{Error, http};
use manage_campaigns::router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http(router).await
}
