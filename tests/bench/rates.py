"""Prints the table of `tests/bench/rates`: rates.py FOLDER COUNT, where FOLDER has the Rust programs.

A program verifies the registrations ten times, and reports how long each took. The last nine times count. The programs run in
turns, and the best of three runs counts.
"""

import json
import random
import subprocess
import sys
from pathlib import Path

DIFFERENTIAL = Path(__file__).resolve().parents[1] / "differential"
sys.path.insert(0, str(DIFFERENTIAL))
from generate import Registration  # noqa: E402

FORMATS = ["none", "packed-self", "packed", "fido-u2f"]
VECTORS = ["tpm-es256", "android-key-es256"]
MORE, RUNS = 9, 3


def cases(format, count):
    rng = random.Random(format)
    return "".join(json.dumps(Registration(rng, format, -7).make()) + "\n" for _ in range(count))


def vector(name, count):
    """A test vector of the W3C, `count` times. Its statement has one certificate, and one signature to verify."""
    file = DIFFERENTIAL.parents[1] / "shared/proof/tests/data/webauthn-level3-vectors.json"
    found = next(vector for vector in json.loads(file.read_text(encoding="utf-8"))["vectors"] if vector["name"] == name)
    registration = found["registration"]
    id = registration["credentialId"]
    response = {"clientDataJSON": registration["clientDataJSON"], "attestationObject": registration["attestationObject"]}
    case = {
        "rpId": found["rpId"], "origins": [found["origin"]], "challenge": registration["challenge"], "now": "2026-11-27T12:00:00Z",
        "userVerification": "preferred",
        "credential": {"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {}},
    }
    return (json.dumps(case) + "\n") * count


class Refused(Exception):
    """A verifier refuses a registration."""


def rate(command, text):
    """How many registrations a program verifies in a second."""
    out = subprocess.run(command, input=text * (1 + MORE), capture_output=True, check=True, text=True).stdout
    lines, count = [json.loads(line) for line in out.splitlines()], text.count("\n")
    refused = [line for line in lines if not line["verified"]]
    if refused or len(lines) != (1 + MORE) * count:
        raise Refused(f"{command[-1]}: {len(lines)} of {(1 + MORE) * count} answered; refused: {refused[:1]}")
    return 1e9 * MORE * count / sum(line["nanoseconds"] for line in lines[count:])


def main():
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    programs = {
        "Bindery": [str(folder / "verify")],
        "SimpleWebAuthn": ["node", str(DIFFERENTIAL / "simplewebauthn.mjs")],
        "py_webauthn": [sys.executable, str(DIFFERENTIAL / "py_webauthn.py")],
    }
    bare = float(subprocess.run([folder / "signatures"], capture_output=True, check=True, text=True).stdout)
    print(f"ECDSA P-256 verifications by ring: {bare:.0f} a second\n")
    print("| format | Bindery, a second | time, × one bare signature | × SimpleWebAuthn | × py_webauthn |\n|---|---|---|---|---|")
    texts = {format: cases(format, count) for format in FORMATS} | {name: vector(name, count) for name in VECTORS}
    for format, text in texts.items():
        best = {}
        for _ in range(RUNS):
            for name, command in programs.items():
                try:
                    best[name] = max(best.get(name, 0), rate(command, text))
                except Refused as refused:
                    # The other verifiers reject some test vectors of the W3C.
                    if format in FORMATS or name == "Bindery":
                        sys.exit(str(refused))
        ours = best["Bindery"]
        peers = " | ".join(f"{ours / best[name]:.1f}" if name in best else "rejected" for name in ("SimpleWebAuthn", "py_webauthn"))
        print(f"| `{format}` | {ours:.0f} | {bare / ours:.2f} | {peers} |", flush=True)


if __name__ == "__main__":
    main()
