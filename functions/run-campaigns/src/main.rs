//! The Lambda function `run-campaigns`.

use cloud::boot::{Error, events};
use run_campaigns::handle;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    events(handle).await
}
