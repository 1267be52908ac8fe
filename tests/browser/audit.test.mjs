// The audit log at the console.

import assert from 'node:assert/strict';

import { at, enter, look, operate, stack } from './operator.mjs';

operate('the audit log shows each change, and finds those of an operation', async (operator) => {
  const { page } = operator;
  const { credential_binding_job: job } = await stack.createJob({ delivery_method: 'RETURN' });
  await stack.patchConfig('hosted', { passkey_policy: { backup_eligible: 'forbidden' } });
  await enter(operator, '/audit');
  const rows = page.locator('.table.audit .row');
  await rows.first().getByText('patchAuthenticatorConfig').waitFor();
  assert.match(await rows.nth(1).innerText(), new RegExp(`createJob[^]*/identities/ada/credential-binding-jobs/${job.id}[^]*Request`));
  await look(operator, 'audit');
  await page.getByRole('searchbox').fill('createJob');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=createJob/);
  await page.getByText('1 entry').waitFor();
  assert.equal(await rows.count(), 1);
  await page.getByRole('searchbox').fill('nobody');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing found').waitFor();
  await page.goto(at('/audit?q=patchAuthenticatorConfig'));
  await page.getByText('1 entry').waitFor();
});
