// Drives openapi-fetch with the types that openapi-typescript makes: URL TOKEN.
import assert from 'node:assert/strict';

import createClient from 'openapi-fetch';

import type { paths } from './made/openapi.ts';

const [url, token] = process.argv.slice(2) as [string, string];
const client = createClient<paths>({ baseUrl: url, headers: { authorization: `Bearer ${token}` } });
const realm = { tenant_id: 'demo', realm_id: 'demo' };
const JOBS = '/v1/tenants/{tenant_id}/realms/{realm_id}/identities/{identity_id}/credential-binding-jobs';

const ada = await client.POST('/v1/tenants/{tenant_id}/realms/{realm_id}/identities', {
  params: { path: realm },
  body: { identity: { display_name: 'Ada', traits: { username: 'ada-fetch', primary_email_address: 'ada@example.com' } } },
});
assert(ada.data);
const here = { ...realm, identity_id: ada.data.id };
const body = { job: { delivery_method: 'RETURN', authenticator_config_id: 'hosted' } } as const;
const created = await client.POST(JOBS, { params: { path: here, header: { 'Idempotency-Key': 'generated' } }, body });
assert(created.data);
assert(created.data.credential_binding_link?.startsWith(`${url}/bind#`));
const { credential_binding_job: job } = created.data;
const path = { ...here, job_id: job.id };
assert.deepEqual((await client.GET(`${JOBS}/{job_id}`, { params: { path } })).data, job);
const query = { page_size: 1, filter: 'state eq "LINK_SENT"' };
assert.deepEqual((await client.GET(JOBS, { params: { path: here, query } })).data?.credential_binding_jobs, [job]);
assert.equal((await client.POST(`${JOBS}/{job_id}:revoke`, { params: { path } })).data?.state, 'REVOKED');

const refused = await client.POST(JOBS, { params: { path: { ...realm, identity_id: 'nobody' } }, body });
const [detail] = refused.error?.details ?? [];
assert(refused.response.status === 404 && detail?.type === 'ResourceInfo' && detail.id === 'nobody');
await client.DELETE('/v1/tenants/{tenant_id}/realms/{realm_id}/identities/{identity_id}', { params: { path: here } });
console.log('openapi-typescript and openapi-fetch: create, get, list, revoke');
