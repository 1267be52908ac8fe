"""Deploys the translated template with the functions' real programs into an emulated AWS account, and enrols a passkey there
as users do: create by HTTP, the mail, the device, COMPLETE, and the events.

    walk.py TRANSLATED-TEMPLATE PROGRAMS-FOLDER WORK-FOLDER

docs/deployed.md lists what this cannot show.
"""

import http.client
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import account
import device
import jwt
import rehearse
from account import wait_until
from adapter import adapt, left_out

PUBLIC_URL = "https://bind.example.com"
REALM = "/v1/tenants/acme/realms/staff"
SCOPES = (
    "realms:read realms:update identities:create identities:read identities:update authenticator-configs:create "
    "authenticator-configs:read credential-binding-jobs:create credential-binding-jobs:read "
    "credential-binding-jobs:revoke credential-binding-jobs:update credentials:read"
)
PARAMETERS = {
    "PublicUrl": PUBLIC_URL,
    "TokenIssuer": "https://issuer.example.com",
    "TokenAudience": account.AUDIENCE,
    "SenderAddress": "no-reply@example.com",
    "SenderIdentity": "example.com",
}


def zipped(name: str, content: bytes) -> bytes:
    """A zip with one program in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = 0o755 << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, content)
    return buffer.getvalue()


def check(condition, words: str) -> None:
    if not condition:
        raise SystemExit(f"unexpected: {words}")


class Deployment:
    """A stack in the account."""

    public_url = PUBLIC_URL

    def __init__(self, client, url: str, template: dict, name: str, parameters: dict):
        self.client, self.url, self.name, self.parameters = client, url, name, parameters
        # Too large for a request, so it is uploaded to S3, as with `sam deploy`.
        client("s3").put_object(Bucket="code", Key=f"{name}.json", Body=json.dumps(template).encode())
        self.carry_out("create_stack", "CREATE_COMPLETE")

    def update(self, changes: dict) -> None:
        """Deploys the same template with other values for some parameters."""
        self.parameters = self.parameters | changes
        self.carry_out("update_stack", "UPDATE_COMPLETE")

    def carry_out(self, operation: str, complete: str) -> None:
        client, name = self.client, self.name
        cloudformation = client("cloudformation")
        getattr(cloudformation, operation)(
            StackName=name,
            TemplateURL=f"{self.url}/code/{name}.json",
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in self.parameters.items()],
            Capabilities=["CAPABILITY_IAM"],
        )

        def settled():
            status = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
            return status if not status.endswith("_IN_PROGRESS") else None

        status = wait_until("the stack is deployed", settled, 300)
        if status != complete:
            events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
            reasons = [f'{e["LogicalResourceId"]}: {e.get("ResourceStatusReason")}' for e in events if "FAILED" in e["ResourceStatus"]]
            raise SystemExit(f"the stack is {status}: " + "; ".join(reasons))
        resources = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        self.physical = {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in resources}
        distribution = client("cloudfront").get_distribution(Id=self.physical["Distribution"])
        self.domain = distribution["Distribution"]["DomainName"]

    def send(self, method: str, path: str, token: str | None = None, body=None) -> tuple[int, dict]:
        status, answer, _ = self.exchange(method, path, token, body)
        return status, answer

    def exchange(self, method: str, path: str, token: str | None, body) -> tuple[int, dict, dict]:
        """A request to the distribution, with the template's function and header policy."""
        # The emulator has no TLS; the header says that TLS ended before it.
        headers = {"host": self.domain, "x-forwarded-proto": "https", "content-type": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            headers = {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()
        try:
            return answer.status, json.loads(text) if text else {}, headers
        except ValueError:
            return answer.status, {"text": text}, headers

    def ok(self, method: str, path: str, token: str | None = None, body=None) -> dict:
        status, answer = self.send(method, path, token, body)
        check(status == 200, f"{method} {path} answered {status}: {answer}")
        return answer


def programs(client, folder: Path, template: dict) -> tuple[dict, dict]:
    """Uploads programs and layer, as `sam deploy` does, and returns their places."""
    s3 = client("s3")
    s3.create_bucket(Bucket="code", CreateBucketConfiguration={"LocationConstraint": account.REGION})
    functions = [r for r in template["Resources"].values() if r["Type"] == "AWS::Lambda::Function" and "Metadata" in r]
    code = {}
    for name in sorted(function["Metadata"]["BuildProperties"]["Binary"] for function in functions):
        s3.put_object(Bucket="code", Key=name, Body=zipped("bootstrap", (folder / name).read_bytes()))
        code[name] = {"S3Bucket": "code", "S3Key": name}
    s3.put_object(Bucket="code", Key="layer", Body=zipped("README", b"empty"))
    return code, {"S3Bucket": "code", "S3Key": "layer"}


def listen(client, bus: str) -> callable:
    """Consumes the bus by a rule to a queue. Returns a function that returns the events so far."""
    sqs, events = client("sqs"), client("events")
    queue = sqs.create_queue(QueueName="consumer")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="consumer", EventBusName=bus, EventPattern=json.dumps({"source": ["bindery"]}))
    events.put_targets(Rule="consumer", EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
    got: dict[str, dict] = {}

    def so_far() -> list[dict]:
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=0)
        for message in answer.get("Messages", []):
            event = json.loads(message["Body"])
            # Delivery is at least once; duplicates are dropped.
            got[event["detail"]["metadata"]["event_id"]] = event
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return sorted(got.values(), key=lambda event: event["detail"]["metadata"]["event_id"])

    return so_far


def mails(url: str) -> list[dict]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    connection.request("GET", "/_ministack/ses/messages")
    answer = json.loads(connection.getresponse().read())
    connection.close()
    # By account.
    return [mail for sent in answer["messages"].values() for mail in sent]


def main(translated: str, folder: str, work: str) -> int:
    template = json.loads(Path(translated).read_text(encoding="utf-8"))
    with account.issuer() as issuer, account.emulator(Path(work)) as url:
        client = account.clients(url)
        code, layer = programs(client, Path(folder), template)
        port = urlsplit(url).port
        adapted = adapt(template, port, issuer.url, code, layer)
        stack = Deployment(client, url, adapted, "bindery-test", PARAMETERS)
        missing = sorted({words for resource in template["Resources"].values() if (words := left_out(resource))})
        print(f"deployed {len(stack.physical)} resources; left out: {'; '.join(missing)}")
        # docs/deploy.md, step 1.
        client("sesv2").create_email_identity(EmailIdentity="example.com")
        check_issuers(issuer)
        events = listen(client, stack.physical["Bus"])
        main_line(stack, issuer, events)
        refusals(stack, issuer)
        others(stack, issuer, client)
        alone = adapt(json.loads(Path(translated).read_text(encoding="utf-8")), port, None, code, layer)
        given = PARAMETERS | {"TokenIssuer": "", "TokenAudience": "", "TenantId": "acme"}
        own_issuer(Deployment(client, url, alone, "bindery-alone", given))
        rehearse.rotate(stack, issuer, sys.modules[__name__])

        def attach(existing: dict) -> Deployment:
            again = adapt(json.loads(Path(translated).read_text(encoding="utf-8")), port, issuer.url, code, layer)
            return Deployment(client, url, again, "bindery-again", PARAMETERS | existing)

        rehearse.restore(stack, issuer, sys.modules[__name__], attach)
    print("a passkey was enrolled and signed in as deployed")
    return 0


def check_issuers(issuer: account.Issuer) -> None:
    """docs/deploy.md, step 3: infra/check-issuer on issuers that an HTTP API can and cannot verify."""
    command = [sys.executable, str(Path(__file__).resolve().parents[2] / "infra/check-issuer")]

    def run(url: str) -> str | None:
        run = subprocess.run([*command, url], capture_output=True, text=True, timeout=30)
        return None if run.returncode == 0 else run.stderr

    check(run(issuer.url) is None, "an issuer with an RSA key is refused")
    [key] = issuer.documents()["/jwks.json"]["keys"]
    curve = {"kty": "EC", "crv": "P-256", "kid": "two", "use": "sig"}
    for keys, words in [([curve], "EC P-256"), ([], "none"), ([{**key, "kid": ""}], "no kid")]:
        issuer.keys = keys
        refusal = run(issuer.url)
        check(refusal and words in refusal, f"an issuer with the keys {keys}: {refusal}")
    issuer.keys = None
    check(run(f"{issuer.url}/"), "an issuer that calls itself otherwise is accepted")


def mailed_link(stack: Deployment, issuer: account.Issuer) -> tuple[str, str]:
    """The path and the secret of a new job's link, from its mail."""
    token, jobs = issuer.token(SCOPES), f"{REALM}/identities/ada/credential-binding-jobs"
    config = stack.ok("GET", f"{REALM}/authenticator-configs", token)["authenticator_configs"][0]["id"]
    job = {"job": {"delivery_method": "EMAIL", "authenticator_config_id": config}}
    path = f'{jobs}/{stack.ok("POST", jobs, token, job)["credential_binding_job"]["id"]}'
    link = re.compile(re.escape(f"{PUBLIC_URL}/bind#{path}") + r"\?token=([A-Za-z0-9_-]{43})")
    found = wait_until("the mail is there", lambda: link.search(json.dumps(mails(stack.url))))
    return path, found.group(1)


def main_line(stack: Deployment, issuer: account.Issuer, events) -> None:
    """From an empty account to a passkey."""
    token = issuer.token(SCOPES)
    stack.ok("PUT", REALM, token, {"realm": {"display_name": "Acme"}})
    config = {"display_name": "Our page", "config": {"type": "hosted_web"}, "sign_in": {"enabled": True, "audience": "shop"}}
    config = stack.ok("POST", f"{REALM}/authenticator-configs", token, {"authenticator_config": config})
    traits = {"type": "traits_v0", "username": "ada", "primary_email_address": "ada@example.com"}
    ada = f"{REALM}/identities/ada"
    stack.ok("PUT", ada, token, {"identity": {"display_name": "Ada Lovelace", "traits": traits}})
    job = {"delivery_method": "EMAIL", "authenticator_config_id": config["id"]}
    created = stack.ok("POST", f"{ada}/credential-binding-jobs", token, {"job": job})["credential_binding_job"]
    check(created["state"] == "LINK_SENT", f"a new job: {created}")

    mail = wait_until("the mail arrives", lambda: mails(stack.url))[0]
    link = re.search(re.escape(PUBLIC_URL) + r"/bind#(\S+)\?token=([A-Za-z0-9_-]+)", json.dumps(mail))
    check(link and "ada@example.com" in json.dumps(mail), f"the mail: {mail}")
    path, secret = link.group(1), link.group(2)
    check(path == f'{ada}/credential-binding-jobs/{created["id"]}', f"the link leads to {path}")

    ceremony = stack.ok("POST", f"{path}:open", secret)["token"]
    options = stack.ok("POST", f"{path}:getInfo", ceremony)["creation_options"]
    check(options["rp"]["id"] == "bind.example.com", f"creation options: {options}")
    key = device.new_key()
    registration = device.register(options, PUBLIC_URL, key)
    bound = stack.ok("POST", f"{path}:bind", ceremony, {"type": "FIDO2", "raw": registration})
    job = stack.ok("GET", f"{path}?wait_seconds=5&state=COMPLETE", token)
    states = [transition["state"] for transition in job["transitions"]]
    check(states == ["LINK_SENT", "LINK_OPENED", "REQUEST_DELIVERED", "COMPLETE"], f"the job went {states}")
    check(job["credential_id"] == bound["id"], f"the job's credential: {job}")
    listed = stack.ok("GET", f"{ada}/credentials", token)["credentials"]
    check([credential["id"] for credential in listed] == [bound["id"]], f"the credentials: {listed}")
    jobs = stack.ok("GET", f"{REALM}/identities/-/credential-binding-jobs", token)["credential_binding_jobs"]
    check([listed["id"] for listed in jobs] == [created["id"]], f"the realm's jobs: {jobs}")

    def all_told():
        told = [event for event in events() if event["detail-type"] == "Credential Binding Job State Change"]
        told = {event["detail"]["data"]["credential_binding_job"]["state"]: event for event in told}
        return told if set(states) <= set(told) else None

    told = wait_until("each state is published", all_told)
    check(told["COMPLETE"]["source"] == "bindery", f"an event: {told}")
    # A second passkey over the same link is rejected.
    status, problem = stack.send("POST", f"{path}:bind", ceremony, {"type": "FIDO2", "raw": registration})
    check(status == 409, f"a second use answered {status}: {problem}")

    # The passkey signs in.
    page = f"{REALM}/authenticator-configs/{config['id']}"
    begun = stack.ok("POST", f"{page}:beginSignIn", None, {"nonce": "n-1"})
    answer = device.sign_in(begun["request_options"], PUBLIC_URL, registration["id"], options["user"]["id"], key)
    finish = {"token": begun["token"], "credential": answer}
    signed_in = stack.ok("POST", f"{page}:finishSignIn", None, finish)
    keys = jwt.PyJWKSet.from_dict(stack.ok("GET", "/.well-known/jwks.json", None))
    header = jwt.get_unverified_header(signed_in["sign_in_token"])
    claims = jwt.decode(signed_in["sign_in_token"], keys[header["kid"]].key, algorithms=["ES256"], audience="shop",
                        issuer=PUBLIC_URL)
    check(header["typ"] == "passkey-sign-in+jwt", f"the token's header: {header}")
    check((claims["sub"], claims["nonce"], claims["credential_id"]) == ("ada", "n-1", bound["id"]), f"the claims: {claims}")
    status, problem = stack.send("POST", f"{page}:finishSignIn", None, finish)
    check(status == 409, f"a second sign-in with the same token answered {status}: {problem}")


def refusals(stack: Deployment, issuer: account.Issuer) -> None:
    """What the gateway's authorizer rejects, and what the functions reject."""
    jobs = f"{REALM}/identities/ada/credential-binding-jobs"
    for token, expected, words in [
        (None, 401, "no token"),
        (issuer.token(SCOPES, aud="another"), 401, "another audience"),
        (issuer.token(SCOPES, exp=1), 401, "an old token"),
        (issuer.token(SCOPES, key=issuer.other_key), 401, "a token of another key"),
        (issuer.token("credentials:read"), 403, "a token without the scope"),
        (issuer.token(SCOPES, tenant_id="other"), 403, "a token of another tenant"),
        (issuer.token(SCOPES), 200, "the right token"),
    ]:
        status, answer = stack.send("GET", jobs, token)
        check(status == expected, f"{words}: {status}, not {expected}: {answer}")
    # The API's own address, past the distribution and its WAF.
    request = Request(f"{stack.url}/_aws/execute-api/{stack.physical['Api']}/$default{jobs}")
    request.add_header("authorization", f"Bearer {issuer.token(SCOPES)}")
    try:
        with urlopen(request, timeout=20) as answer:
            raise SystemExit(f"the API answers past the distribution: {answer.status}")
    except HTTPError as refused:
        check(refused.code == 403, f"past the distribution: {refused.code}")
    _, _, headers = stack.exchange("GET", jobs, None, None)
    check("strict-transport-security" in headers, f"the distribution's headers on the gateway's own answer: {headers}")
    status, problem = stack.send("POST", jobs, issuer.token(SCOPES), {"job": {"delivery_method": "MAIL"}})
    check(status == 400 and problem.get("request_id"), f"an invalid job: {status} {problem}")
    status, problem = stack.send("GET", f"{REALM}/identities/nobody", issuer.token(SCOPES))
    check(status == 404 and problem.get("title") == "Not found", f"an unknown identity: {status} {problem}")


def others(stack: Deployment, issuer: account.Issuer, client) -> None:
    """The functions that no request reaches. The emulator has no mail events, so the test invokes TrackEmail itself."""

    def invoke(function: str, event: dict):
        run = client("lambda").invoke(FunctionName=stack.physical[function], Payload=json.dumps(event).encode())
        answer = json.loads(run["Payload"].read())
        check("FunctionError" not in run, f"{function}: {answer}")
        return answer

    token, ada = issuer.token(SCOPES), f"{REALM}/identities/ada"
    config = stack.ok("GET", f"{REALM}/authenticator-configs", token)["authenticator_configs"][0]["id"]
    job = {"delivery_method": "EMAIL", "authenticator_config_id": config}
    job = stack.ok("POST", f"{ada}/credential-binding-jobs", token, {"job": job})["credential_binding_job"]
    path = f'{ada}/credential-binding-jobs/{job["id"]}'
    wait_until("the mail is recorded", lambda: stack.ok("GET", path, token).get("email_status") == "SENT")
    tags = {"tenant_id": "acme", "realm_id": "staff", "identity_id": "ada", "job_id": job["id"], "mail": "invitation-1"}
    mail = {"messageId": "1", "destination": ["ada@example.com"], "tags": {name: [tag] for name, tag in tags.items()}}
    bounce = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": []}
    mail["tags"]["ses:configuration-set"] = [stack.physical["EmailConfigurationSet"]]
    detail = {"eventType": "Bounce", "mail": mail, "bounce": bounce}
    event = {
        "version": "0", "id": "1", "source": "aws.ses", "detail-type": "Email Bounced", "account": "000000000000",
        "time": "2026-11-27T12:00:00Z", "region": account.REGION, "resources": [], "detail": detail,
    }
    # Nobody but AWS may put an event of aws.ses, so the rule is asked, and its queue is fed.
    rules, name = client("events"), stack.physical["MailNewsRule"].rsplit("/", 1)[-1]
    rule = rules.describe_rule(Name=name)
    [target] = rules.list_targets_by_rule(Rule=name)["Targets"]
    queue = client("sqs").get_queue_attributes(QueueUrl=stack.physical["MailNews"], AttributeNames=["QueueArn"])
    check(target["Arn"] == queue["Attributes"]["QueueArn"], f"the rule's target is {target}")
    fits = lambda event: rules.test_event_pattern(EventPattern=rule["EventPattern"], Event=json.dumps(event))["Result"]
    check(fits(event), f"the rule does not take {event}")
    other = json.loads(json.dumps(event))
    other["detail"]["mail"]["tags"]["ses:configuration-set"] = ["somebody-elses"]
    check(not fits(other), "the rule takes mails of other configuration sets")
    client("sqs").send_message(QueueUrl=stack.physical["MailNews"], MessageBody=json.dumps(event))
    wait_until("the bounce is recorded", lambda: stack.ok("GET", path, token)["state"] == "FAILED_TO_SEND")
    answer = invoke("ExpireJobs", {})
    check(answer == {"expired": 0, "never_mailed": 0, "passed_over": 0}, f"ExpireJobs: {answer}")


def own_issuer(stack: Deployment) -> None:
    """A stack with its own issuer: its machine client receives tokens that Bindery accepts."""
    pool, client = stack.physical["UserPool"], stack.physical["MachineClient"]
    described = stack.client("cognito-idp").describe_user_pool_client(UserPoolId=pool, ClientId=client)
    secret = described["UserPoolClient"]["ClientSecret"]

    def token(scope: str | None, secret: str = secret) -> tuple[int, dict]:
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
        connection = http.client.HTTPConnection(urlsplit(stack.url).netloc, timeout=20)
        headers = {"content-type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/oauth2/token", urlencode(form | ({"scope": scope} if scope else {})), headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text)

    status, answer = token(None)
    check(status == 200, f"the token endpoint answered {status}: {answer}")
    everything = answer["access_token"]
    stack.ok("PUT", REALM, everything, {"realm": {"display_name": "Acme"}})
    check(stack.ok("GET", REALM, everything)["display_name"] == "Acme", "the realm")
    status, answer = stack.send("GET", "/v1/tenants/other/realms/staff", everything)
    check(status == 403, f"another tenant's realm answered {status}: {answer}")
    _, answer = token("bindery/credentials:read")
    status, answer = stack.send("GET", REALM, answer["access_token"])
    check(status == 403, f"a token without the scope got {status}: {answer}")
    status, answer = token(None, "wrong")
    check(status in (400, 401), f"a wrong secret got {status}: {answer}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
