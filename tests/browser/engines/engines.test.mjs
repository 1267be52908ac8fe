// The hosted page, the console, the sample app, the API reference and the local pages in Firefox and in WebKitGTK.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { LIMIT, Stack, until } from '../stack.mjs';
import { Engine } from './engine.mjs';

let stack;
let app;

before(async () => {
  stack = await Stack.start();
  app = await stack.app();
});

after(() => stack?.stop());

for (const name of ['firefox', 'webkit']) {
  describe(name, () => {
    let engine;
    before(async () => { engine = await Engine[name](); });
    after(() => engine?.stop());
    const visit = (title, steps) => test(title, { timeout: LIMIT }, async () => {
      await stack.reset();
      // The device does not know that the server's data is gone.
      if (engine.hasPasskeys) await engine.driver.removeAllCredentials();
      await steps(engine);
    });
    visit('the hosted page', hostedPage);
    visit('the console', theConsole);
    visit('the sample app', sampleApp);
    visit('the API reference', reference);
    visit('the local page', localPage);
  });
}

async function hostedPage(engine) {
  const { credential_binding_job: job, credential_binding_link: link } = await stack.createJob({ delivery_method: 'RETURN' });
  await engine.go(link);
  if (!engine.hasPasskeys) {
    await engine.root('data-state', 'unsupported');
    await engine.inspect('unsupported');
    await engine.click('//button[contains(., "QR")]');
    await engine.see('#qr svg');
    await engine.inspect('unsupported-qr');
    assert.equal((await stack.getJob(job)).state, 'LINK_SENT');
    return;
  }
  await engine.root('data-state', 'ready');
  await engine.inspect('ready');
  await engine.click('#create');
  await engine.root('data-state', 'done');
  await engine.inspect('done');
  const { state, credential_id: credential } = await stack.getJob(job);
  assert.equal(state, 'COMPLETE');
  const { webauthn } = await stack.getCredential(credential);
  assert.equal(webauthn.user_verified, true);
  assert.equal((await engine.driver.getCredentials()).length, 1);
}

async function theConsole(engine) {
  const { credential_binding_job: job } = await stack.createJob({ delivery_method: 'RETURN' });
  await engine.go(`${stack.base}/console/demo/demo/jobs`);
  await engine.click('#sign-in');
  await engine.see('#all');
  await engine.inspect('issuer');
  await engine.click('#all');
  await engine.see(`a[href$="/jobs/ada/${job.id}"]`);
  await engine.inspect('console-jobs');
  await engine.click(`a[href$="/jobs/ada/${job.id}"]`);
  await engine.see('.progress[data-state="LINK_SENT"]');
  await engine.inspect('console-job');
  for (const page of ['', '/identities', '/configs', '/credentials', '/realm', '/events']) {
    await engine.go(`${stack.base}/console/demo/demo${page}`);
    await engine.see('h1');
    await until('the page is loaded', () => engine.run("return !document.querySelector('main .loading')"));
    await engine.inspect(`console${page.replace('/', '-')}`);
  }
}

async function sampleApp(engine) {
  await engine.go(`${app}/`);
  await engine.click('//button[text()="Sign in"]');
  await engine.see('//h1[text()="Hello, Ada Lovelace"]');
  await engine.click('#add');
  await engine.root('data-outcome', 'COMPLETE');
  await engine.inspect('app-done');
  const [{ id, csr_type: kind, algorithm }] = await stack.listCredentials();
  assert.deepEqual([kind, algorithm], engine.hasPasskeys ? ['FIDO2', 'ES256'] : ['JWT', 'ES256']);

  await engine.click('#sign-out');
  const way = engine.hasPasskeys ? '#use-passkey' : '#software-key';
  await engine.see(way);
  await engine.inspect('app-sign-in');
  await engine.click(way);
  await engine.see('//h1[text()="Hello, Ada Lovelace"]');
  assert.equal((await stack.getCredential(id)).use_count, 1);
}

async function reference(engine) {
  await engine.go(`${stack.base}/docs`);
  await engine.see('#groups li');
  await engine.inspect('docs');
  await engine.click('//*[@id="groups"]//a[contains(., "Create a job")]');
  const shown = "return document.querySelector('rapi-doc')?.shadowRoot?.textContent.includes('Creates a job.')";
  await until('the operation is shown', () => engine.run(shown));
  await engine.inspect('docs-operation');
}

async function localPage(engine) {
  await engine.go(`${stack.base}/_local/`);
  await engine.click('#new-job');
  await engine.see('//*[contains(@class, "entry")]//a[text()="Open the link"]');
  await engine.click('//button[contains(., "to ada@example.com")]');
  await engine.see('.entry iframe');
  await engine.inspect('local');
}
