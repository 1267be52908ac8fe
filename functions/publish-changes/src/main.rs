//! The Lambda function `publish-changes`.

use cloud::boot::{Error, events};
use publish_changes::handle;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    events(handle).await
}
