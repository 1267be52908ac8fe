"""Verifies what `bindctl credentials export` prints. See `export`."""

import base64
import hashlib
import json
import os
import random
import subprocess
import sys
import urllib.request
import uuid

import cbor2
from cryptography.hazmat.primitives import serialization
from webauthn import verify_authentication_response

from assertions import Assertion
from generate import Registration, b64

URL, BINDCTL = os.environ["URL"], sys.argv[1]
USER = str(uuid.UUID(int=7))
ALGORITHMS = [-7, -8, -257]


def bindctl(*args):
    return subprocess.run([BINDCTL, *args], check=True, capture_output=True, text=True)


def post(path, token, body=None):
    data = json.dumps(body).encode() if body else b""
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(URL + path, data, headers)) as answer:
        return json.load(answer)


def enrol(alg):
    """Creates a passkey as a device does; returns its id and key."""
    job = json.loads(bindctl("jobs", "create", "--identity", USER, "--config", "hosted", "--delivery", "return", "--json").stdout)
    path, secret = job["credential_binding_link"].split("/bind#")[1].split("?token=")
    token = post(f"{path}:open", secret)["token"]
    options = post(f"{path}:getInfo", token)["creation_options"]
    device = Registration(random.Random(alg), "none", alg)
    device.rp_id_hash = hashlib.sha256(options["rp"]["id"].encode()).digest()
    device.flags = 0x45
    device.client_data.update(challenge=options["challenge"], origin=URL)
    client_data = json.dumps(device.client_data).encode()
    statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": device.auth_data()})
    id = b64(device.credential_id)
    response = {"clientDataJSON": b64(client_data), "attestationObject": b64(statement), "transports": ["usb"]}
    raw = {"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {}}
    post(f"{path}:bind", token, {"type": "FIDO2", "raw": raw})
    return device.credential_id, device.key


def assertion(id, key):
    """An assertion with a passkey, and the challenge that it answers."""
    device = Assertion(random.Random(1))
    device.client_data.update(origin=URL)
    client_data = json.dumps(device.client_data).encode()
    data = hashlib.sha256(b"localhost").digest() + b"\x05" + (9).to_bytes(4, "big")
    signed = data + hashlib.sha256(client_data).digest()
    response = {"clientDataJSON": b64(client_data), "authenticatorData": b64(data), "signature": b64(key.sign(signed))}
    return {"id": b64(id), "rawId": b64(id), "type": "public-key", "response": response, "clientExtensionResults": {}}, device.challenge


def verify(id, key, cose, sign_count):
    credential, challenge = assertion(id, key)
    verified = verify_authentication_response(
        credential=credential,
        expected_challenge=challenge,
        expected_rp_id="localhost",
        expected_origin=URL,
        credential_public_key=cose,
        credential_current_sign_count=sign_count,
        require_user_verification=True,
    )
    assert verified.new_sign_count == 9, verified


def unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


standard = base64.b64decode
bindctl("identities", "create", USER, "--email", "ada@example.com")
passkeys = dict(enrol(alg) for alg in ALGORITHMS)
assert len(passkeys) == len(ALGORITHMS)


def export(form):
    return bindctl("credentials", "export", "--identity", USER, "--format", form)


records = {unpadded(record["id"]): record for record in map(json.loads, export("records").stdout.splitlines())}
[kratos] = [json.loads(line) for line in export("kratos").stdout.splitlines()]
kratos = {standard(passkey["id"]): passkey for passkey in kratos["credentials"]["passkey"]["config"]["credentials"]}
authelia = {standard(passkey["kid"]): passkey for passkey in json.loads(export("authelia").stdout)["webauthn_credentials"]}
fusionauth = export("fusionauth")
[left_out] = fusionauth.stderr.splitlines()
assert left_out.endswith("FusionAuth does not support EdDSA"), left_out
fusionauth = {unpadded(passkey["credentialId"]): passkey for passkey in json.loads(fusionauth.stdout)["credentials"]}

for id, key in passkeys.items():
    assert id in records and id in kratos and id in authelia
    verify(id, key, unpadded(records[id]["publicKey"]), records[id]["signCount"])
    verify(id, key, standard(kratos[id]["public_key"]), kratos[id]["authenticator"]["sign_count"])
    verify(id, key, standard(authelia[id]["public_key"]), authelia[id]["sign_count"])
    if key.alg != -8:
        assert fusionauth[id]["algorithm"] == key.alg
        public = serialization.load_pem_public_key(fusionauth[id]["publicKey"].encode())
        assert public.public_numbers() == key.private.public_key().public_numbers()
print(f"{len(passkeys)} passkeys, exported in 4 forms, verify assertions")
