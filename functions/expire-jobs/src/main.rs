//! The Lambda function `expire-jobs`.

use cloud::boot::{Error, events};
use expire_jobs::handle;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    events(handle).await
}
