// The console's overview: how far jobs progressed, and whether passkeys are used.

import assert from 'node:assert/strict';

import { enrol, enter, look, operate, settled, stack, visitLink } from './operator.mjs';
import { until } from './stack.mjs';

operate('the overview counts passkeys that were created and those that have signed in', async (operator) => {
  const { page } = operator;
  await enrol();
  const redirect = `${stack.base}/_local/welcome`;
  const { credential_binding_link: link } = await stack.createJob({ delivery_method: 'RETURN', post_binding_redirect_uri: redirect });
  await visitLink(link, async (user) => {
    await user.open(link);
    await user.click('create');
    await user.page.waitForURL(`${redirect}**`);
    await user.page.getByRole('button', { name: 'Sign in with your new passkey' }).click();
    await user.page.locator('#said', { hasText: 'ada' }).waitFor();
  });
  await enter(operator);
  await page.locator('[data-figure="used"]').waitFor();
  const figure = async (name) => page.locator(`[data-figure="${name}"] strong`).innerText();
  assert.deepEqual([await figure('created'), await figure('used')], ['2', '1']);
  // The identities by enrollment, whose counts the server keeps, lead to those identities.
  await stack.putIdentity('bob', { display_name: 'Bob', traits: { type: 'traits_v0', username: 'bob' } });
  await until('both are counted', async () => {
    await page.reload();
    const shown = page.locator('#people li');
    await shown.first().waitFor();
    return `${await shown.allInnerTexts()}`.replace(/\s+/g, ' ') === 'Has a passkey 1,Not invited 1';
  });
  await settled(operator);
  await look(operator, 'overview-used');
  await page.locator('#people').getByRole('link', { name: 'Not invited' }).click();
  await page.locator('[data-identity="bob"]').waitFor();
  assert.equal(await page.locator('[data-identity]').count(), 1);
});

operate('the overview works without the scope to read passkeys', async (operator) => {
  const { page } = operator;
  await stack.createJob({ delivery_method: 'RETURN' });
  await enter(operator, '', '', 'credential-binding-jobs:read realms:read');
  await page.locator('.figures').getByText('from link to passkey').waitFor();
  assert.equal(await page.locator('[data-figure]').count(), 0);
});
