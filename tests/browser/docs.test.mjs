// The API's description, to read and to try at /docs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, Visitor } from './browser.mjs';
import { LIMIT, Stack } from './stack.mjs';

let stack;
let browser;

before(async () => {
  [stack, browser] = await Promise.all([Stack.start(), launch()]);
});

after(async () => {
  await Promise.allSettled([browser?.close(), stack?.stop()]);
});

test('the description is shown, and nobody else is asked for anything', { timeout: LIMIT }, async () => {
  const visitor = await Visitor.arrive(browser);
  try {
    const asked = [];
    visitor.page.on('request', (request) => asked.push(request.url()));
    for (const [width, height] of [[1280, 800], [390, 844]]) {
      await visitor.page.setViewportSize({ width, height });
      for (const colorScheme of ['light', 'dark']) {
        await visitor.page.emulateMedia({ colorScheme });
        await visitor.page.goto(`${stack.base}/docs`);
        await visitor.page.locator('text=Create a job >> visible=true').first().waitFor();
        await visitor.shoot(`docs-${width}-${colorScheme}`);
      }
    }
    assert.deepEqual(asked.filter((url) => !url.startsWith(stack.base) && !url.startsWith('data:')), []);
    assert.deepEqual(visitor.problems, []);
    assert.deepEqual(visitor.failedLoads, []);
  } finally {
    await visitor.leave();
  }
});
