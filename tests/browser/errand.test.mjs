// Links that decline, disown and renew, on the hosted page: nothing happens before the click.

import assert from 'node:assert/strict';

import { until } from './stack.mjs';
import { stack, visit } from './visit.mjs';

const WEEK = 7 * 24 * 60 * 60;

// The link with this errand in the newest mail of that kind.
async function mailedLink(kind, action) {
  const mail = await until(`the ${kind} arrives`, async () => {
    return (await stack.mail()).findLast(({ tags }) => tags.mail.startsWith(kind));
  });
  const links = mail.text.match(/http:\/\/localhost:\d+\/bind#\S+/g) ?? [];
  return links.find((link) => (action ? link.includes(`?do=${action}&`) : !link.includes('?do=')));
}

visit('an unexpected link is declined', async (visitor) => {
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
  await visitor.inspect('revoked-by-recipient');
  assert.match(await visitor.page.locator('#lead').innerText(), /It was withdrawn with the link in the mail/);
});

visit('a passkey that somebody else created is disowned', async (visitor) => {
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
  const shown = await visitor.page.locator('#facts').innerText();
  assert.match(shown, /From\s+Demo Inc\.\s+For\s+Ada Lovelace\s+Passkey\s+Unknown manufacturer\s+Created\s+\w+ \d+, 20\d\d/);
  assert.doesNotMatch(shown, /Valid until/);
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
  // The device is told that the passkey is no longer valid.
  const { rp_id: rpId, credential_id: credentialId } = revoked.webauthn;
  assert.deepEqual(await visitor.page.evaluate('window.forgotten'), { rpId, credentialId });

  await visitor.open(await mailedLink('notice', 'disown'), 'removed');
  assert.match(await visitor.page.locator('#lead').innerText(), /It was removed with this link on /);
  await visitor.inspect('removed');
});

visit('a passkey that was revoked, or can no longer be disowned, shows it', async (visitor) => {
  await stack.putRealm({ display_name: 'Demo Inc.', theme: { support_url: 'https://help.example.com/' } });
  const { credential_binding_link: link } = await stack.createJob({ delivery_method: 'RETURN' });
  await visitor.open(link);
  await visitor.click('create');
  await visitor.sees('done');
  const disown = await mailedLink('notice', 'disown');
  await visitor.open(disown, 'disown');
  await stack.advanceClock(24 * 60 * 60);
  // The day passed while the page was open.
  await visitor.click('errand');
  await visitor.sees('over');
  await visitor.inspect('over');
  assert.match(await visitor.page.locator('#lead').innerText(), /could remove the passkey until .* 20\d\d.*ask .Demo Inc\.. to remove it/);
  assert.equal(await visitor.page.locator('#support-link').getAttribute('href'), 'https://help.example.com/');
  await visitor.open(disown, 'over');

  const [{ id }] = await stack.listCredentials();
  await stack.revokeCredential(id);
  await visitor.open(disown, 'removed');
  assert.match(await visitor.page.locator('#lead').innerText(), /^.Demo Inc\.. removed it on /);
  await visitor.inspect('removed-by-operator');
});

visit('the purpose of a link survives alterations', async (visitor) => {
  await stack.createJob({ delivery_method: 'EMAIL' });
  const decline = await mailedLink('invitation', 'decline');
  const { credential_binding_link: other } = await stack.createJob({ delivery_method: 'RETURN' });
  await visitor.open(other);
  await visitor.click('create');
  await visitor.sees('done');
  const disown = await mailedLink('notice', 'disown');
  // The form of links in early versions.
  const behind = (link) => link.replace(/\?(do=\w+)&(token=.*)/, '?$2&$1');
  for (const [link, state] of [[decline, 'decline'], [disown, 'disown']]) {
    for (const form of [link, behind(link)]) {
      for (const opened of [
        form, `${form}&utm_source=mail`, `${form}.`, `${form}?utm_source=mail`, form.replaceAll('&', '&amp;'),
        form.replace('&', '%26'), form.replace('#', '%23'), form.replace('/bind#', '/bind?utm_source=mail#'),
      ]) {
        await visitor.page.goto('about:blank');
        await visitor.open(opened, state);
        assert.equal(visitor.page.url(), `${stack.base}/bind`);
      }
    }
  }
  // The secret of a notice determines the purpose if the errand is lost; an unknown errand does nothing.
  for (const [opened, state] of [
    [disown.replace('do=disown&', ''), 'disown'], [disown.replace('do=disown', 'do=something'), 'disown'],
    [decline.replace('do=decline', 'do=something'), 'wrong-link'], [decline.replace('do=decline', 'do='), 'wrong-link'],
    [decline.slice(0, -1), 'wrong-link'], [decline.slice(0, decline.indexOf('token=')), 'wrong-link'],
  ]) {
    await visitor.page.goto('about:blank');
    await visitor.open(opened, state);
  }
}, { timeout: 240_000 });

visit('an expired link is renewed by mail, if the realm allows it', async (visitor) => {
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
  const mail = await until('the mail arrives', async () => (await stack.mail()).at(-1));
  assert.match(mail.subject, /^Your new link: /);
  assert.match(mail.text, /A new link was requested, because the earlier one had expired/);

  // The old link says that a new one was mailed, and can have it mailed again.
  await visitor.page.goto('about:blank');
  await visitor.open(link, 'renewing');
  await visitor.inspect('renewing');
  await visitor.click('errand');
  await visitor.sees('busy');
  assert.match(await visitor.page.locator('#lead').innerText(), /A new link was mailed a moment ago/);
  await visitor.inspect('busy-mailed-now');
  await stack.advanceClock(60);
  await visitor.click('retry');
  await visitor.sees('renewed');
  await until('another mail arrives', async () => (await stack.mail()).length === 2);
  await visitor.open(await mailedLink('invitation'));
  await visitor.click('create');
  await visitor.sees('done');
  await visitor.page.goto('about:blank');
  await visitor.open(link, 'used');
});

visit('a page that is open when the link expires offers the renewal too', async (visitor) => {
  await stack.putRealm({ display_name: 'Demo Inc.', link_renewal: 'allowed' });
  const { credential_binding_link: link } = await stack.createJob({ delivery_method: 'RETURN' });
  await visitor.open(link);
  await stack.advanceClock(WEEK);
  await visitor.click('create');
  await visitor.sees('renewable');
  await visitor.click('errand');
  await visitor.sees('renewed');
});
