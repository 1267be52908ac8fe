//! The Lambda function `send-link`.

use cloud::boot::{Error, events};
use send_link::handle;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    events(handle).await
}
