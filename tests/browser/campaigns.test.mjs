// Batches in the console: a list is checked and sent, and the batch is watched, paused, resumed and cancelled.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

import { at, enter, heading, look, operate, settled, stack, visitLink } from './operator.mjs';
import { until } from './stack.mjs';

const person = (id, more = {}) => stack.putIdentity(id, {
  display_name: `Person ${id}`, traits: { type: 'traits_v0', username: id, primary_email_address: `${id}@example.com` }, ...more,
});
const phase = ({ page }, name) => page.locator(`.batch[data-phase="${name}"]`).waitFor();
const linkTo = async (address) => {
  const mail = await until(`a mail to ${address}`, async () => (await stack.mail()).find(({ to }) => to === address));
  return { mail, link: mail.text.match(/http:\/\/localhost:\d+\/bind#\S+/)[0] };
};

// The runner starts each minute and waits for the slot of each invitation: the clock moves on until so many are invited.
const invited = (id, count) => until(`${count} invitations`, async () => {
  if ((await stack.getBatch(id)).counts.invited >= count) return true;
  await stack.advanceClock(10);
  await pause(300);
  return false;
});

operate('a list is checked, sent, stopped by a bounce, resumed and cancelled', async (operator) => {
  const { page } = operator;
  const ids = Array.from({ length: 8 }, (_, number) => `p${number}`);
  for (const id of ids) await person(id);
  await stack.putIdentity('mute', { display_name: 'Mute', traits: { type: 'traits_v0', username: 'mute' } });
  await person('idle', { status: 'suspended' });
  await stack.createJob({ delivery_method: 'RETURN' });

  await enter(operator, '/campaigns');
  await page.getByRole('heading', { name: 'No batches yet' }).waitFor();
  await page.getByRole('link', { name: 'New batch' }).first().click();
  await heading(operator, 'New batch');
  assert.equal(await page.getByRole('button', { name: 'Check the list' }).isDisabled(), true);

  // Identities that do not exist are named with their lines, and can be left out.
  const csv = ['name,id', ...[...ids, 'mute', 'idle', 'ada', 'nobody', 'p0'].map((id) => `"Person, ${id}",${id}`)].join('\r\n');
  await page.locator('input[type="file"]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await page.getByText('12 people in the column id. 1 is listed more than once.').waitFor();
  await page.getByLabel('Invitations a minute').fill('3');
  await page.getByLabel('Reminders, in days').fill('3, 6');
  await page.getByRole('button', { name: 'Check the list' }).click();
  await page.getByRole('alert').getByText('1 identity does not exist').waitFor();
  await page.getByRole('alert').getByText('Line 13: nobody').waitFor();
  await page.getByRole('button', { name: 'Leave them out' }).click();
  await page.getByText('The list or the settings have changed. Check again.').waitFor();
  assert.equal(await page.getByRole('button', { name: /^Create batch/ }).count(), 0);

  // The dry run counts who would be invited and gives the reasons of the others. It sends nothing.
  await page.getByRole('button', { name: 'Check the list' }).click();
  const plan = page.locator('.plan');
  await plan.getByText('8 would be invited').waitFor();
  await plan.getByText('3 would not be invited').waitFor();
  const reasons = await plan.locator('[data-reason]').evaluateAll((all) => all.map(({ dataset }) => dataset.reason).sort());
  assert.deepEqual(reasons, ['already_pending', 'no_email', 'suspended']);
  await plan.getByText('The identity is suspended.').click();
  await plan.getByRole('link', { name: 'idle' }).waitFor();
  await look(operator, 'batch-plan');
  assert.deepEqual(await stack.mail(), []);

  await page.getByRole('button', { name: 'Create batch for 11 people' }).click();
  await page.waitForURL(/\/campaigns\/[0-9a-f-]{36}$/);
  const id = page.url().split('/').at(-1);
  assert.equal((await stack.getBatch(id)).pacing.max_per_minute, 3);
  await page.getByRole('button', { name: 'Pause' }).click();
  await phase(operator, 'paused');
  assert.equal((await stack.getBatch(id)).control.state, 'paused');
  await page.getByRole('button', { name: 'Resume' }).click();
  await phase(operator, 'sending');

  await invited(id, 3);
  await visitLink((await linkTo('p0@example.com')).link, async (user, link) => {
    await user.open(link);
    await user.click('create');
    await user.sees('done');
  });
  const { mail } = await linkTo('p1@example.com');
  const body = JSON.stringify({ message_id: mail.message_id, event: 'bounce' });
  assert.equal((await fetch(`${stack.base}/_local/email-events`, { method: 'POST', body })).status, 200);
  // One bounce of three mails is more than 4 %.
  await phase(operator, 'stopped');
  await page.locator('[data-recipient="p1"][data-reason="bounced"]').getByText('Correct the mail address.').waitFor();
  await page.locator('[data-recipient="p0"] [data-state="COMPLETE"]').waitFor();
  const parts = await page.locator('.batch .legend').textContent();
  for (const part of ['Passkey created 1', 'Bounced 1', 'Still to be invited']) assert.ok(parts.includes(part), parts);
  assert.equal(await page.locator('.hours rect[data-series="complete"]').count(), 1);
  await settled(operator);
  await look(operator, 'batch');

  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download CSV' }).click()]);
  assert.match(await readFile(await file.path(), 'utf8'), /^identity_id,job_id,.*\r\np0,[0-9a-f-]{36},COMPLETE,/);

  await page.getByRole('button', { name: 'Resume' }).click();
  await phase(operator, 'sending');
  await page.getByRole('button', { name: 'Cancel batch' }).click();
  await page.getByRole('dialog', { name: 'Cancel this batch?' }).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel', exact: true }).click();
  assert.equal((await stack.getBatch(id)).control.state, 'active');
  await page.getByRole('button', { name: 'Cancel batch' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel batch' }).click();
  await phase(operator, 'cancelled');
  assert.equal((await stack.getBatch(id)).control.state, 'cancelled');
  assert.equal(await page.getByRole('button', { name: /Pause|Resume|Cancel batch/ }).count(), 0);

  await page.getByRole('link', { name: 'Campaigns' }).first().click();
  await page.locator(`[data-batch="${id}"]`).getByText('of 11 invited').waitFor();
  await look(operator, 'campaigns');
});

operate('a read-only token sees which scope the buttons of a campaign need', async (operator) => {
  const { page } = operator;
  const { id } = await stack.createBatch(['ada'], { start_time: new Date(Date.now() + 86_400_000).toISOString() });
  await enter(operator, `/campaigns/${id}`, 'read');
  await phase(operator, 'scheduled');
  await page.getByText('Waiting').waitFor();
  for (const name of ['Pause', 'Cancel batch']) {
    const button = page.getByRole('button', { name });
    assert.equal(await button.isDisabled(), true, name);
    const reason = await button.evaluate((button) => document.getElementById(button.getAttribute('aria-describedby')).textContent);
    assert.equal(reason, 'Your access token needs credential-binding-jobs:update');
  }
  await page.goto(at('/campaigns/new'));
  await page.getByLabel('Whom to invite').fill('ada');
  await page.getByText('Your access token needs credential-binding-jobs:create').waitFor();
});
