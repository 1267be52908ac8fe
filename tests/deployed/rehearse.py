"""Rehearses on the emulated account what the runbook tells operators to do: rotating the keys, and attaching a restored
table and the old keys to a new stack. Links and ceremonies from before must work afterwards."""

import device
from account import Issuer, wait_until

KEYS = ["LinkKey", "CeremonyKey", "PageKey"]


def check(condition, words: str) -> None:
    if not condition:
        raise SystemExit(f"not as it should be: {words}")


def rotate(stack, issuer: Issuer, walk) -> None:
    """docs/runbook.md, "Rotate keys": a link and a ceremony from before, after the deployment."""
    unopened = walk.mailed_link(stack, issuer)
    path, secret = walk.mailed_link(stack, issuer)
    ceremony = stack.ok("POST", f"{path}:open", secret)["token"]
    secrets = stack.client("secretsmanager")
    for key in KEYS:
        # As infra/rotate-keys does.
        described = secrets.describe_secret(SecretId=stack.physical[key])
        [current] = [version for version, stages in described["VersionIdsToStages"].items() if "AWSCURRENT" in stages]
        labelled = {"SecretId": stack.physical[key], "VersionStage": "generation-1", "MoveToVersionId": current}
        secrets.update_secret_version_stage(**labelled)
        secrets.put_secret_value(SecretId=stack.physical[key], SecretString="k" * 64, VersionStages=["generation-2"])
    origin = {"SecretId": stack.physical["OriginKey"]}
    [current] = secrets.describe_secret(**origin)["VersionIdsToStages"]
    for label in ["generation-1", "previous"]:
        secrets.update_secret_version_stage(**origin, VersionStage=label, MoveToVersionId=current)
    secrets.put_secret_value(**origin, SecretString="o" * 64, VersionStages=["generation-2"])
    before = running(stack)
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


def running(stack) -> dict[str, str]:
    """The generation that the version behind each alias has in its environment."""
    functions = stack.client("lambda")
    found = {}
    for function in ["CreateJob", "OpenLink", "DeliverRequest", "VerifyAttestation", "QueryStatus", "Revoke"]:
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
    for key in [*KEYS, "ReceiptKey"]:
        arn = stack.client("secretsmanager").describe_secret(SecretId=stack.physical[key])["ARN"]
        existing[f"Existing{key}"] = arn.rsplit(":", 1)[1]
    again = attach(existing)
    made = {"Table", *KEYS, "ReceiptKey"} & set(again.physical)
    check(not made, f"the new stack made {sorted(made)} of its own")
    enrol(again, path, again.ok("POST", f"{path}:open", secret)["token"])
    token = issuer.token(walk.SCOPES)
    job = again.ok("GET", path, token)
    check(job["state"] == "COMPLETE", f"an old link, on the restored table: {job}")
    check(stack.ok("GET", path, token)["state"] == "LINK_SENT", "the old table is another one")
    # Its stream feeds the new stack's functions.
    walk.mailed_link(again, issuer)
