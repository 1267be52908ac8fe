"""Makes a TLS certificate for 127.0.0.2 to 127.0.0.6 as AWS's are: RSA, with an intermediate and a root.

certificate.py FOLDER ROOTS: writes chain.pem, key.pem, and root.pem, which has the roots of the file ROOTS too.
"""

import datetime
import ipaddress
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

ADDRESSES = [ipaddress.ip_address(f"127.0.0.{last}") for last in range(2, 7)]


def certificate(name: str, key, issuer, addresses=()):
    """A certificate of a key; issuer is the name and key of its issuer, or nothing for a root."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer_name, issuer_key = issuer or (subject, key)
    now = datetime.datetime.now(datetime.UTC)
    builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer_name).public_key(key.public_key())
               .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(hours=1))
               .not_valid_after(now + datetime.timedelta(days=1))
               .add_extension(x509.BasicConstraints(ca=not addresses, path_length=None), critical=True))
    if addresses:
        names = x509.SubjectAlternativeName([x509.IPAddress(address) for address in addresses])
        builder = builder.add_extension(names, critical=False)
    return subject, builder.sign(issuer_key, hashes.SHA256())


def main(folder: str, roots: str) -> None:
    keys = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(3)]
    root_name, root = certificate("Bench Root", keys[0], None)
    middle_name, middle = certificate("Bench Intermediate", keys[1], (root_name, keys[0]))
    _, leaf = certificate("bench", keys[2], (middle_name, keys[1]), ADDRESSES)
    pem = serialization.Encoding.PEM
    written = {
        "chain.pem": leaf.public_bytes(pem) + middle.public_bytes(pem),
        "key.pem": keys[2].private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        "root.pem": Path(roots).read_bytes() + root.public_bytes(pem),
    }
    for name, text in written.items():
        (Path(folder) / name).write_bytes(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
