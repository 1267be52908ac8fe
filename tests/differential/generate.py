"""Generates registrations and assertions, valid ones and ones with a single mutation, as JSON Lines in the form of
`--example verify`. Every eighth case is an assertion.

generate.py COUNT SEED: the same arguments give the same cases, except for keys and signatures. Each line has `format`,
`mutation` (null for a valid one) and `wellFormed`: whether the specification accepts it.
"""

import base64
import datetime
import hashlib
import json
import random
import sys

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

RP_ID, ORIGIN = "example.org", "https://example.org"
AAGUID = b"differential 001"
AAGUID_EXTENSION = ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4")
NOW = datetime.datetime(2026, 11, 27, 12, tzinfo=datetime.timezone.utc)
YEAR = datetime.timedelta(days=365)


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Key:
    """A key for a COSE algorithm."""

    rsa_key = rsa.generate_private_key(65537, 2048)

    def __init__(self, alg):
        self.alg = alg
        curves = {-7: ec.SECP256R1(), -35: ec.SECP384R1(), -36: ec.SECP521R1()}
        if alg in curves:
            self.private = ec.generate_private_key(curves[alg])
        elif alg == -8:
            self.private = ed25519.Ed25519PrivateKey.generate()
        else:
            self.private = Key.rsa_key

    def cose(self):
        public = self.private.public_key()
        if self.alg == -8:
            raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            return {1: 1, 3: -8, -1: 6, -2: raw}
        numbers = public.public_numbers()
        if self.alg == -257:
            return {1: 3, 3: -257, -1: numbers.n.to_bytes(256, "big"), -2: numbers.e.to_bytes(3, "big")}
        size = (public.curve.key_size + 7) // 8
        x, y = numbers.x.to_bytes(size, "big"), numbers.y.to_bytes(size, "big")
        return {1: 2, 3: self.alg, -1: {-7: 1, -35: 2, -36: 3}[self.alg], -2: x, -3: y}

    def hash(self):
        return {-7: hashes.SHA256(), -35: hashes.SHA384(), -36: hashes.SHA512(), -257: hashes.SHA256()}.get(self.alg)

    def sign(self, message):
        if self.alg == -8:
            return self.private.sign(message)
        if self.alg == -257:
            return self.private.sign(message, padding.PKCS1v15(), hashes.SHA256())
        return self.private.sign(message, ec.ECDSA(self.hash()))


def name(**parts):
    oids = {"C": NameOID.COUNTRY_NAME, "O": NameOID.ORGANIZATION_NAME, "OU": NameOID.ORGANIZATIONAL_UNIT_NAME, "CN": NameOID.COMMON_NAME}
    return x509.Name([x509.NameAttribute(oids[key], value) for key, value in parts.items()])


CA_KEY, CA_NAME = ec.generate_private_key(ec.SECP256R1()), name(CN="Differential CA")
ROOT_KEY, ROOT_NAME = ec.generate_private_key(ec.SECP256R1()), name(CN="Differential Root")
STRANGER_KEY, STRANGER_NAME = ec.generate_private_key(ec.SECP256R1()), name(CN="Stranger")
SUBJECT = {"C": "AA", "O": "Example", "OU": "Authenticator Attestation", "CN": "Key"}


def certificate(subject, public, issuer, issuer_key, extensions, begins=NOW - YEAR, ends=NOW + YEAR):
    builder = x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=public, serial_number=7)
    builder = builder.not_valid_before(begins).not_valid_after(ends)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def ca(subject, key, issuer, issuer_key):
    return certificate(subject, key.public_key(), issuer, issuer_key, [(x509.BasicConstraints(True, None), True)])


INTERMEDIATE = ca(CA_NAME, CA_KEY, ROOT_NAME, ROOT_KEY)
ROOT = ca(ROOT_NAME, ROOT_KEY, ROOT_NAME, ROOT_KEY)
STRANGER = ca(STRANGER_NAME, STRANGER_KEY, STRANGER_NAME, STRANGER_KEY)


class Registration:
    """What a device answers, taken apart: each part can be changed before it is put together."""

    def __init__(self, rng, format, alg):
        self.rng, self.format, self.alg = rng, format, alg
        self.challenge = rng.randbytes(32)
        self.uv_required = rng.random() < 0.5
        self.key = Key(alg)
        self.client_data = {"type": "webauthn.create", "challenge": b64(self.challenge), "origin": ORIGIN, "crossOrigin": False}
        self.client_data_bytes = lambda text: text.encode()
        self.client_data_text = lambda data: json.dumps(data, separators=(",", ":"))
        self.flags = 0x45 | rng.choice([0, 0x08, 0x18])
        self.rp_id_hash = hashlib.sha256(RP_ID.encode()).digest()
        self.credential_id = rng.randbytes(rng.choice([16, 32, 64]))
        self.aaguid = bytes(16) if format in ("none", "fido-u2f") else AAGUID
        self.cose = lambda cose: cbor2.dumps(cose)
        self.extensions = b""
        self.data = lambda data: data
        self.subject = dict(SUBJECT)
        self.certificate_extensions = [
            (x509.BasicConstraints(False, None), True),
            (x509.UnrecognizedExtension(AAGUID_EXTENSION, b"\x04\x10" + AAGUID), False),
        ]
        self.validity = (NOW - YEAR, NOW + YEAR)
        self.rest = [] if format == "fido-u2f" else [INTERMEDIATE] + rng.choice([[], [ROOT]])
        self.statement = lambda statement: statement
        self.object = lambda members: cbor2.dumps(members)
        self.response = lambda response: response

    def auth_data(self):
        id_length = len(self.credential_id).to_bytes(2, "big")
        data = self.rp_id_hash + bytes([self.flags]) + bytes(4) + self.aaguid + id_length + self.credential_id
        return self.data(data + self.cose(self.key.cose()) + self.extensions)

    def make(self):
        client_data = self.client_data_bytes(self.client_data_text(self.client_data))
        data = self.auth_data()
        signed = data + hashlib.sha256(client_data).digest()
        statement = {}
        if self.format == "packed-self":
            statement = {"alg": self.alg, "sig": self.key.sign(signed)}
        elif self.format in ("packed", "fido-u2f"):
            attesting = Key(-7)
            leaf = certificate(name(**self.subject), attesting.private.public_key(), CA_NAME, CA_KEY, self.certificate_extensions, *self.validity)
            if self.format == "fido-u2f":
                cose = self.key.cose()
                signed = b"\0" + self.rp_id_hash + hashlib.sha256(client_data).digest() + self.credential_id + b"\4" + cose[-2] + cose[-3]
            statement = {"sig": attesting.sign(signed), "x5c": [leaf] + self.rest}
            if self.format == "packed":
                statement["alg"] = -7
        format = "packed" if self.format == "packed-self" else self.format
        members = {"fmt": format, "attStmt": self.statement(statement), "authData": data}
        id = b64(self.credential_id)
        response = {
            "id": id, "rawId": id, "type": "public-key",
            "response": {
                "clientDataJSON": b64(client_data),
                "attestationObject": b64(self.object(members)),
                "transports": ["internal"],
            },
            "clientExtensionResults": {},
        }
        return {
            "rpId": RP_ID, "origins": [ORIGIN], "challenge": b64(self.challenge), "now": NOW.isoformat().replace("+00:00", "Z"),
            "userVerification": "required" if self.uv_required else "preferred", "credential": self.response(response),
        }


FORMATS = ["none", "packed-self", "packed", "fido-u2f"]


ALGS = [-7, -8, -35, -36, -257]


def registration(rng, mutation):
    """One that the mutation fits; a valid one, if there is none."""
    format = rng.choice(mutation.formats if mutation else FORMATS)
    algs = [-7] if format == "fido-u2f" else mutation and mutation.algs or ALGS
    case = Registration(rng, format, rng.choice(algs))
    if mutation:
        mutation.apply(case)
    return case


def main():
    from assertions import assertion
    from mutations import MUTATIONS

    count, seed = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    for number in range(count):
        if number % 8 == 7:
            case, name, valid = assertion(rng, number % 5)
            print(json.dumps(case.make() | {"format": case.format, "alg": case.alg, "mutation": name, "wellFormed": valid}))
            continue
        mutation = rng.choice(MUTATIONS) if number % 5 else None
        case = registration(rng, mutation)
        line = case.make()
        line.update(format=case.format, alg=case.alg, mutation=mutation and mutation.name, wellFormed=not mutation or mutation.valid)
        print(json.dumps(line))


if __name__ == "__main__":
    main()
