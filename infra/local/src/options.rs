//! The options of a stack, which are also those of the command `cargo local`.

use std::path::PathBuf;

/// The options of the stack. By default it has a free port, is in memory, and has seed data.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// Port to listen on; 0 selects a free one
    #[arg(long, default_value = "3000", value_parser = port)]
    pub port: u16,
    /// Port of the sample app [default: the one after the stack's, or a free one]
    #[arg(long, value_name = "PORT", value_parser = port)]
    pub app_port: Option<u16>,
    /// Folder that stores the table, mails, events and keys [default: everything is in memory]
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// File that infra/update-mds created from the FIDO Metadata Service's blob
    #[arg(long, value_name = "FILE")]
    pub fido_metadata: Option<PathBuf>,
    /// File that infra/update-android-status created from Google's list of revoked attestation keys
    #[arg(long, value_name = "FILE")]
    pub android_status: Option<PathBuf>,
    /// Start without tenant and realm demo, identity ada, and configs hosted and embedded
    #[arg(long)]
    pub no_seed: bool,
    /// Value for a parameter of template.yaml; repeatable
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    pub parameters: Vec<(String, String)>,
}

fn port(text: &str) -> Result<u16, &'static str> {
    text.parse().map_err(|_| "a port is a number from 1 to 65535; 0 takes any that is free")
}

fn parameter(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("a parameter is given as NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
