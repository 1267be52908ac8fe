import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { LANGUAGES } from '../messages.mjs';

const KB = 1024;

// Enrolment and signing in are loaded by different pages.
test.each([['index.js', 4], ['sign-in.js', 3]])('the SDK is small: %s', async (name, budget) => {
  const script = await readFile(new URL(`../dist/${name}`, import.meta.url));
  expect(gzipSync(script, { level: 9 }).length).toBeLessThan(budget * KB);
});

// The files that every visitor loads, in each language; the others are loaded on demand.
test.each(LANGUAGES)('the hosted page is small: %s', async (language) => {
  const part = (name: string) => readFile(new URL(`../../../functions/open-link/page/${name}`, import.meta.url));
  const parts = await Promise.all(['page.html', 'page.css', 'page.js'].map(part));
  const groups = (await part(`words/${language}.txt`)).toString().split('\n\n');
  parts.push(Buffer.from(groups.slice(0, -2).join('\n\n')));
  expect(gzipSync(Buffer.concat(parts), { level: 9 }).length).toBeLessThan(14 * KB);
});

test('the SDK depends on nothing', async () => {
  const read = async (name: string) => JSON.parse(await readFile(new URL(`../${name}`, import.meta.url), 'utf8'));
  expect((await read('package.json')).dependencies).toBeUndefined();
  const { packages } = await read('package-lock.json');
  const sources = Object.values<{ resolved?: string }>(packages).flatMap(({ resolved }) => resolved ?? []);
  expect(sources.filter((url) => !url.startsWith('https://registry.npmjs.org/'))).toEqual([]);
});
