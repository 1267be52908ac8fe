"""Runs a command, the integration tests, with their tables in an emulated account's DynamoDB.

    second_engine.py WORK-FOLDER COMMAND...
"""

import os
import subprocess
import sys
from pathlib import Path

import account


def main(work: str, *command: str) -> int:
    with account.emulator(Path(work)) as url:
        engine = {
            "AWS_ENDPOINT_URL_DYNAMODB": url,
            "AWS_REGION": account.REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }
        code = subprocess.run(command, env=os.environ | engine, stdin=subprocess.DEVNULL).returncode
        # A stack with a data folder keeps its table, and one of the tests has such a folder. Without any table, the tests
        # have used another engine.
        tables = account.clients(url)("dynamodb").list_tables()["TableNames"]
        if code == 0 and command[-1] == "--" and not tables:
            sys.exit("no test has used this engine")
        return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
