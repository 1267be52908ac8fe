"""Verifies JSON Lines with py_webauthn, and prints a line for each, with the time that it took."""

import json
import sys
import time

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import base64url_to_bytes

for line in sys.stdin:
    case = json.loads(line)
    expected = dict(
        credential=case["credential"],
        expected_challenge=base64url_to_bytes(case["challenge"]),
        expected_rp_id=case["rpId"],
        expected_origin=case["origins"],
        require_user_verification=case["userVerification"] == "required",
    )
    begun = time.perf_counter_ns()
    try:
        if registered := case.get("registered"):
            verify_authentication_response(
                credential_public_key=base64url_to_bytes(registered["coseKey"]),
                credential_current_sign_count=registered["signCount"],
                **expected,
            )
        else:
            verify_registration_response(**expected)
        answer = {"verified": True}
    except Exception as error:  # any exception is a rejection
        answer = {"verified": False, "detail": f"{type(error).__name__}: {error}"[:200]}
    answer["nanoseconds"] = time.perf_counter_ns() - begun
    print(json.dumps(answer))
