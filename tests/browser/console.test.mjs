// An operator at the console: it shows changes as they happen, and allows only what the operator's token permits.

import assert from 'node:assert/strict';

import { at, enrol, enter, heading, operate, settled, stack, state, visitLink } from './operator.mjs';
import { until } from './stack.mjs';

// The longest polling interval for an active job, in milliseconds, so that a change shows at once.
const PACE = 2000;

operate('a job is created, mailed and bound, and every state shows at once', async (operator) => {
  const { page } = operator;
  await page.addInitScript(() => {
    const { setTimeout } = globalThis;
    globalThis.pauses = [];
    globalThis.setTimeout = (work, pause, ...more) => {
      globalThis.pauses.push(pause ?? 0);
      return setTimeout(work, pause, ...more);
    };
  });
  await enter(operator, '/jobs/new');
  await page.getByLabel('Identity').fill('ada');
  await page.getByText('Ada Lovelace · ada@example.com').waitFor();
  await operator.inspect('console-create');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('button', { name: 'Create job' }).click();
  await state(operator, 'LINK_SENT');
  await page.getByRole('link', { name: 'Open the job' }).click();
  await heading(operator, 'Job');
  await state(operator, 'LINK_SENT');
  const address = page.url();
  await page.evaluate(() => { Object.assign(globalThis, { neverReloaded: true, pauses: [] }); });
  const [mail] = await until('the mail arrives', async () => {
    const mails = await stack.mail();
    return mails.length > 0 && mails;
  });
  const link = mail.text.match(/http:\/\/localhost:\d+\/bind#\S+/)[0];
  await visitLink(link, async (user) => {
    await user.open(link);
    // The ceremony stops before it sends the proof, so that the state before is visible.
    let open;
    const opened = new Promise((resolve) => { open = resolve; });
    await user.page.route('**/*:bind', async (route) => {
      await opened;
      await route.continue();
    });
    await user.click('create');
    await state(operator, 'REQUEST_DELIVERED');
    const pauses = await page.evaluate(() => globalThis.pauses);
    assert.ok(Math.max(...pauses) > 500 && Math.max(...pauses) <= PACE, `${pauses}`);
    await operator.inspect('console-job-delivered');
    open();
    await user.sees('done');
    await state(operator, 'COMPLETE');
  });
  assert.equal(await page.evaluate(() => globalThis.neverReloaded), true);
  assert.equal(page.url(), address);
  await operator.inspect('console-job-complete');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.locator('dd a[href*="/credentials"]').click();
  await heading(operator, 'Credentials');
  await page.locator('.credential').waitFor();
  await operator.inspect('console-credentials');
});

operate('a link to hand over is shown once, with a QR code', async (operator) => {
  const { page } = operator;
  await enter(operator, '/jobs/new');
  await page.getByText('Return the link').click();
  assert.match(await page.locator('pre').first().textContent(), /"delivery_method":"RETURN"/);
  assert.match(await page.locator('pre').nth(1).textContent(), /^bindctl jobs create --tenant demo .*--delivery return$/);
  await page.getByRole('button', { name: 'Create job' }).click();
  const link = await page.locator('#link').textContent();
  assert.match(link, /^http:\/\/localhost:\d+\/bind#\/v1\/.*token=/);
  await page.getByRole('img', { name: 'The link as a QR code' }).waitFor();
  await state(operator, 'LINK_SENT');
  await operator.inspect('console-created');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('link', { name: 'Open the job' }).click();
  await heading(operator, 'Job');
  await state(operator, 'LINK_SENT');
  const secret = link.split('token=')[1];
  assert.ok(!(await page.content()).includes(secret));
  await page.goBack();
  await page.getByRole('button', { name: 'Create job' }).waitFor();
  assert.ok(!(await page.content()).includes(secret));
});

operate('jobs are found, filtered and revoked', async (operator) => {
  const { page } = operator;
  const jobs = [];
  for (const method of ['RETURN', 'EMAIL', 'RETURN']) {
    jobs.push((await stack.createJob({ delivery_method: method })).credential_binding_job);
  }
  await stack.revokeJob(jobs[0]);
  await enter(operator, '/jobs');
  const rows = page.locator('[data-job]');
  const shows = (expected) => until(`these ${expected.length} jobs`, async () => {
    const shown = await rows.evaluateAll((rows) => rows.map((row) => row.dataset.job));
    return JSON.stringify(shown) === JSON.stringify(expected.map(({ id }) => id));
  });
  await shows(jobs.toReversed());
  await operator.inspect('console-jobs');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByLabel('State').selectOption('REVOKED');
  await shows([jobs[0]]);
  await page.getByLabel('Delivery').selectOption('EMAIL');
  await page.getByRole('heading', { name: 'No matching jobs' }).waitFor();
  await operator.inspect('console-none-found');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('button', { name: 'Show all' }).click();
  await shows(jobs.toReversed());
  // A job that somebody else creates appears without a reload.
  const fourth = (await stack.createJob({ delivery_method: 'RETURN' })).credential_binding_job;
  await shows([fourth, ...jobs.toReversed()]);
  await page.getByLabel('Identity or job id').fill(jobs[1].id);
  await page.keyboard.press('Enter');
  await shows([jobs[1]]);
  await page.getByLabel('Identity or job id').fill('nobody');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'No matching jobs' }).waitFor();

  await page.goto(at(`/jobs/ada/${jobs[1].id}`));
  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog', { name: 'Revoke this job?' }).waitFor();
  await operator.inspect('console-revoke');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('button', { name: 'Cancel' }).click();
  assert.equal((await stack.getJob(jobs[1])).state, 'LINK_SENT');
  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await state(operator, 'REVOKED');
  assert.equal((await stack.getJob(jobs[1])).state, 'REVOKED');
});

operate('a mail is resent', async (operator) => {
  const { page } = operator;
  const { credential_binding_job: job } = await stack.createJob({ delivery_method: 'EMAIL' });
  const mails = (count) => until(`${count} mails`, async () => (await stack.mail()).length === count);
  await mails(1);
  await enter(operator, `/jobs/ada/${job.id}`);
  await page.getByRole('button', { name: 'Resend mail' }).click();
  const again = page.getByRole('dialog').getByRole('button', { name: 'Resend mail' });
  await again.click();
  await page.getByRole('dialog').getByText('the last mail was sent less than a minute ago').waitFor();
  await stack.advanceClock(60);
  await again.click();
  await mails(2);
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});

operate('passkeys are shown and revoked', async (operator) => {
  const { page } = operator;
  await enrol();
  await enter(operator, '/credentials');
  await page.locator('.credential').getByText('Active').waitFor();
  assert.match(await page.locator('.credential').innerText(), /Last used\s+Not yet/);
  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.locator('.credential').getByText('Revoked').waitFor();
  const [credential] = await stack.listCredentials();
  assert.equal(credential.state, 'REVOKED');
});

operate('screenshots of every page', async (operator) => {
  const { page } = operator;
  await page.goto(at());
  await page.locator('#sign-in').waitFor();
  await operator.inspect('console-signed-out');
  await page.setViewportSize({ width: 1280, height: 800 });
  await enter(operator, '/jobs');
  await page.getByRole('heading', { name: 'No jobs yet' }).waitFor();
  await operator.inspect('console-empty');
  await enrol();
  for (let made = 0; made < 3; made += 1) await stack.createJob({ delivery_method: 'EMAIL' });
  const [job] = await stack.listJobs();
  await stack.revokeJob(job);
  for (const where of ['', '/configs', '/realm', '/events', '/nowhere']) {
    await page.goto(at(where));
    await heading(operator);
    await settled(operator);
    await operator.inspect(`console-${where.slice(1) || 'overview'}`);
  }
  await page.goto(`${stack.base}/console`);
  await heading(operator, 'Choose a realm');
  await operator.inspect('console-choose');
});

operate('the realm is changed', async (operator) => {
  const { page } = operator;
  await enter(operator, '/realm');
  await page.getByLabel('Button color').fill('#aa3366');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await page.getByLabel('Button color').fill('red; background: url(//x)');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('realm.theme.button_color', { exact: true }).waitFor();
  await operator.inspect('console-realm-refused');
});

operate('a hidden page sends no requests', async (operator) => {
  const { page } = operator;
  await enter(operator, '/jobs');
  await settled(operator);
  const turn = (hidden) => page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  let asked = 0;
  let underWay = 0;
  let latest = Date.now();
  const of = (request, change) => {
    if (!request.url().includes('/v1/')) return;
    asked += change > 0 ? 1 : 0;
    underWay += change;
    latest = Date.now();
  };
  page.on('request', (request) => of(request, 1));
  page.on('requestfinished', (request) => of(request, -1));
  page.on('requestfailed', (request) => of(request, -1));
  await turn(true);
  await until('what was under way is done', () => underWay <= 0 && Date.now() - latest > 500);
  asked = 0;
  await page.waitForTimeout(4000);
  assert.equal(asked, 0);
  const { credential_binding_job: job } = await stack.createJob({ delivery_method: 'RETURN' });
  await turn(false);
  await page.locator(`a[href$="${job.id}"]`).first().waitFor();
  assert.ok(asked > 0);
});

operate('an undeliverable mail ends the job, and the page shows it', async (operator) => {
  const { page } = operator;
  const { credential_binding_job: job } = await stack.createJob({ delivery_method: 'EMAIL' });
  await enter(operator, `/jobs/ada/${job.id}`);
  await state(operator, 'LINK_SENT');
  const [{ message_id }] = await until('the mail arrives', async () => {
    const mails = await stack.mail();
    return mails.length && mails;
  });
  const body = JSON.stringify({ message_id, event: 'bounce' });
  assert.equal((await fetch(`${stack.base}/_local/email-events`, { method: 'POST', body })).status, 200);
  await state(operator, 'FAILED_TO_SEND');
  await operator.inspect('console-job-failed');
  await page.setViewportSize({ width: 1280, height: 800 });
});

operate('an installation without a client for the console says how to set it up', async (operator) => {
  const { page } = operator;
  await page.route('**/console/settings.json', async (route) => {
    const settings = await (await route.fetch()).json();
    await route.fulfill({ json: { ...settings, client_id: '' } });
  });
  await page.goto(at());
  await page.getByText('The console is not set up').waitFor();
  await page.getByText(`${stack.base}/console/callback`).waitFor();
  await operator.inspect('console-not-set-up');
});

operate('a token without the scope gets an error', async (operator) => {
  const { page } = operator;
  const { credential_binding_job: job } = await stack.createJob({ delivery_method: 'RETURN' });
  await enter(operator, '/credentials', '', 'credential-binding-jobs:read');
  await page.getByRole('alert').getByText('Your token does not allow this').waitFor();
  await page.getByText('credentials:read').waitFor();
  await operator.inspect('console-forbidden');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(at(`/jobs/ada/${job.id}`));
  const revoke = page.getByRole('button', { name: 'Revoke' });
  await revoke.and(page.locator(':disabled')).waitFor();
  await page.getByText('Your access token needs credential-binding-jobs:revoke').waitFor();
  assert.equal((await stack.getJob(job)).state, 'LINK_SENT');
});

operate('after an expired session, signing in returns to the same page', async (operator) => {
  const { page } = operator;
  const { credential_binding_job: job } = await stack.createJob({ delivery_method: 'RETURN', expires_in_seconds: 86_400 });
  await enter(operator, `/jobs/ada/${job.id}`);
  await state(operator, 'LINK_SENT');
  await stack.advanceClock(3600);
  await page.locator('[data-session="expired"]').waitFor();
  await operator.inspect('console-session-ended');
  await page.setViewportSize({ width: 1280, height: 800 });
  assert.equal(await page.evaluate(() => sessionStorage.getItem('bindery.session')), null);
  await page.locator('#sign-in').click();
  await page.locator('#all').click();
  await page.waitForURL(at(`/jobs/ada/${job.id}`));
  await state(operator, 'LINK_SENT');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.locator('#sign-in').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.getItem('bindery.session')), null);
});

operate('a response without a sign-in of this tab is rejected', async (operator) => {
  const { page } = operator;
  await page.goto(`${stack.base}/console/callback?code=stolen&state=guessed`);
  await page.getByRole('alert').getByText('does not belong to a sign-in in this tab').waitFor();
  assert.equal(page.url(), `${stack.base}/console/callback`);
  await enter(operator, '/jobs');
});

operate('texts of others are escaped', async (operator) => {
  const { page } = operator;
  const attack = '<img src=x onerror="document.title=\'owned\'"><script>owned=1</script>';
  await stack.putRealm({
    display_name: attack,
    theme: { support_url: 'https://example.com/"><script>owned=1</script>' },
    email: { from_name: 'Mallory', subject: attack },
    post_binding_redirect_uris: ['https://example.com/?a="><svg/onload=owned=1>', `${stack.base}/_local/welcome`],
  });
  await stack.createConfig({ display_name: attack, config: { type: 'hosted_web' } });
  await stack.putIdentity('mallory', { display_name: attack, traits: { type: 'traits_v0', username: attack } });
  const { credential_binding_job: job } = await stack.createJob({
    delivery_method: 'RETURN', post_binding_redirect_uri: 'https://example.com/?a="><svg/onload=owned=1>',
  });
  await enter(operator, '/realm');
  for (const where of ['/realm', '/configs', '/jobs/new', `/jobs/ada/${job.id}`, '/jobs', '/identities', '/identities/mallory', '/events', '', '/jobs?q=%3Cscript%3Eowned%3D1%3C%2Fscript%3E']) {
    await page.goto(at(where));
    await heading(operator);
    await settled(operator);
    assert.equal(await page.evaluate(() => globalThis.owned), undefined, where);
    assert.notEqual(await page.title(), 'owned', where);
    assert.equal(await page.locator('main script, main img[src="x"], main svg[onload]').count(), 0, where);
  }
  // A page to return to belongs to the console.
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.goto(`${stack.base}/console//evil.example/x`);
  await page.locator('#sign-in').click();
  await page.locator('#all').click();
  await page.waitForURL(`${stack.base}/console`);
});
