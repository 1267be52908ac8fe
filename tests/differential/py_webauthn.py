"""Verifies JSON Lines with py_webauthn, and prints a line for each."""

import json
import sys

from webauthn import verify_registration_response
from webauthn.helpers import base64url_to_bytes

for line in sys.stdin:
    case = json.loads(line)
    try:
        verify_registration_response(
            credential=case["credential"],
            expected_challenge=base64url_to_bytes(case["challenge"]),
            expected_rp_id=case["rpId"],
            expected_origin=case["origins"],
            require_user_verification=case["userVerification"] == "required",
        )
        answer = {"verified": True}
    except Exception as error:  # any exception is a rejection
        answer = {"verified": False, "detail": f"{type(error).__name__}: {error}"[:200]}
    print(json.dumps(answer))
