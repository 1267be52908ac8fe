// The published API's npm package works unchanged, on a page of another origin.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

import { Visitor, launch } from './browser.mjs';
import { LIMIT, Stack } from './stack.mjs';

const SDK = createRequire(import.meta.url).resolve('@beyondidentity/bi-sdk-js');
const PAGE = '<!doctype html><html lang="en"><title>An app</title><script src="/sdk.js"></script></html>';

let stack, browser, app, origin;

before(async () => {
  const sdk = await readFile(SDK);
  app = createServer((request, response) => {
    const script = request.url === '/sdk.js';
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html').end(script ? sdk : PAGE);
  });
  app.listen(0, '127.0.0.1');
  await once(app, 'listening');
  origin = `http://localhost:${app.address().port}`;
  [stack, browser] = await Promise.all([Stack.start(), launch()]);
});

after(async () => {
  await Promise.allSettled([browser?.close(), stack?.stop()]);
  app?.close();
});

// A job for the app's page.
async function invite(trusted) {
  const config = await stack.createConfig({
    display_name: 'The app',
    config: { type: 'embedded', invoke_url: origin, trusted_origins: [trusted] },
  });
  const { credential_binding_job: job, credential_binding_link: link } = await stack.createJob({
    delivery_method: 'RETURN',
    authenticator_config_id: config.id,
    post_binding_redirect_uri: `${stack.base}/_local/welcome`,
  });
  return { job, link };
}

// The SDK's result for a link, or without one for the address of the open page.
function bind(visitor, link) {
  return visitor.page.evaluate(async ([link, host]) => {
    const sdk = await globalThis.embeddedsdk.Embedded.initialize({ allowedDomains: [host] });
    const isBindLink = sdk.isBindPasskeyUrl(link ?? location.href);
    try {
      return { isBindLink, ...(await sdk.bindPasskey(link ?? location.href)) };
    } catch (error) {
      return { isBindLink, error: `${error?.message ?? error}` };
    }
  }, [link, new URL(stack.base).hostname]);
}

async function isEnrolled(job, outcome, mechanism) {
  assert.equal(outcome.error, undefined);
  assert.equal(outcome.isBindLink, true);
  assert.equal(outcome.postBindingRedirectUri, `${stack.base}/_local/welcome`);
  const done = await stack.getJob(job);
  assert.equal(done.state, 'COMPLETE');
  const credential = await stack.getCredential(done.credential_id);
  assert.equal(credential.csr_type, mechanism);
  // The SDK has its own id for it, beside Bindery's.
  assert.equal(outcome.passkey.passkeyId, credential.id, JSON.stringify(outcome.passkey));
}

// A test with a visitor to the app.
function visit(name, steps) {
  test(name, { timeout: LIMIT }, async () => {
    const visitor = await Visitor.arrive(browser);
    try {
      await steps(visitor);
    } finally {
      await visitor.leave();
    }
  });
}

for (const mechanism of ['WEBAUTHN', 'JWT']) {
  visit(`the published SDK binds by ${mechanism}`, async (visitor) => {
    if (mechanism === 'JWT') await visitor.device.unplug();
    const { job, link } = await invite(origin);
    await visitor.page.goto(origin);
    await isEnrolled(job, await bind(visitor, link), mechanism);
  });
}

visit('the published SDK binds on the page that a link leads to', async (visitor) => {
  const { job, link } = await invite(origin);
  await visitor.follow(link);
  assert.ok(visitor.page.url().startsWith(`${origin}/bind?api_base_url=`));
  assert.equal((await stack.getJob(job)).state, 'LINK_OPENED');
  await isEnrolled(job, await bind(visitor), 'WEBAUTHN');
});

visit('an untrusted page cannot bind', async (visitor) => {
  const { job, link } = await invite('https://another.example');
  await visitor.page.goto(origin);
  assert.ok((await bind(visitor, link)).error);
  assert.equal((await stack.getJob(job)).state, 'LINK_SENT');
});
