"""The same back end as express.mjs, with FastAPI and PyJWT: uvicorn fastapi_app:app"""

import os
import uuid

import jwt
from fastapi import Body, FastAPI, HTTPException

ISSUER, AUDIENCE = os.environ["ISSUER"], os.environ["AUDIENCE"]
keys = jwt.PyJWKClient(f"{ISSUER}/.well-known/jwks.json")  # cached, and read again for a new key
nonces: set[str] = set()  # in production: of the visitor's session, and for five minutes
app = FastAPI()


@app.post("/nonce")
def nonce():
    nonces.add(made := str(uuid.uuid4()))
    return {"nonce": made}


@app.post("/session")
def session(token: str = Body(embed=True)):
    try:
        key = keys.get_signing_key_from_jwt(token)
        claims = jwt.decode(token, key, algorithms=["ES256"], issuer=ISSUER, audience=AUDIENCE)
        if jwt.get_unverified_header(token)["typ"] != "passkey-sign-in+jwt":
            raise jwt.InvalidTokenError("not a sign-in token")
        nonces.remove(claims["nonce"])
    except (jwt.PyJWTError, KeyError):
        raise HTTPException(401, "not signed in") from None
    return {"user": claims["sub"]}  # create your own session for this identity here
