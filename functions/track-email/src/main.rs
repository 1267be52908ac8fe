//! The Lambda function `track-email`.

use cloud::boot::{Error, events};
use track_email::handle;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    events(handle).await
}
