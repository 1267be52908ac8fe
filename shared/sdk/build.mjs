// Builds what Rust embeds: the SDK and the script of the hosted page. Both are committed, so that cargo needs no
// Node.js. With `--check`, writes nothing and says whether what is committed is what the sources make.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const path = (from) => fileURLToPath(new URL(from, import.meta.url));
const OUTPUTS = {
  'dist/index.js': 'src/index.ts',
  '../../functions/open-link/page/page.js': '../../functions/open-link/page/src/main.ts',
};
const check = process.argv.includes('--check');

for (const [output, source] of Object.entries(OUTPUTS)) {
  const file = path(output);
  const { outputFiles: [made] } = await build({
    entryPoints: [path(source)],
    outfile: file,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
    absWorkingDir: path('.'),
    logLevel: 'warning',
  });
  const name = relative(path('../..'), file);
  if (!check) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, made.contents);
    console.log(`${name}: ${made.contents.length} bytes`);
  } else if (!Buffer.from(made.contents).equals(await readFile(file).catch(() => Buffer.alloc(0)))) {
    console.error(`${name} is not what its sources make: run npm --prefix shared/sdk run build, and commit it`);
    process.exitCode = 1;
  }
}
