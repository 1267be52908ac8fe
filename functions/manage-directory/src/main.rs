//! The Lambda function `manage-directory`.

use cloud::boot::{Error, http};
use manage_directory::router;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http(router).await
}
