//! `cargo local`: starts the local stack and runs until Ctrl-C.

use std::path::PathBuf;
use std::process::ExitCode;

use local::{Options, Stack};

const HELP: &str = "\
Runs the whole of Bindery on this machine.

Usage: cargo local [--port PORT] [--app-port PORT] [--data FOLDER] [--fido-metadata FILE] [--android-status FILE]
                   [--no-seed]
       cargo local verify-credential FILE|- [--fido-metadata FILE]

  --port PORT     the port to listen on (default 3000; 0 takes a free one)
  --app-port PORT the sample app's port (default: the next one, or any that is free)
  --data FOLDER   keeps table, mails, events and keys in this folder (default: in memory)
  --android-status FILE what infra/update-android-status made of Google's list of revoked keys (default: none)
  --fido-metadata FILE  what infra/update-mds made of the FIDO Metadata Service's blob (default: none)
  --no-seed       starts empty, without tenant and realm demo, identity ada, configs hosted and embedded

The table is in this process, or on the DynamoDB endpoint that AWS_ENDPOINT_URL_DYNAMODB names.

verify-credential verifies a stored proof again: the answer of GET …/credentials/{id}/proof, from a file or standard
input. It needs no stack and no network.
";

#[tokio::main]
async fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("verify-credential") {
        return local::audit::run(std::env::args().skip(2));
    }
    let options = match parse(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{error}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    let seeded = options.seed;
    match Stack::start(options).await {
        Ok(stack) => {
            welcome(&stack, seeded);
            // Without a signal handler the process would just end, which is all right as well.
            drop(tokio::signal::ctrl_c().await);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("The stack cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}

fn parse(mut args: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let mut options = Options { port: 3000, ..Options::default() };
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        let port = |value: String| value.parse().map_err(|_| format!("{arg} needs a number"));
        match arg.as_str() {
            "--port" => options.port = port(value()?)?,
            "--app-port" => options.app_port = Some(port(value()?)?),
            "--data" => options.data = Some(PathBuf::from(value()?)),
            "--android-status" => options.android_status = Some(PathBuf::from(value()?)),
            "--fido-metadata" => options.fido_metadata = Some(PathBuf::from(value()?)),
            "--no-seed" => options.seed = false,
            "--help" | "-h" => return Ok(None),
            other => return Err(format!("unknown option {other}")),
        }
    }
    Ok(Some(options))
}

fn welcome(stack: &Stack, seeded: bool) {
    let base = stack.base();
    println!("Mails and events   {base}/_local/");
    println!("Sample app         {}/", stack.app());
    println!("OAuth issuer       {base}/oauth2 (client local, secret local)");
    if seeded {
        println!(
            "
Create a job and mail its link:

  TOKEN=$(curl -s {base}/oauth2/token -d grant_type=client_credentials -d client_id=local -d client_secret=local \\
    | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')
  curl -s {base}/v1/tenants/demo/realms/demo/identities/ada/credential-binding-jobs \\
    -H \"Authorization: Bearer $TOKEN\" \\
    -d '{{\"job\":{{\"delivery_method\":\"EMAIL\",\"authenticator_config_id\":\"hosted\"}}}}'
"
        );
    }
    println!("ready {base}");
}
