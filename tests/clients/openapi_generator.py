"""Drives the client that OpenAPI Generator makes for Python: openapi_generator.py URL TOKEN."""

import sys

import bindery
from bindery.rest import ApiException

url, token = sys.argv[1:]
here = ("demo", "demo")
with bindery.ApiClient(bindery.Configuration(host=url, access_token=token)) as client:
    identities, jobs = bindery.IdentitiesApi(client), bindery.JobsApi(client)
    traits = bindery.TraitsSettings(type="traits_v0", username="ada-py", primary_email_address="ada@example.com")
    settings = bindery.IdentitySettings(display_name="Ada", traits=traits)
    ada = identities.create_identity(*here, bindery.PutIdentity(identity=settings))
    assert ada.traits.username == "ada-py", ada

    settings = bindery.JobSettings(delivery_method="RETURN", authenticator_config_id="hosted")
    created = jobs.create_job(*here, ada.id, bindery.CreateJob(job=settings), idempotency_key="generated")
    job = created.credential_binding_job
    assert created.credential_binding_link.startswith(f"{url}/bind#"), created
    assert jobs.get_job(*here, ada.id, job.id) == job
    listed = jobs.list_jobs(*here, ada.id, page_size=1, filter='state eq "LINK_SENT"')
    assert listed.credential_binding_jobs == [job], listed
    assert jobs.revoke_job(*here, ada.id, job.id).state == "REVOKED"
    assert jobs.get_job(*here, ada.id, job.id).transitions[-1].state == "REVOKED"

    configs = bindery.AuthenticatorConfigsApi(client)
    kinds = {config.config.actual_instance.type for config in configs.list_authenticator_configs(*here).authenticator_configs}
    assert "hosted_web" in kinds, kinds
    try:
        jobs.create_job(*here, "nobody", bindery.CreateJob(job=settings))
    except ApiException as refused:
        assert refused.status == 404 and refused.data.code == "not_found", refused
        assert refused.data.details[0].actual_instance.id == "nobody", refused.data
    else:
        raise AssertionError("a job for an unknown identity")
    identities.erase_identity(*here, ada.id)
print("OpenAPI Generator, Python: create, get, list, revoke")
