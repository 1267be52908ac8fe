"""Rehearses on the emulated account what the runbook tells operators to do: rotating the keys, and attaching a restored
table and the old keys to a new stack. Links and ceremonies from before must work afterwards."""

import os
import subprocess
import sys
from pathlib import Path

import device
from account import REGION, Issuer, wait_until

KEYS = ["LinkKey", "CeremonyKey", "PageKey", "SignInKey"]


def check(condition, words: str) -> None:
    if not condition:
        raise SystemExit(f"not as it should be: {words}")


def rotate(stack, issuer: Issuer, walk) -> None:
    """docs/runbook.md, "Rotate keys": a link and a ceremony from before, after the deployment."""
    unopened = walk.mailed_link(stack, issuer)
    path, secret = walk.mailed_link(stack, issuer)
    ceremony = stack.ok("POST", f"{path}:open", secret)["token"]
    before = running(stack)
    printed = command(stack, "rotate-keys", stack.name)
    check("KeyGeneration=2" in printed, f"infra/rotate-keys printed {printed}")
    first = labels(stack)
    command(stack, "rotate-keys", stack.name)
    check(labels(stack) == first, "infra/rotate-keys changes something when it is run again")
    stack.update({"KeyGeneration": "2"})
    after = running(stack)
    for function, generation in after.items():
        check(before[function] == "1" and generation == "2", f"{function} serves generation {generation}, not 2")
    enrol(stack, path, ceremony)
    path, secret = unopened
    enrol(stack, path, stack.ok("POST", f"{path}:open", secret)["token"])
    # And what is made with the new keys works.
    path, secret = walk.mailed_link(stack, issuer)
    enrol(stack, path, stack.ok("POST", f"{path}:open", secret)["token"])


def command(stack, name: str, *arguments: str) -> str:
    """Runs a script of infra/ for the account."""
    here = Path(__file__).resolve().parent
    environment = os.environ | {
        "PATH": f"{here}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": stack.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
    }
    script = [here.parents[1] / "infra" / name, *arguments]
    run = subprocess.run(script, env=environment, capture_output=True, text=True, timeout=120)
    check(run.returncode == 0, f"infra/{name} failed: {run.stdout}{run.stderr}")
    return run.stdout


def labels(stack) -> dict[str, list[list[str]]]:
    """The labels of each key's versions."""
    secrets, found = stack.client("secretsmanager"), {}
    for key in [*KEYS, "OriginKey"]:
        described = secrets.describe_secret(SecretId=stack.physical[key])["VersionIdsToStages"]
        found[key] = sorted(sorted(stages) for stages in described.values())
        expected = [{"AWSCURRENT", "generation-1"}, {"generation-2"}]
        if key == "OriginKey":
            expected[0].add("previous")
        check([set(stages) for stages in found[key]] == expected, f"{key} has the labels {found[key]}")
    return found


def running(stack) -> dict[str, str]:
    """The generation that the version behind each alias has in its environment."""
    functions = stack.client("lambda")
    found = {}
    for function in ["CreateJob", "OpenLink", "DeliverRequest", "VerifyAttestation", "VerifyAssertion", "QueryStatus", "Revoke"]:
        live = functions.get_function_configuration(FunctionName=stack.physical[function], Qualifier="live")
        found[function] = live["Environment"]["Variables"]["KEY_GENERATION"]
    return found


def enrol(stack, path: str, ceremony: str) -> None:
    options = stack.ok("POST", f"{path}:getInfo", ceremony)["creation_options"]
    registration = device.register(options, stack.public_url)
    stack.ok("POST", f"{path}:bind", ceremony, {"type": "FIDO2", "raw": registration})


def restore(stack, issuer: Issuer, walk, attach) -> None:
    """docs/runbook.md, "Restore the table". `attach` deploys a stack with these parameters."""
    path, secret = walk.mailed_link(stack, issuer)
    tables, old = stack.client("dynamodb"), stack.physical["Table"]
    tables.restore_table_to_point_in_time(SourceTableName=old, TargetTableName="restored", UseLatestRestorableTime=True)
    wait_until("the table is restored", lambda: tables.describe_table(TableName="restored")["Table"]["TableStatus"] == "ACTIVE")
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    tables.update_table(TableName="restored", DeletionProtectionEnabled=True, StreamSpecification=stream)
    ttl = {"Enabled": True, "AttributeName": "ttl"}
    tables.update_time_to_live(TableName="restored", TimeToLiveSpecification=ttl)
    backups = {"PointInTimeRecoveryEnabled": True}
    tables.update_continuous_backups(TableName="restored", PointInTimeRecoverySpecification=backups)
    label = tables.describe_table(TableName="restored")["Table"]["LatestStreamLabel"]
    existing = {"ExistingTable": "restored", "ExistingTableStream": label, "KeyGeneration": "2"}
    for key in [*KEYS, "ReceiptKey", "SignInTokenKey"]:
        arn = stack.client("secretsmanager").describe_secret(SecretId=stack.physical[key])["ARN"]
        existing[f"Existing{key}"] = arn.rsplit(":", 1)[1]
    again = attach(existing)
    made = {"Table", *KEYS, "ReceiptKey", "SignInTokenKey"} & set(again.physical)
    check(not made, f"the new stack made {sorted(made)} of its own")
    enrol(again, path, again.ok("POST", f"{path}:open", secret)["token"])
    token = issuer.token(walk.SCOPES)
    job = again.ok("GET", path, token)
    check(job["state"] == "COMPLETE", f"an old link, on the restored table: {job}")
    check(stack.ok("GET", path, token)["state"] == "LINK_SENT", "the old table is another one")
    # Its stream feeds the new stack's functions.
    walk.mailed_link(again, issuer)
