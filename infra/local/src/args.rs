//! The command line of `cargo local`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};
use local::Options;

const AFTER: &str = "\
The table is in this process, or on the DynamoDB endpoint that AWS_ENDPOINT_URL_DYNAMODB names.";

/// Run the whole of Bindery on this machine
#[derive(Debug, Parser)]
#[command(name = "cargo local", bin_name = "cargo local", after_help = AFTER, max_term_width = 120)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) stack: StackArgs,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The options of the stack.
#[derive(Debug, ClapArgs)]
pub(crate) struct StackArgs {
    /// Port to listen on; 0 selects a free one
    #[arg(long, default_value = "3000", value_parser = port)]
    port: u16,
    /// Port of the sample app [default: the one after the stack's, or a free one]
    #[arg(long, value_name = "PORT", value_parser = port)]
    app_port: Option<u16>,
    /// Folder that stores the table, mails, events and keys [default: everything is in memory]
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// File that infra/update-mds created from the FIDO Metadata Service's blob
    #[arg(long, value_name = "FILE")]
    fido_metadata: Option<PathBuf>,
    /// File that infra/update-android-status created from Google's list of revoked attestation keys
    #[arg(long, value_name = "FILE")]
    android_status: Option<PathBuf>,
    /// Start without tenant and realm demo, identity ada, and configs hosted and embedded
    #[arg(long)]
    no_seed: bool,
    /// Value for a parameter of template.yaml; repeatable
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Verify a stored proof again, without a stack or a network
    VerifyCredential {
        /// Response of GET …/credentials/{id}/proof; - reads standard input
        file: PathBuf,
        /// File that infra/update-mds created, for policies that trust FIDO metadata
        #[arg(long, value_name = "FILE")]
        fido_metadata: Option<PathBuf>,
    },
}

impl From<StackArgs> for Options {
    fn from(args: StackArgs) -> Self {
        let StackArgs { port, app_port, data, fido_metadata, android_status, no_seed, parameters } = args;
        Self { port, app_port, data, fido_metadata, android_status, seed: !no_seed, parameters }
    }
}

fn port(text: &str) -> Result<u16, &'static str> {
    text.parse().map_err(|_| "a port is a number from 1 to 65535; 0 takes any that is free")
}

fn parameter(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("a parameter is given as NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use clap::error::ErrorKind;

    use super::*;

    fn parse(line: &str) -> Result<Args, clap::Error> {
        Args::try_parse_from(["local"].into_iter().chain(line.split_whitespace()))
    }

    fn options(line: &str) -> Options {
        parse(line).unwrap().stack.into()
    }

    #[test]
    fn the_definition_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn options_take_their_value_with_a_space_or_an_equals_sign() {
        let usual = options("");
        assert_eq!((usual.port, usual.app_port, usual.data, usual.seed), (3000, None, None, true));
        for line in ["--port 4000 --app-port 0 --data d --no-seed", "--no-seed --data=d --app-port=0 --port=4000"] {
            let given = options(line);
            assert_eq!((given.port, given.app_port, given.seed), (4000, Some(0), false), "{line}");
            assert_eq!(given.data, Some(PathBuf::from("d")), "{line}");
        }
    }

    #[test]
    fn parameters_of_the_template_have_a_name_and_a_value() {
        let given = options("--parameter TenantRequestsPerSecond=0 --parameter=EventSource=a=b");
        let pairs = [("TenantRequestsPerSecond", "0"), ("EventSource", "a=b")];
        assert_eq!(given.parameters, pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert!(parse("--parameter EventSource").unwrap_err().to_string().contains("NAME=VALUE"));
    }

    #[test]
    fn an_invalid_port_is_rejected_with_the_allowed_range() {
        for line in ["--port 70000", "--port=-1", "--app-port http"] {
            let error = parse(line).unwrap_err();
            assert_eq!((error.kind(), error.exit_code()), (ErrorKind::ValueValidation, 2), "{line}");
            assert!(error.to_string().contains("a number from 1 to 65535"), "{error}");
        }
        assert_eq!(parse("--prt 1").unwrap_err().kind(), ErrorKind::UnknownArgument);
    }

    #[test]
    fn verify_credential_takes_a_file_or_standard_input() {
        let Some(Command::VerifyCredential { file, fido_metadata }) =
            parse("verify-credential - --fido-metadata=mds.bin").unwrap().command
        else {
            panic!("another command")
        };
        assert_eq!((file, fido_metadata), (PathBuf::from("-"), Some(PathBuf::from("mds.bin"))));
        assert_eq!(parse("verify-credential").unwrap_err().kind(), ErrorKind::MissingRequiredArgument);
        assert!(parse("--port 1 verify-credential -").is_err(), "this command starts no stack");
        assert_eq!(parse("--help").unwrap_err().exit_code(), 0);
    }
}
