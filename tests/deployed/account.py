"""An emulated AWS account on loopback, and an OAuth issuer that its gateway trusts. Both stop with their `with` block."""

import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
import jwt
from botocore.config import Config
from cryptography.hazmat.primitives.asymmetric import rsa

REGION = "eu-central-1"
AUDIENCE = "bindery"


def free_port() -> int:
    """A port below those that the system chooses for connections, so nobody else gets it before the emulator does."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


@contextmanager
def emulator(folder: Path):
    """The address of an emulated account. Its log is in `folder`."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = kept | {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "TMPDIR": str(folder),
        # Passed on to the functions.
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "MINISTACK_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "LAMBDA_EXECUTOR": "local",
        # Every call is checked against the caller's policies; functions have only their roles.
        "AUTH": "true",
    }
    with (folder / "emulator.log").open("w") as log:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("ministack"))],
            env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            # The functions are its children, and end with it.
            start_new_session=True,
        )
        try:
            wait_until("the emulator answers", lambda: reachable(f"{url}/_ministack/health", process))
            yield url
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def reachable(url: str, process: subprocess.Popen) -> bool:
    if process.poll() is not None:
        raise SystemExit(f"the emulator ended with code {process.returncode}")
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def wait_until(what: str, condition, seconds: float = 60):
    """The first result of `condition` that is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.1)
    raise SystemExit(f"after {seconds} s this has not happened: {what}")


def clients(url: str):
    """A function that creates clients of the account's services."""
    session = boto3.Session("test", "test", region_name=REGION)
    config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, read_timeout=120)
    return lambda service: session.client(service, endpoint_url=url, config=config)


class Issuer:
    """An OAuth issuer: discovery, keys, and tokens for the test."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.url = ""
        # In place of its own, when a test says so.
        self.keys: list[dict] | None = None

    def documents(self) -> dict[str, dict]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {
            "/.well-known/openid-configuration": {"issuer": self.url, "jwks_uri": f"{self.url}/jwks.json"},
            "/jwks.json": {"keys": [public | {"kid": "one", "use": "sig", "alg": "RS256"}] if self.keys is None else self.keys},
        }

    def token(self, scope: str, key=None, **claims) -> str:
        """An access token, by default for the tenant acme."""
        now = int(time.time())
        usual = {"iss": self.url, "aud": AUDIENCE, "sub": "test", "iat": now, "exp": now + 600, "tenant_id": "acme"}
        return jwt.encode(usual | {"scope": scope} | claims, key or self.key, algorithm="RS256", headers={"kid": "one"})


@contextmanager
def issuer():
    made = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            document = made.documents().get(self.path)
            body = json.dumps(document).encode()
            self.send_response(200 if document else 404)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
