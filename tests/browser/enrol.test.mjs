// A person with a link, a browser and a device: all outcomes of the hosted page.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import { until } from './stack.mjs';
import { stack, visit } from './visit.mjs';

const WEEK = 7 * 24 * 60 * 60;
const JOB_EVENT = 'Credential Binding Job State Change';
const CREDENTIAL_EVENT = 'Credential State Change';

async function returned(details) {
  const created = await stack.createJob({ delivery_method: 'RETURN', ...details });
  return { job: created.credential_binding_job, link: created.credential_binding_link };
}

async function mailed(details) {
  const created = await stack.createJob({ delivery_method: 'EMAIL', ...details });
  const [mail] = await until('the mail arrives', async () => {
    const mails = await stack.mail();
    return mails.length > 0 && mails;
  });
  return { job: created.credential_binding_job, mail, link: linkIn(mail.text) };
}

function linkIn(text) {
  const links = text.match(/http:\/\/localhost:\d+\/bind#\S+/g) ?? [];
  const [link, ...more] = links.filter((link) => !link.includes('?do='));
  assert.ok(link, `no link in the mail:\n${text}`);
  assert.deepEqual(more, [], 'the text names the link once');
  return link;
}

const stateOf = async (job) => (await stack.getJob(job)).state;
const welcome = () => `${stack.base}/_local/welcome`;

// Holds back the page's requests of this verb until they are released.
async function hold(page, verb) {
  const gate = {};
  const open = new Promise((resolve) => { gate.letGo = resolve; });
  await page.route(`**/*:${verb}`, async (route) => {
    await open;
    await route.continue();
  });
  return gate.letGo;
}

visit('a mailed link creates a passkey', async (visitor) => {
  const { job, mail, link } = await mailed({ post_binding_redirect_uri: welcome() });
  assert.equal(mail.to, 'ada@example.com');
  const linksInHtml = new Set([...mail.html.matchAll(/href="([^"]*\/bind#[^"]*)"/g)].map(([, href]) => href));
  assert.deepEqual([...linksInHtml], [link, link.replace('?', '?do=decline&amp;')]);

  const headers = (await visitor.open(link)).headers();
  const policy = new Map(headers['content-security-policy'].split(';').map((directive) => {
    const [name, ...values] = directive.trim().split(' ');
    return [name, values.join(' ')];
  }));
  assert.equal(policy.get('default-src'), "'none'");
  const [hash, qr, ...others] = policy.get('script-src').split(' ');
  assert.match(hash, /^'sha256-[\w+/]{43}='$/);
  assert.deepEqual([qr, others], [`${stack.base}/bind/qr.js`, []]);
  assert.match(policy.get('style-src'), /^'sha256-[\w+/]{43}='$/);
  assert.equal(policy.get('connect-src'), "'self'");
  assert.equal(policy.get('frame-ancestors'), "'none'");
  assert.equal(policy.get('base-uri'), "'none'");
  assert.equal(policy.get('form-action'), "'none'");
  assert.equal(policy.get('require-trusted-types-for'), "'script'");
  assert.equal(policy.get('trusted-types'), "'none'");
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.match(headers['strict-transport-security'], /^max-age=\d{8,}/);
  assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
  assert.match(headers['permissions-policy'], /(^|, )publickey-credentials-create=\(self\)(,|$)/);

  // A mail scanner gets this far, and nothing has changed.
  assert.equal(visitor.page.url(), `${stack.base}/bind`);
  await visitor.page.waitForTimeout(500);
  assert.equal(await stateOf(job), 'LINK_SENT');
  await visitor.sees('ready');
  assert.equal(await visitor.page.locator('#identity').textContent(), 'Ada Lovelace');
  assert.equal(await visitor.page.locator('#realm').textContent(), 'Demo Inc.');

  const arrival = visitor.page.waitForRequest((request) => request.url().startsWith(`${welcome()}?code=`));
  const redemption = visitor.page.waitForResponse((response) => response.url().endsWith(':redeem'));
  await visitor.click('create');
  await visitor.sees('done');
  assert.deepEqual(visitor.failedLoads, []);

  const code = new URL((await arrival).url()).searchParams.get('code');
  const redeemed = await (await redemption).json();
  await visitor.page.getByRole('heading', { name: 'Welcome, Ada Lovelace' }).waitFor();
  await assert.rejects(stack.redeem(code), /answered 410|answered 409/);
  const complete = await stack.getJob(job);
  assert.deepEqual(redeemed.credential_binding_job, complete);
  assert.equal(complete.state, 'COMPLETE');
  const states = ['LINK_SENT', 'LINK_OPENED', 'REQUEST_DELIVERED', 'COMPLETE'];
  assert.deepEqual(complete.transitions.map(({ state }) => state), states);

  const credential = await stack.getCredential(complete.credential_id);
  assert.equal(credential.job_id, job.id);
  assert.equal(credential.csr_type, 'FIDO2');
  const { crv, kty, x, y } = JSON.parse(credential.jwk_json);
  assert.deepEqual({ crv, kty }, { crv: 'P-256', kty: 'EC' });
  const thumbprint = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64');
  assert.equal(credential.jwk_thumbprint, thumbprint.replaceAll('+', '-').replaceAll('/', '_'));
  const [made] = await visitor.device.credentials();
  assert.equal(credential.webauthn.credential_id, Buffer.from(made.credentialId, 'base64').toString('base64url'));
  assert.match(credential.webauthn.aaguid, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  assert.equal(credential.webauthn.attestation_format, 'none');
  assert.equal(credential.webauthn.user_verified, true);
  assert.equal(credential.webauthn.backup_eligible, false);
  assert.equal(credential.webauthn.backup_state, false);

  const events = await until('the credential event is published', async () => {
    const all = await stack.events();
    return all.some((event) => event['detail-type'] === CREDENTIAL_EVENT) && all;
  });
  const ofKind = (kind) => events.filter((event) => event['detail-type'] === kind).map((event) => event.detail.data);
  assert.deepEqual(ofKind(JOB_EVENT).map((data) => data.credential_binding_job.state), states);
  assert.deepEqual(ofKind(CREDENTIAL_EVENT).map((data) => data.credential.id), [complete.credential_id]);
});

visit('a returned link needs no mail', async (visitor) => {
  const { job, link } = await returned();
  await visitor.open(link);
  await visitor.inspect('ready');
  await visitor.click('create');
  await visitor.sees('done');
  await visitor.inspect('done');
  assert.equal(await stateOf(job), 'COMPLETE');
  assert.equal(visitor.page.url(), `${stack.base}/bind`);
  assert.ok((await stack.mail()).every(({ tags }) => tags.mail === 'notice-1'));
  assert.deepEqual(visitor.failedLoads, []);
});

visit('the redirect can be followed at once', async (visitor) => {
  const { link } = await returned({ post_binding_redirect_uri: welcome() });
  // The page would redirect by itself after two seconds.
  await visitor.page.addInitScript(() => {
    const { setTimeout } = window;
    window.setTimeout = (work, wait, ...more) => (wait === 2000 ? 0 : setTimeout(work, wait, ...more));
  });
  await visitor.open(link);
  await visitor.click('create');
  await visitor.sees('done');
  await visitor.inspect('done-leaving');
  // The app removes the code from its address.
  const arrival = visitor.page.waitForRequest((request) => request.url().startsWith(`${welcome()}?code=`));
  await visitor.click('continue');
  await arrival;
});

visit('every wait has a text', async (visitor) => {
  const { link } = await returned();
  const showPage = await hold(visitor.page, 'preview');
  const savePasskey = await hold(visitor.page, 'bind');
  await visitor.open(link, 'checking');
  await visitor.inspect('checking');
  showPage();
  await visitor.sees('ready');
  await visitor.click('create');
  await visitor.page.getByText('Saving your passkey…').waitFor();
  await visitor.sees('working');
  await visitor.inspect('working');
  savePasskey();
  await visitor.sees('done');
});

visit('a cancelled ceremony can be repeated with the same link', async (visitor) => {
  const { job, link } = await returned();
  await visitor.device.verifiesUser(false);
  await visitor.open(link);
  await visitor.click('create');
  await visitor.sees('cancelled');
  await visitor.inspect('cancelled');
  assert.equal(await stateOf(job), 'REQUEST_DELIVERED');

  await visitor.device.verifiesUser(true);
  await visitor.click('retry');
  await visitor.sees('done');
  assert.equal(await stateOf(job), 'COMPLETE');
});

visit('after a refused passkey, another one is created', async (visitor) => {
  const { job, link } = await returned();
  await visitor.open(link);
  // A proxy between page and server replaces the challenge, once.
  await visitor.page.route('**/*:bind', (route) => {
    const body = route.request().postDataJSON();
    const data = JSON.parse(Buffer.from(body.raw.response.clientDataJSON, 'base64url'));
    data.challenge = Buffer.from('of some other page').toString('base64url');
    body.raw.response.clientDataJSON = Buffer.from(JSON.stringify(data)).toString('base64url');
    return route.continue({ postData: JSON.stringify(body) });
  }, { times: 1 });
  await visitor.click('create');
  await visitor.sees('refused');
  await visitor.inspect('refused');
  const { state, last_failure: failure } = await stack.getJob(job);
  assert.equal(state, 'REQUEST_DELIVERED');
  assert.match(failure.reason, /challenge/);

  await visitor.click('retry');
  await visitor.sees('done');
  assert.equal((await stack.listCredentials()).length, 1);
});

visit('a used link shows that it was used', async (visitor) => {
  const { link } = await returned();
  await visitor.open(link);
  await visitor.click('create');
  await visitor.sees('done');
  await visitor.open(link, 'used'); // pasted into the same tab
  await visitor.inspect('used');
  assert.equal((await stack.listCredentials()).length, 1);
});

visit('a link expires, before the page is opened or after', async (visitor) => {
  const { job, link } = await returned();
  await visitor.open(link);
  await stack.advanceClock(WEEK);
  await visitor.click('create');
  await visitor.sees('expired');
  await visitor.open(link, 'expired');
  await visitor.inspect('expired');
  assert.equal(await stateOf(job), 'EXPIRED');
  assert.deepEqual(await visitor.device.credentials(), []);
});

visit('a link is revoked, before the page is opened or after', async (visitor) => {
  const { job, link } = await returned();
  await visitor.open(link);
  await stack.revokeJob(job);
  await visitor.click('create');
  await visitor.sees('revoked');
  await visitor.open(link, 'revoked');
  await visitor.inspect('revoked');
  assert.deepEqual(await visitor.device.credentials(), []);
});

visit('a link with a wrong letter is invalid', async (visitor) => {
  const { job, link } = await returned();
  const [rest, token] = link.split('?token=');
  await visitor.open(`${rest}?token=${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`, 'wrong-link');
  await visitor.inspect('wrong-link');
  assert.equal(await stateOf(job), 'LINK_SENT');
});

visit('a link whose mail bounced shows it', async (visitor) => {
  // The mail is sent, but the response is lost; at the second attempt the mailer rejects it permanently.
  await stack.fail('sesv2', 'SendEmail', 'lost_response');
  await stack.fail('sesv2', 'SendEmail', 'rejected');
  const { job, link } = await mailed();
  await until('the job has failed', async () => (await stateOf(job)) === 'FAILED_TO_SEND');
  await visitor.open(link, 'failed-to-send');
  await visitor.inspect('failed-to-send');
});

visit('a device with a passkey gets no second one', async (visitor) => {
  const first = await returned();
  await visitor.open(first.link);
  await visitor.click('create');
  await visitor.sees('done');
  const second = await returned();
  await visitor.open(second.link);
  await visitor.click('create');
  await visitor.sees('exists');
  await visitor.inspect('exists');
  assert.equal(await stateOf(second.job), 'REQUEST_DELIVERED');
  assert.equal((await visitor.device.credentials()).length, 1);
});

visit('a lost connection can be retried', async (visitor) => {
  const { job, link } = await returned();
  await visitor.open(link);
  await visitor.context.setOffline(true);
  await visitor.click('create');
  await visitor.sees('offline');
  await visitor.inspect('offline');
  assert.equal(await stateOf(job), 'LINK_SENT');

  await visitor.context.setOffline(false);
  await visitor.click('retry');
  await visitor.sees('done');
  assert.equal(await stateOf(job), 'COMPLETE');
});

visit('a passkey whose request was lost is sent again, not created again', async (visitor) => {
  const { job, link } = await returned();
  await visitor.open(link);
  await visitor.page.route('**/*:bind', (route) => route.abort(), { times: 1 });
  await visitor.click('create');
  await visitor.sees('offline');
  assert.equal(await stateOf(job), 'REQUEST_DELIVERED');

  await visitor.click('retry');
  await visitor.sees('done');
  assert.equal(await stateOf(job), 'COMPLETE');
  assert.equal((await visitor.device.credentials()).length, 1);
});

visit('a passkey whose response was lost is a success', async (visitor) => {
  const { job, link } = await returned();
  await visitor.open(link);
  await visitor.page.route('**/*:bind', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await visitor.click('create');
  await visitor.sees('offline');
  assert.equal(await stateOf(job), 'COMPLETE');

  await visitor.click('retry');
  await visitor.sees('done');
  assert.equal((await stack.listCredentials()).length, 1);
});

visit('a request to a busy server is retried', async (visitor) => {
  const { link } = await returned();
  await visitor.open(link);
  const attempts = 4; // of the SDK, before it gives up
  await stack.fail('dynamodb', 'UpdateItem', 'throttle', attempts);
  await visitor.click('create');
  await visitor.sees('busy');
  await visitor.inspect('busy');
  await visitor.click('retry');
  await visitor.sees('done');
});

visit('a link survives a reload, until it is used up', async (visitor) => {
  const { link } = await returned();
  await visitor.open(link);
  await visitor.page.reload();
  await visitor.sees('ready');
  assert.equal(visitor.page.url(), `${stack.base}/bind`);
  await visitor.device.verifiesUser(false);
  await visitor.click('create');
  await visitor.sees('cancelled');
  await visitor.page.reload();
  await visitor.sees('ready');
  await visitor.device.verifiesUser(true);
  await visitor.click('create');
  await visitor.sees('done');
  assert.equal(await visitor.page.evaluate(() => JSON.stringify([sessionStorage, localStorage])), '[{},{}]');
  await visitor.page.reload();
  await visitor.sees('wrong-link');
  await visitor.inspect('wrong-link-reloaded');
});

visit('a browser without scripts shows a message', async (visitor) => {
  const { link } = await returned();
  await visitor.page.goto(link);
  await visitor.page.getByRole('heading', { name: 'JavaScript is switched off' }).waitFor();
  await visitor.shoot('no-script-1280-light');
}, { javaScriptEnabled: false });

visit('the page works with the keyboard, and the heading is read out', async (visitor) => {
  const { link } = await returned();
  const { keyboard } = visitor.page;
  await visitor.device.verifiesUser(false);
  await visitor.open(link);
  assert.equal(await visitor.focused(), 'heading');
  await keyboard.press('Tab');
  assert.equal(await visitor.focused(), 'create');
  await keyboard.press('Enter');
  await visitor.sees('cancelled');
  assert.equal(await visitor.focused(), 'heading');

  await visitor.device.verifiesUser(true);
  await keyboard.press('Tab');
  assert.equal(await visitor.focused(), 'retry');
  await keyboard.press('Enter');
  await visitor.sees('done');
  assert.equal(await visitor.focused(), 'heading');
});
