// The hosted page is quick and stands still: what it loads, and what moves after it has been shown.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIMIT } from './stack.mjs';
import { arrive, stack } from './visit.mjs';

// Of Web Vitals, 0.1 is good.
const SHIFT = 0.01;
// What the page needs before it can be used: itself, and one answer.
const REQUESTS = ['/bind', ':preview'];
const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="48"><rect width="240" height="48" fill="#3a4fd0"/></svg>';

for (const [name, viewport] of [['a phone', { width: 390, height: 844 }], ['a desk', { width: 1280, height: 800 }]]) {
  for (const logo of [undefined, 'https://logo.example/logo.svg']) {
    const title = `nothing moves on ${name}${logo ? ', with a logo' : ''}, and the page is ready after one answer`;
    test(title, { timeout: LIMIT }, async () => {
      await stack.reset();
      const created = await stack.createJob({ delivery_method: 'RETURN' });
      const visitor = await arrive({ viewport });
      const { page } = visitor;
      const requests = [];
      page.on('request', (request) => {
        if (request.url().startsWith(stack.base)) requests.push(new URL(request.url()).pathname);
      });
      await page.route('https://logo.example/**', (route) => route.fulfill({ contentType: 'image/svg+xml', body: LOGO }));
      // Late enough for the page to be painted before.
      await page.route('**/*:preview', async (route) => {
        const answer = await route.fetch();
        const preview = await answer.json();
        if (logo) preview.theme.logo_url_light = logo;
        await new Promise((resolve) => { setTimeout(resolve, 400); });
        await route.fulfill({ response: answer, json: preview });
      });
      await page.addInitScript(() => {
        globalThis.shifts = [];
        new PerformanceObserver((list) => {
          for (const { value, sources } of list.getEntries()) {
            globalThis.shifts.push({ value, moved: sources.map(({ node }) => node?.id || node?.className?.baseVal || node?.nodeName) });
          }
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await visitor.open(created.credential_binding_link);
      await page.waitForTimeout(500);
      const shifts = await page.evaluate(() => globalThis.shifts);
      const sum = shifts.reduce((total, { value }) => total + value, 0);
      assert.ok(sum < SHIFT, `a layout shift of ${sum}: ${JSON.stringify(shifts)}`);
      assert.equal(requests.length, REQUESTS.length, requests.join(', '));
      REQUESTS.forEach((path, index) => assert.ok(requests[index].endsWith(path), requests[index]));
      assert.deepEqual(visitor.problems, []);
      await visitor.leave();
    });
  }
}
