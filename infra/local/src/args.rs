//! The command line of `cargo local`.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use local::Options;

const AFTER: &str = "\
The table is in this process, or on the DynamoDB endpoint that AWS_ENDPOINT_URL_DYNAMODB names.";

/// Run the whole of Bindery on this machine
#[derive(Debug, Parser)]
#[command(name = "cargo local", bin_name = "cargo local", after_help = AFTER, max_term_width = 120)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) stack: Options,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use clap::error::ErrorKind;

    use super::*;

    fn parse(line: &str) -> Result<Args, clap::Error> {
        Args::try_parse_from(["local"].into_iter().chain(line.split_whitespace()))
    }

    fn options(line: &str) -> Options {
        parse(line).unwrap().stack
    }

    #[test]
    fn the_definition_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn options_take_their_value_with_a_space_or_an_equals_sign() {
        let usual = options("");
        assert_eq!((usual.port, usual.app_port, usual.data, usual.no_seed), (3000, None, None, false));
        for line in ["--port 4000 --app-port 0 --data d --no-seed", "--no-seed --data=d --app-port=0 --port=4000"] {
            let given = options(line);
            assert_eq!((given.port, given.app_port, given.no_seed), (4000, Some(0), true), "{line}");
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
