import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import type { Job, State } from '../src/api.ts';
import { FAILURES } from '../src/jobs/failures.ts';
import { endings } from '../src/jobs/endings.ts';

test('every reason of the API has a text and a remedy, and there are no others', () => {
  const document = JSON.parse(readFileSync(new URL('../../../../shared/api/openapi.json', import.meta.url), 'utf8'));
  const schema = document.components.schemas.FailureReason;
  const reasons: string[] = schema.enum ?? schema.oneOf.map((one: { const: string }) => one.const);
  expect(Object.keys(FAILURES).sort()).toEqual([...reasons].sort());
  for (const { says, remedy } of Object.values(FAILURES)) {
    expect(says).toMatch(/^[A-Z].*\.$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  }
});

test('only the terminal states that a job can reach are shown', () => {
  const of = (state: State, delivery_method: Job['delivery_method'] = 'EMAIL') => endings({ state, delivery_method });
  expect(of('LINK_SENT')).toEqual(['EXPIRED', 'REVOKED', 'FAILED_TO_SEND']);
  expect(of('LINK_SENT', 'RETURN')).toEqual(['EXPIRED', 'REVOKED']);
  for (const state of ['LINK_OPENED', 'REQUEST_DELIVERED'] as State[]) expect(of(state)).toEqual(['EXPIRED', 'REVOKED']);
  for (const state of ['EXPIRED', 'REVOKED', 'FAILED_TO_SEND'] as State[]) expect(of(state)).toEqual([state]);
  expect(of('COMPLETE')).toEqual([]);
});
