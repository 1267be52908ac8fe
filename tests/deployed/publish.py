"""Publishes an archive (infra/publish) into an emulated account with the AWS CLI, and reads it back as CloudFormation would.

    publish.py ARCHIVE AWS-CLI-FOLDER WORK-FOLDER
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import account
import boto3

BUCKET = "bindery-releases"


def main(archive: str, cli: str, work: str) -> int:
    root = Path(__file__).resolve().parents[2]
    folder = Path(work) / "publish"
    folder.mkdir()
    with account.emulator(folder) as url:
        s3 = boto3.client("s3", endpoint_url=url, region_name=account.REGION, aws_access_key_id="test", aws_secret_access_key="test")
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": account.REGION})
        environment = os.environ | {
            "PATH": f"{cli}:{os.environ['PATH']}", "HOME": str(folder), "AWS_ENDPOINT_URL": url,
            "AWS_DEFAULT_REGION": account.REGION, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        }
        publish = [str(root / "infra/publish"), archive, BUCKET, "releases/1"]
        done = subprocess.run(publish, env=environment, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"infra/publish failed: {done.stderr}")
        said = dict(line.split(": ", 1) for line in done.stdout.splitlines())
        expected = f"https://{BUCKET}.s3.{account.REGION}.amazonaws.com/releases/1/bindery.yaml"
        link = urlsplit(said["quick create"])
        query = parse_qs(link.fragment.split("?", 1)[1])
        if said["template"] != expected or query["templateURL"] != [expected] or not link.netloc.startswith(account.REGION):
            sys.exit(f"infra/publish names other addresses: {done.stdout}")
        template = s3.get_object(Bucket=BUCKET, Key="releases/1/bindery.yaml")["Body"].read().decode()
        places = re.findall(rf"^\s+(?:Code|Content)Uri: s3://{BUCKET}/(\S+)$", template, re.M)
        functions = template.count("Type: AWS::Serverless::Function")
        if len(places) <= functions or re.search(r"^\s+(?:Code|Content)Uri: (?!s3://)", template, re.M):
            sys.exit(f"the template names {len(places)} places for {functions} functions")
        for place in places:
            s3.head_object(Bucket=BUCKET, Key=place)
        # What is no archive, and a bucket that does not exist.
        for bad, word in [([__file__, BUCKET], "no archive"), ([archive, "absent"], "get-bucket-location")]:
            failed = subprocess.run([publish[0], *bad], env=environment, capture_output=True, text=True)
            if failed.returncode == 0 or word not in failed.stderr:
                sys.exit(f"infra/publish {bad}: {failed.returncode} {failed.stderr}")
    print(f"publish: {len(places)} parts, each where the template says")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
