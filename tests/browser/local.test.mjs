// The page of the local stack: its mails and events, and its tools.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIMIT, Stack, until } from './stack.mjs';
import { arrive, stack, visit } from './visit.mjs';

const DESKS = [390, 1280, 1920];

// A test that begins on the local stack's page.
function open(name, steps) {
  visit(name, async (visitor, page) => {
    await page.goto(`${stack.base}/_local/`);
    await steps(visitor, page);
  });
}

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const entry = (page, text) => page.locator('.entry', { hasText: text });
const said = (page, text) => page.locator('#said', { hasText: text }).waitFor();

open('from an empty stack to a passkey, without a terminal', async (visitor, page) => {
  await page.getByText('Nothing yet.').waitFor();
  await visitor.inspect('local-empty', DESKS);
  await press(page, 'New job for Ada');
  await said(page, 'The mail to Ada is on its way');
  await entry(page, 'to ada@example.com').waitFor();
  await entry(page, 'LINK_SENT').waitFor();
  await page.locator('.entry .toggle', { hasText: 'to ada@example.com' }).click();
  await page.locator('.entry .toggle', { hasText: 'LINK_SENT' }).first().click();
  await page.frameLocator('.entry iframe').getByRole('link', { name: 'Create passkey' }).waitFor();
  await visitor.inspect('local-open', DESKS);

  await page.getByRole('link', { name: 'Open the link' }).click();
  await visitor.sees('ready');
  await visitor.click('create');
  await visitor.sees('done');
  await page.waitForURL(`${stack.base}/_local/welcome**`);
  await page.getByRole('heading', { name: 'Welcome, Ada Lovelace' }).waitFor();
  assert.equal(page.url(), `${stack.base}/_local/welcome`, 'the code is not left in the address');
  await visitor.inspect('local-welcome', DESKS);
  await press(page, 'Sign in with your new passkey');
  await page.getByText('Signed in as ada.').waitFor();
  await visitor.inspect('local-signed-in', DESKS);
  await page.reload();
  await page.getByRole('heading', { name: 'Welcome, Ada Lovelace' }).waitFor();

  await page.goto(`${stack.base}/_local/#event`);
  await entry(page, 'COMPLETE').waitFor();
  const [job] = await stack.listJobs();
  const address = await page.getByRole('link', { name: 'Job of ada in the console' }).first().getAttribute('href');
  assert.equal(address, `/console/demo/demo/jobs/ada/${job.id}`);
  await visitor.inspect('local-events', DESKS);
});

open('the parts are one click away', async (visitor, page) => {
  for (const [name, path] of [['Console', '/console'], ['API reference', '/docs'], ['Sample app', '/_local/app/']]) {
    const link = page.getByRole('navigation').getByRole('link', { name, exact: true });
    assert.equal(await link.getAttribute('href'), path);
  }
  const links = await page.locator('a[href^="/"]').evaluateAll((all) => all.map(({ href }) => href));
  for (const link of links) assert.equal((await fetch(link)).status, 200, link);
});

open('pages of the list, each entry once', async (visitor, page) => {
  const jobs = 25;
  for (let count = 0; count < jobs; count += 1) await stack.createJob({ delivery_method: 'RETURN' });
  await until('all events are published', async () => (await stack.events()).length === jobs);
  await page.getByText(`Page 1 of 2, ${jobs} entries`).waitFor();
  const ids = () => page.locator('.entry').evaluateAll((all) => all.map(({ id }) => id));
  const first = await ids();
  await press(page, 'Older');
  await page.getByText('Page 2 of 2').waitFor();
  await page.getByText('Newer entries are on page 1').waitFor();
  const second = await ids();
  assert.deepEqual([first.length, second.length, new Set([...first, ...second]).size], [20, 5, jobs]);
  await press(page, 'Mails');
  await page.getByText('Nothing yet.').waitFor();
  await press(page, 'Events');
  await page.getByText('Page 1 of 2').waitFor();
});

open('an entry that is opened stays open while others arrive', async (visitor, page) => {
  await press(page, 'New job for Ada');
  const mail = page.locator('.entry .toggle', { hasText: 'to ada@example.com' });
  await mail.click();
  await press(page, 'New job for Ada');
  await until('a second mail', async () => (await mail.count()) === 2);
  assert.deepEqual(await mail.evaluateAll((all) => all.map((each) => each.getAttribute('aria-expanded'))), ['false', 'true']);
});

open('a bounce, a week, and a fault at one click each', async (visitor, page) => {
  await press(page, 'New job for Ada');
  await entry(page, 'DELIVERED').waitFor();
  await page.locator('.entry .toggle', { hasText: 'to ada@example.com' }).click();
  await press(page, 'Bounce');
  await said(page, 'SES reports a bounce');
  await entry(page, 'FAILED_TO_SEND').waitFor();

  await press(page, 'New job for Ada');
  await until('a second job', async () => (await stack.listJobs()).length === 2);
  await press(page, '+7 days');
  await said(page, 'The clock moved by 7 days');
  await page.getByText('(7 d ahead)').waitFor();
  const [{ state }] = await stack.listJobs();
  assert.equal(state, 'EXPIRED');

  await press(page, 'Next mail: rejected');
  await page.getByText('1 planned.').waitFor();
  await press(page, 'New job for Ada');
  await until('the mail is rejected', async () => (await stack.listJobs())[0].state === 'FAILED_TO_SEND');
  await press(page, 'Remove all faults');
  await said(page, '1 calls failed');

  page.once('dialog', (dialog) => dialog.accept());
  await press(page, 'Delete all data');
  await said(page, 'All data is deleted');
  await page.getByText('(real time)').waitFor();
  assert.deepEqual(await stack.listJobs(), []);
});

test('the page reports a missing Ada, and a stopped stack', { timeout: LIMIT }, async () => {
  const other = await Stack.start(['--no-seed']);
  const visitor = await arrive();
  try {
    await visitor.page.goto(`${other.base}/_local/`);
    await press(visitor.page, 'New job for Ada');
    await visitor.page.locator('#said[data-tone="bad"]').waitFor();
    assert.match(await visitor.page.locator('#said').textContent(), /identity|realm/i);
    await visitor.inspect('local-failed', DESKS);
    assert.deepEqual(visitor.problems, []);
  } finally {
    await other.stop();
  }
  await visitor.page.getByText('The stack does not respond').waitFor();
  await visitor.leave();
});

test('the program prints the most important addresses', { timeout: LIMIT }, async () => {
  const other = await Stack.start();
  await other.stop();
  const names = ['Console', 'API reference', 'Mails and events', 'Sample app'];
  assert.deepEqual(other.printed.slice(0, names.length).map((line) => line.split(/ {2,}/)[0]), names);
  for (const line of other.printed.slice(0, names.length)) assert.match(line, / {2}http:\/\/localhost:\d+\//);
});

open('a sign-in that fails says why', async (visitor, page) => {
  await page.goto(`${stack.base}/_local/welcome`);
  await visitor.device.verifiesUser(false);
  await press(page, 'Sign in with your new passkey');
  await page.getByText('Not signed in:').waitFor();
  await visitor.inspect('local-not-signed-in', DESKS);
  await stack.patchConfig('hosted', { sign_in: { enabled: false } });
  await stack.advanceClock(2 * 60); // functions keep configs for a minute
  await press(page, 'Sign in with your new passkey');
  await page.getByText('Sign-in is not enabled').waitFor();
});

open('a failed request is found by its id, without a secret', async (visitor, page) => {
  const { credential_binding_link: link } = await stack.createJob({ delivery_method: 'RETURN', authenticator_config_id: 'embedded' });
  const [address, token] = link.split('?token=');
  const answer = await fetch(`${address}%3Ftoken=${token.replace(/^./, '-')}`, { headers: { accept: 'application/json' } });
  assert.equal(answer.status, 404);
  const { request_id: id } = await answer.json();
  await press(page, 'Failures');
  await page.locator('.entry .toggle', { hasText: ':invokeAuthenticator' }).click();
  await page.locator('.entry .facts').getByText(id).waitFor();
  await visitor.inspect('local-failures', DESKS);
  const failures = await (await fetch(`${stack.base}/_local/failures`)).text();
  assert.ok(failures.includes(id));
  assert.ok(!failures.includes(token.slice(1)));
});

open('an event is published again with its id', async (visitor, page) => {
  await stack.createJob({ delivery_method: 'RETURN' });
  await page.locator('.entry .toggle', { hasText: 'LINK_SENT' }).click();
  await press(page, 'Publish again');
  await said(page, 'published again: 1 event,');
  const ids = await until('two events', async () => {
    const events = await stack.events();
    return events.length === 2 && events.map(({ detail }) => detail.metadata.event_id);
  });
  assert.equal(ids[0], ids[1]);
  await until('both are shown', async () => (await page.locator('.entry').count()) === 2);
});
