"""Compares the results of three verifiers for the same registrations and assertions.

compare.py CASES OURS SIMPLEWEBAUTHN PY_WEBAUTHN: ours must follow the specification in every case. The others may differ where
known.json gives the reason, and with enough cases each of those differences must occur.
"""

import collections
import json
import pathlib
import sys

# Fewer cases do not cover every mutation in every format.
ENOUGH = 4000
# Algorithms that py_webauthn does not support.
NOT_FOR_PY_WEBAUTHN = (-35, -36)


def lines(file):
    with open(file) as text:
        return [json.loads(line) for line in text]


def main():
    cases, ours, simplewebauthn, py_webauthn = map(lines, sys.argv[1:])
    known = json.loads((pathlib.Path(__file__).parent / "known.json").read_text())
    if not len(cases) == len(ours) == len(simplewebauthn) == len(py_webauthn) > 0:
        sys.exit("a verifier did not answer every case")
    faults, seen, tried = collections.Counter(), collections.Counter(), collections.Counter()
    for case, our, simple, py in zip(cases, ours, simplewebauthn, py_webauthn):
        mutation = case["mutation"] or "valid"
        if our["verified"] != case["wellFormed"]:
            faults[f"{mutation} ({case['format']}, {case['alg']}): ours returns {our}"] += 1
        for peer, answer in (("SimpleWebAuthn", simple), ("py_webauthn", py)):
            if peer == "py_webauthn" and case["alg"] in NOT_FOR_PY_WEBAUTHN:
                continue
            tried[mutation, peer] += 1
            if answer["verified"] == our["verified"]:
                continue
            if peer in known.get(mutation, {}):
                seen[mutation, peer] += 1
            else:
                faults[f"{mutation} ({case['format']}, {case['alg']}): ours {our}, {peer} {answer}"] += 1
    if len(cases) >= ENOUGH:
        listed = [(mutation, peer) for mutation, peers in known.items() for peer in peers]
        for mutation, peer in listed:
            if tried[mutation, peer] and not seen[mutation, peer]:
                faults[f"{mutation}: {peer} no longer differs; remove it from known.json"] += 1
    for fault, count in sorted(faults.items()):
        print(f"{count} times: {fault}", file=sys.stderr)
    print(f"{len(cases)} cases, {sum(seen.values())} known differences of {len(seen)} kinds, {sum(faults.values())} others")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
