// Authenticator configs at the console: created, edited by a form or as JSON, compared, duplicated and deleted.

import assert from 'node:assert/strict';

import { at, enter, heading, look, operate, settled, stack } from './operator.mjs';
import { until } from './stack.mjs';

const YUBIKEY = 'ee882879-721c-4913-9775-3dfcce97072a';
const named = async (name) => (await stack.listConfigs()).find(({ display_name }) => display_name === name);
const summary = ({ page }) => page.getByRole('region', { name: 'In plain words' });

operate('a config is created from a preset, edited, duplicated and deleted', async (operator) => {
  const { page } = operator;
  await enter(operator, '/configs');
  await settled(operator);
  await look(operator, 'configs');
  await page.getByRole('link', { name: 'New config' }).click();
  await heading(operator, 'New config');
  await page.getByLabel('Name', { exact: true }).fill('Offices');
  await page.getByText('Company security keys').click();
  await summary(operator).getByText('Only devices that prove their model are accepted.').waitFor();
  await summary(operator).getByText('Synced passkeys: forbidden.').waitFor();
  // This preset needs no FIDO metadata, which a stack may not have.
  await page.getByRole('textbox', { name: 'Root certificates' }).fill('apple');
  await page.getByRole('textbox', { name: 'Allowed models' }).fill(YUBIKEY);
  await summary(operator).getByText(YUBIKEY).waitFor();
  assert.equal(await page.getByRole('radio', { name: 'Company security keys' }).isChecked(), true);
  await look(operator, 'config-new');
  await page.getByRole('button', { name: 'New config' }).click();
  await page.waitForURL(at('/configs'));
  const made = await named('Offices');
  assert.deepEqual(made.passkey_policy, {
    mechanisms: ['FIDO2'], user_verification: 'required', resident_key: 'preferred', attestation: 'direct', trust: 'attested',
    aaguids: { allow: [YUBIKEY], deny: [] }, backup_eligible: 'forbidden', attestation_roots: ['apple'],
  });

  await page.locator(`[data-config="${made.id}"]`).getByRole('link', { name: 'Edit' }).click();
  await heading(operator, 'Edit config');
  assert.equal(await page.getByRole('button', { name: 'Review changes' }).isDisabled(), true);
  await page.getByRole('textbox', { name: 'Algorithms' }).fill('ES256\nEdDSA');
  await page.getByRole('textbox', { name: 'Root certificates' }).fill('google\napple');
  await page.getByRole('button', { name: 'Review changes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save these changes?' });
  assert.deepEqual(await dialog.locator('dt').allTextContents(), ['passkey_policy.attestation_roots', 'passkey_policy.algorithms']);
  await look(operator, 'config-changes');
  await dialog.getByRole('button', { name: 'Save version 2' }).click();
  await page.waitForURL(at('/configs'));
  const second = await named('Offices');
  assert.deepEqual([second.version, second.passkey_policy.algorithms, second.passkey_policy.attestation_roots], [2, ['ES256', 'EdDSA'], ['google', 'apple']]);

  const card = page.locator(`[data-config="${made.id}"]`);
  await card.getByRole('link', { name: 'Duplicate' }).click();
  await heading(operator, 'New config');
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Offices (copy)');
  await page.getByRole('button', { name: 'New config' }).click();
  await page.waitForURL(at('/configs'));
  const copy = await named('Offices (copy)');
  assert.deepEqual(copy.passkey_policy, second.passkey_policy);

  await card.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await card.waitFor({ state: 'detached' });
  assert.equal(await named('Offices'), undefined);
});

operate('form and JSON show the same config', async (operator) => {
  const { page } = operator;
  await enter(operator, '/configs/hosted');
  await page.getByLabel('Synced passkeys', { exact: true }).selectOption('forbidden');
  await page.getByRole('tab', { name: 'JSON' }).click();
  const json = page.getByRole('textbox', { name: 'JSON' });
  const draft = JSON.parse(await json.inputValue());
  assert.equal(draft.passkey_policy.backup_eligible, 'forbidden');
  // Invalid JSON can neither be saved nor opened in the form.
  await json.fill('{');
  await page.getByRole('alert').getByText('Invalid: ').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Review changes' }).isDisabled(), true);
  assert.equal(await page.getByRole('tab', { name: 'Form' }).isDisabled(), true);
  await look(operator, 'config-json-invalid');
  draft.config = { ...draft.config, type: 'embedded', invoke_url: 'https://app.example.com', trusted_origins: ['https://app.example.com'] };
  await json.fill(JSON.stringify(draft));
  await page.getByRole('tab', { name: 'Form' }).click();
  assert.equal(await page.getByLabel('App', { exact: true }).inputValue(), 'https://app.example.com');
  await page.getByRole('textbox', { name: 'Trusted origins' }).fill('nowhere');
  await page.getByRole('button', { name: 'Review changes' }).click();
  await page.getByRole('button', { name: 'Save version 2' }).click();
  await page.getByRole('alert').getByText('trusted_origins', { exact: false }).first().waitFor();
  await look(operator, 'config-refused');
  // Back on the hosted page: the app's address is removed.
  await page.getByText('On our page').click();
  await page.getByRole('button', { name: 'Review changes' }).click();
  assert.deepEqual(await page.getByRole('dialog').locator('dt').allTextContents(), ['passkey_policy.backup_eligible']);
  await page.getByRole('button', { name: 'Save version 2' }).click();
  await page.waitForURL(at('/configs'));
  await until('the second version', async () => (await stack.listConfigs()).find(({ id }) => id === 'hosted').version === 2);
});

operate('a read-only token cannot change configs', async (operator) => {
  const { page } = operator;
  await enter(operator, '/configs', 'read');
  await settled(operator);
  for (const [name, scope] of [['New config', 'create'], ['Delete', 'delete'], ['Duplicate', 'create'], ['Edit', 'update']]) {
    const button = page.getByRole('button', { name }).first();
    assert.equal(await button.isDisabled(), true, name);
    const reason = await button.evaluate((button) => document.getElementById(button.getAttribute('aria-describedby')).textContent);
    assert.equal(reason, `Your access token needs authenticator-configs:${scope}`);
  }
  await look(operator, 'configs-read-only');
});
