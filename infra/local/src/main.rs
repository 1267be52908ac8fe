//! `cargo local`: starts the local stack and runs until Ctrl-C.

mod args;

use std::process::ExitCode;

use clap::Parser as _;
use local::Stack;

use crate::args::{Args, Command};

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    if let Some(Command::VerifyCredential { file, fido_metadata }) = args.command {
        return local::audit::run(&file, fido_metadata.as_deref());
    }
    let seeded = !args.stack.no_seed;
    match Stack::start(args.stack).await {
        Ok(stack) => {
            welcome(&stack, seeded);
            // Without a signal handler the process ends directly, which is fine too.
            drop(tokio::signal::ctrl_c().await);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("The stack cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}

fn welcome(stack: &Stack, seeded: bool) {
    let base = stack.base();
    println!("Console            {base}/console");
    println!("API reference      {base}/docs");
    println!("Mails and events   {base}/_local/");
    println!("Sample app         {}/", stack.app());
    println!("OAuth issuer       {base}/oauth2 (client local, secret local)");
    let ahead = stack.clock().ahead_millis() / 1000;
    if ahead != 0 {
        println!("Clock              {ahead} s ahead: it was moved on before the restart ({base}/_local/clock)");
    }
    if seeded {
        println!(
            "
Create a job and mail its link: press \"New job for Ada\" at {base}/_local/, or

  TOKEN=$(curl -sS {base}/oauth2/token -d grant_type=client_credentials -d client_id=local -d client_secret=local \\
    | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')
  curl -sS {base}/v1/tenants/demo/realms/demo/identities/ada/credential-binding-jobs \\
    -H \"Authorization: Bearer $TOKEN\" \\
    -d '{{\"job\":{{\"delivery_method\":\"EMAIL\",\"authenticator_config_id\":\"hosted\"}}}}'
"
        );
    }
    println!("ready {base}");
}
