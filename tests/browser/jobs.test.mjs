// A job's page in the console: its policy, its mails, the reason for a refused proof, and accessible graphics.

import assert from 'node:assert/strict';

import { at, enrol, enter, look, operate, settled, stack, state, visitLink } from './operator.mjs';
import { until } from './stack.mjs';

const policy = ({ page }) => page.locator('.policy');

operate('a job shows the policy that it was created with, even if the config changed', async (operator) => {
  const { page } = operator;
  await enrol();
  const [complete] = await stack.listJobs();
  const { credential_binding_job: before } = await stack.createJob({ delivery_method: 'RETURN' });
  await enter(operator, `/jobs/ada/${before.id}`);
  await policy(operator).getByText('Synced passkeys: allowed.').waitFor();
  await policy(operator).getByText('version 1').waitFor();
  await stack.patchConfig('hosted', { passkey_policy: { backup_eligible: 'forbidden' } });
  const { credential_binding_job: after } = await stack.createJob({ delivery_method: 'RETURN' });
  const shows = async ({ id }, ...texts) => {
    await page.goto(at(`/jobs/ada/${id}`));
    for (const text of texts) await policy(operator).getByText(text).waitFor();
  };
  await shows(after, 'Synced passkeys: forbidden.', 'version 2');
  await shows(complete, 'Synced passkeys: allowed.', 'version 1');
  await shows(before, 'Synced passkeys: allowed.', 'version 1');
  assert.equal(await policy(operator).getByText('forbidden').count(), 0);
  await stack.deleteConfig('hosted');
  await shows(after, 'Synced passkeys: forbidden.', 'version 2');
  await shows(complete, 'Synced passkeys: allowed.');
});

operate('a mail is resent with a longer lifetime, and the page confirms it', async (operator) => {
  const { page } = operator;
  const { credential_binding_job: job } = await stack.createJob({ delivery_method: 'EMAIL', expires_in_seconds: 900 });
  const mails = (count) => until(`${count} mails`, async () => (await stack.mail()).length === count);
  await mails(1);
  await enter(operator, `/jobs/ada/${job.id}`);
  await page.getByText('ada@example.com').waitFor();
  await stack.advanceClock(61);
  await page.getByRole('button', { name: 'Resend mail' }).click();
  await page.getByLabel('Valid for').selectOption({ label: '1 day from now' });
  await page.locator('.card').getByText('Mails requested').waitFor();
  await look(operator, 'job-resend');
  await page.getByRole('dialog').getByRole('button', { name: 'Resend mail' }).click();
  await page.getByRole('status').getByText('It goes to ada@example.com').waitFor();
  await mails(2);
  const { expire_time: end, update_time: time } = await stack.getJob(job);
  assert.ok(Math.abs(Date.parse(end) - Date.parse(time) - 86_400_000) < 60_000, `${time} ${end}`);
  await page.locator('.countdown').getByText('1 d').waitFor();
});

operate('a rejected proof is explained, with a remedy', async (operator) => {
  const { page } = operator;
  const { id } = await stack.createConfig({
    display_name: 'Apple only', config: { type: 'hosted_web' },
    passkey_policy: { attestation: 'direct', trust: 'attested', attestation_roots: ['apple'], resident_key: 'preferred' },
  });
  const { credential_binding_job: job, credential_binding_link: link } = await stack.createJob({ delivery_method: 'RETURN', authenticator_config_id: id });
  await visitLink(link, async (user) => {
    await user.open(link);
    await user.click('create');
    await until('the proof is rejected', async () => (await stack.getJob(job)).last_failure);
  });
  const { last_failure: failure } = await stack.getJob(job);
  await enter(operator, `/jobs/ada/${job.id}`);
  const card = page.locator(`[data-reason="${failure.reason}"]`);
  await card.getByText('What to do:').waitFor();
  await card.getByText(failure.detail, { exact: false }).waitFor();
  await look(operator, 'job-failure');
});

operate('the diagram of the states is legible in all colors and shows the possible states', async (operator) => {
  const { page } = operator;
  const { credential_binding_job: mailed } = await stack.createJob({ delivery_method: 'EMAIL' });
  const { credential_binding_job: returned } = await stack.createJob({ delivery_method: 'RETURN' });
  await enter(operator, `/jobs/ada/${mailed.id}`);
  await state(operator, 'LINK_SENT');
  const nodes = () => page.locator('.node').evaluateAll((nodes) => nodes.map((node) => node.dataset.state).slice(4));
  assert.deepEqual(await nodes(), ['EXPIRED', 'REVOKED', 'FAILED_TO_SEND']);
  assert.match(await page.locator('.node.lit .time').textContent(), /^\d+ \w{3}, \d\d:\d\d:\d\d$/);
  for (const media of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { forcedColors: 'active', colorScheme: 'light' }, { forcedColors: 'active', colorScheme: 'dark' }]) {
    await page.emulateMedia({ forcedColors: 'none', ...media });
    // WCAG 2.2 §1.4.11: graphics have a contrast of 3 to 1, and texts 4.5 to 1.
    const contrasts = await page.evaluate(() => {
      const light = (color) => {
        const [r, g, b] = color.match(/[\d.]+/g).map((part) => Number(part) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const contrast = (one, other) => {
        const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
        return (high + 0.05) / (low + 0.05);
      };
      const card = getComputedStyle(document.querySelector('.progress')).backgroundColor;
      const ways = [...document.querySelectorAll('.way path')].map((path) => [3, contrast(getComputedStyle(path).stroke, card)]);
      const texts = [...document.querySelectorAll('.node')].map((node) =>
        [4.5, contrast(getComputedStyle(node.querySelector('text')).fill, getComputedStyle(node.querySelector('rect')).fill)]);
      return [...ways, ...texts];
    });
    assert.equal(contrasts.length, 12 + 7);
    for (const [least, contrast] of contrasts) assert.ok(contrast >= least, `${JSON.stringify(media)}: ${contrast} < ${least}`);
    await operator.shoot(`console-machine-${media.forcedColors ? 'forced-' : ''}${media.colorScheme}`);
  }
  await page.emulateMedia({ forcedColors: 'none', colorScheme: 'light' });
  await page.goto(at(`/jobs/ada/${returned.id}`));
  await state(operator, 'LINK_SENT');
  assert.deepEqual(await nodes(), ['EXPIRED', 'REVOKED']);
  await stack.revokeJob(returned);
  await state(operator, 'REVOKED');
  assert.deepEqual(await nodes(), ['REVOKED']);
});

operate('the page says when it is not live, and whether it copied', async (operator) => {
  const { page } = operator;
  const { credential_binding_job: job } = await stack.createJob({ delivery_method: 'RETURN' });
  await enter(operator, '/jobs');
  await page.locator('[data-live="yes"]').waitFor();
  await page.context().setOffline(true);
  await page.locator('[data-live="no"]').getByText(/Not live. Last updated \d\d:\d\d:\d\d/).waitFor();
  await page.getByText('The server could not be reached').waitFor();
  await look(operator, 'offline');
  await page.context().setOffline(false);
  await page.locator('[data-live="yes"]').waitFor();
  await page.goto(at(`/jobs/ada/${job.id}`));
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), job.id);
  await page.getByRole('button', { name: 'Copy', exact: true }).waitFor();
  await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError')); });
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByRole('button', { name: 'Not copied' }).waitFor();
});

operate('a list of jobs is paged to its end and back, with any filter', async (operator) => {
  const { page } = operator;
  const made = [];
  for (let number = 0; number < 45; number += 1) made.unshift((await stack.createJob({ delivery_method: 'RETURN' })).credential_binding_job.id);
  await enter(operator, '/jobs?since=24h');
  const shows = (expected) => until(`${expected.length} jobs`, async () =>
    `${await page.locator('[data-job]').evaluateAll((rows) => rows.map((row) => row.dataset.job))}` === `${expected}`);
  await shows(made.slice(0, 20));
  await page.getByRole('button', { name: 'Older' }).click();
  await shows(made.slice(20, 40));
  await page.getByRole('button', { name: 'Older' }).click();
  await shows(made.slice(40));
  await page.getByRole('button', { name: 'Newer' }).click();
  await shows(made.slice(20, 40));
  await page.getByRole('button', { name: 'Newer' }).click();
  await shows(made.slice(0, 20));
});

operate('a phone shows the realm and every entry of the menu', async (operator) => {
  const { page } = operator;
  await page.setViewportSize({ width: 390, height: 844 });
  await enter(operator, '');
  await settled(operator);
  await page.locator('.where strong').waitFor();
  const boxes = await page.locator('.side nav a, .where strong').evaluateAll((links) => links.map((link) => link.getBoundingClientRect()).map(({ left, right, width }) => ({ left, right, width })));
  assert.ok(boxes.length >= 8);
  for (const { left, right, width } of boxes) assert.ok(width > 0 && left >= 0 && right <= 390, JSON.stringify(boxes));
});
