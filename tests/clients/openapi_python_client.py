"""Drives the client that openapi-python-client makes: openapi_python_client.py URL TOKEN."""

import sys

from bindery_client import AuthenticatedClient
from bindery_client.api.authenticator_configs import list_authenticator_configs
from bindery_client.api.identities import create_identity, erase_identity
from bindery_client.api.jobs import create_job, get_job, list_jobs, revoke_job
from bindery_client.models import (
    CreateJob, DeliveryMethod, HostedWebInvocation, IdentitySettings, JobSettings, JobState, Problem, PutIdentity,
    TraitsSettings, TraitsType,
)

url, token = sys.argv[1:]
client = AuthenticatedClient(base_url=url, token=token)
here = ("demo", "demo")

traits = TraitsSettings(type_=TraitsType.TRAITS_V0, username="ada-attrs", primary_email_address="ada@example.com")
body = PutIdentity(identity=IdentitySettings(display_name="Ada", traits=traits))
ada = create_identity.sync(*here, client=client, body=body)
assert ada.traits.username == "ada-attrs", ada

settings = JobSettings(delivery_method=DeliveryMethod.RETURN, authenticator_config_id="hosted")
created = create_job.sync(*here, ada.id, client=client, body=CreateJob(job=settings), idempotency_key="generated")
job = created.credential_binding_job
assert created.credential_binding_link.startswith(f"{url}/bind#"), created
assert get_job.sync(*here, ada.id, job.id, client=client) == job
listed = list_jobs.sync(*here, ada.id, client=client, page_size=1, filter_='state eq "LINK_SENT"')
assert listed.credential_binding_jobs == [job], listed
assert revoke_job.sync(*here, ada.id, job.id, client=client).state == JobState.REVOKED
assert get_job.sync(*here, ada.id, job.id, client=client).transitions[-1].state == JobState.REVOKED

configs = list_authenticator_configs.sync(*here, client=client).authenticator_configs
assert any(isinstance(config.config, HostedWebInvocation) for config in configs), configs
refused = create_job.sync(*here, "nobody", client=client, body=CreateJob(job=settings))
assert isinstance(refused, Problem) and refused.status == 404 and refused.details[0].id == "nobody", refused
erase_identity.sync_detailed(*here, ada.id, client=client)
print("openapi-python-client: create, get, list, revoke")
