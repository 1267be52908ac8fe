//! Root certificates that ship with the code, in named sets.
//!
//! Each set is a file of PEM blocks (RFC 7468) in `roots/`, with its version and source, and the subject, expiry and
//! SHA-256 of each certificate. `infra/update-roots` checks and rewrites these files.

/// A named set of root certificates, which `attestation_roots` of a policy can name in place of certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum RootSet {
    /// Google's roots of Android key attestation. They apply only to the format `android-key`.
    Google,
    /// Apple's WebAuthn root. It applies only to the format `apple`.
    Apple,
}

crate::names!(RootSet);

#[cfg(feature = "mds")]
pub use root::Root;
#[cfg(feature = "verify")]
pub use shipped::{Bundle, FIDO_MDS, certificates, pem};

#[cfg(feature = "verify")]
mod shipped {
    use std::sync::LazyLock;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::RootSet;
    use crate::x509::Certificate;

    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";

    /// The roots of the FIDO Metadata Service's signing certificate: GlobalSign Root R46, and GlobalSign Root CA - R3,
    /// which was used until August 2026.
    pub const FIDO_MDS: Bundle = Bundle(include_str!("../roots/fido_mds.pem"));

    type Ders = LazyLock<Vec<Vec<u8>>>;
    type Parsed = LazyLock<Vec<Certificate<'static>>>;

    // They are parsed once, when a policy first needs them.
    static GOOGLE_DERS: Ders = LazyLock::new(|| RootSet::Google.bundle().certificates());
    static GOOGLE: Parsed = LazyLock::new(|| parse(&GOOGLE_DERS));
    static APPLE_DERS: Ders = LazyLock::new(|| RootSet::Apple.bundle().certificates());
    static APPLE: Parsed = LazyLock::new(|| parse(&APPLE_DERS));

    fn parse(ders: &'static [Vec<u8>]) -> Vec<Certificate<'static>> {
        // A test parses every shipped file.
        ders.iter().filter_map(|der| Certificate::read(der).ok()).collect()
    }

    impl RootSet {
        /// The set's certificates.
        pub(crate) fn parsed(self) -> &'static [Certificate<'static>] {
            match self {
                RootSet::Google => &GOOGLE,
                RootSet::Apple => &APPLE,
            }
        }

        /// The set's file.
        #[must_use]
        pub const fn bundle(self) -> Bundle {
            match self {
                RootSet::Google => Bundle(include_str!("../roots/google.pem")),
                RootSet::Apple => Bundle(include_str!("../roots/apple.pem")),
            }
        }

        /// The attestation statement format (WebAuthn Level 3 §8) that the set applies to. An app chooses the subject
        /// of the certificates that Android issues to it, so Google's roots prove nothing in other formats.
        #[must_use]
        pub const fn format(self) -> &'static str {
            match self {
                RootSet::Google => "android-key",
                RootSet::Apple => "apple",
            }
        }
    }

    /// A file of root certificates in PEM, with a heading of `Name: value` lines.
    #[derive(Clone, Copy, Debug)]
    pub struct Bundle(&'static str);

    impl Bundle {
        /// The date of the set, as `2026-11-27`.
        #[must_use]
        pub fn version(self) -> &'static str {
            self.heading("Version: ")
        }

        /// The address that the certificates are published at.
        #[must_use]
        pub fn source(self) -> &'static str {
            self.heading("Source: ")
        }

        /// The certificates in DER.
        #[must_use]
        pub fn certificates(self) -> Vec<Vec<u8>> {
            // A test reads every shipped file.
            certificates(self.0).unwrap_or_default()
        }

        fn heading(self, name: &str) -> &'static str {
            self.0.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default()
        }
    }

    /// The certificates in a text of PEM blocks, in DER. `None`: the text contains none, or a block is malformed.
    #[must_use]
    pub fn certificates(text: &str) -> Option<Vec<Vec<u8>>> {
        let blocks = text.split(BEGIN).skip(1).map(|rest| {
            let body = rest.split_once(END)?.0;
            STANDARD.decode(body.split_ascii_whitespace().collect::<String>()).ok()
        });
        blocks.collect::<Option<Vec<_>>>().filter(|all| !all.is_empty())
    }

    /// A certificate as a PEM block.
    #[must_use]
    pub fn pem(der: &[u8]) -> String {
        let body = STANDARD.encode(der);
        let lines: Vec<&str> = body.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        format!("{BEGIN}\n{}\n{END}\n", lines.join("\n"))
    }
}

#[cfg(feature = "mds")]
mod root {
    use crate::key::Hash;
    use crate::x509::{Certificate, Issued, issued};

    /// The certificate of a root CA.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Root {
        /// The certificate in DER.
        pub der: Vec<u8>,
        /// Its subject in readable form.
        pub subject: String,
        /// When it expires, in seconds since the Unix epoch.
        pub ends: i64,
        /// The SHA-256 of its DER, in hexadecimal.
        pub sha256: String,
    }

    impl Root {
        /// Parses a certificate. `None`: it is malformed, not a CA's, or not self-signed.
        #[must_use]
        pub fn read(der: Vec<u8>) -> Option<Self> {
            let certificate = Certificate::read(&der).ok()?;
            let is_ca = certificate.basic_constraints().ok()?.is_some_and(|constraints| constraints.ca);
            if !is_ca || !certificate.may_sign_certificates() || issued(&certificate, &certificate) != Issued::Yes {
                return None;
            }
            let (subject, ends) = (certificate.subject.text(), certificate.ends());
            let sha256 = Hash::Sha256.digest(&der).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
            Some(Self { der, subject, ends, sha256 })
        }
    }
}
