// The identities of a realm in the console: found, created, edited, suspended and erased, with their history.

import assert from 'node:assert/strict';

import { at, enrol, enter, heading, look, operate, settled, stack } from './operator.mjs';
import { until } from './stack.mjs';

const ids = ({ page }) => page.locator('[data-identity]').evaluateAll((rows) => rows.map((row) => row.dataset.identity));
const shows = (operator, expected) => until(`identities ${expected}`, async () => `${await ids(operator)}` === `${expected}`);
const person = (name, more = {}) => ({ display_name: name, traits: { type: 'traits_v0', username: name.toLowerCase().replace(' ', '.'), ...more } });

operate('an identity is created, edited and found', async (operator) => {
  const { page } = operator;
  await enter(operator, '/identities');
  await shows(operator, ['ada']);
  await page.getByRole('link', { name: 'New identity' }).click();
  await heading(operator, 'New identity');
  await look(operator, 'identity-new');
  // An id that exists is not replaced.
  await page.getByLabel('Name', { exact: true }).fill('Grace Hopper');
  await page.getByLabel('User name').fill('grace');
  await page.getByLabel('Id', { exact: true }).fill('ada');
  await page.getByRole('button', { name: 'New identity' }).click();
  await page.getByRole('alert').getByText('An identity with this id already exists').waitFor();
  assert.equal((await stack.getIdentity('ada')).display_name, 'Ada Lovelace');
  await page.getByLabel('Id', { exact: true }).fill('grace');
  await page.getByLabel('Mail address').fill('grace@example.com');
  await page.getByRole('button', { name: 'New identity' }).click();
  await heading(operator, 'Grace Hopper');
  assert.equal(page.url(), at('/identities/grace'));
  const { traits } = await stack.getIdentity('grace');
  assert.equal(traits.primary_email_address, 'grace@example.com');

  await page.getByRole('link', { name: 'Edit' }).click();
  await heading(operator, 'Edit identity');
  await page.getByLabel('Mail address').fill('');
  await page.getByLabel('Language').fill('de');
  await page.getByRole('button', { name: 'Save' }).click();
  await heading(operator, 'Grace Hopper');
  assert.deepEqual((await stack.getIdentity('grace')).traits, { type: 'traits_v0', username: 'grace', locale: 'de' });

  await page.goto(at('/identities'));
  await shows(operator, ['grace', 'ada']);
  const search = async (text, expected) => {
    await page.getByRole('searchbox').fill(text);
    await page.keyboard.press('Enter');
    await shows(operator, expected);
  };
  await search('LOVELACE', ['ada']);
  await search('grace', ['grace']);
  await search('ada@example', ['ada']);
  await search('nobody', []);
  await page.getByRole('heading', { name: 'No matching identities' }).waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await shows(operator, ['grace', 'ada']);
  await stack.putIdentity('grace', { ...person('Grace Hopper'), status: 'suspended' });
  await page.getByLabel('Status').selectOption('suspended');
  await shows(operator, ['grace']);
  await search('lovelace', []);
  await page.getByLabel('Status').selectOption('active');
  await shows(operator, ['ada']);
  await look(operator, 'identities-found');
});

operate('a person has a page with jobs, passkeys and a timeline', async (operator) => {
  const { page } = operator;
  await enrol();
  await stack.createJob({ delivery_method: 'EMAIL' });
  await enter(operator, '/identities/ada');
  await heading(operator, 'Ada Lovelace');
  await page.locator('.credential').getByText('Active').waitFor();
  assert.equal(await page.locator('[data-job]').count(), 2);
  const moments = async () => (await page.locator('.timeline li').evaluateAll((items) => items.map((item) => item.querySelector('span').firstChild.textContent)));
  assert.deepEqual(new Set(await moments()), new Set(['Link sent', 'Passkey created', 'Complete', 'Request delivered', 'Link opened', 'Identity created']));
  assert.equal((await moments()).at(-1), 'Identity created');
  await look(operator, 'person');

  // A suspended identity gets no job until it is active again.
  await page.getByRole('button', { name: 'Suspend' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
  await page.locator('.facts').getByText('Suspended').waitFor();
  assert.equal((await stack.getIdentity('ada')).status, 'suspended');
  assert.equal(await page.getByRole('link', { name: 'New job' }).count(), 0);
  await look(operator, 'person-suspended');
  await page.getByRole('button', { name: 'Reactivate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reactivate' }).click();
  await page.getByRole('link', { name: 'New job' }).waitFor();
  assert.equal((await stack.getIdentity('ada')).status, 'active');

  // Erasing requires a confirmation.
  await page.getByRole('button', { name: 'Erase' }).click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Erase' });
  assert.equal(await confirm.isDisabled(), true);
  await page.getByLabel('Type ada to confirm').fill('ada');
  await look(operator, 'person-erase');
  await confirm.click();
  await page.waitForURL(at('/identities'));
  await page.getByRole('heading', { name: 'No identities yet' }).waitFor();
  await assert.rejects(stack.getIdentity('ada'), /404/);
});

operate('a list of identities is paged to its end and back', async (operator) => {
  const { page } = operator;
  const all = ['ada'];
  for (let number = 0; number < 44; number += 1) {
    const id = `p${String(number).padStart(2, '0')}`;
    await stack.putIdentity(id, person(`Person ${id}`, { primary_email_address: `${id}@example.com` }));
    all.unshift(id);
  }
  await enter(operator, '/identities');
  await shows(operator, all.slice(0, 20));
  await look(operator, 'identities');
  const turn = (name) => page.getByRole('button', { name }).click();
  await turn('Older');
  await shows(operator, all.slice(20, 40));
  await turn('Older');
  await shows(operator, all.slice(40));
  assert.equal(await page.getByRole('button', { name: 'Older' }).isDisabled(), true);
  // A reload stays on the page, and the browser's own Back works like the page's.
  await page.reload();
  await shows(operator, all.slice(40));
  await page.goBack();
  await shows(operator, all.slice(20, 40));
  await turn('Newer');
  await shows(operator, all.slice(0, 20));
  assert.equal(await page.getByRole('button', { name: 'Newer' }).isDisabled(), true);
});

operate('leaving with unsaved edits asks for confirmation', async (operator) => {
  const { page } = operator;
  await enter(operator, '/identities/ada/edit');
  const questions = [];
  let answer = 'dismiss';
  page.on('dialog', (dialog) => {
    questions.push(dialog.type());
    return dialog[answer]();
  });
  await page.getByLabel('User name').fill('countess');
  await page.getByRole('link', { name: 'Jobs' }).click();
  await until('it was asked', () => questions.length === 1);
  assert.equal(page.url(), at('/identities/ada/edit'));
  assert.equal(await page.getByLabel('User name').inputValue(), 'countess');
  answer = 'accept';
  await page.getByRole('link', { name: 'Jobs' }).click();
  await heading(operator, 'Jobs');
  assert.deepEqual(questions, ['confirm', 'confirm']);
  assert.equal((await stack.getIdentity('ada')).traits.username, 'ada');
});

operate('a read-only token sees which scope each button needs', async (operator) => {
  const { page } = operator;
  await enter(operator, '/identities/ada', 'read');
  await heading(operator, 'Ada Lovelace');
  for (const [name, scope] of [['New job', 'credential-binding-jobs:create'], ['Edit', 'identities:update'], ['Suspend', 'identities:update'], ['Erase', 'identities:delete']]) {
    const button = page.getByRole('button', { name });
    assert.equal(await button.isDisabled(), true, name);
    const reason = await button.evaluate((button) => document.getElementById(button.getAttribute('aria-describedby')).textContent);
    assert.equal(reason, `Your access token needs ${scope}`);
  }
  await look(operator, 'person-read-only');
  await page.goto(at('/identities'));
  await settled(operator);
  assert.equal(await page.getByRole('button', { name: 'New identity' }).isDisabled(), true);
});
