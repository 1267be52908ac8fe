// Realms in the console: listed, created and switched. A realm that does not exist is an error, and an empty one says
// what to do next.

import assert from 'node:assert/strict';

import { enter, heading, look, operate, settled, stack } from './operator.mjs';

operate('realms are listed, created and opened, and a new one leads to its first job', async (operator) => {
  const { page } = operator;
  await enter(operator, '');
  await page.getByRole('link', { name: 'Switch' }).click();
  await heading(operator, 'Choose a realm');
  await page.locator('[data-realm="demo"]').waitFor();
  await look(operator, 'realms');
  await page.getByText('New realm').first().click();
  // An id that exists is not replaced.
  await page.getByLabel('Name').fill('Staff');
  await page.getByLabel('Id', { exact: true }).fill('demo');
  await page.getByRole('button', { name: 'New realm' }).click();
  await page.getByRole('alert').getByText('A realm with this id already exists').waitFor();
  await page.getByLabel('Id', { exact: true }).fill('staff');
  await page.getByRole('button', { name: 'New realm' }).click();
  await page.waitForURL(`${stack.base}/console/demo/staff`);
  await page.locator('.where strong').getByText('Staff', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Create an authenticator config' }).waitFor();
  await look(operator, 'realm-empty');
  await page.getByRole('link', { name: 'Create an authenticator config' }).click();
  await heading(operator, 'New config');
  await page.getByLabel('Name', { exact: true }).fill('Page');
  await page.getByRole('button', { name: 'New config' }).click();
  await heading(operator, 'Configs');
  await page.getByRole('link', { name: 'Overview' }).click();
  await page.locator('[data-done="true"]').getByText('Create an authenticator config').waitFor();
  assert.equal(await page.locator('[data-done="true"]').count(), 1);
  await page.getByRole('link', { name: 'Switch' }).click();
  await page.locator('[data-realm="staff"]').waitFor();
  await page.locator('[data-realm="demo"] a').click();
  await page.waitForURL(`${stack.base}/console/demo/demo`);
});

operate('a realm that does not exist is an error', async (operator) => {
  const { page } = operator;
  await enter(operator, '');
  await page.goto(`${stack.base}/console/demo/nowhere/jobs`);
  await heading(operator, 'Realm not found');
  await page.getByRole('alert').getByText('There is no realm nowhere in tenant demo.').waitFor();
  await settled(operator);
  await look(operator, 'realm-unknown');
  await page.getByRole('link', { name: 'All realms' }).click();
  await heading(operator, 'Choose a realm');
});
