// Unsuitable browsers and devices, from which the link is transferred, and links altered by mail systems.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

import { arrive, stack, visit } from './visit.mjs';

const jsqr = createRequire(import.meta.url)('jsqr');
const IN_APP = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 400.0';

async function invited(details) {
  const created = await stack.createJob({ delivery_method: 'RETURN', ...details });
  return { job: created.credential_binding_job, link: created.credential_binding_link };
}

const stateOf = async (job) => (await stack.getJob(job)).state;
const lead = (visitor) => visitor.page.locator('#lead').innerText();

// The text that a camera reads from the screen.
async function scan(page) {
  const png = (await page.locator('#qr svg').screenshot()).toString('base64');
  const { data, width, height } = await page.evaluate(async (url) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(url), (char) => char.charCodeAt(0))]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    canvas.drawImage(bitmap, 0, 0);
    const { data, width, height } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
    return { data: [...data], width, height };
  }, png);
  return jsqr(Uint8ClampedArray.from(data), width, height)?.data;
}

visit('a browser without passkeys offers three ways to transfer the link', async (visitor) => {
  await visitor.page.addInitScript(() => {
    delete window.PublicKeyCredential;
    navigator.share = async ({ url }) => { window.shared = url; };
  });
  await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stack.base });
  const { job, link } = await invited();
  await visitor.open(`${link}&utm_source=mail`, 'unsupported');
  await visitor.inspect('unsupported');
  await visitor.click('copy');
  await visitor.page.getByText('The link is copied.').waitFor();
  assert.equal(await visitor.page.evaluate(() => navigator.clipboard.readText()), link);
  await visitor.click('share');
  assert.equal(await visitor.page.evaluate(() => window.shared), link);
  await visitor.click('show-qr');
  await visitor.page.locator('#qr svg').waitFor();
  await visitor.inspect('unsupported-qr');
  assert.equal(await scan(visitor.page), link);
  assert.equal(await stateOf(job), 'LINK_SENT');
  // The link continues in another browser.
  const other = await arrive();
  await other.open(link);
  await other.click('create');
  await other.sees('done');
  await other.leave();
});

visit('a browser without a clipboard shows the link for manual copying', async (visitor) => {
  await visitor.page.addInitScript(() => {
    delete window.PublicKeyCredential;
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
    document.execCommand = () => false;
  });
  const { link } = await invited();
  await visitor.open(link, 'unsupported');
  assert.equal(await visitor.page.locator('#share').isVisible(), false);
  await visitor.click('copy');
  await visitor.page.getByText('Copy this link, and paste it').waitFor();
  assert.equal(await visitor.page.locator('#link-text').inputValue(), link);
  await visitor.inspect('unsupported-by-hand');
});

visit('a QR code that does not load leaves the other ways', async (visitor) => {
  await visitor.page.addInitScript(() => { delete window.PublicKeyCredential; });
  const { link } = await invited();
  await visitor.page.route('**/bind/qr.js', (route) => route.abort());
  await visitor.open(link, 'unsupported');
  await visitor.click('show-qr');
  await visitor.page.getByText('The QR code could not be loaded.').waitFor();
});

visit('an in-app browser offers the transfer first, and can be tried', async (visitor) => {
  const { job, link } = await invited();
  await visitor.open(link, 'in-app');
  await visitor.inspect('in-app');
  assert.equal(await stateOf(job), 'LINK_SENT');
  await visitor.click('create');
  await visitor.sees('done');
}, { userAgent: IN_APP });

visit('an in-app browser without passkeys offers only the transfer', async (visitor) => {
  await visitor.page.addInitScript(() => { delete window.PublicKeyCredential; });
  await visitor.open((await invited()).link, 'in-app');
  assert.equal(await visitor.page.locator('#create').isVisible(), false);
}, { userAgent: IN_APP });

visit('after a failure, the page offers another device', async (visitor) => {
  const { link } = await invited();
  await visitor.device.verifiesUser(false);
  await visitor.open(link);
  assert.equal(await visitor.page.locator('#elsewhere').isVisible(), false);
  await visitor.click('create');
  await visitor.sees('cancelled');
  assert.equal(await visitor.page.locator('#copy').isVisible(), true);
  await visitor.click('show-qr');
  await visitor.page.locator('#qr svg').waitFor();
  assert.equal(await scan(visitor.page), link);
});

visit('a refused passkey is explained with a remedy, in the language of the reader', async (visitor) => {
  const { id } = await stack.createConfig({
    display_name: 'Synced', config: { type: 'hosted_web' }, passkey_policy: { backup_eligible: 'required' },
  });
  const { link } = await invited({ authenticator_config_id: id });
  await visitor.open(link);
  assert.equal(await visitor.page.locator('html').getAttribute('lang'), 'de');
  await visitor.inspect('ready-german');
  await visitor.click('create');
  await visitor.sees('refused');
  await visitor.inspect('refused-german');
  assert.match(await lead(visitor), /^Der Passkey wurde an einem Ort gespeichert, den .Demo Inc\.. nicht akzeptiert\./);
  assert.match(await visitor.page.locator('#trace').innerText(), /Grund: backup_eligibility_not_allowed/);
}, { locale: 'de-AT' });

visit('an encoded # is repaired and removed from the address bar', async (visitor) => {
  const { link } = await invited();
  for (const damaged of [
    link.replace('#', '%23'), link.replace('/bind#', '/bind/#'), link.replace('/bind#', '/Bind#'),
    link.replace(/#.*/, (fragment) => encodeURIComponent(fragment)), `${link}&utm_source=mail`, `${link}.`, link.replaceAll('-', '%2D'),
  ]) {
    await visitor.page.goto('about:blank');
    await visitor.open(damaged);
    assert.equal(visitor.page.url(), `${stack.base}/bind`);
  }
  await visitor.click('create');
  await visitor.sees('done');
});

visit('an unknown address shows a page with a remedy', async (visitor) => {
  for (const path of ['/bind/', '/Bind', '/bind%23', '/anything/else', '/v1/tenants', '/.well-known/webauthn']) {
    const response = await visitor.open(stack.base + path, 'wrong-link');
    assert.deepEqual([path, response.status()], [path, 404]);
    assert.match(response.headers()['content-type'], /^text\/html/);
    assert.match(response.headers()['content-security-policy'], /default-src 'none'/);
    await visitor.page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  }
  await visitor.inspect('nowhere');
});

visit("an app's invalid link shows a page too, without the secret in its address", async (visitor) => {
  const { job, link } = await invited({ authenticator_config_id: 'embedded' });
  await stack.revokeJob(job);
  await visitor.open(link, 'revoked');
  await visitor.inspect('revoked-app');
  assert.equal(visitor.page.url(), `${stack.base}/bind`);
  await visitor.open(`${link.split('?')[0]}?token=${'A'.repeat(43)}`, 'wrong-link');
  const { link: living } = await invited({ authenticator_config_id: 'embedded' });
  await stack.fail('dynamodb', 'UpdateItem', 'error', 8);
  await visitor.open(living, 'busy');
  await visitor.inspect('busy-app');
  await stack.reset();
});

visit("an app's link in lower case still leads to the app", async (visitor) => {
  const { link } = await invited({ authenticator_config_id: 'embedded' });
  const app = await stack.app();
  await visitor.page.goto(link.replace('invokeAuthenticator', 'invokeauthenticator'));
  await visitor.page.waitForURL((url) => url.origin === app);
});
