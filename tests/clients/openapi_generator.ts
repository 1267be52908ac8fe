// Drives the client that OpenAPI Generator makes for TypeScript (typescript-fetch): URL TOKEN.
import assert from 'node:assert/strict';

import * as bindery from './made/typescript-fetch/index.ts';

const [url, token] = process.argv.slice(2) as [string, string];
// For OAuth 2.0, this generator sends the value as it is.
const configuration = new bindery.Configuration({ basePath: url, accessToken: `Bearer ${token}` });
const identities = new bindery.IdentitiesApi(configuration);
const jobs = new bindery.JobsApi(configuration);
const configs = new bindery.AuthenticatorConfigsApi(configuration);
const realm = { tenantId: 'demo', realmId: 'demo' };

const ada = await identities.createIdentity({
  ...realm,
  putIdentity: {
    identity: { displayName: 'Ada', traits: { type: 'traits_v0', username: 'ada-ts', primaryEmailAddress: 'ada@example.com' } },
  },
});
const here = { ...realm, identityId: ada.id };
const job = { deliveryMethod: bindery.DeliveryMethod.Return, authenticatorConfigId: 'hosted' };
const created = await jobs.createJob({ ...here, idempotencyKey: 'generated', createJob: { job } });
assert(created.credentialBindingLink?.startsWith(`${url}/bind#`));
const { credentialBindingJob } = created;
const one = { ...here, jobId: credentialBindingJob.id };
assert.deepEqual(await jobs.getJob(one), credentialBindingJob);
const listed = await jobs.listJobs({ ...here, pageSize: 1, filter: 'state eq "LINK_SENT"' });
assert.deepEqual(listed.credentialBindingJobs, [credentialBindingJob]);
assert.equal((await jobs.revokeJob(one)).state, bindery.JobState.Revoked);
const { authenticatorConfigs } = await configs.listAuthenticatorConfigs(realm);
assert(authenticatorConfigs.some(({ config }) => config.type === 'hosted_web'));

const refused = await jobs.createJob({ ...realm, identityId: 'nobody', createJob: { job } }).catch((error: unknown) => error);
assert(refused instanceof bindery.ResponseError && refused.response.status === 404);
const problem = bindery.ProblemFromJSON(await refused.response.json());
const [detail] = problem.details ?? [];
assert(detail?.type === 'ResourceInfo' && detail.id === 'nobody');
await identities.eraseIdentity(here);
console.log('OpenAPI Generator, TypeScript: create, get, list, revoke');
