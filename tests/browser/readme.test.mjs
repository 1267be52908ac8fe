// What the README's reader pastes works as it stands.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { Stack } from './stack.mjs';

const README = new URL('../../README.md', import.meta.url);
const SECTION = /<!-- quick start -->(.*?)<!-- \/quick start -->/s;
const BLOCK = /^```sh\n(.*?)^```$/gms;
const SAID_AT_THE_END = 'end of block';

test("the README's quick start", { timeout: 60_000 }, async () => {
  const readme = await readFile(README, 'utf8').catch(() => assert.fail('there is no README.md'));
  const section = readme.match(SECTION)?.[1];
  assert.ok(section, 'README.md has nothing between <!-- quick start --> and <!-- /quick start -->');
  const blocks = [...section.matchAll(BLOCK)].map(([, block]) => block);
  assert.ok(blocks.length > 0, 'the quick start of README.md has no ```sh block');

  const stack = await Stack.start();
  try {
    const outputs = await paste(blocks.map((block) => block.replaceAll('http://localhost:3000', stack.base)));
    const creates = blocks.findIndex((block) => /credential-binding-jobs["'\s\\]/.test(block) && /delivery_method/.test(block));
    assert.notEqual(creates, -1, 'no block of the quick start creates a job');
    assert.match(outputs[creates], /LINK_SENT/, `the block that creates a job:\n${blocks[creates]}`);
  } finally {
    await stack.stop();
  }
});

// Runs the blocks in one shell, as its user would, in a folder where they may leave files. Their outputs; a command
// that fails is a failure of the test.
async function paste(blocks) {
  const script = blocks.map((block) => `${block}\necho '${SAID_AT_THE_END}'\n`).join('');
  const folder = await mkdtemp(join(tmpdir(), 'quick-start-'));
  try {
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, timeout: 30_000 });
    return stdout.split(SAID_AT_THE_END);
  } catch ({ stdout, stderr }) {
    const failed = blocks[stdout.split(SAID_AT_THE_END).length - 1];
    assert.fail(`a block of the quick start failed:\n${failed}\n${stdout}${stderr}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
