// Links that withdraw, take back and renew, on the hosted page: nothing happens before the click.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, Visitor } from './browser.mjs';
import { LIMIT, Stack, until } from './stack.mjs';

const WEEK = 7 * 24 * 60 * 60;

let stack;
let browser;

before(async () => {
  [stack, browser] = await Promise.all([Stack.start(), launch()]);
});

after(async () => {
  await Promise.allSettled([browser?.close(), stack?.stop()]);
});

function visit(name, steps) {
  test(name, { timeout: LIMIT }, async () => {
    await stack.reset();
    const visitor = await Visitor.arrive(browser);
    try {
      await steps(visitor);
      assert.deepEqual(visitor.problems, []);
    } finally {
      await visitor.leave();
    }
  });
}

// The link in the newest mail of that kind which does this.
async function mailedLink(kind, action) {
  const mail = await until(`the ${kind} is there`, async () => {
    return (await stack.mail()).findLast(({ tags }) => tags.mail.startsWith(kind));
  });
  const links = mail.text.match(/http:\/\/localhost:\d+\/bind#\S+/g) ?? [];
  return links.find((link) => (action ? link.endsWith(`&do=${action}`) : !link.includes('&do=')));
}

visit('a link that was not expected is withdrawn', async (visitor) => {
  const { credential_binding_job: job } = await stack.createJob({ delivery_method: 'EMAIL' });
  await visitor.open(await mailedLink('invitation', 'decline'), 'decline');
  await visitor.inspect('decline');
  assert.equal((await stack.getJob(job)).state, 'LINK_SENT');
  await visitor.click('errand');
  await visitor.sees('declined');
  await visitor.inspect('declined');
  const { state, revoked_by: revoker } = await stack.getJob(job);
  assert.deepEqual([state, revoker], ['REVOKED', 'RECIPIENT']);
  await visitor.open(await mailedLink('invitation'), 'revoked');
});

visit('a passkey that somebody else made is taken back', async (visitor) => {
  const { credential_binding_job: job, credential_binding_link: link } =
    await stack.createJob({ delivery_method: 'RETURN' });
  await visitor.open(link);
  await visitor.click('create');
  await visitor.sees('done');
  await visitor.page.addInitScript(() => {
    PublicKeyCredential.signalUnknownCredential = async (passkey) => { window.forgotten = passkey; };
  });
  await visitor.open(await mailedLink('notice', 'disown'), 'disown');
  await visitor.inspect('disown');
  const { credential_id: credential } = await stack.getJob(job);
  assert.equal((await stack.getCredential(credential)).state, 'ACTIVE');
  await visitor.page.route('**/*:disown', (route) => route.abort(), { times: 1 });
  await visitor.click('errand');
  await visitor.sees('offline');
  await visitor.click('retry');
  await visitor.sees('disowned');
  await visitor.inspect('disowned');
  const revoked = await stack.getCredential(credential);
  assert.equal(revoked.state, 'REVOKED');
  // The device is told that the passkey is good for nothing any more.
  const { rp_id: rpId, credential_id: credentialId } = revoked.webauthn;
  assert.deepEqual(await visitor.page.evaluate('window.forgotten'), { rpId, credentialId });

  await stack.advanceClock(25 * 60 * 60);
  await visitor.open(await mailedLink('notice', 'disown'), 'disown');
  await visitor.click('errand');
  await visitor.sees('over');
  await visitor.inspect('over');
});

visit('an expired link brings a new one by mail, where the realm allows it', async (visitor) => {
  const { credential_binding_link: link } = await stack.createJob({ delivery_method: 'RETURN' });
  await stack.advanceClock(WEEK);
  await visitor.open(link, 'expired');
  await stack.putRealm({ display_name: 'Demo Inc.', link_renewal: 'allowed' });
  await visitor.page.goto('about:blank');
  await visitor.open(link, 'renewable');
  await visitor.inspect('renewable');
  assert.deepEqual(await stack.mail(), []);
  await visitor.click('errand');
  await visitor.sees('renewed');
  await visitor.inspect('renewed');
  await visitor.open(await mailedLink('invitation'));
  await visitor.click('create');
  await visitor.sees('done');
});
