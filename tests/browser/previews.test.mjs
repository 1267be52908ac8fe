// A realm's mails and page in the console: previews, test mails and the realm's own texts.

import assert from 'node:assert/strict';

import { enter, operate, settled } from './operator.mjs';

operate('a mail is previewed as it would be sent, before the realm is saved', async (operator) => {
  const { page } = operator;
  await enter(operator, '/realm');
  await settled(operator);
  const mail = page.frameLocator('iframe.stage');
  await mail.getByRole('heading', { level: 1 }).getByText('Create your passkey for Demo').waitFor();
  await page.getByLabel('Button color', { exact: true }).fill('#550000');
  await page.getByLabel('Introduction').fill('Ours, <b>unsaved</b>.');
  await page.getByRole('alert').or(page.getByText('must be plain text')).first().waitFor();
  await page.getByLabel('Introduction').fill('Ours, unsaved.');
  await mail.getByText('Ours, unsaved.').waitFor();
  const button = mail.getByRole('link', { name: 'Create passkey' });
  assert.equal(await button.evaluate((element) => getComputedStyle(element).backgroundColor), 'rgb(85, 0, 0)');
  await page.getByLabel('Language', { exact: true }).selectOption('ar');
  await page.getByLabel('Show', { exact: true }).selectOption('NOTICE');
  await mail.getByRole('heading', { level: 1 }).getByText('تمت إضافة مفتاح مرور إلى حسابك').waitFor();
  assert.equal(await mail.locator('body').evaluate((body) => getComputedStyle(body).direction), 'rtl');
  await page.getByLabel('Your address').fill('operator@example.com');
  await page.getByRole('button', { name: 'Send a test mail' }).click();
  await page.getByText('Sent to operator@example.com.').waitFor();
  await operator.inspect('console-realm-preview');
});

operate('the hosted page is previewed in each language, before the realm is saved', async (operator) => {
  const { page } = operator;
  await enter(operator, '/realm');
  await page.getByLabel('Show', { exact: true }).selectOption('LINK_SENT');
  const hosted = page.frameLocator('iframe.stage');
  await hosted.getByRole('heading', { level: 1 }).getByText('Create your passkey').waitFor();
  const name = page.getByLabel('Name of the realm');
  await page.getByLabel('Button color', { exact: true }).fill('#550000');
  await page.getByLabel('Introduction').fill('Ours, unsaved.');
  await hosted.getByText('Ours, unsaved.').waitFor();
  await name.focus();
  const button = hosted.getByRole('button', { name: 'Create passkey' });
  assert.equal(await button.evaluate((element) => getComputedStyle(element).backgroundColor), 'rgb(85, 0, 0)');
  // The frame has no access to the console, its buttons do nothing, and the focus stays in the form.
  assert.equal(await hosted.locator('html').evaluate(() => origin), 'null');
  await button.click();
  assert.equal(await hosted.locator('html').getAttribute('data-state'), 'ready');
  await page.getByLabel('Introduction').focus();
  await page.getByLabel('Introduction').fill('Ours again.');
  await hosted.getByText('Ours again.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'TEXTAREA');
  await page.getByLabel('Language', { exact: true }).selectOption('ar');
  await hosted.locator('html[dir="rtl"][data-state="ready"]').waitFor();
  await operator.inspect('console-page-preview');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByLabel('Show', { exact: true }).selectOption('EXPIRED');
  await hosted.locator('html[data-tone="warn"]').waitFor();
});
