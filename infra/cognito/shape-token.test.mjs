// What tokens of the stack's own issuer carry, and that template.yaml holds the function word for word.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const SOURCE = new URL('shape-token.js', import.meta.url);

test('a token has its tenant, and scopes without a prefix', async () => {
  Object.assign(process.env, { TENANT_CLAIM: 'tenant_id', TENANT_ID: 'acme' });
  const { handler } = createRequire(import.meta.url)(SOURCE.pathname);
  const request = { scopes: ['bindery/realms:read', 'openid', 'bindery/credentials:revoke'] };
  const { response } = await handler({ request, response: {} });
  assert.deepEqual(response.claimsAndScopeOverrideDetails.accessTokenGeneration, {
    claimsToAddOrOverride: { tenant_id: 'acme' },
    scopesToAdd: ['realms:read', 'credentials:revoke'],
    scopesToSuppress: ['bindery/realms:read', 'bindery/credentials:revoke'],
  });
  const { response: none } = await handler({ request: {}, response: {} });
  assert.deepEqual(none.claimsAndScopeOverrideDetails.accessTokenGeneration.scopesToAdd, []);
});

test('the template holds it word for word', () => {
  const template = readFileSync(new URL('../../template.yaml', import.meta.url), 'utf8');
  const indented = readFileSync(SOURCE, 'utf8').trimEnd().split('\n').map((line) => (line ? `          ${line}` : line));
  assert.ok(template.includes(`ZipFile: |\n${indented.join('\n')}\n`), 'infra/cognito/shape-token.js is not what template.yaml has');
});

test('the resource server knows every scope that a route asks for', () => {
  const template = readFileSync(new URL('../../template.yaml', import.meta.url), 'utf8');
  const asked = new Set([...template.matchAll(/AuthorizationScopes: \["([^"]+)"\]/g)].map(([, scope]) => scope));
  // Only a realm's settings ask for this one.
  asked.add('credential-binding-jobs:return');
  const known = new Set([...template.matchAll(/ScopeName: "?([a-z:-]+)"?/g)].map(([, scope]) => scope));
  const granted = new Set([...template.matchAll(/- !Sub "\$\{ResourceServer\}\/([a-z:-]+)"/g)].map(([, scope]) => scope));
  assert.ok(asked.size > 10);
  assert.deepEqual([...known].sort(), [...asked].sort());
  assert.deepEqual([...granted].sort(), [...asked].sort());
});
