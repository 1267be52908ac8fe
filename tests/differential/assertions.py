"""Generates assertions, valid ones and ones with a single mutation, in the form of `generate.py`.

A line has the credential record as `registered`; py_webauthn and SimpleWebAuthn are given its key and counter.
"""

import hashlib
import json

import cbor2

from common import common, responses
from generate import ALGS, ORIGIN, RP_ID, Key, b64

MUTATIONS = []


def mutation(name, valid=False):
    """Registers a mutation. `valid`: the specification accepts the result."""

    def register(apply):
        MUTATIONS.append(("assertion: " + name, apply, valid))
        return apply

    return register


class Assertion:
    """What a device answers to a sign-in, taken apart: each part can be changed before it is put together."""

    format = "assertion"

    def __init__(self, rng):
        self.rng, self.alg = rng, rng.choice(ALGS)
        self.key = self.signer = Key(self.alg)
        self.challenge = rng.randbytes(32)
        self.uv_required = rng.random() < 0.5
        self.flags = 0x05 | rng.choice([0, 0x08, 0x18])
        self.backup_eligible = self.flags & 0x08 != 0
        self.stored, self.count = rng.choice([(0, 0), (0, 1), (7, 8), (7, 4_000_000_000)])
        self.rp_id_hash = hashlib.sha256(RP_ID.encode()).digest()
        self.credential_id = rng.randbytes(rng.choice([16, 32, 64]))
        self.user_handle = b"user handle of ada"
        self.client_data = {"type": "webauthn.get", "challenge": b64(self.challenge), "origin": ORIGIN, "crossOrigin": False}
        self.client_data_bytes = lambda text: text.encode()
        self.client_data_text = lambda data: json.dumps(data, separators=(",", ":"))
        self.extensions = b""
        self.data = self.sent_data = self.sent_client_data = self.signature = lambda value: value
        self.response = lambda response: response

    def make(self):
        client_data = self.client_data_bytes(self.client_data_text(self.client_data))
        data = self.data(self.rp_id_hash + bytes([self.flags]) + self.count.to_bytes(4, "big") + self.extensions)
        signature = self.signature(self.signer.sign(data + hashlib.sha256(client_data).digest()))
        id = b64(self.credential_id)
        response = {
            "id": id, "rawId": id, "type": "public-key",
            "response": {
                "clientDataJSON": b64(self.sent_client_data(client_data)),
                "authenticatorData": b64(self.sent_data(data)),
                "signature": b64(signature),
                "userHandle": b64(self.user_handle),
            },
            "clientExtensionResults": {},
        }
        return {
            "rpId": RP_ID, "origins": [ORIGIN], "challenge": b64(self.challenge),
            "userVerification": "required" if self.uv_required else "preferred",
            "registered": {
                "credentialId": id, "coseKey": b64(cbor2.dumps(self.key.cose())), "signCount": self.stored,
                "backupEligible": self.backup_eligible, "userHandle": b64(b"user handle of ada"),
            },
            "credential": self.response(response),
        }


simple = common(mutation, "webauthn.create")
simple("client data: changed after signing", "sent_client_data", lambda _: lambda data: data[:-1] + b" }")
simple("data: changed after signing", "sent_data", lambda _: lambda data: data[:36] + bytes([data[36] ^ 2]))
simple("backup eligibility changed", "backup_eligible", lambda case: not case.backup_eligible)


@mutation("counter is the same")
def _(case):
    case.stored, case.count = 7, 7


@mutation("counter went back")
def _(case):
    case.stored, case.count = 7, 6


@mutation("counter went back to zero")
def _(case):
    case.stored, case.count = 7, 0


simple("signature by another key", "signer", lambda case: Key(case.alg) if case.alg != -257 else Key(-7))
simple("signature cut", "signature", lambda _: lambda signature: signature[:-1])
simple("signature of nothing", "signature", lambda _: lambda signature: b"")
simple("signature with a byte more", "signature", lambda _: lambda signature: signature + b"\0")
simple("user handle of another", "user_handle", lambda _: b"user handle of eve")


response = responses(mutation)
response("userHandle is null", lambda one: one["response"].update(userHandle=None), valid=True)
response("userHandle is absent", lambda one: one["response"].pop("userHandle") and None, valid=True)
response("userHandle is a number", lambda one: one["response"].update(userHandle=7))
response("no client data", lambda one: one["response"].pop("clientDataJSON") and None)
response("no authenticator data", lambda one: one["response"].pop("authenticatorData") and None)
response("no signature", lambda one: one["response"].pop("signature") and None)
response("signature with padding", lambda one: one["response"].update(signature=one["response"]["signature"] + "="))


def assertion(rng, mutate):
    """A case with a mutation, or a valid one: the case, the mutation's name, and whether the specification accepts it."""
    case = Assertion(rng)
    name, apply, valid = rng.choice(MUTATIONS) if mutate else (None, lambda _: None, True)
    apply(case)
    return case, name, valid
