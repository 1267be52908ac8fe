// An operator at the console of a separate stack.

import assert from 'node:assert/strict';

import { arrive, stack, visit } from './visit.mjs';

export { stack, visit as operate };

export const at = (page = '') => `${stack.base}/console/demo/demo${page}`;

// Opens a page of the console and signs in on the way, with all scopes, read only, or these scopes.
export async function enter({ page }, where = '', access = 'all', scopes = '') {
  await page.goto(at(where));
  await page.locator('#sign-in').click();
  await page.waitForURL(`${stack.base}/oauth2/authorize?**`);
  if (scopes) {
    await page.locator('summary').click();
    await page.locator('#these').fill(scopes);
  }
  await page.locator(`#${scopes ? 'chosen' : access}`).click();
  await page.waitForURL(at(where));
  await heading({ page });
}

export const heading = ({ page }, name) => page.getByRole('heading', { level: 1, ...(name && { name }) }).waitFor();
export const state = ({ page }, name) => page.locator(`.progress[data-state="${name}"]`).waitFor();

// Waits for the lists and images that a page loads.
export const settled = ({ page }) => page.waitForFunction(() => !document.querySelector('main .loading'));

// Takes screenshots of the page and checks it with axe, on a wide screen too, and then continues on a desktop screen.
export async function look(operator, name) {
  await settled(operator);
  await operator.inspect(`console-${name}`, [390, 1280, 1920]);
  await operator.page.setViewportSize({ width: 1280, height: 800 });
}

export async function visitLink(link, steps) {
  const user = await arrive();
  try {
    await steps(user, link);
    assert.deepEqual(user.problems, []);
  } finally {
    await user.leave();
  }
}

export async function enrol(identity = 'ada') {
  const { credential_binding_link: link } = await stack.createJob({ delivery_method: 'RETURN' }, identity);
  await visitLink(link, async (user) => {
    await user.open(link);
    await user.click('create');
    await user.sees('done');
  });
}
