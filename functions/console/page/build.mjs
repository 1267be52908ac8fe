// Builds the files that the function embeds: dist/index.html, dist/assets/console.js and console.css. They are
// committed, so that cargo needs no Node.js. With `--check`, writes nothing and fails if the committed files differ
// from the build.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from 'vite';

const LARGEST = 120 * 1024; // bytes, compressed, in all
const path = (from) => fileURLToPath(new URL(from, import.meta.url));
const check = process.argv.includes('--check');

const { output } = await build({
  root: path('.'),
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    write: false,
    target: 'es2022',
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: path('src/main.tsx'),
      output: { entryFileNames: 'assets/console.js', assetFileNames: 'assets/console[extname]', codeSplitting: false },
    },
  },
});

const made = new Map([['index.html', await readFile(path('index.html'))]]);
for (const { fileName, code, source } of output) made.set(fileName, Buffer.from(code ?? source));
const expected = ['assets/console.css', 'assets/console.js', 'index.html'];
if ([...made.keys()].sort().join() !== expected.join()) throw new Error(`built ${[...made.keys()]}, expected ${expected}`);

let total = 0;
for (const [name, content] of made) {
  const file = path(`dist/${name}`);
  total += gzipSync(content).length;
  if (!check) {
    await mkdir(path('dist/assets'), { recursive: true });
    await writeFile(file, content);
  } else if (!content.equals(await readFile(file).catch(() => Buffer.alloc(0)))) {
    console.error(`dist/${name} is not what its sources make: run npm --prefix functions/console/page run build, and commit it`);
    process.exitCode = 1;
  }
}
console.log(`the console: ${total} bytes compressed, ${LARGEST} at most`);
if (total > LARGEST) process.exitCode = 1;
