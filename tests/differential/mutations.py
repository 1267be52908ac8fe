"""Mutations of a registration. Each makes one thing invalid or unusual."""

import cbor2
from cryptography import x509

from common import common, responses
from generate import AAGUID, AAGUID_EXTENSION, FORMATS, INTERMEDIATE, NOW, ROOT, STRANGER, YEAR, Key, b64

MUTATIONS = []
EC, CERTIFIED, SIGNED = (-7, -35, -36), ("packed", "fido-u2f"), ("packed", "packed-self", "fido-u2f")


class Mutation:
    def __init__(self, name, apply, valid, formats, algs):
        self.name, self.apply, self.valid, self.formats, self.algs = name, apply, valid, formats, algs


def mutation(name, valid=False, formats=FORMATS, algs=None):
    """Registers a mutation. `valid`: the specification accepts the result."""

    def register(apply):
        MUTATIONS.append(Mutation(name, apply, valid, formats, algs))
        return apply

    return register


simple = common(mutation, "webauthn.get")

simple("credential id: 1023 bytes", "credential_id", lambda case: case.rng.randbytes(1023), valid=True)
simple("credential id: 1024 bytes", "credential_id", lambda case: case.rng.randbytes(1024))


def cose(name, change, **kinds):
    kinds.setdefault("formats", ("none", "packed-self", "packed"))

    def apply(case):
        case.cose = lambda cose: cbor2.dumps(change(dict(cose), case))

    mutation("key: " + name, **kinds)(apply)


def without(mapping, key):
    mapping.pop(key)
    return mapping


cose("no algorithm", lambda key, _: without(key, 3))
cose("no type", lambda key, _: without(key, 1))
cose("type of another", lambda key, _: key | {1: 1 if key[1] != 1 else 2})
cose("unknown algorithm", lambda key, _: key | {3: -65000})
cose("RS1", lambda key, _: key | {3: -65535}, algs=(-257,))
cose("off its curve", lambda key, _: key | {-2: bytes(len(key[-2]) - 1) + b"\5", -3: bytes(len(key[-3]) - 1) + b"\1"}, algs=EC)
cose("coordinate with a zero before it", lambda key, _: key | {-2: b"\0" + key[-2]}, algs=EC)
cose("coordinate cut", lambda key, _: key | {-2: key[-2][1:]}, algs=EC)
cose("another curve", lambda key, _: key | {-1: 2 if key[-1] != 2 else 1}, algs=EC)
cose("private part", lambda key, _: key | {-4: bytes(32)}, algs=EC)
cose("unknown parameter", lambda key, _: key | {-70001: 1}, valid=True)
cose("Ed25519 cut", lambda key, _: key | {-2: key[-2][1:]}, algs=(-8,))
cose("Ed25519 of small order", lambda key, _: key | {-2: b"\1" + bytes(31)}, algs=(-8,), formats=("none",))
cose("RSA with exponent 3", lambda key, _: key | {-2: b"\3"}, algs=(-257,), formats=("none",), valid=True)
cose("RSA with exponent 1", lambda key, _: key | {-2: b"\1"}, algs=(-257,), formats=("none",))
cose("RSA of 1024 bits", lambda key, _: key | {-1: b"\xc1" + key[-1][1:127] + b"\1"}, algs=(-257,), formats=("none",))


def statement(name, change, **kinds):
    def apply(case):
        case.statement = lambda statement: change(dict(statement), case)

    mutation("statement: " + name, **kinds)(apply)


def flipped(data):
    return data[:-1] + bytes([data[-1] ^ 1])


statement("not empty", lambda _, case: {"sig": b""}, formats=("none",))
statement("signature changed", lambda one, _: one | {"sig": flipped(one["sig"])}, formats=SIGNED)
statement("no signature", lambda one, _: without(one, "sig"), formats=SIGNED)
statement("no alg", lambda one, _: without(one, "alg"), formats=("packed", "packed-self"))
statement("alg of another key", lambda one, _: one | {"alg": -35 if one["alg"] != -35 else -7}, formats=("packed", "packed-self"))
statement("x5c is empty", lambda one, _: one | {"x5c": []}, formats=CERTIFIED)
statement("x5c is not a list", lambda one, _: one | {"x5c": one["x5c"][0]}, formats=CERTIFIED)
statement("certificate cut", lambda one, _: one | {"x5c": [one["x5c"][0][:-1]] + one["x5c"][1:]}, formats=CERTIFIED)
statement("not a map", lambda *_: [], formats=FORMATS)
statement("two certificates", lambda one, _: one | {"x5c": one["x5c"] + [INTERMEDIATE]}, formats=("fido-u2f",))

simple("x5c: without the intermediate", "rest", lambda _: [], valid=True, formats=("packed",))
simple("x5c: an unrelated certificate behind", "rest", lambda case: case.rest + [STRANGER], formats=("packed",))
simple("x5c: the intermediate is another's", "rest", lambda _: [STRANGER], formats=("packed",))
simple("x5c: the root before the intermediate", "rest", lambda _: [ROOT, INTERMEDIATE], formats=("packed",))
simple("certificate: expired", "validity", lambda _: (NOW - 2 * YEAR, NOW - YEAR), valid=True, formats=("packed",))
simple("certificate: no basic constraints", "certificate_extensions", lambda case: case.certificate_extensions[1:], valid=True, formats=("packed",))
simple("certificate: a CA's", "certificate_extensions", lambda case: [(x509.BasicConstraints(True, None), True)], formats=("packed",))
simple("certificate: no AAGUID", "certificate_extensions", lambda case: case.certificate_extensions[:1], valid=True, formats=("packed",))
simple("certificate: another AAGUID", "certificate_extensions", lambda case: [case.certificate_extensions[0], (x509.UnrecognizedExtension(AAGUID_EXTENSION, b"\x04\x10" + bytes(16)), False)], formats=("packed",))
simple("certificate: critical AAGUID", "certificate_extensions", lambda case: [case.certificate_extensions[0], (x509.UnrecognizedExtension(AAGUID_EXTENSION, b"\x04\x10" + AAGUID), True)], formats=("packed",))
simple("certificate: another OU", "subject", lambda case: case.subject | {"OU": "Authenticator"}, formats=("packed",))
simple("certificate: no C", "subject", lambda case: without(dict(case.subject), "C"), formats=("packed",))
simple("certificate: no CN", "subject", lambda case: without(dict(case.subject), "CN"), formats=("packed",))
simple("certificate: no O", "subject", lambda case: without(dict(case.subject), "O"), formats=("packed",))


def object(name, change, **kinds):
    def apply(case):
        case.object = lambda members: change(members, case)

    mutation("object: " + name, **kinds)(apply)


object("bytes behind its end", lambda members, _: cbor2.dumps(members) + b"\0")
object("cut", lambda members, _: cbor2.dumps(members)[:-1])
object("unknown format", lambda members, _: cbor2.dumps(members | {"fmt": "unknown"}))
object("no format", lambda members, _: cbor2.dumps(without(members, "fmt")))
object("no statement", lambda members, _: cbor2.dumps(without(members, "attStmt")))
object("unknown member", lambda members, _: cbor2.dumps(members | {"other": 1}), valid=True)
object("member named by a number", lambda members, _: cbor2.dumps(members | {1: None}), valid=True)
object("in another order", lambda members, _: cbor2.dumps(dict(reversed(members.items()))), valid=True)
object("not a map", lambda members, _: cbor2.dumps(list(members.values())))


response = responses(mutation)
response("transports is null", lambda one: one["response"].update(transports=None), valid=True)
response("transports is absent", lambda one: one["response"].pop("transports") and None, valid=True)
response("transports is unknown", lambda one: one["response"].update(transports=["smoke-signal"]), valid=True)
response("transports is a string", lambda one: one["response"].update(transports="usb"))
response("authenticatorAttachment is null", lambda one: one.update(authenticatorAttachment=None), valid=True)
response("no client data", lambda one: one["response"].pop("clientDataJSON") and None)
response("no attestation object", lambda one: one["response"].pop("attestationObject") and None)
response("attestation object with padding", lambda one: one["response"].update(attestationObject=one["response"]["attestationObject"] + "="))
