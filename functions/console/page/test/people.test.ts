import { expect, test } from 'vitest';

import type { Credential, Identity, Job } from '../src/api.ts';
import { identityFilter } from '../src/identities/find.ts';
import { timeline } from '../src/identities/timeline.ts';
import { grants } from '../src/session.ts';

const ada: Identity = {
  id: 'ada', tenant_id: 't', realm_id: 'r', display_name: 'Ada Lovelace', status: 'active', create_time: at(0), update_time: at(0),
  traits: { type: 'traits_v0', username: 'countess', primary_email_address: 'ada@example.com' },
};

function at(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

test('a search is a filter on all names, in the API’s syntax', () => {
  expect(identityFilter('')).toBe('');
  expect(identityFilter('', { status: 'suspended' })).toBe('status eq "suspended"');
  expect(identityFilter('a "b" or', { status: 'active' })).toBe(
    '(id co "a \\"b\\" or" or display_name co "a \\"b\\" or" or external_id co "a \\"b\\" or" or traits.username co "a \\"b\\" or"'
    + ' or traits.primary_email_address co "a \\"b\\" or") and status eq "active"',
  );
});

test('a timeline lists all events, newest first', () => {
  const job = {
    id: 'j', create_time: at(10), last_failure: { reason: 'user_not_verified', detail: 'x', time: at(14) }, last_prefetch_time: at(11),
    transitions: [{ state: 'LINK_SENT', time: at(10) }, { state: 'LINK_OPENED', time: at(12) }, { state: 'COMPLETE', time: at(20) }],
  } as Job;
  const credential = { id: 'c', state: 'REVOKED', create_time: at(20), update_time: at(30) } as Credential;
  const moments = timeline(ada, [job], [credential]);
  expect(moments.map((moment) => (moment.what === 'job' ? moment.state : moment.what)))
    .toEqual(['revoked', 'COMPLETE', 'created', 'failure', 'LINK_OPENED', 'prefetch', 'LINK_SENT', 'identity']);
  expect(new Set(moments.map(({ key }) => key)).size).toBe(moments.length);
  expect(timeline(ada, [], [{ ...credential, state: 'ACTIVE' }]).map(({ what }) => what)).toEqual(['created', 'identity']);
});

test('a scope counts with or without the name of its API', () => {
  expect(grants(['realms:read'], 'realms:read')).toBe(true);
  expect(grants(['bindery/realms:read'], 'realms:read')).toBe(true);
  expect(grants(['https://api.example.com/realms:read'], 'realms:read')).toBe(true);
  expect(grants(['realms:read'], 'realms:update')).toBe(false);
  expect(grants([], 'realms:read')).toBe(false);
});
