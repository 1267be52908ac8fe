import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import type { Batch } from '../src/api.ts';
import { barsOf, partsOf, PARTS, phaseOf } from '../src/campaigns/progress.ts';
import { REASONS } from '../src/campaigns/reasons.ts';
import { listOf } from '../src/campaigns/recipients.ts';
import { settingsOf, unknownIn, type Draft } from '../src/campaigns/settings.ts';

test('every reason of the API has a text and a remedy, and there are no others', () => {
  const document = JSON.parse(readFileSync(new URL('../../../../shared/api/openapi.json', import.meta.url), 'utf8'));
  const schema = document.components.schemas.RecipientReason;
  const reasons: string[] = schema.enum ?? schema.oneOf.map((one: { const: string }) => one.const);
  expect(Object.keys(REASONS).sort()).toEqual([...reasons].sort());
  for (const { says, remedy } of Object.values(REASONS)) {
    expect(says).toMatch(/^[A-Z].*\.$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  }
});

const ids = (text: string) => listOf(text).recipients.map(({ id }) => id);

test('a list has one id in each line', () => {
  expect(listOf('\uFEFFada\r\n\r\n  grace \nada\n')).toEqual({
    recipients: [{ id: 'ada', line: 1 }, { id: 'grace', line: 3 }], repeated: [{ id: 'ada', line: 4 }],
  });
  expect(listOf(' \n\n')).toEqual({ recipients: [], repeated: [] });
});

test('a CSV file has the ids in the column with that name, or in the first one', () => {
  expect(listOf('name,ID,address\n"Lovelace, Ada",ada,a@example.com\nGrace,grace,')).toMatchObject({
    recipients: [{ id: 'ada', line: 2 }, { id: 'grace', line: 3 }], column: 'ID',
  });
  expect(ids('identity_id;name\r\nada;"said ""hi""\nin two lines"\r\ngrace;')).toEqual(['ada', 'grace']);
  expect(listOf('identity_id;name\nada;"two\nlines"\ngrace;').recipients.map(({ line }) => line)).toEqual([2, 4]);
  expect(ids('ada,Ada Lovelace\ngrace,Grace Hopper')).toEqual(['ada', 'grace']);
  expect(ids('ada\tx\ngrace\ty')).toEqual(['ada', 'grace']);
  // The results of a batch can be the list of the next one.
  expect(ids('identity_id,job_id,state\r\nada,1,EXPIRED\r\n')).toEqual(['ada']);
});

const counts = (more: Partial<Batch['counts']>): Batch['counts'] => ({
  total: 100, waiting: 0, deferred: 0, invited: 0, skipped: 0, failed: 0, opened: 0, complete: 0, bounced: 0, complained: 0, ...more,
});

test('the parts of a batch add up to its size', () => {
  const some = counts({ waiting: 20, deferred: 5, invited: 60, skipped: 10, failed: 5, opened: 30, complete: 12, bounced: 3 });
  expect(partsOf(some)).toEqual({ complete: 12, opened: 18, sent: 27, bounced: 3, skipped: 10, failed: 5, remaining: 25 });
  for (const odd of [some, counts({ waiting: 98, invited: 2, complete: 2, opened: 1 }), counts({ waiting: 98, invited: 2, opened: 2, bounced: 2 })]) {
    const parts = partsOf(odd);
    expect(PARTS.reduce((sum, part) => sum + parts[part], 0)).toBe(100);
    expect(Object.values(parts).every((count) => count >= 0)).toBe(true);
  }
});

test('a batch is scheduled, sends, or says why it does not', () => {
  const phase = (state: Batch['state'], control: NonNullable<Batch['control']>['state'], now = 10) =>
    phaseOf({ ...(state && { state }), control: { state: control, since: '' }, start_time: new Date(5).toISOString() }, now);
  expect(phase('RUNNING', 'active', 0)).toBe('scheduled');
  expect(phase('RUNNING', 'active')).toBe('sending');
  expect(phase('RUNNING', 'paused', 0)).toBe('paused');
  expect(phase('RUNNING', 'stopped_by_bounces')).toBe('stopped');
  expect((['SUCCESS', 'PARTIAL_SUCCESS', 'FAILED'] as const).map((state) => phase(state, 'active'))).toEqual(['done', 'partly', 'failed']);
  expect(phase('PARTIAL_SUCCESS', 'cancelled')).toBe('cancelled');
});

test('hours are drawn without gaps, in at most 72 bars', () => {
  const hour = (number: number, invited: number) => ({ hour: new Date(number * 3_600_000).toISOString(), invited, opened: 1, complete: 0 });
  expect(barsOf([])).toEqual({ bars: [], hoursPerBar: 1 });
  const { bars, hoursPerBar } = barsOf([hour(10, 5), hour(13, 2)]);
  expect([hoursPerBar, bars.map(({ invited }) => invited), bars[0]?.from]).toEqual([1, [5, 0, 0, 2], 10 * 3_600_000]);
  for (const last of [71, 72, 430, 1700, 9000, 9500]) {
    const { bars } = barsOf([hour(0, 1), hour(last, 1)]);
    expect(bars.length).toBeLessThanOrEqual(72);
    expect(bars.reduce((sum, { invited, opened }) => sum + invited + opened, 0)).toBe(4);
  }
});

const draft: Draft = {
  list: '', config: 'hosted', pace: '', start: '', life: '', redirect: '', enrolled: 'skip', pending: 'supersede', quiet: false, zone: 'Europe/Berlin', from: '20:00', to: '08:00', reminders: '',
};

test('empty fields are not sent', () => {
  expect(settingsOf(draft, ['ada'])).toEqual({
    identity_ids: ['ada'], job_template: { authenticator_config_id: 'hosted' }, on_existing: { enrolled: 'skip', pending: 'supersede' },
  });
  const start = '2026-03-02T08:00';
  expect(settingsOf({ ...draft, pace: '60', start, life: '3600', redirect: 'https://a.example', quiet: true, reminders: '3, 6' }, [])).toMatchObject({
    job_template: { expires_in_seconds: 3600, post_binding_redirect_uri: 'https://a.example' }, start_time: new Date(start).toISOString(), pacing: { max_per_minute: 60 },
    quiet_hours: { time_zone: 'Europe/Berlin', from: '20:00', to: '08:00' }, reminders: [{ after_seconds: 259_200 }, { after_seconds: 518_400 }],
  });
});

test('violations are about people only if all of them are', () => {
  const people = listOf('ada\nbob\neve').recipients;
  const about = (...fields: string[]) => unknownIn(fields.map((field) => ({ field, description: '' })), people).map(({ id }) => id);
  expect(about('batch_credential_binding_job.identity_ids[1]', 'batch_credential_binding_job.identity_ids[2]')).toEqual(['bob', 'eve']);
  expect(about('batch_credential_binding_job.identity_ids[1]', 'batch_credential_binding_job.start_time')).toEqual([]);
  expect(about()).toEqual([]);
});
