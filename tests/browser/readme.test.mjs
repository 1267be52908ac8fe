// The commands in README.md work unchanged, except for the address of the stack and the folder of the program.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { LIMIT, PATIENCE, Stack } from './stack.mjs';

const README = new URL('../../README.md', import.meta.url);
const BINDCTL = new URL('../../target/debug/bindctl', import.meta.url).pathname;
const BLOCK = /^```sh\n(.*?)^```$/gms;
const SAID_AT_THE_END = 'end of block';

test("the README's quick start", { timeout: LIMIT }, async () => {
  const blocks = await blocksOf('quick start');
  const outputs = await withStack((stack) => paste(stack, blocks));
  const creates = blocks.findIndex((block) => /credential-binding-jobs["'\s\\]/.test(block) && /delivery_method/.test(block));
  assert.notEqual(creates, -1, 'no block of the quick start creates a job');
  assert.match(outputs[creates], /LINK_SENT/, `the block that creates a job:\n${blocks[creates]}`);
});

test("the README's commands of bindctl", { timeout: LIMIT }, async () => {
  const [output] = await withStack(async (stack) => paste(stack, await blocksOf('bindctl')));
  for (const expected of [/grace@example\.com/, /IDENTITY +STATE/, /Credential Binding Job State Change +LINK_SENT +grace/]) {
    assert.match(output, expected);
  }
});

async function withStack(use) {
  const stack = await Stack.start();
  try {
    return await use(stack);
  } finally {
    await stack.stop();
  }
}

// The shell blocks of a section between two comments of that name.
async function blocksOf(section) {
  const readme = await readFile(README, 'utf8').catch(() => assert.fail('README.md does not exist'));
  const [, text] = readme.match(new RegExp(`<!-- ${section} -->(.*?)<!-- /${section} -->`, 's')) ?? [];
  assert.ok(text, `README.md has nothing between <!-- ${section} --> and <!-- /${section} -->`);
  const blocks = [...text.matchAll(BLOCK)].map(([, block]) => block);
  assert.ok(blocks.length > 0, `the section ${section} of README.md has no \`\`\`sh block`);
  return blocks;
}

// Runs the blocks in one shell, in a temporary folder, and returns their outputs. A command that fails fails the test.
async function paste(stack, blocks) {
  const here = (block) => block.replaceAll('http://localhost:3000', stack.base).replaceAll('cargo bindctl', BINDCTL);
  const script = blocks.map(here).map((block) => `${block}\necho '${SAID_AT_THE_END}'\n`).join('');
  const folder = await mkdtemp(join(tmpdir(), 'quick-start-'));
  try {
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: folder,
      timeout: PATIENCE,
      env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: '', BINDCTL_URL: stack.base },
    });
    return stdout.split(SAID_AT_THE_END);
  } catch ({ stdout, stderr }) {
    const failed = blocks[stdout.split(SAID_AT_THE_END).length - 1];
    assert.fail(`a block failed:\n${failed}\n${stdout}${stderr}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
