//! The TPM 2.0 structures (Trusted Platform Module Library, part 2) that attestation uses.

use crate::key::{Curve, Hash, Key};

const TPM_ALG_RSA: u16 = 0x0001;
const TPM_ALG_ECDAA: u16 = 0x001a;
const TPM_ALG_NULL: u16 = 0x0010;
const TPM_ALG_ECC: u16 = 0x0023;
const TPM_GENERATED_VALUE: u32 = 0xff54_4347;
const TPM_ST_ATTEST_CERTIFY: u16 = 0x8017;
/// Clock, reset count, restart count and a flag (`TPMS_CLOCK_INFO`).
const CLOCK_INFO: usize = 8 + 4 + 4 + 1;
const FIRMWARE_VERSION: usize = 8;

/// Bytes that are consumed from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, size: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(size)?;
        self.0 = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A `TPM2B`: its size, then that many bytes.
    fn sized(&mut self) -> Option<&'a [u8]> {
        let size = self.u16()?;
        self.take(usize::from(size))
    }

    /// A scheme: its algorithm, followed, unless that is null, by a hash, and for ECDAA by a count.
    fn scheme(&mut self) -> Option<()> {
        let algorithm = self.u16()?;
        if algorithm != TPM_ALG_NULL {
            self.u16()?;
        }
        if algorithm == TPM_ALG_ECDAA {
            self.u16()?;
        }
        Some(())
    }

    /// `TPMT_SYM_DEF_OBJECT`: its algorithm, followed, unless that is null, by key bits and mode.
    fn symmetric(&mut self) -> Option<()> {
        if self.u16()? != TPM_ALG_NULL {
            self.take(4)?;
        }
        Some(())
    }
}

/// `TPMT_PUBLIC`: the public area of a key in a TPM.
pub(super) struct PublicArea {
    pub(super) key: Key,
    name_algorithm: u16,
    name_hash: Hash,
}

impl PublicArea {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let kind = bytes.u16()?;
        let name_algorithm = bytes.u16()?;
        let name_hash = match name_algorithm {
            0x0004 => Hash::Sha1,
            0x000b => Hash::Sha256,
            0x000c => Hash::Sha384,
            0x000d => Hash::Sha512,
            _ => return None,
        };
        let _attributes = bytes.u32()?;
        let _policy = bytes.sized()?;
        bytes.symmetric()?;
        bytes.scheme()?;
        let key = match kind {
            TPM_ALG_RSA => rsa(&mut bytes)?,
            TPM_ALG_ECC => ecc(&mut bytes)?,
            _ => return None,
        };
        bytes.0.is_empty().then_some(Self { key, name_algorithm, name_hash })
    }

    /// The object's name: the hash algorithm and the hash of the public area (part 1, §16).
    pub(super) fn name(&self, bytes: &[u8]) -> Vec<u8> {
        [&self.name_algorithm.to_be_bytes(), self.name_hash.digest(bytes).as_ref()].concat()
    }
}

fn rsa(bytes: &mut Bytes<'_>) -> Option<Key> {
    let bits = bytes.u16()?;
    // Zero means the default exponent, 65537.
    let exponent = match bytes.u32()? {
        0 => 65_537,
        exponent => exponent,
    };
    let n = bytes.sized()?.to_vec();
    let e = exponent.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    (n.len() * 8 == usize::from(bits)).then_some(Key::Rsa { n, e })
}

fn ecc(bytes: &mut Bytes<'_>) -> Option<Key> {
    let curve = match bytes.u16()? {
        0x0003 => Curve::P256,
        0x0004 => Curve::P384,
        0x0005 => Curve::P521,
        _ => return None,
    };
    // The key derivation scheme.
    bytes.scheme()?;
    Key::ec(curve, bytes.sized()?, bytes.sized()?)
}

/// `TPMS_ATTEST` of type `TPM_ST_ATTEST_CERTIFY`, which the AIK signed.
pub(super) struct Certified<'a> {
    pub(super) extra_data: &'a [u8],
    pub(super) name: &'a [u8],
}

impl<'a> Certified<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        if bytes.u32()? != TPM_GENERATED_VALUE || bytes.u16()? != TPM_ST_ATTEST_CERTIFY {
            return None;
        }
        let _qualified_signer = bytes.sized()?;
        let extra_data = bytes.sized()?;
        bytes.take(CLOCK_INFO)?;
        bytes.take(FIRMWARE_VERSION)?;
        let name = bytes.sized()?;
        let _qualified_name = bytes.sized()?;
        bytes.0.is_empty().then_some(Self { extra_data, name })
    }
}
