// The sample app: a passkey with one tap, and no link on any screen.

import assert from 'node:assert/strict';

import { until } from './stack.mjs';
import { stack, visit as visitPage } from './visit.mjs';

const WEEK = 7 * 24 * 60 * 60;
const STATES = ['LINK_SENT', 'LINK_OPENED', 'REQUEST_DELIVERED', 'COMPLETE'];

let app;

// A test that also fails if the screen or the address bar showed a secret.
function visit(name, steps) {
  visitPage(name, async (visitor) => {
    app ??= await stack.app();
    await steps(visitor);
    assert.doesNotMatch(visitor.page.url(), /token/);
    assert.doesNotMatch(await visitor.page.content(), /token=|:invokeAuthenticator/);
  });
}

async function signIn(visitor, origin = app) {
  await visitor.page.goto(origin);
  await visitor.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await greeted(visitor);
}

const greeted = ({ page }) => page.getByRole('heading', { name: 'Hello, Ada Lovelace' }).waitFor();

// Signs out. The offer in autofill then waits for a touch, as it does in a browser that somebody looks at.
async function signOut({ page, device }) {
  await device.isTouched(false);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
}

async function invited() {
  const created = await stack.createJob({ delivery_method: 'RETURN', authenticator_config_id: 'embedded' });
  return { job: created.credential_binding_job, link: created.credential_binding_link };
}

// The only job.
async function onlyJob() {
  const jobs = await stack.listJobs();
  assert.equal(jobs.length, 1);
  return jobs[0];
}

visit('a passkey is created with one tap', async (visitor) => {
  await visitor.page.goto(`${stack.base}/_local/app/`);
  await visitor.page.waitForURL(`${app}/`);
  assert.notEqual(app, stack.base);
  await visitor.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await visitor.inspect('app-sign-in');
  await signIn(visitor);
  await visitor.inspect('app-home');

  await visitor.click('add');
  await visitor.gets('COMPLETE');
  await visitor.inspect('app-done');
  const { identity_id, transitions, credential_id: credential } = await onlyJob();
  assert.equal(identity_id, 'ada');
  assert.deepEqual(transitions.map(({ state }) => state), STATES);
  assert.equal((await stack.getCredential(credential)).csr_type, 'FIDO2');
  await visitor.page.getByText(credential).waitFor();
  assert.equal((await visitor.device.credentials()).length, 1);
  assert.ok((await stack.mail()).every(({ tags }) => tags.mail === 'notice-1'));

  await visitor.page.reload();
  await visitor.page.getByText(credential).waitFor();
  await signOut(visitor);
});

visit('a visitor must sign in to get a passkey', async (visitor) => {
  await visitor.page.goto(app);
  await visitor.page.getByLabel('User name').fill('nobody');
  await visitor.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await visitor.page.locator('#sign-in-error:not(:empty)').waitFor();
  const status = await visitor.page.evaluate(async () => (await fetch('/passkeys', { method: 'POST' })).status);
  assert.equal(status, 401);
  assert.deepEqual(await stack.listJobs(), []);
});

visit('a link that was sent leads to the app', async (visitor) => {
  const { job, link } = await invited();
  await visitor.follow(link);
  assert.equal(visitor.page.url(), `${app}/bind`);
  assert.equal((await stack.getJob(job)).state, 'LINK_OPENED');
  await visitor.page.getByRole('heading', { name: 'Create your passkey' }).waitFor();
  await visitor.inspect('app-invited');
  await visitor.click('add');
  await visitor.gets('COMPLETE');
  await visitor.inspect('app-invited-done');
  const done = await stack.getJob(job);
  assert.deepEqual(done.transitions.map(({ state }) => state), STATES);
  assert.equal((await stack.getCredential(done.credential_id)).webauthn.rp_id, 'localhost');

  await visitor.page.reload();
  await visitor.gets('opener');
  await visitor.inspect('app-invited-reloaded');
});

visit('after a cancelled dialogue the link still works', async (visitor) => {
  await signIn(visitor);
  await visitor.device.verifiesUser(false);
  await visitor.click('add');
  await visitor.gets('cancelled');
  await visitor.inspect('app-cancelled');
  const { id } = await onlyJob();

  await visitor.device.verifiesUser(true);
  await visitor.page.getByRole('button', { name: 'Try again' }).click();
  await visitor.page.getByText('Your passkey is ready').waitFor();
  const job = await onlyJob();
  assert.deepEqual([job.id, job.state], [id, 'COMPLETE']);
});

visit('an untrusted page gets an error', async (visitor) => {
  await signIn(visitor, app.replace('localhost', '127.0.0.1'));
  await visitor.click('add');
  await visitor.gets('not_trusted_origin');
  await visitor.inspect('app-not-trusted');
  assert.equal((await onlyJob()).state, 'LINK_SENT');
  assert.deepEqual(await stack.listCredentials(), []);
});

visit('a lost response causes no second passkey', async (visitor) => {
  await signIn(visitor);
  await visitor.page.route('**/*:bind', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await visitor.click('add');
  await visitor.gets('network');
  assert.equal((await onlyJob()).state, 'COMPLETE');
  await visitor.page.getByRole('button', { name: 'Try again' }).click();
  await visitor.page.getByText('Your passkey is ready').waitFor();
  assert.equal((await visitor.device.credentials()).length, 1);
  assert.equal((await stack.listCredentials()).length, 1);
});

visit('an ended link shows the reason', async (visitor) => {
  const { job, link } = await invited();
  await visitor.follow(link);
  await stack.revokeJob(job);
  await visitor.click('add');
  await visitor.gets('revoked');
  const other = await invited();
  await visitor.follow(other.link);
  await stack.advanceClock(WEEK);
  await visitor.click('add');
  await visitor.gets('timed_out');
  assert.deepEqual(await visitor.device.credentials(), []);
});

visit('a device with the passkey gets no second one', async (visitor) => {
  await signIn(visitor);
  await visitor.click('add');
  await visitor.gets('COMPLETE');
  await visitor.page.getByRole('button', { name: 'Add another passkey' }).click();
  await visitor.page.getByRole('heading', { name: 'This device has your passkey already' }).waitFor();
  assert.equal((await visitor.device.credentials()).length, 1);
});

// A software key, with a clock that is a day off: the proof is signed with the server's time.
visit('a device without an authenticator gets a software key', async (visitor) => {
  await visitor.device.unplug();
  await visitor.page.addInitScript(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() - 24 * 60 * 60 * 1000;
  });
  await signIn(visitor);
  await visitor.click('add');
  await visitor.gets('COMPLETE');
  await visitor.inspect('app-done-software');
  const job = await onlyJob();
  const credential = await stack.getCredential(job.credential_id);
  assert.deepEqual([credential.csr_type, credential.algorithm], ['JWT', 'ES256']);
  const kept = await visitor.page.evaluate(async (of) => {
    const { softwareKey } = await import('/sdk.js');
    const { privateKey, publicKey } = await softwareKey(of);
    const { x, y } = await crypto.subtle.exportKey('jwk', publicKey);
    return { x, y, extractable: privateKey.extractable };
  }, credential);
  const { x, y } = JSON.parse(credential.jwk_json);
  assert.deepEqual(kept, { x, y, extractable: false });
});

visit('a user who cancels gets no software key', async (visitor) => {
  await signIn(visitor);
  await visitor.device.verifiesUser(false);
  await visitor.click('add');
  await visitor.gets('cancelled');
  assert.equal((await onlyJob()).state, 'REQUEST_DELIVERED');
  assert.deepEqual(await stack.listCredentials(), []);
});

// ---- Signing in with the passkey -----------------------------------------------------------------

async function withPasskey(visitor) {
  await signIn(visitor);
  await visitor.click('add');
  await visitor.gets('COMPLETE');
  await signOut(visitor);
  return (await onlyJob()).credential_id;
}

visit('a passkey signs in', async (visitor) => {
  const credential = await withPasskey(visitor);
  assert.equal((await stack.getCredential(credential)).last_used_time, undefined);
  await visitor.inspect('app-sign-in-again');
  await visitor.device.isTouched(true);
  await visitor.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await greeted(visitor);
  await visitor.page.getByText(credential).waitFor();
  const { last_used_time: used, use_count: count } = await stack.getCredential(credential);
  assert.ok(used);
  assert.equal(count, 1);
});

visit('a passkey signs in from autofill, without a click', async (visitor) => {
  const credential = await withPasskey(visitor);
  assert.match(await visitor.page.locator('#username').getAttribute('autocomplete'), / webauthn$/);
  await visitor.device.isTouched(true);
  await visitor.page.reload();
  await greeted(visitor);
  assert.equal((await stack.getCredential(credential)).use_count, 1);
});

visit('a passkey that was revoked signs nobody in, and the device forgets it', async (visitor) => {
  await stack.revokeCredential(await withPasskey(visitor));
  await visitor.device.isTouched(true);
  await visitor.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await visitor.page.getByText('This passkey was removed.').waitFor();
  await until('the device forgets it', async () => (await visitor.device.credentials()).length === 0);
  await visitor.inspect('app-removed');
});

visit('a user who cancels is not signed in, and can sign in by name', async (visitor) => {
  await withPasskey(visitor);
  await visitor.device.verifiesUser(false);
  await visitor.device.isTouched(true);
  await visitor.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await visitor.page.getByText('You cancelled').first().waitFor();
  await visitor.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await greeted(visitor);
});

visit('a suspended user is told so', async (visitor) => {
  await withPasskey(visitor);
  const ada = await stack.getIdentity('ada');
  await stack.putIdentity('ada', { ...ada, status: 'suspended' });
  await visitor.device.isTouched(true);
  await visitor.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await visitor.page.getByText('Your account is suspended.').waitFor();
});

visit('a sign-in token is good for the browser that asked for it, and once', async (visitor) => {
  await withPasskey(visitor);
  await visitor.device.isTouched(true);
  const sent = visitor.page.waitForRequest((request) => request.url() === `${app}/session` && request.method() === 'POST');
  await visitor.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  const body = (await sent).postData();
  await greeted(visitor);
  const post = () => visitor.page.evaluate(async (content) => (await fetch('/session', { method: 'POST', body: content })).status, body);
  assert.equal(await post(), 401);
  assert.equal((await fetch(`${app}/session`, { method: 'POST', body })).status, 401);
});

visit('a software key signs in', async (visitor) => {
  await visitor.device.unplug();
  await signIn(visitor);
  await visitor.click('add');
  await visitor.gets('COMPLETE');
  await visitor.page.getByRole('button', { name: 'Sign out' }).click();
  await visitor.page.getByRole('button', { name: 'Sign in with this browser’s key' }).click();
  await greeted(visitor);
  assert.equal((await stack.getCredential((await onlyJob()).credential_id)).use_count, 1);
});
