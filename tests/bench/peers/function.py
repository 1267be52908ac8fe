"""What verify-attestation does for a passkey, as a Lambda function in Python with the usual libraries."""

import json
import os
import urllib.parse
import urllib.request

import boto3
from webauthn import verify_registration_response
from webauthn.helpers import base64url_to_bytes

TABLE = os.environ["TABLE_NAME"]
DATABASE = boto3.client("dynamodb")
boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["CEREMONY_KEY_SECRET"])


def bind(event: dict) -> dict:
    raw = json.loads(event["body"])["raw"]
    client = json.loads(base64url_to_bytes(raw["response"]["clientDataJSON"]))
    key = {"pk": {"S": "JOB"}, "sk": {"S": event["rawPath"]}}
    DATABASE.get_item(TableName=TABLE, Key=key, ConsistentRead=True)
    verified = verify_registration_response(
        credential=raw, expected_challenge=base64url_to_bytes(client["challenge"]), expected_origin=client["origin"],
        expected_rp_id=urllib.parse.urlsplit(client["origin"]).hostname)
    item = {**key, "credential_id": {"B": verified.credential_id}, "public_key": {"B": verified.credential_public_key}}
    DATABASE.transact_write_items(TransactItems=[{"Put": {"TableName": TABLE, "Item": item}}])
    return {"statusCode": 200, "body": json.dumps({"verified": True})}


api = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
while True:
    with urllib.request.urlopen(f"{api}/next") as next_event:
        request_id = next_event.headers["lambda-runtime-aws-request-id"]
        answer = json.dumps(bind(json.load(next_event))).encode()
    urllib.request.urlopen(f"{api}/{request_id}/response", data=answer).read()
