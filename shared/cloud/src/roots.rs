//! The trusted roots of AWS's endpoints.
//!
//! Reading the 146 roots of Amazon Linux takes longer than the rest of a function's start. AWS's endpoints have
//! certificates of Amazon Trust Services, which recommends these five roots for a custom trust store
//! (<https://www.amazontrust.com/repository/>). China, the isolated partitions and private endpoints differ.

use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use crate::env::{BadVariable, Env};

/// Amazon Root CA 1 to 4 and Starfield Services Root Certificate Authority G2.
const EMBEDDED: &[u8] = include_bytes!("aws-roots.pem");

/// The variable that names a PEM file with other roots, as for AWS's own tools.
const BUNDLE: &str = "AWS_CA_BUNDLE";

/// The roots of Amazon Linux.
const SYSTEM: &str = "/etc/pki/tls/certs/ca-bundle.crt";

/// Regions whose endpoints have certificates of other authorities: the system's roots are used there.
const ELSEWHERE: [&str; 4] = ["cn-", "us-iso", "eu-isoe-", "us-isof-"];

/// The TLS settings of all connections, with the trusted roots.
///
/// # Errors
/// [`BadVariable`] when the file of `AWS_CA_BUNDLE` cannot be read, or contains anything but certificates.
pub(crate) fn tls(env: &Env, region: &str) -> Result<ClientConfig, BadVariable> {
    let roots = match env.get(BUNDLE) {
        Some(file) => store(&std::fs::read(file).map_err(|_| bad("names a file that cannot be read"))?),
        None if ELSEWHERE.iter().any(|prefix| region.starts_with(prefix)) => system(SYSTEM),
        None => store(EMBEDDED),
    };
    // TLS 1.2 and 1.3, which ring has.
    let config =
        ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions();
    let config = config.map_err(|_| bad("cannot be used: TLS has no common version"))?;
    Ok(config.with_root_certificates(roots?).with_no_client_auth())
}

/// Reads the certificates of a PEM file.
fn store(pem: &[u8]) -> Result<RootCertStore, BadVariable> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|_| bad("must name a PEM file"))?;
        roots.add(certificate).map_err(|_| bad("names a file with an invalid certificate"))?;
    }
    if roots.is_empty() { Err(bad("names a file without a certificate")) } else { Ok(roots) }
}

/// Reads the certificates of the system. It can have some that rustls does not accept, which are left out.
fn system(file: &str) -> Result<RootCertStore, BadVariable> {
    let missing = bad("must name a PEM file with the region's roots, because the system has none");
    let mut roots = RootCertStore::empty();
    if let Ok(pem) = std::fs::read(file) {
        roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok));
    }
    if roots.is_empty() { Err(missing) } else { Ok(roots) }
}

fn bad(why: &'static str) -> BadVariable {
    BadVariable { name: BUNDLE, why }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    /// How many days before the expiry of a root the test fails.
    const NOTICE: i64 = 90;

    fn embedded() -> Vec<CertificateDer<'static>> {
        CertificateDer::pem_slice_iter(EMBEDDED).collect::<Result<_, _>>().unwrap()
    }

    /// The end of a certificate's validity (RFC 5280 §4.1.2.5), in seconds: the second time in it.
    fn not_after(der: &[u8]) -> i64 {
        let times = der.windows(2).enumerate().filter_map(|(at, head)| match head {
            // UTCTime, and GeneralizedTime.
            [0x17, 13] => Some(("20".to_owned(), &der[at + 2..at + 15])),
            [0x18, 15] => Some((String::new(), &der[at + 2..at + 17])),
            _ => None,
        });
        let digits = |text: &[u8]| text[..text.len() - 1].iter().all(u8::is_ascii_digit) && text.ends_with(b"Z");
        let (century, text) = times.filter(|(_, text)| digits(text)).nth(1).unwrap();
        let text = century + std::str::from_utf8(text).unwrap();
        let part = |from: usize, to: usize| text[from..to].parse::<i64>().unwrap();
        let (year, month, day) = (part(0, 4), part(4, 6), part(6, 8));
        // Days since 1970, by counting leap years from March on.
        let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468;
        days * 86_400 + part(8, 10) * 3600 + part(10, 12) * 60 + part(12, 14)
    }

    #[test]
    fn the_embedded_roots_are_those_of_amazon_trust_services() {
        let mut roots = RootCertStore::empty();
        let (valid, invalid) = roots.add_parsable_certificates(embedded());
        assert_eq!((valid, invalid), (5, 0));
        let known = [
            "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
            "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
            "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
            "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
            "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
        ];
        for (certificate, known) in embedded().iter().zip(known) {
            let print = ::ring::digest::digest(&::ring::digest::SHA256, certificate);
            let print: String = print.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(print, known);
        }
    }

    #[test]
    fn no_embedded_root_expires_soon() {
        let ends: Vec<i64> = embedded().iter().map(|certificate| not_after(certificate)).collect();
        // 2038-01-17T00:00:00Z, as `openssl x509 -enddate` shows it.
        assert_eq!(ends[0], 2_147_299_200);
        let soonest = ends.iter().min().unwrap();
        let left = (soonest - Clock::default().now().seconds()) / 86_400;
        assert!(left > NOTICE, "a root of aws-roots.pem expires in {left} days: see amazontrust.com/repository");
    }

    /// Reads a file with this content, or one that does not exist.
    fn with_file<T>(content: Option<&[u8]>, read: impl FnOnce(&str) -> T) -> T {
        let file =
            std::env::temp_dir().join(format!("bindery-bundle-{:016x}", u64::from_be_bytes(crate::random::bytes())));
        if let Some(content) = content {
            std::fs::write(&file, content).unwrap();
        }
        let result = read(&file.display().to_string());
        drop(std::fs::remove_file(&file));
        result
    }

    fn with_bundle(content: Option<&[u8]>) -> Result<ClientConfig, BadVariable> {
        with_file(content, |file| tls(&Env::new([(BUNDLE.to_owned(), file.to_owned())]), "eu-west-1"))
    }

    /// A root that rustls rejects does not keep the functions of a region from starting.
    #[test]
    fn invalid_certificates_of_the_system_are_left_out() {
        let invalid = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        let roots = with_file(Some(&[invalid, EMBEDDED].concat()), system).unwrap();
        assert_eq!(roots.len(), embedded().len());
        for nothing in [None, Some(&b""[..]), Some(invalid)] {
            assert!(with_file(nothing, system).unwrap_err().why.contains("the system has none"));
        }
    }

    #[test]
    fn a_bundle_must_have_certificates() {
        assert!(with_bundle(Some(EMBEDDED)).is_ok());
        let truncated = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        for content in [None, Some(&b""[..]), Some(b"no PEM"), Some(truncated), Some(&EMBEDDED[..900])] {
            assert_eq!(with_bundle(content).unwrap_err().name, BUNDLE);
        }
    }
}
