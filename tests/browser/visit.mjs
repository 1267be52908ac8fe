// A stack and a browser for the tests of one file, and tests with a visitor.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, Visitor } from './browser.mjs';
import { LIMIT, Stack } from './stack.mjs';

export let stack;
let browser;

before(async () => {
  [stack, browser] = await Promise.all([Stack.start(), launch()]);
});

after(async () => {
  await Promise.allSettled([browser?.close(), stack?.stop()]);
});

export const arrive = (options) => Visitor.arrive(browser, options);

// A test with a fresh stack and a visitor. It fails if the browser reported an error.
export function visit(name, steps, { timeout = LIMIT, ...options } = {}) {
  test(name, { timeout }, async () => {
    await stack.reset();
    const visitor = await arrive(options);
    try {
      await steps(visitor, visitor.page);
      assert.deepEqual(visitor.problems, []);
    } catch (error) {
      await visitor.shoot(`failed-${name.replaceAll(/\W+/g, '-')}`).catch(() => {});
      throw error;
    } finally {
      await visitor.leave();
    }
  });
}
