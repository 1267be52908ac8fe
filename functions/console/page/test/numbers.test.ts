import { expect, test } from 'vitest';

import type { Credential, Job, State } from '../src/api.ts';
import { lifetime, roughly, span } from '../src/durations.ts';
import { filterOf, isJobId, timeOf } from '../src/filter.ts';
import { median, overview, useOf } from '../src/funnel.ts';

test('a lifetime is written in its largest whole unit', () => {
  expect([604_800, 86_400, 5400, 60, 61].map(lifetime)).toEqual(['7 days', '1 day', '90 minutes', '1 minute', '61 seconds']);
});

test('durations have at most two units, rounded to the smaller one', () => {
  const seconds = (count: number) => span(count * 1000);
  expect([0, 0.4, 0.999, 1, 59, 60, 61, 3599.6, 3600, 3661, 86_399, 601_200, 604_799, 604_800].map(seconds))
    .toEqual(['0 s', '< 1 s', '< 1 s', '1 s', '59 s', '1 min', '1 min 1 s', '1 h', '1 h', '1 h 1 min', '1 d', '6 d 23 h', '7 d', '7 d']);
  expect(span(-5000)).toBe('0 s');
  expect([300, 5_400_000, 604_799_000, 561_600_000].map(roughly)).toEqual(['< 1 s', '1 h', '7 d', '6 d']);
});

test('filters are SCIM', () => {
  expect(filterOf({})).toBe('');
  expect(filterOf({ state: 'COMPLETE', method: 'EMAIL', since: 0 }))
    .toBe('state eq "COMPLETE" and delivery_method eq "EMAIL" and create_time ge "1970-01-01T00:00:00.000Z"');
  const id = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f'; // from RFC 9562, appendix A.6
  expect(isJobId(id)).toBe(true);
  expect(isJobId('ada')).toBe(false);
  expect(new Date(timeOf(id)).toISOString()).toBe('2022-02-22T19:22:22.000Z');
  expect(filterOf({ job: id })).toBe('create_time eq "2022-02-22T19:22:22.000Z"');
});

const job = (state: State, seconds: Partial<Record<State, number>>, more: Partial<Job> = {}): Job => ({
  id: 'x', tenant_id: 't', realm_id: 'r', identity_id: 'ada', delivery_method: 'EMAIL', state, authenticator_config_id: 'c', authenticator_config_version: 1, expire_time: at(9999),
  create_time: at(0), update_time: at(Math.max(0, ...Object.values(seconds))),
  transitions: Object.entries(seconds).map(([state, time]) => ({ state: state as State, time: at(time) })), ...more,
});
const at = (seconds: number) => new Date(seconds * 1000).toISOString();

test('the funnel counts how far jobs progressed, whatever their outcome', () => {
  const jobs = [
    job('COMPLETE', { LINK_SENT: 0, LINK_OPENED: 10, REQUEST_DELIVERED: 11, COMPLETE: 20 }),
    job('REVOKED', { LINK_SENT: 0, LINK_OPENED: 30, REVOKED: 40 }),
    job('LINK_OPENED', { LINK_SENT: 0, LINK_OPENED: 50 }),
    job('LINK_SENT', { LINK_SENT: 0 }, { email_status: 'BOUNCED' }),
    job('FAILED_TO_SEND', { FAILED_TO_SEND: 1 }),
  ];
  const { total, steps, states, stuck, bounced } = overview(jobs, 60 * 60_000);
  expect(total).toBe(5);
  expect(steps.map(({ count }) => count)).toEqual([4, 3, 1, 1]);
  expect(steps.map(({ share }) => Math.round(share * 100))).toEqual([80, 75, 33, 100]);
  expect(steps.map(({ median }) => median)).toEqual([undefined, 30_000, 1000, 9000]);
  expect(states.get('REVOKED')).toBe(1);
  expect(stuck).toEqual([jobs[2]]);
  expect(bounced).toEqual([jobs[3], jobs[4]]);
  expect(overview(jobs, 60_000).stuck).toEqual([]);
});

test('an empty list has no median', () => {
  expect([median([]), median([3]), median([4, 2]), median([9, 1, 5])]).toEqual([undefined, 3, 3, 5]);
});

test('passkeys are counted, and those that have signed in', () => {
  const credential = (used?: string) => ({ id: 'x', ...(used && { last_used_time: used, use_count: 2 }) }) as Credential;
  expect(useOf([credential(), credential(at(5)), credential()], false)).toEqual({ created: 3, used: 1, cut: false });
  expect(useOf([], true)).toEqual({ created: 0, used: 0, cut: true });
});
