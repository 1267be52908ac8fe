// The API reference: a start page with all operations, and the viewer that shows one of them.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

import { stack, visit } from './visit.mjs';

const WIDTHS = [390, 1280, 1920];

// A test that also fails if the browser sends a request to another server.
function read(name, steps) {
  visit(name, async (visitor, page) => {
    const requested = [];
    page.on('request', (request) => requested.push(request.url()));
    await steps(visitor, page);
    assert.deepEqual(requested.filter((url) => !url.startsWith(stack.base) && !url.startsWith('data:')), []);
    assert.deepEqual(visitor.failedLoads, []);
  });
}

const operations = async () => {
  const { paths } = await (await fetch(`${stack.base}/openapi.json`)).json();
  return Object.values(paths).flatMap((methods) => Object.values(methods)).filter(({ operationId }) => operationId);
};

read('the start page lists all operations and finds them', async (visitor, page) => {
  await page.goto(`${stack.base}/docs`);
  const rows = page.locator('#groups li');
  await rows.first().waitFor();
  assert.equal(await rows.count(), (await operations()).length);
  await visitor.inspect('docs-start', WIDTHS);
  await page.getByLabel('Find an operation').fill('revoke job');
  await page.getByText('1 operation').waitFor();
  assert.equal(await page.locator('#groups li:visible').count(), 1);
});

read('the commands of the start page work', async (visitor, page) => {
  await page.goto(`${stack.base}/docs`);
  await page.locator('#job-command:not(:empty)').waitFor();
  const command = (id) => page.locator(`#${id}`).textContent();
  const run = (script, env = {}) => JSON.parse(execFileSync('bash', ['-euc', script], { env: { ...process.env, ...env } }));
  const { access_token: TOKEN } = run(await command('token-command'));
  const { credential_binding_link: link } = run(await command('job-command'), { TOKEN });
  assert.match(link, /\/bind#/);
});

read('an operation, on a phone too, and back', async (visitor, page) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const summary of ['Create a job', 'Change a realm (JSON Merge Patch)', 'Read a job, or wait for a state']) {
    await page.goto(`${stack.base}/docs`);
    await page.locator('#groups').getByRole('link', { name: summary }).click();
    const heading = page.locator(`h2:has-text("${summary}") >> visible=true`);
    await heading.waitFor();
    // The page does not scroll sideways.
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await visitor.inspect(`docs-${summary.toLowerCase().replaceAll(/\W+/g, '-')}`, WIDTHS);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('link', { name: 'All operations' }).click();
    await page.waitForURL(`${stack.base}/docs#operations-heading`);
  }
});
