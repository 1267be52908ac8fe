// Clients of the published API work unchanged: its npm package, as it is, on a page of another origin.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

import { Visitor, launch } from './browser.mjs';
import { Stack } from './stack.mjs';

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

// A job for the app's page, and what the SDK makes of its link there.
async function bind(visitor, trusted) {
  const config = await stack.createConfig({
    display_name: 'The app',
    config: { type: 'embedded', invoke_url: origin, trusted_origins: [trusted] },
  });
  const { credential_binding_job: job, credential_binding_link: link } = await stack.createJob({
    delivery_method: 'RETURN',
    authenticator_config_id: config.id,
    post_binding_redirect_uri: `${stack.base}/_local/welcome`,
  });
  await visitor.page.goto(origin);
  const outcome = await visitor.page.evaluate(async ([link, host]) => {
    const sdk = await globalThis.embeddedsdk.Embedded.initialize({ allowedDomains: [host] });
    const isBindLink = sdk.isBindPasskeyUrl(link);
    try {
      return { isBindLink, ...(await sdk.bindPasskey(link)) };
    } catch (error) {
      return { isBindLink, error: `${error?.message ?? error}` };
    }
  }, [link, new URL(stack.base).host]);
  return { job, outcome };
}

async function enrols(visitor, mechanism) {
  const { job, outcome } = await bind(visitor, origin);
  assert.equal(outcome.error, undefined);
  assert.equal(outcome.isBindLink, true);
  assert.equal(outcome.postBindingRedirectUri, `${stack.base}/_local/welcome`);
  const done = await stack.getJob(job);
  assert.equal(done.state, 'COMPLETE');
  const credential = await stack.getCredential(done.credential_id);
  assert.equal(credential.csr_type, mechanism);
  // The SDK has an id of its own for it, and ours beside.
  assert.equal(outcome.passkey.passkeyId, credential.id, JSON.stringify(outcome.passkey));
}

for (const mechanism of ['WEBAUTHN', 'JWT']) {
  test(`the published SDK binds by ${mechanism}`, { timeout: 60_000 }, async () => {
    const visitor = await Visitor.arrive(browser);
    try {
      if (mechanism === 'JWT') await visitor.device.unplug();
      await enrols(visitor, mechanism);
    } finally {
      await visitor.leave();
    }
  });
}

test('a page that is not trusted binds nothing', { timeout: 60_000 }, async () => {
  const visitor = await Visitor.arrive(browser);
  try {
    const { job, outcome } = await bind(visitor, 'https://another.example');
    assert.ok(outcome.error);
    assert.equal((await stack.getJob(job)).state, 'LINK_SENT');
  } finally {
    await visitor.leave();
  }
});
