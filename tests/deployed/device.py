"""A device that creates a passkey as a platform authenticator does, with attestation `none`, and signs in with it."""

import hashlib
import json
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def register(options: dict, origin: str, private: ec.EllipticCurvePrivateKey | None = None) -> dict:
    """The RegistrationResponseJSON that answers creation options, with this key or a new one."""
    client_data = json.dumps(
        {"type": "webauthn.create", "challenge": options["challenge"], "origin": origin, "crossOrigin": False}
    ).encode()
    key = ES256.from_cryptography_key((private or new_key()).public_key())
    credential_id = os.urandom(32)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(
        hashlib.sha256(options["rp"]["id"].encode()).digest(),
        flags,
        0,
        bytes(AttestedCredentialData.create(bytes(16), credential_id, key)),
    )
    return {
        "id": websafe_encode(credential_id),
        "rawId": websafe_encode(credential_id),
        "type": "public-key",
        "authenticatorAttachment": "platform",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": websafe_encode(client_data),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", data, {}))),
            "transports": ["internal"],
        },
    }


def sign_in(options: dict, origin: str, credential_id: str, user_handle: str, private: ec.EllipticCurvePrivateKey) -> dict:
    """The AuthenticationResponseJSON that answers request options."""
    client_data = json.dumps(
        {"type": "webauthn.get", "challenge": options["challenge"], "origin": origin, "crossOrigin": False}
    ).encode()
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV
    data = bytes(AuthenticatorData.create(hashlib.sha256(options["rpId"].encode()).digest(), flags, 0))
    signature = private.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
    return {
        "id": credential_id,
        "rawId": credential_id,
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": websafe_encode(client_data),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": user_handle,
        },
    }
