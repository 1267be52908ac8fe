"""Verifies JSON Lines by py_webauthn: each line is answered by a line."""

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
    except Exception as error:  # whatever it raises is a refusal
        answer = {"verified": False, "detail": f"{type(error).__name__}: {error}"[:200]}
    print(json.dumps(answer))
