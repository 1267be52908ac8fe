// The console's page of events and failed requests.

import assert from 'node:assert/strict';

import { at, enrol, enter, heading, look, operate, stack } from './operator.mjs';
import { until } from './stack.mjs';

operate('events tell who, what and where at a glance', async (operator) => {
  await enrol();
  await until('the events are published', async () => (await stack.events()).some(({ detail }) => detail.data.credential));
  await enter(operator, '/events');
  const rows = operator.page.locator('.event');
  await rows.first().waitFor();
  const texts = await rows.locator('summary').allInnerTexts();
  const row = (what, state) => texts.find((text) => text.includes(what) && text.includes(state));
  for (const expected of [row('Passkey', 'Active'), row('Job', 'Complete'), row('Job', 'Link sent')]) {
    assert.match(expected ?? '', /ada[\s\S]*demo/, texts.join('\n'));
  }
  await look(operator, 'events');
  await operator.page.locator('.event', { hasText: 'Complete' }).locator('summary').click();
  await look(operator, 'event-open');
  const [job] = await stack.listJobs();
  await operator.page.getByRole('link', { name: job.id }).click();
  await operator.page.waitForURL(at(`/jobs/ada/${job.id}`));
});

operate('failed requests have their id, and lists of events have pages', async (operator) => {
  for (let count = 0; count < 22; count += 1) await stack.createJob({ delivery_method: 'RETURN' });
  await assert.rejects(stack.getIdentity('nobody'), /404/);
  await until('the events are published', async () => (await stack.events()).length === 22);
  await enter(operator, '/events');
  await operator.page.getByText('22 in all').waitFor();
  await operator.page.getByRole('button', { name: 'Older' }).click();
  await operator.page.getByText('Page 2').waitFor();
  assert.equal(await operator.page.locator('.event').count(), 2);

  await operator.page.getByRole('button', { name: 'Failed requests' }).click();
  const failure = operator.page.locator('.event', { hasText: 'identities/nobody' });
  await failure.locator('summary').click();
  const [{ request_id: id }] = (await (await fetch(`${stack.base}/_local/failures`)).json()).filter(({ path }) => path.endsWith('/nobody'));
  await failure.getByText(id).waitFor();
  await look(operator, 'failed-requests');
  await heading(operator, 'Events');
});

operate('the state of a job is published again', async (operator) => {
  const { page } = operator;
  await enrol();
  const of = async () => (await stack.events()).filter(({ detail }) => detail.metadata.replay);
  const [job] = await stack.listJobs();
  await enter(operator, `/jobs/ada/${job.id}`);
  await page.getByRole('button', { name: 'Publish again' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publish again' }).click();
  await page.getByRole('status').getByText('Published again.').waitFor();
  const events = await until('both events are published again', async () => (await of()).length === 2 && of());
  assert.deepEqual(events.map(({ detail: { data } }) => Object.keys(data)[0]).sort(), ['credential', 'credential_binding_job']);
  await page.goto(at('/events'));
  await page.locator('.event summary').getByText('Published again').first().waitFor();
  await look(operator, 'events-replayed');
});
