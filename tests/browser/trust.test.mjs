// A policy that requires attestation, and a browser whose device provides it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

import { BINARY, LIMIT } from './stack.mjs';
import { arrive, stack } from './visit.mjs';

async function enrol(policy) {
  const config = { type: 'hosted_web' };
  const { id } = await stack.createConfig({ display_name: 'Ours', config, passkey_policy: policy });
  const created = await stack.createJob({ delivery_method: 'RETURN', authenticator_config_id: id });
  const visitor = await arrive();
  await visitor.open(created.credential_binding_link);
  await visitor.click('create');
  return { visitor, job: created.credential_binding_job };
}

test('a device attests on request', { timeout: LIMIT }, async () => {
  const policy = { attestation: 'direct', backup_eligible: 'forbidden', algorithms: ['ES256'] };
  const { visitor, job } = await enrol(policy);
  try {
    await visitor.sees('done');
    assert.deepEqual(visitor.problems, []);
  } finally {
    await visitor.leave();
  }
  const { credential_id: id } = await stack.getJob(job);
  const { webauthn } = await stack.getCredential(id);
  assert.equal(webauthn.attestation_format, 'packed');
  assert.notEqual(webauthn.attestation_type, 'none');
  assert.equal(webauthn.attestation_result, 'not_verified_against_root');

  // The stored proof can be verified again from the response alone.
  const proof = await stack.getProof(id);
  const { status, stdout, stderr } = spawnSync(BINARY, ['verify-credential', '-'], {
    input: JSON.stringify(proof), encoding: 'utf8',
  });
  assert.equal(status, 0, stdout + stderr);
  assert.equal(JSON.parse(stdout).verified, true);
  proof.expected.origins = ['https://example.com'];
  const refused = spawnSync(BINARY, ['verify-credential', '-'], { input: JSON.stringify(proof), encoding: 'utf8' });
  assert.equal(refused.status, 1);
  assert.equal(JSON.parse(refused.stdout).reason, 'origin_mismatch');
});

test('a post-quantum key is registered', { timeout: LIMIT }, async () => {
  const { visitor, job } = await enrol({ attestation: 'direct', algorithms: ['ML-DSA-44'] });
  try {
    await visitor.sees('done');
    assert.deepEqual(visitor.problems, []);
  } finally {
    await visitor.leave();
  }
  const credential = await stack.getCredential((await stack.getJob(job)).credential_id);
  const { kty, alg } = JSON.parse(credential.jwk_json);
  assert.deepEqual([kty, alg], ['AKP', 'ML-DSA-44']);
});

test('a device whose maker is not trusted is refused, and the job has the reason', { timeout: LIMIT }, async () => {
  // A root other than that of the browser's virtual devices.
  const { visitor, job } = await enrol({ attestation: 'direct', trust: 'attested', attestation_roots: ['apple'] });
  try {
    await visitor.sees('refused');
  } finally {
    await visitor.leave();
  }
  const { state, last_failure: failure } = await stack.getJob(job);
  assert.equal(state, 'REQUEST_DELIVERED');
  assert.equal(failure.reason, 'attestation_untrusted');
});
