"""Prints the table of `tests/bench/rates`: rates.py FOLDER COUNT, where FOLDER has the Rust programs.

A program verifies the registrations once, and then nine times as many. The rate follows from the difference, so that the time
which it needs to start does not count. The programs run in turns, and the best of three runs counts.
"""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

DIFFERENTIAL = Path(__file__).resolve().parents[1] / "differential"
sys.path.insert(0, str(DIFFERENTIAL))
from generate import Registration  # noqa: E402

FORMATS = ["none", "packed-self", "packed", "fido-u2f"]
MORE, RUNS = 9, 3


def cases(format, count):
    rng = random.Random(format)
    return "".join(json.dumps(Registration(rng, format, -7).make()) + "\n" for _ in range(count))


def seconds(command, text):
    """How long a program takes to verify all of these."""
    begun = time.monotonic()
    out = subprocess.run(command, input=text, capture_output=True, check=True, text=True).stdout
    took = time.monotonic() - begun
    lines = [json.loads(line) for line in out.splitlines()]
    refused = [line for line in lines if not line["verified"]]
    if refused or len(lines) != text.count("\n"):
        sys.exit(f"{command[-1]}: {len(lines)} of {text.count(chr(10))} verified; refused: {refused[:1]}")
    return took


def rate(command, text):
    count = text.count("\n")
    return MORE * count / (seconds(command, text * (1 + MORE)) - seconds(command, text))


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
    for format in FORMATS:
        text = cases(format, count)
        best = dict.fromkeys(programs, 0.0)
        for _ in range(RUNS):
            for name, command in programs.items():
                best[name] = max(best[name], rate(command, text))
        ours = best["Bindery"]
        peers = " | ".join(f"{ours / best[name]:.1f}" for name in ("SimpleWebAuthn", "py_webauthn"))
        print(f"| `{format}` | {ours:.0f} | {bare / ours:.2f} | {peers} |", flush=True)


if __name__ == "__main__":
    main()
